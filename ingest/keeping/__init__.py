"""Keeping and forgetting: erase, export, tidy, backup, restore. Each is read top to bottom; the store does the work."""
