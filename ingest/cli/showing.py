"""`mur queue` and `mur show`: what is held, and one contribution with all that is known of it."""

from __future__ import annotations

import json
import sys
from zoneinfo import ZoneInfo

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Refused
from ingest.moderation import Item, queue, set_aside, vocabulary
from ingest.words import _


@click.command("queue")
@click.option("--json", "as_json", is_flag=True, help="Une liste JSON.")
@with_wall
def queue_command(wall: WallContext, *, as_json: bool) -> None:
    """Montre ce qui attend une décision, le plus ancien d’abord, puis ce qui n’a pas pu être publié."""
    with wall.store(readonly=True) as store:
        waiting = (*queue(store), *set_aside(store))
    if as_json:
        from ingest.cli.records import queued

        click.echo(json.dumps([queued(item) for item in waiting], ensure_ascii=False, indent=1))
    elif not waiting:
        click.echo(_("Rien n’attend."))
    else:
        _table(waiting, ZoneInfo(wall.settings.wall.timezone))


def _table(waiting: tuple[Item, ...], zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("", _("reçu"), _("titre"), _("signé"), _("à voir")):
        table.add_column(name, overflow="fold")
    for item in waiting:
        claimed = _("{who} s’en occupe").format(who=item.claimed_by) if item.claimed_by else ""
        seen = " · ".join(filter(None, (*vocabulary.all_told((*item.reasons, *item.warnings)), claimed)))
        cells = (item.id[:8], f"{item.received_at.astimezone(zone):%d/%m %H:%M}", item.title, item.byline or "—", seen)
        table.add_row(*(Text(cell) for cell in cells))
    Console().print(table)


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
