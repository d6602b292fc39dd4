"""Texts that came before: found by index in the transaction that takes a mail in, however many there are.

A text is looked up by a few numbers of its sketch (`ingest.body.likeness`). Of what shares one, the oldest few and the
newest few are compared: a text that was sent ten thousand times costs the ten thousandth what it cost the hundredth.
"""

from __future__ import annotations

import struct
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice

import sqlalchemy as sa

from ingest.body.likeness import Likeness, in_common, likeness
from ingest.errors import BadMessage, Refused, Unavailable
from ingest.model import ContributionId
from ingest.publication import article
from ingest.store import tables
from ingest.store.changing import Changing
from ingest.store.facts import Facts
from ingest.store.rows import NEAR_DUPLICATE, POSSIBLE_DUPLICATE

SAME = 100
"""How much the same text has in common with itself, in per cent."""
_OLDEST, _NEWEST = 2, 6
_AT_MOST = 8
"""How many are named; the flood that brought the others is told of elsewhere."""
_SHOWN = 20
_AT_A_TIME = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """A contribution that is like another one."""

    id: ContributionId
    share: int
    """How much they have in common, in per cent; 100 for the same text."""


class Likening(Changing):
    """The part of a store that knows texts again."""

    def alike(self, id_: ContributionId) -> tuple[Alike, ...]:
        """What this contribution is like, whichever came first: the most alike first, at most twenty."""
        table = tables.alike.c
        one = sa.select(table.other, table.share).where(table.contribution == id_)
        other = sa.select(table.contribution, table.share).where(table.other == id_).limit(_SHOWN)
        with self._database.reading() as connection:
            found = {ContributionId(name): share for query in (other, one) for name, share in connection.execute(query)}
        return _most(found)

    def alike_of(self, ids: Iterable[ContributionId]) -> dict[ContributionId, tuple[Alike, ...]]:
        """The same for many at once; one that is like none is left out."""
        table, wanted = tables.alike.c, iter(ids)
        pairs: dict[ContributionId, dict[ContributionId, int]] = defaultdict(dict)
        with self._database.reading() as connection:
            while some := list(islice(wanted, _AT_A_TIME)):
                for own, other in ((table.other, table.contribution), (table.contribution, table.other)):
                    for id_, name, share in connection.execute(sa.select(own, other, table.share).where(own.in_(some))):
                        pairs[ContributionId(id_)][ContributionId(name)] = share
        return {id_: _most(found) for id_, found in pairs.items()}

    def likeness(self, id_: ContributionId) -> Likeness | None:
        """By what a contribution is known again; None for what has no draft, and once it was erased."""
        with self._database.reading() as connection:
            found = connection.execute(_known().where(tables.likeness.c.contribution == id_)).one_or_none()
        return _read(found) if found else None

    def _likeness(self, told: Facts) -> Likeness | None:
        """Of the first draft, read from its file, so that a folder without a row gets the same one."""
        if told.digest is None:
            return None
        try:
            draft = article.parse(self._folders.draft(told.id, told.digest))
        except (Refused, BadMessage, Unavailable):
            return None
        key = bytes.fromhex(self.keyed("likeness", ""))
        return likeness(draft.title, draft.body, (piece.name for piece in told.attachments), key=key)


def _most(found: Mapping[ContributionId, int]) -> tuple[Alike, ...]:
    most = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Alike(id=name, share=share) for name, share in most[:_SHOWN])


def search(connection: sa.Connection, told: Likeness | None, own: ContributionId) -> tuple[Alike, ...]:
    """What came before and is like this, the most alike and then the oldest first; nothing is changed."""
    if told is None:
        return ()
    found: list[tuple[int, int, ContributionId]] = []
    for record in _candidates(connection, told):
        share = in_common(told, _read(record))
        if share and record.contribution != own:
            found.append((-share, record.seq, ContributionId(record.contribution)))
    return tuple(Alike(id=name, share=-share) for share, _seq, name in sorted(found)[:_AT_MOST])


