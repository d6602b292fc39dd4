"""What is no contribution, and why a contribution is held: a table of small functions.

Precision comes first: an automatic reply that is held costs a moderator a second, a contribution that is refused is
lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.message.bodies import ENCRYPTED
from ingest.model import Authenticity, Contribution, Refusal

MODERATED = "moderated"
"""Reason: everything is held."""
UNAUTHENTICATED = "unauthenticated"
"""Reason: our mail server did not vouch for the sender."""
FORGED = "forged"
"""Reason: our mail server says that the sender is not who the mail says."""
LIST = "list"
"""Reason: came through a mailing list."""
BULK = "bulk"
"""Reason: says of itself that it was sent in bulk."""
AUTOMATIC = "automatic"
"""Reason: says of itself that a program wrote it, without being an answer."""

_ROBOT = re.compile(r"\b(?:mailer[- ]daemon|mail delivery (?:sub)?system|postmaster@|mail-daemon@)", re.IGNORECASE)
_BOUNCE_SUBJECT = re.compile(
    r"\W*(?:undeliver(?:ed|able)|mail delivery (?:failed|failure|system)|delivery status notification|returned mail"
    r"|failure notice|non remis|non distribu|échec de (?:la )?(?:remise|livraison|distribution)|message non délivré"
    r"|rapport de non[- ]remise|unzustellbar|mensaje no entregado|mancata consegna)",
    re.IGNORECASE,
)
_ABSENCE_SUBJECT = re.compile(
    r"\s*(?:réponse automatique|absence du bureau|message d['’]absence|(?:je suis )?absente? du bureau|en congés?\b"
    r"|automatic reply|auto(?:matic)?[- ]?reply|auto[- ]?response|out of (?:the )?office|vacation (?:reply|response)"
    r"|resposta automàtica|respuesta automática|fuera de la oficina|automatische antwort|abwesenheitsnotiz|abwesend"
    r"|risposta automatica|fuori sede|resposta automática|automatisch antwoord|afwezig)",
    re.IGNORECASE,
)
_REPORT = re.compile(r"multipart/report", re.IGNORECASE)
_REPORT_TYPE = re.compile(r"report-type\s*=\s*\"?(?:delivery-status|feedback-report)", re.IGNORECASE)
_RECEIPT = re.compile(r"report-type\s*=\s*\"?disposition-notification", re.IGNORECASE)
_LIST_FIELDS = frozenset({"list-id", "list-post", "x-mailman-version", "mailing-list", "x-beenthere"})


def refusal(contribution: Contribution, *, own: tuple[str, ...] = ()) -> Refusal | None:
    """Why this mail is no contribution, or None. `own` are the wall's own addresses."""
    mine = frozenset(address.strip().lower() for address in own if address.strip())
    for reason, applies in _RULES:
        if applies(contribution, mine):
            return Refusal(reason=reason)
    return None


def program_wrote(subject: str) -> bool:
    """Whether a subject is one that bounces or absence programs write."""
    return bool(_BOUNCE_SUBJECT.match(subject) or _ABSENCE_SUBJECT.match(subject))


def reasons(contribution: Contribution) -> tuple[str, ...]:
    """Why this contribution is held, and what its warnings are; never empty."""
    return (MODERATED, *(word for word, applies in _REASONS if applies(contribution)), *contribution.warnings)


def _loop(mail: Contribution, own: frozenset[str]) -> bool:
    """Our own letter come back: it carries X-Loop with our address, or is an automatic mail from ourselves."""
    if any(address in value.lower() for value in _values(mail, "x-loop") for address in own):
        return True
    return mail.sender is not None and mail.sender.address.lower() in own and _submitted(mail) not in {"", "no"}


def _bounce(mail: Contribution, own: frozenset[str]) -> bool:  # noqa: ARG001 - one signature for the table
    """RFC 3464 and 6522; and the older ones that no field tells, from a robot and with a subject that says so."""
    kind = _value(mail, "content-type")
    report = _REPORT.match(kind) is not None and not _RECEIPT.search(kind)
    if report and (_reported(mail) or _REPORT_TYPE.search(kind)):
        return True
    robot = _ROBOT.search(_value(mail, "from")) is not None
    null = _value(mail, "return-path").strip() == "<>"
    return (robot or null) and (report or _BOUNCE_SUBJECT.match(mail.subject) is not None or _reported(mail))


def _auto_reply(mail: Contribution, own: frozenset[str]) -> bool:  # noqa: ARG001
    """RFC 3834 section 5, receipts (RFC 8098), and vacation programs that predate it."""
    if _submitted(mail) in {"auto-replied", "auto-notified"} or _RECEIPT.search(_value(mail, "content-type")):
        return True
    if _value(mail, "precedence").strip().lower() in {"auto_reply", "auto-reply"}:
        return True
    if any(_value(mail, name).strip().lower() not in {"", "no", "none"} for name in ("x-autoreply", "x-autorespond")):
        return True
    return _ABSENCE_SUBJECT.match(mail.subject) is not None and _sign_of_a_program(mail)


def _encrypted(mail: Contribution, own: frozenset[str]) -> bool:  # noqa: ARG001
    return ENCRYPTED in mail.warnings


_RULES: tuple[tuple[str, Callable[[Contribution, frozenset[str]], bool]], ...] = (
    ("loop", _loop),
    ("bounce", _bounce),
    ("auto-reply", _auto_reply),
    ("encrypted", _encrypted),
)
_REASONS: tuple[tuple[str, Callable[[Contribution], bool]], ...] = (
    (UNAUTHENTICATED, lambda mail: mail.authenticity is Authenticity.UNKNOWN),
    (FORGED, lambda mail: mail.authenticity is Authenticity.FAIL),
    (
        LIST,
        lambda mail: any(name in mail.fields for name in ("list-id", "list-post", "x-mailman-version", "mailing-list")),
    ),
    (
        BULK,
        lambda mail: (
            _value(mail, "precedence").strip().lower() in {"bulk", "junk"} or "list-unsubscribe" in mail.fields
        ),
    ),
    (AUTOMATIC, lambda mail: _submitted(mail) not in {"", "no"}),
)


def _sign_of_a_program(mail: Contribution) -> bool:
    return (
        _submitted(mail) not in {"", "no"}
        or _value(mail, "precedence").strip().lower() in {"bulk", "junk"}
        or _value(mail, "return-path").strip() == "<>"
        or bool({"x-auto-response-suppress", "x-autogenerated", "x-autoreply-from"} & mail.fields.keys())
    )


def _submitted(mail: Contribution) -> str:
    """The keyword of Auto-Submitted, without its parameters (RFC 3834 section 5)."""
    return _value(mail, "auto-submitted").partition(";")[0].partition("(")[0].strip().lower()


def _reported(mail: Contribution) -> bool:
    types = {attachment.declared_type for attachment in mail.attachments}
    return bool(types & {"message/delivery-status", "text/rfc822-headers"}) or "x-failed-recipients" in mail.fields


def _values(mail: Contribution, name: str) -> tuple[str, ...]:
    return mail.fields.get(name, ())


def _value(mail: Contribution, name: str) -> str:
    return next(iter(_values(mail, name)), "")
