"""A command under strace: which calls it made that change something, and a death, or a full disk, at one of them.

Three things that a harness gets wrong without noticing, and what is done here:

- `when=N` of strace counts the calls of one name, in one process, from the moment it is attached: points are named by
  (name, N), as a first run showed them, and each run compares the call it died at with the one that was planned.
- With `-f` every process has counters of its own, and the wrong one would die first. A point in `mur` itself is traced
  without `-f`; one in Pelican is found by its process and by nothing else.
- `signal=KILL` kills at the entry of a call, before it ran on newer kernels and after it on older ones. "Before" is
  therefore `error=EIO:signal=KILL`, which runs it on none, and "after" is `signal=STOP`: the call runs, the process
  stops on its way back, and then all of its group is killed.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.crash.warm import Run, Warm

STRACE = shutil.which("strace")
CHANGING = (
    *("openat", "open", "creat", "write", "pwrite64", "writev", "sendfile", "copy_file_range", "ftruncate"),
    *("fallocate", "fsync", "fdatasync", "sync", "rename", "renameat", "renameat2", "link", "linkat", "symlink"),
    *("symlinkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir", "chmod", "fchmod", "fchmodat", "sendto"),
)
"""The calls by which a disk or a mailbox changes, on any architecture; `?` lets strace pass over what it lacks."""
TRACED = ",".join(f"?{name}" for name in CHANGING)

_OF_DESCRIPTORS = {"write", "pwrite64", "writev", "sendfile", "copy_file_range", "sendto", "ftruncate", "fallocate"}
"""What else they name is data."""

_LINE = re.compile(r"(?:\[pid +(\d+)\] )?(\w+)\((.*)\) += (.*)$")
_UNFINISHED = re.compile(r"(?:\[pid +(\d+)\] )?(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"(?:\[pid +(\d+)\] )?<\.\.\. (\w+) resumed>(.*)\) += (.*)$")
_PATHS = re.compile(r'(?:(\d+|AT_FDCWD)<([^>]*)>|"((?:[^"\\]|\\.)*)")')
_STOPPED = re.compile(r"(?:\[pid +(\d+)\] )?--- stopped by SIGSTOP ---")
_RANDOM = re.compile(r"(?<=-)[a-z0-9_]{8}(?=/|$)|/tmp[a-z0-9_]{8}(?=/|$)|(?<=socket:\[)\d+|(?<=attempts/)[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call, as strace showed it."""

    pid: int
    """0 for the process that was attached."""
    name: str
    number: int
    """The how-manieth of its name in its process, from 1: what `when=` wants."""
    text: str
    answer: str
    paths: tuple[str, ...]
    """Every path it names, absolute: of its descriptors, and of its arguments."""

    @property
    def failed(self) -> bool:
        """Whether it changed nothing."""
        return self.answer.startswith("-1 ")

    @property
    def creates(self) -> bool:
        """Whether it may make a file, or empty one."""
        return self.name not in {"openat", "open"} or "O_CREAT" in self.text or "O_TRUNC" in self.text

    def shape(self, folder: Path) -> str:
        """The call without what differs from run to run."""
        told = ", ".join(_RANDOM.sub("*", path.replace(str(folder), "")) for path in self.paths)
        return f"{self.name}({told})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A call to die at."""

    name: str
    number: int
    shape: str

    def __str__(self) -> str:
        return f"{self.name}#{self.number} {self.shape}"


@dataclass(slots=True)
class Traced:
    """What came of a traced run."""

    run: Run
    calls: list[Call] = field(default_factory=list)
    stopped: int | None = None
    """The process that a STOP held, 0 for the attached one."""

    @property
    def last(self) -> Call | None:
        """The call it ended at."""
        return next((call for call in reversed(self.calls) if call.pid in {0, self.stopped or 0}), None)


