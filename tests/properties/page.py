"""Mails made for a property, what becomes of them, and what a reader sees of it: the judge is no code of ours."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from xml.etree.ElementTree import Element

from ingest.conversion import convert
from ingest.model import Converted, Markdown, Outcome, Quarantine, Refusal, SafeHtml
from ingest.settings import Settings
from plugins.gate import clean
from plugins.rendering import render
from tests.plugins.dom import elements, faults, fragment

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
_SEPARATORS = frozenset("\t\n\r\v\f\x85")
_WORD = re.compile(r"[^\W_]+")
_BLOCKS = frozenset({"p", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "pre", "div", "tr", "td", "th", "br", "hr"})


def mail(body: str, *, subtype: str = "plain", subject: str = "Une nouvelle du quartier") -> bytes:
    """A mail of one part."""
    made = EmailMessage(policy=SMTP)
    made["From"], made["To"] = "Marcel <marcel@example.org>", "mur@example.net"
    made["Subject"], made["Date"] = subject, "Wed, 08 Jun 2022 09:12:44 +0200"
    made.set_content(body.encode("utf-8", "surrogatepass"), "text", subtype, cte="base64", params={"charset": "utf-8"})
    return made.as_bytes()


def outcome(raw: bytes) -> Outcome:
    """What becomes of a mail, in this very process."""
    return convert(raw, settings=Settings(), now=NOW).outcome


def drafted(raw: bytes) -> Converted | None:
    """The draft of a mail, where it becomes one."""
    found = outcome(raw)
    return found if isinstance(found, Converted) else None


def page(found: Converted) -> SafeHtml:
    """The HTML of its page."""
    return render(found.draft.body)


def seen(html: str) -> str:
    """What html5lib finds to read on a page, its pictures by their words."""
    return "".join(told(fragment(html)))


def told(element: Element, unseen: Callable[[Element], bool] = lambda _element: False) -> Iterator[str]:
    """The text of a tree in pieces, what is a block in lines of its own; nothing of what is `unseen`, or a comment."""
    if not isinstance(element.tag, str) or unseen(element):
        return
    apart = "\n" if element.tag in _BLOCKS else ""
    yield from (apart, element.get("alt", ""), element.text or "")
    for child in element:
        yield from told(child, unseen)
        yield child.tail or ""
    yield apart


def words(text: str) -> set[str]:
    """The words of a text: letters and figures, in NFC, without what nobody sees."""
    shown = "".join(
        c for c in text if c in _SEPARATORS or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    return set(_WORD.findall(unicodedata.normalize("NFC", shown)))


def complaints(found: Outcome) -> list[str]:
    """What is wrong with an outcome, whatever the mail was: nothing may be."""
    if isinstance(found, Refusal | Quarantine):
        return [] if re.fullmatch(r"[a-z0-9-]+", found.reason) else [f"reason {found.reason!r}"]
    html = page(found)
    told = faults(html)
    if again(html) != html:
        told.append("cleaned twice is not cleaned once")
    if not found.reasons:
        told.append("held for no reason")
    told += [f"U+FFFD in {text!r}" for text in (found.draft.title, found.draft.byline) if "\n" in text]
    return told


def again(html: SafeHtml) -> str:
    """The HTML cleaned once more, with the addresses that are our own."""
    tree = list(elements(fragment(html)))
    ours = {value for it in tree for name in ("src", "href") if re.match("medias/|#", value := it.get(name, ""))}
    return clean(html, ours=ours)


def rendered(text: str) -> SafeHtml:
    """The page of some Markdown."""
    return render(Markdown(text))
