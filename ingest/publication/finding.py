"""The index that the search page reads: Pagefind over the pages of a build, where it is installed.

Only what is marked `data-pagefind-body` is found: texts, never lists. Pagefind writes its own programs beside the
index; the search page needs three of them, the others are its ready-made looks.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from ingest.errors import BuildFailed
from ingest.words import _

FOLDER = "pagefind"
_SECONDS = 600
_LOOKS = ("pagefind-ui.*", "pagefind-modular-ui.*", "pagefind-component-ui.*", "pagefind-highlight.*")


def can_find() -> bool:
    """Whether Pagefind is installed: the extra `search`."""
    return importlib.util.find_spec("pagefind") is not None and importlib.util.find_spec("pagefind_bin") is not None


def carry(before: Path, built: Path) -> None:
    """Let the site in `built` have the index of the last one: it knows all but what is new."""
    with suppress(OSError):
        (before / FOLDER).rename(built / FOLDER)


def index(built: Path, *, language: str) -> None:
    """Write the index of the site in `built`, whose own language is `language` (BCP 47), where that is possible.

    The site may be online: the new index is made beside it and takes the place of the old one as a whole.
    Raises `BuildFailed` with Pagefind's own words.
    """
    if not can_find() or not (built / "recherche.html").is_file():
        return
    from ingest import durable
    from ingest.publication.swap import exchange, open_to_all  # Pelican's settings only ask whether one can find

    made = built.parent / f"{built.name}.{FOLDER}"
    shutil.rmtree(made, ignore_errors=True)
    command = [sys.executable, "-m", "pagefind", "--site", str(built), "--output-path", str(made), "--silent"]
    command += ["--force-language", language.partition("-")[0]]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise BuildFailed(_("l’index de la recherche ne s’est pas fait à temps")) from None
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[:300]
        raise BuildFailed(_("l’index de la recherche : {said}").format(said=said))
    for look in _LOOKS:
        for path in made.glob(look):
            path.unlink()
    shutil.rmtree(made / "playground", ignore_errors=True)
    if not made.is_dir():
        return
    open_to_all(made)
    with durable.on_disk(built):
        old = built / FOLDER
        if old.is_dir():
            exchange(made, old, built.parent / f"{built.name}.old")
            shutil.rmtree(built.parent / f"{built.name}.old", ignore_errors=True)
        else:
            made.rename(old)
