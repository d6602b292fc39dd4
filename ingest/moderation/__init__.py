"""Draft -> Decision: the queue, claims, corrections, and `decide`, the one function that every channel calls."""

from ingest.moderation.claims import release, take
from ingest.moderation.decide import Decision, decide
from ingest.moderation.edit import edit, keep
from ingest.moderation.queue import Item, item, queue, set_aside

__all__ = ["Decision", "Item", "decide", "edit", "item", "keep", "queue", "release", "set_aside", "take"]
