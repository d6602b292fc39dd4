"""Servers that tests talk to: a private Dovecot, and an IMAP server that misbehaves on demand."""
