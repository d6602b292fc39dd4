"""Our reader of `.md` files: the closed front matter of `ingest.publication.article`, and the rendering with its gate.

Pelican's own reader (4.12) renders raw HTML and attribute lists, takes any key for an attribute of the article,
publishes what has no status, and skips a file that it cannot read with exit code 0. This one says what is wrong with
which file, and the build stops.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import escape
from pelican.readers import BaseReader
from pelican.urlwrappers import Author, Category, Tag
from pelican.utils import slugify

from ingest.errors import Refused
from ingest.model import COPIES, Kind, Markdown
from ingest.publication.addresses import MAX_SLUG, MEDIA_FOLDER, PAGE_FOLDER, Head, moment, slug, status
from ingest.publication.article import KEYS, split
from ingest.relay.front import read_relay, read_update
from ingest.words import _
from plugins.agenda import event
from plugins.figures import NAME
from plugins.french import french, is_french
from plugins.incremental.bodies import Bodies, key_of
from plugins.relays.shown import shown
from plugins.rendering import Unrenderable, render, summary
from plugins.responsive import with_copies
from plugins.sizes import HEAD, size_of
from plugins.wall import Trusted

MEDIA_URL = "media:"
"""How media stand in an article until its page is written: what leads to them depends on the page and on the feed."""
_NAMED = re.compile(rf"{MEDIA_URL}([0-9a-f]{{16}}\.[a-z0-9]{{2,5}})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A file that may not be published as it stands."""

    path: str
    """Relative to `content/`."""
    message: str


PROBLEMS: list[Problem] = []
"""What the reader found, for the end of the reading; one build is one process."""


