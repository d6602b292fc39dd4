"""Mails as a wall receives them, put together from parts: seeded, no clock, each another one.

Of a hundred: 41 plain ones, 19 as Gmail writes them, 10 as Outlook does, 15 newsletters of 5 to 80 KB, 15 with one or
two photos of 12 megapixels as telephones make them.
"""

from __future__ import annotations

import base64
import io
import quopri
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from random import Random
from zoneinfo import ZoneInfo

from PIL import Image

from tests.bench import french, markup

FIRST = datetime(2021, 1, 4, 8, 30, tzinfo=ZoneInfo("Europe/Paris"))
_PHOTOS = 6


def mails(count: int, *, seed: str = "mix", photos: bool = True) -> Iterator[bytes]:
    """`count` mails with CRLF; without photos, only those that are text."""
    kinds = [(kind, share) for kind, share in SHARES.items() if photos or kind is not photo]
    for number in range(count):
        random = Random(f"{seed} {number}")
        (kind,) = random.choices([kind for kind, _ in kinds], [share for _, share in kinds])
        yield kind(random, f"{seed}-{number}", FIRST + timedelta(minutes=37 * number))


def plain(random: Random, name: str, at: datetime) -> bytes:
    """UTF-8, quoted-printable or flowed, with a signature every other time."""
    body = _text(random, random.randint(120, 700))
    if random.random() < 0.5:
        body += f"\n-- \n{random.choice(french.BYLINES)}\nenvoyé de mon ordinateur\n"
    flowed = random.random() < 0.4
    content = 'text/plain; charset="utf-8"' + ("; format=flowed" if flowed else "")
    text = _flowed(body) if flowed else body
    return _mail(random, name, at, *_leaf(content, text.encode()))


def gmail(random: Random, name: str, at: datetime) -> bytes:
    """Two alternatives; one in three quotes what it answers."""
    paragraphs = _paragraphs(random, random.randint(100, 600))
    text = "\n\n".join(paragraphs) + "\n"
    html = "".join(markup.GMAIL_LINE.format(words=escape(words)) for words in paragraphs)
    html = f'<div dir="ltr">{html}</div>'
    if random.random() < 0.33:
        asked = french.paragraph(random, 60)
        html += markup.GMAIL_QUOTE.format(who=random.choice(french.BYLINES), words=escape(asked))
        text += f"\nLe lun. 4 janv. 2021 à 08:30, A <a@example.net> a écrit :\n\n> {asked}\n"
    return _mail(random, name, at, *_alternatives(name, text, html))


def outlook(random: Random, name: str, at: datetime) -> bytes:
    """Word's HTML: a style sheet that nobody needs, a paragraph of class MsoNormal a line."""
    paragraphs = _paragraphs(random, random.randint(100, 500))
    style = "".join(markup.WORD_STYLE.format(n=n) for n in range(60))
    body = "".join(markup.WORD_LINE.format(words=escape(words)) for words in paragraphs)
    html = markup.WORD.format(style=style, body=body)
    return _mail(random, name, at, *_alternatives(name, "\n\n".join(paragraphs) + "\n", html))


def newsletter(random: Random, name: str, at: datetime) -> bytes:
    """Tables, inline styles, links with long addresses: 5 to 80 KB."""
    size, html, texts = 5_000 * 16 ** random.random(), [], []  # as many from 5 to 10 as from 40 to 80
    while sum(map(len, html)) < size:
        title, words = french.title(random), french.paragraph(random, 60)
        token = f"{random.getrandbits(160):040x}"
        html.append(markup.LETTER_PIECE.format(title=escape(title), words=escape(words), token=token))
        texts.append(f"{title}\n\n{words}\n")
    more = {"List-Unsubscribe": "<https://lettre.example.org/non>", "Precedence": "bulk"}
    whole = markup.LETTER.format(pieces="".join(html))
    return _mail(random, name, at, *_alternatives(name, "\n".join(texts), whole), more=more)


def photo(random: Random, name: str, at: datetime) -> bytes:
    """A few words, and one or two photos."""
    bound = f"=_photo_{name}"
    inner, body = _leaf('text/plain; charset="utf-8"', (french.paragraph(random, 40) + "\n").encode())
    parts = [_headed(inner, body)]
    for number in range(random.choice((1, 1, 2))):
        data = _stamped(_photos()[random.randrange(_PHOTOS)], f"{name} {number}")
        file = f"IMG_{random.randint(1000, 9999)}.jpg"
        head = {
            "Content-Type": f'image/jpeg; name="{file}"',
            "Content-Transfer-Encoding": "base64",
            "Content-Disposition": f'attachment; filename="{file}"',
        }
        parts.append(_headed(head, base64.encodebytes(data)))
    return _mail(random, name, at, {"Content-Type": f'multipart/mixed; boundary="{bound}"'}, _joined(bound, parts))


