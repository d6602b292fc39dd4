"""Posts for a site of any size: the same content for ours and for every peer. Seeded, and no clock."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from PIL import Image

from tests.bench import french

ZONE = ZoneInfo("Europe/Paris")
FIRST = datetime(2013, 1, 5, 9, 12, tzinfo=ZONE)
YEARS = 10
PICTURES = 200
_WITH_PICTURE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One of them. `body` is Markdown whose picture, if any, is `![…](media:NAME)`."""

    number: int
    title: str
    slug: str
    date: datetime
    tags: tuple[str, ...]
    byline: str
    body: str
    picture: str
    """A name, or empty."""

    @property
    def stem(self) -> str:
        """Of its file."""
        return f"{self.date:%Y-%m-%d}-{self.slug}"


def posts(count: int, *, more: int = 0) -> tuple[Post, ...]:
    """`count` posts spread over ten years, the oldest first, and `more` that came afterwards."""
    step = timedelta(days=365.25 * YEARS) / count
    made = [post(number, FIRST + step * (number - 1)) for number in range(1, count + 1)]
    last = FIRST + timedelta(days=365.25 * YEARS)
    made += [post(count + number, last + timedelta(hours=number)) for number in range(1, more + 1)]
    return tuple(made)


def post(number: int, date: datetime) -> Post:
    """Six hundred words with headings, a list, a link, a quote, five tags; three in ten with a picture."""
    random = Random(f"post {number}")
    title = french.title(random)
    picture = random.choice(_names()) if random.random() < _WITH_PICTURE else ""
    parts = [french.paragraph(random, 90)]
    if picture:
        parts.append(f"![{french.sentence(random)[:-1]}](media:{picture})")
    parts += ["## " + french.title(random), french.paragraph(random, 120)]
    parts.append("\n".join(f"- {french.sentence(random)}" for _ in range(4)))
    parts.append(f"{french.paragraph(random, 60)} [Le dossier complet](https://example.org/dossier/{number}).")
    parts += [f"> {french.paragraph(random, 40)}", "## " + french.title(random)]
    parts += [french.paragraph(random, 110), f"**{french.sentence(random)}** *{french.sentence(random)}*"]
    parts.append(french.paragraph(random, 90))
    return Post(
        number=number,
        title=title,
        slug=f"billet-{number:06}",
        date=date.astimezone(ZONE).replace(microsecond=0),
        tags=tuple(random.sample(french.TAGS, 5)),
        byline=random.choice(french.BYLINES),
        body="\n\n".join(parts) + "\n",
        picture=picture,
    )


@lru_cache(maxsize=1)
def pictures() -> dict[str, bytes]:
    """Two hundred JPEG files by name, with the narrower copies that a draft of ours has beside."""
    found: dict[str, bytes] = {}
    for name, number in zip(_names(), range(PICTURES), strict=True):
        found[name] = _picture(number, 640)
        found[name.replace(".", "-400.")] = _picture(number, 400)
    return found


def _names() -> tuple[str, ...]:
    return tuple(hashlib.sha256(f"picture {n}".encode()).hexdigest()[:16] + ".jpg" for n in range(PICTURES))


def _picture(number: int, width: int) -> bytes:
    random = Random(f"picture {number}")
    small = Image.frombytes("RGB", (16, 12), random.randbytes(16 * 12 * 3))
    out = io.BytesIO()
    small.resize((width, width * 3 // 4), Image.Resampling.BICUBIC).save(out, "JPEG", quality=80)
    return out.getvalue()
