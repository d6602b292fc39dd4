"""`mur publish`: what was accepted becomes pages."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.words import _, ngettext

if TYPE_CHECKING:
    from ingest.publication.leaving_out import LeftOut

_OBJECTS = 100_000
"""What is imported and looked up stays until the end: looking through it again and again finds nothing."""


@click.command("publish")
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    metavar="SECONDES",
    help="Attendre d’autres décisions ; ne rien faire si une publication attend déjà.",
)
@click.option(
    "--due", is_flag=True, help="Seulement si quelque chose attend, ou si l’heure a changé ce que dit le site."
)
@click.option("--all", "whole", is_flag=True, help="Tout reconstruire, sans rien reprendre de la dernière fois.")
@click.option("--no-search", is_flag=True, help="Laisser l’index de la recherche comme il est.")
@with_wall
@click.pass_context
def publish_command(
    ctx: click.Context, wall: WallContext, *, wait: float | None, due: bool, whole: bool, no_search: bool
) -> None:
    """Met en ligne ce qui est accepté : écrit content/, construit le site, vérifie, échange."""
    from ingest.publication.lock import queued

    if due and not _is_due(wall):
        return
    if wait is None:
        ctx.exit(_publish(wall, whole=whole, index=not no_search))
    with queued(wall.settings.paths.state) as begin:
        if begin is None:
            click.echo(_("Une publication attend déjà son tour : elle prendra aussi ce qui vient d’être décidé."))
            return
        time.sleep(wait)
        ctx.exit(_publish(wall, begin=begin, whole=whole, index=not no_search))


def _is_due(wall: WallContext) -> bool:
    from ingest.publication.due import turned

    with wall.store(readonly=True) as store:
        return store.unpublished(wall.now) or turned(wall.settings, wall.now)


def _publish(wall: WallContext, *, whole: bool, index: bool, begin: Callable[[], None] = lambda: None) -> int:
    """The exit code: 1 where something could not go online with the rest."""
    from ingest.publication.early import early

    gc.set_threshold(_OBJECTS)
    settings = wall.settings
    with early() as child, wall.store() as store, _status() if sys.stderr.isatty() else nullcontext():
        from ingest.publication.publish import Way, publish

        way = Way(all=whole, index=index, early=child)
        done = publish(settings, store, now=wall.now, report=_report, begin=begin, way=way)
    for line in done.warnings:
        click.echo(f"mur: {line}", err=True)
    for out in done.left_out:
        click.echo(f"mur: {_told(out)}", err=True)
    click.echo(ngettext("{n} article en ligne", "{n} articles en ligne", done.articles).format(n=done.articles))
    if done.left_out:
        click.echo(f"mur: {_('le reste du site est en ligne')}", err=True)
    return 1 if done.left_out else 0


def _status() -> AbstractContextManager[object]:
    from rich.console import Console  # only for somebody who looks

    return Console(stderr=True).status(_("Publication…"))


def _report(line: str) -> None:
    click.echo(line, err=True)


def _told(out: LeftOut) -> str:
    if not out.number:
        return _("{path} : laissé de côté, tel qu’il est : {message}").format(path=out.path, message=out.message)
    words = _("{number} ({path}) : écarté jusqu’à une nouvelle décision : {message}")
    return words.format(number=out.number, path=out.path, message=out.message)
