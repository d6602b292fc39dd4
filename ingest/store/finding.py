"""What was found out of a contribution after it was taken in: more proposals, and more that its draft does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ingest.model import ContributionId, Proposal, Removed
from ingest.store.changing import Changing


class Finding(Changing):
    """The part of a store that writes such findings beside the draft, durably; they decide nothing."""

    def set_found(self, id_: ContributionId, *, proposals: Sequence[Proposal], removed: Sequence[Removed]) -> None:
        """Make these the proposals and the removed pieces of a contribution: all of them, in the order of `mur keep`.

        Pieces that are there already have to keep their places. Raises `Refused` where its documents are gone,
        `BadMessage` where they are damaged, `Unavailable`.
        """
        told = self._folders.facts(id_)
        told = replace(told, proposals=tuple(proposals), removed=len(removed))
        self._folders.tell_again(told, removed)
