"""`mur publish`: what was accepted becomes pages."""

from __future__ import annotations

import sys
from contextlib import nullcontext

import click
from rich.console import Console

from ingest.cli.wall import WallContext, with_wall
from ingest.words import _, ngettext


@click.command("publish")
@with_wall
def publish_command(wall: WallContext) -> None:
    """Met en ligne ce qui est accepté : écrit content/, construit le site, vérifie, échange."""
    from ingest.publication.publish import publish

    console = Console(stderr=True)
    with wall.store() as store, console.status(_("Publication…")) if sys.stderr.isatty() else nullcontext():
        done = publish(wall.settings, store, now=wall.now, report=lambda line: click.echo(line, err=True))
    for line in done.warnings:
        click.echo(f"mur: {line}", err=True)
    click.echo(ngettext("{n} article en ligne", "{n} articles en ligne", done.articles).format(n=done.articles))
