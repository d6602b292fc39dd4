"""One wall for a file: each test writes a contribution of its own."""

from __future__ import annotations

import pytest

from tests.correspondence.answers.wall import opened


@pytest.fixture(scope="module")
def wall(tmp_path_factory):
    """Open, with nothing in it yet."""
    made = opened(tmp_path_factory.mktemp("wall"), more="[floods]\nsender_daily = 0\ndaily = 0\nqueue = 0")
    yield made
    made.close()
