"""Pelican in a process of its own: its signals, its loggers and `setlocale` belong to a whole process (4.12)."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ingest.errors import BuildFailed
from ingest.publication.early import Early, Ended
from ingest.settings import Settings
from ingest.words import _

CONFIGURATION = Path(__file__).resolve().parents[2] / "pelicanconf.py"
SECONDS = 1800
_PASSED = re.compile(r"PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|VIRTUAL_ENV|PYTHON[A-Z]+|MUR_CONFIG|SOURCE_DATE_EPOCH")
"""The rest of the environment may hold secrets, and no build needs them."""
_DOUBT = re.compile(r"^(?:plugins\.incremental\.site\.)?Doubt\b", re.MULTILINE)
"""What it remembers does not fit (`plugins.incremental.site.Doubt`)."""
_SAYS = "mur: "
"""How our plugin begins each line on a bad file (`plugins.mur.SAYS`)."""


class BadArticles(BuildFailed):
    """Files that may not be published as they stand. `problems` holds (path under `content/`, what is wrong)."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(" ; ".join(f"{path} : {message}" for path, message in problems))
        self.problems = problems


class Stuck(BuildFailed):
    """Pelican did not end, or did not begin: no file is to blame, and trying again without some would take days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What a build may start from."""

    folder: Path
    """Private: what the last build remembered, and what this one does."""
    base: Path | None
    """The site that is online, where `folder` is of it; None for a whole build."""
    early: Early | None = None
    """A child that has loaded Pelican already."""


def build(
    settings: Settings, into: Path, *, now: datetime, content: Path | None = None, memory: Memory | None = None
) -> None:
    """Build the site of `settings` into the empty folder `into`, as it is at `now`; of `content` where one is given.

    With a `memory`, only what changed may be built, which is told in the folder (`ingest.publication.laying`).

    Raises `BadArticles` where files under `content/` are at fault, `BuildFailed` for anything else, in one line.
    """
    source = content or settings.paths.content
    words = (str(source), "-s", str(CONFIGURATION), "-o", str(into), "--fatal", "errors", "--log-handler", "plain")
    env = {**_environment(settings, now), **_remembered(memory)}
    cwd = settings.file.parent if settings.file else settings.paths.state  # no `mur.toml` of somebody else's
    try:
        done = _early(words, env, cwd, memory) or _run(words, env=env, cwd=cwd)
    except (subprocess.TimeoutExpired, TimeoutError):
        raise Stuck(_("Pelican n’a pas fini en {n} secondes").format(n=SECONDS)) from None
    except OSError as error:
        raise Stuck(f"Pelican: {error}") from None
    said = done.said.decode("utf-8", "replace")
    if done.code and memory and memory.base and _DOUBT.search(said):
        whole = Memory(folder=memory.folder, base=None)
        build(settings, into, now=now, content=content, memory=whole)
    elif done.code:
        raise _failure(said, done.code)


def _early(words: Sequence[str], env: Mapping[str, str], cwd: Path, memory: Memory | None) -> Ended | None:
    """In the child that waits for it; None where there is none, and where it failed for a reason that it does not tell.

    It has loaded no more of Pelican than is needed (`plugins.loading`): a process of its own has the last word.
    """
    if memory is None or memory.early is None:
        return None
    done = memory.early.run(words, env=env, cwd=cwd, seconds=SECONDS)
    if done is None or done.code == 0:
        return done
    said = done.said.decode("utf-8", "replace")
    return done if _DOUBT.search(said) or any(line.startswith(_SAYS) for line in said.splitlines()) else None


def _run(words: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> Ended:
    """In a process of its own, from its start."""
    done = subprocess.run(
        (sys.executable, "-m", "pelican", *words),
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=SECONDS,
        check=False,
    )
    return Ended(code=done.returncode, said=done.stdout)


def _remembered(memory: Memory | None) -> Mapping[str, str]:
    """For `plugins.incremental.work`."""
    if memory is None:
        return {}
    return {"MUR_SITE": str(memory.folder)} | ({"MUR_BASE": str(memory.base)} if memory.base else {})


def _environment(settings: Settings, now: datetime) -> Mapping[str, str]:
    kept = {name: value for name, value in os.environ.items() if _PASSED.fullmatch(name)}
    if settings.file:
        kept["MUR_CONFIG"] = str(settings.file)
    return kept | {"MUR_NOW": now.isoformat(), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"}


def _failure(said: str, code: int) -> BuildFailed:
    lines = said.splitlines()
    problems = tuple(
        (path, message)
        for line in lines
        if line.startswith(_SAYS)
        for path, _colon, message in (line.removeprefix(_SAYS).partition(": "),)
    )
    if problems:
        return BadArticles(problems)
    told = [line.strip() for line in lines if line.strip() and not line.startswith((" ", "Traceback", "\t"))]
    reason = next((line for line in told if re.match(r"[\w.]*(?:Error|NotFound|Exception|Misconfigured)\b", line)), "")
    return BuildFailed(
        _("Pelican a échoué (code {code}) : {reason}").format(code=code, reason=reason or "".join(told[-1:]))
    )
