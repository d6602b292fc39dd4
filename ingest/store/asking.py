"""What somebody typed into a search box, as a query of FTS5 (sqlite.org/fts5.html, section 3). Pure.

Every word is a quoted string, so that nothing typed is syntax. What was typed may go on: "marché" finds
"marchés". Quotation marks of any kind keep words together, as they are written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from ingest.model import Kind
from ingest.states import State

_LONGEST = 200
_MOST = 12
"""Words beyond are not looked for: nobody types them, and each costs."""
_PHRASE = re.compile(r'["«“]([^"«»“”]*)["»”]')
_ELISION = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
_NUMBER = re.compile(r"mur-([0-9]{1,9})", re.IGNORECASE)
_FIELDS = "title byline tags body names"
_PLURAL = 5
"""Letters from which on a final s or x is taken for a plural: the prefix then finds both."""


def query(words: str, *, states: Iterable[State] | None = None, kind: Kind | None = None) -> str:
    """The MATCH expression that all `words` lead to; empty where there is nothing to look for.

    `states` and `kind` are looked up in the index too, so that a rare state costs no walk through a common word.
    """
    typed = _cleaned(words)
    asked = [_exactly(phrase) for phrase in _PHRASE.findall(typed)]
    asked += [_beginning(word) for word in _PHRASE.sub(" ", typed).split()]
    asked = [one for one in asked if one][:_MOST]
    if not asked:
        return ""
    parts = [f"{{{_FIELDS}}} : ({' AND '.join(asked)})"]
    if states is not None:
        among = sorted(facet("state", state) for state in states)
        parts.append(f"facets : ({' OR '.join(among) or _quoted('none')})")
    if kind is not None:
        parts.append(f"facets : {facet('kind', kind)}")
    return " AND ".join(f"({part})" for part in parts)


def facet(name: str, value: State | Kind) -> str:
    """The word that stands in the index for a state or a kind."""
    return f"{name}{value.value}"


def numbered(number: int | None) -> str:
    """The word that stands for a public number: `mur` alone would be found everywhere."""
    return f"number{number}" if number is not None else ""


def _cleaned(words: str) -> str:
    text = unicodedata.normalize("NFC", words[:_LONGEST])
    return "".join(c if c.isprintable() and not "\ud800" <= c <= "\udfff" else " " for c in text)


def _exactly(phrase: str) -> str:
    return _either(phrase, "") if _says_something(phrase) else ""


def _beginning(word: str) -> str:
    number = _NUMBER.fullmatch(word.strip("(),.;:!?"))
    if number:
        return _quoted(numbered(int(number[1])))
    word = _ELISION.sub("", word, count=1) if _ELISION.match(word) else word
    bare = word.rstrip(",.;:!?…)]’'")
    if len(bare) >= _PLURAL and bare[-1] in "sxSX":
        bare = bare[:-1]
    return _either(bare, "*") if _says_something(bare) else ""


def _either(text: str, star: str) -> str:
    """With its ligatures and without: unicode61 takes é for e, but not œ for oe."""
    apart = text.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae").replace("Æ", "ae")
    bound = re.sub("oe", "œ", apart, flags=re.IGNORECASE)
    return f"({' OR '.join(_quoted(one) + star for one in dict.fromkeys((apart, bound)))})"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _says_something(text: str) -> bool:
    return any(c.isalnum() for c in text)
