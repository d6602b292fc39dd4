"""Whom a letter is for, and how the settings name them."""

from __future__ import annotations

from ingest.settings import Moderator, Settings

MODERATOR, SENDER, FOLLOWER = "moderator", "sender", "follower"


def from_address(settings: Settings) -> str:
    """What letters are sent from; empty where the wall has no address."""
    return (settings.outgoing.address or settings.wall.address).strip()


def sends(settings: Settings) -> bool:
    """Whether this wall writes letters at all: there is a server to take them, and an address they come from."""
    return bool(settings.outgoing.host and from_address(settings))


def own_addresses(settings: Settings) -> frozenset[str]:
    """Every address that is the wall itself, in lower case."""
    named = (settings.wall.address, settings.outgoing.address, settings.outgoing.user, settings.mailbox.user)
    return frozenset(address.strip().lower() for address in named if "@" in address)


def administrators(settings: Settings) -> tuple[Moderator, ...]:
    """Moderators with that role; all of them where nobody has it."""
    return tuple(one for one in settings.moderators if one.role == "administrator") or settings.moderators
