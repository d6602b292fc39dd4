"""What a status says: title, what is to be known, the first words, the address of our page. Pure.

Mastodon counts characters (graphemes, so that `len` is never too little), the content warning with them, and each
address as 23 (`app/validators/status_length_validator.rb`). `@name` would call somebody, here or on that server: it is
written so that it calls nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.model import Draft, Kind
from ingest.moderation.pictures import shown
from ingest.moderation.views import beginning
from ingest.publication.article import one_line
from ingest.relay import sentences
from ingest.relay.front import read_relay, read_update
from ingest.relay.state import standing, words
from ingest.settings import Fediverse
from ingest.words import _

_URL = re.compile(r"https?://\S+")
_CALLS = re.compile(r"@(?=\w)")
_TAGS, _LEAST, _LONGEST = 5, 40, 60
_READ = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a server takes; these are Mastodon's own, where it says nothing."""

    characters: int = 500
    per_url: int = 23
    pictures: int = 4
    description: int = 1500


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One that goes with it."""

    name: str
    alt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A status, ready for a server."""

    text: str
    warning: str
    language: str
    """ISO 639-1 or -3."""
    visibility: str
    pictures: tuple[Picture, ...]

    @property
    def digest(self) -> str:
        """Of what can be corrected once it stands there."""
        return hashlib.sha256("\0".join((self.text, self.warning)).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What it is about."""

    draft: Draft
    page: str
    """Of ours."""
    relay: str
    """The title of the campaign that it is news of; empty for anything else."""
    now: datetime
    zone: ZoneInfo


def say(subject: Subject, settings: Fediverse, limits: Limits) -> Said:
    """The status of a post: never longer than `limits`."""
    draft = subject.draft
    warning = _warning(draft, settings)[: limits.characters // 3]
    room = limits.characters - len(warning)
    link, tags = subject.page, _hashtags(draft.tags)
    head = "\n".join(filter(None, map(_quiet, _HEADS.get(draft.kind, _title)(subject))))
    if length(_joined(head, link, tags), limits) > room:
        tags = ""
    spare = room - length(_joined("", link, tags), limits) - 2
    head = _cut(head, spare, limits)
    spare -= length(head, limits) + 2
    first = _cut(_quiet(beginning(draft.body, _READ)), spare, limits) if spare >= _LEAST else ""
    return Said(
        text=_joined(head, first, link, tags),
        warning=warning,
        language=draft.lang.partition("-")[0][:3],
        visibility=settings.visibility,
        pictures=tuple(_pictures(draft, limits)) if settings.pictures else (),
    )


def length(text: str, limits: Limits) -> int:
    """As a server counts it, or more."""
    return len(_URL.sub("u" * limits.per_url, text))


def _joined(*parts: str) -> str:
    return "\n\n".join(filter(None, parts))


def _quiet(text: str) -> str:
    """A text that mentions nobody: a word joiner (U+2060) behind each @ that would."""
    return _CALLS.sub("@\u2060", text)


def _cut(text: str, most: int, limits: Limits) -> str:
    """At most `most`, cut between words."""
    if length(text, limits) <= most:
        return text
    while text and length(text, limits) > most - 1:
        over = max(length(text, limits) - most + 1, 1)
        shorter = text[: max(len(text) - over, 0)]
        text = shorter.rpartition(" ")[0] if " " in shorter else shorter
    return text.rstrip(" ,;:\n") + "…" if text else ""


def _warning(draft: Draft, settings: Fediverse) -> str:
    named = {tag.casefold() for tag in settings.warn_tags}
    tags = (tag for tag in draft.tags if tag.casefold() in named)
    return _quiet(", ".join(filter(None, map(one_line, (settings.warning, *tags)))))


def _hashtags(tags: Iterable[str]) -> str:
    """`#CafésDuCoin`: capitals, so that whoever listens hears words; nothing of a tag that is a number."""
    return " ".join([f"#{name}" for name in dict.fromkeys(map(_name, tags)) if name][:_TAGS])


def _name(tag: str) -> str:
    parts = re.findall(r"[^\W_]+", tag)
    name = "".join(part[:1].upper() + part[1:] for part in parts) if len(parts) > 1 else "".join(parts)
    return name if len(name) <= _LONGEST and not name.isdigit() else ""


def _title(subject: Subject) -> Iterable[str]:
    return (one_line(subject.draft.title) or _("Sans titre"),)


def _relay(subject: Subject) -> Iterable[str]:
    """With its state and its end in absolute terms: nobody writes it anew as time passes."""
    relay, _problems = read_relay(subject.draft.extra, zone=subject.zone)
    state = words(standing(relay, subject.now, zone=subject.zone))
    until = sentences.opens_words(relay, subject.now, zone=subject.zone) or sentences.until_words(
        relay, subject.now, zone=subject.zone
    )
    yield from _title(subject)
    yield _("{state}, {until}").format(state=state, until=until) if until else state
    if relay.organiser:
        yield _("Une campagne de {organiser}, que ce mur relaie.").format(organiser=relay.organiser)


def _update(subject: Subject) -> Iterable[str]:
    update, _problems = read_update(subject.draft.extra, zone=subject.zone)
    if subject.relay:
        yield _("Des nouvelles de « {title} »").format(title=one_line(subject.relay))
    yield from _title(subject)
    if update.count:
        yield sentences.count_words(update.count)


def _event(subject: Subject) -> Iterable[str]:
    yield from _title(subject)
    try:
        start = datetime.fromisoformat(subject.draft.extra.get("Start", ""))
    except ValueError:
        start = None
    when = sentences.date_words(start.date()) if start else ""
    yield ", ".join(filter(None, (when, one_line(subject.draft.extra.get("Place", "")))))


_HEADS: Mapping[Kind, Callable[[Subject], Iterable[str]]] = {
    Kind.RELAY: _relay,
    Kind.UPDATE: _update,
    Kind.EVENT: _event,
}


def _pictures(draft: Draft, limits: Limits) -> Iterable[Picture]:
    """Those that somebody described: one that has no words says nothing to whoever does not see it."""
    described = [one for one in shown(draft.body) if one.alt.strip()]
    for one in described[: limits.pictures]:
        alt = " ".join(one.alt.split())
        yield Picture(name=one.name, alt=alt if len(alt) <= limits.description else alt[: limits.description - 1] + "…")
