"""Hugo's own server, warm: it builds into memory and rebuilds what a saved file changes."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from queue import Empty, Queue
from typing import Self

from tests.bench.measuring import Failed
from tests.servers.dovecot import free_port

_PATIENCE = 240


class HugoServer:
    """`hugo server` on a free port of 127.0.0.1. A context manager: built once when it is entered."""

    def __init__(self, program: Path, site: Path) -> None:
        words = [str(program), "server", "-s", str(site), "--bind", "127.0.0.1", "--port", str(free_port())]
        self._command = [*words, "--disableLiveReload"]
        self._said: Queue[str] = Queue()

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._until("Web Server is available")
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        self._reader.join(timeout=5)

    def rebuilt(self) -> None:
        """Wait until it says so."""
        self._until("Total in")

    def _read(self) -> None:
        for line in self._process.stdout or ():
            self._said.put(line)

    def _until(self, words: str) -> None:
        try:
            while words not in self._said.get(timeout=_PATIENCE):
                pass
        except Empty:
            raise Failed(f"hugo server never said: {words}") from None
