"""What those who wrote to the wall write back: requests that act, and what only a moderator may see to.

an answer -> authority: is it whose it must be? -> asking: what is asked? -> plans: done at once
anything else -> addressed: a request for moderators, a reaction to a post, or a contribution like any other
"""

from __future__ import annotations

from ingest.correspondence.contributing.authority import LETTERS
from ingest.correspondence.contributing.plans import handle

__all__ = ["LETTERS", "handle"]
