"""`mur serve`: the moderators' pages. `mur login-link`: a way in for the day on which no mail goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Misconfigured, Refused
from ingest.words import _

if TYPE_CHECKING:
    from ingest.settings import Settings


@click.command("serve")
@with_wall
def serve_command(wall: WallContext) -> None:
    """Sert les pages de modération, sur cette machine ; un serveur web les met derrière HTTPS (deploy/)."""
    try:
        from ingest.moderation.web import serving
        from ingest.moderation.web.application import close, create_app, warm
    except ModuleNotFoundError as error:
        raise Misconfigured(_("il manque l’extra « web » ({name})").format(name=error.name)) from None
    from ingest.watch import logs
    from ingest.watch.notifying import tell_systemd

    settings = wall.settings
    logs.set_up(settings.watch.log, debug=wall.debug)
    with wall.store() as store:
        app = create_app(settings, store, clock=lambda: wall.now)
        try:
            listening = serving.server(app, port=settings.moderation.port)
            for line in _said(settings, listening.effective_port):
                click.echo(line)
            tell_systemd("READY=1")
            warm(app, wall.now)
            serving.serve(listening)
        finally:
            close(app)


def _said(settings: Settings, port: int) -> tuple[str, ...]:
    from ingest.correspondence.audience import sends

    here = f"http://127.0.0.1:{port}/"
    lines = [_("Les pages de modération répondent sur {here}").format(here=here)]
    if settings.moderation.url:
        lines.append(_("On y vient par {url}").format(url=settings.moderation.url))
    if not settings.moderators:
        lines.append(_("Personne ne peut y entrer : mur.toml ne nomme personne dans [[moderators]]."))
    elif not sends(settings):
        lines.append(_("Aucun courriel ne part d’ici ([outgoing]) : « mur login-link NOM » donne un lien pour entrer."))
    return tuple(lines)


@click.command("login-link")
@click.argument("name", metavar="NOM")
@with_wall
def login_link_command(wall: WallContext, name: str) -> None:
    """Donne un lien qui connecte NOM aux pages de modération, une fois, pendant quinze minutes."""
    settings = wall.settings
    wanted = name.strip().lower()
    found = [one for one in settings.moderators if wanted in {one.name.strip().lower(), one.address.strip().lower()}]
    if not found:
        known = ", ".join(one.name for one in settings.moderators) or _("personne")
        raise Refused(
            _("« {name} » ne modère pas ce mur ; [[moderators]] nomme : {known}").format(name=name, known=known)
        )
    base = settings.moderation.url.rstrip("/") or f"http://127.0.0.1:{settings.moderation.port}"
    with wall.store() as store:
        link = store.grant_login(found[0].address, now=wall.now)
    click.echo(f"{base}/connexion/lien/{link}")
    click.echo(
        _("Ce lien connecte {name}, une seule fois, dans les quinze minutes.").format(name=found[0].name), err=True
    )
