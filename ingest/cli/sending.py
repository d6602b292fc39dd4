"""`mur send`, `mur outbox`: letters that leave, and how each of them fared."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.progress import Progress

from ingest.cli.fediverse import post_statuses
from ingest.cli.wall import WallContext, with_wall
from ingest.errors import MurError
from ingest.store import Store
from ingest.store.letters import SENDING, WAITING
from ingest.store.outbox import DROPPED, ENDED, FAILED, OPEN, SENT, Posted
from ingest.words import _

_FEW = 3
_SHOWN = 50
_STATES = {
    WAITING: "attend",
    SENDING: "en cours",
    SENT: "partie",
    FAILED: "refusée",
    DROPPED: "abandonnée",
}
_COUNTED = {WAITING: "remises à plus tard", SENT: "parties", FAILED: "refusées", DROPPED: "abandonnées"}
_AUDIENCES = {"moderator": "modération", "sender": "contributeur·rice", "follower": "abonné·e", "fediverse": "fédivers"}


@click.command("send")
@click.option("--alarms", is_flag=True, help="Écrire d’abord à l’administration ce qui ne va pas, une fois par jour.")
@with_wall
def send_command(wall: WallContext, *, alarms: bool) -> None:
    """Envoie les lettres qui attendent, et ce qui attend pour le fédivers ; « mur poll » le fait aussi, de lui-même."""
    from ingest.correspondence.alarm import raise_alarms
    from ingest.correspondence.audience import sends
    from ingest.correspondence.digest import post_digests
    from ingest.correspondence.following.due import post_due
    from ingest.correspondence.sending import Round, send_due
    from ingest.fediverse.rules import active

    problem = post_statuses(wall)
    if not sends(wall.settings):
        if active(wall.settings):
            _raise(problem)
            return
        click.echo(_("rien ne part de ce mur : [outgoing] host est vide, ou le mur n’a pas d’adresse"))
        return
    done = Round()
    with wall.store() as store:
        if alarms:
            raise_alarms(wall.settings, store, now=wall.now)
        post_digests(wall.settings, store, now=wall.now)
        post_due(wall.settings, store, now=wall.now)
        try:
            with _progress(store, wall.now) as step:
                send_due(wall.settings, store, now=lambda: wall.now, tell=lambda *_told: step(), into=done)
        finally:
            click.echo(_summary(done.ended))
    _raise(done.problem or problem)


def _raise(problem: MurError | None) -> None:
    """What went wrong with one of the two, once the other was tried."""
    if problem:
        raise problem


@contextmanager
def _progress(store: Store, now: datetime) -> Iterator[Callable[[], None]]:
    """A bar on standard error, where somebody looks and there is more than a little to do."""
    console = Console(stderr=True)
    number = sum(1 for letter in store.letters() if letter.due_at <= now)
    with Progress(console=console, transient=True, disable=number <= _FEW or not console.is_terminal) as bar:
        task = bar.add_task(_("Envoi"), total=number)
        yield lambda: bar.advance(task)


def _summary(ended: dict[str, int]) -> str:
    said = ", ".join(f"{_(_COUNTED[state])} : {number}" for state, number in ended.items())
    return said or _("rien à envoyer")


@click.command("outbox")
@click.option("--json", "as_json", is_flag=True, help="Une liste d’objets JSON, de tout ce qui est encore connu.")
@with_wall
def outbox_command(wall: WallContext, *, as_json: bool) -> None:
    """Montre les lettres qui attendent, et comment les dernières ont fini."""
    with wall.store(readonly=True) as store:
        names = {store.who(one.address): one.name for one in wall.settings.moderators} if store.has_key else {}
        if as_json:
            table = [_object(letter, names) for letter in store.letters((*OPEN, *ENDED))]
            click.echo(json.dumps(table, ensure_ascii=False, indent=1))
            return
        shown = (*store.letters(), *store.letters(ENDED, limit=_SHOWN))
    zone = ZoneInfo(wall.settings.wall.timezone)
    for letter in shown:
        click.echo(_line(letter, names, zone))
    if not shown:
        click.echo(_("aucune lettre"))


def _line(letter: Posted, names: dict[str, str], zone: ZoneInfo) -> str:
    at = (letter.ended_at or letter.due_at).astimezone(zone)
    who = names.get(letter.who) or _(_AUDIENCES.get(letter.audience, letter.audience))
    about = f" {letter.contribution[:8]}" if letter.contribution else ""
    tried = _(" ({said}, {n} essais)").format(said=letter.said, n=letter.attempts) if letter.said else ""
    return f"{at:%d/%m/%Y %H:%M}  {_(_STATES[letter.state]):<10}  {letter.kind}{about} → {who}{tried}"


def _object(letter: Posted, names: dict[str, str]) -> dict[str, object]:
    ended = letter.ended_at.isoformat(timespec="seconds") if letter.ended_at else None
    return {
        "id": letter.id,
        "kind": letter.kind,
        "audience": letter.audience,
        "moderator": names.get(letter.who),
        "contribution": letter.contribution,
        "state": letter.state,
        "said": letter.said,
        "attempts": letter.attempts,
        "created_at": letter.created_at.isoformat(timespec="seconds"),
        "due_at": letter.due_at.isoformat(timespec="seconds"),
        "ended_at": ended,
    }
