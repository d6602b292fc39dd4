"""OpenPGP in the text itself (RFC 9580 section 6.2 and 7): signed text is unwrapped, encrypted text told apart."""

from __future__ import annotations

import re

_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_END = "-----END PGP SIGNATURE-----"
_ENCRYPTED = "-----BEGIN PGP MESSAGE-----"
_END_ENCRYPTED = "-----END PGP MESSAGE-----"
_HASH = re.compile(r"(?:[A-Za-z]{2,20}: [^\n]{0,200}\n){0,10}\s*?\n")
_MAX_BESIDE = 400
"""Letters: a greeting, a signature, a list's footer."""


def unsigned(text: str) -> str:
    """The text without the armour of cleartext signatures, dash-escapes undone; the same text where there is none."""
    out = []
    position = 0
    while (begin := _line(text, _SIGNED, position)) >= 0:
        signature = _line(text, _SIGNATURE, begin)
        if signature < 0:
            break
        end = text.find(_END, signature)
        after = len(text) if end < 0 else end + len(_END)
        inside = text[begin + len(_SIGNED) : signature].removeprefix("\n")
        head = _HASH.match(inside)
        signed = inside[head.end() :] if head else inside
        out += [text[position:begin], re.sub(r"(?m)^- ", "", signed).removesuffix("\n")]
        position = after
    return "".join([*out, text[position:]]) if position else text


def is_encrypted(text: str) -> bool:
    """Whether the text holds an encrypted block, and little beside it."""
    begin = _line(text, _ENCRYPTED, 0)
    if begin < 0:
        return False
    end = text.find(_END_ENCRYPTED, begin)
    return says_little(text[:begin] + ("" if end < 0 else text[end + len(_END_ENCRYPTED) :]))


def says_little(text: str) -> bool:
    """Whether a text that stands beside something encrypted is no more than a greeting and a signature."""
    return sum(map(str.isalpha, text)) <= _MAX_BESIDE


def _line(text: str, marker: str, position: int) -> int:
    """Where `marker` begins a line, at or after `position`; -1 for nowhere."""
    while (hit := text.find(marker, position)) >= 0:
        if hit == 0 or text[hit - 1] == "\n":
            return hit
        position = hit + len(marker)
    return -1
