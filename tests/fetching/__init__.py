"""Asking a stranger's server, here a real HTTPS one on this machine."""
