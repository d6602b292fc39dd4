"""Mails in the shapes that clients send in France, each beside what it must become: `tests/messages/`.

A new case is an `.eml` file; `make golden` writes the `.md` beside it, which is read before it is kept.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from ingest import message
from ingest.body.losses import missing
from ingest.conversion import convert
from ingest.errors import BadMessage
from ingest.model import Contribution, Converted
from ingest.publication.article import document, one_line
from tests.messages.golden import MAILS, NOW, SETTINGS, WALL, portrait

ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(r"(?<![\d/])(?:\+33[ .-]?|0)[1-9](?:[ .-]?\d\d){4}(?!\d)")
WEB = re.compile(r"https?://\S+")
TAGS = re.compile(r"<[^<>]*>")
UNSEEN = re.compile(r"<(style|script|title|xml)\b.*?</\1\s*>|<!--.*?-->|<!\[[^>]*\]>", re.IGNORECASE | re.DOTALL)
LINES = re.compile(r"</?(?:p|div|br|li|ul|ol|tr|td|th|table|h\d|blockquote|pre|hr)\b[^<>]*>", re.IGNORECASE)
PLACED = re.compile("\ufffc<[^<>]*>")


def by_name(path: Path) -> str:
    """What pytest calls a case."""
    return path.stem


@pytest.mark.parametrize("path", MAILS, ids=by_name)
def test_a_mail_becomes_what_stands_beside_it(path: Path) -> None:
    """Outcome, draft, what was removed and why, files, credit of a forward and warnings."""
    assert portrait(path.read_bytes()) == path.with_suffix(".md").read_text(encoding="utf-8")


@cache
def _drafted(path: Path) -> tuple[Contribution, Converted] | None:
    found = convert(path.read_bytes(), settings=SETTINGS, now=NOW)
    if not isinstance(found.outcome, Converted):
        return None
    assert found.contribution is not None
    return found.contribution, found.outcome


@pytest.mark.parametrize("path", MAILS, ids=by_name)
def test_nothing_is_lost(path: Path) -> None:
    """Each sentence stands in the draft or in what was removed: in the program's own check, and in one that asks the
    mail's parts themselves, without anything that the program read of their markup.
    """
    found = _drafted(path)
    if found is None:
        return
    mail, draft = found
    assert "to-reread" not in draft.warnings
    told = [*(piece.text for piece in draft.removed), mail.subject, draft.draft.title, *draft.draft.tags]
    lost = [sentence for text in _shown(mail) for sentence in missing(text, draft.text, told)]
    assert not [sentence for sentence in lost if len(sentence) > len("a")]  # Word types the letters of its lists


def _shown(mail: Contribution) -> Iterator[str]:
    """What a reader sees of a mail: of its HTML, else of its text, and of what is attached to it."""
    markup = LINES.sub("\n", UNSEEN.sub(" ", mail.html or ""))
    yield html.unescape(TAGS.sub("", markup)) if mail.html else PLACED.sub("", mail.plain or "")
    if mail.attached:
        yield from _shown(mail.attached)


@pytest.mark.parametrize("path", MAILS, ids=by_name)
def test_nobody_is_named(path: Path) -> None:
    """No address and no telephone of the mail, of its sender or of anybody else, stands in the draft."""
    found = _drafted(path)
    if found is None:
        return
    mail, outcome = found
    draft = document(outcome.draft)
    planted = set(_planted(mail)) - {WALL.address}
    assert planted
    assert not [canary for canary in planted if canary in draft]
    shown = outcome.draft.title + outcome.draft.byline + WEB.sub("", outcome.draft.body)
    assert set(ADDRESS.findall(shown)) <= {WALL.address}
    assert not PHONE.findall(shown)


def _planted(mail: Contribution) -> Iterator[str]:
    """Every mailbox and telephone number that stands in a mail, in its header or in its texts."""
    for person in (mail.sender, *mail.recipients):
        if person:
            yield person.address
    for text in (mail.plain or "", WEB.sub("", TAGS.sub("", mail.html or ""))):
        yield from ADDRESS.findall(text)
        yield from PHONE.findall(text)
    if mail.attached:
        yield from _planted(mail.attached)


@pytest.mark.parametrize("path", MAILS, ids=by_name)
def test_line_ends_make_no_difference(path: Path) -> None:
    """A mail kept with LF, as a Maildir does, becomes the same as the one with CRLF that travelled."""
    raw = path.read_bytes()
    assert portrait(raw.replace(b"\r\n", b"\n")) == portrait(raw)


def test_the_set_is_as_broad_as_it_says() -> None:
    """At least 240 pairs, each with both files, of at least sixteen clients and lists."""
    goldens = {path.stem for path in MAILS[0].parent.glob("*.md")}
    assert goldens == {path.stem for path in MAILS}
    assert len(MAILS) >= 240
    clients = Counter(path.stem.split("-")[0] for path in MAILS)
    assert len(clients) >= 16


def test_no_byte_of_a_mail_is_another_persons() -> None:
    """Only addresses that are reserved for examples (RFC 2606) stand in the set."""
    reserved = re.compile(r"(?:^|[.@])(?:example\.(?:org|net|com)|[\w-]+\.invalid)$", re.IGNORECASE)
    strangers = {
        address.address
        for path in MAILS
        for mail in [_read(path)]
        if mail
        for address in (*mail.recipients, *([mail.sender] if mail.sender else []))
        if not reserved.search(one_line(address.address))
    }
    assert not strangers


def _read(path: Path) -> Contribution | None:
    try:
        return message.read(path.read_bytes(), limits=SETTINGS.limits)
    except BadMessage:
        return None
