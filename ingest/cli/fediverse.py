"""`mur fediverse`, and the part of `mur send` that posts statuses."""

from __future__ import annotations

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import MurError
from ingest.words import _

_ENDED = {
    "sent": "postés",
    "waiting": "remis à plus tard",
    "failed": "refusés",
    "dropped": "abandonnés",
    "deleted": "retirés",
}


def post_statuses(wall: WallContext) -> MurError | None:
    """Post and delete what is due, where this wall says anything there, and say so; gives back what went wrong."""
    from ingest.fediverse.posting import Round, post_due
    from ingest.fediverse.rules import active

    if not active(wall.settings):
        return None
    done, problem = Round(), None
    with wall.store() as store:
        try:
            post_due(wall.settings, store, now=lambda: wall.now, into=done)
        except MurError as error:
            problem = error
    if done.ended:
        told = ", ".join(f"{_(_ENDED[how])} : {number}" for how, number in done.ended.items())
        click.echo(_("fédivers : {told}").format(told=told))
    return problem


@click.command("fediverse")
@with_wall
def fediverse_command(wall: WallContext) -> None:
    """Dit sous quel compte ce mur parle au fédivers, et ce qui y est ; ne poste rien."""
    from ingest.fediverse.home import Home
    from ingest.fediverse.rules import active
    from ingest.store.letters import FEDIVERSE

    settings = wall.settings.fediverse
    if not active(wall.settings):
        click.echo(_("ce mur ne dit rien au fédivers : [fediverse] server ou [wall] url est vide"))
        return
    with wall.store(readonly=True) as store:
        waiting = sum(1 for letter in store.letters() if letter.audience == FEDIVERSE)
        standing = store.statuses()
    here = [one for one in standing if one.home == settings.server and one.remote]
    click.echo(_("qui attendent : {waiting} ; en ligne : {n}").format(waiting=waiting, n=len(here)))
    for one in here:
        click.echo(f"  {one.contribution[:8]}  {one.page}  → {one.remote}")
    home = Home(wall.settings)
    words = _("compte @{name} sur {server} : {n} signes, visibilité « {visibility} »")
    most = home.limits().characters
    click.echo(words.format(name=home.account().name, server=settings.server, n=most, visibility=settings.visibility))
