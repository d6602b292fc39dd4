"""Health as numbers for Prometheus: its text format 0.0.4, of which gauges and counters with one label are enough.

Written here because it is these few lines: the client library would bring a registry of its own and a collector of
the process, for a program whose numbers already stand in a file. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ingest.watch.health import Health

TYPE = "text/plain; version=0.0.4; charset=utf-8"


def metrics(health: Health, *, free_bytes: int, alarms: int) -> str:
    """One family after the other. A moment that never was is left out."""
    return "".join(_families(health, free_bytes, alarms))


def _families(health: Health, free_bytes: int, alarms: int) -> Iterator[str]:
    yield _family("mur_alarms", "gauge", "What somebody should look into", alarms)
    yield _moment("mur_last_poll", "Last successful look into the mailbox", health.polled_at)
    yield _moment("mur_last_mail", "Last mail taken", health.mail_at)
    yield _moment("mur_last_publication", "Last successful publication", health.published_at)
    yield _family("mur_poll_failures", "gauge", "Failed looks into the mailbox, in a row", health.poll_failures)
    yield _family("mur_publish_failures", "gauge", "Failed publications, in a row", health.publish_failures)
    yield _family("mur_unfiled", "gauge", "Mails taken that the server would not file away", health.unfiled)
    yield _family("mur_articles", "gauge", "Articles online", health.articles)
    yield _family("mur_free_bytes", "gauge", "Free on the disk of the private state", free_bytes)
    yield _family("mur_waiting", "gauge", "Contributions that wait", health.waiting, label="state")
    yield _family("mur_mails_total", "counter", "Mails taken", health.mails, label="outcome")


def _moment(name: str, says: str, moment: datetime | None) -> str:
    if moment is None:
        return ""
    return _family(f"{name}_timestamp_seconds", "gauge", says, int(moment.timestamp()))


def _family(name: str, kind: str, says: str, value: int | Mapping[str, int], *, label: str = "") -> str:
    head = f"# HELP {name} {says}\n# TYPE {name} {kind}\n"
    if isinstance(value, int):
        return f"{head}{name} {value}\n"
    return head + "".join(f'{name}{{{label}="{_escaped(key)}"}} {number}\n' for key, number in value.items())


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
