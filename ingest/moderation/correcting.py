"""A draft as the fields of a form, and back. Pure: what a moderator typed is text till the gate of the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.errors import Refused
from ingest.model import Draft, Kind, Markdown
from ingest.moderation.pictures import described, ordered, shown
from ingest.publication.article import one_line
from ingest.words import _

LABELS = {
    "Organiser": "Qui mène la campagne",
    "Organiser_url": "Son adresse sur le web",
    "Sign_url": "Où signer",
    "Deadline": "Jusqu’à quand (2022-09-24T23:59+02:00)",
    "Filed": "Déposée le",
    "Count": "Signatures",
    "Count_date": "Comptées le",
    "Target": "Devant qui",
    "Conditions": "À savoir",
    "Source": "Où l’on a lu l’appel",
    "Start": "Début du rendez-vous (2022-06-25T21:30+02:00)",
    "End": "Fin",
    "Place": "Lieu",
}
"""What the front matter of relays and events is called, in the order of the form."""
LINE = 300
VALUE = 2_000
"""Of the front matter: an address may be long, and a list is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A picture where it stands in the text: which, what it is called, and its place."""

    name: str
    alt: str
    place: int


def slots(draft: Draft) -> tuple[Slot, ...]:
    """The pictures of a draft, the first with place 1."""
    return tuple(Slot(name=it.name, alt=it.alt, place=n) for n, it in enumerate(shown(draft.body), start=1))


def corrected(draft: Draft, form: Mapping[str, str], zone: ZoneInfo) -> Draft:
    """`draft` with what a form says; a field that it has not stays.

    `alt-N` and `place-N` are those of the N-th picture of the body that is sent, as it was sent. Raises `Refused` for
    a kind or a date that is none.
    """
    body = Markdown(form["body"].replace("\r\n", "\n").replace("\r", "\n")) if "body" in form else draft.body
    typed = {key: one_line(form[f"extra-{key}"])[:VALUE] for key in LABELS if f"extra-{key}" in form}
    extra = {**draft.extra, **typed}
    return replace(
        draft,
        title=one_line(form.get("title", draft.title))[:LINE],
        byline=one_line(form.get("byline", draft.byline))[:LINE],
        tags=_tags(form) if "tags" in form else draft.tags,
        kind=_kind(form.get("kind", draft.kind.value)),
        not_before=_moment(form["moment"], zone) if "moment" in form else draft.not_before,
        body=_pictured(body, form),
        extra={key: value for key, value in extra.items() if value},
    )


def _pictured(body: Markdown, form: Mapping[str, str]) -> Markdown:
    """Its descriptions and its order, as far as the form names the pictures that stand there."""
    found = shown(body)
    alts = {it.name: form[f"alt-{n}"] for n, it in enumerate(found, start=1) if form.get(f"name-{n}") == it.name}
    unchanged = {it.name for n, it in enumerate(found, start=1) if form.get(f"was-{n}") == form.get(f"alt-{n}")}
    body = described(body, {name: alt for name, alt in alts.items() if name not in unchanged})
    places = [form.get(f"place-{n}", "") for n in range(1, len(found) + 1)]
    if all(place.isascii() and place.isdecimal() and len(place) < 4 for place in places):
        return ordered(body, [int(place) for place in places])
    return body


def _tags(form: Mapping[str, str]) -> tuple[str, ...]:
    """Those of the line, and the one that was chosen beside it."""
    named = (*form["tags"].split(","), form.get("tag-more", ""))
    return tuple(dict.fromkeys(filter(None, (one_line(tag.replace(",", " "))[:80] for tag in named))))[:30]


def _kind(word: str) -> Kind:
    if word not in set(Kind):
        raise Refused(_("ce genre n’existe pas"))
    return Kind(word)


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(_("la date s’écrit comme 2022-06-12T18:00")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
