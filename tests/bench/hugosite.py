"""The same wall as a site of Hugo's: same posts, tags, pictures, months, years and feeds, templates of our own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from tests.bench.posts import Post, pictures

_SITE = Path(__file__).with_name("hugo")
_THEME = Path(__file__).resolve().parents[2] / "theme" / "static"
_LISTS = ("annee", "mois")


def hugo_site(home: Path, posts: Iterable[Post]) -> Path:
    """Write a site into the new folder `home`; `hugo -s HOME` builds it."""
    shutil.copytree(_SITE, home)
    static = home / "static"
    shutil.copytree(_THEME, static / "theme")
    (static / "medias").mkdir()
    for name, data in pictures().items():
        (static / "medias" / name).write_bytes(data)
    (home / "content" / "billets").mkdir(parents=True)
    for post in posts:
        write_post(home, post)
    (home / "content" / "archives.md").write_text(
        '{"title": "Tout lire", "url": "/archives.html", "layout": "archives"}\n'
    )
    for name in _LISTS:  # no feed for a month, as on ours
        (home / "content" / name).mkdir()
        (home / "content" / name / "_index.md").write_text(json.dumps({"cascade": {"outputs": ["html"]}}) + "\n")
    return home


def write_post(home: Path, post: Post) -> Path:
    """One post as a file of Hugo's."""
    head = {
        "title": post.title,
        "date": post.date.isoformat(),
        "url": f"/{post.date:%Y/%m}/{post.slug}.html",
        "mot": list(post.tags),
        "annee": [f"{post.date:%Y}"],
        "mois": [f"{post.date:%Y-%m}"],
        "byline": post.byline,
        "number": f"mur-{post.number}",
    }
    path = home / "content" / "billets" / f"{post.stem}.md"
    body = post.body.replace("](media:", "](/medias/")
    path.write_text(f"{json.dumps(head, ensure_ascii=False)}\n\n{body}", encoding="utf-8")
    return path
