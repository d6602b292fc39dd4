"""What the operator sees of a wall that runs: a health file, metrics, one line a mail. Never who wrote, nor what."""
