"""The door by which mails of followers come in: asking, saying yes, leaving; and letters that come back.

    a mail -> looked at in the child -> believed or not -> kept, acted on, erased

What was acted on leaves no mail behind, here or in the mailbox: it would name whoever follows. Asking and saying yes
need an address that our server vouches for; leaving needs that, or the token that only the letter's header holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ingest.correspondence import guard
from ingest.correspondence.audience import SENDER
from ingest.correspondence.following import campaigns
from ingest.correspondence.following.lists import CONFIRM, DONE, UNKNOWN, active, code_of
from ingest.correspondence.following.looking import Looking
from ingest.correspondence.following.reading import Looked
from ingest.correspondence.following.wishes import Wants
from ingest.model import Authenticity, ContributionId, Refusal
from ingest.states import State
from ingest.store import BY_ITSELF, ERASED, Letter, Row, Taken
from ingest.store.followers import FOLLOWER, Follower
from ingest.store.outbox import Posted

FOLLOW, UNVERIFIED, CAME_BACK = "follow", "unverified-follow", "came-back"
"""Under which words such a mail is known: acted on; believed by nobody; a letter of ours returned."""
_ACTED = frozenset({FOLLOW, CAME_BACK})
_CHANNEL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What becomes of a mail, and what is done once it is kept."""

    word: str
    act: Callable[[ContributionId], None]
    """Done once the mail is kept; may be done again after a crash."""
    stays: bool = False
    """Whether the mail has to be kept for a while: a letter goes to its sender, who is on no list."""


