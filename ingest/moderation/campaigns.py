"""What a contribution would do to the campaigns on the wall: which one it belongs to, what it would change, what was
found in it. Everything is shown with its reason, and nothing is attached or taken before a moderator says so.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import Confidence, Draft, Kind, Proposal
from ingest.moderation import vocabulary
from ingest.moderation.known import known, plain
from ingest.moderation.labels import label
from ingest.relay.addresses import host
from ingest.relay.belonging import (
    CERTAIN,
    Change,
    Known,
    Match,
    belonging,
    changes,
    proposed_update,
    reason_words,
    repairs,
    told_before,
)
from ingest.relay.front import read_relay, read_update, write_update
from ingest.relay.model import Problem, Relay, Update
from ingest.relay.proposals import LISTS
from ingest.relay.sentences import count_words, date_words, when_words
from ingest.relay.signing import look_alike
from ingest.states import WAITING
from ingest.store import ALL, Row, Store
from ingest.words import _

__all__ = ["OF_AN_UPDATE", "WITH_COUNT", "Belongs", "Campaign", "Found", "beside", "campaign", "known", "plain"]

_ASKED = frozenset({Kind.RELAY, Kind.UPDATE})
_CUT = "link-cut: "
OF_AN_UPDATE = frozenset(
    {"Count", "Count_qualifier", "Unit", "Count_date", "Count_source", "Deadline", "Filing", "Filed", "Decision",
     "Outcome", "Outcome_url", "Attacks", "Source", "Source_read", "Posted"}
)  # fmt: skip
"""What an update may tell of its campaign."""
WITH_COUNT = ("Count_qualifier", "Unit", "Count_date", "Count_source")
"""What goes with a count."""
_MOMENTS = frozenset({"Deadline", "Filing", "Filed", "Decision"})
_SURE = {Confidence.POSSIBLE: "peut-être", Confidence.LIKELY: "sans doute", Confidence.CERTAIN: "sûr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A proposal as a moderator reads it."""

    proposal: Proposal
    label: str
    words: str
    """The value for people: a day in words; a count with its unit, its day and how exact it is."""
    sure: str
    notes: tuple[str, ...]
    taken: bool
    """Whether the draft says so already."""
    agrees: bool
    """Whether the campaign has it already, as well or better: then there is nothing to take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongs:
    """A campaign that the contribution may be news of."""

    key: str
    title: str
    certain: bool
    """The very same place to sign."""
    reasons: tuple[str, ...]
    chosen: bool
    """Whether the draft names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """All that is to be said of it."""

    found: tuple[Found, ...]
    belongs: tuple[Belongs, ...]
    changes: tuple[Change, ...]
    """Before and after: by what the draft says where it names its campaign, else by all proposals and the likeliest."""
    supposed: bool
    """Whether `changes` are of the second sort."""
    wanted: tuple[str, ...]
    """What to take so that `changes` come true, as `adopt` wants it; empty where they are of the first sort."""
    told: str
    """That it was told already, in words; or empty."""
    repairs: tuple[tuple[str, str], ...]
    """Links that the mail has cut, and what they are where a campaign knows them."""
    problems: tuple[str, ...]
    """What of the draft's front matter makes no sense, and a place to sign that looks like another one."""


def campaign(store: Store, row: Row, *, now: datetime) -> Campaign | None:
    """What a contribution says of campaigns; None where it says nothing, and where it has no draft."""
    if row.digest is None or row.purged == ALL:
        return None
    try:
        draft, proposals = store.draft(row.id, row.digest), store.facts(row.id).proposals
    except (Refused, BadMessage, Unavailable):
        return None
    if not (proposals or draft.kind in _ASKED or (row.state in WAITING and draft.kind is not Kind.COMMAND)):
        return None
    campaigns = known(store, but=row)
    matches = (
        () if draft.kind is Kind.RELAY else belonging(plain(f"{draft.title}\n\n{draft.body}"), proposals, campaigns)
    )
    if not (proposals or matches or draft.kind in {Kind.RELAY, Kind.UPDATE}):
        return None
    zone = ZoneInfo(store.settings.wall.timezone)
    chosen, update, supposed = _update(draft, proposals, matches, campaigns, zone)
    agreed = _agreed(chosen, proposals, zone)
    differs = changes(chosen, update, proposals=proposals, now=now, zone=zone) if chosen and update else ()
    return Campaign(
        found=tuple(_found(one, proposals, draft, agreed, zone) for one in proposals if _is_shown(one, draft)),
        belongs=tuple(_belongs(match, campaigns, draft) for match in matches),
        changes=tuple(replace(change, key=label(change.key)) for change in differs),
        supposed=supposed,
        wanted=_wanted(chosen, update) if supposed and chosen and update else (),
        told=_told(draft, proposals, campaigns),
        repairs=_repaired(row, chosen),
        problems=_problems(draft, campaigns, zone, sought=bool(matches)),
    )


def _is_shown(one: Proposal, draft: Draft) -> bool:
    """What goes with a count is shown with it."""
    return one.key not in WITH_COUNT and (draft.kind is not Kind.UPDATE or one.key in OF_AN_UPDATE)


