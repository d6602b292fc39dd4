"""All that a contribution seems to tell of a campaign, as lines of front matter to take or leave. Pure.

Nothing of it is taken as fact. A key that holds one value has its likeliest first and at most two others; one that
holds a list has a proposal for each item, in the order of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.body import dates, links
from ingest.body.blocks import Blocks
from ingest.model import Confidence, Proposal
from ingest.relay.addresses import web
from ingest.relay.attacks import attacks_in
from ingest.relay.conditions import conditions_in
from ingest.relay.counts import CountFound, counts_in
from ingest.relay.model import Precision
from ingest.relay.moments import MomentFound, Said, day_in, moments_in
from ingest.relay.names import names_in
from ingest.relay.signing import places_in
from ingest.relay.spans import around, flat

LISTS = frozenset({"Sign_aliases", "Against", "Attacks", "Conditions"})
"""Keys that hold several values, parted by `; `."""
_MOST, _MOST_OF_A_LIST = 3, 8
_RANK = {confidence: number for number, confidence in enumerate(Confidence)}
_SOURCE = re.compile(
    r"\b(?:sources?|lu sur|vu sur|repris de|extrait de|via|d'après|read on|from)\s?:?\s{0,3}(?=https?://)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d/])((?:19|20)\d\d)(?![\d/])")
_ARTICLE = re.compile(r"^(?:la|le|les|l|une?|des|the)\b['’]?\s*", re.IGNORECASE)
_DAY = re.compile(
    r"\d{1,2}(?:er)? [a-zéû]{3,9}\.? \d{4}|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}",
    re.IGNORECASE,
)
_DATELESS = datetime.fromisoformat("2000-01-01T12:00:00+00:00")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A draft as the rules read it."""

    blocks: Blocks
    text: str
    """Its plain text: offsets of proposals are into this."""
    said: Said
    dated: bool
    """Whether `said` is a day at all: without one, nothing relative is resolved."""


def propose(
    blocks: Blocks, text: str, *, sent_at: datetime | None, posted: datetime | None = None, zone: ZoneInfo
) -> tuple[Proposal, ...]:
    """What `text`, the plain text of `blocks`, seems to tell of a campaign.

    `sent_at` is the mail's day, or that of the mail it forwards; `posted` that of the post itself where it is known.
    Without either, nothing relative is resolved.
    """
    said = Said(at=posted or sent_at or _DATELESS, zone=zone, known=posted is not None)
    reading = Reading(blocks=blocks, text=text, said=said, dated=bool(posted or sent_at))
    found = [proposal for rule in _RULES for proposal in rule(reading)]
    return (*found, *_stated_by(found))


def permalink_proposal(permalink: str) -> Proposal:
    """The address of a post as the source of what is drafted."""
    return Proposal(key="Source", value=permalink, where=permalink, start=0, end=0, confidence=Confidence.LIKELY)


def tells_progress(proposals: Iterable[Proposal]) -> bool:
    """Whether a thread says how far a campaign is: how many have signed, or what is left of the time."""
    return any(one.key == "Count" or "relative" in one.notes for one in proposals)


def day_of(sent_at: datetime | None, forwarded: str, *, zone: ZoneInfo) -> datetime | None:
    """When a mail was written: on the day of the one that it forwards, where that can be read and is not later.

    `forwarded` is that day as it stood in the mail, in whatever form; a forward weeks later would else make
    "dans 4 jours" a day of its own.
    """
    match = _DAY.search(forwarded[:200])
    before = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
    read = dates.read(match[0].replace(".", " "), now=sent_at or _DATELESS, timezone=zone) if match else None
    plausible = read is not None and before < read and (sent_at is None or read <= sent_at)
    return read if plausible else sent_at


def as_front_matter(proposals: Iterable[Proposal]) -> dict[str, str]:
    """Proposals that were taken, as front matter: of a list all, of any other key the first."""
    head: dict[str, str] = {}
    for proposal in proposals:
        if proposal.key not in head:
            head[proposal.key] = proposal.value
        elif proposal.key in LISTS and proposal.value not in head[proposal.key].split("; "):
            head[proposal.key] += f"; {proposal.value}"
    return head


def _places(reading: Reading) -> Iterator[Proposal]:
    for place in places_in(reading.blocks, reading.text)[:_MOST]:
        sure = place.score >= 5 and not place.notes
        where = around(reading.text, place.start, place.end) if place.end else place.address
        yield Proposal(
            key="Sign_url",
            value=place.address,
            where=where,
            start=place.start,
            end=place.end,
            confidence=Confidence.CERTAIN if sure else Confidence.LIKELY if place.score >= 3 else Confidence.POSSIBLE,
            notes=place.notes,
        )


def _moments(reading: Reading) -> Iterator[Proposal]:
    by_key: dict[str, list[MomentFound]] = {}
    for found in moments_in(reading.text, reading.said):
        if reading.dated or not found.notes:
            by_key.setdefault(found.key, []).append(found)
    for key, moments in by_key.items():
        ranked = sorted(moments, key=lambda found: (-_RANK[found.confidence], len(found.notes)))
        once = {found.when: found for found in reversed(ranked)}
        for found in [found for found in ranked if once[found.when] is found][:_MOST]:
            value = found.when.day.isoformat()
            if found.when.precision is Precision.MINUTE:
                value = found.when.at.isoformat(timespec="minutes")
            yield _told(reading, key, value, (found.start, found.end), found.confidence, found.notes)


