"""What templates may call: words, times, addresses of pages and files."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from flask import Flask, request, url_for
from jinja2 import StrictUndefined

from ingest.moderation import vocabulary
from ingest.moderation.web import visit
from ingest.words import _, ngettext

MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
TABS = (
    ("/", "En attente"),
    ("/journal", "Journal"),
    ("/chiffres", "Chiffres"),
    ("/moi", "Moi"),
)
"""The four doors: address and word."""


def install(app: Flask) -> None:
    """Hand an application's templates what they may call."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=_, ngettext=ngettext, item_url=item_url, tabs=tabs)
    app.jinja_env.filters.update(moment=moment, day=day, clock=hour, ago=ago, told=vocabulary.told)
    versions = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        for path in Path(app.static_folder or "").glob("*")
    }
    app.jinja_env.globals["asset"] = lambda name: url_for("static", filename=name, v=versions[name])
    app.context_processor(_context)


def item_url(id_: str) -> str:
    """The page of one contribution."""
    return f"{request.script_root}/contribution/{quote(id_)}"


def tabs() -> tuple[tuple[str, str, bool], ...]:
    """Address, word, and whether it is the one that is open."""
    here = request.path
    opened = [path for path, _word in TABS if path != "/" and (here == path or here.startswith(path + "/"))]
    at_home = not opened and (here == "/" or here.startswith("/contribution/"))
    return tuple(
        (request.script_root + path, _(word), path in opened or (path == "/" and at_home)) for path, word in TABS
    )


def day(at: datetime) -> str:
    """`8 juin 2022`, by the wall's clock."""
    local = at.astimezone(visit.zone())
    first = "1er" if local.day == 1 else str(local.day)
    return f"{first} {_(MONTHS[local.month - 1])} {local.year}"


def moment(at: datetime) -> str:
    """`8 juin 2022 à 9 h 30`, by the wall's clock."""
    return _("{day} à {hour}").format(day=day(at), hour=hour(at))


def hour(at: datetime) -> str:
    """`9 h 30`, by the wall's clock."""
    local = at.astimezone(visit.zone())
    return _("{hour} h {minute}").format(hour=local.hour, minute=f"{local.minute:02}")


def ago(at: datetime) -> str:
    """`il y a 3 jours`: how long before this request."""
    seconds = max(0, int((visit.now() - at).total_seconds()))
    for size, one, many in _SPANS:
        if seconds >= size:
            count = seconds // size
            return ngettext(one, many, count).format(n=count)
    return _("à l’instant")


_SPANS = (
    (86_400, "il y a {n} jour", "il y a {n} jours"),
    (3_600, "il y a {n} heure", "il y a {n} heures"),
    (60, "il y a {n} minute", "il y a {n} minutes"),
)


def _context() -> dict[str, object]:
    return {"wall": visit.settings().wall, "asks": visit.who(), "is_administrator": visit.is_administrator()}
