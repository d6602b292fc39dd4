"""The mailbox, over IMAP: connect, log in, read what is new, file it away, wait for more.

This folder alone imports imapclient. Nothing is decided here: a mail is bytes, and what becomes of it is said
elsewhere.
"""

from ingest.mailbox.mailbox import Fetched, Mailbox
from ingest.mailbox.removing import Sought, remove

__all__ = ["Fetched", "Mailbox", "Sought", "remove"]