class ArticleReader(BaseReader):  # type: ignore[misc] # Pelican has no types
    """Reads articles, relays and pages."""

    enabled = True
    file_extensions = ("md",)

    def read(self, source_path: str) -> tuple[str, dict[str, Any]]:
        """HTML and metadata as Pelican wants them; a bad file is noted in `PROBLEMS` and read as nothing."""
        path = Path(source_path)
        try:
            data = path.read_bytes()
            head, body = split(data.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"))
            html, metadata = self._article(path, head, body)
            return html, metadata | {"said": blake2b(data, digest_size=16).hexdigest()}
        except Unrenderable as error:
            self._note(path, _("texte impossible à afficher ({reason})").format(reason=error.reason))
        except Refused as error:
            self._note(path, str(error))
        except (OSError, UnicodeDecodeError) as error:
            self._note(path, _("illisible : {error}").format(error=error))
        return "", {"status": "skip"}

    def _article(self, path: Path, head: Head, body: str) -> tuple[str, dict[str, Any]]:
        values = _values(head)
        metadata: dict[str, Any] = {
            "title": values.get("Title") or _("Sans titre"),
            "slug": slug(head, path.stem),
            "status": status(head),
            "lang": _language(head, self.settings["DEFAULT_LANG"]),
            "number": values.get("Number", ""),
            "reply_to": values.get("Reply_to", ""),
        }
        metadata |= self._dates(path, head)
        metadata |= self._people(values)
        metadata |= self._kind(head, values)
        if is_french(metadata["lang"]):
            metadata["title"] = french(metadata["title"])
        if metadata["status"] != "published":
            return "", metadata
        html, beginning = self._rendered(body, notes=f"n-{metadata['slug']}", lang=metadata["lang"], into=metadata)
        metadata["summary"] = Trusted(beginning)
        return html, metadata

    def _rendered(self, body: str, *, notes: str, lang: str, into: dict[str, Any]) -> tuple[str, str]:
        """The HTML with its copies, and the summary: made, or remembered from a build that had all the same."""
        asked: set[str] = set()

        def known(name: str) -> bool:
            asked.add(name)
            return self._known(name)

        def make() -> tuple[str, str]:
            html = render(Markdown(body), media_url=MEDIA_URL, size=self._size, known=known, notes=notes, lang=lang)
            return with_copies(html, self._copies), str(escape(summary(html)))

        into["media"] = names = tuple(dict.fromkeys(_NAMED.findall(body)))
        bodies: Bodies | None = self.settings.get("BODIES")
        if bodies is None:
            return make()
        key = into["body_key"] = key_of(body, notes, lang, *map(self._fact, names))
        made = bodies.body(key, make)
        if not asked <= set(names):  # spelled in a way that is not seen from outside
            into["media"] = (*names, *sorted(asked - set(names)))
            bodies.forget(key)
        return made

    def _fact(self, name: str) -> str:
        """All that a page shows of a medium beside its name."""
        if not self._known(name):
            return name
        stem, _dot, extension = name.partition(".")
        return f"{name} {self._size(name)} {self._copies(stem, extension)}"

    def _dates(self, path: Path, head: Head) -> dict[str, Any]:
        zone = ZoneInfo(self.settings["TIMEZONE"])
        date, modified = moment(head, "Date", zone), moment(head, "Modified", zone)
        if date is None and status(head) == "published" and not self._relative(path).startswith(f"{PAGE_FOLDER}/"):
            raise Refused(_("« Date: » manque"))
        found: dict[str, Any] = {"date": date, "modified": modified}
        if date is not None and date > self.settings["BUILD_NOW"]:
            found["status"] = "draft"  # WITH_FUTURE_DATES asks the machine's clock, this one the build's
        return {key: value for key, value in found.items() if value is not None}

    def _people(self, values: dict[str, str]) -> dict[str, Any]:
        """Who signs, and tags: two spellings of one tag share its page, and a tag of no letters has none."""
        byline = values.get("Author", "") or self.settings["WALL"].byline
        found: dict[str, Any] = {"byline": byline}
        if byline:
            found["author"] = Author(byline, self.settings)
        tags: dict[str, Tag] = {}
        for name in filter(None, (name.strip() for name in values.get("Tags", "").split(","))):
            tag = Tag(name, self.settings)
            tag.slug = tag_slug(name)
            if tag.slug:
                tags.setdefault(tag.slug, tag)
        return found | {"tags": list(tags.values())}

    def _kind(self, head: Head, values: dict[str, str]) -> dict[str, Any]:
        line, value = head.get("Kind", (0, Kind.ARTICLE.value))
        if value not in set(Kind):
            raise Refused(
                _("ligne {line} : Kind est l’un de {known}").format(
                    line=line, known=", ".join(kind.value for kind in Kind)
                )
            )
        category = Category(self.settings["DEFAULT_CATEGORY"], self.settings)  # a draft needs one, 4.12
        found: dict[str, Any] = {"kind": value, "category": category}
        found |= {"relay": None, "update": None, "event": None, "updates": ()}
        zone, now = ZoneInfo(self.settings["TIMEZONE"]), self.settings["BUILD_NOW"]
        if value == Kind.RELAY:
            campaign, _left_out = read_relay(values, zone=zone)
            found["relay"] = shown(campaign, now=now, zone=zone)  # its updates come with `plugins.relays.gathering`
        elif value == Kind.UPDATE:
            found["update"], _left_out = read_update(values, zone=zone)
        else:
            found["event"] = event(values, now=now, zone=zone)
        template = next((name for name in ("relay", "update", "event") if found[name] is not None), "")
        if template and (Path(self.settings["THEME"]) / "templates" / f"{template}.html").is_file():
            found["template"] = template
        return found

    def _media(self, name: str) -> Path:
        return Path(self.settings["PATH"]) / MEDIA_FOLDER / name

    def _known(self, name: str) -> bool:
        return bool(NAME.fullmatch(name)) and self._media(name).is_file()

    def _size(self, name: str) -> tuple[int, int] | None:
        with self._media(name).open("rb") as file:
            return size_of(file.read(HEAD))

    def _copies(self, stem: str, extension: str) -> tuple[int, ...]:
        return tuple(width for width in COPIES if self._media(f"{stem}-{width}.{extension}").is_file())

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.settings["PATH"]).as_posix()

    def _note(self, path: Path, message: str) -> None:
        PROBLEMS.append(Problem(path=self._relative(path), message=message))


@lru_cache(maxsize=10_000)
def tag_slug(name: str) -> str:
    """The last part of a tag's address; empty for one of no Latin letter."""
    return re.sub(r"[^a-z0-9-]", "", slugify(name))[:MAX_SLUG].strip("-")


def _values(head: Head) -> dict[str, str]:
    for key, (line, _value) in head.items():
        if key not in KEYS:
            raise Refused(_("ligne {line} : clé inconnue « {key} »").format(line=line, key=key))
    return {key: value for key, (_line, value) in head.items()}


def _language(head: Head, default: str) -> str:
    line, value = head.get("Lang", (0, ""))
    if value and not _LANGUAGE.fullmatch(value):
        raise Refused(_("ligne {line} : Lang s’écrit comme « fr »").format(line=line))
    return value.lower() or default
