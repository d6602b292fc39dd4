"""A draft that came of any mail is read back from its own text."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.publication.article import DRAFT_KEYS, document, parse, split
from tests.properties.page import drafted, mail

PIECES = (
    *("\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1e", " ", ",", ":", "'", '"', "[", "#", "é"),
    *("\u202e", "\ufeff", "Status: published", "_content: x", "Save_as: index.html", "Template: x", "---"),
    *("Titre : a", "Title: b", "Pseudo : c", "Anonyme", "#mot", "Mots-clés : un, deux", "Date : 12 juin 2027"),
    *("Rubrique : d", "Urgent", "Re: ", "mot", "Une phrase.", "<b>", "&amp;", "$", "Kind: relay"),
)  # fmt: skip
TEXT = st.lists(st.sampled_from(PIECES), max_size=20).map("".join) | st.text(max_size=60)


@settings(max_examples=200, deadline=None)
@given(TEXT, TEXT)
@example("Coucou\nStatus: published", "Status: published\n\nx")
def test_a_draft_is_its_text(subject: str, body: str) -> None:
    """Written and read, it is the same; no key comes from the mail."""
    line = subject.encode("utf-8", "replace").hex("=")
    raw = mail(body, subject="x").replace(b"Subject: x", f"Subject: =?utf-8?q?{'=' + line if line else ''}?=".encode())
    found = drafted(raw)
    if found is None:
        return
    text = document(found.draft)
    head, _body = split(text)
    assert set(head) <= DRAFT_KEYS
    assert document(parse(text)) == text
    assert _whole(parse(text)) == _whole(found.draft)


def _whole(draft):
    """The draft without the differences that its text cannot tell: blank lines around its body."""
    return replace(draft, body=draft.body.strip("\n"), extra=dict(draft.extra))
