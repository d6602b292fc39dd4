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
from typing import Any, Protocol, TypeVar

from ingest import media, message
from ingest.assembly import assemble
from ingest.body.drafting import Drafted, draft
from ingest.errors import BadMessage
from ingest.message import rules
from ingest.misdirected import ASTRAY, all_attachments, gone_astray, unspoken
from ingest.model import Attachment, Contribution, Outcome, Quarantine, Refusal
from ingest.settings import Settings
from ingest.worker import Overrun

T = TypeVar("T")
_KILLED = 2
"""So many files of a mail may cost a child its life; then those that are left are not tried."""


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
    read = understand(mail.raw, mail.settings, mail.now, mail.asked)
    light = _light(read.contribution)
    if isinstance(read.outcome, Refusal):
        yield Result(contribution=light, outcome=read.outcome)
        return
    attachments = tuple(all_attachments(read.contribution))
    yield len(attachments)
    done = []
    for number, attachment in enumerate(attachments):
        tried = number not in lost and time.monotonic() < until
        done.append(_remade(attachment, mail.settings) if tried else media.given_up(attachment))
        yield number
    files = media.together(done, limits=mail.settings.limits)
    outcome = guarded(read.contribution, read.outcome, files, mail.settings, mail.noticed)
    yield Result(contribution=unspoken(light, outcome), outcome=outcome)


def _light(contribution: Contribution) -> Contribution:
    """Without the bytes of what is attached."""
    return replace(
        contribution,
        attachments=tuple(replace(one, data=b"") for one in contribution.attachments),
        attached=_light(contribution.attached) if contribution.attached else None,
    )


def understand(raw: bytes, settings: Settings, now: datetime, asked: bool = False) -> Read:  # noqa: FBT001, FBT002
    """Header fields, parts, rules unless somebody `asked` for it, text. Raises `BadMessage`."""
    contribution = message.read(raw, limits=settings.limits, authserv_id=settings.mailbox.authserv_id)
    refusal = rules.refusal(contribution, own=(settings.wall.address, settings.outgoing.address, settings.mailbox.user))
    if refusal and not asked:
        return Read(contribution=contribution, outcome=refusal)
    drafted = draft(contribution, wall=settings.wall, limits=settings.limits, now=now)
    return Read(contribution=contribution, outcome=drafted)


def remade(contribution: Contribution, settings: Settings, run: Run, *, until: float) -> media.Remade:
    """Each attachment by itself, so that one that fails is left out by name and the mail goes on.

    So are those whose turn has not come `until` then, by the monotonic clock.
    """
    done = []
    for attachment in all_attachments(contribution):
        left = min(settings.limits.part_seconds, until - time.monotonic())
        try:
            done.append(run(left, _remade, attachment, settings) if left > 0 else media.given_up(attachment))
        except Overrun:
            done.append(media.given_up(attachment))
    return media.together(done, limits=settings.limits)


def _remade(attachment: Attachment, settings: Settings) -> media.Remade:
    return media.remake_one(attachment, limits=settings.limits)


def guarded(
    contribution: Contribution, drafted: Drafted, files: media.Remade, settings: Settings, noticed: tuple[str, ...]
) -> Outcome:
    """Text and files together, unless the mail was meant for somebody else and nobody says that it was not."""
    kind = "" if ASTRAY in noticed else gone_astray(contribution, drafted, files)
    return Quarantine(reason=ASTRAY, kind=kind) if kind else assemble(contribution, drafted, files, settings, noticed)
