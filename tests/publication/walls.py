"""A wall in an empty folder, with a real store, real decisions and real builds."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from ingest.model import ContributionId, Converted, Draft, Kind, Markdown, Media
from ingest.moderation import Decision, decide, edit
from ingest.publication import article
from ingest.publication.project import Projected, project
from ingest.publication.publish import Online, publish
from ingest.settings import Settings, load
from ingest.states import Action
from ingest.store import Row, Store

NOW = datetime.fromisoformat("2022-06-08T09:30:00+02:00")
ROOT = Path(__file__).resolve().parents[2]


class TestWall:
    """What the tests say of a wall in one line."""

    __test__ = False

    def __init__(
        self, folder: Path, *, theme: str = "simple", content: str = "content", after: str = "[]", url: str = ""
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "mur.toml").write_text(
            f'[wall]\nurl = "{url}"\n[paths]\ncontent = "{content}"\n[limits]\nfree_bytes = 0\n'
            f'[publish]\ntheme = "{theme}"\nafter = {after}\n',
            encoding="utf-8",
        )
        self.settings: Settings = load(folder / "mur.toml")
        self.store = Store.open(self.settings)
        self.content, self.output = self.settings.paths.content, self.settings.paths.output

    def accept(
        self, title: str = "Une fête au café", body: str = "Venez samedi.", *, at: datetime = NOW, **told: object
    ) -> Row:
        """A mail, taken in and accepted."""
        media = told.pop("media", ())
        facts = {"kind": Kind.ARTICLE, "byline": "", "tags": (), "lang": "fr", "extra": {}, **told}
        draft = Draft(title=title, body=Markdown(body), **facts)
        raw = f"{title}{body}{told}{self.store.count()}".encode("utf-8", "replace")
        found = Converted(
            draft=draft, media=media, removed=(), forwarded=None, reasons=("moderated",), warnings=(), text=body
        )
        taken = self.store.hold(raw, found, contribution=None, received_at=at, now=at, channel="import")
        return self.decide(taken.id, Action.ACCEPT, at=at)

    def decide(self, id_: ContributionId, action: Action, *, at: datetime = NOW) -> Row:
        """A decision on the current draft."""
        return decide(self.store, Decision(action=action, id=id_, by="zoe", digest=None, channel="cli", at=at))

    def correct(self, row: Row, body: str, *, at: datetime = NOW) -> Row:
        """Another text, accepted."""
        row = self.store.find(row.id)
        old = self.store.draft(row.id, row.digest)
        new = article.document(
            Draft(**{name: getattr(old, name) for name in Draft.__slots__} | {"body": Markdown(body)})
        )
        edit(self.store, row.id, new, seen=row.digest, by="zoe", channel="cli", at=at)
        return self.decide(row.id, Action.ACCEPT, at=at)

    def project(self, now: datetime = NOW) -> Projected:
        """`content/` alone."""
        return project(self.settings, self.store, now=now)

    def publish(self, now: datetime = NOW) -> Online:
        """The whole way."""
        return publish(self.settings, self.store, now=now)

    def write(self, path: str, text: str) -> Path:
        """A file under `content/` by somebody's hand."""
        target = self.content / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def files(self) -> set[str]:
        """The site's files but the theme's."""
        return {
            name
            for path in self.output.resolve().rglob("*")
            if path.is_file()
            for name in [path.relative_to(self.output.resolve()).as_posix()]
            if not name.startswith("theme/")
        }

    def page(self, name: str) -> str:
        """One file of the site."""
        return (self.output / name).read_text(encoding="utf-8")

    def sources(self) -> dict[str, str]:
        """`content/`, by path."""
        return {
            path.relative_to(self.content).as_posix(): path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(self.content.rglob("*"))
            if path.is_file()
        }


def head(**keys: str) -> str:
    """Front matter of a file that somebody wrote, published by default."""
    facts = {"Title": "À la main", "Date": "2022-06-01T10:00:00+02:00", "Status": "published", **keys}
    return "".join(f"{key}: {value}\n" for key, value in facts.items() if value) + "\n"


def picture(data: bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x0a\0\0\0\x14") -> Media:
    """A medium named by its bytes; the head of a picture of 10 by 20."""
    name = f"{hashlib.sha256(data).hexdigest()[:16]}.png"
    return Media(name=name, original_name="IMG_1.PNG", type="image/png", data=data, alt="La terrasse")
