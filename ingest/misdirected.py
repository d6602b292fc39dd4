"""Mails that were meant for somebody else, a lawyer say: what of one `ingest.body.astray` looks at, and what is left.

Pure. Called where text and files are known and nothing was masked yet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.body import astray
from ingest.body.drafting import Drafted
from ingest.media import Remade
from ingest.model import Attachment, Contribution, Outcome, Quarantine

ASTRAY = "astray"
"""The reason of such a mail; among the words that are noticed of one, that somebody says it is none."""
_PAPER = re.compile(r"\.(?:pdf|jpe?g|png|heic|heif|webp|tiff?|gif|docx?|odt)$", re.IGNORECASE)


def gone_astray(contribution: Contribution, drafted: Drafted, files: Remade) -> str:
    """Which kind of paper it is that the wall should never have got; empty for none."""
    texts = {leaflet.name: leaflet.text for leaflet in files.leaflets}
    named = {file.original_name: texts.get(file.name, "") for file in files.media}
    inner = contribution.attached
    seen = astray.Seen(
        subject=contribution.subject,
        text="\n".join((drafted.own, inner.subject if inner else "", (inner.plain or "") if inner else "")),
        files=tuple(
            astray.File(name=file.name, text=named.get(file.name, ""))
            for file in all_attachments(contribution)
            if _PAPER.search(file.name) or file.declared_type.startswith("image/")
        ),
    )
    return astray.look(seen)


def all_attachments(contribution: Contribution) -> Iterator[Attachment]:
    """Those of a mail, then those of the mail that it forwards."""
    yield from contribution.attachments
    if contribution.attached:
        yield from all_attachments(contribution.attached)


def unspoken(contribution: Contribution, outcome: Outcome) -> Contribution:
    """Of what was meant for somebody else, whoever moderates reads which kind of thing it is, and no title."""
    if not isinstance(outcome, Quarantine):
        return contribution
    return replace(contribution, subject="", warnings=(f"{ASTRAY}-{outcome.kind}",))
