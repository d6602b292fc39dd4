"""Campaigns passed on, as a site shows them: their pages, their data, their feeds, their posters."""
