"""Pelican builds in a row without its start: a process that has imported everything, and forks for each build.

One build still is one process (its signals and `setlocale` belong to a whole process), which costs a tenth.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class Forge:
    """Builds sites of one `mur.toml`. A context manager."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.incremental.forge"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=(home / "said").open("wb"),
            text=True,
        )

    def build(self, into: Path, *, now: str, root: Path = ROOT, **environ: Path) -> str:
        """Build `content/` into a folder; what went wrong, empty where nothing did."""
        asked = {
            "into": str(into),
            "home": str(self.home),
            "settings": str(root / "pelicanconf.py"),
            "environ": {
                "MUR_CONFIG": f"{self.home}/mur.toml",
                "MUR_NOW": now,
                **{k: str(v) for k, v in environ.items()},
            },
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return "" if self._process.stdout.readline() == "0\n" else (self.home / "said").read_text()[-3000:]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def main() -> None:
    """Fork for each line of standard input."""
    import markdown.extensions.tables
    import PIL.PngImagePlugin
    from pelican import Pelican
    from pelican.settings import read_settings

    import plugins.mur

    del markdown, PIL, plugins
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            try:
                os.environ.update(asked["environ"])
                os.chdir(asked["home"])
                where = {"PATH": f"{asked['home']}/content", "OUTPUT_PATH": asked["into"]}
                sys.stdout = sys.stderr
                Pelican(read_settings(asked["settings"], override=where)).run()
                os._exit(0)
            except BaseException:  # noqa: BLE001 - told, and this process ends
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(1)
        _pid, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
