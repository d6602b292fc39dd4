"""A publication, begun as soon as somebody accepted or withdrew something: a process that nobody waits for.

`mur publish --wait` joins the one that waits already, so that ten decisions in a row make two publications, not ten.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading

from ingest.settings import Settings

WAIT_SECONDS = "0.5"
"""So long it lets others join."""
_COMMAND = (sys.executable, "-c", "from ingest.cli import main; main()")
_log = logging.getLogger(__name__)


def publish(settings: Settings) -> None:
    """Begin it. What it says goes to the log; where it cannot begin, the log says that, and the decision stands."""
    if settings.file is None:
        return  # without a `mur.toml` it would publish another wall's
    command = [*_COMMAND, "--config", str(settings.file), "publish", "--wait", WAIT_SECONDS]
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal of these pages is not for it
        )
    except OSError as error:
        _log.error("publication: %s", error)
        return
    threading.Thread(target=_follow, args=(process,), name="publication", daemon=True).start()


def _follow(process: subprocess.Popen[bytes]) -> None:
    said = process.communicate()[0].decode("utf-8", "replace").strip()
    _log.log(logging.WARNING if process.returncode else logging.INFO, "publication: %s", said or "rien")
