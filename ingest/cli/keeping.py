"""`mur erase`, `export`, `tidy`, `backup` and `restore`: keeping and forgetting."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.states import State
from ingest.store import Row, Store
from ingest.words import _, ngettext


def _report(line: str) -> None:
    click.echo(f"mur: {line}", err=True)


@click.command("erase")
@click.argument("wanted", metavar="ID|ADRESSE")
@click.option("--yes", is_flag=True, help="Ne rien demander.")
@with_wall
def erase_command(wall: WallContext, wanted: str, *, yes: bool) -> None:
    """Efface une contribution partout, ou toutes celles d’une adresse ; ne s’annule pas."""
    from ingest.keeping.erase import erase

    with wall.store() as store:
        rows = store.from_sender(wanted) if "@" in wanted else (store.find(wanted),)
        fresh = tuple(row for row in rows if row.state is not State.ERASED)
        if fresh:
            _list(wall, store, fresh)
        if fresh and not yes and sys.stdin.isatty():
            click.confirm(_("Effacer pour toujours ?"), abort=True)
        left = store.forget_followers([one.id for one in store.follows(wanted)]) if "@" in wanted else 0
        erase(wall.settings, store, rows, by=wall.by, channel="cli", now=wall.now, report=_report)
        if left:
            store.scrub()
    click.echo(ngettext("{n} contribution effacée", "{n} contributions effacées", len(fresh)).format(n=len(fresh)))
    if left:
        click.echo(ngettext("{n} abonnement effacé", "{n} abonnements effacés", left).format(n=left))


def _list(wall: WallContext, store: Store, rows: Sequence[Row]) -> None:
    """What is about to go, on standard error: titles do not belong into the output of a script."""
    from ingest.moderation.queue import item

    zone = ZoneInfo(wall.settings.wall.timezone)
    for row in rows:
        day = row.received_at.astimezone(zone)
        click.echo(f"{row.id[:8]}  {day:%d/%m/%Y}  {row.state.value}  {item(store, row).title}", err=True)


@click.command("export")
@click.argument("address", metavar="ADRESSE")
@click.option(
    "-o", "--output", "target", type=click.Path(path_type=Path), help="Un fichier .zip ou .json, ou un dossier."
)
@with_wall
def export_command(wall: WallContext, address: str, target: Path | None) -> None:
    """Donne tout ce qui est gardé d’une adresse ; par défaut dans un zip, ici."""
    from ingest.keeping.export import export

    target = target or Path(f"export-{wall.now:%Y%m%d-%H%M%S}.zip")
    with wall.store(readonly=True) as store:
        number = export(wall.settings, store, address, target, now=wall.now)
    words = ngettext("{n} contribution, dans {path}", "{n} contributions, dans {path}", number)
    click.echo(words.format(n=number, path=target))


@click.command("tidy")
@with_wall
def tidy_command(wall: WallContext) -> None:
    """Enlève ce qui a passé l’âge que dit [keeping], et finit les effacements interrompus."""
    from ingest.keeping.erase import finish
    from ingest.keeping.tidy import tidy

    with wall.store() as store:
        done = tidy(wall.settings, store, now=wall.now, report=_report)
        finish(wall.settings, store, now=wall.now, report=_report)
    click.echo(_("courriels d’origine : {mails} ; dossiers : {folders}").format(mails=done.mails, folders=done.folders))


@click.command("backup")
@click.argument("target", metavar="FICHIER", type=click.Path(dir_okay=False, path_type=Path))
@with_wall
def backup_command(wall: WallContext, target: Path) -> None:
    """Copie tout l’état du mur dans un fichier tar, pendant que tout continue."""
    from ingest.keeping.backup import backup

    with wall.store() as store:
        number = backup(wall.settings, store, target, report=_report)
    click.echo(ngettext("{n} fichier, dans {path}", "{n} fichiers, dans {path}", number).format(n=number, path=target))


@click.command("restore")
@click.argument("source", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Remplacer ce qui est déjà là.")
@with_wall
def restore_command(wall: WallContext, source: Path, *, force: bool) -> None:
    """Remet une sauvegarde en place, sur un mur qui n’a encore rien pris."""
    from ingest.keeping.backup import restore
    from ingest.keeping.erase import finish

    done = restore(wall.settings, source, now=wall.now, force=force, report=_report)
    with wall.store() as store:
        finish(wall.settings, store, now=wall.now, report=_report)
    for path in done.set_aside:
        _report(_("mis de côté : {path}").format(path=path))
    words = ngettext("{n} fichier remis", "{n} fichiers remis", done.files)
    click.echo(_("{words} ; « mur publish » remet le site en ligne").format(words=words.format(n=done.files)))
