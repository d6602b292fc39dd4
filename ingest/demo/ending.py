"""How it ended: what became of each mail, and whether that is what should have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from ingest.demo.script import Example
from ingest.demo.server import MailServer
from ingest.demo.site import get, has_title, has_words
from ingest.mailbox import Mailbox
from ingest.message.rules import UNAUTHENTICATED
from ingest.model import ContributionId
from ingest.publication import addresses
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What became of an example mail."""

    name: str
    id: ContributionId
    state: State
    expected: State
    title: str
    """Empty where there is no draft."""
    reason: str
    authenticated: bool


def fates(settings: Settings, played: Mapping[str, Example]) -> tuple[Fate, ...]:
    """What became of each mail; `played` has their ids. Raises `Refused` for a mail that is unknown."""
    with Store.open(settings, readonly=True) as store:
        return tuple(_fate(store, id_, example) for id_, example in played.items())


def _fate(store: Store, id_: str, example: Example) -> Fate:
    row = store.find(id_)
    return Fate(
        name=example.name,
        id=row.id,
        state=row.state,
        expected=example.part.ends,
        title=store.draft(row.id).title if row.digest else "",
        reason=row.reason,
        authenticated=UNAUTHENTICATED not in row.reasons,
    )


def pages(settings: Settings) -> dict[ContributionId, str]:
    """The page of each article that is online, relative to the site."""
    zone = ZoneInfo(settings.wall.timezone)
    found = {}
    with Store.open(settings, readonly=True) as store:
        for file in store.article_files():
            path = PurePosixPath(file.path)
            if path.parts[0] not in addresses.ARTICLE_FOLDERS:
                continue
            text = (settings.paths.content / path).read_text(encoding="utf-8")
            page = addresses.page_of(path, text, zone=zone, now=datetime.now(UTC))
            if page is not None:
                found[file.contribution] = page
    return found


def complaints(
    settings: Settings, url: str, told: Iterable[Fate], online: Mapping[ContributionId, str]
) -> tuple[str, ...]:
    """What is not as it should be; empty where all is well. `online` holds what was ever online."""
    wrong = [*_home(settings, url)]
    for fate in told:
        if fate.state is not fate.expected:
            wrong.append(f"{fate.name} : {fate.state.value} au lieu de {fate.expected.value}")
        wrong += _page(fate, url, online.get(fate.id))
    return (*wrong, *_left_behind(settings))


def _home(settings: Settings, url: str) -> Iterable[str]:
    status, page = get(url)
    if status != 200 or not has_title(page, settings.wall.name):
        yield f"page d’accueil : {status}, ou sans son titre"


def _page(fate: Fate, url: str, page: str | None) -> Iterable[str]:
    if page is None:
        if fate.state is State.PUBLISHED:
            yield f"{fate.name} : publié, mais sans page"
        return
    status, text = get(urljoin(url, page))
    if fate.state is not State.PUBLISHED:
        if status != 404:
            yield f"{page} : {status}, alors que {fate.name} n’est plus publié"
    elif status != 200 or not has_title(text, fate.title):
        yield f"{page} : {status}, ou sans le titre « {fate.title} »"


def _left_behind(settings: Settings) -> Iterable[str]:
    password = (settings.file.parent / settings.mailbox.password_file).read_text().strip() if settings.file else ""
    with Mailbox(settings.mailbox, base=None, password=password) as mailbox:
        left = sum(1 for folder in mailbox.folders for _ in mailbox.new(folder))
    if left:
        yield f"{left} courriels sont restés dans la boîte"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A letter that the wall wrote; it went as far as the embedded server."""

    recipient: str
    subject: str
    text: str


def letters(server: MailServer, folder: Path) -> tuple[Left, ...]:
    """Every letter that left so far, also written to `lettres/` in `folder`: as it was sent, and its words."""
    into = folder / "lettres"
    into.mkdir(exist_ok=True)
    found = []
    for number, passed in enumerate(server.outgoing, start=1):
        message = message_from_bytes(passed.raw, policy=policy.default)  # our own, not from outside
        body = message.get_body(("plain",))
        left = Left(
            recipient=passed.recipient,
            subject=str(message["Subject"] or ""),
            text=str(body.get_content()) if body is not None else "",
        )
        stem = f"{number:02}-{passed.recipient.replace('@', '-')}"
        (into / f"{stem}.eml").write_bytes(passed.raw)
        (into / f"{stem}.txt").write_text(f"{left.subject}\n\n{left.text}", encoding="utf-8")
        found.append(left)
    return tuple(found)


def unheard(told: Iterable[Fate], left: Iterable[Left], web: str) -> tuple[str, ...]:
    """Contributions that nobody was told of, and pages for moderators that do not answer."""
    said = "\n".join(f"{letter.subject}\n{letter.text}" for letter in left)
    drafts = [fate for fate in told if fate.title]
    wrong = [f"{fate.name} : aucune lettre n’en parle" for fate in drafts if not has_words(said, fate.title)]
    status, _page = get(urljoin(web, "connexion"))
    if status != 200:
        wrong.append(f"pages de modération : {status}")
    return tuple(wrong)
