"""The command that follows a publication: `[publish] after`, rsync to a host, say."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable

from ingest.errors import Unavailable
from ingest.settings import Settings
from ingest.words import _

SECONDS = 3600


def after(settings: Settings, *, report: Callable[[str], None]) -> None:
    """Run the command in the folder of `mur.toml`, with `MUR_OUTPUT` naming the site; nothing where none is set.

    Raises `Unavailable` where it fails: the site is built, and publishing again runs the command again.
    """
    command = settings.publish.after
    if not command:
        return
    report(" ".join(command))
    try:
        done = subprocess.run(
            command,
            env=os.environ | {"MUR_OUTPUT": str(settings.paths.output)},
            cwd=settings.file.parent if settings.file else None,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"[publish] after: {error}") from None
    if done.returncode:
        said = _("[publish] after : « {command} » a échoué (code {code}) ; le site est construit, publiez à nouveau")
        raise Unavailable(said.format(command=command[0], code=done.returncode))
