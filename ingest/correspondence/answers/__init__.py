"""What an answer to one of our letters says: which letter it answers, what is its sender's own, what that means. Pure.

    Contribution -> own: the sender's words, without quotes, signatures and our own letter -> reading: a `Reply`
                 -> carriers: the codes and Message-IDs by which our letter is known again

Words are data (`phrases/<language>.toml`). What is not surely understood is `UNCLEAR` and does nothing.
"""

from __future__ import annotations

from ingest.correspondence.answers.carriers import CODE, Carried, carried
from ingest.correspondence.answers.reading import Reply, Says, read
from ingest.correspondence.answers.words import Phrases, phrases

__all__ = ["CODE", "Carried", "Phrases", "Reply", "Says", "carried", "phrases", "read"]
