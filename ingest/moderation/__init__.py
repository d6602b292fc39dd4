"""Draft -> Decision: the queue, claims, corrections, and `decide`, the one function that every channel calls."""

from ingest.moderation.agreeing import second_voice
from ingest.moderation.claims import release, take
from ingest.moderation.decide import Decision, decide, outcome, waits_for_second
from ingest.moderation.edit import edit, keep
from ingest.moderation.persons import person
from ingest.moderation.queue import Item, earlier, item, queue, set_aside
from ingest.store import agreement

__all__ = [
    "Decision",
    "Item",
    "agreement",
    "decide",
    "earlier",
    "edit",
    "item",
    "keep",
    "outcome",
    "person",
    "queue",
    "release",
    "second_voice",
    "set_aside",
    "take",
    "waits_for_second",
]
