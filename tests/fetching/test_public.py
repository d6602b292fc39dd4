"""Which addresses are the open Internet's."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.fetching.public import is_public

CASES = [
    tuple(line.split(maxsplit=1))
    for line in (Path(__file__).parent / "addresses.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("verdict", "address"), CASES, ids=[address for _verdict, address in CASES])
def test_only_hosts_of_the_open_internet_are_asked(verdict, address):
    """No address of this machine, of its network, of many at once, or of one of these said in another way."""
    assert (verdict == "open") == is_public(address)
