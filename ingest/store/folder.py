"""The documents of a contribution: a folder that appears whole, and files in it that never change.

contributions/<id>/
    message.eml           the bytes as fetched
    contribution.json     `ingest.store.facts.Facts`
    removed.json          what the draft does not hold
    drafts/<digest>.md    every version, named by the SHA-256 of its bytes
    media/<name>          files re-made from the attachments, as they would be published
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from ingest import durable
from ingest.errors import Refused, Unavailable
from ingest.model import ContributionId, Digest, Media, Outcome, Removed
from ingest.store import facts
from ingest.store.facts import Facts
from ingest.words import _

_ID = re.compile(r"[0-9a-f]{16}")
_NAME = re.compile(r"[0-9a-f]{16}(?:-[0-9]{3,4})?\.[a-z0-9]{1,8}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Folders:
    """All of `contributions/`. Its methods raise `Unavailable` where the disk says no."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def prepare(self) -> None:
        """Make the folder, and clear what an interrupted run left beside."""
        with durable.on_disk(self.root):
            durable.make_folder(self.root)
            durable.sweep(self.root)

    def ids(self) -> frozenset[ContributionId]:
        """The contributions that have a folder."""
        with durable.on_disk(self.root), os.scandir(self.root) as found:  # thousands: a Path each would cost as much
            names = [entry.name for entry in found]
        return frozenset(map(ContributionId, filter(_ID.fullmatch, names)))

    def create(self, told: Facts, raw: bytes, outcome: Outcome) -> bool:
        """Write the whole folder, on the disk but for its name: see `durable.sync_folder`. False where it is there."""
        target = self.root / told.id
        with durable.on_disk(target), durable.beside(self.root, told.id) as folder:
            durable.write(folder / "message.eml", raw)
            _documents(folder, told, outcome)
            try:
                folder.rename(target)
            except OSError:
                if not target.is_dir():
                    raise
                return False
        return True

    def revise(self, told: Facts, outcome: Outcome) -> None:
        """Write another outcome of the same mail: every file whole, `contribution.json` last."""
        target = self.root / told.id
        with durable.on_disk(target), durable.beside(self.root, told.id) as folder:
            _documents(folder, told, outcome)
            for kind in ("media", "drafts"):
                durable.make_folder(target / kind)
                for path in (folder / kind).iterdir():
                    path.rename(target / kind / path.name)
                durable.sync_folder(target / kind)
            durable.place(folder / "removed.json", target / "removed.json")
            durable.place(folder / "contribution.json", target / "contribution.json")

    def tell_again(self, told: Facts, removed: Sequence[Removed]) -> None:
        """Write what is known of a contribution once more, `contribution.json` last; its drafts and media stay."""
        target = self.root / told.id
        with durable.on_disk(target):
            durable.put(target / "removed.json", facts.dump_removed(removed), by_way_of=self.root)
            durable.put(target / "contribution.json", facts.dump(told), by_way_of=self.root)

    def add_draft(self, id_: ContributionId, document: bytes) -> Digest:
        """Write one more version; the same text is the same version."""
        digest = facts.digest_of(document)
        path = self.root / id_ / "drafts" / f"{digest}.md"
        with durable.on_disk(path):
            if path.exists():
                durable.sync_folder(path.parent)
            elif not path.parent.is_dir():
                raise Refused(_("ses documents ne sont plus gardés"))
            else:
                durable.put(path, document, by_way_of=self.root)
        return digest

    def remove(self, id_: ContributionId) -> None:
        """Remove the whole folder at once, durably; doing it twice does no harm."""
        with durable.on_disk(self.root), durable.beside(self.root, id_) as folder, suppress(FileNotFoundError):
            (self.root / id_).rename(folder / "gone")
            durable.sync_folder(self.root)
            shutil.rmtree(folder)  # not left to the way out, which passes over what it cannot remove

    def remove_raw(self, id_: ContributionId) -> None:
        """Remove the mail as it came, durably; doing it twice does no harm."""
        path = self.root / id_ / "message.eml"
        with durable.on_disk(path), suppress(FileNotFoundError):
            path.unlink()
            durable.sync_folder(path.parent)

    def has_raw(self, id_: ContributionId) -> bool:
        """Whether the mail as it came is still there."""
        path = self.root / id_ / "message.eml"
        with durable.on_disk(path):
            return path.exists()

    def files(self, id_: ContributionId) -> tuple[Path, ...]:
        """Every document of a contribution; none where its folder is gone."""
        with durable.on_disk(self.root):
            return tuple(sorted(path for path in (self.root / id_).rglob("*") if path.is_file()))

    def raw(self, id_: ContributionId) -> bytes:
        """The mail as it came. Raises `Refused` once it was purged."""
        return self._read(self.root / id_ / "message.eml", _("le message d’origine n’est plus gardé"))

    def arrived(self, id_: ContributionId) -> datetime:
        """When the folder was made, as far as the disk remembers."""
        path = self.root / id_
        with durable.on_disk(path):
            return datetime.fromtimestamp(path.stat().st_mtime, UTC)

    def facts(self, id_: ContributionId) -> Facts:
        """What converting it brought to light. Raises `Refused` for a folder that is gone, `BadMessage` if damaged."""
        return facts.load(self._read(self.root / id_ / "contribution.json", _("ses documents ne sont plus gardés")))

    def removed(self, id_: ContributionId) -> tuple[Removed, ...]:
        """The pieces in the order of `mur keep`; none where the folder is gone."""
        path = self.root / id_ / "removed.json"
        return facts.load_removed(self._read(path, "")) if path.exists() else ()

    def draft(self, id_: ContributionId, digest: Digest) -> str:
        """The text of a version, compared with its name. Raises `Refused`, or `Unavailable` where they differ."""
        if not _DIGEST.fullmatch(digest):
            raise Refused(_("aucune version ne porte ce nom"))
        path = self.root / id_ / "drafts" / f"{digest}.md"
        data = self._read(path, _("cette version du brouillon n’est plus gardée"))
        if facts.digest_of(data) != digest:
            raise Unavailable(_("disque : {path} : ce fichier a été abîmé ou modifié").format(path=path))
        return data.decode("utf-8")

    def media_path(self, id_: ContributionId, name: str) -> Path:
        """Where a file of `media/` lies. Raises `Refused` for a name that is none or for a file that is not there."""
        path = self.root / id_ / "media" / name
        if not _NAME.fullmatch(name) or not path.is_file():
            raise Refused(_("aucun fichier ne porte ce nom : {name}").format(name=ascii(name)))
        return path

    def media_names(self, id_: ContributionId) -> tuple[str, ...]:
        """The files of `media/`, sorted."""
        folder = self.root / id_ / "media"
        with durable.on_disk(folder):
            names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
        return tuple(sorted(name for name in names if _NAME.fullmatch(name)))

    def _read(self, path: Path, gone: str) -> bytes:
        with durable.on_disk(path):
            try:
                return path.read_bytes()
            except FileNotFoundError:
                raise Refused(gone) from None


def _documents(folder: Path, told: Facts, outcome: Outcome) -> None:
    media: Iterable[Media] = (*getattr(outcome, "media", ()), *getattr(outcome, "aside", ()))
    removed: tuple[Removed, ...] = getattr(outcome, "removed", ())
    draft = facts.draft_bytes(outcome)
    drafts = {f"{told.digest}.md": draft} if draft is not None else {}
    _fill(folder / "media", {piece.name: piece.data for piece in media})
    _fill(folder / "drafts", drafts)
    durable.write(folder / "removed.json", facts.dump_removed(removed))
    durable.write(folder / "contribution.json", facts.dump(told))
    durable.sync_folder(folder)


def _fill(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir(mode=0o700)
    for name, data in files.items():
        if folder.name == "media" and not _NAME.fullmatch(name):
            raise ValueError(f"not a name of ours: {name!r}")
        durable.write(folder / name, data)
    if files:
        durable.sync_folder(folder)
