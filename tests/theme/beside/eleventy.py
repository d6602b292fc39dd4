"""The posts of the test wall in a blog by Eleventy, as its users begin one: the base blog’s features, in files of ours.

npm has Eleventy, but no release of the template itself (github.com/11ty/eleventy-base-blog), so that what stands in
`base_blog/` was written here: the same kinds of page, one style sheet of about its length inlined in each, its features
but two. Its links to headings come with 6 KB of script, and its pictures are made again at each build: both would only
weigh on its side.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

from tests.theme.site_served import Site

BLOG = Path(__file__).parent / "base_blog"
ADDRESSES = {"home": "/", "post": "/blog/marche/", "relay": "/blog/ouverte/"}
NPM = ("npm", "install", "--silent", "--no-audit", "--no-fund", "--no-package-lock")
_LINE = re.compile(r"(\w+):\s*(.*)")


def blog(home: Path, wall: Path) -> Site:
    """The posts that lie in `wall`, built in the folder `home`. Raises `CalledProcessError` where npm or node fails."""
    shutil.copytree(BLOG, home)
    posts = home / "content" / "blog"
    posts.mkdir()
    for path in sorted([*wall.glob("billets/*.md"), *wall.glob("relais/*.md")]):
        (posts / path.name).write_text(_as_eleventy_has_it(path.read_text(encoding="utf-8")), encoding="utf-8")
    shutil.copytree(wall / "medias", home / "content" / "medias")
    subprocess.run([*NPM, "--prefix", home], check=True)
    subprocess.run(["npx", "--no-install", "eleventy", "--quiet"], cwd=home, check=True)
    return Site(home / "_site")


def _as_eleventy_has_it(article: str) -> str:
    """Front matter in YAML, of which JSON is a part, with what the blog knows; pictures by their address."""
    head, _blank, body = article.partition("\n\n")
    keys = dict(match.groups() for line in head.splitlines() if (match := _LINE.match(line)))
    tags = [tag.strip() for tag in keys.get("Tags", "").split(",") if tag.strip()]
    front = {
        "title": keys["Title"],
        "tags": ["posts", *tags],
        "layout": "post.njk",
        "permalink": f"/blog/{keys['Slug']}/",
    }
    lines = "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in front.items())
    return f"---\n{lines}date: {keys['Date']}\n---\n{body.replace('media:', '/medias/')}"
