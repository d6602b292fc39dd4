"""A command's processes while they live: how much memory each of them held at most, and all of them together."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.bench.measuring import Failed

_EVERY = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """MiB: of the process itself, of the largest of its children, and of all at once with shared pages counted once."""

    parent: float
    child: float
    together: float


def watched(command: Sequence[str | Path], *, env: Mapping[str, str], cwd: Path) -> Held:
    """Run a command to its end and look at it four times a second. Raises `Failed`."""
    process = subprocess.Popen(
        [str(word) for word in command],
        env={**os.environ, **env},
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    done, peaks, together = threading.Event(), dict.fromkeys([process.pid], 0.0), [0.0]

    def look() -> None:
        while not done.wait(_EVERY):
            family = _family(process.pid)
            for pid in family:
                peaks[pid] = max(peaks.get(pid, 0.0), _told(pid, "status", "VmHWM:"))
            together[0] = max(together[0], sum(_told(pid, "smaps_rollup", "Pss:") for pid in family))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        _out, said = process.communicate()
    finally:
        done.set()
        thread.join()
    if process.returncode:
        raise Failed(said.strip()[-500:])
    parent = peaks.pop(process.pid)
    return Held(parent=parent, child=max(peaks.values(), default=0.0), together=together[0])


def _family(pid: int) -> list[int]:
    """A process and all that came of it."""
    found, left = [], [pid]
    while left:
        found.append(left.pop())
        with suppress(OSError):
            for task in Path(f"/proc/{found[-1]}/task").iterdir():
                left += map(int, (task / "children").read_text().split())
    return found


def _told(pid: int, file: str, key: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(key):
                return int(line.split()[1]) / 1024
    return 0.0
