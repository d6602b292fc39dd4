"""A device in words that its owner recognises, from the User-Agent field (RFC 9110 section 10.1.5). Pure.

Coarse on purpose: a browser's name and a machine's, no version and no model; what tells somebody their own devices
apart is enough.
"""

from __future__ import annotations

from ingest.words import _

_LONGEST = 512
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Vivaldi", "Vivaldi"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Chromium/", "Chrome"),
    ("Safari/", "Safari"),
)
"""The first that stands there: all of them call themselves Mozilla, most of them Safari and Chrome, too."""
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)


def device(agent: str) -> str:
    """`Firefox, Android`; a neutral word where the field tells neither."""
    agent = agent[:_LONGEST]
    found = (_named(agent, _BROWSERS), _named(agent, _MACHINES))
    return ", ".join(filter(None, found)) or _("Navigateur inconnu")


def _named(agent: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in table if mark in agent), "")
