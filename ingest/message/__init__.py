"""Bytes to `Contribution`: the MIME tree, charsets, header fields, who is vouched for, and what is no contribution.

Alone uses mailparser, authres and tnefparse. `rules` says what is refused and why the rest is held.
"""

from __future__ import annotations

from ingest.message.reading import REMEMBERED, identify, read, subject
from ingest.message.rules import reasons, refusal

__all__ = ["REMEMBERED", "identify", "read", "reasons", "refusal", "subject"]
