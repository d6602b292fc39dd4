"""What a mail tells whoever keeps the list: a wish, which letter of ours it answers, which came back. Pure.

Called in a child with limits, like everything that reads a mail; what comes out is small and says nothing of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from ingest import message
from ingest.correspondence import guard
from ingest.correspondence.answers.carriers import carried, token_of
from ingest.correspondence.answers.own import own
from ingest.correspondence.following.wishes import Wish, wish
from ingest.message import rules
from ingest.model import Authenticity, Contribution
from ingest.settings import Limits

_LETTER = re.compile(rb"letter\.([0-9a-f]{32})@")
_FAILED = re.compile(rb"^action[ \t]*:[ \t]*failed", re.IGNORECASE | re.MULTILINE)
_FOR_GOOD = re.compile(rb"^status[ \t]*:[ \t]*5\.\d{1,3}\.\d{1,3}", re.IGNORECASE | re.MULTILINE)
_CODE = re.compile(r"\bsuivre-([0-9a-f]{12})\b", re.IGNORECASE)
_ALIAS = re.compile(r"\+([^@\s<>]{1,60})@")
_WORDS = re.compile(rb"suivre|abonn|stop|inscri|quitter|unsubscribe|letter\.[0-9a-f]{32}@", re.IGNORECASE)
_WISHING = re.compile(r"suivre|abonn|recevoir|inscri|quitter|stop|unsubscribe", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_ENCODED = re.compile(rb"base64|=\?", re.IGNORECASE)
_MOST_BYTES, _SMALL = 400_000, 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """Nothing of it is believed yet."""

    wish: Wish | None
    empty: bool
    """Whether its sender wrote nothing of their own: an answer that only quotes. Only told of what may be one."""
    tokens: tuple[str, ...]
    """Letters of ours that it answers, nearest first."""
    code: str
    """Of a confirmation, in its subject."""
    came_back: tuple[str, ...]
    """Letters of ours that it says are refused for good."""
    sender: str
    vouched: bool
    """Whether our own server says `dmarc=pass` for it."""
    silence: str
    """Why a program must not answer it; empty where it may."""
    brings: bool
    """Whether files come with it: then it is a contribution, whatever its subject says."""
    reasons: frozenset[str] = frozenset()
    """Every word of `guard` that holds for it, the one of `silence` among them."""


def may_concern(raw: bytes) -> bool:
    """Whether a mail is worth being read for that: most are read once only, for what they bring."""
    if len(raw) > _MOST_BYTES:
        return False
    return _WORDS.search(raw) is not None or (len(raw) < _SMALL and _ENCODED.search(raw) is not None)


def look(raw: bytes, limits: Limits, authserv_id: str, addresses: frozenset[str]) -> Looked:
    """Read a mail. `addresses` are the wall's own, in lower case. Raises `BadMessage`."""
    mail = message.read(raw, limits=limits, authserv_id=authserv_id)
    refused = rules.refusal(mail, own=tuple(addresses))
    bounce = refused is not None and refused.reason == "bounce"
    tokens = tuple(filter(None, map(token_of, carried(mail).message_ids)))
    code = _CODE.search(mail.subject)
    asks = not refused and bool(tokens or code or _may_wish(mail))
    lines = tuple(line.plain for line in own(mail, limits=limits).lines if not line.depth) if asks else ()
    return Looked(
        wish=wish(mail.subject, lines, _aliases(mail, addresses)) if asks else None,
        empty=asks and not any(line.strip() for line in lines),
        tokens=tokens,
        code=code[1].lower() if code else "",
        came_back=came_back(raw) if bounce else (),
        sender=mail.sender.address if mail.sender else "",
        vouched=mail.authenticity is Authenticity.PASS,
        silence=guard.silence(mail, addresses),
        brings=bool(mail.attachments),
        reasons=guard.words(mail, addresses),
    )


def _may_wish(mail: Contribution) -> bool:
    """Whether a word stands anywhere that every wish but a yes or a no has; those answer a letter of ours."""
    markup = unescape(_TAG.sub("", mail.html or ""))
    told = (mail.subject, mail.plain or "", markup, *(one.address for one in mail.recipients), *_delivered(mail))
    return any(_WISHING.search(text) for text in told)


def _delivered(mail: Contribution) -> Iterator[str]:
    for name in ("delivered-to", "x-original-to"):
        yield from mail.fields.get(name, ())


def came_back(raw: bytes) -> tuple[str, ...]:
    """The letters of ours that a report (RFC 3464) returns for good: what is merely late, or full today, is not."""
    if not (_FAILED.search(raw) and _FOR_GOOD.search(raw)):
        return ()
    return tuple(dict.fromkeys(found.decode("ascii") for found in _LETTER.findall(raw)))[:3]


def _aliases(mail: Contribution, addresses: frozenset[str]) -> tuple[str, ...]:
    said = [*(one.address for one in mail.recipients), *_delivered(mail)]
    found = ((match[1], _ALIAS.sub("@", each).strip(" <>").lower()) for each in said if (match := _ALIAS.search(each)))
    return tuple(dict.fromkeys(alias for alias, address in found if address in addresses))
