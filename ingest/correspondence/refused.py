"""Letters that say why a mail was not taken."""

from __future__ import annotations

from ingest.correspondence.letter import Case, Filled, Unsent


def too_large(case: Case) -> Filled | Unsent:
    """How much may be sent, in whole megabytes."""
    return Filled(values={"megabytes": max(1, case.settings.mailbox.max_bytes // 1_000_000)})
