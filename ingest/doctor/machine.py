"""The program, its settings, the disk and the clock, and whether the poller runs."""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest import durable
from ingest.doctor.finding import Patient, Verdict, fine, mind, some, wrong
from ingest.settings import Settings
from ingest.watch import health, keeping
from ingest.words import _

_EXTRAS = {
    "pillow_heif": "photos d’iPhone (HEIC)",
    "pypdfium2": "aperçus de PDF",
    "pikepdf": "PDF",
    "mutagen": "sons",
    "icalendar": "agendas",
}
_WRITTEN = datetime(2026, 11, 1, tzinfo=UTC)
"""No clock that is right shows less than when this was written."""
_LATE = timedelta(minutes=10)
_TIME_ERROR = 5


def configuration(settings: Settings) -> Verdict:
    """`mur.toml`: read already, so only what it leaves out."""
    missing = [
        words
        for words, there in (
            (_("[wall] address : personne ne saura où écrire"), settings.wall.address),
            (_("[wall] url : le flux n’aura pas d’adresses complètes"), settings.wall.url),
            (_("[mailbox] host : rien n’arrive, sauf par « mur import »"), settings.mailbox.host),
        )
        if not there
    ]
    return mind(f"{settings.file} ; " + " ; ".join(missing)) if missing else fine(str(settings.file))


def program(_patient: Patient) -> Verdict:
    """Python, and the packages that some attachments need."""
    python = f"Python {sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    missing = [words for package, words in _EXTRAS.items() if find_spec(package) is None]
    if missing:
        return mind(_("{python} ; il manque l’extra « media » : {what}").format(python=python, what=", ".join(missing)))
    return fine(python)


def clock(patient: Patient) -> Verdict:
    """A date that can be true, and whether something keeps it so."""
    now = patient.now
    here = now.astimezone(ZoneInfo(patient.settings.wall.timezone))
    shown = f"{here:%Y-%m-%d %H:%M} ({patient.settings.wall.timezone})"
    known = keeping.read(patient.settings.paths.state)
    last = max((it for it in (known.polled_at, known.mail_at, known.published_at) if it), default=_WRITTEN)
    if now + _LATE < max(last, _WRITTEN):
        return wrong(_("{shown} : l’horloge retarde, ou elle a reculé").format(shown=shown))
    if os.environ.get("MUR_NOW"):
        return mind(_("{shown} : MUR_NOW remplace l’horloge").format(shown=shown))
    if not _synchronised():
        return mind(_("{shown} ; rien ne la règle (systemd-timesyncd, chrony)").format(shown=shown))
    return fine(shown)


def space(patient: Patient) -> Verdict:
    """Room for mails on one side, for builds on the other."""
    least = patient.settings.limits.free_bytes
    paths = patient.settings.paths
    free = min(durable.free_bytes(_standing(path)) for path in (paths.state, paths.content, paths.output))
    said = _("{free} Mo libres").format(free=free // 1_000_000)
    if free < least:
        return wrong(_("{said} : sous {least} Mo, rien n’est pris").format(said=said, least=least // 1_000_000))
    if free < 4 * least:
        return mind(_("{said} : bientôt plein").format(said=said))
    return fine(said)


def writing(patient: Patient) -> Verdict:
    """A file written, synced, renamed and read again, and a link, wherever we write."""
    paths = patient.settings.paths
    folders = list(dict.fromkeys(_standing(path) for path in (paths.state, paths.content, paths.output.parent)))
    for folder in folders:
        with tempfile.TemporaryDirectory(prefix=durable.TEMPORARY + "doctor-", dir=folder) as name:
            _write_in(Path(name))
    return fine(", ".join(str(folder) for folder in folders))


def running(patient: Patient) -> Verdict:
    """What the poller and the publisher last noted."""
    known = keeping.read(patient.settings.paths.state)
    said = list(health.alarms(known, patient.settings, now=patient.now))
    if known.poll_failures:
        said.append(_("{n} échecs de suite").format(n=known.poll_failures))
    if said:
        return mind(some(said, len(said)))
    if known.polled_at is None:
        return mind(_("la boîte n’a encore jamais été lue (« mur poll »)"))
    zone = ZoneInfo(patient.settings.wall.timezone)
    return fine(_("boîte lue le {at}").format(at=f"{known.polled_at.astimezone(zone):%Y-%m-%d %H:%M}"))


def _write_in(folder: Path) -> None:
    durable.write(folder / "a", b"mur")
    durable.place(folder / "a", folder / "b")
    (folder / "c").symlink_to("b")
    if (folder / "c").read_bytes() != b"mur":
        raise OSError(0, "ce qui est écrit n’est pas ce qui est lu", str(folder))


def _standing(path: Path) -> Path:
    """`path`, or the nearest folder above it that is there: what is missing will be made in it."""
    while not (path.exists() or path.is_symlink()) and path != path.parent:
        path = path.parent
    return path


def _synchronised() -> bool:
    """Whether the kernel's clock is disciplined: adjtimex(2) says TIME_ERROR otherwise. True where it cannot tell."""
    try:
        return bool(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512)) != _TIME_ERROR)
    except (AttributeError, OSError):
        return True
