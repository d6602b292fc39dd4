"""`mur followers`: how many follow, and what; never who."""

from __future__ import annotations

import json

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.words import _, ngettext


@click.command("followers")
@click.option("--json", "as_json", is_flag=True, help="En JSON.")
@with_wall
def followers_command(wall: WallContext, *, as_json: bool) -> None:
    """Compte qui suit le mur, un mot-clé ou un appel ; les adresses ne se montrent pas."""
    with wall.store(readonly=True) as store:
        counted = store.count_followers()
    told = [
        (topic or "news", counted.get((topic, True), 0), counted.get((topic, False), 0))
        for topic in sorted({topic for topic, _yes in counted})
    ]
    if as_json:
        shown = [dict(zip(("topic", "confirmed", "waiting"), one, strict=True)) for one in told]
        click.echo(json.dumps(shown, ensure_ascii=False, indent=1))
        return
    for topic, confirmed, waiting in told:
        words = ngettext("{n} personne", "{n} personnes", confirmed).format(n=confirmed)
        more = _(", {n} à confirmer").format(n=waiting) if waiting else ""
        click.echo(f"{_shown(topic)} : {words}{more}")
    if not told:
        click.echo(_("Personne ne suit le mur."))


def _shown(topic: str) -> str:
    kind, _colon, name = topic.partition(":")
    return {"news": _("les nouveaux messages"), "tag": f"#{name}", "relay": f"mur-{name}"}[kind]