def beside(count: Proposal, proposals: Iterable[Proposal]) -> dict[str, str]:
    """What was found of a count at the very same place: its unit, its day, how exact it is."""
    place = (count.start, count.end, count.where)
    found = (one for one in proposals if one.key in WITH_COUNT and (one.start, one.end, one.where) == place)
    return {one.key: one.value for one in found}


def _words(one: Proposal, proposals: Sequence[Proposal], zone: ZoneInfo) -> str:
    if one.key == "Count":
        told, _problems = read_update({one.key: one.value, **beside(one, proposals)}, zone=zone)
        return count_words(told.count) if told.count else one.value
    if one.key in _MOMENTS:
        known, _problems = read_update({one.key: one.value}, zone=zone)
        when = next(filter(None, (known.deadline, known.filing, known.filed, known.decided)), None)
        if when is not None:
            return when_words(when)
    try:
        return date_words(date.fromisoformat(one.value)) if len(one.value) == len("2022-09-24") else one.value
    except ValueError:
        return one.value


def _agreed(chosen: Known | None, proposals: Sequence[Proposal], zone: ZoneInfo) -> frozenset[str]:
    """The moments that the campaign has already: taking a day would replace an hour that is known."""
    if chosen is None:
        return frozenset()
    new = write_update(proposed_update(chosen, proposals, zone=zone))
    return frozenset(one.key for one in proposals if one.key in _MOMENTS and one.key not in new)


def _wanted(chosen: Known, update: Update) -> tuple[str, ...]:
    told = write_update(update)
    return (f"Update_of={chosen.key}", *(key for key in told if key in OF_AN_UPDATE and key not in WITH_COUNT))


def _found(one: Proposal, proposals: Sequence[Proposal], draft: Draft, agreed: Container[str], zone: ZoneInfo) -> Found:
    values = draft.extra.get(one.key, "")
    taken = one.value in values.split("; ") if one.key in LISTS else one.value == values
    notes = vocabulary.all_told(one.notes)
    return Found(
        proposal=one,
        label=label(one.key),
        words=_words(one, proposals, zone),
        sure=_(_SURE[one.confidence]),
        notes=notes,
        taken=taken,
        agrees=one.key in agreed and not taken,
    )


def _belongs(match: Match, campaigns: Iterable[Known], draft: Draft) -> Belongs:
    return Belongs(
        key=match.key,
        title=next(one.title for one in campaigns if one.key == match.key),
        certain=match.score >= CERTAIN,
        reasons=tuple(map(reason_words, match.reasons)),
        chosen=draft.extra.get("Update_of", "").lower() == match.key,
    )


def _update(
    draft: Draft, proposals: Sequence[Proposal], matches: Sequence[Match], campaigns: Sequence[Known], zone: ZoneInfo
) -> tuple[Known | None, Update | None, bool]:
    """The campaign, what is said of it, and whether that is only supposed."""
    named = draft.extra.get("Update_of", "").lower()
    by_key = {one.key: one for one in campaigns}
    if draft.kind is Kind.UPDATE and named in by_key:
        update, _left_out = read_update(draft.extra, zone=zone)
        return by_key[named], update, False
    if draft.kind is Kind.UPDATE and not named and matches:
        best = by_key[matches[0].key]
        return best, proposed_update(best, proposals, zone=zone), True
    return None, None, False


def _told(draft: Draft, proposals: Sequence[Proposal], campaigns: Sequence[Known]) -> str:
    if draft.kind is Kind.RELAY:
        return ""
    permalink = next((one.value for one in proposals if one.key == "Source"), draft.extra.get("Source", ""))
    told = told_before(plain(draft.body), permalink, campaigns)
    if told is None:
        return ""
    if told.why == "permalink":
        return _("déjà relayé : {key} vient de la même adresse").format(key=told.key)
    return _("déjà relayé, sans doute : {share} % du texte est déjà dans {key}").format(share=told.share, key=told.key)


def _repaired(row: Row, chosen: Known | None) -> tuple[tuple[str, str], ...]:
    cut = [word.removeprefix(_CUT) for word in row.warnings if word.startswith(_CUT)]
    return tuple(repairs(cut, chosen).items()) if chosen and cut else ()


def _asks(problem: Problem, *, sought: bool) -> bool:
    """That no campaign is named yet goes without saying where some are proposed."""
    return sought and problem.key == "Update_of" and not problem.value


def _problems(draft: Draft, campaigns: Sequence[Known], zone: ZoneInfo, *, sought: bool) -> tuple[str, ...]:
    left_out: tuple[Problem, ...] = ()
    relay = Relay()
    if draft.kind is Kind.RELAY:
        relay, left_out = read_relay(draft.extra, zone=zone)
    elif draft.kind is Kind.UPDATE:
        _read, left_out = read_update(draft.extra, zone=zone)
    told = [
        _("{key} : {message}").format(key=label(it.key), message=it.message)
        for it in left_out
        if not _asks(it, sought=sought)
    ]
    hosts = {host(address) for one in campaigns for address in (one.relay.sign_url, one.relay.organiser_url)} - {""}
    if like := look_alike(host(relay.sign_url), hosts) if relay.sign_url else "":
        told.append(_("l’adresse pour signer ressemble à {other} sans être la même").format(other=like))
    return tuple(told)
