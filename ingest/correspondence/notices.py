"""What moderators are written about what waits: a notice for each contribution, or a digest once a day.

Everything in them is made of the draft: an address, a number or a header of the original cannot stand in a private
mailbox, since nothing here looks at the original.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ingest.correspondence.audience import MODERATOR, from_address
from ingest.correspondence.letter import Case, Filled, Picture, Unsent
from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import Draft
from ingest.moderation import vocabulary
from ingest.moderation.entitled import OPEN
from ingest.moderation.views import kind as kind_words
from ingest.moderation.weighing import NOTICE, code_of, off
from ingest.settings import Settings
from ingest.states import WAITING, Action, State
from ingest.store import SAME, Letter, Line, Row, Store
from ingest.words import _, ngettext

if TYPE_CHECKING:
    from ingest.correspondence.policy import Office

EACH = "each"
ABOVE = "##- {words} -##"
"""The line that `answers.own` knows our letters by, in any language."""
TITLE_LENGTH = 70
_PICTURES, _PICTURE_BYTES = 6, 600_000
_SMALL = 400


def arrived(office: Office, line: Line, before: Row | None, after: Row) -> Iterator[Letter]:
    """A notice to each moderator for what begins to wait. Whether they want one is asked when it is written."""
    new = before is None or (line.what == Action.REPLAY.value and before.state is State.QUARANTINED)
    if new and after.state is State.HELD and after.digest is not None:
        for one in office.settings.moderators:
            yield Letter(
                kind=NOTICE,
                audience=MODERATOR,
                who=office.who(one.address),
                contribution=after.id,
                digest=after.digest,
            )


def fill(case: Case) -> Filled | Unsent:
    """A notice; none for what was decided or changed meanwhile, for whoever wants none, and in a flood."""
    row, store = case.row, case.store
    if row is None or row.state not in OPEN:
        return Unsent(why="decided")
    if row.digest is None or row.digest != case.letter.digest:
        return Unsent(why="changed")
    from ingest.correspondence.proof import page, proof  # with parsers, which only who writes a letter needs

    if "again" not in case.letter.about:
        if not _wants(case, EACH):
            return Unsent(why="not-wanted")
        if store.too_much():
            return Unsent(why="flood")
    try:
        draft = store.draft(row.id, row.digest)
        shown = proof(draft)
        pictures = small_pictures(store, row, draft)
        names = {picture.name for picture in pictures}
        html = page(draft, document_url=page_url(case.settings, row), known=names.__contains__)
    except (Refused, BadMessage, Unavailable):
        return Unsent(why="unreadable")
    values = {
        **common(case),
        "again": case.letter.about.get("again", ""),
        "text": shown.text,
        "html": html,
        "byline": draft.byline,
        "tags": draft.tags,
        "kind": kind_words(row.kind),
        "reasons": vocabulary.all_told(row.reasons),
        "warnings": tuple(word for word in vocabulary.all_told(row.warnings) if word),
        "removed": removed(store, row),
        "alike": tuple(_alike(store, row)),
        "waiting": waiting_words(store.count(WAITING)),
    }
    return Filled(values=values, pictures=pictures, reply_to=reply_to(case.settings))


def common(case: Case) -> dict[str, object]:
    """What the templates of every letter to a moderator about a contribution use."""
    return {
        "title": title_of(case.store, case.row),
        "code": code_of(case.store, case.letter),
        "above": ABOVE.format(words=_("Répondez au-dessus de cette ligne")),
        "url": page_url(case.settings, case.row),
        "by_mail": not off(case.settings),
        "days": case.settings.moderation.link_days,
    }


def title_of(store: Store, row: Row | None) -> str:
    """The draft's title, short enough that a subject keeps its code."""
    title = ""
    if row is not None and row.digest is not None:
        try:
            title = store.draft(row.id, row.digest).title
        except (Refused, BadMessage, Unavailable):
            title = ""
    line = " ".join(title.split()) or _("Sans titre")
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"


def page_url(settings: Settings, row: Row | None) -> str:
    """The moderators' page of a contribution, or of the queue; empty where no address is set."""
    base = settings.moderation.url.rstrip("/")
    return base and (f"{base}/contribution/{row.id}" if row else base)


def reply_to(settings: Settings) -> str:
    """The address that is polled, where letters come from another one."""
    public = settings.wall.address.strip()
    return public if public and public.lower() != from_address(settings).lower() else ""


def removed(store: Store, row: Row) -> tuple[str, ...]:
    """What the draft does not hold, in words and numbers, never its text: `adresse masquée (2)`."""
    counted = Counter(piece.why for piece in store.removed(row.id))
    return tuple(
        vocabulary.why(why) if count == 1 else f"{vocabulary.why(why)} ({count})" for why, count in counted.items()
    )


def small_pictures(store: Store, row: Row, draft: Draft) -> tuple[Picture, ...]:
    """The narrow copies of the first pictures, as long as a mailbox can bear them."""
    from ingest.correspondence.proof import media_of

    shown: list[Picture] = []
    left = _PICTURE_BYTES
    for name in media_of(draft)[:_PICTURES]:
        data = _small(store, row, name, left)
        if data:
            left -= len(data)
            shown.append(Picture(name=name, type=_type(name), data=data))
    return tuple(shown)


def _small(store: Store, row: Row, name: str, most: int) -> bytes:
    for candidate in (name.replace(".", f"-{_SMALL}.", 1), name):
        try:
            path = store.media(row.id, candidate)
            if path.stat().st_size <= most:
                return path.read_bytes()
        except (Refused, OSError):
            continue
    return b""


def _type(name: str) -> str:
    extension = name.rpartition(".")[2]
    return f"image/{'jpeg' if extension == 'jpg' else extension}"


def _alike(store: Store, row: Row) -> Iterator[str]:
    zone = ZoneInfo(store.settings.wall.timezone)
    for one in store.alike(row.id)[:3]:
        other = store.find(one.id)
        much = _("le même texte") if one.share == SAME else _("{n}\u202f% en commun").format(n=one.share)
        words = _("« {title} », du {day}, {stands}\u202f: {much}")
        yield words.format(
            title=title_of(store, other),
            day=f"{other.received_at.astimezone(zone):%d/%m/%Y}",
            stands=vocabulary.stands(other.state),
            much=much,
        )


def waiting_words(count: int) -> str:
    """How many wait, in a sentence."""
    words = ngettext("{n} contribution attend.", "{n} contributions attendent.", count)
    return words.format(n=count)


def _wants(case: Case, what: str) -> bool:
    person = next((one for one in case.settings.moderators if case.store.who(one.address) == case.letter.who), None)
    return person is not None and case.store.notices_of(person) == what
