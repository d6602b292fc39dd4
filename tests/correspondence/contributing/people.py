"""Somebody who wrote to the wall, the letter that they got, and their answer as a mail client writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from ingest.correspondence.audience import SENDER
from ingest.correspondence.mime import message_id
from ingest.model import Digest
from ingest.moderation import Decision, decide
from ingest.states import Action
from ingest.store import Letter, Published, Row
from tests.correspondence.answers.wall import BODY, NOW, Wall

AUTHOR, STRANGER = "canari-auteur@example.com", "passante@example.com"
TEXT = """Bonjour,

Voici votre texte tel qu’il paraîtrait.

======== Votre texte ========

{body}

======== Fin de votre texte ========

Pour changer d’avis, répondez RETIRER, ANONYME, ou le texte corrigé.
"""
CLIENTS = Path(__file__).parent.parent / "answers" / "mails"
WORDS = {
    "gmail-web-oui": "Oui !",
    "gmail-android-non": "Non, hors sujet",
    "orange-web-oui": "oui",
    "sfr-web-oui": "OK pour moi",
    "yahoo-oui": "Oui, vous pouvez publier !",
    "laposte-web-non": "Non merci.",
    "free-zimbra-plus-tard": "plus tard, merci.",
    "outlook-bureau-oui": "D’accord.",
    "apple-iphone-non": "Non. C’est un doublon.",
    "k9-oui": "Oui",
    "thunderbird-dessous-oui": "Oui, publiez.",
    "html-seul-majuscules": "OUI",
    "proton-non-car": "Non car c'est une réclame",
    "samsung-oui": "Oui oui",
}
"""What the mails of moderators say, client by client: contributors use the same clients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A letter of ours, as it reached somebody."""

    id: str
    subject: str
    text: str


def written(wall: Wall, subject: str, *, signed: str = "Jeanne") -> Row:
    """A contribution that waits, signed."""
    return wall.contribution(f"Pseudo : {signed}\n\n{BODY}" if signed else BODY, subject)


def online(wall: Wall, row: Row) -> Row:
    """Accepted, and published as if the site had been built."""
    decided = decide(wall.store, Decision(action=Action.ACCEPT, id=row.id, by="Bo", digest=None, channel="web", at=NOW))
    went_online(wall, decided)
    return wall.store.find(row.id)


def went_online(wall: Wall, row: Row) -> None:
    """What was accepted is on the site."""
    assert row.accepted_digest is not None
    path = f"billets/{row.public}.md"
    wall.store.published(
        [Published(id=row.id, digest=Digest(row.accepted_digest), path=path)], NOW + timedelta(minutes=5)
    )


def letter(wall: Wall, row: Row, kind: str, *, who: str | None = None) -> Told:
    """A letter about it that went to its author."""
    key = row.sender_key or "" if who is None else wall.store.who(who)
    posted = Letter(kind=kind, audience=SENDER, who=key, contribution=row.id, digest=row.digest, about={"n": row.id})
    wall.store.post([posted], now=NOW)
    newest = wall.store.letters()[0]
    return Told(
        id=message_id(newest.token, "mur@example.org"),
        subject=f"[Le mur] {wall.store.draft(row.id).title}",
        text=TEXT.format(body=BODY),
    )


def answer(client: str, told: Told, words: str, *, sender: str = AUTHOR, passed: str = "pass") -> bytes:
    """`words` as a client sends them in answer to a letter."""
    mail = (CLIENTS / f"{client}.eml").read_text(encoding="utf-8")
    head, _empty, body = mail.partition("\n\n")
    old = WORDS[client]
    page = words.replace("\n", "<br>")
    parts = body.split("Content-Type: text/html")
    parts[0] = f"\n{parts[0]}".replace(f"\n{old}\n", f"\n{words}\n", 1)[1:]
    parts = [parts[0], *(part.replace(old, page, 1) for part in parts[1:])]
    if "html-seul" in client:
        parts = [body.replace(old, page, 1)]
    head = head.replace("dmarc=pass", f"dmarc={passed}")
    filled = f"{head}\n\n" + "Content-Type: text/html".join(parts)
    for mark, value in (
        ("claudine@example.net", sender),
        ("header.from=example.net", "header.from=example.com"),
        ("Claudine Martin", "Jeanne Canari"),
        ("Claudine", "Jeanne"),
        ("@ID@", told.id),
        ("@SUBJECT@", SMTP.header_factory("subject", told.subject).fold(policy=SMTP).partition(": ")[2].strip()),
        ("@QUOTED@", "\n".join(f"> {line}".rstrip() for line in told.text.splitlines())),
        ("@TEXT@", told.text),
        ("@HTML@", "".join(f"<p>{line}</p>" for line in told.text.splitlines() if line)),
    ):
        filled = filled.replace(mark, value)
    return filled.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8")


def mail(
    text: str, subject: str, *, sender: str = STRANGER, passed: str = "pass", more: tuple[tuple[str, str], ...] = ()
) -> bytes:
    """A mail of its own; `more` are further header fields."""
    made = EmailMessage(policy=SMTP)
    domain = sender.partition("@")[2]
    made["Return-Path"] = f"<{sender}>"
    made["Authentication-Results"] = f"mx.example.org; dmarc={passed} header.from={domain}"
    made["From"] = f"Une Passante <{sender}>"
    made["To"] = "mur@example.org"
    made["Subject"] = subject
    made["Date"] = "Sun, 22 Nov 2026 12:00:00 +0100"
    for name, value in more:
        if name in made:
            made.replace_header(name, value)
        else:
            made[name] = value
    made.set_content(text)
    return made.as_bytes()
