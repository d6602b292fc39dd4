"""Whose an answer to a letter of ours is: the thread says what it is about, our own server who sent it.

Neither is enough. A thread is forwarded with the letter; a From field can be written by anybody; and somebody else's
authenticated address says nothing about this contribution. The sender is known by the keyed hash on its row, so that
this still holds when the mail itself is long gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.correspondence import guard
from ingest.correspondence.audience import SENDER, own_addresses
from ingest.model import Authenticity, Contribution
from ingest.states import State
from ingest.store import Row, Store
from ingest.store.outbox import Posted

RECEIVED, PUBLISHED, SENT_BACK, WITHDRAWN, CHANGED = "received", "published", "sent-back", "withdrawn", "changed"
LETTERS = (RECEIVED, PUBLISHED, SENT_BACK, WITHDRAWN, CHANGED)
"""Kinds of letters whose answers are read here. What answers a refusal is a mail like any other: a second try."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """What an answer is about."""

    letter: Posted
    row: Row


def thread(store: Store, letters: Sequence[Posted]) -> Thread | None:
    """The nearest letter of ours to a contributor; None without one, or where its contribution was erased."""
    for letter in letters:
        if letter.kind in LETTERS and letter.audience == SENDER and letter.contribution is not None:
            row = store.known(letter.contribution)
            if row is not None and row.state is not State.ERASED:
                return Thread(letter=letter, row=row)
    return None


def is_author(store: Store, about: Thread, mail: Contribution) -> bool:
    """Whether its From names whoever sent the contribution: said by the mail alone, verified by nobody."""
    if mail.sender is None or about.row.sender_key is None:
        return False
    return store.who(mail.sender.address) == about.letter.who == about.row.sender_key


def is_believed(store: Store, about: Thread, mail: Contribution) -> bool:
    """Whether an answer surely is the author's: one From field, their address, vouched for, and no program's."""
    if mail.authenticity is not Authenticity.PASS or len(mail.fields.get("from", ())) != 1:
        return False
    suspicious = guard.words(mail, own_addresses(store.settings)) - guard.UNSUSPICIOUS
    return not suspicious and is_author(store, about, mail)
