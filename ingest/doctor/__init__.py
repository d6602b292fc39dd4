"""`mur doctor`: is this wall well? A table of small examinations; each says one line, none changes anything.

Another one is a function `(Patient) -> Verdict` and a line in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from ingest.doctor import deciders, letterbox, letters, machine, privacy, records, site
from ingest.doctor.finding import Check, Finding, Level, Patient
from ingest.errors import Misconfigured, MurError
from ingest.settings import Settings
from ingest.words import _

__all__ = ["CHECKS", "Finding", "Level", "diagnose"]

CHECKS: tuple[Check, ...] = (
    Check(name="program", title="programme", examine=machine.program),
    Check(name="clock", title="horloge", examine=machine.clock),
    Check(name="space", title="place sur le disque", examine=machine.space),
    Check(name="writing", title="écriture", examine=machine.writing),
    Check(name="secrets", title="secrets", examine=privacy.secrets),
    Check(name="privacy", title="état privé", examine=privacy.state),
    Check(name="mailbox", title="boîte aux lettres", examine=letterbox.login, needs=("secrets",)),
    Check(name="folders", title="dossiers de la boîte", examine=letterbox.folders, needs=("mailbox",)),
    Check(name="capabilities", title="serveur de courriel", examine=letterbox.capabilities, needs=("mailbox",)),
    Check(name="server-clock", title="heure du serveur", examine=letterbox.server_clock, needs=("mailbox", "clock")),
    Check(name="authentication", title="authentification", examine=letterbox.authentication, needs=("mailbox",)),
    Check(name="outgoing", title="envoi de lettres", examine=letters.outgoing, needs=("secrets",)),
    Check(name="templates", title="modèles de lettres", examine=letters.templates),
    Check(name="moderators", title="modération", examine=deciders.moderators),
    Check(name="by-mail", title="décisions par courriel", examine=deciders.by_mail),
    Check(name="database", title="base de données", examine=records.database),
    Check(name="documents", title="documents", examine=records.documents, needs=("database",)),
    Check(name="letters", title="lettres", examine=letters.letters, needs=("database",)),
    Check(name="content", title="articles", examine=records.content, needs=("database",)),
    Check(name="set-aside", title="écartés", examine=records.set_aside, needs=("database",)),
    Check(name="build", title="construction", examine=site.build, needs=("writing",)),
    Check(name="online", title="site", examine=site.online),
    Check(name="running", title="marche", examine=machine.running),
)
"""In the order of what they need."""


def diagnose(load: Callable[[], Settings], *, now: datetime, checks: Sequence[Check] = CHECKS) -> Iterator[Finding]:
    """One finding after the other; where the settings cannot be read, that alone."""
    title = "configuration"
    try:
        settings = load()
    except Misconfigured as error:
        yield Finding(title, title, Level.FAILURE, str(error))
        return
    yield Finding(title, title, *machine.configuration(settings))
    patient = Patient(settings, now=now)
    bad: dict[str, str] = {}
    for check in checks:
        ill = [bad[need] for need in check.needs if need in bad]
        says = _("pas examiné ; voir « {title} »").format(title=", ".join(ill))
        finding = Finding(check.name, check.title, Level.SKIPPED, says) if ill else _examined(check, patient)
        if finding.level in {Level.FAILURE, Level.SKIPPED}:
            bad[check.name] = check.title
        yield finding


def _examined(check: Check, patient: Patient) -> Finding:
    try:
        level, says = check.examine(patient)
    except MurError as error:
        level, says = Level.FAILURE, str(error)
    except OSError as error:
        level, says = Level.FAILURE, f"{error.filename or ''} : {error.strerror or error}".removeprefix(" : ")
    return Finding(check.name, check.title, level, " ".join(says.split()))