SHARES: dict[Callable[[Random, str, datetime], bytes], int] = {
    plain: 41,
    gmail: 19,
    outlook: 10,
    newsletter: 15,
    photo: 15,
}


def _mail(
    random: Random, name: str, at: datetime, head: dict[str, str], body: bytes, more: dict[str, str] | None = None
) -> bytes:
    who, id_ = random.choice(french.BYLINES), f"{random.getrandbits(48):x}"
    fields = {
        "Return-Path": f"<lecture{random.randrange(500)}@example.net>",
        "Received": f"from mx.example.net ([192.0.2.7]) by mx.example.org with ESMTPS id {id_}; {format_datetime(at)}",
        "From": f"{Header(who, 'utf-8').encode()} <lecture{random.randrange(500)}@example.net>",
        "To": "Le mur parle <lemur@example.org>",
        "Subject": Header(f"{french.title(random)} {random.randint(1, 99)}", "utf-8", header_name="Subject").encode(),
        "Date": format_datetime(at),
        "Message-ID": f"<{name}.{random.getrandbits(64):x}@example.net>",
        "MIME-Version": "1.0",
    }
    return _headed(fields | (more or {}) | head, body).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _headed(fields: dict[str, str], body: bytes) -> bytes:
    return "".join(f"{key}: {value}\n" for key, value in fields.items()).encode() + b"\n" + body


def _leaf(content: str, data: bytes) -> tuple[dict[str, str], bytes]:
    head = {"Content-Type": content, "Content-Transfer-Encoding": "quoted-printable"}
    return head, quopri.encodestring(data)


def _alternatives(name: str, text: str, html: str) -> tuple[dict[str, str], bytes]:
    bound = f"=_alternative_{name}"
    leaves = (_leaf('text/plain; charset="utf-8"', text.encode()), _leaf('text/html; charset="utf-8"', html.encode()))
    parts = [_headed(*leaf) for leaf in leaves]
    return {"Content-Type": f'multipart/alternative; boundary="{bound}"'}, _joined(bound, parts)


def _joined(bound: str, parts: list[bytes]) -> bytes:
    mark = bound.encode()
    return b"".join(b"--" + mark + b"\n" + part.rstrip(b"\n") + b"\n" for part in parts) + b"--" + mark + b"--\n"


def _paragraphs(random: Random, words: int) -> list[str]:
    return [french.paragraph(random, 60) for _ in range(max(1, words // 60))]


def _text(random: Random, words: int) -> str:
    return "\n\n".join(_paragraphs(random, words)) + "\n"


def _flowed(text: str) -> str:
    """Lines of at most 72 characters, a space before each soft break (RFC 3676 section 4.2)."""
    lines = []
    for line in text.split("\n"):
        left = line
        while len(left) > 72 and left != "-- ":
            cut = left.rfind(" ", 0, 72) + 1 or len(left)
            lines.append(left[:cut])
            left = left[cut:]
        lines.append(left)
    return "\n".join(lines)


@lru_cache(maxsize=1)
def _photos() -> tuple[bytes, ...]:
    """Some photos of 4032 × 3024 points, 1.2 to 3.1 MB, lying on their side as telephones leave them."""
    return tuple(_shot(number) for number in range(_PHOTOS))


def _shot(number: int) -> bytes:
    random = Random(f"photo {number}")
    coarse = Image.frombytes("RGB", (96, 72), random.randbytes(96 * 72 * 3))
    fine = Image.frombytes("RGB", (1344, 1008), random.randbytes(1344 * 1008 * 3))
    size = (4032, 3024)
    both = Image.blend(
        coarse.resize(size, Image.Resampling.BICUBIC), fine.resize(size, Image.Resampling.BICUBIC), 0.05 + number * 0.03
    )
    exif = Image.Exif()
    exif[0x0112] = random.choice((1, 6, 8))  # Orientation, Exif 2.32 section 4.6.4
    exif[0x010F] = "Example"
    out = io.BytesIO()
    both.save(out, "JPEG", quality=82, exif=exif)
    return out.getvalue()


def _stamped(jpeg: bytes, words: str) -> bytes:
    """The same photo with a comment (COM, ITU-T T.81 section B.2.4.5): other bytes, the same work."""
    comment = words.encode()
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:]
