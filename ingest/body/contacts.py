"""How mail addresses, telephone numbers and postal addresses are written, in France first. Linear patterns."""

from __future__ import annotations

import re

ADDRESS = re.compile(r"(?<![\w.+%-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
"""RFC 5322 section 3.4.1, dot-atom only: quoted local parts are not met in what people write."""

_LABEL = r"[\w-]{1,63}"
_SPELT_DOT = r"(?: ?[(\[{] ?(?:point|dot|\.) ?[)\]}] ?| (?:point|dot) )"
_SPELT_AT = r" ?[(\[{<] ?(?:at|arobase?|@) ?[)\]}>] ?"
MAIL = re.compile(
    rf"{ADDRESS.pattern}"
    # jo (at) example.org, jo[arobase]example[point]org, jo arobase example.org: nothing else looks like it
    rf"|(?<![\w.+%-])[\w.+-]{{1,64}}(?:{_SPELT_AT}| arobase? ){_LABEL}(?:(?:\.|{_SPELT_DOT}){_LABEL}){{1,8}}"
    # jo at example dot org; "meet me at example.org" is none
    rf"|(?<![\w.+%-])[\w.+-]{{1,64}} at {_LABEL}(?:{_SPELT_DOT}{_LABEL}){{1,8}}",
    re.IGNORECASE,
)
"""`ADDRESS`, and what people write instead of it to hide it from robots."""

_GAP = r"[ \u00a0\u202f\u2009]"
_SEP = rf"{_GAP}{{1,2}}|[.]|[-\u2010\u2011]|/|"
_END = r"(?!\d|[.,/-]\d)"
PHONE = re.compile(
    # 06 12 34 56 78, 06.12.34.56.78, 0612345678: one separator throughout, so that "06.12.2022 10h30" is none
    rf"(?<![\w.,+/-])0[1-9](?P<sep>{_SEP})\d\d(?:(?P=sep)\d\d){{3}}{_END}"
    # 06 1234 5678, 0612 345 678
    rf"|(?<![\w.,+/-])0[1-79](?:{_GAP}\d{{4}}{_GAP}\d{{4}}|\d\d{_GAP}\d{{3}}{_GAP}\d{{3}}){_END}"
    # +33 6 12 34 56 78, 0033 6 …, 00 33 6 …, +33 (0)6 …, +32 …, +34 …: ITU-T E.164, 8 to 15 digits
    rf"|(?<![\w.,])(?:\+|00(?:{_GAP}(?=33\D))?)[1-9]\d{{0,2}}(?:{_GAP}"
    rf"|[.-])?(?:\(0\){_GAP}?)?\d(?:[ \u00a0\u202f\u2009.-]{{0,2}}\d){{6,11}}{_END}"
)

_WAY = (
    r"(?:rue|r\.|avenue|av\.?|boulevard|bd|bld|blvd|chemin|ch\.|impasse|allées?|place|pl\.|square|cours|quai|route|rte|passage"
    r"|sentier|villa|cité|résidence|lotissement|hameau|lieu-dit|faubourg|fg|esplanade|promenade|montée|traverse|ruelle|venelle"
    r"|mail|clos|rond-point|voie)"
)
STREET = re.compile(
    rf"\d(?<!\w\d)\d{{0,3}}(?: ?(?:bis|ter|quater|[a-d]))?,? (?:{_WAY})\b[^\n,;.!?()]{{2,60}}", re.IGNORECASE
)
"""A number and a way: "12 bis, rue des Lilas"."""
TOWN = re.compile(r"\b(?:F-|FR-)?(?:0[1-9]|[1-8]\d|9[0-8])\d{3} [A-ZÉÈÀÂÎÔÇ][\w'’.-]*(?:[ -][\w'’.-]+){0,6}")
"""A French postcode and a town: "75011 Paris"."""

DIGIT = re.compile(r"\d")
_HINTS = {MAIL: re.compile(r"@|[ (\[{<](?:at|aroba)", re.IGNORECASE), PHONE: re.compile(r"[0+](?<![\w.,][0+])\d")}
"""What a text has to hold before it can match, for a tenth of the price of looking."""


def may_hold(pattern: re.Pattern[str], text: str) -> bool:
    """Whether it is worth looking for `MAIL` or `PHONE` in a text."""
    return _HINTS[pattern].search(text) is not None


def typed(mail: str) -> str:
    """A match of `MAIL` as it would be typed in a mail program: "jo (at) example (point) org" is `jo@example.org`."""
    with_dots = re.sub(_SPELT_DOT, ".", mail, flags=re.IGNORECASE)
    return re.sub(rf"{_SPELT_AT}| (?:arobase?|at) ", "@", with_dots, count=1, flags=re.IGNORECASE)
