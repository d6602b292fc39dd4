"""Attachments -> what may be published: re-made from their content, without what they tell beside it.

Pictures become pictures of their own pixels, PDF leaflets pictures and a PDF of those, sounds lose their tags,
calendars become events; everything else is left out by name. No original is ever published, and nothing is decided by
file name.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.media.attachments import remake, remake_one
    from ingest.media.remade import CalendarEvent, Leaflet, Remade
    from ingest.media.several import Several, given_up

__all__ = ["CalendarEvent", "Leaflet", "Remade", "Several", "given_up", "remake", "remake_one"]

_HOME = dict.fromkeys(("CalendarEvent", "Leaflet", "Remade"), "remade") | dict.fromkeys(
    ("Several", "given_up"), "several"
)


def __getattr__(name: str) -> Any:
    """Imported when it is asked for: whoever draws a card (`ingest.media.cards`) reads no mail."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(importlib.import_module(f"ingest.media.{_HOME.get(name, 'attachments')}"), name)
