"""An authorisation server for each test."""

from __future__ import annotations

import pytest

from tests.servers import authorization
from tests.servers.authorization import SECRET


@pytest.fixture
def authority(monkeypatch):
    """The server, and the secret by which it knows us."""
    monkeypatch.setenv("MUR_ESSAI_SECRET", SECRET)
    with authorization.running() as server:
        yield server
