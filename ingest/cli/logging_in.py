"""`mur login`: somebody says yes to their mail provider once, and the mailbox opens from then on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.words import _, ngettext

if TYPE_CHECKING:
    from ingest.oauth.provider import Provider
    from ingest.oauth.token import Token


@click.command("login")
@click.option(
    "--device/--loopback", "device", default=None, help=_("Par un code à taper, ou par une adresse à ouvrir.")
)
@with_wall
def login_command(wall: WallContext, *, device: bool | None) -> None:
    """Donne accès à la boîte aux lettres par OAuth2 (Gmail, Microsoft) et garde le jeton."""
    from ingest.oauth.provider import provider
    from ingest.oauth.token import token_file

    settings = wall.settings
    base = settings.file.parent if settings.file else None
    asked = provider(settings.mailbox, base)
    kept = token_file(settings.mailbox, base)
    with kept.locked():
        pass  # whether it can be written is seen before anybody is asked
    token = _by_device(asked) if _has_device(asked, wanted=device) else _by_loopback(asked)
    with kept.locked():
        kept.save(token)
    click.echo(_("L’accès est enregistré dans {path}.").format(path=kept.path))
    _try(wall)


def _has_device(provider: Provider, *, wanted: bool | None) -> bool:
    if wanted and not provider.device_url:
        words = _("Par un code à taper, ce fournisseur n’ouvre pas le courrier (c’est le cas de Google) :")
        click.echo(words + _(" ce sera par une adresse à ouvrir.\n"))
    return bool(provider.device_url) and wanted is not False


def _by_device(provider: Provider) -> Token:
    from ingest.oauth import device

    invitation = device.begin(provider)
    minutes = max(invitation.seconds // 60, 1)
    click.echo(_("Ouvrez cette page dans un navigateur, sur n’importe quelle machine :"))
    click.echo(f"\n  {invitation.address}\n")
    click.echo(_("Tapez-y ce code :") + f"  {invitation.code}\n")
    click.echo(_("Connectez-vous avec le compte {user}.").format(user=provider.user))
    words = ngettext("Le code vaut {n} minute. On attend…", "Le code vaut {n} minutes. On attend…", minutes)
    click.echo(words.format(n=minutes))
    return device.finish(provider, invitation)


def _by_loopback(provider: Provider) -> Token:
    from ingest.oauth.loopback import Terminal, log_in

    typed = None if sys.stdin is None or sys.stdin.closed else sys.stdin.fileno()
    return log_in(provider, Terminal(say=click.echo, typed=typed))


def _try(wall: WallContext) -> None:
    """Open the mailbox with it: the yes may have come from another account."""
    from ingest.mailbox.look import look

    settings = wall.settings
    if not settings.mailbox.host:
        return
    look(settings.mailbox, base=settings.file.parent if settings.file else None, password="")
    click.echo(_("La boîte aux lettres de {user} s’ouvre.").format(user=settings.mailbox.user))
