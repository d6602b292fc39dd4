"""`mur.toml`, as people write it and as they get it wrong."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from ingest import settings
from ingest.errors import Misconfigured
from ingest.settings import Settings, find, load, secret

ROOT = Path(__file__).parent.parent


@pytest.fixture
def wall(tmp_path):
    def write(text):
        file = tmp_path / "mur.toml"
        file.write_text(text, encoding="utf-8")
        return load(file)

    return write


def test_paths_alone_are_enough(wall, tmp_path):
    """Everything else has a default, and a path is relative to the file's folder."""
    loaded = wall('[paths]\ncontent = "textes"\n')

    assert tmp_path / "textes" == loaded.paths.content
    assert tmp_path / "var" == loaded.paths.state


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[wall]\nnom = "x"\n', 2, ["[wall] nom", "unknown", "name"]),
        ("[mur]\n", 1, ["mur", "unknown", "wall"]),
        ('\n[mailbox]\nhost = "a.example"\nport = "993"\n', 4, ["[mailbox] port", "whole number"]),
        ("[mailbox]\nport = -1\n", 2, ["at least 0"]),
        ("[mailbox]\nidle = 1\n", 2, ["true or false"]),
        ('[mailbox]\nfolders = "INBOX"\n', 2, ["list of strings"]),
        ('[mailbox]\nsecurity = "ssl"\n', 2, ["tls, starttls, none"]),
        ('[mailbox]\nhost = "mx.example.org"\nsecurity = "none"\n', 3, ["only on this machine"]),
        ('[wall]\nurl = "mur.example.org"\n', 2, ["https://"]),
        ('[wall]\ntimezone = "Perpignan"\n', 2, ["Europe/Paris"]),
        ('[wall]\nlanguage = "français"\n', 2, ["language tag"]),
        ('[paths]\nstate = "content/var"\n', 2, ["private", "content"]),
        ('[paths]\ncontent = "mur"\noutput = "mur"\n', 3, ["content and output"]),
        ('[paths]\noutput = "content/site"\n', 2, ["content and output"]),
        ('[paths]\ncontent = "output/textes"\n', 1, ["content and output"]),
        ('[paths]\ncontent = "a\\u0000b"\n', 2, ["a path"]),
        ("wall = 3\n", 1, ["section"]),
    ],
)
def test_what_is_wrong_is_said_with_its_line(wall, text, line, words):
    """A complaint names the file, the line, the key and what was expected; exit code 2."""
    with pytest.raises(Misconfigured) as caught:
        wall(text)

    assert f"mur.toml:{line}:" in str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == []
    assert caught.value.exit_code == 2


def test_what_is_not_toml_is_said_in_one_line(wall):
    """The parser's own place is told, without a traceback."""
    with pytest.raises(Misconfigured, match=r"not TOML.*line 1"):
        wall("nom = \n")


def test_a_missing_file_is_named(tmp_path):
    """Whoever stands in the wrong folder sees which file was looked for."""
    with pytest.raises(Misconfigured, match=r"mur\.toml"):
        load(tmp_path / "mur.toml")


def test_the_file_is_the_option_then_the_environment_then_here():
    """The order that scripts rely on."""
    assert Path("a") == find("a", {"MUR_CONFIG": "b"})
    assert Path("b") == find(None, {"MUR_CONFIG": "b"})
    assert Path("mur.toml") == find(None, {})


def test_a_secret_that_others_may_read_is_refused(tmp_path):
    """0600 or nothing; and what is in it is never said."""
    file = tmp_path / "mot-de-passe"
    file.write_text("canari-7421\n", encoding="utf-8")
    file.chmod(0o644)

    with pytest.raises(Misconfigured) as caught:
        secret("mailbox", "password", str(file), "")
    file.chmod(0o600)

    assert "canari-7421" not in str(caught.value)
    assert secret("mailbox", "password", str(file), "") == "canari-7421"


def test_a_secret_may_stand_in_the_environment(monkeypatch):
    """The variable that the settings name."""
    monkeypatch.setenv("MUR_ESSAI", "canari")

    assert secret("mailbox", "password", "", "MUR_ESSAI") == "canari"


def test_every_setting_is_documented():
    """`docs/settings.md` names each section, key and default."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    sections = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    missing = [
        f"[{name}] {key.name}"
        for name, section in sections.items()
        if type(section).__module__ == settings.__name__
        for key in fields(section)
        if f"| `{key.name}` |" not in text.partition(f"## [{name}]")[2].partition("\n## ")[0]
    ]

    assert missing == []


def test_the_wall_that_ships_can_be_read():
    """The `mur.toml` at the root is good."""
    loaded = load(ROOT / "mur.toml")

    assert loaded.wall.name == "Le mur parle"
    assert loaded.wall.address == "lemurparle@gmail.com"
