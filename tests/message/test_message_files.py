"""Mails in the shapes that clients send, each beside what must be read of it.

A new case is an `.eml` file; `python -m tests.message.test_message_files` writes the `.json` files, and the
difference is read.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.message import identify, read
from ingest.settings import Limits
from tests.message.portraits import portrait

MAILS = sorted((Path(__file__).parent / "eml").glob("*.eml"))


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_reads_as_its_file_says(path: Path) -> None:
    """Subject, sender, texts, attachments and warnings are those that the file beside it names."""
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert portrait(read(path.read_bytes(), limits=Limits())) == expected


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_line_ends_do_not_matter(path: Path) -> None:
    """The same mail with LF for CRLF, as a Maildir keeps it, reads the same."""
    raw = path.read_bytes()
    unix = portrait(read(raw.replace(b"\r\n", b"\n"), limits=Limits()))
    whole = portrait(read(raw, limits=Limits()))
    for one in (unix, whole):
        one["attachments"] = [item[:4] for item in one["attachments"] if item[1] != "message/rfc822"]
    assert unix == whole


def test_the_identity_of_a_mail_is_the_hash_of_its_bytes() -> None:
    """Same bytes, same id; the id is the beginning of the digest."""
    raw = MAILS[0].read_bytes()
    mail = read(raw, limits=Limits())
    assert (mail.id, mail.sha256) == identify(raw)
    assert mail.sha256.startswith(mail.id)
    assert len(mail.id) == 16
    assert identify(raw + b" ") != identify(raw)


if __name__ == "__main__":
    for mail_path in MAILS:
        text = json.dumps(portrait(read(mail_path.read_bytes(), limits=Limits())), ensure_ascii=False, indent=1)
        mail_path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
