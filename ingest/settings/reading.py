"""`mur.toml`, read once. An unknown key or a bad value is refused with its line and what was expected."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingest.errors import Misconfigured
from ingest.oauth.keys import CHOICES, anchored
from ingest.settings.sections import (
    Fediverse,
    Floods,
    Following,
    Keeping,
    Letters,
    Limits,
    Mailbox,
    Moderation,
    Moderator,
    Outgoing,
    Paths,
    Publish,
    Relaying,
    Settings,
    Wall,
    Watch,
)

_SECTIONS: Mapping[str, type] = {
    "paths": Paths,
    "wall": Wall,
    "mailbox": Mailbox,
    "limits": Limits,
    "publish": Publish,
    "keeping": Keeping,
    "watch": Watch,
    "outgoing": Outgoing,
    "letters": Letters,
    "following": Following,
    "floods": Floods,
    "relay": Relaying,
    "fediverse": Fediverse,
    "moderation": Moderation,
}
_TABLES: Mapping[str, type] = {"moderators": Moderator}
"""Sections that come as often as there are such things: `[[moderators]]`."""
_EXPECTED = {"str": "a string", "int": "a whole number", "bool": "true or false", "tuple": "a list of strings"}
_SECURITY = ("tls", "starttls", "none")
_CHOICES = {
    ("mailbox", "security"): _SECURITY,
    ("outgoing", "security"): _SECURITY,
    ("watch", "log"): ("words", "json"),
    ("following", "day"): ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    ("fediverse", "visibility"): ("public", "unlisted", "private"),
    ("moderators", "role"): ("moderator", "administrator"),
    ("moderators", "notices"): ("each", "daily", "none"),
} | CHOICES
_LOOPBACK = {"", "127.0.0.1", "::1", "localhost"}


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
            elif name in _TABLES:
                known[name] = self._tables(name, value)
            elif name not in _SECTIONS:
                raise self._error("", name, f"unknown; known are {', '.join(['database', *_SECTIONS, *_TABLES])}")
            elif not isinstance(value, dict):
                raise self._error("", name, f"expected a section [{name}]")
            else:
                known[name] = self._section(name, value, _SECTIONS[name])
        known["paths"] = self._anchored(known.get("paths", Paths()))
        known["mailbox"] = anchored(known.get("mailbox", Mailbox()), known["paths"].state)
        settings = Settings(file=self.path, **known)
        self._check(settings)
        return settings

    def _tables(self, name: str, value: object) -> tuple[object, ...]:
        if not isinstance(value, list) or not all(isinstance(table, dict) for table in value):
            raise self._error("", name, f"expected sections [[{name}]]")
        return tuple(self._section(name, table, _TABLES[name]) for table in value)

    def _section(self, name: str, table: Mapping[str, Any], kind: type) -> object:
        hints = get_type_hints(kind)
        values = {}
        for key, value in table.items():
            if key not in hints:
                raise self._error(name, key, f"unknown; known are {', '.join(f.name for f in fields(kind))}")
            values[key] = self._value(name, key, value, hints[key])
        for missing in (f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING):
            if not values.get(missing):
                raise self._error("", name, f"expected a key {missing}")
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
        self._check_wall(settings.wall)
        self._check_paths(settings.paths)
        for name, server in (("mailbox", settings.mailbox), ("outgoing", settings.outgoing)):
            if server.security == "none" and server.host not in _LOOPBACK:
                raise self._error(name, "security", "without TLS only on this machine itself")
        self._check_fediverse(settings)
        self._check_moderation(settings)

    def _check_wall(self, wall: Wall) -> None:
        try:
            ZoneInfo(wall.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise self._error("wall", "timezone", "expected a zone like Europe/Paris") from None
        if wall.url and not re.fullmatch(r"https?://[^\s/]+(/[^\s]*)?", wall.url):
            raise self._error("wall", "url", "expected an address like https://mur.example.org")
        if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", wall.language):
            raise self._error("wall", "language", "expected a language tag like fr")

    def _check_paths(self, paths: Paths) -> None:
        state, content, output = (getattr(paths, name).resolve() for name in ("state", "content", "output"))
        for name, outer in (("content", content), ("output", output)):
            if state.is_relative_to(outer):
                raise self._error("paths", "state", f"private state may not lie under {name}")
        if output.is_relative_to(content) or content.is_relative_to(output):
            raise self._error("paths", "output", "content and output may not lie in one another")

    def _check_fediverse(self, settings: Settings) -> None:
        told = settings.fediverse
        if told.server and not re.fullmatch(r"https://[^\s/?#@]+|http://(127\.0\.0\.1|localhost)(:\d+)?", told.server):
            raise self._error("fediverse", "server", "expected a server like https://mastodon.example")
        if not set(told.kinds) <= set(Fediverse().kinds):
            raise self._error("fediverse", "kinds", f"expected some of {', '.join(Fediverse().kinds)}")

    def _check_moderation(self, settings: Settings) -> None:
        url = settings.moderation.url
        if url and not re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?|http://(127\.0\.0\.1|localhost)(:\d+)?", url):
            raise self._error("moderation", "url", "expected an address like https://moderation.example.org")
        for named in ("name", "address"):
            told = [getattr(one, named).strip().lower() for one in settings.moderators]
            if len(set(told)) < len(told):
                raise self._error("", "moderators", f"two of them have the same {named}")
        for one in settings.moderators:
            if not re.fullmatch(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+", one.address):
                raise self._error("moderators", "address", "expected a mail address like nom@example.org")

    def _error(self, section: str, key: str, message: str) -> Misconfigured:
        where = f"[{section}] {key}" if section else key
        line = self._line(section, key)
        return Misconfigured(f"{self.path}:{line}: {where}: {message}")

    def _line(self, section: str, key: str) -> int:
        current = ""
        for number, line in enumerate(self.text.splitlines(), start=1):
            header = re.match(r"\s*\[\[?\s*([\w-]+)\s*\]", line)
            if header:
                current = header[1]
                if not section and header[1] == key:
                    return number
            elif current == section and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[.=]", line):
                return number
        return 1
