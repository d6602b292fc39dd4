"""Numbers that are one person's alone, known by their check digits: accounts, cards, social security. Pure, linear."""

from __future__ import annotations

import re

_GAP = r"[ .\u00a0\u202f\u2009-]?"
_IBAN = re.compile(
    rf"(?<![A-Z0-9])(?:FR\d\d(?:{_GAP}\d){{10}}(?:{_GAP}[A-Z0-9]){{11}}(?:{_GAP}\d){{2}}"
    rf"|[A-Z]{{2}}\d\d(?:{_GAP}[A-Z0-9]{{4}}){{2,7}}(?:{_GAP}[A-Z0-9]{{1,3}})?)(?![A-Z0-9])",
    re.IGNORECASE,
)
"""France's in any groups, digits where it has digits; others in groups of four, as they are printed. Looser, every
seventh sentence on a road ("la RN116 entre …") would pass the check digits by chance."""
_CARD = re.compile(
    rf"\d(?<![\w/.=-]\d)(?:\d{{3}}{_GAP}\d{{4}}{_GAP}\d{{4}}{_GAP}\d{{4}}|(?<=3)[47]\d\d{_GAP}\d{{6}}{_GAP}\d{{5}})"
    r"(?![\w/=-])"
)
"""What stands before it is asked of its first digit, here and below: `re` then passes over all that is none."""
_SOCIAL = re.compile(
    rf"[1-4](?<![\w/.=-][1-4]){_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d\d|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}}"
    rf"{_GAP}\d\d(?![\w/=-])"
)
_MACHINE = re.compile(r"^[ >\t]{0,6}((?:P[A-Z<][A-Z]{3}|[IAC][A-Z<][A-Z]{3})[A-Z0-9<]{25,39})[ \t]*$", re.MULTILINE)
_COUNTRY = re.compile(r"\d\d(?<=[A-Z]{2}\d\d)", re.IGNORECASE)
"""What every account begins with."""
_BRANDS = re.compile(r"4|5[1-5]|2[2-7]|3[47]")
_NO_SIGN = re.compile(r"[^A-Z0-9]")
_FILLERS = 4


def account(text: str) -> bool:
    """Whether an IBAN stands in it (ISO 13616, check digits by ISO 7064 MOD 97-10)."""
    begins = _COUNTRY.search(text) is not None
    return begins and any(_begins_account(_bare(found[0])) for found in _IBAN.finditer(text))


def card(text: str) -> bool:
    """Whether a payment card's number does (ISO/IEC 7812, Luhn): of 16 digits, or of 15 for one brand."""
    return any(_BRANDS.match(bare) and _luhn(bare) for bare in (_bare(found[0]) for found in _CARD.finditer(text)))


def social_security(text: str) -> bool:
    """Whether a French social security number does (NIR with its key; Corsica's letters count as 19 and 18)."""
    return any(map(_right_key, (_bare(found[0]) for found in _SOCIAL.finditer(text))))


def machine_readable(text: str) -> bool:
    """Whether a first line of a passport's or an identity card's machine-readable zone does (ICAO 9303; older French
    cards: `IDFRA`)."""
    return any(found[1].count("<") >= _FILLERS for found in _MACHINE.finditer(text))


def _bare(text: str) -> str:
    return _NO_SIGN.sub("", text.upper())


def _begins_account(bare: str) -> bool:
    """A word behind a number in groups may look like more of it: France's have 27 signs."""
    lengths = (27,) if bare.startswith("FR") else tuple(range(len(bare), 14, -1))
    return any(len(bare) >= length and _mod_97(bare[:length]) for length in lengths)


def _mod_97(bare: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def _luhn(bare: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(bare))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0 and len(set(bare)) > 2


def _right_key(bare: str) -> bool:
    body, key = bare[:13], bare[13:]
    for letters, digits in (("2A", "19"), ("2B", "18")):
        body = body[:5] + body[5:7].replace(letters, digits) + body[7:]
    return body.isdigit() and key.isdigit() and 97 - int(body) % 97 == int(key)
