"""The mailbox: may we enter, are its folders there, what can its server do, does it say who wrote?"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from ingest.doctor.finding import Patient, Verdict, fine, mind, unasked, wrong
from ingest.errors import BadMessage
from ingest.message import authenticity, headers
from ingest.settings import Limits
from ingest.words import _, ngettext

_AHEAD = timedelta(minutes=10)
_OFF = "les décisions par courriel et les lettres à qui écrit sont donc coupées"


def login(patient: Patient) -> Verdict:
    """Connect, encrypted as the settings say, and log in."""
    known = patient.settings.mailbox
    if not known.host:
        return unasked(_("aucune ([mailbox] host)"))
    seen = patient.mailbox
    words = ngettext("{user} sur {host}, {n} dossier", "{user} sur {host}, {n} dossiers", len(seen.names))
    return fine(words.format(user=known.user, host=known.host, n=len(seen.names)))


def folders(patient: Patient) -> Verdict:
    """Those to read, and the one for what was received."""
    known, seen = patient.settings.mailbox, patient.mailbox
    lost = [name for name in seen.missing if name in known.folders]
    if lost:
        return wrong(_("introuvable : {names}").format(names=", ".join(lost)))
    if seen.filed in known.folders:
        return wrong(_("[mailbox] filed : {name} est un des dossiers lus").format(name=seen.filed))
    said = ", ".join((*known.folders, *(name for name in known.spam_folders if name not in seen.missing)))
    if seen.missing:
        return mind(_("{said} ; le dossier d’indésirables {name} n’existe pas").format(said=said, name=seen.missing[0]))
    if not known.spam_folders:
        return mind(_("{said} ; [mailbox] spam_folders est vide : un faux indésirable serait perdu").format(said=said))
    there = _("existe") if seen.filed in seen.names else _("sera créé")
    return fine(_("{said} ; {filed} {there}").format(said=said, filed=seen.filed, there=there))


def capabilities(patient: Patient) -> Verdict:
    """IDLE and MOVE; without them it works, later and less neatly."""
    can = patient.mailbox.capabilities
    without = []
    if "IDLE" not in can:
        seconds = patient.settings.mailbox.poll_seconds
        without.append(_("sans IDLE, le courrier est pris toutes les {n} s au plus").format(n=seconds))
    if "MOVE" not in can and "UIDPLUS" not in can:
        without.append(_("sans MOVE ni UIDPLUS, le courrier pris reste aussi à sa place"))
    return mind(" ; ".join(without)) if without else fine(", ".join(sorted(can & {"IDLE", "MOVE", "UIDPLUS"})))


def server_clock(patient: Patient) -> Verdict:
    """No mail can have arrived later than now: INTERNALDATE is of the server's clock."""
    newest = patient.mailbox.newest
    if newest is None:
        return unasked(_("aucun courriel à dater"))
    ahead = newest - patient.now
    if ahead > _AHEAD:
        minutes = int(ahead.total_seconds() // 60)
        return wrong(
            _("le dernier courriel est arrivé dans {n} minutes : une des deux horloges a tort").format(n=minutes)
        )
    return fine(_("le dernier courriel est du {at}").format(at=f"{newest:%Y-%m-%d %H:%M} UTC"))


def authentication(patient: Patient) -> Verdict:
    """Whether our server signs what it knows of senders (RFC 8601), under the name that the settings trust."""
    expected = patient.settings.mailbox.authserv_id.lower()
    stamps = patient.mailbox.stamps
    names = Counter(name for name in (_signed_by(stamp) for stamp in stamps) if name)
    most = names.most_common(1)[0][0] if names else ""
    if not expected:
        found = _(" ; les derniers courriels portent « {name} »").format(name=most) if most else ""
        return mind(_("[mailbox] authserv_id est vide : {off}").format(off=_(_OFF)) + found)
    if not stamps:
        return mind(_("aucun courriel pour vérifier que le serveur signe « {name} »").format(name=expected))
    if not names[expected]:
        found = _(" ; ils portent « {name} »").format(name=most) if most else ""
        words = _("aucun des {n} derniers courriels ne porte « {name} » : {off}")
        return mind(words.format(n=len(stamps), name=expected, off=_(_OFF)) + found)
    return fine(
        _("{m} des {n} derniers courriels portent « {name} »").format(m=names[expected], n=len(stamps), name=expected)
    )


def _signed_by(stamp: bytes) -> str:
    """The topmost field counts: a sender's own stand below."""
    try:
        field = headers.split(stamp, 0, len(stamp), Limits()).first("authentication-results")
    except BadMessage:
        return ""
    return authenticity.signed_by(field.text) if field else ""
