"""Campaigns passed on: what one is, and what state it is in."""
