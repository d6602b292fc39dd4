"""What is on disk and in the database. Documents are files, everything else is rows; each thing in one place only."""

from ingest.store.ageing import ALL, RAW
from ingest.store.arriving import Taken, Taking
from ingest.store.facts import Facts, Piece, digest_of
from ingest.store.forgetting import Erasure, sender_of
from ingest.store.letters import Letter, Policy
from ingest.store.projection import Accepted, ArticleFile, Published
from ingest.store.rows import BY_ITSELF, POSSIBLE_DUPLICATE, SET_ASIDE, Entry, Line, Row
from ingest.store.store import Store

__all__ = [
    "ALL",
    "BY_ITSELF",
    "POSSIBLE_DUPLICATE",
    "RAW",
    "SET_ASIDE",
    "Accepted",
    "ArticleFile",
    "Entry",
    "Erasure",
    "Facts",
    "Letter",
    "Line",
    "Piece",
    "Policy",
    "Published",
    "Row",
    "Store",
    "Taken",
    "Taking",
    "digest_of",
    "sender_of",
]
