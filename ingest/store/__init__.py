"""What is on disk and in the database. Documents are files, everything else is rows; each thing in one place only."""

from ingest.aside import aside

with aside(("asyncio", "importlib.metadata")):  # a tenth of the start of SQLAlchemy (2.0), which we use without them
    import sqlalchemy.dialects.sqlite as _sqlite  # noqa: F401

from ingest.store.ageing import ALL, RAW
from ingest.store.agreements import REVOKE, agreement
from ingest.store.arriving import Arrived, Taken, Taking
from ingest.store.attempts import TRIES, Attempts
from ingest.store.blocking import Blocked
from ingest.store.facts import Facts, Piece, digest_of, sender_of
from ingest.store.floods import CHANNEL, Crowd
from ingest.store.forgetting import BY_AUTHOR, ERASED, Erasure
from ingest.store.letters import Letter, Policy
from ingest.store.likeness import SAME, Alike
from ingest.store.projection import Accepted, ArticleFile, Published
from ingest.store.reading import Which
from ingest.store.rows import (
    AGREE,
    APART,
    ASTRAY,
    BLOCKED,
    BY_ITSELF,
    NEAR_DUPLICATE,
    POSSIBLE_DUPLICATE,
    SET_ASIDE,
    Entry,
    Line,
    Row,
)
from ingest.store.search import Found, Hit, Tag
from ingest.store.sessions import Session
from ingest.store.store import Store

__all__ = [
    "AGREE",
    "ALL",
    "APART",
    "ASTRAY",
    "BLOCKED",
    "BY_AUTHOR",
    "BY_ITSELF",
    "CHANNEL",
    "ERASED",
    "NEAR_DUPLICATE",
    "POSSIBLE_DUPLICATE",
    "RAW",
    "REVOKE",
    "SAME",
    "SET_ASIDE",
    "TRIES",
    "Accepted",
    "Alike",
    "Arrived",
    "ArticleFile",
    "Attempts",
    "Blocked",
    "Crowd",
    "Entry",
    "Erasure",
    "Facts",
    "Found",
    "Hit",
    "Letter",
    "Line",
    "Piece",
    "Policy",
    "Published",
    "Row",
    "Session",
    "Store",
    "Tag",
    "Taken",
    "Taking",
    "Which",
    "agreement",
    "digest_of",
    "sender_of",
]
