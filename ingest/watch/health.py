"""How a wall is: what the poller and the publisher last did, in numbers and moments. Nothing private. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.settings import Settings
from ingest.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Moments are aware, None for never; each is that of the last time."""

    started_at: datetime | None = None
    """The poller's last start, once or to stay."""
    polled_at: datetime | None = None
    """A look into the whole mailbox that went well."""
    poll_failed_at: datetime | None = None
    poll_failures: int = 0
    """In a row."""
    poll_failure: str = ""
    """The kind of the last one: `Unavailable`, `Misconfigured`."""
    unfiled: int = 0
    """Mails that were taken in that look, which the server would not file away."""
    mail_at: datetime | None = None
    """A mail was taken."""
    mails: Mapping[str, int] = field(default_factory=dict)
    """How many since the file was begun, by outcome (`held`, `refused` …)."""
    waiting: Mapping[str, int] = field(default_factory=dict)
    """How many contributions wait, by state: `held`, `deferred`, `quarantined`, `accepted`."""
    published_at: datetime | None = None
    """A publication that went well."""
    publish_failed_at: datetime | None = None
    publish_failures: int = 0
    """In a row."""
    articles: int = 0
    """Online since then."""


def started(health: Health, *, now: datetime) -> Health:
    """The poller begins."""
    return replace(health, started_at=now)


def polled(health: Health, *, now: datetime, unfiled: int, waiting: Mapping[str, int]) -> Health:
    """After a look that went well."""
    return replace(
        health, polled_at=now, poll_failures=0, poll_failure="", unfiled=unfiled, waiting=dict(sorted(waiting.items()))
    )


def poll_failed(health: Health, *, now: datetime, kind: str) -> Health:
    """After one that did not."""
    return replace(health, poll_failed_at=now, poll_failures=health.poll_failures + 1, poll_failure=kind)


def took(health: Health, *, now: datetime, outcome: str) -> Health:
    """After a mail."""
    mails = {**health.mails, outcome: health.mails.get(outcome, 0) + 1}
    return replace(health, mail_at=now, mails=dict(sorted(mails.items())))


def published(health: Health, *, now: datetime, articles: int) -> Health:
    """After a publication that went well."""
    return replace(health, published_at=now, publish_failures=0, articles=articles)


def publish_failed(health: Health, *, now: datetime) -> Health:
    """After one that did not."""
    return replace(health, publish_failed_at=now, publish_failures=health.publish_failures + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Something that somebody should look into."""

    word: str
    """The same as long as it lasts."""
    says: str


def troubles(health: Health, settings: Settings, *, now: datetime) -> tuple[Trouble, ...]:
    """What somebody should look into; empty where all is well.

    A wall whose mailbox was never looked into says nothing of it: `mur import` feeds it, or it is not there yet.
    """
    said = []
    begun = health.polled_at or health.started_at
    silence = timedelta(minutes=settings.watch.silence_minutes)
    if settings.mailbox.host and begun is not None and now - begun > silence:
        words = _("la boîte aux lettres n’a pas été lue depuis {n} minutes")
        said.append(Trouble(word="silence", says=words.format(n=int((now - begun).total_seconds() // 60))))
    if health.unfiled:
        words = _("le serveur refuse de ranger des courriels déjà pris : {n} restent où ils étaient")
        said.append(Trouble(word="unfiled", says=words.format(n=health.unfiled)))
    if health.publish_failures:
        words = _("la dernière publication a échoué ({n} de suite)")
        said.append(Trouble(word="publication", says=words.format(n=health.publish_failures)))
    return tuple(said)


def alarms(health: Health, settings: Settings, *, now: datetime) -> tuple[str, ...]:
    """The sentences of `troubles`."""
    return tuple(trouble.says for trouble in troubles(health, settings, now=now))


def dump(health: Health) -> bytes:
    """As JSON, a key a line; moments in ISO 8601, UTC."""
    table = {each.name: _plain(getattr(health, each.name)) for each in fields(Health)}
    return (json.dumps(table, ensure_ascii=False, indent=1) + "\n").encode()


def load(data: bytes) -> Health:
    """What `dump` wrote. A key that is missing, unknown or no longer what it was counts as never written."""
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        return Health()
    if not isinstance(table, dict):
        return Health()
    known: dict[str, Any] = {name: read(table.get(name)) for name, read in _READ.items()}
    return Health(**{name: value for name, value in known.items() if value is not None})


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    return dict(value) if isinstance(value, Mapping) else value


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _numbers(value: object) -> dict[str, int] | None:
    if not isinstance(value, dict):
        return None
    return {name: number for name, number in value.items() if _number(number) is not None}


def _word(value: object) -> str | None:
    return value if isinstance(value, str) else None


_READERS = {"datetime | None": _moment, "int": _number, "str": _word, "Mapping[str, int]": _numbers}
_READ = {each.name: _READERS[str(each.type)] for each in fields(Health)}
