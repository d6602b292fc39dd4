"""What runs a wall on a machine."""
