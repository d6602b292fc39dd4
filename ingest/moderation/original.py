"""The mail as it came, for whoever decides: read anew from its bytes, and as inert as what is published.

Called in a child with limits (`ingest.worker`), like everything that reads a mail.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest import message
from ingest.body import markdown
from ingest.body.html import read_html
from ingest.errors import BadMessage
from ingest.model import Address, Authenticity, Contribution, SafeHtml
from ingest.settings import Settings
from ingest.store import Row
from ingest.words import _
from plugins.rendering import Unrenderable, render

_FIELDS, _VALUE, _TEXT = 60, 1_000, 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A mail, decoded: all of it is text from outside but `html`, which passed the gate."""

    sender: str
    recipients: str
    subject: str
    verified: str
    """`pass`, `fail` or `unknown`."""
    verdict: str
    """What our own mail server says of the sender, in words."""
    plain: str
    html: SafeHtml | None
    files: tuple[str, ...]
    """What is attached, as the sender called it."""
    fields: tuple[tuple[str, str], ...]
    """The header, field by field."""


def closed(row: Row) -> str:
    """Why nobody is shown the mail of a contribution; empty where they are."""
    if not row.astray:
        return ""
    return _("ce courriel était destiné à quelqu’un d’autre : personne ne le lit ici, il sera bientôt effacé")


def read(raw: bytes, settings: Settings) -> Original:
    """A mail to be looked at. Raises `BadMessage`."""
    mail = message.read(raw, limits=settings.limits, authserv_id=settings.mailbox.authserv_id)
    return Original(
        sender=_shown(mail.sender),
        recipients=", ".join(map(_shown, mail.recipients[:20])),
        subject=mail.subject,
        verified=mail.authenticity.value,
        verdict=verdict(mail.authenticity, mail.sender),
        plain=(mail.plain or "")[:_TEXT],
        html=_inert(mail, settings),
        files=tuple(file.name or _("sans nom") for file in mail.attachments),
        fields=tuple((name, value[:_VALUE]) for name, values in mail.fields.items() for value in values)[:_FIELDS],
    )


def verdict(authenticity: Authenticity, sender: Address | None) -> str:
    """What is known of who wrote, in one sentence."""
    domain = sender.address.rpartition("@")[2] if sender else ""
    if authenticity is Authenticity.PASS:
        return _("Notre serveur confirme que ce courriel vient bien de {domain}.").format(domain=domain)
    if authenticity is Authenticity.FAIL and domain:
        return _("Attention : notre serveur dit que ce courriel ne vient pas de {domain}.").format(domain=domain)
    return _("Personne ne confirme qui a envoyé ce courriel : l’adresse peut être imitée.")


def _inert(mail: Contribution, settings: Settings) -> SafeHtml | None:
    """The markup of the mail as we read it: our own Markdown, through the gate of the site, without any picture."""
    if mail.html is None:
        return None
    try:
        blocks = read_html(mail.html, text_bytes=settings.limits.text_bytes).blocks
        return render(markdown.write(blocks), known=lambda _name: False, notes="courriel")
    except (BadMessage, Unrenderable):
        return None


def _shown(address: Address | None) -> str:
    if address is None:
        return _("personne de lisible")
    return f"{address.name} <{address.address}>" if address.name else address.address
