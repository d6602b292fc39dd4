"""The whole way from the bytes of a mail to its outcome: values in, values out, `now` passed in.

Read top to bottom; nothing is decided here that a room does not decide. Whatever touches untrusted bytes is one of
`steps`, which `ingest.worker` makes in a child process with limits and a test may make here. They are one call, so that
neither the mail nor what it carries crosses from one process to the other again and again: see decision 0026.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol, TypeVar

from ingest import media, message
from ingest.assembly import assemble
from ingest.body.drafting import Drafted, draft
from ingest.errors import BadMessage
from ingest.media.kinds import Family, detect
from ingest.message import rules
from ingest.misdirected import ASTRAY, all_attachments, gone_astray, unspoken
from ingest.model import Attachment, Contribution, Outcome, Quarantine, Refusal
from ingest.settings import Settings
from ingest.worker import Overrun, memory

T = TypeVar("T")
_KILLED = 2
"""So many files of a mail may cost a child its life; then those that are left are not tried."""


_TEXT_MEMORY = 7 / 16
"""Of `memory_bytes`: what texts and documents may have. Only a picture, which is decoded whole, may have all of it."""


class Run(Protocol):
    """How a step is run: `run(seconds, function, *args)` gives what the function gives, or raises `Overrun`."""

    def __call__(self, seconds: float, function: Callable[..., T], /, *args: Any) -> T:
        """Run one step."""


class Each(Protocol):
    """How several are: what a generator function gives, one by one, each within `seconds`."""

    def __call__(self, seconds: float, function: Callable[..., Iterable[T]], /, *args: Any) -> Iterable[T]:
        """Run them."""


def here(seconds: float, function: Callable[..., Iterable[T]], /, *args: Any) -> Iterable[T]:
    """Run steps in this very process, without their limit."""
    del seconds
    return function(*args)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A mail that was read: its contribution, and its text unless a rule refused it."""

    contribution: Contribution
    outcome: Refusal | Drafted


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """`contribution` is None where the mail could not be read; it has the names of what is attached, and no bytes."""

    contribution: Contribution | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What is converted, and how."""

    raw: bytes
    settings: Settings
    now: datetime
    noticed: tuple[str, ...]
    asked: bool


def convert(
    raw: bytes,
    *,
    settings: Settings,
    now: datetime,
    each: Each = here,
    noticed: tuple[str, ...] = (),
    asked: bool = False,
) -> Result:
    """What becomes of a mail. Never raises for what is in it: what cannot be read is a `Quarantine`.

    `noticed` are words for what is known of the mail beside its bytes, `from-spam-folder` say. `asked` says that
    somebody wants it in spite of the rules that refuse mails by their header.

    A file that costs the child its life is given up by name, and the mail begun again without it.
    """
    mail = Mail(raw=raw, settings=settings, now=now, noticed=noticed, asked=asked)
    until = time.monotonic() + settings.limits.mail_seconds
    lost: tuple[int, ...] = ()
    while True:
        done: list[int | Result] = []
        try:
            for found in each(settings.limits.part_seconds, steps, mail, lost, until):
                done.append(found)  # noqa: PERF402 - those that came before an exception are looked at
        except BadMessage as error:
            return _unread(error.reason)
        except Overrun as error:
            guilty = _guilty(done)
            if not guilty:
                return _unread(error.reason)
            lost = (*lost, *(guilty if len(lost) + 1 >= _KILLED else guilty[:1]))
        else:
            return next(found for found in reversed(done) if isinstance(found, Result))


def _guilty(done: list[int | Result]) -> range:
    """The file at which steps ended, and those behind it; none where it was the text, or what is made of it all."""
    files = done[0] if done and isinstance(done[0], int) else 0
    return range(len(done) - 1, files) if done else range(0)


def _unread(reason: str) -> Result:
    return Result(contribution=None, outcome=Quarantine(reason=reason))


def steps(mail: Mail, lost: tuple[int, ...], until: float) -> Iterator[int | Result]:
    """In the child: the text, which gives how many files there are; each of the files; all of it together.

    Not tried are the files numbered in `lost`, and those whose turn comes after `until`, by the monotonic clock.
    Raises `BadMessage`.
    """
    settings, noticed = mail.settings, mail.noticed
    with memory(_most(settings)):
        contribution = _read(mail.raw, settings)
        now, asked = mail.now, mail.asked
        del mail  # a mail may weigh 25 MB, and what follows needs room
        read = _understood(contribution, settings, now, asked)
    waiting = [*all_attachments(contribution)]
    contribution = _light(contribution)
    if isinstance(read.outcome, Refusal):
        yield Result(contribution=contribution, outcome=read.outcome)
        return
    drafted = read.outcome
    del read
    yield len(waiting)
    files = media.Several(settings.limits)
    for number in range(len(waiting)):
        tried = number not in lost and time.monotonic() < until
        _add(files, waiting.pop(0), settings, tried=tried)
        yield number
    with memory(_most(settings)):
        outcome = guarded(contribution, drafted, files.whole, settings, noticed)
    yield Result(contribution=unspoken(contribution, outcome), outcome=outcome)


def _most(settings: Settings) -> int:
    return int(settings.limits.memory_bytes * _TEXT_MEMORY)


def _add(files: media.Several, attachment: Attachment, settings: Settings, *, tried: bool) -> None:
    """One file, as a step of its own; nothing holds it afterwards."""
    if not tried:
        files.give_up(attachment)
        return
    files.add(attachment, lambda one: _remade(one, settings))


def _light(contribution: Contribution) -> Contribution:
    """Without the bytes of what is attached."""
    return replace(
        contribution,
        attachments=tuple(replace(one, data=b"") for one in contribution.attachments),
        attached=_light(contribution.attached) if contribution.attached else None,
    )


def understand(raw: bytes, settings: Settings, now: datetime, asked: bool = False) -> Read:  # noqa: FBT001, FBT002
    """Header fields, parts, rules unless somebody `asked` for it, text. Raises `BadMessage`."""
    return _understood(_read(raw, settings), settings, now, asked)


def _read(raw: bytes, settings: Settings) -> Contribution:
    return message.read(raw, limits=settings.limits, authserv_id=settings.mailbox.authserv_id)


def _understood(contribution: Contribution, settings: Settings, now: datetime, asked: bool) -> Read:  # noqa: FBT001
    refusal = rules.refusal(contribution, own=(settings.wall.address, settings.outgoing.address, settings.mailbox.user))
    if refusal and not asked:
        return Read(contribution=contribution, outcome=refusal)
    drafted = draft(contribution, wall=settings.wall, limits=settings.limits, now=now)
    return Read(contribution=contribution, outcome=drafted)


def remade(contribution: Contribution, settings: Settings, run: Run, *, until: float) -> media.Remade:
    """Each attachment by itself, so that one that fails is left out by name and the mail goes on.

    So are those whose turn has not come `until` then, by the monotonic clock.
    """
    files = media.Several(settings.limits)
    for attachment in all_attachments(contribution):
        left = min(settings.limits.part_seconds, until - time.monotonic())
        try:
            files.add(attachment, partial(_within, left, run, settings))
        except Overrun:
            files.give_up(attachment)
    return files.whole


def _within(seconds: float, run: Run, settings: Settings, attachment: Attachment) -> media.Remade:
    return run(seconds, _remade, attachment, settings) if seconds > 0 else media.given_up(attachment)


def _remade(attachment: Attachment, settings: Settings) -> media.Remade:
    if detect(attachment.data).family is Family.PICTURE:
        return media.remake_one(attachment, limits=settings.limits)
    with memory(_most(settings)):
        return media.remake_one(attachment, limits=settings.limits)


def guarded(
    contribution: Contribution, drafted: Drafted, files: media.Remade, settings: Settings, noticed: tuple[str, ...]
) -> Outcome:
    """Text and files together, unless the mail was meant for somebody else and nobody says that it was not."""
    kind = "" if ASTRAY in noticed else gone_astray(contribution, drafted, files)
    return Quarantine(reason=ASTRAY, kind=kind) if kind else assemble(contribution, drafted, files, settings, noticed)
