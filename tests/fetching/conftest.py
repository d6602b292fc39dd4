"""One server for a whole module: what it is asked differs, not what it is."""

from __future__ import annotations

import pytest

from tests.fetching.server import serving
from tests.servers.certificates import issue


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    """For this machine, under an authority of our own."""
    return issue(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def running(certificates):
    """A strange server, and its port."""
    with serving(certificates) as found:
        yield found
