"""A hundred times as much waits, and a page costs what it cost: the queue, a search, one contribution."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
import sqlalchemy as sa

from ingest.store import Store, tables
from tests.growth import cost
from tests.moderation.web.conftest import MODERATORS, logged_in
from tests.store import walls

FEW, MANY = 100, 10_000


@pytest.fixture
def fill(store):
    """Make it so many, by copies of one contribution: rows, journal and drafts as taking mails would leave them."""

    def fill(count: int) -> str:
        there = store.count()
        at = walls.NOW - timedelta(days=9)
        taken = store.hold(
            b"one more", walls.converted("Une fête"), contribution=None, received_at=at, now=at, channel="import"
        )
        copy(store, taken.id, range(there, count))
        return taken.id

    return fill


def copy(store: Store, id_: str, numbers: range) -> None:
    """Rows of their own for the same folder's documents."""
    folder = store.settings.paths.state / "contributions"
    with store._database.writing() as connection:
        row = connection.execute(sa.select(tables.contribution).where(tables.contribution.c.id == id_)).one()._mapping
        line = connection.execute(sa.select(tables.journal).where(tables.journal.c.contribution == id_)).one()._mapping
        rows, lines = [], []
        for number in numbers:
            sha256 = hashlib.sha256(f"copy {number}".encode()).hexdigest()
            at = row["received_at"] + timedelta(minutes=number)
            rows.append({**row, "id": sha256[:16], "sha256": sha256, "received_at": at})
            lines.append({**{k: v for k, v in line.items() if k != "seq"}, "contribution": sha256[:16], "at": at})
        if rows:
            connection.execute(tables.contribution.insert(), rows)
            connection.execute(tables.journal.insert(), lines)
    for row in rows:
        (folder / row["id"]).symlink_to(folder / id_)


@pytest.mark.long
def test_a_page_costs_the_same_with_ten_thousand_waiting(app, store, clock, fill):
    """CPU of the first page, of a search and of one contribution: at most twice what they cost with a hundred."""
    zoe = logged_in(app, store, clock, MODERATORS[0])
    id_ = fill(FEW)
    pages = {"queue": "/", "search": "/?mots=samedi", "one": f"/contribution/{id_}"}

    def measured() -> dict[str, float]:
        for path in pages.values():
            assert zoe.get(path).status_code == 200
        return {name: min(cost(lambda path=path: zoe.get(path)) for _ in range(7)) for name, path in pages.items()}

    few = measured()
    copy(store, id_, range(FEW, MANY))
    many = measured()

    print({name: (round(1000 * few[name], 1), round(1000 * many[name], 1)) for name in pages})
    assert {name for name in pages if many[name] > 2 * few[name]} == set()
