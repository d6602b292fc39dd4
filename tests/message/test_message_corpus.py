"""Mail that the project did not write: read whole, without a letter lost. The folder is named by `MUR_CORPUS`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.errors import BadMessage
from ingest.message import read
from ingest.settings import Limits

CORPUS = os.environ.get("MUR_CORPUS", "")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS, reason="MUR_CORPUS names no folder of mails"),
]


def test_nearly_every_mail_is_read_and_keeps_its_letters() -> None:
    """At most one in two hundred is no mail, and at most one in two hundred has a letter that nobody can read."""
    unread, unclear, total = [], [], 0
    for path in sorted(Path(CORPUS).rglob("*.eml")):
        total += 1
        try:
            mail = read(path.read_bytes(), limits=Limits())
        except BadMessage as error:
            unread.append((path.name, error.reason))
            continue
        if "\ufffd" in mail.subject + (mail.plain or "") + (mail.html or ""):
            unclear.append(path.name)
    assert total
    assert len(unread) * 200 <= total, unread
    assert len(unclear) * 200 <= total, unclear
