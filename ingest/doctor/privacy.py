"""Who may read what is private."""

from __future__ import annotations

import os
import pwd
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path

from ingest.doctor.finding import Patient, Verdict, fine, some, unasked, wrong
from ingest.settings import Settings
from ingest.words import _

_ENOUGH = 10


def secrets(patient: Patient) -> Verdict:
    """Every file that a `..._file` key of the settings names: there, not empty, its owner's alone.

    A token that `mur login` is still to write may be missing: logging in says so.
    """
    base = patient.base or Path()
    named = [
        (key, file)
        for key, file in _named(patient.settings)
        if not key.endswith("_token_file") or (base / file).exists()
    ]
    if not named:
        return fine(_("aucun fichier de secret"))
    bad = [f"{key} : {words}" for key, file in named if (words := _fault(base / file))]
    return wrong(" ; ".join(bad)) if bad else fine(", ".join(key for key, _file in named))


def state(patient: Patient) -> Verdict:
    """The state folder and all that lies in it: for its owner alone, and that owner is one and the same."""
    root = patient.settings.paths.state
    if not root.exists():
        return unasked(_("{root} n’existe pas encore").format(root=root))
    bad = []
    for fault in _faults(root):
        bad.append(fault)
        if len(bad) > _ENOUGH:
            break
    return wrong(some(bad)) if bad else fine(_("{root} : à son propriétaire seul").format(root=root))


def _named(settings: Settings) -> Iterator[tuple[str, Path]]:
    for section in fields(settings):
        table = getattr(settings, section.name)
        if is_dataclass(table):
            for key in fields(table):
                value = getattr(table, key.name)
                if key.name.endswith("_file") and value:
                    yield f"[{section.name}] {key.name}", Path(value).expanduser()


def _fault(path: Path) -> str:
    try:
        told = path.stat()
    except OSError as error:
        return f"{path} : {error.strerror}"
    if told.st_mode & 0o077:
        return _("{path} peut être lu par d’autres (chmod 600)").format(path=path)
    return "" if told.st_size else _("{path} est vide").format(path=path)


def _faults(root: Path) -> Iterator[str]:
    owner = root.stat().st_uid
    if os.geteuid() not in {0, owner}:
        yield _("{root} est à {owner}, et « mur » ne tourne pas sous ce nom").format(root=root, owner=_name(owner))
    for path, told in _under(root):
        if told.st_uid != owner:
            yield _("{path} est à {name}").format(path=path, name=_name(told.st_uid))
        if told.st_mode & 0o077 and not stat.S_ISLNK(told.st_mode):
            words = _("{path} est ouvert à d’autres (chmod {mode})")
            yield words.format(path=path, mode="700" if stat.S_ISDIR(told.st_mode) else "600")


def _under(root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """`root` and all that lies in it, one after the other: there may be hundreds of thousands."""
    yield root, root.lstat()
    left = [root]
    while left:
        with suppress(FileNotFoundError), os.scandir(left.pop()) as entries:  # written and gone meanwhile
            for entry in entries:
                with suppress(FileNotFoundError):
                    yield Path(entry.path), entry.stat(follow_symlinks=False)
                    if entry.is_dir(follow_symlinks=False):
                        left.append(Path(entry.path))


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
