"""Whether a site can be built, and whether the one that stands can be read by a web server."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.doctor.finding import Patient, Verdict, fine, mind, unasked, wrong
from ingest.publication import build as building
from ingest.publication.addresses import ARTICLE_FOLDERS
from ingest.publication.check import check, pages
from ingest.publication.looked import Looks
from ingest.settings import Settings
from ingest.words import _, ngettext

_ARTICLE = """Title: Un essai
Date: 2022-06-08 09:12
Status: published
Slug: un-essai

Un essai de construction.
"""


def build(patient: Patient) -> Verdict:
    """Pelican on what stands in `content/`, or on one article where nothing does, into a folder that goes again."""
    settings = patient.settings
    own = any(list((settings.paths.content / folder).glob("*.md")) for folder in ARTICLE_FOLDERS)
    with tempfile.TemporaryDirectory(prefix="mur-doctor-") as name:
        folder = Path(name)
        tried = settings if own else _scratch(settings, folder)
        building.build(tried, _made(folder / "site"), now=patient.now)
        looks = Looks(tried.paths.content, tried.paths.state, ZoneInfo(settings.wall.timezone))
        expected = pages(looks, now=patient.now)
        check(folder / "site", tried.paths.content, expected)
    if not own:
        return fine(_("un article à l’essai"))
    return fine(ngettext("{n} page à l’essai", "{n} pages à l’essai", len(expected)).format(n=len(expected)))


def online(patient: Patient) -> Verdict:
    """The link, the page that it leads to, and the way there for somebody who is not us."""
    output = patient.settings.paths.output
    index = output / "index.html"
    if not output.is_symlink() and not output.exists():
        return unasked(_("rien en ligne encore (« mur publish »)"))
    if not index.is_file():
        return wrong(_("{index} manque ; « mur publish » le refait").format(index=index))
    real = index.resolve()
    closed = [path for path in real.parents if not path.stat().st_mode & 0o001]
    if closed:
        words = _("{path} est fermé aux autres : un serveur web ne lira rien (chmod o+x)")
        return mind(words.format(path=closed[-1]))
    if not real.stat().st_mode & 0o004:
        return mind(_("{path} ne peut pas être lu par d’autres").format(path=real))
    return fine(str(real.parent))


def _scratch(settings: Settings, folder: Path) -> Settings:
    (_made(_made(folder / "content") / ARTICLE_FOLDERS[0]) / "2022-06-08-un-essai.md").write_text(_ARTICLE, "utf-8")
    return replace(settings, paths=replace(settings.paths, content=folder / "content"))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
