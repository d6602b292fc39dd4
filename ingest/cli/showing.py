"""`mur queue` and `mur show`: what is held, and one contribution with all that is known of it."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Refused
from ingest.model import Kind
from ingest.moderation import Item, bands, person, queue, set_aside, vocabulary
from ingest.states import WAITING, State
from ingest.store import Which
from ingest.words import _, ngettext


@click.command("queue")
@click.option("--json", "as_json", is_flag=True, help="Une liste JSON, de tout ce qui attend.")
@click.option("--all", "everything", is_flag=True, help="Aussi ce qui est mis de côté : trop d’un coup.")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in State]),
    help="Dans cet état, qu’il attende ou non.",
)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="De ce genre.")
@click.option("--mine", is_flag=True, help="Ce dont vous vous occupez.")
@click.option("--warned", is_flag=True, help="Ce qui porte un avertissement.")
@with_wall
def queue_command(
    wall: WallContext,
    *,
    as_json: bool,
    everything: bool,
    states: tuple[str, ...],
    kind: str | None,
    mine: bool,
    warned: bool,
) -> None:
    """Montre ce qui attend une décision, le plus ancien d’abord, puis ce qui n’a pas pu être publié."""
    which = Which(claimed_by=person(wall.settings, wall.by) if mine else None, warned=warned)
    among, of_kind = tuple(map(State, states)) or WAITING, Kind(kind) if kind else None
    narrowed = bool(states or kind or mine or warned)
    shows_all = as_json or everything or narrowed
    with wall.store(readonly=True) as store:
        waiting = queue(store, among, kind=of_kind, apart=None if shows_all else False, which=which)
        hidden = 0 if shows_all else store.count(WAITING, apart=True)
        waiting = waiting if narrowed else (*waiting, *set_aside(store))
    if as_json:
        from ingest.cli.listing import queued

        click.echo(json.dumps([queued(item) for item in waiting], ensure_ascii=False, indent=1))
    elif not waiting and not hidden:
        click.echo(_("Rien n’attend."))
    else:
        _table(waiting, ZoneInfo(wall.settings.wall.timezone), wall.now)
        if hidden:
            words = ngettext(
                "{n} de plus, mis de côté : trop d’un coup (« mur queue --all » le montre)",
                "{n} de plus, mis de côté : trop d’un coup (« mur queue --all » les montre)",
                hidden,
            )
            click.echo(words.format(n=hidden))


def _table(waiting: tuple[Item, ...], zone: ZoneInfo, now: datetime) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("", _("reçu"), _("attend"), _("titre"), _("signé"), _("à voir")):
        table.add_column(name, overflow="fold")
    for item in waiting:
        age = bands.band(item.received_at, now)
        table.add_row(
            item.id[:8],
            f"{item.received_at.astimezone(zone):%d/%m %H:%M}",
            Text(_(bands.WORDS[age]), style=_STYLES[age]) if item.state in WAITING else vocabulary.stands(item.state),
            Text(item.title),
            Text(item.byline or "—"),
            Text(" · ".join(_noticed(item))),
        )
    Console().print(table)


_STYLES = {bands.Band.FRESH: "", bands.Band.SOON: "yellow", bands.Band.LATE: "bold red"}


def _noticed(item: Item) -> list[str]:
    claimed = _("{who} s’en occupe").format(who=item.claimed_by) if item.claimed_by else ""
    agreed = _("{who} est d’accord, il manque une voix").format(who=item.agreed_by) if item.agreed_by else ""
    return list(filter(None, (*vocabulary.all_told((*item.reasons, *item.warnings)), agreed, claimed)))


@click.command("show")
@click.argument("contribution", metavar="ID")
@click.option("--json", "form", flag_value="json", help="Tout, en JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="Le brouillon, en Markdown.")
@click.option("--html", "form", flag_value="html", help="Le corps tel qu’il serait publié.")
@click.option("--original", "form", flag_value="original", help="Le courriel tel qu’il est arrivé.")
@with_wall
def show_command(wall: WallContext, contribution: str, form: str | None) -> None:
    """Montre une contribution : le brouillon, ce qui en a été retiré, et ce qui lui est arrivé."""
    from ingest.cli import records

    with wall.store(readonly=True) as store:
        row = store.find(contribution)
        if form == "original":
            from ingest.moderation.original import closed  # and with it all that reads mails

            if why := closed(row):
                raise Refused(why)
            sys.stdout.buffer.write(store.raw(row.id))
            return
        if row.digest is None and form in {"markdown", "html"}:
            why = vocabulary.told(row.reason)
            raise Refused(_("{id} n’a pas de brouillon ({why})").format(id=row.id, why=why))
        if form == "markdown":
            click.echo(store.document(row.id), nl=False)
        elif form == "html":
            click.echo(records.page_body(store, row))
        elif form == "json":
            click.echo(json.dumps(records.whole(store, row), ensure_ascii=False, indent=1))
        else:
            click.echo(records.told(store, row))
