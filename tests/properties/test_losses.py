"""Nothing is lost without a word: every sentence of the mails of the corpus stands in its draft or in what was removed.

The judge reads the mails with the standard library and html5lib, and knows nothing of our own loss check.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest

from ingest.model import Converted
from tests.properties.page import outcome, page, seen, told, words

_SENTENCE = re.compile(r"[.!?…]+(?=\s)|\n\s*\n|\n(?=\s*>)")
_UNSEEN = frozenset({"script", "style", "title", "head", "template", "noscript", "textarea", "img"})


def leaves(part: Message) -> Iterator[Message]:
    """The parts whose text a reader is shown: of alternatives, the last one; of mails attached, the first.

    What is a file, or another mail, is named in what was removed, and is not looked into here.
    """
    kind, inner = part.get_content_type(), part.get_payload() if part.is_multipart() else []
    if kind == "multipart/alternative":
        yield from next(filter(None, ([*leaves(each)] for each in reversed(inner))), [])
    elif kind == "multipart/digest":
        yield from leaves(inner[0])
    elif part.is_multipart():
        mails = [each for each in inner if each.get_content_type() == "message/rfc822"]
        for each in inner:
            yield from leaves(each) if each not in mails[1:] else ()
    elif kind in {"text/plain", "text/html"} and not part.get_filename():
        yield part


def shown(part: Message) -> str:
    """Its text; nothing where its charset or its transfer encoding is wrong, since then nobody knows what it says."""
    data = part.get_payload(decode=True) or b""
    try:
        text = data.decode() if part.get_content_charset("latin-1") in {"iso-8859-1", "latin-1"} else ""
    except ValueError:
        text = ""
    try:
        text = text or data.decode(part.get_content_charset("utf-8"))
    except (LookupError, ValueError):
        return ""
    if part.defects or any(len(word) > 50 for word in words(text)):  # base64 that is not, or that no header tells
        return ""
    if part.get_content_type() == "text/plain":
        return text
    return "".join(told(html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False), hidden))


def hidden(element: Element) -> bool:
    """What no reader is shown; a picture's words are asked of the page alone."""
    return element.tag in _UNSEEN or "display:none" in element.get("style", "").replace(" ", "")


def lost(raw: bytes, found: Converted) -> list[str]:
    """The sentences of which a word stands neither on the page nor in what was removed."""
    pieces = (seen(page(found)), found.text, found.draft.title, found.draft.byline, *found.draft.tags)
    known = words(" ".join((*pieces, *(piece.text for piece in found.removed))))
    texts = (shown(part) for part in leaves(message_from_bytes(raw)))
    return [sentence for text in texts for sentence in _SENTENCE.split(text) if words(sentence) - known]


MAILS = sorted(Path(os.environ.get("MUR_CORPUS", "."), "mails").rglob("*.eml")) if "MUR_CORPUS" in os.environ else []


@pytest.mark.corpus
@pytest.mark.skipif(not MAILS, reason="MUR_CORPUS names no corpus")
def test_no_mail_of_the_corpus_loses_a_sentence():
    """By its own check, and by another one."""
    ours, theirs = [], {}
    for path in MAILS:
        raw = path.read_bytes()
        found = outcome(raw)
        if isinstance(found, Converted):
            ours += [path.name] * ("to-reread" in found.warnings)
            if sentences := lost(raw, found):
                theirs[path.name] = sentences
    assert ours == []
    assert theirs == {}
