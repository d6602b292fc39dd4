"""Which of the relays that are known a text belongs to, what it would change, and whether it was told before. Pure.

Everything is a proposal with its reasons: a moderator attaches an update, never the program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ingest.body.likeness import in_common, likeness
from ingest.model import Proposal
from ingest.relay.addresses import host, same
from ingest.relay.counts import history
from ingest.relay.cut import mended
from ingest.relay.front import read_update
from ingest.relay.model import Precision, Relay, Update, When
from ingest.relay.proposals import as_front_matter, bare
from ingest.relay.sentences import count_words, when_words
from ingest.relay.spans import flat
from ingest.relay.state import current, standing, words
from ingest.words import _

CERTAIN, ENOUGH = 100, 30
"""The score of the very same place to sign; and what is worth a moderator's look."""
_ADDRESS = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,12}(?:/[^\s<>\"«»…)]{0,300})?", re.IGNORECASE)
_NUMBER = re.compile(r"mur-\d{1,9}")
_COMMON = frozenset(
    {*("plainte", "plaintes", "collective", "collectif", "pétition", "signer", "signature", "signatures", "contre"),
     *("recours", "ensemble", "porter", "notre", "votre", "leurs", "toutes", "appel", "mobilisation", "pour", "dans")}
)  # fmt: skip
_REASONS = {
    "sign-url": "même adresse pour signer",
    "sign-host": "même site pour signer",
    "source": "donne la page de la campagne",
    "number": "donne son numéro",
    "organiser": "nomme qui porte la campagne",
    "title": "mêmes mots que le titre",
    "attacks": "s’en prend aux mêmes choses",
    "target": "s’adresse à la même instance",
    "deadline": "même date limite",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A relay that is on the wall, with its history."""

    key: str
    """Its public number, `mur-142`, or its slug: what `Update_of` names it by."""
    title: str
    relay: Relay
    updates: tuple[Update, ...] = ()
    texts: tuple[str, ...] = ()
    """The plain texts of the relay and of its updates."""
    links: tuple[str, ...] = ()
    """Whole addresses that these hold: evidence for links that are cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A relay that a text may belong to."""

    key: str
    score: int
    """100 and more: the same place to sign. Below 30 none is given."""
    reasons: tuple[str, ...]
    """`word: what`; `reason_words` says it in French."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update that tells the same already."""

    key: str
    why: str
    """`permalink` or `likeness`."""
    share: int
    """Per cent of the text in common."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What accepting an update would change, in the words of a page; empty for nothing yet."""

    key: str
    before: str
    after: str
    where: str
    """The sentence that says so, or empty."""


def belonging(text: str, proposals: Sequence[Proposal], known: Iterable[Known]) -> tuple[Match, ...]:
    """The relays that a text may belong to, the likeliest first. Without a reason there is none."""
    found = (_match(text, proposals, one) for one in known)
    return tuple(sorted((match for match in found if match.score >= ENOUGH), key=lambda match: -match.score))


def _match(text: str, proposals: Sequence[Proposal], known: Known) -> Match:
    told = dict(_reasons(text, proposals, known))
    return Match(key=known.key, score=sum(told.values()), reasons=tuple(told))


def _reasons(text: str, proposals: Sequence[Proposal], known: Known) -> Iterator[tuple[str, int]]:
    relay = current(known.relay, known.updates)
    places = {same(address): address for address in (relay.sign_url, *relay.sign_aliases) if address}
    named = {same(address if "://" in address else f"https://{address}") for address in _addresses(text, proposals)}
    if hit := next((place for place in places if place in named), ""):
        yield f"sign-url: {hit}", CERTAIN
    else:
        hosts = {host(address) for address in (*places.values(), relay.organiser_url)} & {
            address.partition("/")[0] for address in named
        } - {""}
        if hosts:
            yield f"sign-host: {min(hosts)}", 25
    pages = {same(address) for address in (relay.source, relay.organiser_url) if urlsplit(address).path.strip("/")}
    if hit := next((page for page in sorted(pages) if page and page in named), ""):
        yield f"source: {hit}", 40
    if _NUMBER.fullmatch(known.key) and re.search(rf"\b{re.escape(known.key)}\b", text, re.IGNORECASE):
        yield f"number: {known.key}", 60
    yield from _by_words(text, relay, known.title)
    deadline = relay.deadline.day.isoformat() if relay.deadline else ""
    if deadline and any(one.key in {"Deadline", "Filing"} and one.value[:10] == deadline for one in proposals):
        yield f"deadline: {deadline}", 20


def _by_words(text: str, relay: Relay, title: str) -> Iterator[tuple[str, int]]:
    plain = _plain(text)
    if relay.organiser and _stands(bare(relay.organiser), plain):
        yield f"organiser: {relay.organiser}", 25
    common = [word for word in dict.fromkeys(_distinctive(title)) if _stands(word, plain)]
    if common:
        yield f"title: {', '.join(common)}", min(30, 12 * len(common))
    attacks = [attack for attack in relay.attacks if _stands(bare(attack), plain)]
    if attacks:
        yield f"attacks: {', '.join(attacks)}", min(24, 8 * len(attacks))
    if relay.target and _stands(bare(relay.target), plain):
        yield f"target: {relay.target}", 6


def _addresses(text: str, proposals: Sequence[Proposal]) -> Iterator[str]:
    yield from (one.value for one in proposals if one.key == "Sign_url")
    yield from (match[0].rstrip(".,;:!?") for match in _ADDRESS.finditer(text))


def _plain(text: str) -> str:
    return " ".join(flat(text).casefold().split())


def _stands(words: str, plain: str) -> bool:
    return bool(words) and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", plain) is not None


def _distinctive(title: str) -> Iterator[str]:
    for word in re.findall(r"[^\W\d_]{5,}", flat(title).casefold()):
        if word not in _COMMON:
            yield word


def reason_words(reason: str) -> str:
    """A reason as a moderator reads it."""
    word, _colon, what = reason.partition(": ")
    return f"{_(_REASONS.get(word, word))} ({what})"


def told_before(text: str, permalink: str, known: Iterable[Known]) -> Told | None:
    """The relay that tells this already: by the address of the post, or by what two texts have in common."""
    sketch = likeness("", text, (), key=b"")
    best: Told | None = None
    for one in known:
        if permalink and same(permalink) in {same(update.source) for update in one.updates}:
            return Told(key=one.key, why="permalink", share=100)
        for other in one.texts:
            its = likeness("", other, (), key=b"")
            share = in_common(sketch, its) if sketch and its else 0
            if share and (best is None or share > best.share):
                best = Told(key=one.key, why="likeness", share=share)
    return best


def repairs(beginnings: Iterable[str], known: Known) -> dict[str, str]:
    """Whole addresses for links that are cut, as far as the relay already knows them: proposals, by their beginning."""
    evidence = (*known.links, known.relay.source, known.relay.sign_url, *known.relay.sign_aliases,
                *(update.source for update in known.updates))  # fmt: skip
    found = {beginning: mended(beginning, evidence) for beginning in beginnings}
    return {beginning: whole for beginning, whole in found.items() if whole}


def proposed_update(known: Known, proposals: Sequence[Proposal], *, zone: ZoneInfo) -> Update:
    """The update that taking every first proposal would make.

    A day on which the relay already has that moment agrees with it, and replaces no hour that is known better.
    """
    update, _problems = read_update(as_front_matter(proposals) | {"Update_of": known.key}, zone=zone)
    relay = current(known.relay, known.updates)
    return replace(
        update,
        deadline=_unless_known(update.deadline, relay.deadline),
        filing=_unless_known(update.filing, relay.filing, relay.filed),
        filed=_unless_known(update.filed, relay.filed),
        decided=_unless_known(update.decided, relay.decided),
    )


def _unless_known(when: When | None, *known: When | None) -> When | None:
    agrees = when and when.precision is Precision.DAY and any(its and its.day == when.day for its in known)
    return None if agrees else when


def changes(
    known: Known, update: Update, *, proposals: Sequence[Proposal] = (), now: datetime, zone: ZoneInfo
) -> tuple[Change, ...]:
    """Before and after, of state, deadline, filing, decision, outcome and count, where they differ."""
    before = current(known.relay, known.updates)
    after = current(known.relay, (*known.updates, update))
    sentence = {one.key: one.where for one in reversed(proposals)}
    rows = (
        ("State", *(words(standing(relay, now, zone=zone)) for relay in (before, after)), ""),
        *(
            (key, *(when_words(when) if when else "" for when in pair), sentence.get(key, ""))
            for key, pair in (
                ("Deadline", (before.deadline, after.deadline)),
                ("Filing", (before.filing, after.filing)),
                ("Filed", (before.filed, after.filed)),
                ("Decision", (before.decided, after.decided)),
            )
        ),
        ("Outcome", before.outcome, after.outcome, sentence.get("Outcome", "")),
        ("Count", _last(known, ()), _last(known, (update,)), sentence.get("Count", "")),
    )
    return tuple(Change(key=key, before=old, after=new, where=at) for key, old, new, at in rows if old != new)


def _last(known: Known, more: tuple[Update, ...]) -> str:
    counts = history(known.relay, (*known.updates, *more))
    return count_words(counts[-1]) if counts else ""
