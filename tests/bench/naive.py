"""What an afternoon gives with imapclient, mail-parser, bleach, beautifulsoup4 and Markdown: mails to drafts.

    python -m tests.bench.naive HOST PORT USER PASSWORD FOLDER

One mail after the other, each library as its own documentation shows it. Nothing is made durable, no limit is set,
nothing is cut away, and one hostile mail ends it: it is what the whole way is measured beside, and no more.
"""

from __future__ import annotations

import base64
import io
import sqlite3
import sys
from pathlib import Path

import bleach
import mailparser
import markdown
from bs4 import BeautifulSoup, NavigableString
from imapclient import IMAPClient
from PIL import Image, ImageOps

TAGS = ["a", "b", "blockquote", "br", "em", "h1", "h2", "h3", "i", "img", "li", "ol", "p", "strong", "ul"]
AROUND = {"b": "**", "strong": "**", "i": "*", "em": "*"}
BEFORE = {"p": "\n\n", "h1": "\n\n# ", "h2": "\n\n## ", "h3": "\n\n### ", "li": "\n- ", "blockquote": "\n\n> "}


def to_markdown(node) -> str:
    if isinstance(node, NavigableString):
        return str(node)
    inside = "".join(to_markdown(child) for child in node.children)
    if node.name == "a":
        return f"[{inside}]({node.get('href', '')})"
    around = AROUND.get(node.name, "")
    return f"{BEFORE.get(node.name, '')}{around}{inside}{around}"


def smaller(data: bytes) -> bytes:
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
    out = io.BytesIO()
    for size in (1600, 800, 400):
        picture.thumbnail((size, size), Image.Resampling.LANCZOS)
        out = io.BytesIO() if size == 1600 else out
        picture.save(out, "JPEG", quality=82)
    return out.getvalue()


def take(raw: bytes, uid: int, folder: Path, db: sqlite3.Connection) -> None:
    mail = mailparser.parse_from_bytes(raw)
    if mail.text_html:
        clean = bleach.clean("".join(mail.text_html), tags=TAGS, attributes=["href", "src", "alt"], strip=True)
        text = to_markdown(BeautifulSoup(clean, "html.parser"))
    else:
        text = "".join(mail.text_plain)
    preview = bleach.clean(markdown.markdown(text, extensions=["extra", "sane_lists"]), tags=TAGS)
    for number, part in enumerate(mail.attachments):
        if part["mail_content_type"].startswith("image/"):
            (folder / f"{uid}-{number}.jpg").write_bytes(smaller(base64.b64decode(part["payload"])))
    (folder / f"{uid}.md").write_text(f"Title: {mail.subject}\nStatus: draft\n\n{text}", encoding="utf-8")
    db.execute("INSERT INTO mail VALUES (?, ?, ?, ?)", (uid, mail.message_id, mail.subject, preview))
    db.commit()


def main(host: str, port: str, user: str, password: str, folder: str) -> None:
    into = Path(folder)
    into.mkdir()
    db = sqlite3.connect(into / "mails.db")
    db.execute("CREATE TABLE mail (uid INTEGER, message_id TEXT, subject TEXT, preview TEXT)")
    with IMAPClient(host, int(port), ssl=False) as client:
        client.login(user, password)
        client.create_folder("Mur")
        client.select_folder("INBOX")
        for uid in client.search("ALL"):
            take(client.fetch([uid], ["BODY.PEEK[]"])[uid][b"BODY[]"], uid, into, db)
            client.move([uid], "Mur")


if __name__ == "__main__":
    main(*sys.argv[1:])
