"""What was accepted -> `content/` -> a site built by Pelican -> swapped in."""