class Following(Looking):
    """Takes such mails into one store."""

    def take(self, raw: bytes, *, received_at: datetime, now: datetime, channel: str) -> Taken | None:
        """Look at a mail and act on it; None for one that is something else. Raises `Unavailable`."""
        looked = self.look(raw, received_at=received_at, now=now, channel=channel)
        return self.act(raw, looked, received_at=received_at, now=now, channel=channel)

    def act(
        self, raw: bytes, looked: Looked | None, *, received_at: datetime, now: datetime, channel: str
    ) -> Taken | None:
        """Act on a mail that tells this; None for one that is something else. Raises `Unavailable`."""
        deed = self._deed(looked, now)
        if deed is None:
            return None
        refusal = Refusal(reason=deed.word)
        taken = self._store.hold(raw, refusal, contribution=None, received_at=received_at, now=now, channel=channel)
        self._finish(taken.id, deed, now)
        gone = deed.word in _ACTED and not deed.stays
        return Taken(id=taken.id, outcome="handled", reason=ERASED if gone else deed.word)

    def resume(self, known: Row, raw: bytes, *, now: datetime) -> None:
        """Do what a crash left undone."""
        if known.reason in _ACTED and known.state is not State.ERASED and (deed := self.weigh(raw, now)):
            self._finish(known.id, deed, now)

    def _finish(self, id_: ContributionId, deed: Deed, now: datetime) -> None:
        deed.act(id_)
        if deed.word in _ACTED and not deed.stays:
            self._store.bury(id_, by=BY_ITSELF, channel=_CHANNEL, at=now)

    def weigh(self, raw: bytes, now: datetime) -> Deed | None:
        """What a mail would bring, nothing of it done yet; None for one that is something else."""
        return self._deed(self._look(raw, self._run), now)

    def _deed(self, looked: Looked | None, now: datetime) -> Deed | None:
        if looked is None or self._is_refused(looked):
            return None
        for rule in (self._returned, self._leaves, self._says_yes, self._asks):
            deed = rule(looked, now)
            if deed is not None:
                return deed
        return None

    def _is_refused(self, looked: Looked) -> bool:
        key = self._store.who(looked.sender) if looked.sender and self._store.has_key else None
        return self._store.refuses(key, Authenticity.PASS if looked.vouched else Authenticity.UNKNOWN)

    def _letters(self, tokens: tuple[str, ...]) -> tuple[Posted, ...]:
        return tuple(letter for letter in map(self._store.letter, tokens) if letter is not None)

    def _returned(self, looked: Looked, now: datetime) -> Deed | None:
        ours = [letter for letter in self._letters(looked.came_back) if letter.audience == FOLLOWER]
        if not ours:
            return None
        return Deed(word=CAME_BACK, act=lambda _id: self._came_back(ours[0], now))

    def _came_back(self, letter: Posted, now: datetime) -> None:
        """Who never said yes is forgotten at once: there is nobody, or nobody who asked."""
        if letter.kind == CONFIRM:
            self._store.forget_followers([int(letter.who)])
        else:
            self._store.came_back(int(letter.who), now=now)

    def _leaves(self, looked: Looked, _now: datetime) -> Deed | None:
        wished = looked.wish
        if wished is None or wished.wants is not Wants.LEAVE:
            return None
        if wished.token:
            one = self._store.follower_by_token(wished.token)
            return Deed(word=FOLLOW, act=lambda _id: self._forget((one,) if one else (), None))
        if looked.brings and not looked.tokens:
            return None
        if any(letter.audience != FOLLOWER for letter in self._letters(looked.tokens)):
            return None  # "stop" to another letter means something else
        if not looked.vouched or not looked.reasons <= guard.UNSUSPICIOUS:
            return Deed(word=UNVERIFIED, act=lambda _id: None)
        return Deed(word=FOLLOW, act=lambda _id: self._forget(self._store.follows(looked.sender), wished.topic))

    def _forget(self, ones: tuple[Follower, ...], topic: str | None) -> None:
        """All that the address follows; with a topic that alone."""
        gone = [one for mine in ones for one in self._store.follows(mine.address)] if topic is None else list(ones)
        self._store.forget_followers([one.id for one in (*ones, *gone) if topic in (None, one.topic)])

    def _says_yes(self, looked: Looked, now: datetime) -> Deed | None:
        named = {letter.who for letter in self._letters(looked.tokens) if letter.kind == CONFIRM}
        if not (named or looked.code):
            return None
        wants = looked.wish.wants if looked.wish else Wants.YES if looked.empty else None
        if wants is None:
            return None
        if not looked.vouched or looked.silence or not active(self._settings):
            return Deed(word=UNVERIFIED, act=lambda _id: None)
        mine = self._store.follows(looked.sender)
        asked = [one for one in mine if str(one.id) in named or code_of(self._store, one) == looked.code]
        if wants is Wants.NO:
            asked = [one for one in asked if one.confirmed_at is None]
            return Deed(word=FOLLOW, act=lambda _id: self._drop(asked))
        return Deed(word=FOLLOW if asked else UNVERIFIED, act=lambda _id: self._confirm(asked, now))

    def _drop(self, ones: list[Follower]) -> None:
        self._store.forget_followers([one.id for one in ones])

    def _confirm(self, asked: list[Follower], now: datetime) -> None:
        for one in asked:
            if self._store.confirm(one.id, now=now):
                self._post(DONE, one, now)

    def _asks(self, looked: Looked, now: datetime) -> Deed | None:
        wished = looked.wish
        if wished is None or wished.wants is not Wants.FOLLOW or wished.topic is None or not active(self._settings):
            return None
        if looked.brings:
            return None
        if not looked.vouched or looked.silence:
            return Deed(word=UNVERIFIED, act=lambda _id: None)
        topic = wished.topic
        if not campaigns.can_be_followed(self._store, self._settings, topic, now):
            return Deed(word=FOLLOW, act=lambda id_: self._cannot(id_, looked, now), stays=True)
        return Deed(word=FOLLOW, act=lambda _id: self._ask(looked.sender, topic, now))

    def _ask(self, address: str, topic: str, now: datetime) -> None:
        one = self._store.ask(address, topic, now=now)
        if one is not None:
            self._post(DONE if one.confirmed_at else CONFIRM, one, now)

    def _cannot(self, id_: ContributionId, looked: Looked, now: datetime) -> None:
        who = self._store.who(looked.sender)
        letter = Letter(kind=UNKNOWN, audience=SENDER, who=who, contribution=id_, about={"mail": id_})
        self._store.post([letter], now=now, unless_since=datetime.fromtimestamp(0, now.tzinfo))

    def _post(self, kind: str, one: Follower, now: datetime) -> None:
        self._store.post([Letter(kind=kind, audience=FOLLOWER, who=str(one.id))], now=now)
