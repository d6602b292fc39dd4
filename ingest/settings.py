"""`mur.toml`: what is particular to a wall, read once into frozen values.

Everything has a default that serves: a file that holds nothing but `[paths]` is enough. An unknown key or a bad value
is refused with its line and what was expected. Secrets never stand in the file: each has a `..._file` or `..._env` key.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.errors import Misconfigured
from ingest.oauth.keys import CHOICES, OAuthKeys, anchored


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Where articles, private state and the built site lie; relative to the folder of `mur.toml`."""

    content: Path = Path("content")
    state: Path = Path("var")
    output: Path = Path("output")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wall:
    """What visitors and contributors read of the wall."""

    name: str = "Le mur"
    address: str = ""
    """The public address; empty where the wall names none."""
    tagline: str = ""
    invitation: str = ""
    """The invitation to write, in Markdown, on the home page."""
    notice: str = ""
    """A line above everything, for a time; empty for none."""
    url: str = ""
    """SITEURL, without a final slash; empty builds a site with relative addresses."""
    language: str = "fr"
    timezone: str = "Europe/Paris"
    byline: str = ""
    """How a contribution is signed whose author said nothing; empty for no name at all."""
    display_names: bool = False
    """Whether the display name of the From field may sign a contribution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(OAuthKeys):
    """The IMAP mailbox. Without `host`, `mur poll` says that there is none; everything else works."""

    host: str = ""
    port: int = 0
    """0: 993 for `tls`, 143 otherwise."""
    security: str = "tls"
    """`tls`, `starttls`, or `none`, which is refused but for a loopback address."""
    cafile: str = ""
    user: str = ""
    password_file: str = ""
    password_env: str = "MUR_MAILBOX_PASSWORD"  # noqa: S105 - a variable's name
    folders: tuple[str, ...] = ("INBOX",)
    spam_folders: tuple[str, ...] = ()
    """Read too, with a warning on each draft: false positives are the commonest silent loss."""
    filed: str = "Mur/Recu"
    """Where a mail is moved once it is safely on disk; created where missing."""
    idle: bool = True
    poll_seconds: int = 300
    """The longest time without a search, IDLE or not."""
    timeout_seconds: int = 60
    max_bytes: int = 26_000_000
    """A larger mail is not fetched: its header is, and it is refused by name."""
    authserv_id: str = ""
    """The authserv-id (RFC 8601) that our own server writes, `mx.google.com` say; empty: nothing is authenticated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one mail may cost."""

    text_bytes: int = 200_000
    part_seconds: int = 10
    mail_seconds: int = 90
    memory_bytes: int = 512 * 1024 * 1024
    """Of the child process that reads mails, its code not counted."""
    parts: int = 200
    depth: int = 20
    header_bytes: int = 256_000
    pictures: int = 20
    picture_pixels: int = 64_000_000
    free_bytes: int = 50_000_000
    """Left free on the disk: below it nothing is fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """For how many days documents are kept once somebody, or a rule, decided; 0: for ever."""

    raw_days: int = 30
    """The mail as it came, of what was decided on; its text and media stay."""
    refused_days: int = 30
    """Every document of what was refused or withdrawn."""
    discarded_days: int = 30
    """Every document of what was discarded, refused by a rule, or spam."""
    quarantined_days: int = 90
    """Every document of what could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """What happens around a publication."""

    after: tuple[str, ...] = ()
    """A command and its arguments, run after the swap with `MUR_OUTPUT` set; rsync, say."""
    keep_builds: int = 2
    theme: str = ""
    """Another theme's folder; empty for ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What the operator sees."""

    port: int = 0
    """`/health` and `/metrics` on 127.0.0.1, answered by the poller; 0: not at all."""
    log: str = "words"
    """`words` or `json`: the lines on standard error."""
    silence_minutes: int = 30
    """So long without a successful look into the mailbox is a failure; longer than `poll_seconds`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All of `mur.toml`. `file` is where it was read, None for defaults alone."""

    file: Path | None = None
    database: str = ""
    """An SQLAlchemy URL; empty for `mur.db` in the state folder."""
    paths: Paths = field(default_factory=Paths)
    wall: Wall = field(default_factory=Wall)
    mailbox: Mailbox = field(default_factory=Mailbox)
    limits: Limits = field(default_factory=Limits)
    publish: Publish = field(default_factory=Publish)
    keeping: Keeping = field(default_factory=Keeping)
    watch: Watch = field(default_factory=Watch)


_SECTIONS: Mapping[str, type] = {
    "paths": Paths,
    "wall": Wall,
    "mailbox": Mailbox,
    "limits": Limits,
    "publish": Publish,
    "keeping": Keeping,
    "watch": Watch,
}
_EXPECTED = {"str": "a string", "int": "a whole number", "bool": "true or false", "tuple": "a list of strings"}
_CHOICES = {("mailbox", "security"): ("tls", "starttls", "none"), ("watch", "log"): ("words", "json")} | CHOICES


