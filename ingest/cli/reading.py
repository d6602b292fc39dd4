"""`mur poll`, `mur import`, `mur replay`: mails taken in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.intake import Intake
from ingest.mails import mails
from ingest.moderation import vocabulary
from ingest.words import _, ngettext


@click.command("poll")
@click.option("--once", is_flag=True, help="Lire une fois, puis finir.")
@with_wall
def poll_command(wall: WallContext, *, once: bool) -> None:
    """Lit la boîte aux lettres ; sans --once, reste et attend les suivants."""
    from ingest.correspondence.postman import Postman
    from ingest.fediverse.herald import Herald
    from ingest.poll import poll, until_signalled
    from ingest.publication.prompt import Publisher
    from ingest.watch import logs
    from ingest.watch.watcher import Watcher

    settings = wall.settings
    logs.set_up(settings.watch.log, debug=wall.debug)
    with (
        until_signalled() as stop,
        wall.store() as store,
        Intake(store, settings) as intake,
        Postman(settings, store, once=once) as postman,
        Herald(settings, store, once=once),
        Publisher(settings, store, on=not once),
    ):
        watch = Watcher(settings, store, serve=not once)
        poll(settings, store, intake, once=once, stop=stop, say=postman.wake, watch=watch)


@click.command("import")
@click.option("--json", "as_json", is_flag=True, help="Un objet JSON par ligne.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@with_wall
def import_command(wall: WallContext, paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Prend des fichiers .eml, mbox ou Maildir par le même chemin que la boîte aux lettres."""
    from ingest.cli.progress import track  # and with it rich, which a poller never needs

    counted: dict[str, int] = {}
    with wall.store() as store, Intake(store, wall.settings) as intake:
        for path in track(paths, "Lecture"):
            for mail in mails(path):
                taken = intake.take(mail.raw, received_at=wall.now, now=wall.now, channel="import")
                counted[taken.outcome] = counted.get(taken.outcome, 0) + 1
                if as_json:
                    row = {"path": str(mail.path), "outcome": taken.outcome, "id": taken.id, "reason": taken.reason}
                    click.echo(json.dumps(row, ensure_ascii=False))
    if not as_json:
        click.echo(_summary(counted))


def _summary(counted: dict[str, int]) -> str:
    words = {
        "held": _("en attente"),
        "duplicate": _("déjà là"),
        "refused": _("refusés"),
        "quarantined": _("illisibles, mis de côté"),
        "handled": _("traités"),
    }
    total = sum(counted.values())
    head = ngettext("{n} courriel lu", "{n} courriels lus", total).format(n=total)
    parts = ", ".join(f"{words[word]} : {number}" for word, number in counted.items())
    return f"{head} ({parts})" if parts else head


@click.command("replay")
@click.argument("ids", nargs=-1, required=True)
@with_wall
def replay_command(wall: WallContext, ids: tuple[str, ...]) -> None:
    """Reprend un courriel illisible, mis de côté parce qu’il y en avait trop, ou refusé par une règle."""
    with wall.store() as store, Intake(store, wall.settings) as intake:
        for contribution in ids:
            taken = intake.replay(contribution, now=wall.now, by=wall.by, channel="cli")
            word = _(_SAID.get(taken.outcome, taken.outcome))
            click.echo(f"{taken.id} : {word}{f' ({vocabulary.told(taken.reason)})' if taken.reason else ''}")


_SAID = {
    "held": "en attente",
    "refused": "écarté",
    "quarantined": "toujours illisible",
    "handled": "traité",
}
