"""By what an answer says which letter it answers: three carriers, since every client and webmail drops one of them.

1. In-Reply-To and References (RFC 5322 section 3.6.4) name our Message-ID; webmails that write a new mail drop both.
2. The subject holds a code; people change subjects.
3. The last line of our letter holds the code; it survives wherever the client quotes, which most telephones do.

Plus addresses are none of them: several French webmails take what stands behind the `+` away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.model import Contribution

CODE = re.compile(r"#([a-z2-7]{32})(?![a-z0-9])", re.IGNORECASE)
_OURS = re.compile(r"<?letter\.([0-9a-f]{32})@")
"""What `ingest.correspondence.mime.message_id` makes."""
_MOST = 12
_MESSAGE_ID = re.compile(r"<?([^<>\s]{3,250}@[^<>\s]{1,250})>?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a mail carries of ours, nearest first; nothing of it is verified."""

    message_ids: tuple[str, ...]
    """Without angle brackets."""
    subject: tuple[str, ...]
    """Codes in the subject, in lower case."""
    text: tuple[str, ...]
    """Codes anywhere in the text, from the top."""


def carried(mail: Contribution) -> Carried:
    """Everything in a mail that may name a letter of ours. Linear."""
    named = (mail.in_reply_to, *reversed(mail.references[-_MOST:]))
    found = (match[1] for each in named if (match := _MESSAGE_ID.search(each)))
    return Carried(
        message_ids=tuple(dict.fromkeys(found)),
        subject=_codes(mail.subject),
        text=tuple(dict.fromkeys((*_codes(mail.plain or ""), *_codes(mail.html or "")))),
    )


def token_of(message_id_: str) -> str:
    """The token of a letter of ours, of which a mail says that it answers it; empty for any other Message-ID."""
    match = _OURS.match(message_id_.strip())
    return match[1] if match else ""


def _codes(text: str) -> tuple[str, ...]:
    found = (match[1].lower() for match, _number in zip(CODE.finditer(text), range(_MOST), strict=False))
    return tuple(dict.fromkeys(found))