class Tracer:
    """strace attached to a child of `Warm` before it begins."""

    def __init__(self, warm: Warm) -> None:
        self._warm = warm

    def run(
        self,
        words: Sequence[str],
        *,
        env: Mapping[str, str],
        inject: str = "",
        follow: bool = False,
        only: str = "",
        broken: str = "",
        length: int = 64,
    ) -> Traced:
        """Run a command to its end, or to the point at which `inject` stops or kills it.

        With `follow` its children are traced too, and `only`, a piece of a command line, says whose stop counts.
        """
        run = self._warm.start(words, env=env, wait=True, broken=broken)
        command = [str(STRACE), "-y", "-s", str(length), "-e", f"trace={TRACED}", "-e", "signal=STOP"]
        command += ["-f"] if follow else []
        command += ["-e", f"inject={inject}"] if inject else []
        strace = subprocess.Popen([*command, "-p", str(run.pid)], stderr=subprocess.PIPE, text=True, errors="replace")
        told = Traced(run)
        try:
            self._read(strace, told, only)
        finally:
            run.kill()
            strace.wait()
            strace.stderr.close()
        return told

    def _read(self, strace: subprocess.Popen[str], told: Traced, only: str) -> None:
        counts: Counter[tuple[int, str]] = Counter()
        begun: dict[int, tuple[str, str]] = {}
        attached, heard = False, list[str]()
        for raw in strace.stderr:
            line = raw.rstrip("\n")
            if line.endswith(" attached") and f"Process {told.run.pid} " in line:
                attached = True
                told.run.go()
            elif stop := _STOPPED.match(line):
                pid = int(stop[1] or told.run.pid)
                if only and only not in _command_line(pid):
                    os.kill(pid, signal.SIGCONT)
                    continue
                told.stopped = 0 if pid == told.run.pid else pid
                return
            elif call := _call(line, told.run, counts, begun):
                told.calls.append(call)
            elif not attached:
                heard.append(line)
        if not attached:
            raise RuntimeError(f"strace cannot attach: {' '.join(heard)}")
        told.run.wait()


def _call(line: str, run: Run, counts: Counter[tuple[int, str]], begun: dict[int, tuple[str, str]]) -> Call | None:
    if found := _UNFINISHED.match(line):
        begun[int(found[1] or run.pid)] = (found[2], found[3])
        return None
    if found := _RESUMED.match(line):
        pid = int(found[1] or run.pid)
        name, start = begun.pop(pid, (found[2], ""))
        text, answer = start + found[3], found[4]
    elif found := _LINE.match(line):
        pid, name, text, answer = int(found[1] or run.pid), found[2], found[3], found[4]
    else:
        return None
    counts[pid, name] += 1
    own = 0 if pid == run.pid else pid
    return Call(
        pid=own, name=name, number=counts[pid, name], text=text, answer=answer, paths=_named(name, text, answer)
    )


def _named(name: str, text: str, answer: str) -> tuple[str, ...]:
    """The paths of a call; a relative one is below the descriptor that stands before it."""
    if name in {"openat", "open", "creat"} and (opened := re.match(r"\d+<([^>]*)>", answer)):
        return (opened[1],)
    found: list[str] = []
    base = ""
    for number, path, quoted in _PATHS.findall(text):
        if number:
            found += [base] if base else []
            base = path
        else:
            found.append(quoted if quoted.startswith("/") else f"{base}/{quoted}")
            base = ""
        if name in _OF_DESCRIPTORS:
            break
    return (*found, *([base] if base else []))


def _command_line(pid: int) -> str:
    """Of a Pelican that `mur` forked, as if it had been started: it has the words of `mur`, and a name of its own."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        name = Path(f"/proc/{pid}/comm").read_text("utf-8", "replace").strip()
    except OSError:
        return ""
    return f"{words} -m {name}"


def points(calls: Iterable[Call], folder: Path) -> tuple[Point, ...]:
    """Every call of the attached process that changes something under `folder`, or speaks to the mailbox."""
    return tuple(
        Point(name=call.name, number=call.number, shape=call.shape(folder))
        for call in calls
        if call.pid == 0 and call.creates and touches(call, folder)
    )


def touches(call: Call, folder: Path) -> bool:
    """Whether it is about the wall or the mailbox, and not standard output or a pipe."""
    return call.name == "sync" or _speaks(call) or any(f"{path}/".startswith(f"{folder}/") for path in call.paths[:2])


def _speaks(call: Call) -> bool:
    return call.name == "sendto" and bool(call.paths) and call.paths[0].startswith(("TCP:", "socket:"))
