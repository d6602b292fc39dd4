"""What a wall may say of the fediverse in its `mur.toml`."""

from __future__ import annotations

import pytest

from ingest.errors import Misconfigured
from ingest.settings import load


@pytest.mark.parametrize("server", ["https://mamot.fr", "https://mamot.fr:8443", "http://127.0.0.1:3000", ""])
def test_a_server_is_named_by_its_address(tmp_path, server):
    """By https, but on this machine itself; nothing is off."""
    (tmp_path / "mur.toml").write_text(f'[fediverse]\nserver = "{server}"\n')

    assert server == load(tmp_path / "mur.toml").fediverse.server


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('server = "mamot.fr"', "server"),
        ('server = "http://mamot.fr"', "server"),
        ('server = "https://mamot.fr/"', "server"),
        ('server = "https://mamot.fr/@mur"', "server"),
        ('server = "https://jeton@mamot.fr"', "server"),
        ('visibility = "direct"', "visibility"),
        ('kinds = ["article", "reaction"]', "kinds"),
        ('token = "CANARY"', "token"),
    ],
)
def test_anything_else_is_refused_with_its_line(tmp_path, line, key):
    """A token above all does not stand in that file."""
    (tmp_path / "mur.toml").write_text(f"[fediverse]\n{line}\n")
    with pytest.raises(Misconfigured, match=rf"mur\.toml:2: \[fediverse\] {key}") as told:
        load(tmp_path / "mur.toml")

    assert "CANARY" not in str(told.value)
