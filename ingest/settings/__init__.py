"""`mur.toml`: what is particular to a wall, read once into frozen values.

Everything has a default that serves: a file that holds nothing but `[paths]` is enough. An unknown key or a bad value
is refused with its line and what was expected. Secrets never stand in the file: each has a `..._file` or `..._env` key.
"""

from ingest.settings.reading import find, load, secret
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

__all__ = [
    "Fediverse",
    "Floods",
    "Following",
    "Keeping",
    "Letters",
    "Limits",
    "Mailbox",
    "Moderation",
    "Moderator",
    "Outgoing",
    "Paths",
    "Publish",
    "Relaying",
    "Settings",
    "Wall",
    "Watch",
    "find",
    "load",
    "secret",
]
