"""Our theme beside others, the same posts in one run: `python -m tests.theme.beside`."""
