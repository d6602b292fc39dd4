"""`mur convert`: what would become of a mail; touches no state."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ingest.cli import shapes
from ingest.cli.progress import track
from ingest.cli.wall import WallContext, with_wall
from ingest.conversion import convert
from ingest.mails import mails
from ingest.moderation import vocabulary
from ingest.settings import Settings
from ingest.words import _
from ingest.worker import Worker


@click.command("convert")
@click.option("--jsonl", is_flag=True, help="Un objet JSON par ligne.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@with_wall
def convert_command(wall: WallContext, paths: tuple[Path, ...], *, jsonl: bool) -> None:
    """Montre ce que deviendrait un courriel ; ne touche à rien."""
    settings = wall.settings if wall.has_settings else Settings()
    with Worker(memory_bytes=settings.limits.memory_bytes) as worker:
        for path in track(paths, "Conversion"):
            for mail in mails(path):
                row = shapes.converted(
                    str(mail.path), convert(mail.raw, settings=settings, now=wall.now, each=worker.each)
                )
                click.echo(json.dumps(row, ensure_ascii=False) if jsonl else _told(row))


def _told(row: dict[str, object]) -> str:
    if row["outcome"] != "draft":
        word = _("refusé") if row["outcome"] == "refused" else _("illisible")
        return f"{row['path']} : {word} ({vocabulary.told(str(row['reason']))})\n"
    removed = row["removed"]
    pieces = [f"- {piece['why']} : {piece['text']}" for piece in removed] if isinstance(removed, list) else []
    head = f"{row['path']}\n# {row['title']}\n"
    return "\n".join([head, str(row["body"]), *(["Retiré :", *pieces] if pieces else []), ""])
