"""What letters to followers have in common: whether there are any, the fields of a list, and the short ones of them.

Every letter says how to leave, in its text and in its header; the address to leave by is known to nobody else.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from ingest.correspondence.audience import from_address, sends
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.model import NEWS, ContributionId, Kind
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Row, Store
from ingest.store.followers import Follower
from ingest.words import _

CONFIRM, DONE, UNKNOWN = "follow-confirm", "follow-done", "follow-unknown"
_FIELDS = (("Precedence", "bulk"),)
_CODE_LENGTH = 12


def active(settings: Settings) -> bool:
    """Whether anybody can ask for letters: some can be sent, and our own server says who asks."""
    return settings.following.enabled and sends(settings) and bool(settings.mailbox.authserv_id)


def code_of(store: Store, one: Follower) -> str:
    """By which a yes is known whose mail program forgets what it answers; it stands in a subject."""
    return store.keyed("follow-code", one.token)[:_CODE_LENGTH]


def leave_url(settings: Settings, token: str) -> str:
    """Where one press leaves (RFC 8058): empty where the wall has no public address with TLS."""
    url = settings.moderation.url.rstrip("/")
    return f"{url}/quitter/{token}" if urlsplit(url).scheme == "https" else ""


def fields(settings: Settings, one: Follower) -> tuple[tuple[str, str], ...]:
    """List-Id (RFC 2919), List-Unsubscribe (RFC 2369), with one click (RFC 8058) where there is a place to click at."""
    address = settings.wall.address.strip() or from_address(settings)
    url = leave_url(settings, one.token)
    ways = [f"<{url}>"] if url else []
    ways.append(f"<mailto:{address}?subject=STOP%20{one.token}>")
    local, _at, domain = address.partition("@")
    told = (("List-Id", f"<suivre.{local}.{domain}>"), *_FIELDS, ("List-Unsubscribe", ", ".join(ways)))
    return (*told, ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")) if url else told


def topic_words(store: Store, topic: str) -> str:
    """What somebody follows, as a sentence goes on: "les nouveaux messages du mur"."""
    kind, _colon, name = topic.partition(":")
    if kind == "tag":
        return _("les nouveaux messages rangés sous « #{tag} »").format(tag=name.replace(" ", "-"))
    if kind == "relay":
        row = relay_row(store, topic)
        title = title_of(store, row) if row else f"mur-{name}"
        return _("l’appel « {title} » (mur-{number})").format(title=title, number=name)
    return _("les nouveaux messages du mur")


def relay_row(store: Store, topic: str) -> Row | None:
    """The campaign of a topic, if it is online."""
    number = topic.partition(":")[2]
    found = (row for row in store.rows({State.PUBLISHED}, kind=Kind.RELAY) if str(row.number) == number)
    return next(found, None)


def title_of(store: Store, row: Row) -> str:
    """As it is online."""
    return store.draft(ContributionId(row.id), row.published_digest).title or _("Sans titre")


def confirm(case: Case) -> Filled | Unsent:
    """Once, to whoever asked: only an answer makes them a follower."""
    one = case.store.follower(case.letter.who)
    if one is None or one.confirmed_at is not None:
        return Unsent(why="confirmed")
    return Filled(values={**common(case, one), "code": f"suivre-{code_of(case.store, one)}"})


def done(case: Case) -> Filled | Unsent:
    """That it is noted, what will come, how to leave."""
    one = case.store.follower(case.letter.who)
    if one is None:
        return Unsent(why="left")
    values = {**common(case, one), "is_relay": one.topic.startswith("relay:")}
    return Filled(values=values, fields=fields(case.settings, one))


def unknown(_case: Case) -> Filled | Unsent:
    """That there is no such campaign to follow."""
    return Filled()


def common(case: Case, one: Follower) -> dict[str, object]:
    """What each of their templates uses."""
    return {
        "topic": topic_words(case.store, one.topic),
        "is_news": one.topic == NEWS,
        "leave_url": leave_url(case.settings, one.token),
        "day": _(_DAYS[case.settings.following.day]),
        "address": case.settings.wall.address.strip() or from_address(case.settings),
    }


_DAYS = {
    "monday": "lundi",
    "tuesday": "mardi",
    "wednesday": "mercredi",
    "thursday": "jeudi",
    "friday": "vendredi",
    "saturday": "samedi",
    "sunday": "dimanche",
}
