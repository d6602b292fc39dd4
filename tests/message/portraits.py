"""What a test looks at in a contribution, as plain values that a JSON file can hold."""

from __future__ import annotations

from ingest.message import refusal
from ingest.model import Contribution

OWN = ("mur@example.net",)


def portrait(mail: Contribution) -> dict[str, object]:
    """All that was read of a mail, without what follows from its bytes alone."""
    refused = refusal(mail, own=OWN)
    return {
        "subject": mail.subject,
        "sender": None if mail.sender is None else [mail.sender.name, mail.sender.address],
        "recipients": [[to.name, to.address] for to in mail.recipients],
        "sent_at": None if mail.sent_at is None else mail.sent_at.isoformat(),
        "plain": mail.plain,
        "flowed": mail.flowed,
        "html": mail.html,
        "attachments": [[a.name, a.declared_type, a.content_id, a.inline, len(a.data)] for a in mail.attachments],
        "attached": None if mail.attached is None else portrait(mail.attached),
        "warnings": list(mail.warnings),
        "refused": None if refused is None else refused.reason,
    }
