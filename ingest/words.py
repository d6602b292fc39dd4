"""What people read, through gettext: French is the source language, other languages follow by catalogue.

`_("…")` marks a sentence. Catalogues lie in `ingest/locale/<language>/LC_MESSAGES/mur.mo`; without one, the French
stands.
"""

from __future__ import annotations

import gettext
from pathlib import Path

_LOCALE = Path(__file__).parent / "locale"
_current: gettext.NullTranslations = gettext.NullTranslations()


def speak(language: str) -> None:
    """Use the catalogue of `language` (BCP 47) from now on; French where there is none."""
    global _current  # noqa: PLW0603 - one language a process, as gettext itself has it
    _current = gettext.translation("mur", _LOCALE, [language.replace("-", "_")], fallback=True)


def _(sentence: str) -> str:
    """The sentence in the language that is spoken."""
    return _current.gettext(sentence)


def ngettext(one: str, many: str, number: int) -> str:
    """The sentence that goes with `number`; French says 0 in the singular."""
    if isinstance(_current, gettext.GNUTranslations):
        return _current.ngettext(one, many, number)
    return one if abs(number) < 2 else many
