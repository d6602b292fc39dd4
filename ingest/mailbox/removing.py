"""Taking a mail out of the mailbox for good, wherever in it a copy lies. It is known by its bytes alone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from ingest import settings as mur
from ingest.errors import Unavailable
from ingest.mailbox import folders, reading
from ingest.mailbox.connection import connect, hang_up, speaking_to
from ingest.mailbox.folders import Tree
from ingest.mailbox.reading import Measured
from ingest.mailbox.selection import select
from ingest.words import _

_AT_ONCE = 500
_GMAIL = "X-GM-EXT-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to look for: mails of about these sizes in bytes, of which `is_it` says yes to the bytes."""

    sizes: Collection[int]
    is_it: Callable[[bytes], bool]


def remove(settings: mur.Mailbox, sought: Sought, *, base: Path | None, password: str) -> int:
    """Delete every copy, and say how many there were: none is no failure, since people delete mails too.

    Looked through are the folders that are read, the one for what was filed, and the bin. On Gmail a mail that is
    deleted from a label stays under All Mail: there it goes by way of the bin, which takes all of its labels. Raises
    `Unavailable` and `Misconfigured`, as `connect` does.
    """
    client = connect(settings, base=base, password=password)
    try:
        with speaking_to(settings):
            search = _Removal(client, folders.survey(client), settings, sought)
            return search.run(exact=True) or search.run(exact=False)
    finally:
        hang_up(client)


class Deleting:
    """One mail out of the selected folder for good."""

    def __init__(self, client: IMAPClient, tree: Tree) -> None:
        self._client = client
        self.bin = tree.special.get("\\trash")
        self.by_way_of_bin = bool(client.has_capability(_GMAIL) and self.bin)

    def delete(self, uid: int, folder: str) -> bool:
        """False where other mails are marked for deletion, and the server cannot expunge one alone (RFC 4315)."""
        if self.by_way_of_bin and folder != self.bin:
            self._client.move([uid], self.bin)
            return True
        self._client.add_flags([uid], [b"\\Deleted"], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])
        elif list(self._client.search(["DELETED"])) == [uid]:
            self._client.expunge()
        else:
            self._client.remove_flags([uid], [b"\\Deleted"], silent=True)
            return False
        return True


class _Removal:
    def __init__(self, client: IMAPClient, tree: Tree, settings: mur.Mailbox, sought: Sought) -> None:
        self.client, self.settings, self.sought = client, settings, sought
        self.deleting = Deleting(client, tree)
        self.places = _places(tree, settings, everything=self.deleting.by_way_of_bin)

    def run(self, *, exact: bool) -> int:
        """One look into every folder: at mails of exactly the size, or, since Exchange estimates, of about it."""
        return sum(self._folder(folder, exact=exact) for folder in self.places)

    def _folder(self, folder: str, *, exact: bool) -> int:
        selected = select(self.client, folder)
        found = 0
        # Backwards: what is expunged moves only what comes after it
        for first in reversed(range(1, selected.exists + 1, _AT_ONCE)):
            last = first + _AT_ONCE - 1
            uids = sorted(self.client.search([f"{first}:{last if last < selected.exists else '*'}"]))
            for mail in reading.measure(self.client, uids):
                if self._might_be(mail, exact=exact) and self._is(mail):
                    self._delete(mail.uid, folder)
                    found += 1
        return found

    def _might_be(self, mail: Measured, *, exact: bool) -> bool:
        if mail.size > self.settings.max_bytes or mail.size in self.sought.sizes:
            return True
        return not exact and any(abs(mail.size - size) <= max(size // 10, 4096) for size in self.sought.sizes)

    def _is(self, mail: Measured) -> bool:
        """Of a mail too large to fetch, the header is all that was ever kept."""
        large = mail.size > self.settings.max_bytes
        bodies = reading.header(self.client, mail) if large else reading.bodies(self.client, [mail])
        return any(self.sought.is_it(raw) for raw in bodies.values())

    def _delete(self, uid: int, folder: str) -> None:
        if not self.deleting.delete(uid, folder):
            said = _("boîte aux lettres : d’autres courriels de {folder} sont marqués pour être supprimés ; videz-la")
            raise Unavailable(said.format(folder=folder))


def _places(tree: Tree, settings: mur.Mailbox, *, everything: bool) -> tuple[str, ...]:
    """Folders that exist, each once, the bin last."""

    def named() -> Iterator[str | None]:
        yield folders.filed_folder(tree, settings)
        yield from (tree.find(name) for name in (*settings.folders, *settings.spam_folders))
        if everything:
            yield tree.special.get("\\all")
        yield tree.special.get("\\trash")

    last = tree.special.get("\\trash")
    found = dict.fromkeys(name for name in named() if name and (name in tree.names or name == "INBOX"))
    return (*(name for name in found if name != last), *([last] if last in found else []))
