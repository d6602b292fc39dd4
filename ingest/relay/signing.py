"""Where a contribution asks its readers to sign: its links weighed by their words, and hosts that look like another.
Pure, linear.

Only where a link leads counts, never what it shows. Addresses come cleaned of what follows the reader
(`ingest.body.links`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import unquote, urlsplit

from ingest.body import links
from ingest.body.blocks import Blocks, Link
from ingest.body.lines import seen
from ingest.body.tree import inlines
from ingest.relay.addresses import host, same, web
from ingest.relay.spans import flat

PLACE = re.compile(
    r"plainte|petition|p%C3%A9tition|pétition|signer|signature|signez|/sign\b|recours|mandat|/p/|/act(?:ion)?/",
    re.IGNORECASE,
)
_HOSTS = re.compile(
    r"(?:.+\.)?(?:change\.org|mesopinions\.com|wesign\.it|framaforms\.org|petitions\.(?:assemblee-nationale|senat)\.fr"
    r"|actionnetwork\.org|openpetition\.[a-z.]+|avaaz\.org|petitionenligne\.(?:com|fr)|lapetition\.be|leetchi\.com/p"
    r"|cyberacteurs\.org|agirpourlenvironnement\.org|petition\.parliament\.uk|europarl\.europa\.eu)"
    r"|(?:petitions?|plaintes?|formulaires?|signer|mobilisation|agir|action)\..+",
    re.IGNORECASE,
)
"""Tools that petitions are signed with; and what people call the host of one."""
_VERB = re.compile(
    r"\bsign(?:er|ez|ons|ature)|rejoi(?:gnez|ndre)|particip(?:er|ez)|soutenir|soutenez|mandat(?:er|ez)|se joindre"
    r"|formulaire|c'est (?:par )?ici|\bjoin\b|\bsign\b|support",
    re.IGNORECASE,
)
_RIGHT_HERE = re.compile(
    r"(?:pour )?\b(?:signer|signez|signe|sign|join|rejoindre|participer)\b[^.\n]{0,30}\s*$", re.IGNORECASE
)
_READ_THERE = re.compile(r"(?:sources?|vu sur|lu sur|d'après|en savoir plus|plus d'infos?)\s?:?\s{0,3}$", re.IGNORECASE)
_ASIDE = re.compile(
    r"(?:.+\.)?(?:facebook|twitter|x|instagram|youtube|youtu|linkedin|tiktok|whatsapp|t|bsky|helloasso|peertube)\."
    r"(?:com|be|me|app)|(?:.+\.)?helloasso\..+",
    re.IGNORECASE,
)
_GIVING = re.compile(
    r"/(?:don|dons|donner|faire-un-don|donate|share|sharer|intent|unsubscribe|desinscri\w*)\b", re.IGNORECASE
)
_BARE = re.compile(
    r"(?<![\w@./:-])(?P<host>(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,10})(?P<path>/[^\s<>\"«»…]{0,200})?", re.IGNORECASE
)
_TOP = re.compile(
    r"\.(?:fr|org|net|com|eu|info|be|ch|coop|earth|it|asso\.fr|example|invalid|cat|es|uk|ca)$", re.IGNORECASE
)
_BEFORE, _AFTER = 140, 60
_MOST, _MOST_PLACES, _MOST_HOSTS = 500, 10, 50
"""Bounds for a text that is nothing but addresses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceFound:
    """A place to sign: `start` and `end` are 0 where its address stands in no text."""

    address: str
    score: int
    start: int
    end: int
    notes: tuple[str, ...]
    """`scheme-supposed`, `tracking-removed: NAME` and `look-alike: HOST ~ HOST`."""


@dataclass(frozen=True, slots=True)
class _Address:
    href: str
    shown: str
    start: int
    end: int
    notes: tuple[str, ...] = ()


def places_in(blocks: Blocks, text: str, *, known: Iterable[str] = ()) -> tuple[PlaceFound, ...]:
    """The places to sign that a text names, the likeliest first; `known` are hosts of organisers that are known.

    An address counts by what it says of itself, by its host, and by the words beside it.
    """
    addresses = tuple(_addresses(blocks, text))
    found: dict[str, PlaceFound] = {}
    for address in addresses:
        score = _score(address, text)
        place = PlaceFound(address=address.href, score=score, start=address.start, end=address.end, notes=address.notes)
        before = found.get(same(address.href))
        if before is None or score > before.score:
            found[same(address.href)] = place
    best = sorted((place for place in found.values() if place.score >= 2), key=lambda place: -place.score)[
        :_MOST_PLACES
    ]
    hosts = (*known, *(host(place.address) for place in best), *_shown_hosts(addresses), *map(_host, addresses))
    named = tuple(islice(filter(None, dict.fromkeys(hosts)), _MOST_HOSTS))
    return tuple(_flagged(place, named) for place in best)


def _flagged(place: PlaceFound, named: Iterable[str]) -> PlaceFound:
    twin = look_alike(host(place.address), named)
    note = (f"look-alike: {host(place.address)} ~ {twin}",) if twin else ()
    return replace(place, notes=(*place.notes, *note))


def _host(address: _Address) -> str:
    return host(address.href)


