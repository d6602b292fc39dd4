"""One mail whose every part has a word of its own, and a search for these words in every byte of a wall."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

ADDRESS = "canari.adresse@example.org"
WORDS = {
    "address": "canari.adresse",
    "name": "Canariprenom",
    "title": "canarititre",
    "body": "canaricorps",
    "file name": "canarifichier",
    "subject": "canarisujet",
    "message id": "canaridentifiant",
    "note": "canarimotif",
    "by hand": "canarimain",
}
"""What is planted where. The journal, the hand-edited article and what was set aside have theirs too."""


def mail(number: int = 0) -> bytes:
    """A mail by the canary; each number is another one."""
    message = EmailMessage()
    message["From"] = f"{WORDS['name']} <{ADDRESS}>"
    message["To"] = "mur@example.org"
    message["Subject"] = f"{WORDS['subject']} {WORDS['title']} {number}"
    message["Date"] = "Wed, 08 Jun 2022 09:30:00 +0200"
    message["Message-ID"] = f"<{WORDS['message id']}.{number}@example.org>"
    message.set_content(f"Bonjour, voici {WORDS['body']} pour tout le monde.\n")
    message.add_attachment(_PICTURE, maintype="image", subtype="png", filename=f"{WORDS['file name']}.png")
    message.set_boundary("entre-deux")
    return message.as_bytes()


_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def found(*folders: Path) -> set[tuple[str, str]]:
    """Which words stand where: in names and in bytes, whatever their case, of every file below."""
    seen = set()
    for folder in folders:
        for path in [folder, *folder.rglob("*")]:
            data = path.read_bytes().lower() if path.is_file() and not path.is_symlink() else b""
            for what, word in WORDS.items():
                if word.lower().encode() in data or word.lower() in path.name.lower():
                    seen.add((what, str(path.relative_to(folder))))
    return seen


def words(seen: set[tuple[str, str]]) -> set[str]:
    """Only which."""
    return {what for what, _where in seen}
