"""A wall of two dozen posts, built once by Pelican with the real `pelicanconf.py`, and Chromium to look at it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from io import BytesIO
from itertools import cycle
from pathlib import Path

import pytest
from PIL import Image

from ingest.publication.finding import index
from tests.theme.site_served import Site

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
NOW = "2022-06-08T20:00:00+02:00"
LONG = 21_700
"""Bytes of HTML: the length of the call that the project was born from."""


def picture(folder: Path, width: int, height: int, colour: str) -> str:
    """A JPEG in `folder`, named as media are: by the hash of its bytes."""
    Image.new("RGB", (width, height), colour).save(data := BytesIO(), "JPEG", quality=40)
    name = f"{hashlib.sha256(data.getvalue()).hexdigest()[:16]}.jpg"
    (folder / name).write_bytes(data.getvalue())
    return name


def _fill(content: Path) -> None:
    """What is made rather than written: pictures, the length of the relays, enough posts for a second page."""
    march = content / "billets" / "2022-06-08-marche.md"
    text = march.read_text(encoding="utf-8")
    for word, size, colour in (("@LARGE@", (1200, 800), "#7d94b3"), ("@TALL@", (700, 1100), "#b4583c")):
        text = text.replace(word, picture(content / "medias", *size, colour))
    march.write_text(text, encoding="utf-8")
    paragraphs = cycle((HERE / "site" / "long.md").read_text(encoding="utf-8").split("\n\n"))
    for relay in ("ouverte.md", "close.md"):
        body, bytes_ = [], 0
        while bytes_ < LONG:
            body.append(next(paragraphs))
            bytes_ += len(body[-1].encode()) + len("<p></p>\n")
        with (content / "relais" / relay).open("a", encoding="utf-8") as file:
            file.write("\n\n".join(body))
    day = datetime(2022, 4, 30, 12, tzinfo=timezone(timedelta(hours=2)))
    for n in range(24):
        head = (
            f"Title: Message {n}\nDate: {day - timedelta(days=3 * n):%Y-%m-%dT%H:%M%z}\nSlug: m{n}\nStatus: published"
        )
        (content / "billets" / f"m{n}.md").write_text(f"{head}\nTags: t{n % 14}\n\nQuelques mots.\n", encoding="utf-8")


def built(home: Path, *options: str, **environ: str) -> Site:
    """The test wall in the folder `home`, by Pelican with our settings; `options` are more of its own."""
    shutil.copytree(HERE / "site", home / "content", ignore=shutil.ignore_patterns("mur.toml", "long.md"))
    (home / "content" / "medias").mkdir(exist_ok=True)
    shutil.copy(HERE / "site" / "mur.toml", home)
    _fill(home / "content")
    command = [sys.executable, "-m", "pelican", "content", "-s", ROOT / "pelicanconf.py", "--fatal", "errors", *options]
    done = subprocess.run(
        [*command, "-o", home / "output"],
        cwd=home,
        env={**os.environ, "MUR_CONFIG": str(home / "mur.toml"), "MUR_NOW": NOW, "LC_ALL": "C.UTF-8", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Site(home / "output")


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Site:
    """The wall as it stands in the evening of 8 June 2022."""
    wall = built(tmp_path_factory.mktemp("mur"))
    index(wall.output, language="fr")
    return wall
