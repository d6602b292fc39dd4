"""The catalogues of the program's own sentences: complete as a list, compiled, and with every place for a value."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "ingest" / "locale"
OPTIONS = re.search(r"pybabel -q extract (.*) -o ", (ROOT / "Makefile").read_text(encoding="utf-8"))
LANGUAGES = sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def strings(message) -> tuple[str, ...]:
    """What a message says, one for each plural."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string,)


def told(catalogue) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What a catalogue translates."""
    return {
        tuple(m.id) if isinstance(m.id, list | tuple) else (m.id,): strings(m)
        for m in catalogue
        if m.id and all(strings(m))
    }


def test_the_list_of_sentences_is_up_to_date(tmp_path):
    """`make messages` would write the very same `mur.pot`."""
    command = [
        Path(sys.executable).parent / "pybabel",
        "-q",
        "extract",
        *OPTIONS[1].split(),
        "-o",
        tmp_path / "mur.pot",
    ]
    subprocess.run([*command, "ingest", "plugins"], cwd=ROOT, check=True)
    with (tmp_path / "mur.pot").open("rb") as made, (LOCALE / "mur.pot").open("rb") as kept:
        assert {m.id for m in read_po(made)} == {m.id for m in read_po(kept)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_its_places_for_values(language):
    """`{day}` stays `{day}`; none is made up."""
    with (LOCALE / language / "LC_MESSAGES" / "mur.po").open("rb") as file:
        catalogue = read_po(file)
    translated = [m for m in catalogue if m.id and all(strings(m))]
    assert len(translated) > 60
    for message in translated:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        wanted = {frozenset(re.findall(r"\{\w+\}", it)) for it in ids}
        assert {frozenset(re.findall(r"\{\w+\}", it)) for it in strings(message)} <= wanted, message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_translated_is_compiled(language):
    """`mur.mo` says what `mur.po` says."""
    folder = LOCALE / language / "LC_MESSAGES"
    with (folder / "mur.po").open("rb") as po, (folder / "mur.mo").open("rb") as mo:
        written, compiled = told(read_po(po)), told(read_mo(mo))
    assert written.items() <= compiled.items()
