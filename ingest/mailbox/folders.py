"""Names of folders: what a person writes in `mur.toml`, and what a server calls it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from ingest import settings as mur
from ingest.errors import Misconfigured


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The folders of a mailbox. `special` maps a special use of RFC 6154, lower-case (`\\junk`), to its folder."""

    names: frozenset[str]
    special: dict[str, str]
    separator: str
    """Empty for a server without hierarchy."""
    prefix: str
    """What the personal namespace puts before each name but INBOX (RFC 2342): `INBOX.` with some servers."""

    def place(self, name: str) -> str:
        """Where a folder that is written with slashes lies on this server, whether it exists or not."""
        if name.upper() == "INBOX":
            return "INBOX"
        placed = name.replace("/", self.separator or "-")
        return placed if placed.startswith(self.prefix) else self.prefix + placed

    def find(self, name: str) -> str | None:
        """The folder that `name` means, None where there is none.

        A name is taken as the server writes it, or with slashes, or as a special use: `\\Junk` is the spam folder,
        whatever its language.
        """
        if name.startswith("\\"):
            return self.special.get(name.lower())
        if name in self.names:
            return name
        placed = self.place(name)
        return placed if placed in self.names or placed == "INBOX" else None


def survey(client: IMAPClient) -> Tree:
    """Ask the server for its folders (LIST) and for its personal namespace, where it knows of one."""
    names: set[str] = set()
    special: dict[str, str] = {}
    separator = ""
    for flags, delimiter, name in client.list_folders():
        separator = separator or (delimiter or b"").decode("ascii", "replace")
        uses = {flag.decode("ascii", "replace").lower() for flag in flags}
        if not uses & {"\\noselect", "\\nonexistent"}:
            names.add(name)
            special.update({use: name for use in uses if use not in special})
    prefix, separator = _namespace(client, separator)
    return Tree(names=frozenset(names), special=special, separator=separator, prefix=prefix)


def _namespace(client: IMAPClient, separator: str) -> tuple[str, str]:
    personal = client.namespace().personal if client.has_capability("NAMESPACE") else None
    if not personal:
        return "", separator
    prefix, own = personal[0]
    return prefix or "", own or separator


def to_read(tree: Tree, settings: mur.Mailbox) -> dict[str, bool]:
    """The folders to read, in order, and whether each one is for spam.

    A spam folder that does not exist is passed over, since many servers make it with the first spam. Raises
    `Misconfigured` where another one is missing, or where mails would be filed away in a folder that is read.
    """
    found: dict[str, bool] = {}
    for name in settings.folders:
        folder = tree.find(name)
        if folder is None:
            raise Misconfigured(f"[mailbox] folders: {name}: no such folder; there are {_some(tree.names)}")
        found[folder] = False
    for name in settings.spam_folders:
        folder = tree.find(name)
        if folder is not None:
            found.setdefault(folder, True)
    if not found:
        raise Misconfigured("[mailbox] folders: expected at least one, INBOX say")
    if filed_folder(tree, settings) in found:
        raise Misconfigured(f"[mailbox] filed: {settings.filed} is one of the folders that are read")
    return found


def filed_folder(tree: Tree, settings: mur.Mailbox) -> str:
    """Where mails are filed away. Raises `Misconfigured` where the settings name no folder."""
    if not settings.filed.strip("/"):
        raise Misconfigured("[mailbox] filed: expected a folder's name")
    return tree.find(settings.filed) or tree.place(settings.filed.strip("/"))


def make(client: IMAPClient, folder: str) -> None:
    """Create a folder, unless somebody was faster, and subscribe to it, so that webmails show it."""
    try:
        client.create_folder(folder)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        if folder not in survey(client).names:
            raise
    try:
        client.subscribe_folder(folder)
    except IMAPClientAbortError:
        raise
    except IMAPClientError:
        return


def _some(names: Iterable[str], most: int = 12) -> str:
    listed = sorted(names)
    return ", ".join(listed[:most]) + (" …" if len(listed) > most else "")