def _addresses(blocks: Blocks, text: str) -> Iterator[_Address]:
    """Of links first, then those typed in the text, with `https://` and without."""
    position = 0
    covered: list[tuple[int, int]] = []
    for link in islice((inline for inline in inlines(blocks) if isinstance(inline, Link)), _MOST):
        shown = seen(link.children)
        at = text.find(shown, position) if shown else -1
        start, end = (at, at + len(shown)) if at >= 0 else (0, 0)
        position = max(position, end)
        covered.append((start, end))
        if web(link.href):
            yield _Address(link.href, shown, start, end)
    inside = {place for start, end in covered for place in range(start, min(end, start + 2000))}
    for match in islice(links.BARE.finditer(text), _MOST):
        typed = links.ended(match[0])
        done = links.clean(typed)
        if match.start() not in inside and done.href and web(done.href):
            notes = tuple(f"tracking-removed: {name}" for name in done.removed)
            yield _Address(done.href, typed, match.start(), match.start() + len(typed), notes)
    for match in islice(_BARE.finditer(text), _MOST):
        typed = links.ended(match[0])
        if match.start() not in inside and _TOP.search(match["host"]) and web(f"https://{typed}"):
            notes = ("scheme-supposed",)
            yield _Address(f"https://{typed}", typed, match.start(), match.start() + len(typed), notes)


def _shown_hosts(addresses: Iterable[_Address]) -> Iterator[str]:
    """Hosts that a link shows as its text: the one that it does not lead to is the one that it imitates."""
    for address in addresses:
        if _BARE.fullmatch(address.shown):
            yield host(f"https://{links.ended(address.shown)}")
        elif web(address.shown):
            yield host(address.shown)


def _score(address: _Address, text: str) -> int:
    parts = urlsplit(address.href)
    where, name = f"{parts.netloc}{unquote(parts.path)}", host(address.href)
    before, after = _beside(address, text)
    score = (
        3 * bool(PLACE.search(where)) + 2 * bool(_HOSTS.fullmatch(name)) + 2 * bool(_VERB.search(f"{before} {after}"))
    )
    score += 2 * bool(_RIGHT_HERE.search(before)) - 2 * bool(_READ_THERE.search(before))
    if links.mismatch(address.shown, address.href):
        return score - 4  # the words are those of the address that it shows
    score += 2 * bool(_VERB.search(flat(address.shown))) - ("scheme-supposed" in address.notes)
    return score - 4 * bool(_ASIDE.fullmatch(name)) - 4 * bool(_GIVING.search(parts.path))


def _beside(address: _Address, text: str) -> tuple[str, str]:
    """The words before an address and after it, of its paragraph; of the one before where it stands alone."""
    if not address.end:
        return "", ""
    paragraphs = text[max(0, address.start - _BEFORE) : address.start].rstrip("<( ").split("\n\n")
    before = paragraphs[-1] if paragraphs[-1].strip() else paragraphs[-2] if len(paragraphs) > 1 else ""
    return flat(before), flat(text[address.end : address.end + _AFTER].partition("\n\n")[0])


def look_alike(name: str, others: Iterable[str]) -> str:
    """The host that `name` looks like and is not; empty for none.

    What a reader takes for the other: written in another script (`xn--`, mixed letters), with `rn` for `m` or `1`
    for `l`, or one or two letters away, as long as the names are not short. A subdomain of the other is no imitation.
    """
    if not name:
        return ""
    for other in sorted(set(others) - {name}):
        if name.endswith("." + other) or other.endswith("." + name):
            continue
        if _skeleton(name) == _skeleton(other) or (min(len(name), len(other)) > 8 and _near(name, other)):
            return other
    readable = _decoded(name)
    return readable if readable != name and _mixed(readable) else ""


_CONFUSABLE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("-", ""))
_LETTERS = str.maketrans("аеорсухіјѕԁɡոνωαορτ", "aeopcyxijsdgnvwaopt")
"""Cyrillic, Armenian and Greek letters, and the Latin ones that they are taken for."""


def _skeleton(name: str) -> str:
    bare = unicodedata.normalize("NFKD", _decoded(name).translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    for typed, looks in _CONFUSABLE:
        bare = bare.replace(typed, looks)
    return bare


def _decoded(name: str) -> str:
    try:
        return ".".join(
            label[4:].encode("ascii").decode("punycode") if label.lower().startswith("xn--") else label
            for label in name.split(".")
        )
    except (UnicodeError, ValueError):
        return name


def _mixed(name: str) -> bool:
    """Latin letters beside those of another script."""
    scripts = {unicodedata.name(letter, "?").split(" ")[0] for letter in name if letter.isalpha()}
    return "LATIN" in scripts and len(scripts) > 1


def _near(name: str, other: str) -> bool:
    """One letter away, or two where the names are long: insertions, changes, and two letters that changed places."""
    most = 2 if min(len(name), len(other)) > 12 else 1
    if abs(len(name) - len(other)) > most or max(len(name), len(other)) > 60:
        return False
    older: list[int] = []
    old = list(range(len(other) + 1))
    for row, letter in enumerate(name, start=1):
        new = [row]
        for column, its in enumerate(other, start=1):
            cost = min(old[column] + 1, new[-1] + 1, old[column - 1] + (letter != its))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and name[row - 2] == its
            new.append(min(cost, older[column - 2] + 1) if swapped else cost)
        older, old = old, new
    return old[-1] <= most
