"""Small mails that cost much, sent through a real worker: `python -m tests.bombs` prints what each one cost."""
