"""`mur block`, `unblock` and `blocked`: senders whose mails are refused. An address is never shown."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Refused
from ingest.model import Authenticity
from ingest.store import Row, Store, sender_of
from ingest.words import _, ngettext

_SHOWN = 12
"""Digits of a keyed hash that are shown: enough to tell one from another."""


@click.command("block")
@click.argument("wanted", metavar="ID|ADRESSE")
@click.option("--reason", default="", metavar="TEXTE", help="Pourquoi, pour les autres modérateurs.")
@with_wall
def block_command(wall: WallContext, wanted: str, reason: str) -> None:
    """Refuse désormais les courriels de cette adresse, ou de qui a écrit cette contribution."""
    with wall.store() as store:
        who, proven = _whom(store, wanted)
        store.block(who, proven=proven, by=wall.by, reason=reason, at=wall.now)
    click.echo(_("{who} : bloqué").format(who=who[:_SHOWN]))
    if not proven:
        click.echo(
            _(
                "Rien ne prouvait que ce courriel venait de cette adresse : "
                "les courriels vérifiés de la même adresse passent toujours."
            )
        )


@click.command("unblock")
@click.argument("wanted", metavar="ID|ADRESSE|EMPREINTE")
@with_wall
def unblock_command(wall: WallContext, wanted: str) -> None:
    """Prend de nouveau les courriels de cette adresse ; « mur replay ID » reprend ceux qui ont été refusés."""
    with wall.store() as store:
        try:
            who = _whom(store, wanted)[0]
        except Refused:
            who = wanted.strip().lower()
        done = store.unblock(who)
    words = ngettext(
        "{who} : débloqué ; {n} courriel a été refusé", "{who} : débloqué ; {n} courriels ont été refusés", done.mails
    )
    click.echo(words.format(who=done.who[:_SHOWN], n=done.mails))


@click.command("blocked")
@click.option("--json", "as_json", is_flag=True, help="Une liste JSON.")
@with_wall
def blocked_command(wall: WallContext, *, as_json: bool) -> None:
    """Montre qui est bloqué : une empreinte, depuis quand, par qui, et combien de courriels depuis."""
    with wall.store(readonly=True) as store:
        listed = store.blocked()
    if as_json:
        told = [
            {
                "who": one.who[:_SHOWN],
                "since": one.since.isoformat(timespec="seconds"),
                "by": one.by,
                "reason": one.reason,
                "mails": one.mails,
                "proven": one.proven,
            }
            for one in listed
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    zone = ZoneInfo(wall.settings.wall.timezone)
    for one in listed:
        mails = ngettext("{n} courriel refusé", "{n} courriels refusés", one.mails).format(n=one.mails)
        sure = "" if one.proven else _("seulement s’il n’est pas vérifié")
        day = f"{one.since.astimezone(zone):%d/%m/%Y}"
        click.echo("  ".join(filter(None, (one.who[:_SHOWN], day, one.by, mails, one.reason, sure))))
    if not listed:
        click.echo(_("Personne n’est bloqué."))


def _whom(store: Store, wanted: str) -> tuple[str, bool]:
    """The keyed hash of a sender, and whether it is certain whom it means: a typed address, or a mail vouched for."""
    if "@" in wanted:
        return store.keyed("sender", sender_of(wanted)), True
    row = store.find(wanted)
    if row.sender_key is None:
        raise Refused(_("cette contribution ne dit pas de qui elle est ; donnez l’adresse"))
    return row.sender_key, _vouched(store, row)


def _vouched(store: Store, row: Row) -> bool:
    try:
        return store.facts(row.id).authenticity == Authenticity.PASS
    except Refused:
        return False
