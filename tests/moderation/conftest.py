"""A store in an empty folder."""

from __future__ import annotations

import pytest

from ingest.store import Store
from tests.store import walls


@pytest.fixture
def settings(tmp_path):
    """A wall that took nothing yet."""
    return walls.wall(tmp_path)


@pytest.fixture
def store(settings):
    """Its store, open."""
    with Store.open(settings) as opened:
        yield opened