def write(
    connection: sa.Connection,
    id_: ContributionId,
    told: Likeness | None,
    found: tuple[Alike, ...],
    *,
    fresh: bool = False,
) -> None:
    """Keep by what a contribution is known again, and what it is like, in the place of what was kept of it.

    `fresh`: nothing was kept of it.
    """
    if not fresh:
        forget(connection, id_, both_ways=False)
    if told is None:
        return
    values = {
        "contribution": id_,
        "whole": told.whole,
        "size": told.size,
        "sketch": struct.pack(f">{len(told.sketch)}Q", *told.sketch),
    }
    (seq,) = connection.execute(_KEEP, values).inserted_primary_key or (0,)
    if told.marks:
        connection.execute(_MARK, [{"mark": mark, "seq": seq} for mark in told.marks])
    if found:
        pairs = [{"contribution": id_, "other": one.id, "share": one.share} for one in found]
        connection.execute(tables.alike.insert(), pairs)


def forget(connection: sa.Connection, id_: ContributionId, *, both_ways: bool = True) -> None:
    """Keep nothing by which a text is known again."""
    table, marks, pairs = tables.likeness, tables.likeness_mark, tables.alike
    seq = sa.select(table.c.seq).where(table.c.contribution == id_).scalar_subquery()
    connection.execute(marks.delete().where(marks.c.seq.in_(seq)))
    connection.execute(table.delete().where(table.c.contribution == id_))
    connection.execute(pairs.delete().where(pairs.c.contribution == id_))
    if both_ways:
        connection.execute(pairs.delete().where(pairs.c.other == id_))


def warnings(found: tuple[Alike, ...], same_message: ContributionId | None) -> tuple[str, ...]:
    """The words for a moderator, which name the one that is most alike."""
    near = (f"{NEAR_DUPLICATE}: {found[0].id}",) if found else ()
    return (f"{POSSIBLE_DUPLICATE}: {same_message}", *near) if same_message else near


def came_before(connection: sa.Connection, message_id_key: str | None, own: ContributionId) -> ContributionId | None:
    """The first contribution that had this Message-ID."""
    if not message_id_key:
        return None
    found = connection.scalar(_CAME_BEFORE, {"key": message_id_key, "own": own})
    return ContributionId(found) if found else None


def _known() -> sa.Select[tuple[int, str, str, int, bytes]]:
    table = tables.likeness.c
    return sa.select(table.seq, table.contribution, table.whole, table.size, table.sketch)


_KEEP, _MARK = tables.likeness.insert(), tables.likeness_mark.insert()
_NAMED = _known().where(tables.likeness.c.seq.in_(sa.bindparam("seqs", expanding=True)))
_CAME_BEFORE = (
    sa.select(tables.contribution.c.id)
    .where(tables.contribution.c.message_id_key == sa.bindparam("key"), tables.contribution.c.id != sa.bindparam("own"))
    .order_by(tables.contribution.c.received_at, tables.contribution.c.id)
    .limit(1)
)


def _candidates(connection: sa.Connection, told: Likeness) -> list[sa.Row[tuple[int, str, str, int, bytes]]]:
    """The oldest few and the newest few that share a number, or the whole."""
    asked = {"whole": told.whole, **{f"mark{number}": mark for number, mark in enumerate(told.marks)}}
    seqs = set(connection.scalars(_sharing(len(told.marks)), asked))
    return list(connection.execute(_NAMED, {"seqs": sorted(seqs)})) if seqs else []


@cache
def _sharing(count: int) -> sa.CompoundSelect[tuple[int]]:
    """One question for all numbers at once: the parameters are `whole`, and `mark0` and so on."""
    marks, table = tables.likeness_mark.c, tables.likeness.c
    questions = [sa.select(table.seq).where(table.whole == sa.bindparam("whole"))]
    questions += [sa.select(marks.seq).where(marks.mark == sa.bindparam(f"mark{number}")) for number in range(count)]
    some = []
    for question in questions:
        order = question.selected_columns[0]
        for ordered, most in ((order, _OLDEST), (order.desc(), _NEWEST)):
            some.append(sa.select(question.order_by(ordered).limit(most).subquery().c.seq))
    return sa.union(*some)


def _read(record: sa.Row[tuple[int, str, str, int, bytes]]) -> Likeness:
    sketch = struct.unpack(f">{len(record.sketch) // 8}Q", record.sketch)
    return Likeness(whole=record.whole, size=record.size, sketch=sketch)
