"""What was not yet on the disk at each moment that mattered, told from a trace.

A model of what a power cut may take (fsync(2), rename(2)): a file that was written is *dirty* until an fsync of it, and
a folder in which a name was made, moved or removed until an fsync of that folder; sync(2) cleans all. Nothing may be
dirty when the mailbox is told to move or delete, and when the command says that something is done; and nothing may get
its final name while it is dirty itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from tests.crash.tracing import Call

_TELLS = re.compile(r"UID (?:MOVE|STORE|EXPUNGE|COPY)")
_SAYS = re.compile(r'"(?:[0-9a-f]{16} : |\d+ (?:article|contribution))')
_PASSING = re.compile(r"(?:^|/)\.tmp-[^/]*(?:/|$)|\.new$|/publication/|-builds/next$")
"""What is written beside before it gets its name."""
_DISPOSABLE = re.compile(r"-shm$|\.lock$|/publication\.queued$|/attempts(?:/[0-9a-f]{64})?$|/var/site(?:/|$)")
"""What anybody may lose: a lock's file; SQLite's index of its log, which is made anew (sqlite.org/wal.html); the
count of attempts at a mail, which is synced only where a machine went down before (decision 0013); and what builds
remember, which is sealed, and without which all is built (decision 0025)."""
_LOGS = re.compile(r"-wal$|-journal$")
"""Its removal may be lost: whatever is in it was checkpointed first, and is so again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A moment at which something was told, and what was dirty then."""

    what: str
    dirty: tuple[str, ...]


@dataclass(slots=True)
class Audit:
    """The model, after some calls."""

    folder: Path
    dirty: set[str] = field(default_factory=set)
    moments: list[Moment] = field(default_factory=list)

    def take(self, call: Call) -> None:
        """One more call."""
        if call.failed or call.answer.startswith("?"):
            return
        if call.name == "sendto" and (told := _TELLS.search(call.text)):
            self._moment(told[0])
        elif call.name == "write" and call.paths and call.text.startswith("1<") and (said := _SAYS.search(call.text)):
            self._moment(f"said {said[0]}")
        elif call.name == "sync":
            self.dirty.clear()
        elif call.paths and f"{call.paths[-1]}/".startswith(f"{self.folder}/"):
            self._disk(call)

    def _disk(self, call: Call) -> None:
        path, last = call.paths[0], call.paths[-1]
        match call.name:
            case "fsync" | "fdatasync":
                self.dirty.discard(path)
            case "rename" | "renameat" | "renameat2":
                self._rename(path, last)
            case "link" | "linkat":
                self._named(last, self._under(path))
            case "unlink" | "unlinkat" | "rmdir":
                self._unlink(last)
            case "mkdir" | "mkdirat" | "symlink" | "symlinkat":
                self._made(last)
            case "openat" | "open" | "creat":
                if call.creates:
                    self._open(path)
            case "chmod" | "fchmod" | "fchmodat" | "sendto":
                pass
            case _:
                self._mark(path)

    def _open(self, path: str) -> None:
        # O_CREAT of what is there already changes nothing; which it was, a trace does not say: lock files are the ones
        # that are opened so again and again, and SQLite's database
        if not _DISPOSABLE.search(path) and not path.endswith(("mur.db", "mur.db-wal")):
            self._mark(path)
            self._made(path)
        elif path.endswith("-wal"):
            self._mark(str(PurePosixPath(path).parent))

    def _rename(self, old: str, new: str) -> None:
        inside = self._under(old)
        self.dirty -= inside
        self.dirty |= {new + path.removeprefix(old) for path in inside}
        self._named(new, inside)
        if not _PASSING.search(old):
            self._mark(str(PurePosixPath(old).parent))

    def _named(self, new: str, inside: set[str]) -> None:
        if inside and not _PASSING.search(new) and not _DISPOSABLE.search(new):
            self._moment(f"named {self._short(new)}", inside)
        self._made(new)

    def _unlink(self, path: str) -> None:
        self.dirty -= self._under(path)
        if not _PASSING.search(path) and not _LOGS.search(path) and not _DISPOSABLE.search(path):
            self._mark(str(PurePosixPath(path).parent))

    def _made(self, path: str) -> None:
        """A name appeared, which somebody counts on unless it is one of those that pass."""
        if not _PASSING.search(path):
            self._mark(str(PurePosixPath(path).parent))

    def _under(self, path: str) -> set[str]:
        return {one for one in self.dirty if one == path or one.startswith(f"{path}/")}

    def _mark(self, path: str) -> None:
        if not _DISPOSABLE.search(path) and path.startswith(str(self.folder)):
            self.dirty.add(path)

    def _moment(self, what: str, dirty: set[str] | None = None) -> None:
        found = self.dirty if dirty is None else dirty
        told = sorted(self._short(path) for path in found if dirty is not None or not _PASSING.search(path))
        self.moments.append(Moment(what=what, dirty=tuple(told)))

    def _short(self, path: str) -> str:
        return path.removeprefix(str(self.folder))


def audit(calls: Iterable[Call], folder: Path) -> list[Moment]:
    """The moments of a run, each with what was dirty."""
    model = Audit(folder)
    for call in calls:
        model.take(call)
    return model.moments


def told(moments: Iterable[Moment]) -> list[Moment]:
    """Those at which somebody was told something; the others are names given too early."""
    return [moment for moment in moments if not moment.what.startswith("named ")]
