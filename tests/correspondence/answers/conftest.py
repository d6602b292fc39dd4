"""A wall in an empty folder."""

from __future__ import annotations

import pytest

from tests.correspondence.answers.wall import opened


@pytest.fixture
def wall(tmp_path):
    """Open, with nothing in it yet."""
    made = opened(tmp_path)
    yield made
    made.close()
