"""Letters to whoever wrote."""
