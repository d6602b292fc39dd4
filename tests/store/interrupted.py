"""A process that dies, or whose disk fills up, at one chosen step; and a record of what was not yet on the disk.

A step is a call by which `os` changes the disk, or a transaction's begin and commit. Everything runs in a forked child,
so that `os` is replaced there alone and a death is a real one: no `finally` runs, locks end with the process.
"""

from __future__ import annotations

import errno
import os
import traceback
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa

DIED, DONE, UNAVAILABLE, NEVER = 137, 0, 75, 3
CALLS = ("open", "write", "fsync", "rename", "link", "mkdir", "unlink", "rmdir", "chmod")
WAYS = ("before", "after", "torn", "full")
"""Dying before a step, after it, in the middle of a write; and no space left at a step."""


def run(job: Callable[[], object], *, step: int = 0, way: str = "before") -> int:
    """Run `job` in a child that meets its fate at the given step (0: none).

    Gives back its exit code, or `NEVER` where the job was done in fewer steps.
    """
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            fate = Fate(step, way)
            fate.await_it()
            code = _finished(job)
            code = NEVER if code == DONE and fate.count < step else code
        except BaseException:  # noqa: BLE001 - the child ends here whatever happens
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _finished(job: Callable[[], object]) -> int:
    from ingest.errors import MurError

    try:
        job()
    except MurError as error:
        return error.exit_code
    return DONE


class Fate:
    """Counts steps, and acts at one of them."""

    def __init__(self, step: int, way: str) -> None:
        self.step, self.way, self.count = step, way, 0

    def await_it(self) -> None:
        """Stand in the way of every step of this process."""
        for name in CALLS:
            setattr(os, name, self._watched(name, getattr(os, name)))
        sa.event.listen(sa.Engine, "begin", self._pass)
        sa.event.listen(sa.Engine, "commit", self._pass)

    def _pass(self, _connection: object) -> None:
        self.count += 1
        if self.count == self.step and self.way != "full":
            os._exit(DIED)

    def _watched(self, name: str, call: Callable[..., object]) -> Callable[..., object]:
        def watched(*args: object, **kwargs: object) -> object:
            if name == "open" and not args[1] & os.O_CREAT:
                return call(*args, **kwargs)
            self.count += 1
            if self.count != self.step:
                return call(*args, **kwargs)
            if self.way == "full":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if self.way == "torn" and name == "write":
                call(args[0], bytes(args[1])[: len(args[1]) // 2])
            elif self.way == "after":
                call(*args, **kwargs)
            return os._exit(DIED)

        return watched


class Unsynced:
    """What was changed and not yet fsync'd, told by the same calls. For one process: `watch` in a child."""

    def __init__(self) -> None:
        self.dirty: set[str] = set()
        self.at_commit: list[set[str]] = []
        self._paths: dict[int, str] = {}

    def watch(self, *, broken: str = "") -> None:
        """Watch this process. `broken` names a call that does nothing from now on: `fsync`, say."""
        for name in ("open", "write", "fsync", "rename", "link", "mkdir"):
            real = getattr(os, name)
            setattr(os, name, self._watched(name, (lambda *_a, **_k: None) if name == broken else real, broken=broken))
        sa.event.listen(sa.Engine, "commit", lambda _connection: self.at_commit.append(set(self.dirty)))

    def _watched(self, name: str, call: Callable[..., object], *, broken: str) -> Callable[..., object]:
        def watched(*args: object, **kwargs: object) -> object:
            answer = call(*args, **kwargs)
            if name != broken:
                getattr(self, f"_{name}")(answer, *args)
            return answer

        return watched

    def _open(self, descriptor: int, path: object, flags: int, *_mode: object) -> None:
        self._paths[descriptor] = str(path)
        if flags & os.O_CREAT:
            self.dirty.add(str(Path(str(path)).parent))

    def _write(self, _written: int, descriptor: int, _data: object) -> None:
        if descriptor in self._paths:
            self.dirty.add(self._paths[descriptor])

    def _fsync(self, _none: None, descriptor: int) -> None:
        self.dirty.discard(self._paths.get(descriptor, ""))

    def _rename(self, _none: None, source: object, target: object) -> None:
        old, new = str(source), str(target)
        self.dirty = {new + path.removeprefix(old) if path.startswith(old) else path for path in self.dirty}
        self.dirty.add(str(Path(new).parent))

    def _link(self, _none: None, _source: object, target: object) -> None:
        self.dirty.add(str(Path(str(target)).parent))

    def _mkdir(self, _none: None, path: object, *_mode: object) -> None:
        self.dirty.add(str(Path(str(path)).parent))
