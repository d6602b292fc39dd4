"""Templates: text files, in the wall's language, each of which a wall can put its own in the place of.

A template is looked for in `letters/<language>/` and `letters/` beside `mur.toml`, then in ours, in the wall's language
and in French. Its first line is the subject, then comes an empty line, then the text, a paragraph a line: lines are
wrapped afterwards. Sandboxed: a template may be somebody's who only writes letters.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2
from jinja2.sandbox import ImmutableSandboxedEnvironment

from ingest.correspondence.letter import Written
from ingest.errors import Misconfigured
from ingest.settings import Settings

WIDTH = 74
"""Columns; RFC 5322 section 2.1.1 asks for at most 78."""
FOLDER = "letters"
"""Of a wall's own templates."""
_OURS = Path(__file__).parent / "templates"
_SUFFIXES = {".txt", ".html"}
_SUBJECT_LENGTH = 160
_LEAD = re.compile(r"\s*(?:>\s?)*(?:[-–•*]\s+)?")
_QUOTE = re.compile(r"\s*(?:>\s?)*")
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BLANK = re.compile(r"\n{3,}")


class Templates:
    """Of one wall."""

    def __init__(self, settings: Settings) -> None:
        self._own = tuple(own_folders(settings))
        loader = jinja2.FileSystemLoader([*self._own, *_our_folders(settings)])
        self._environment = ImmutableSandboxedEnvironment(
            loader=loader,
            undefined=jinja2.StrictUndefined,
            autoescape=lambda name: bool(name and name.endswith(".html")),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=False,
        )

    def write(self, name: str, values: Mapping[str, object]) -> Written:
        """The letter called `name`. Raises `Misconfigured`, with its file, where a template is missing or bad."""
        text = self._render(f"{name}.txt", values)
        subject, _newline, body = text.lstrip().partition("\n")
        html = self._render(f"{name}.html", values) if self._there(f"{name}.html") else ""
        return Written(subject=one_line(subject), text=wrapped(body), html=clean(html))

    def own(self) -> tuple[Path, ...]:
        """The wall's own templates."""
        found = {path for folder in self._own for path in folder.glob("*.*") if path.suffix in _SUFFIXES}
        return tuple(sorted(found))

    def check(self, path: Path) -> None:
        """Raises `Misconfigured` where a template cannot be read."""
        try:
            self._environment.parse(path.read_text(encoding="utf-8"), path.name, str(path))
        except (jinja2.TemplateSyntaxError, UnicodeDecodeError) as error:
            line = getattr(error, "lineno", 1)
            raise Misconfigured(f"{path}:{line}: {error}") from None

    def names(self) -> frozenset[str]:
        """What letters there are."""
        return frozenset(path.stem for path in (_OURS / "fr").iterdir())

    def _there(self, name: str) -> bool:
        try:
            self._environment.get_template(name)
        except jinja2.TemplateNotFound:
            return False
        except jinja2.TemplateError:
            return True
        return True

    def _render(self, name: str, values: Mapping[str, object]) -> str:
        try:
            return self._environment.get_template(name).render(values)
        except jinja2.TemplateSyntaxError as error:
            raise Misconfigured(f"{error.filename or name}:{error.lineno}: {error.message}") from None
        except jinja2.TemplateNotFound as error:
            raise Misconfigured(f"{FOLDER}/{error.name}: there is no such template") from None
        except (jinja2.TemplateError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
            raise Misconfigured(f"{self._where(name)}: {error}") from None

    def _where(self, name: str) -> str:
        return self._environment.get_template(name).filename or name


def own_folders(settings: Settings) -> Iterator[Path]:
    """Where a wall's own templates lie; a folder of its language first."""
    if settings.file:
        own = settings.file.parent / FOLDER
        yield from (own / each for each in _spoken(settings))
        yield own


def _our_folders(settings: Settings) -> Iterator[Path]:
    yield from (_OURS / each for each in dict.fromkeys((*_spoken(settings), "fr")))


def _spoken(settings: Settings) -> tuple[str, ...]:
    language = settings.wall.language
    return tuple(dict.fromkeys((language, language.partition("-")[0])))


def one_line(text: str) -> str:
    """A header field's worth of text: one line, without controls or marks that turn its direction (RFC 5322, 2.2)."""
    line = " ".join(clean(text).split())
    return line if len(line) <= _SUBJECT_LENGTH else line[: _SUBJECT_LENGTH - 1].rstrip() + "…"


def wrapped(text: str) -> str:
    """Lines of at most `WIDTH` columns, where their words allow it: an address is never broken."""
    lines = "\n".join(_wrapped_line(line.rstrip()) for line in clean(text).splitlines())
    return _BLANK.sub("\n\n", lines).strip("\n") + "\n"


def clean(text: str) -> str:
    """What a mail may hold: no control but LF and tab, no lone surrogate, no mark that turns the direction."""
    text = _ENDS.sub("\n", text)
    text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return _BIDI.sub("", text)


def _wrapped_line(line: str) -> str:
    if line == "--":
        return "-- "  # what begins a signature has its space (RFC 3676 section 4.3)
    if len(line) <= WIDTH:
        return line
    lead = match[0] if (match := _LEAD.match(line)) else ""
    quote = match[0] if (match := _QUOTE.match(line)) else ""
    rest = quote if quote.strip() else " " * len(lead)
    return textwrap.fill(
        line[len(lead) :],
        WIDTH,
        initial_indent=lead,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
