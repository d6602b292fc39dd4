"""Everything between a mail arriving and a file appearing in `content/`, in the order a mail meets it."""
