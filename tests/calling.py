"""`mur` as people call it, each command a process of its own, but without its imports: see `tests.crash.warm`.

What looks at how Python starts, or at a command that stays, starts a process itself.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from subprocess import CompletedProcess

from tests.crash.warm import ROOT, Warm


def mur(*words: object, folder: Path, env: Mapping[str, str]) -> CompletedProcess[str]:
    """`mur words…` in a folder, to its end; `env` is added to what everybody has."""
    known = {"PATH": os.environ["PATH"], "HOME": str(folder), "PYTHONPATH": str(ROOT), **env}
    run = _warm().run([str(word) for word in words], env=known, folder=folder)
    return CompletedProcess(words, run.code or 0, run.out, run.error)


@cache
def _warm() -> Warm:
    """One for each process that runs tests, for as long as it lives."""
    said = Path(tempfile.mkdtemp(prefix="mur-warm-"))
    warm = Warm(said).__enter__()
    atexit.register(shutil.rmtree, said, ignore_errors=True)
    atexit.register(warm.__exit__)
    return warm
