"""Proposals taken into a draft by a moderator: its front matter says then what was found, and nothing else changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ingest.errors import Refused
from ingest.model import ContributionId, Digest, Draft, Kind, Proposal
from ingest.moderation.campaigns import OF_AN_UPDATE, WITH_COUNT, beside, campaign
from ingest.moderation.edit import edit
from ingest.moderation.labels import label
from ingest.publication.article import document
from ingest.relay.proposals import LISTS
from ingest.store import Row, Store
from ingest.words import _

UPDATE_OF = "Update_of"


def adopt(
    store: Store, id_: ContributionId, wanted: Sequence[str], *, seen: Digest, by: str, channel: str, at: datetime
) -> Row:
    """Take proposals into the draft, provided that it is still `seen`.

    Each of `wanted` is a key (`Deadline`: its likeliest proposal, of a list all of them) or `Deadline=2022-09-24`,
    which has to be one that was proposed. `Update_of` is the campaign that it belongs to, and makes it an update; a
    count brings its unit, its day and how exact it is. Raises `Refused` for what nobody proposed, and where the draft
    changed in between; `Unavailable`.
    """
    row = store.find(id_)
    found = campaign(store, row, now=at)
    if found is None:
        raise Refused(_("rien n’est proposé pour cette contribution"))
    draft = store.draft(id_, seen)
    proposals = store.facts(id_).proposals
    matches = tuple(one.key for one in found.belongs)
    for word in wanted:
        key, _equals, value = word.partition("=")
        draft = _belonging(draft, matches, value) if key == UPDATE_OF else _taken(draft, proposals, key, value)
    return edit(store, id_, document(draft), seen=seen, by=by, channel=channel, at=at)


def _belonging(draft: Draft, matches: Sequence[str], value: str) -> Draft:
    key = value or next(iter(matches), "")
    if key not in matches:
        raise Refused(_("aucun relais de ce nom n’est proposé"))
    kept = {name: told for name, told in draft.extra.items() if name in OF_AN_UPDATE}
    return replace(draft, kind=Kind.UPDATE, extra={UPDATE_OF: key, **kept})


def _taken(draft: Draft, proposals: Sequence[Proposal], key: str, value: str) -> Draft:
    mine = [one for one in proposals if one.key == key and value in {"", one.value}]
    if draft.kind is Kind.UPDATE and key not in OF_AN_UPDATE:
        mine = []
    if not mine:
        raise Refused(_("« {key} » : rien de tel n’est proposé").format(key=label(key)))
    extra = dict(draft.extra)
    if key in LISTS:
        there = extra.get(key, "").split("; ")
        extra[key] = "; ".join(dict.fromkeys(filter(None, (*there, *(one.value for one in mine)))))
    else:
        extra[key] = mine[0].value
    if key == "Count":
        extra = {name: told for name, told in extra.items() if name not in WITH_COUNT}
        extra |= beside(mine[0], proposals)
    kind = Kind.RELAY if key == "Sign_url" and draft.kind is Kind.ARTICLE else draft.kind
    return replace(draft, kind=kind, extra=extra)
