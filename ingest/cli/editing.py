"""`mur edit` and `mur keep`: a draft made better before it is decided on."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Refused
from ingest.publication.article import document
from ingest.states import PROJECTED
from ingest.store import Row
from ingest.words import _


@click.command("edit")
@click.argument("contribution", metavar="ID")
@click.option(
    "--from", "source", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Lire le texte ici."
)
@with_wall
def edit_command(wall: WallContext, contribution: str, source: Path | None) -> None:
    """Corrige le brouillon dans $EDITOR, ou le remplace par un fichier."""
    from ingest.moderation import edit

    with wall.store() as store:
        row = store.find(contribution)
        if row.digest is None:
            raise Refused(_("{id} n’a pas de brouillon à corriger").format(id=row.id))
        before = document(store.draft(row.id))
        after = _read(source) if source else click.edit(before, extension=".md")
        if after is None or after == before:
            click.echo(_("{id} : rien n’a changé").format(id=row.id))
            return
        if not after.strip():
            raise Refused(_("le texte est vide : rien n’a changé"))
        edited = edit(store, row.id, _with_head(before, after), seen=row.digest, by=wall.by, channel="cli", at=wall.now)
        click.echo(_("{id} : corrigé").format(id=edited.id))
        _waits(edited)


def _read(source: Path) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused(_("{path} n’est pas un texte en UTF-8").format(path=source)) from None


def _waits(row: Row) -> None:
    """What was accepted stays what was accepted: say so, or the correction would be thought to be online."""
    if row.state in PROJECTED and row.digest != row.accepted_digest:
        click.echo(_("ce qui a été accepté ne change pas avant « mur accept {id} »").format(id=row.id[:8]))


def _with_head(before: str, after: str) -> str:
    """A file that begins with no `Title:` is a new body alone: the head stays."""
    if after.startswith("Title:"):
        return after
    return before.partition("\n\n")[0] + "\n\n" + after


@click.command("keep")
@click.argument("contribution", metavar="ID")
@click.argument("piece", metavar="PIECE", type=int)
@with_wall
def keep_command(wall: WallContext, contribution: str, piece: int) -> None:
    """Remet dans le brouillon un morceau retiré ; PIECE est son numéro dans « mur show »."""
    from ingest.moderation import keep

    with wall.store() as store:
        row = keep(store, store.find(contribution).id, piece, by=wall.by, channel="cli", at=wall.now)
        click.echo(_("{id} : le morceau {piece} est remis").format(id=row.id, piece=piece))
        _waits(row)