def find(option: str | None, environ: Mapping[str, str] | None = None) -> Path:
    """The file that settings come from: `--config`, else `MUR_CONFIG`, else `./mur.toml`."""
    environ = os.environ if environ is None else environ
    return Path(option or environ.get("MUR_CONFIG") or "mur.toml")


def load(path: Path) -> Settings:
    """Read a `mur.toml`.

    Raises `Misconfigured` for a file that is missing or not TOML, for an unknown section or key, and for a bad value.
    """
    path = path.absolute()
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise Misconfigured(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: not TOML: {error}") from None
    return _Reader(path, text).settings(table)


def secret(section: str, name: str, file: str, env: str, *, base: Path | None = None) -> str:
    """A secret from the file or the environment variable that the settings name; empty where neither holds one.

    Raises `Misconfigured` where the file cannot be read or others may read it.
    """
    if file:
        path = (base or Path()) / Path(file).expanduser()
        try:
            mode = path.stat().st_mode
            if mode & 0o077:
                raise Misconfigured(f"[{section}] {name}_file: {path} may be read by others; chmod 600")
            return path.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Misconfigured(f"[{section}] {name}_file: {path}: {error.strerror}") from None
    return os.environ.get(env, "") if env else ""


class _Reader:
    """Turns a parsed table into `Settings`, and knows the line of each key for its complaints."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.text = path, text

    def settings(self, table: Mapping[str, Any]) -> Settings:
        known: dict[str, Any] = {}
        for name, value in table.items():
            if name == "database":
                known[name] = self._value("", name, value, str)
            elif name not in _SECTIONS:
                raise self._error("", name, f"unknown; known are {', '.join(['database', *_SECTIONS])}")
            elif not isinstance(value, dict):
                raise self._error("", name, f"expected a section [{name}]")
            else:
                known[name] = self._section(name, value)
        known["paths"] = self._anchored(known.get("paths", Paths()))
        known["mailbox"] = anchored(known.get("mailbox", Mailbox()), known["paths"].state)
        settings = Settings(file=self.path, **known)
        self._check(settings)
        return settings

    def _section(self, name: str, table: Mapping[str, Any]) -> object:
        kind = _SECTIONS[name]
        hints = get_type_hints(kind)
        values = {}
        for key, value in table.items():
            if key not in hints:
                raise self._error(name, key, f"unknown; known are {', '.join(f.name for f in fields(kind))}")
            values[key] = self._value(name, key, value, hints[key])
        return kind(**values)

    def _value(self, section: str, key: str, value: object, hint: Any) -> object:
        if hint is Path and isinstance(value, str) and value and "\0" not in value:
            return Path(value)
        if hint in (str, int, bool) and type(value) is hint:
            choices = _CHOICES.get((section, key))
            if choices and value not in choices:
                raise self._error(section, key, f"expected one of {', '.join(choices)}")
            if hint is int and isinstance(value, int) and value < 0:
                raise self._error(section, key, "expected a number of at least 0")
            return value
        if hint == tuple[str, ...] and isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        wanted = "a path" if hint is Path else _EXPECTED.get(getattr(hint, "__name__", ""), str(hint))
        raise self._error(section, key, f"expected {wanted}")

    def _anchored(self, paths: Any) -> Paths:
        home = self.path.parent
        return Paths(content=home / paths.content, state=home / paths.state, output=home / paths.output)

    def _check(self, settings: Settings) -> None:
        try:
            ZoneInfo(settings.wall.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise self._error("wall", "timezone", "expected a zone like Europe/Paris") from None
        if settings.wall.url and not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", settings.wall.url):
            raise self._error("wall", "url", "expected an address like https://mur.example.org")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", settings.wall.language):
            raise self._error("wall", "language", "expected a language tag like fr")
        state, content, output = (getattr(settings.paths, name).resolve() for name in ("state", "content", "output"))
        for name, outer in (("content", content), ("output", output)):
            if state.is_relative_to(outer):
                raise self._error("paths", "state", f"private state may not lie under {name}")
        if output.is_relative_to(content) or content.is_relative_to(output):
            raise self._error("paths", "output", "content and output may not lie in one another")
        if settings.mailbox.security == "none" and settings.mailbox.host not in {"", "127.0.0.1", "::1", "localhost"}:
            raise self._error("mailbox", "security", "without TLS only on this machine itself")

    def _error(self, section: str, key: str, message: str) -> Misconfigured:
        where = f"[{section}] {key}" if section else key
        line = self._line(section, key)
        return Misconfigured(f"{self.path}:{line}: {where}: {message}")

    def _line(self, section: str, key: str) -> int:
        current = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            header = re.match(r"\s*\[\s*([\w-]+)\s*\]", line)
            if header:
                current = header[1]
                if not section and header[1] == key:
                    return number
            elif current == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", line):
                return number
        return 1
