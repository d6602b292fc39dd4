"""Every kind of letter, in one table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest.correspondence import (
    alarm,
    answer_letters,
    contributor_letters,
    digest,
    login,
    notices,
    refused,
    stray,
)
from ingest.correspondence.audience import FOLLOWER, MODERATOR, SENDER
from ingest.correspondence.contributing import authority
from ingest.correspondence.following import campaigns, lists, news
from ingest.correspondence.letter import GENERATED, REPLIED, Fill, nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterKind:
    """A letter to a `sender` is only ever sent to one that our server vouches for, and passes `guard` before."""

    audience: str
    """`moderator`, `sender` or `follower`."""
    fill: Fill = nothing
    """What its template needs, at the time it is sent."""
    once_a_day: bool = False
    """At most one in 24 hours to an address: a second one is dropped, or waits where it is `patient`."""
    patient: bool = False
    """Somebody's own words, or what somebody waits for: not to be lost because another one came first."""
    submitted: str = GENERATED
    """`auto-replied` for what answers a mail by itself; `auto-generated` for the rest."""


_ASKED_FOR = frozenset({authority.WITHDRAWN, authority.CHANGED})
"""Each answers another mail of theirs, and says that it was heeded: none is to be missing."""

_PATIENT = frozenset({"published", "sent-back", "refused-by-person"})

KINDS: Mapping[str, LetterKind] = {
    alarm.KIND: LetterKind(audience=MODERATOR, fill=alarm.fill),
    login.KIND: LetterKind(audience=MODERATOR, fill=login.fill),
    "refused-too-large": LetterKind(audience=SENDER, fill=refused.too_large, once_a_day=True, submitted=REPLIED),
    "notice": LetterKind(audience=MODERATOR, fill=notices.fill),
    "digest": LetterKind(audience=MODERATOR, fill=digest.fill),
    "answer-done": LetterKind(audience=MODERATOR, fill=answer_letters.fill_done),
    "answer-already": LetterKind(audience=MODERATOR, fill=answer_letters.fill_already),
    lists.CONFIRM: LetterKind(audience=FOLLOWER, fill=lists.confirm, once_a_day=True, submitted=REPLIED),
    lists.DONE: LetterKind(audience=FOLLOWER, fill=lists.done, once_a_day=True),
    lists.UNKNOWN: LetterKind(audience=SENDER, fill=lists.unknown, once_a_day=True, submitted=REPLIED),
    news.KIND: LetterKind(audience=FOLLOWER, fill=news.fill),
    campaigns.REMINDER: LetterKind(audience=FOLLOWER, fill=campaigns.fill),
    campaigns.FILED: LetterKind(audience=FOLLOWER, fill=campaigns.fill),
    campaigns.DECIDED: LetterKind(audience=FOLLOWER, fill=campaigns.fill),
    campaigns.DUE: LetterKind(audience=MODERATOR, fill=campaigns.fill_due),
    stray.KIND: LetterKind(audience=SENDER, fill=stray.fill, once_a_day=True, submitted=REPLIED),
    **{
        kind: LetterKind(
            audience=SENDER,
            fill=fill,
            once_a_day=kind not in _ASKED_FOR,
            patient=kind in _PATIENT,
            submitted=REPLIED,
        )
        for kind, fill in contributor_letters.FILLS.items()
    },
    "answer-unclear": LetterKind(audience=MODERATOR, fill=answer_letters.fill_unclear),
}
"""By name, which is that of the template too: `templates/<language>/<name>.txt`, and `.html` where there is one."""
