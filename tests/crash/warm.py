"""`mur` without the wait: a process that has everything imported, and forks a child for each command.

A run costs some thirty milliseconds instead of a second of imports, and a trace of it begins where the command begins.
The child is a session of its own, so that killing its group takes whatever it started (but for the child that reads
mails, which ends with its input), and it runs `ingest.cli.main` exactly as the installed `mur` does.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]
_PR_SET_PTRACER = 0x59616D61
KILLED = -signal.SIGKILL
_LATER = (
    *("ingest.poll", "ingest.watch.watcher", "ingest.watch.logs", "ingest.mailbox", "ingest.moderation"),
    *("ingest.publication.publish", "ingest.publication.lock", "ingest.keeping.erase", "alembic.command"),
    *("ingest.correspondence.policy", "ingest.correspondence.postman"),
)
"""What commands import when they are called."""


class Run:
    """One command under way, or over."""

    def __init__(self, warm: Warm, pid: int, said: Path, gate: int | None) -> None:
        self._warm, self.pid, self._said, self._gate = warm, pid, said, gate
        self._watch = os.pidfd_open(pid)
        self.code: int | None = None

    def go(self) -> None:
        """Let a child that was told to wait begin."""
        if self._gate is not None:
            os.write(self._gate, b"!")
            os.close(self._gate)
            self._gate = None

    def wait(self, seconds: float = 120) -> int | None:
        """Its exit code, negative for a signal; None where it is not over after so long."""
        if self.code is None and select.select([self._watch], [], [], seconds)[0]:
            os.close(self._watch)
            self.code = self._warm.reap(self.pid)
        return self.code

    def kill(self) -> int:
        """SIGKILL to it and to whatever it started, now."""
        if self.code is None:
            signal.pidfd_send_signal(self._watch, signal.SIGKILL)  # its group may not be there yet
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
        code = self.wait()
        assert code is not None, f"{self.pid} outlives SIGKILL"
        return code

    @property
    def out(self) -> str:
        """What it printed so far."""
        return self._read(".out")

    @property
    def error(self) -> str:
        """What it complained of so far."""
        return self._read(".err")

    def _read(self, ending: str) -> str:
        path = self._said.with_suffix(ending)
        return path.read_text(errors="replace") if path.exists() else ""  # killed before it could say a word


class Warm:
    """The process that forks. A context manager; not to be shared between threads."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._count = folder, 0
        folder.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            (sys.executable, "-m", "tests.crash.warm"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )
        self._ask({"ready": True})
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def start(
        self,
        words: Sequence[str],
        *,
        env: Mapping[str, str],
        folder: Path | None = None,
        wait: bool = False,
        broken: str = "",
    ) -> Run:
        """Begin `mur words…`; with `wait` only once `go` is called. `broken` names one of `tests.crash.broken`.

        With a `folder` it begins there, and `env` is all of its environment; else it is added to ours.
        """
        self._count += 1
        said = self._folder / f"{self._count % 8}.out"
        for ending in (".out", ".err"):
            said.with_suffix(ending).unlink(missing_ok=True)
        gate = self._folder / "gate"
        entry = self._close(gate) if wait else None
        told = self._ask(
            {
                "words": list(words),
                "env": dict(env),
                "said": str(said),
                "gate": str(gate) if wait else "",
                "broken": broken,
                "folder": str(folder or ""),
            }
        )
        until = time.monotonic() + 60
        while wait and gate.exists() and time.monotonic() < until:
            time.sleep(0.001)  # until it stands before the gate, so that a trace has nothing of its way there
        return Run(self, told["pid"], said, entry)

    def _close(self, gate: Path) -> int:
        gate.unlink(missing_ok=True)
        os.mkfifo(gate)
        return os.open(gate, os.O_RDWR)

    def run(
        self,
        words: Sequence[str],
        *,
        env: Mapping[str, str],
        folder: Path | None = None,
        broken: str = "",
        seconds: float = 120,
    ) -> Run:
        """A whole command."""
        run = self.start(words, env=env, folder=folder, broken=broken)
        if run.wait(seconds) is None:
            run.kill()
            raise AssertionError(f"mur {' '.join(words)} did not end")
        return run

    def reap(self, pid: int) -> int:
        """The exit code of a child that is over."""
        return int(self._ask({"reap": pid})["code"])

    def _ask(self, question: Mapping[str, object]) -> dict[str, int]:
        self._process.stdin.write(json.dumps(question).encode() + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def _serve() -> None:
    """Fork on demand until standard input closes."""
    from ingest.cli import _COMMANDS

    for name in (*(f"ingest.cli.{module}" for module in set(_COMMANDS.values())), *_LATER):
        importlib.import_module(name)
    for line in sys.stdin:
        question = json.loads(line)
        if "reap" in question:
            answer = {"code": _reaped(question["reap"])}
        elif "words" in question:
            answer = {"pid": _fork(question)}
        else:
            answer = {}
        print(json.dumps(answer), flush=True)


def _reaped(pid: int) -> int:
    """The exit code of a child; whatever it started and left is killed while its number cannot be anybody else's."""
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _fork(question: Mapping[str, object]) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.setsid()
        code = _command(question)
    except BaseException:  # noqa: BLE001 - the child ends here whatever happens
        import traceback

        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


def _command(question: Mapping[str, object]) -> int:
    from ingest.cli import main

    said = Path(str(question["said"]))
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    for number, ending in ((1, ".out"), (2, ".err")):
        descriptor = os.open(said.with_suffix(ending), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.dup2(descriptor, number)
        os.close(descriptor)
    if question["folder"]:
        os.chdir(str(question["folder"]))
        os.environ.clear()
    os.environ.update(question["env"])  # type: ignore[arg-type]
    sys.argv = ["mur", *question["words"]]  # type: ignore[misc]
    if question["broken"]:
        from tests.crash import broken

        broken.put_on(str(question["broken"]))
    if question["gate"]:
        _may_be_traced()
        gate = os.open(str(question["gate"]), os.O_RDWR)
        Path(str(question["gate"])).unlink()
        os.read(gate, 1)
        os.close(gate)
    try:
        main()
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return end.code if isinstance(end.code, int) else int(bool(end.code))
    return 0


def _may_be_traced() -> None:
    """Let strace, which is no ancestor, attach where Yama allows it to ancestors only (prctl(2), PR_SET_PTRACER)."""
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(-1), 0, 0, 0)


if __name__ == "__main__":
    # One look at the clock, so that no child reads the time zone's files in the middle of its trace
    time.tzset()
    _serve()
