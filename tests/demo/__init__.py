"""The demonstration, as a whole."""
