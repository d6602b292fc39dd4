"""Walls for these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publication.walls import TestWall


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[TestWall]:
    made = TestWall(tmp_path / "mur")
    yield made
    made.store.close()
