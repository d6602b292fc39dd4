"""A relay as its page shows it: true on the day of the build, in the words of `ingest.relay.sentences`. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ingest.relay import sentences
from ingest.relay.addresses import host
from ingest.relay.counts import history
from ingest.relay.model import SIGNABLE, Count, Precision, Relay, RelayState, Update, When
from ingest.relay.state import current, standing, words
from ingest.words import _
from plugins.relays.plot import Plot, plot


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many had signed, said once: a line of the table."""

    day: str
    """`2022-09-20`, or empty; `day_words` is « 20 septembre 2022 »."""
    day_words: str
    words: str
    """« plus de 13 380 mandataires »."""
    source: str
    """http(s), or empty."""
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the templates read as `article.relay`. Its texts came in a mail; each address is http(s), or empty."""

    data: Relay
    """The campaign with all that its updates changed."""
    state: RelayState
    state_words: str
    sign_url: str
    """Where to sign: empty as soon as one may not any more, and before."""
    sign_host: str
    deadline_words: str
    """One sentence, in absolute terms, for the state: for lists, feeds and posters."""
    deadline_iso: str
    """For `<time>`: a day or a minute; empty without a deadline, and once the sentence speaks of something else."""
    left_words: str
    """« il reste 4 jours »: in the last days alone, and true until midnight."""
    filing_words: str
    outcome_words: str
    conditions: str
    """Attributed."""
    count: Counted | None
    """The newest."""
    counts: tuple[Counted, ...]
    """The history, oldest first: only where there are two and more."""
    plot: Plot | None

    @property
    def signable(self) -> bool:
        """Whether one may sign now."""
        return self.state in SIGNABLE

    @property
    def ended(self) -> bool:
        """Whether one could sign once and cannot any more."""
        return self.state not in SIGNABLE and self.state is not RelayState.ANNOUNCED

    @property
    def ends(self) -> datetime | None:
        """The first moment at which one may not sign any more; None without a deadline."""
        return self.data.deadline.over if self.data.deadline else None


def shown(relay: Relay, updates: Sequence[Update] = (), *, now: datetime, zone: ZoneInfo) -> Shown:
    """The relay at `now`, with what its updates tell; `zone` is the wall's."""
    data = current(relay, updates)
    state = standing(data, now, zone=zone)
    sign_url = data.sign_url if state in SIGNABLE else ""
    counts = history(relay, updates)
    told = tuple(map(_counted, counts))
    outcome = sentences.outcome_words(data, now, zone=zone)
    until = sentences.opens_words(data, now, zone=zone) or sentences.until_words(data, now, zone=zone)
    filing = sentences.filing_words(data, now, zone=zone)
    return Shown(
        data=data,
        state=state,
        state_words=words(state),
        sign_url=sign_url,
        sign_host=host(sign_url),
        deadline_words=until or outcome or filing,
        deadline_iso=moment_iso(data.deadline) if until and data.deadline else "",
        left_words=sentences.left_words(data, now, zone=zone) if state is RelayState.LAST_DAYS else "",
        filing_words=filing,
        outcome_words=outcome,
        conditions=sentences.conditions_words(data),
        count=told[-1] if told else None,
        counts=told if len(told) > 1 else (),
        plot=plot(counts),
    )


def moment_iso(when: When) -> str:
    """`2022-09-24`, or `2022-09-24T18:30+02:00`."""
    return when.day.isoformat() if when.precision is Precision.DAY else when.at.isoformat(timespec="minutes")


def state_line(relay: Shown) -> str:
    """The state in one sentence of plain text: « Ouverte, jusqu’au … »."""
    return ", ".join(filter(None, (relay.state_words, relay.deadline_words)))


def sign_line(relay: Shown) -> str:
    """« Signer sur example.net : https://… »; empty where one may not."""
    if not relay.sign_url:
        return ""
    return _("Signer sur {host} : {url}").format(host=relay.sign_host, url=relay.sign_url)


def _counted(count: Count) -> Counted:
    return Counted(
        day=count.on.isoformat() if count.on else "",
        day_words=sentences.day_words(count.on) if count.on else "",
        words=sentences.count_words(replace(count, on=None)),
        source=count.source,
        host=host(count.source),
    )
