"""Which letters a line of the journal brings: a table of small functions. Pure; a lock is held while they run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from ingest.correspondence.audience import SENDER, sends
from ingest.fediverse import rules as statuses
from ingest.settings import Settings
from ingest.store import Letter, Line, Policy, Row, Store, sender_of
from ingest.store.letters import none
from ingest.store.secret import key_of

Keyed = Callable[[str, str], str]
"""`keyed(purpose, text)`: the wall's keyed hash."""
_FRESH = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """What a rule may look at beside the line and the rows."""

    settings: Settings
    keyed: Keyed

    def who(self, address: str) -> str:
        """An address as the outbox holds it."""
        return self.keyed("sender", sender_of(address))


Rule = Callable[[Office, Line, Row | None, Row], Iterable[Letter]]


def policy(settings: Settings, keyed: Keyed) -> Policy:
    """The wall's policy; one that writes to nobody where nothing can be sent: a letter never waits for nobody.

    What is told to the fediverse is no letter, and needs no server that takes any.
    """
    if not sends(settings):
        return partial(statuses.published, settings) if statuses.active(settings) else none
    from ingest.correspondence.contributors import wanted

    office, rules = Office(settings=settings, keyed=keyed), _rules()

    def letters(line: Line, before: Row | None, after: Row) -> Iterator[Letter]:
        for rule in rules:
            yield from (one for one in rule(office, line, before, after) if wanted(settings, one.kind))
        yield from statuses.published(settings, line, before, after)

    return letters


def open_store(settings: Settings, *, readonly: bool = False) -> Store:
    """The wall's state, with its policy: whoever changes anything opens it so. Raises as `Store.open` does."""
    return Store.open(settings, readonly=readonly, policy=policy(settings, key_of(settings.paths.state).hash))


def fresh(line: Line, row: Row) -> bool:
    """Whether a mail came just now, by mail: what is imported, or lay in a mailbox for long, is answered nothing."""
    return line.channel == "imap" and line.at - row.received_at < _FRESH


def _refused_too_large(_office: Office, line: Line, before: Row | None, after: Row) -> Iterable[Letter]:
    if before is None and after.reason == "too-large" and after.sender_key and fresh(line, after):
        yield Letter(kind="refused-too-large", audience=SENDER, who=after.sender_key, contribution=after.id)


def _rules() -> tuple[Rule, ...]:
    """Each sees every line; the order is that in which letters are put into the outbox.

    Imported where somebody may be written to: they bring half of what moderating needs.
    """
    from ingest.correspondence import answer_letters, contributors, notices, stray
    from ingest.correspondence.contributing import rules as requests

    return (
        _refused_too_large,
        stray.rule,
        notices.arrived,
        answer_letters.done,
        *contributors.RULES,
        requests.done,
        requests.noticed,
    )
