"""What was erased goes from `content/` and from every build: edited by hand or not, set aside or not."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from ingest import durable
from ingest.errors import Refused
from ingest.publication import article
from ingest.publication.addresses import MEDIA_FOLDER, TEXT_FOLDERS
from ingest.publication.files import SET_ASIDE, ContentFiles
from ingest.publication.lock import publication_lock
from ingest.publication.looked import FOLDER
from ingest.publication.swap import builds
from ingest.settings import Settings
from ingest.store import Erasure, Store


def take_down(
    settings: Settings, store: Store, gone: Sequence[Erasure], *, report: Callable[[str], None] = lambda _line: None
) -> None:
    """Remove the articles and media of `gone` from `content/`, and every copy of them that was set aside.

    No publication runs meanwhile, so that none writes them again. Raises `Unavailable`; doing it twice does no harm.
    """
    with publication_lock(settings.paths.state, report=report):
        files = ContentFiles(settings.paths.content, settings.paths.state)
        for path in list(_standing(files, store, gone)):
            files.remove(path)
        _forget_set_aside(settings.paths.state / SET_ASIDE, gone)
        _forget_builds_memory(settings.paths.state / FOLDER)
        store.taken_down(erasure.row.id for erasure in gone)
        with durable.on_disk(files.root):
            durable.sweep(files.root)


def forget_builds(settings: Settings, *, report: Callable[[str], None] = lambda _line: None) -> None:
    """Remove every build but the one that is shown, and whatever `output` was before. Raises `Unavailable`."""
    output = settings.paths.output
    with publication_lock(settings.paths.state, report=report), durable.on_disk(builds(output)):
        if not builds(output).is_dir():
            return
        shown = output.resolve()
        for path in sorted(builds(output).iterdir()):
            if path.is_symlink() or not path.is_dir():
                path.unlink()
            elif path.resolve() != shown:
                shutil.rmtree(path)
        durable.sync_folder(builds(output))


def numbered(files: ContentFiles) -> Mapping[str, str]:
    """The articles that bear a public number, by path: ours, wherever somebody moved them."""
    folders = (folder for folder in TEXT_FOLDERS if (files.root / folder).is_dir())
    found = {path: _number(files.read(path)) for folder in folders for path in files.names(folder, ".md")}
    return {path: number for path, number in found.items() if number}


def _standing(files: ContentFiles, store: Store, gone: Sequence[Erasure]) -> Iterator[str]:
    """The files of `gone`: those of the list, those that bear its number, wherever moved, and media nobody else has."""
    ids, numbers = {erasure.row.id for erasure in gone}, {erasure.row.public for erasure in gone}
    names = {name for erasure in gone for name in erasure.names or ()}
    others = set()
    for file in store.article_files():
        if file.contribution in ids:
            yield file.path
        else:
            others.add(file.path)
    yield from (path for path, number in numbered(files).items() if number in numbers)
    yield from ({f"{MEDIA_FOLDER}/{name}" for name in names if (files.root / MEDIA_FOLDER / name).exists()} - others)


def _forget_set_aside(folder: Path, gone: Sequence[Erasure]) -> None:
    """Copies are called `<when>-<digest>-<name>` (see `ContentFiles.set_aside`)."""
    numbers = {erasure.row.public for erasure in gone}
    names = {name for erasure in gone for name in erasure.names or ()}
    with durable.on_disk(folder):
        if not folder.is_dir():
            return
        durable.sweep(folder)
        for path in sorted(folder.iterdir()):
            if path.is_file() and (path.name.split("-", 2)[-1] in names or _number(path.read_bytes()) in numbers):
                path.unlink()
        durable.sync_folder(folder)


def _forget_builds_memory(folder: Path) -> None:
    """What builds remember holds texts: the next one is whole."""
    with durable.on_disk(folder):
        if folder.is_dir():
            shutil.rmtree(folder)
            durable.sync_folder(folder.parent)


def _number(data: bytes | None) -> str:
    try:
        head, _body = article.split((data or b"").decode("utf-8", "replace"))
    except Refused:
        return ""
    return head.get("Number", (0, ""))[1]
