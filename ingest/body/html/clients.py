"""How each mail client marks what its user did not write: one row a mark.

A mark is either around the piece (`AROUND`) or stands where it begins, so that everything behind it in the same parent
belongs to it (`FROM_HERE`). Seen in mails of the client and version named; most are not documented anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from bs4 import Tag

from ingest.body.html.style import attribute

AROUND = "around"
FROM_HERE = "from-here"

_TELLING = ("class", "id", "type", "cite", "name", "tabindex", "data-marker", "data-signatureblock", "style")


class Traits(NamedTuple):
    """What tells one client's element from another's: its name and the attributes that clients mark things with."""

    name: str
    attributes: tuple[str, ...]

    def get(self, name: str) -> str:
        return self.attributes[_TELLING.index(name)]


@dataclass(frozen=True, slots=True)
class Mark:
    """`marker` is what `Marked` or `Quote` will carry, `reach` one of `AROUND` and `FROM_HERE`."""

    client: str
    applies: Callable[[Traits], bool]
    marker: str
    reach: str = AROUND


def _class(*names: str, tag: str = "") -> Callable[[Traits], bool]:
    """Whether an element has one of the classes; a name that ends with `*` is a beginning."""
    pattern = "|".join(re.escape(name[:-1]) + r"\S*" if name.endswith("*") else re.escape(name) for name in names)
    known = re.compile(rf"(?:^|\s)(?:{pattern})(?:\s|$)", re.IGNORECASE)
    return lambda element: (not tag or element.name == tag) and bool(known.search(element.get("class")))


def _id(pattern: str, tag: str = "") -> Callable[[Traits], bool]:
    """Whether the id matches; Outlook on the web puts `x_` before it, once for each time that it was passed on."""
    known = re.compile(rf"(?:x_){{0,20}}(?:{pattern})", re.IGNORECASE)
    return lambda element: (not tag or element.name == tag) and bool(known.fullmatch(element.get("id")))


def _data(name: str, value: str) -> Callable[[Traits], bool]:
    known = re.compile(value, re.IGNORECASE)
    return lambda element: bool(known.fullmatch(element.get(name)))


_WORD_RULE = re.compile(
    r"border-top:\s*(?:solid\s+(?:#e1e1e1|#b5c4df)\s+1|1(?:\.0)?pt\s+solid\s+(?:#e1e1e1|#b5c4df|rgb\(\s*(?:225|181)\b))",
    re.IGNORECASE,
)


def _word_header(element: Traits) -> bool:
    """Word parts the header of what it quotes from the answer by a grey or blue line above, and marks nothing else."""
    return element.name == "div" and bool(_WORD_RULE.search(element.get("style")))


def _rule_before_header(element: Traits) -> bool:
    """`<hr tabindex="-1">`, of Outlook on the web and on phones, before the header of the quoted mail."""
    return element.name == "hr" and element.get("tabindex") == "-1"


def _class_ydp(element: Traits) -> bool:
    return bool(re.search(r"\bydp\w{0,20}signature\b", element.get("class")))


MARKS: tuple[Mark, ...] = (
    Mark("Gmail", _class("gmail_signature", "gmail_signature_prefix", "x_gmail_signature"), "signature"),
    Mark("Gmail", _class("gmail_attr"), "attribution"),
    Mark("Gmail", _class("gmail_quote", "x_gmail_quote", "gmail_extra", tag="div"), "quote"),
    Mark("Gmail, lists of Google Groups", _class("gmail_quote_container"), "quote"),
    Mark("Thunderbird", _class("moz-cite-prefix"), "attribution"),
    Mark("Thunderbird", _class("moz-signature", "moz-txt-sig"), "signature"),
    Mark("Thunderbird", _class("moz-forward-container"), "forward"),
    Mark("Outlook on the web, Outlook for phones", _id("appendonsend"), "quote", FROM_HERE),
    Mark("Outlook on the web", _id("divRplyFwdMsg"), "quote", FROM_HERE),
    Mark("Outlook for phones", _id("mail-editor-reference-message-container"), "quote"),
    Mark("Outlook for phones", _id("ms-outlook-mobile-signature|Signature(?:_\\w+)?"), "signature"),
    Mark("Outlook for Mac", _id("OLK_SRC_BODY_SECTION|MAC_OUTLOOK_ATTRIBUTION_BODY_SECTION"), "quote"),
    Mark("Outlook, Word", _word_header, "quote", FROM_HERE),
    Mark("Outlook on the web", _rule_before_header, "quote", FROM_HERE),
    Mark("Windows Mail", _data("data-signatureblock", "true"), "signature"),
    Mark("Yahoo", _class("yahoo_quoted"), "quote"),
    Mark("Yahoo", _id("yahoo_quoted_\\d+"), "quote"),
    Mark("Yahoo", _class("signature", "yahoo-signature"), "signature"),
    Mark("Yahoo", _class_ydp, "signature"),
    Mark("Proton", _class("protonmail_quote", tag="div"), "quote"),
    Mark("Proton", _class("protonmail_signature_block"), "signature"),
    Mark("Zimbra (Free, many universities)", _data("data-marker", "__SIG_(?:PRE|POST)__"), "signature"),
    Mark("Zimbra (Free, many universities)", _data("data-marker", "__QUOTED_TEXT__"), "quote"),
    Mark("Zimbra (Free, many universities)", _id("zwchr", "hr"), "quote", FROM_HERE),
    Mark("Zimbra (Free, many universities)", _data("data-marker", "__DIVIDER__"), "quote", FROM_HERE),
    Mark("Orange", _class("mail_quote", "orange_quote", "wl-quote", "history-quote"), "quote"),
    Mark("Orange", _id("orange_signature|wlSignature"), "signature"),
    Mark("SFR", _class("sfr_quote", "sfr-quote"), "quote"),
    Mark("La Poste", _class("laposte_quote", "lpn_quote"), "quote"),
    Mark("Roundcube", _id("reply-intro|forwardbody1|replybody1"), "quote"),
    Mark("Roundcube, mail of OVH", _id("_rc_sig"), "signature"),
    Mark("Zoho", _class("zmail_extra", "zmail_extra_hr"), "quote"),
    Mark("Zoho", _id("Zm-_Id_-Sgn.*"), "signature"),
    Mark("HEY", _class("trix-content-quote", "hey_quote", "gmail_quote_hey"), "quote"),
    Mark("Samsung", _id("composer_signature"), "signature"),
    Mark("Samsung", _class("samsung_quote", "quoted_output_body"), "quote"),
    Mark("BlackBerry", _class("bbm_quoted"), "quote"),
    Mark("BlackBerry", _id("_signaturePlaceholder.*|_originalContent|_pHCWrapper"), "quote"),
    Mark("GMX, web.de", _id("imgd_signature|sub-body-container"), "signature"),
    Mark("GMX, web.de", _data("name", "quote"), "quote"),
    Mark("Spark", _data("name", "messageReplySection"), "quote"),
    Mark("Spark", _data("name", "messageSignatureSection"), "signature"),
    Mark("Front, Missive, Superhuman", _class("front-blockquote", "missive_quote", "sh-quoted-content"), "quote"),
    Mark("Front, Superhuman", _class("front-signature", "sh-signature"), "signature"),
    Mark("Fastmail", _id("qt"), "quote"),
    Mark("Fastmail", _id("sig\\d+"), "signature"),
    Mark("Tutanota", _class("tutanota_quote"), "quote"),
    Mark("Tutanota", _class("tutanota_signature"), "signature"),
    Mark("Infomaniak", _class("ik_mail_quote"), "quote"),
    Mark("Infomaniak", _class("editorUserSignature"), "signature"),
    Mark("mail.ru", _class("mail-quote-collapse", "js-compose-quote"), "quote"),
    Mark("Apple", _id("AppleMailSignature"), "signature"),
    Mark("Mailman, Google Groups", _class("mailman_footer", "groups_footer"), "footer"),
)

QUOTES: tuple[tuple[str, Callable[[Traits], bool]], ...] = (
    ("gmail_quote", _class("gmail_quote", "x_gmail_quote")),
    ("protonmail_quote", _class("protonmail_quote")),
    ("cite", _data("type", "cite")),
    ("yahoo_quoted", _class("iosymail", "yahoo_quoted")),
    ("zimbra", _data("data-marker", "__QUOTED_TEXT__")),
    ("quote", _class("quote", "mail_quote", "tutanota_quote", "zmail_quote", "gmail-quote")),
    ("cite", lambda element: element.get("cite").lower().startswith(("mid:", "cid:"))),
)
"""Marks on a `<blockquote>`: one without any may be the author's own."""


def mark_of(element: Tag) -> Mark | None:
    """The first mark that an element bears; quotations in `<blockquote>` are told by `quote_of`."""
    if not element.attrs or element.name in {"body", "html", "blockquote", "a", "img", "br"}:
        return None
    mark = _mark(_traits(element))
    if mark is not None and mark.applies is _word_header and not _names_somebody(element):
        return None
    return mark


def _names_somebody(element: Tag) -> bool:
    """Whether a colon stands near the beginning, as in `De :`: newsletters draw such lines too."""
    return any(isinstance(piece, str) and ":" in piece for piece in islice(element.next_elements, 60))


def quote_of(element: Tag) -> str:
    """The `marker` of a `<blockquote>`, empty where no client marked it."""
    return _quote(_traits(element)) if element.attrs else ""


def _traits(element: Tag) -> Traits:
    return Traits(element.name, tuple(attribute(element, name)[:300] for name in _TELLING))


@lru_cache(maxsize=2048)
def _mark(traits: Traits) -> Mark | None:
    return next((mark for mark in MARKS if mark.applies(traits)), None)


@lru_cache(maxsize=256)
def _quote(traits: Traits) -> str:
    return next((marker for marker, applies in QUOTES if applies(traits)), "")
