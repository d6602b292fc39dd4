"""`mur import-blogger`: an old blog brought in."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.cli.progress import track
from ingest.cli.wall import WallContext, with_wall
from ingest.errors import Refused, Unavailable
from ingest.words import _, ngettext

if TYPE_CHECKING:
    from ingest.blogger.model import Report

_SHOWN = 30
"""Lines of each part of the report; `--json` has them all."""


@click.command("import-blogger")
@click.option("--bylines", default="none", metavar="keep|none|FICHIER", help="Les signatures ; par défaut aucune.")
@click.option("--blog", default="", metavar="NOM", help="Lequel, si l’export en contient plusieurs.")
@click.option("--fetch", is_flag=True, help="Aller chercher chez Blogger les images qui manquent à l’export.")
@click.option("--dry-run", is_flag=True, help="Tout lire et faire le rapport, sans rien écrire.")
@click.option("--json", "as_json", is_flag=True, help="Le rapport en un objet JSON.")
@click.argument(
    "paths", metavar="FICHIER…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)  # fmt: skip
@with_wall
def import_blogger_command(
    wall: WallContext,
    paths: tuple[Path, ...],
    *,
    bylines: str,
    blog: str,
    fetch: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Reprend un ancien blog Blogger (archive Takeout ou export XML), à ses adresses."""
    from ingest.blogger.fetching import Fetcher
    from ingest.blogger.importing import import_blog
    from ingest.blogger.model import Options
    from ingest.store import Store

    options = Options(
        by=wall.by,
        now=wall.now,
        byline=_bylines(bylines),
        fetch=Fetcher() if fetch else None,
        dry_run=dry_run,
    )
    rules = wall.settings.paths.state / "redirections"
    # Without the wall's letters: nobody is told of three hundred posts that they know
    with Store.open(wall.settings, readonly=dry_run) as store:
        report = import_blog(
            store, wall.settings, paths, options, blog=blog, rules=rules, follow=lambda them: track(them, "Import")
        )
    if as_json:
        click.echo(json.dumps(_record(report, dry_run=dry_run), ensure_ascii=False, indent=1))
    else:
        _tell(report, rules, dry_run=dry_run)
    return 1 if report.failed else 0


def _bylines(asked: str) -> Callable[[str], str]:
    from ingest.blogger.bylines import KEEP, NONE, bylines

    if asked in {KEEP, NONE}:
        return (lambda author: author) if asked == KEEP else lambda _author: ""
    try:
        return bylines(Path(asked).read_text(encoding="utf-8"))
    except Refused as error:
        raise Refused(f"{asked}: {error}") from None
    except UnicodeDecodeError:
        raise Refused(_("{path} : un texte en UTF-8 est attendu").format(path=asked)) from None
    except FileNotFoundError:
        raise click.BadParameter(_("« keep », « none » ou un fichier"), param_hint="--bylines") from None
    except OSError as error:
        raise Unavailable(f"{asked}: {error.strerror}") from None


def _record(report: Report, *, dry_run: bool) -> dict[str, object]:
    told = asdict(report)
    return {
        **{key: told[key] for key in ("posts", "pages", "reactions", "known", "pictures", "removed", "skipped")},
        **{key: told[key] for key in ("missing", "embeds", "moved", "files")},
        "dry_run": dry_run,
    }


def _tell(report: Report, rules: Path, *, dry_run: bool) -> None:
    from ingest.blogger.model import REASONS
    from ingest.model import Why
    from ingest.moderation import vocabulary

    head = _("Serait repris") if dry_run else _("Repris")
    counts = (
        ngettext("{n} billet", "{n} billets", report.posts).format(n=report.posts),
        ngettext("{n} page", "{n} pages", report.pages).format(n=report.pages),
        ngettext("{n} réaction", "{n} réactions", report.reactions).format(n=report.reactions),
        ngettext("{n} image", "{n} images", report.pictures).format(n=report.pictures),
    )
    click.echo(_("{head} : {counts}").format(head=head, counts=", ".join(counts)))
    if report.known:
        click.echo(_("Déjà là : {n}").format(n=report.known))
    _list(_("Laissés de côté"), [f"{it.path} ({_(REASONS[it.why])})" for it in report.skipped])
    _list(_("Images introuvables"), [f"{page} : {it}" for page, them in report.missing.items() for it in them])
    _list(
        _("Vidéos et cadres, devenus de simples liens ou retirés"),
        [f"{page} : {it}" for page, them in report.embeds.items() for it in them],
    )
    _list(_("Adresses changées, avec une redirection"), [f"{it.old} → {it.new}" for it in report.moved])
    _list(_("Retiré ou masqué"), [f"{vocabulary.why(Why(word))} : {n}" for word, n in sorted(report.removed.items())])
    if not dry_run:
        click.echo(_("Règles pour le serveur web : {path}").format(path=rules))
        click.echo(_("« mur publish » met le tout en ligne."))


def _list(head: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(_("{head} : {n}").format(head=head, n=len(lines)))
    for line in lines[:_SHOWN]:
        click.echo(f"  {' '.join(line.split())}")
    if len(lines) > _SHOWN:
        click.echo(_("  … et {n} autres (--json les donne tous)").format(n=len(lines) - _SHOWN))
