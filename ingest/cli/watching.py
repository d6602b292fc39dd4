"""`mur doctor`: one line for each thing that has to be well."""

from __future__ import annotations

import json

import click

from ingest.cli.wall import WallContext, with_wall

_MARKS = {"ok": "✓", "warning": "!", "failure": "✗", "skipped": "·"}


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Une liste d’objets JSON.")
@with_wall
@click.pass_context
def doctor_command(ctx: click.Context, wall: WallContext, *, as_json: bool) -> None:
    """Examine la configuration, la boîte aux lettres, le disque, l’horloge, la base et la construction."""
    from ingest.doctor import Level, diagnose

    found = []
    for finding in diagnose(lambda: wall.settings, now=wall.now):
        found.append(finding)
        if not as_json:
            click.echo(f"{_MARKS[finding.level]} {finding.title} : {finding.says}")
    if as_json:
        table = [{"check": it.check, "level": it.level.value, "says": it.says} for it in found]
        click.echo(json.dumps(table, ensure_ascii=False, indent=1))
    ctx.exit(1 if any(it.level is Level.FAILURE for it in found) else 0)
