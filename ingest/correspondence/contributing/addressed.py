"""What a contribution is addressed to: a moderator who is asked for something, a post that it answers, or the wall.

Nothing here acts. A request that nobody can be sure of is held, and says in its title what is asked; a reaction is held
as one, and says under which post it would stand. A wrong post is worse than none: where two keys disagree, or the post
is not online, a moderator chooses.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest.body import keys
from ingest.body import subject as subjects
from ingest.conversion import Result
from ingest.correspondence import answers
from ingest.correspondence.answered import Run, heard
from ingest.correspondence.answers.asking import REQUESTS, Ask, Asked, in_subject
from ingest.correspondence.answers.carriers import token_of
from ingest.correspondence.contributing import authority, reactions, requests
from ingest.errors import Refused
from ingest.model import Contribution, Converted, Kind
from ingest.settings import Settings
from ingest.store import Row, Store
from ingest.store.outbox import Posted

_SHORT = 600
"""Characters of a text that may be nothing but a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mail:
    mail: Contribution
    converted: Converted
    letters: tuple[Posted, ...]
    tokens: tuple[str, ...]


class Addressing:
    """Looks at mails of one store. What is read of them is read by `run`."""

    def __init__(self, store: Store, settings: Settings, run: Run) -> None:
        self._store, self._settings, self._run = store, settings, run

    def result(self, result: Result) -> Result:
        """The same, as a request or as a reaction where it is one. Raises `Unavailable`."""
        if result.contribution is None or not isinstance(result.outcome, Converted):
            return result
        carried = answers.carried(result.contribution)
        tokens = tuple(filter(None, map(token_of, carried.message_ids)))
        letters = tuple(filter(None, map(self._store.letter, tokens)))
        seen = _Mail(mail=result.contribution, converted=result.outcome, letters=letters, tokens=tokens)
        outcome = next(filter(None, (step(seen) for step in self._steps())), result.outcome)
        return replace(result, outcome=outcome)

    def _steps(self) -> tuple[Callable[[_Mail], Converted | None], ...]:
        return (self._in_thread, self._lost, self._reaction)

    def _in_thread(self, seen: _Mail) -> Converted | None:
        """An answer to a letter to whoever wrote, which did nothing by itself."""
        about = authority.thread(self._store, seen.letters)
        if about is None:
            return None
        author = authority.is_author(self._store, about, seen.mail)
        names = (seen.mail.sender.name,) if seen.mail.sender else ()
        asked = heard(seen.mail, names, self._settings, self._run)
        named = {*self._numbers(seen), *([asked.number] if asked.number else [])}
        elsewhere = about.row.number is None or bool(named - {about.row.number})
        if not author and asked.ask not in REQUESTS and (named or about.letter.kind == authority.PUBLISHED):
            return None  # a letter that was passed on: its reader reacts
        if authority.is_believed(self._store, about, seen.mail) and not (named and elsewhere):
            proposed = requests.proposed(self._store, about.row, asked, seen.mail, seen.converted)
            if proposed is not None:
                return proposed
        warnings = () if author else (requests.NOT_THE_AUTHOR,)
        row = None if named and elsewhere else about.row
        return requests.request(self._store, row, asked, seen.converted, warnings)

    def _lost(self, seen: _Mail) -> Converted | None:
        """A request that came without its thread: webmails drop it, and old letters are forgotten."""
        forgotten = bool(seen.tokens) and not seen.letters
        asked = self._asked_alone(seen)
        if asked is None and not (forgotten and not self._numbers(seen)):
            return None
        row = self._meant(seen, asked)
        warnings = [requests.LOST_THREAD]
        if row is not None and row.sender_key != self._store.sender_key(seen.mail):
            warnings.append(requests.NOT_THE_AUTHOR)
        return requests.request(self._store, row, asked or Asked(ask=Ask.UNCLEAR), seen.converted, tuple(warnings))

    def _asked_alone(self, seen: _Mail) -> Asked | None:
        """What a mail asks for that says nothing else, in its subject or in its text."""
        subject = subjects.clean(seen.mail.subject)
        head, colon, _title = subject.partition(":")
        told = in_subject(subject if not colon else head)
        alone = told.ask is Ask.WITHDRAW or (told.ask in REQUESTS and self._refers(seen))
        if alone and (not colon or self._titled(seen.mail, subject) is not None):
            return told
        if len(seen.converted.text) > _SHORT or seen.converted.media:
            return None
        asked = heard(seen.mail, (seen.mail.sender.name,) if seen.mail.sender else (), self._settings, self._run)
        if asked.ask is Ask.WITHDRAW or (asked.ask in REQUESTS and self._refers(seen)):
            return asked
        return None

    def _refers(self, seen: _Mail) -> bool:
        """Whether a subject says that this is about something that came before."""
        subject = seen.mail.subject
        return subjects.is_reply(subject) or bool(keys.named(subject)) or self._titled(seen.mail, subject) is not None

    def _meant(self, seen: _Mail, asked: Asked | None) -> Row | None:
        numbers = {*self._numbers(seen), *([asked.number] if asked and asked.number else [])}
        if len(numbers) == 1:
            try:
                return self._store.find(f"mur-{numbers.pop()}")
            except Refused:
                return None
        return self._titled(seen.mail, seen.mail.subject) if not numbers else None

    def _titled(self, mail: Contribution, subject: str) -> Row | None:
        """The one text of this sender's whose title a subject holds."""
        return requests.titled(self._store, mail, subject)

    def _numbers(self, seen: _Mail) -> tuple[int, ...]:
        return reactions.numbers(seen.mail, self._settings)

    def _reaction(self, seen: _Mail) -> Converted | None:
        if seen.converted.draft.kind is Kind.COMMAND:
            return None
        return reactions.reaction(self._store, seen.mail, seen.converted, seen.letters)
