"""Walls for these tests, and the servers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.publication.walls import TestWall
from tests.servers.fixtures import certificates, dovecot_server, mail_server

__all__ = ["certificates", "dovecot_server", "mail_server"]


@pytest.fixture
def wall(tmp_path: Path) -> Iterator[TestWall]:
    """A wall with the simple theme."""
    made = TestWall(tmp_path / "mur")
    yield made
    made.store.close()


@pytest.fixture
def quick_folder(tmp_path: Path) -> Iterator[Path]:
    """In memory where there is such a place: what a death leaves is the same there, and fsync costs nothing."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="mur-", dir=memory if os.access(memory, os.W_OK) else tmp_path))
    yield folder
    shutil.rmtree(folder)
