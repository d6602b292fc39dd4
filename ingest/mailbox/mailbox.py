"""The mailbox as the poller sees it: what is new, file this away, wait."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from ingest import settings as mur
from ingest.mailbox import folders, idle, reading
from ingest.mailbox.connection import connect, hang_up, speaking_to
from ingest.mailbox.filing import Filing
from ingest.mailbox.reading import Measured
from ingest.mailbox.removing import Deleting
from ingest.mailbox.selection import Selected, search, select

_log = logging.getLogger(__name__)

_MEASURED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A mail as it lay in the mailbox. `uid` means something together with `folder` and `uidvalidity` alone."""

    folder: str
    uidvalidity: int
    uid: int
    size: int
    """RFC822.SIZE: bytes, as the server counts them."""
    received_at: datetime
    """INTERNALDATE in UTC; for show, never for order or identity."""
    raw: bytes = field(repr=False)
    """The mail, byte for byte; only its header, or the beginning of that, where it is `too_large`."""
    too_large: bool = False
    spam: bool = False
    """Whether the provider had put it in a spam folder."""


class Mailbox:
    """A connection, as a context manager. Not for several threads.

    Every method raises `Unavailable` where the connection or the server fails; then only a new `Mailbox` helps.
    Opening raises `Misconfigured` too, for a mailbox that the settings do not fit. `base` is what a relative `cafile`
    is relative to.
    """

    def __init__(self, settings: mur.Mailbox, *, base: Path | None, password: str) -> None:
        self._settings = settings
        self._base = base
        self._password = password
        self._client: Any = None
        self._read: dict[str, bool] = {}
        self._filing: Filing
        self._deleting: Deleting
        self._selected: Selected | None = None
        self._searched_to: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._client = connect(self._settings, base=self._base, password=self._password)
        try:
            with speaking_to(self._settings):
                tree = folders.survey(self._client)
            self._read = folders.to_read(tree, self._settings)
            filed = folders.filed_folder(tree, self._settings)
            self._deleting = Deleting(self._client, tree)
            self._filing = Filing(self._client, filed, exists=filed in tree.names)
        except BaseException:
            hang_up(self._client)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            with suppress(IMAPClientError, OSError):
                self._client.logout()
        hang_up(self._client)

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders to read, as the server calls them; those for spam last."""
        return tuple(self._read)

    def new(self, folder: str) -> Iterator[Fetched]:
        """Every mail of `batches`, one by one."""
        return (mail for batch in self.batches(folder) for mail in batch)

    def batches(self, folder: str) -> Iterator[tuple[Fetched, ...]]:
        """Every mail that lies in `folder` and was not filed away, oldest first, as many at a time as one answer holds.

        Seen or not: somebody who opens the mailbox with a telephone marks mails as seen. Mails that vanish meanwhile
        are passed over. A batch has at most 4 MB, or is one larger mail.
        """
        with speaking_to(self._settings):
            selected = self._select(folder)
            uids = search(self._client, selected)
        self._searched_to[folder] = max(selected.uidnext, uids[-1] + 1 if uids else 0)
        for start in range(0, len(uids), _MEASURED_AT_ONCE):
            with speaking_to(self._settings):
                self._at(folder)
                measured = reading.measure(self._client, uids[start : start + _MEASURED_AT_ONCE])
            for batch in reading.batches(measured, self._settings.max_bytes):
                yield tuple(self._fetch(selected, batch))  # no name here: it would keep them until the next are there

    def file_away(self, mail: Fetched) -> bool:
        """Take a mail out of its folder (see `ingest.mailbox.filing`): call it once everything about it is durable.

        Doing it twice does no harm. False where the server refuses: the mail is still there, and will be new again.
        """
        return self.file_all_away((mail,))[0]

    def file_all_away(self, mails: Sequence[Fetched]) -> tuple[bool, ...]:
        """The same for some mails of one folder, in one command where the server takes it."""
        with speaking_to(self._settings):
            selected = self._at(mails[0].folder)
            here = [mail.uid for mail in mails if mail.uidvalidity == selected.uidvalidity]
            filed = self._filing.file(selected, here)
        return tuple(mail.uidvalidity == selected.uidvalidity and mail.uid in filed for mail in mails)

    def delete(self, mail: Fetched) -> bool:
        """Take a mail out of the mailbox for good; False where the server cannot do that to one mail alone.

        On Gmail it goes into the bin, which alone takes all of its labels, and which Gmail empties by itself.
        """
        with speaking_to(self._settings):
            selected = self._at(mail.folder)
            try:
                return selected.uidvalidity == mail.uidvalidity and self._deleting.delete(mail.uid, mail.folder)
            except IMAPClientAbortError:
                raise
            except IMAPClientError as error:
                _log.warning("%s: uid %d could not be deleted: %s", mail.folder, mail.uid, error)
                return False

    def wait(self, seconds: float, stop: threading.Event) -> bool:
        """Wait until the server announces a mail in the first folder, `stop` is set, or `seconds` have passed.

        True where something was announced; search in any case.
        """
        with speaking_to(self._settings):
            # IDLE does not tell again what was told between other commands. SELECT tells the UID of the next mail.
            selected = self._select(self.folders[0])
            if selected.uidnext > self._searched_to.get(selected.folder, selected.uidnext):
                return True
            if self._settings.idle and self._client.has_capability("IDLE"):
                return idle.idle(self._client, seconds, stop)
            return idle.noop(self._client, seconds, stop)

    def _select(self, folder: str) -> Selected:
        self._selected = None
        self._selected = select(self._client, folder)
        return self._selected

    def _at(self, folder: str) -> Selected:
        """The folder selected, which a caller may have changed between two mails."""
        if self._selected is None or self._selected.folder != folder:
            return self._select(folder)
        return self._selected

    def _fetch(self, selected: Selected, batch: Sequence[Measured]) -> Iterator[Fetched]:
        large = batch[0].size > self._settings.max_bytes
        with speaking_to(self._settings):
            if self._at(selected.folder).uidvalidity != selected.uidvalidity:
                return
            found = reading.header(self._client, batch[0]) if large else reading.bodies(self._client, batch)
        for each in batch:
            raw = found.pop(each.uid, None)
            if raw is None:
                _log.info("%s: uid %d is not there any more", selected.folder, each.uid)
                continue
            yield _fetched(selected, each, raw, too_large=large, spam=self._read.get(selected.folder, False))


def _fetched(selected: Selected, mail: Measured, raw: bytes, *, too_large: bool, spam: bool) -> Fetched:
    return Fetched(
        folder=selected.folder,
        uidvalidity=selected.uidvalidity,
        uid=mail.uid,
        size=mail.size,
        received_at=mail.received_at,
        raw=raw,
        too_large=too_large,
        spam=spam,
    )
