"""Once a day, all that waits in one letter: for moderators who chose that, and only if something is new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from ingest.correspondence import notices
from ingest.correspondence.audience import MODERATOR, from_address, sends
from ingest.correspondence.letter import Case, Filled, Unsent
from ingest.errors import BadMessage, Refused, Unavailable
from ingest.moderation import vocabulary
from ingest.moderation.entitled import OPEN
from ingest.moderation.tokens import Grant, Scope
from ingest.moderation.views import beginning
from ingest.moderation.views import kind as kind_words
from ingest.moderation.weighing import DIGEST, off, tokens
from ingest.settings import Settings
from ingest.states import WAITING
from ingest.store import Letter, Row, Store
from ingest.words import _

DAILY = "daily"
_A_DAY = timedelta(days=1)
_LISTED = 30
_BEGINNING = 400


def post_digests(settings: Settings, store: Store, *, now: datetime) -> int:
    """Put today's digest into the outbox for whoever wants one, once `digest_hour` struck. Gives back how many.

    To be called every few minutes; a day has one digest however often it is. Raises `Unavailable`.
    """
    local = now.astimezone(ZoneInfo(settings.wall.timezone))
    if not sends(settings) or local.hour < settings.moderation.digest_hour:
        return 0
    wanting = [one for one in settings.moderators if store.notices_of(one) == DAILY]
    if not wanting or not _new(store, since=now - _A_DAY):
        return 0
    letters = [
        Letter(kind=DIGEST, audience=MODERATOR, who=store.who(one.address), about={"day": local.date().isoformat()})
        for one in wanting
    ]
    return store.post(letters, now=now, unless_since=now - 2 * _A_DAY)


def fill(case: Case) -> Filled | Unsent:
    """What waits, the newest first; none once nothing does."""
    rows = sorted(case.store.rows(OPEN), key=lambda row: (row.received_at, row.id), reverse=True)
    if not rows:
        return Unsent(why="nothing-waits")
    values = {
        "items": tuple(_items(case, rows[:_LISTED])),
        "more": max(0, len(rows) - _LISTED),
        "waiting": notices.waiting_words(case.store.count(WAITING)),
        "url": notices.page_url(case.settings, None),
        "by_mail": not off(case.settings),
        "days": case.settings.moderation.link_days,
    }
    return Filled(values=values, reply_to=notices.reply_to(case.settings))


def _new(store: Store, *, since: datetime) -> bool:
    began = {entry.contribution for entry in store.journal(since=since) if entry.what in {"hold", "replay"}}
    return any(row.id in began for row in store.rows(OPEN)) if began else False


def _items(case: Case, rows: list[Row]) -> Iterator[dict[str, object]]:
    zone = ZoneInfo(case.settings.wall.timezone)
    for row in rows:
        try:
            draft = case.store.draft(row.id, row.digest)
        except (Refused, BadMessage, Unavailable):
            continue
        title = notices.title_of(case.store, row)
        yield {
            "title": title,
            "byline": draft.byline,
            "kind": kind_words(row.kind),
            "since": f"{row.received_at.astimezone(zone):%d/%m/%Y}",
            "look": vocabulary.all_told((*row.reasons, *row.warnings)),
            "beginning": beginning(draft.body, _BEGINNING),
            "url": notices.page_url(case.settings, row),
            "mailto": _mailto(case, row, title),
        }


def _mailto(case: Case, row: Row, title: str) -> str:
    """RFC 6068: a mail begun, whose subject holds the code of this one text. Only links hold codes in a digest: the
    text that an answer quotes would hold them all, and nobody could tell which one is meant.
    """
    if row.digest is None or off(case.settings):
        return ""
    letter = case.letter
    grant = Grant(id=row.id, who=letter.who, digest=row.digest, scope=Scope.DECIDE, issued=letter.created_at)
    code = tokens(case.store).code(grant)
    subject = _("À relire\u202f: {title} (#{code})").format(title=title, code=code)
    address = case.settings.wall.address.strip() or from_address(case.settings)
    return f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}&body={quote(_('oui'), safe='')}"
