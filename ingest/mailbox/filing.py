"""Filing mails away, on servers of every age.

MOVE (RFC 6851) where there is one. Else COPY, `\\Deleted` and UID EXPUNGE (RFC 4315) of this one mail. Without UIDPLUS
the mail is copied and the original stays, marked with the keyword `$MurRecu`, or with `\\Deleted` where the server
keeps no keywords; the next search leaves it out. A bare EXPUNGE would remove what other people marked: never sent.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from ingest.mailbox import folders
from ingest.mailbox.selection import Selected

_log = logging.getLogger(__name__)


class Filing:
    """The folder for what was received, made when the first mail is filed."""

    def __init__(self, client: IMAPClient, folder: str, *, exists: bool) -> None:
        self._client = client
        self._folder = folder
        self._exists = exists

    def file(self, selected: Selected, uids: Sequence[int]) -> frozenset[int]:
        """Take mails out of the selected folder, all in one command, or one by one where the server refuses that.

        Gives back those that are there no more; a mail that the server does not let go of stays.
        """
        if not uids:
            return frozenset()
        try:
            self._file(selected, uids)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if len(uids) > 1:
                return frozenset(uid for one in uids for uid in self.file(selected, [one]))
            if self._client.search(["UID", str(uids[0])]):
                _log.warning("%s: uid %d could not be filed away: %s", selected.folder, uids[0], error)
                return frozenset()
            # somebody else was faster: Dovecot answers NO [EXPUNGEISSUED]
        return frozenset(uids)

    def _file(self, selected: Selected, uids: Sequence[int]) -> None:
        self._make_sure()
        try:
            self._move(selected, uids)
        except IMAPClientError as error:
            if "TRYCREATE" not in str(error).upper():
                raise
            self._exists = False  # somebody removed the folder while we were connected
            self._make_sure()
            self._move(selected, uids)

    def _make_sure(self) -> None:
        if not self._exists:
            folders.make(self._client, self._folder)
            self._exists = True

    def _move(self, selected: Selected, uids: Sequence[int]) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move(uids, self._folder)
            return
        self._client.copy(uids, self._folder)
        if self._client.has_capability("UIDPLUS"):
            self._client.add_flags(uids, [b"\\Deleted"], silent=True)
            self._client.uid_expunge(uids)
        else:
            self._client.add_flags(uids, [selected.mark], silent=True)
