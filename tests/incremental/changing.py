"""A wall to which anything may happen: files under `content/` that somebody's seed writes, changes and removes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

START = datetime.fromisoformat("2022-06-08T09:30:00+02:00")
CONFIGURATION = """[wall]
name = "Le mur"
url = "https://mur.example.org"
address = "mur@example.org"
[paths]
output = "shown"
[limits]
free_bytes = 0
"""
WORDS = [
    "marche",
    "rue",
    "samedi",
    "banc",
    "jardin",
    "pain",
    "quai",
    "lampe",
    "soupe",
    "voisin",
    "lettre",
    "place",
    "chat",
    "neige",
    "pluie",
    "train",
]
TAGS = ("Pain", "pain", "Rue", "Été", "quartier", "chats", "école", "velo", "Vélo", "t1", "t13")


@dataclass(slots=True)
class File:
    """One text under `content/`."""

    folder: str
    head: dict[str, str]
    body: str

    @property
    def path(self) -> str:
        """Relative to `content/`."""
        return f"{self.folder}/{self.head['Date'][:10]}-{self.head['Slug']}.md"


@dataclass(slots=True)
class Wall:
    """The wall in a folder, at a moment that moves."""

    home: Path
    random: Random
    now: datetime = START
    files: list[File] = field(default_factory=list)
    media: list[str] = field(default_factory=list)
    number: int = 0

    @property
    def content(self) -> Path:
        """What Pelican reads."""
        return self.home / "content"

    def fill(self, posts: int, *, days: int = 400) -> None:
        """An empty folder becomes a wall of so many posts."""
        for folder in ("billets", "relais", "reactions", "pages", "medias"):
            (self.content / folder).mkdir(parents=True)
        (self.home / "mur.toml").write_text(CONFIGURATION, encoding="utf-8")
        self.page()
        for _n in range(3):
            self.add_media()
        for n in range(posts):
            self.add(at=START - timedelta(days=days * (posts - n) / posts))

    def add(self, kind: str = "", *, at: datetime | None = None) -> None:
        """One more text."""
        at = at or self.now
        kind = kind or self.random.choice(("article",) * 6 + ("event", "relay", "relay", "update", "reaction"))
        self.number += 1
        head = {"Title": self._words(2, 6), "Kind": kind, "Author": self.random.choice(("", "Zoé", "Ana"))}
        head |= {"Tags": self._tags(), "Lang": self.random.choice(("fr", "fr", "fr", "ca"))}
        folder = _KINDS[kind](self, head, at)
        slug = f"{self.random.choice(WORDS)}-{self.number}"
        head |= {"Date": at.isoformat(timespec="seconds"), "Slug": slug, "Status": "published"}
        head["Number"] = f"mur-{self.number}"
        self.files.append(File(folder=folder, head=head, body=self._body()))
        self.write(self.files[-1])

    def write(self, file: File) -> None:
        """As it is now."""
        lines = "".join(f"{key}: {value}\n" for key, value in file.head.items() if value)
        (self.content / file.path).write_text(f"{lines}\n{file.body}\n", encoding="utf-8")

    def any(self) -> File:
        """One of them."""
        return self.random.choice(self.files)

    def correct(self) -> None:
        """Another text, and now and then another title."""
        file = self.any()
        file.body, file.head["Modified"] = self._body(), self.now.isoformat(timespec="seconds")
        if self.random.random() < 0.4:
            file.head["Title"] = self._words(2, 5)
        self.write(file)

    def withdraw(self) -> None:
        """One goes."""
        file = self.files.pop(self.random.randrange(len(self.files)))
        (self.content / file.path).unlink()

    def retag(self) -> None:
        """Other tags."""
        file = self.any()
        file.head["Tags"] = self._tags()
        self.write(file)

    def draft(self) -> None:
        """Hidden, or shown again."""
        file = self.any()
        file.head["Status"] = "draft" if file.head["Status"] == "published" else "published"
        self.write(file)

    def wait(self) -> None:
        """The clock goes on: campaigns end, events pass, posts that were dated ahead are due."""
        self.now += self.random.choice((timedelta(minutes=5), timedelta(hours=7), timedelta(days=1), timedelta(days=9)))

    def turn_back(self) -> None:
        """Somebody set the clock."""
        self.now -= timedelta(days=2)

    def ahead(self) -> None:
        """Dated tomorrow or later."""
        self.add(at=self.now + timedelta(days=self.random.randint(1, 5)))

    def several(self) -> None:
        """A busy evening."""
        for _n in range(self.random.randint(2, 4)):
            self.add()

    def page(self) -> None:
        """What stands at the foot of each page."""
        text = f"Title: {self._words(1, 2)}\nStatus: published\nSlug: a-propos\n\n{self._words(3, 9)}\n"
        (self.content / "pages" / "a-propos.md").write_text(text, encoding="utf-8")

    def setting(self) -> None:
        """The wall has another name."""
        path = self.home / "mur.toml"
        path.write_text(path.read_text("utf-8").replace('name = "', 'name = "M'), encoding="utf-8")

    def add_media(self) -> None:
        """A picture."""
        width, salt = self.random.randint(10, 200), self.random.randbytes(8)
        data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0" + bytes([width]) + b"\0\0\0\x14" + salt
        self.media.append(f"{hashlib.sha256(data).hexdigest()[:16]}.png")
        (self.content / "medias" / self.media[-1]).write_bytes(data)

    def lose_media(self) -> None:
        """A picture that texts show is gone."""
        if self.media:
            (self.content / "medias" / self.media.pop()).unlink()

    def numbers(self, kind: str = "") -> list[str]:
        """Public numbers, of all or of one kind."""
        return [it.head["Number"] for it in self.files if not kind or it.head["Kind"] == kind]

    def _words(self, least: int, most: int) -> str:
        return " ".join(self.random.choice(WORDS) for _n in range(self.random.randint(least, most))).capitalize()

    def _tags(self) -> str:
        return ", ".join(self.random.sample(TAGS, self.random.randint(0, 4)))

    def _body(self) -> str:
        blocks = [f"{self._words(8, 50)}." for _n in range(self.random.randint(1, 4))]
        if self.media and self.random.random() < 0.3:
            blocks.append(f"![une image](media:{self.random.choice(self.media)})")
        return "\n\n".join(blocks)


def _article(_wall: Wall, _head: dict[str, str], _at: datetime) -> str:
    return "billets"


def _event(wall: Wall, head: dict[str, str], at: datetime) -> str:
    start = at + timedelta(days=wall.random.randint(-40, 60))
    head |= {"Start": wall.random.choice((start, start.date())).isoformat(), "Place": "Place du marché"}
    return "billets"


def _relay(wall: Wall, head: dict[str, str], at: datetime) -> str:
    end = at + timedelta(days=wall.random.randint(-5, 30))
    head |= {"Organiser": "Une association", "Sign_url": f"https://sign.example.net/{wall.number}"}
    head["Deadline"] = wall.random.choice(("", end.date().isoformat(), end.isoformat(timespec="minutes")))
    head["Filing"] = wall.random.choice(("", "", (end + timedelta(days=5)).date().isoformat()))
    return "relais"


def _update(wall: Wall, head: dict[str, str], at: datetime) -> str:
    head["Update_of"] = wall.random.choice(wall.numbers("relay") or ["mur-9999"])
    head |= {"Posted": at.date().isoformat(), "Count": str(wall.random.randint(100, 20_000)), "Unit": "signatures"}
    head["Deadline"] = wall.random.choice(("", (at + timedelta(days=9)).date().isoformat()))
    head["Filed"] = wall.random.choice(("", "", "", at.date().isoformat()))
    return "billets"


def _reaction(wall: Wall, head: dict[str, str], _at: datetime) -> str:
    head["Reply_to"] = wall.random.choice(wall.numbers() or ["mur-8888"])
    return "reactions"


_KINDS: dict[str, Callable[[Wall, dict[str, str], datetime], str]] = {
    "article": _article,
    "event": _event,
    "relay": _relay,
    "update": _update,
    "reaction": _reaction,
}
