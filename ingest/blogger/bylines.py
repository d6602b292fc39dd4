"""How the authors of an old blog sign on the wall. Pure."""

from __future__ import annotations

from collections.abc import Callable

from ingest.errors import Refused
from ingest.words import _

KEEP, NONE = "keep", "none"


def bylines(text: str) -> Callable[[str], str]:
    """What a file of lines `Name on Blogger = name here` says; a name that it does not have signs nothing.

    Empty lines, and those that begin with `#`, are comments. Raises `Refused` for a line that is none of these.
    """
    names: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        old, equals, new = line.partition("=")
        if not equals or not old.strip():
            raise Refused(_("ligne {line} : « nom sur Blogger = signature » attendu").format(line=number))
        names[" ".join(old.split())] = " ".join(new.split())
    return lambda author: names.get(author, "")
