"""`mur search`, `journal`, `figures`, `tags` and `moderators`: looking back and across, and changing nothing."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from ingest.cli.listing import moment
from ingest.cli.wall import WallContext, with_wall
from ingest.model import Kind
from ingest.moderation import figures as counting
from ingest.moderation import happenings, vocabulary
from ingest.moderation.bands import WORDS
from ingest.states import State
from ingest.store import Entry, Found, Hit
from ingest.words import _, ngettext

_json = click.option("--json", "as_json", is_flag=True, help="En JSON.")


@click.command("search")
@click.argument("words", nargs=-1, required=True, metavar="MOTS…")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([state.value for state in State]), help="Dans cet état."
)
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="De ce genre.")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Combien au plus.")
@click.option("--after", metavar="SUITE", help="La suite : ce que « after » valait en JSON.")
@_json
@with_wall
def search_command(
    wall: WallContext,
    words: tuple[str, ...],
    states: tuple[str, ...],
    kind: str | None,
    *,
    limit: int,
    after: str | None,
    as_json: bool,
) -> None:
    """Cherche des mots dans les titres, les textes, les signatures et les étiquettes ; le plus récent d’abord."""
    among = [State(state) for state in states] or None
    with wall.store() as store:
        found = store.search(" ".join(words), states=among, kind=Kind(kind) if kind else None, limit=limit, after=after)
    if as_json:
        _print({"hits": [_hit(hit) for hit in found.hits], "after": found.after})
    elif not found.hits:
        click.echo(_("Rien ne correspond."))
    else:
        _show_found(found, ZoneInfo(wall.settings.wall.timezone))


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "id": hit.row.id,
        "state": hit.row.state.value,
        "kind": hit.row.kind.value if hit.row.kind else None,
        "number": hit.row.public or None,
        "received_at": moment(hit.row.received_at),
        "title": hit.title,
        "title_marks": [list(span) for span in hit.title_marks],
        "byline": hit.byline,
        "tags": list(hit.tags),
        "excerpt": hit.excerpt,
        "excerpt_marks": [list(span) for span in hit.excerpt_marks],
    }


def _show_found(found: Found, zone: ZoneInfo) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for hit in found.hits:
        name = hit.row.public or hit.row.id[:8]
        head = f"{name}  {hit.row.received_at.astimezone(zone):%d/%m/%Y}  {vocabulary.stands(hit.row.state)}  "
        console.print(Text(head) + _marked(hit.title, hit.title_marks))
        excerpt = " ".join(hit.excerpt.splitlines())
        if excerpt:
            console.print(Text("    ") + _marked(excerpt, hit.excerpt_marks if excerpt == hit.excerpt else ()))
    if found.after:
        console.print(Text(_("… il y en a d’autres : --limit en montre plus")))


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> Any:
    from rich.text import Text

    shown = Text(text)
    for start, end in marks:
        shown.stylize("bold", start, end)
    return shown


@click.command("journal")
@click.argument("contribution", required=False, metavar="[ID]")
@click.option("--since", metavar="QUAND", help="Depuis : 2022-06-12, 2022-06-12T18:00, ou « 7d » pour sept jours.")
@_json
@with_wall
def journal_command(wall: WallContext, contribution: str | None, since: str | None, *, as_json: bool) -> None:
    """Montre ce qui s’est passé, le plus ancien d’abord : pour une contribution, ou pour toutes."""
    zone = ZoneInfo(wall.settings.wall.timezone)
    begin = _since(since, wall.now, zone) if since else None
    with wall.store(readonly=True) as store:
        row = store.find(contribution) if contribution else None
        entries = store.journal(row.id if row else None, since=begin)
    if as_json:
        _print([_entry(entry) for entry in entries])
        return
    for entry in entries:
        note = happenings.note(entry)
        what = happenings.what(entry)
        at = f"{entry.at.astimezone(zone):%d/%m/%Y %H:%M}"
        line = f"{at}  {entry.contribution[:8]}  {what}  {entry.by} ({entry.channel})"
        click.echo(f"{line}  {' '.join(note.split())}".rstrip())
    if not entries:
        click.echo(_("Rien ne s’est passé."))


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.contribution,
        "at": moment(entry.at),
        "what": entry.what,
        "by": entry.by,
        "channel": entry.channel,
        "note": entry.note,
        "before": entry.before.value if entry.before else None,
        "after": entry.after.value,
        "digest": entry.digest,
    }


def _since(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    if text.endswith("d") and text[:-1].isascii() and text[:-1].isdigit() and len(text) <= _DIGITS:
        return now - timedelta(days=int(text[:-1]))
    try:
        begin = datetime.fromisoformat(text)
    except ValueError:
        expected = _("{text} ; attendu : 2022-06-12, 2022-06-12T18:00 ou 7d").format(text=text)
        raise click.BadParameter(expected, param_hint="--since") from None
    return begin if begin.tzinfo else begin.replace(tzinfo=zone)


_DIGITS = 5
"""Of `--since 9999d`: no clock goes back further."""


@click.command("figures")
@click.option(
    "--weeks", type=click.IntRange(1, 104), default=counting.WEEKS, show_default=True, help="Combien de semaines."
)
@_json
@with_wall
def figures_command(wall: WallContext, weeks: int, *, as_json: bool) -> None:
    """Montre depuis quand on attend, et combien de décisions ont été prises chaque semaine."""
    with wall.store(readonly=True) as store:
        told, astray = counting.counted(store, wall.now, weeks=weeks), store.astray()
    if as_json:
        _print({**_figures(told), "astray": astray})
        return
    _show_figures(told)
    if astray:
        click.echo(_("destinés à quelqu’un d’autre, jamais lus : {n}").format(n=astray))


def _figures(told: counting.Figures) -> dict[str, Any]:
    return {
        "waiting": told.waiting,
        "bands": {band.value: count for band, count in told.bands.items()},
        "median_wait_seconds": _seconds(told.median_wait),
        "oldest_wait_seconds": _seconds(told.oldest_wait),
        "median_decision_seconds": _seconds(told.median_decision),
        "weeks": [
            {"monday": week.monday.isoformat(), "decisions": week.decisions, "by_action": dict(week.by_action)}
            for week in told.weeks
        ],
    }


def _show_figures(told: counting.Figures) -> None:
    click.echo(_("en attente : {n}").format(n=told.waiting))
    for band, count in told.bands.items():
        click.echo(f"  {_(WORDS[band])} : {count}")
    if told.median_wait is not None and told.oldest_wait is not None:
        words = _("attente médiane : {median} ; la plus longue : {oldest}")
        click.echo(words.format(median=_span(told.median_wait), oldest=_span(told.oldest_wait)))
    if told.median_decision is not None:
        click.echo(_("délai médian d’une décision : {span}").format(span=_span(told.median_decision)))
    click.echo(_("décisions par semaine :"))
    most = max(week.decisions for week in told.weeks) or 1
    for week in told.weeks:
        bar = "▇" * -(-week.decisions * 30 // most)
        click.echo(f"  {week.monday:%d/%m}  {week.decisions:4}  {bar}".rstrip())


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _span(span: timedelta) -> str:
    """`3 jours`, `5 heures`, `12 minutes`: the largest unit that fits twice, or once."""
    minutes = int(span.total_seconds()) // 60
    if minutes < 120:
        return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)
    if minutes < 48 * 60:
        return ngettext("{n} heure", "{n} heures", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} jour", "{n} jours", minutes // 1440).format(n=minutes // 1440)


@click.command("tags")
@_json
@with_wall
def tags_command(wall: WallContext, *, as_json: bool) -> None:
    """Montre les étiquettes en usage, la plus employée d’abord."""
    with wall.store() as store:
        tags = store.known_tags()
    if as_json:
        _print([{"name": tag.name, "count": tag.count} for tag in tags])
        return
    for tag in tags:
        click.echo(f"{tag.count:5}  {tag.name}")
    if not tags:
        click.echo(_("Aucune étiquette n’est en usage."))


@click.command("moderators")
@_json
@with_wall
def moderators_command(wall: WallContext, *, as_json: bool) -> None:
    """Montre qui peut décider, et comment chacun est prévenu, d’après « mur.toml »."""
    listed = wall.settings.moderators
    if as_json:
        _print([{name: getattr(one, name) for name in ("name", "address", "role", "notices")} for one in listed])
        return
    for one in listed:
        click.echo(f"{one.name}  <{one.address}>  {_(_ROLES[one.role])}, {_(_NOTICES[one.notices])}")
    if not listed:
        click.echo(_("Personne n’est inscrit : [[moderators]] dans mur.toml"))


_ROLES = {"moderator": "modère", "administrator": "administre"}
_NOTICES = {"each": "un avis par contribution", "daily": "un résumé par jour", "none": "aucun avis"}


def _print(value: object) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))