def _counts(reading: Reading) -> Iterator[Proposal]:
    found = sorted(counts_in(reading.text), key=lambda one: -_RANK[_sure(reading, one)])
    for number, one in enumerate(found[:_MOST]):
        place, sure = (one.start, one.end), _sure(reading, one)
        old = _of_another_year(reading, one.start, one.end)
        yield _told(reading, "Count", str(one.count.number), place, sure, ("another-year",) if old else ())
        if number or old:
            continue
        yield _told(reading, "Count_qualifier", one.count.qualifier.value, place, sure)
        if one.count.unit:
            yield _told(reading, "Unit", one.count.unit, place, sure)
        yield from _counted_on(reading, place)


def _counted_on(reading: Reading, place: tuple[int, int]) -> Iterator[Proposal]:
    """The day that the sentence names, else the one on which it was said."""
    told = day_in(around(reading.text, *place), reading.said)
    if told is not None:
        yield _told(reading, "Count_date", told.day.isoformat(), place, Confidence.LIKELY)
    elif reading.dated:
        day = reading.said.at.astimezone(reading.said.zone).date().isoformat()
        notes = () if reading.said.known else ("date-supposed",)
        yield _told(reading, "Count_date", day, place, Confidence.LIKELY, notes)


def _sure(reading: Reading, found: CountFound) -> Confidence:
    """A number of another year, or of people in general, may be of another campaign."""
    other = _of_another_year(reading, found.start, found.end)
    return Confidence.LIKELY if found.count.unit and not other else Confidence.POSSIBLE


def _of_another_year(reading: Reading, start: int, end: int) -> bool:
    """Whether the sentence speaks of years, and not of the one in which it was said."""
    years = {int(year) for year in _YEAR.findall(around(reading.text, start, end))}
    return reading.dated and bool(years) and not years & {reading.said.at.year, reading.said.at.year + 1}


def _names(reading: Reading) -> Iterator[Proposal]:
    found = [
        replace(name, confidence=Confidence.POSSIBLE) if _of_another_year(reading, name.start, name.end) else name
        for name in names_in(reading.text)
    ]
    often = Counter((name.key, bare(name.name)) for name in found)
    ranked = sorted(found, key=lambda name: (-_RANK[name.confidence], -often[name.key, bare(name.name)]))
    seen: Counter[str] = Counter()
    once: set[tuple[str, str]] = set()
    for name in ranked:
        same = name.key, bare(name.name)
        if same not in once and seen[name.key] < _MOST:
            once.add(same)
            seen[name.key] += 1
            yield _told(reading, name.key, name.name, (name.start, name.end), name.confidence)


def bare(name: str) -> str:
    """A name without article, case and typography: what two ways of writing it have in common."""
    return " ".join(_ARTICLE.sub("", flat(name).strip()).casefold().split())


def _attacks(reading: Reading) -> Iterator[Proposal]:
    for found in attacks_in(reading.blocks, reading.text):
        yield _told(reading, "Attacks", found.what.replace(";", ","), (found.start, found.end), found.confidence)


def _conditions(reading: Reading) -> Iterator[Proposal]:
    seen: Counter[str] = Counter()
    for found in conditions_in(reading.text):
        seen[found.key] += 1
        if seen[found.key] <= (_MOST_OF_A_LIST if found.key in LISTS else _MOST):
            yield _told(reading, found.key, found.words, (found.start, found.end), found.confidence)


def _source(reading: Reading) -> Iterator[Proposal]:
    for match in _SOURCE.finditer(flat(reading.text)):
        typed = links.BARE.match(reading.text, match.end())
        done = links.clean(links.ended(typed[0])) if typed else None
        if typed and done and done.href and web(done.href):
            notes = tuple(f"tracking-removed: {name}" for name in done.removed)
            sure = Confidence.CERTAIN if match[0].lower().startswith("source") else Confidence.LIKELY
            yield _told(reading, "Source", done.href, (match.start(), typed.end()), sure, notes)
            return


def _told(
    reading: Reading, key: str, value: str, place: tuple[int, int], confidence: Confidence, notes: tuple[str, ...] = ()
) -> Proposal:
    start, end = place
    where = around(reading.text, start, end)
    return Proposal(key=key, value=value, where=where, start=start, end=end, confidence=confidence, notes=notes)


def _stated_by(found: Sequence[Proposal]) -> Iterator[Proposal]:
    """Who states the conditions: the one who leads, until a moderator says otherwise."""
    who = next((one for one in found if one.key == "Organiser"), None)
    if who is not None and any(one.key == "Conditions" for one in found):
        yield Proposal(key="Conditions_by", value=who.value, where=who.where, start=who.start, end=who.end,
                       confidence=Confidence.POSSIBLE, notes=("organiser-supposed",))  # fmt: skip


_RULES: tuple[Callable[[Reading], Iterator[Proposal]], ...] = (
    *(_places, _moments, _counts, _names, _attacks, _conditions, _source),
)
