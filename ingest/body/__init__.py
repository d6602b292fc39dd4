"""Contribution -> the text of its draft, and what was removed from it and why."""
