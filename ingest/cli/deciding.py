"""The decisions, in a terminal: each goes through `ingest.moderation.decide`, as on every channel."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Refused
from ingest.model import Digest
from ingest.moderation.refusals import REASONS, letter
from ingest.moderation.vocabulary import SENT_BACK
from ingest.states import Action, State
from ingest.words import _

_DONE = {
    State.HELD: "de nouveau en attente",
    State.DEFERRED: "remis à plus tard",
    State.ACCEPTED: "accepté ; « mur publish » le met en ligne",
    State.PUBLISHED: "en ligne",
    State.REJECTED: "refusé",
    State.DISCARDED: "écarté",
    State.SPAM: "noté comme indésirable",
    State.WITHDRAWN: "retiré ; « mur publish » l’enlève du site",
    State.QUARANTINED: "de nouveau en quarantaine",
}


def _decide(
    wall: WallContext,
    ids: tuple[str, ...],
    action: Action,
    *,
    note: str = "",
    at: str | None = None,
    seen: str | None = None,
) -> None:
    from ingest.moderation import Decision, decide, outcome, waits_for_second

    failed: list[str] = []
    with wall.store() as store:
        for wanted in ids:
            try:
                row = store.find(wanted)
                decision = Decision(
                    id=row.id,
                    action=action,
                    by=wall.by,
                    channel="cli",
                    note=note,
                    at=wall.now,
                    digest=Digest(seen) if seen else row.digest,
                    not_before=_moment(wall, at) if at else None,
                )
                done = decide(store, decision)
                waits = waits_for_second(decision, done)
                click.echo(f"{row.id} : {outcome(decision, done) if waits else _(_DONE[done.state])}")
            except Refused as refusal:
                failed.append(f"{wanted} : {refusal}" if len(ids) > 1 else str(refusal))
    if failed:
        raise Refused("\nmur: ".join(failed))


def _moment(wall: WallContext, text: str, hint: str = "--at") -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise click.BadParameter(f"{text} ; attendu : 2022-06-12 ou 2022-06-12T18:00", param_hint=hint) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(wall.settings.wall.timezone))


_ids = click.argument("ids", nargs=-1, required=True, metavar="ID…")
_seen = click.option("--digest", "seen", help="Empreinte du brouillon lu ; s’il a changé depuis, rien n’est fait.")


@click.command("accept")
@_ids
@_seen
@click.option("--at", metavar="QUAND", help="Ne pas publier avant : 2022-06-12 ou 2022-06-12T18:00.")
@with_wall
def accept_command(wall: WallContext, ids: tuple[str, ...], seen: str | None, at: str | None) -> None:
    """Accepte, pour la prochaine publication."""
    _decide(wall, ids, Action.ACCEPT, at=at, seen=seen)


@click.command("reject")
@_ids
@_seen
@click.option("--reason", default="", metavar="TEXTE", help="Le motif, tel qu’il peut être dit à qui a écrit.")
@click.option("--because", type=click.Choice([one.key for one in REASONS]), help="Un motif prêt ; --reason s’y ajoute.")
@with_wall
def reject_command(
    wall: WallContext, ids: tuple[str, ...], seen: str | None, *, reason: str, because: str | None
) -> None:
    """Refuse, avec un motif."""
    note = letter(because or "", reason)
    if not note:
        raise click.UsageError(_("dites pourquoi : --reason TEXTE, ou --because MOTIF"))
    _decide(wall, ids, Action.REJECT, note=note, seen=seen)


@click.command("defer")
@_ids
@_seen
@click.option("--until", metavar="QUAND", help="Jusqu’à quand : 2022-06-12 ou 2022-06-12T18:00.")
@click.option("--ask", default="", metavar="TEXTE", help="Ce qui est demandé à qui l’a écrite.")
@with_wall
def defer_command(wall: WallContext, ids: tuple[str, ...], seen: str | None, *, until: str | None, ask: str) -> None:
    """Remet à plus tard, ou renvoie à qui l’a écrite en demandant quelque chose."""
    at = _moment(wall, until, "--until").isoformat() if until else None
    note = f"{SENT_BACK}: {ask.strip()}" if ask.strip() else ""
    _decide(wall, ids, Action.DEFER, note=note, at=at, seen=seen)


def _with_flood(action: Action, words: str) -> click.Command:
    @click.command(action.value, help=words)
    @click.argument("ids", nargs=-1, metavar="[ID…]")
    @_seen
    @click.option("--flood", is_flag=True, help="Tout ce qui a été mis de côté parce qu’il y en avait trop.")
    @with_wall
    def command(wall: WallContext, ids: tuple[str, ...], seen: str | None, *, flood: bool) -> None:
        if flood == bool(ids):
            raise click.UsageError(_("dites lesquelles, ou --flood"))
        with wall.store(readonly=True) as store:
            apart = store.rows(apart=True) if flood else ()
        if flood and not apart:
            click.echo(_("Rien n’est mis de côté."))
        else:
            _decide(wall, ids or tuple(row.id for row in apart), action, seen=seen)

    return command


def _plain(action: Action, words: str) -> click.Command:
    @click.command(action.value, help=words)
    @_ids
    @_seen
    @with_wall
    def command(wall: WallContext, ids: tuple[str, ...], seen: str | None) -> None:
        _decide(wall, ids, action, seen=seen)

    return command


discard_command = _with_flood(Action.DISCARD, "Écarte sans rien dire.")
spam_command = _with_flood(Action.SPAM, "Note comme indésirable.")
withdraw_command = _plain(Action.WITHDRAW, "Retire, aussi après publication.")
undo_command = _plain(Action.UNDO, "Annule la dernière décision, aussi après publication.")


@click.command("take")
@click.argument("contribution", metavar="ID")
@with_wall
def take_command(wall: WallContext, contribution: str) -> None:
    """Dit que vous vous en occupez."""
    from ingest.moderation import take

    with wall.store() as store:
        row = take(store, store.find(contribution).id, by=wall.by, channel="cli", at=wall.now)
        click.echo(_("{id} : {who} s’en occupe").format(id=row.id, who=row.claimed_by))


@click.command("release")
@click.argument("contribution", metavar="ID")
@with_wall
def release_command(wall: WallContext, contribution: str) -> None:
    """Dit que vous ne vous en occupez plus."""
    from ingest.moderation import release

    with wall.store() as store:
        row = release(store, store.find(contribution).id, by=wall.by, channel="cli", at=wall.now)
        click.echo(_("{id} : libre").format(id=row.id))
