"""French typography, case by case, and what no case may break."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, SubElement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model import Markdown
from plugins.french import French, french
from plugins.rendering import plain_text, render
from tests.growth import is_linear

_SIGNS = str.maketrans({"⍽": "\u00a0", "⎵": "\u202f"})


def _cases() -> list[tuple[str, str]]:
    lines = Path(__file__).with_name("french.txt").read_text(encoding="utf-8").splitlines()
    told = (line.partition(" => ") for line in lines if line and not line.startswith("# "))
    return [(typed.translate(_SIGNS), (read or typed).translate(_SIGNS)) for typed, _arrow, read in told]


@pytest.mark.parametrize(("typed", "read"), _cases())
def test_each_case(typed: str, read: str) -> None:
    """What is typed is set as French has it, and a second pass changes nothing."""
    assert read == french(typed)
    assert read == french(read)


def test_there_are_enough_of_them() -> None:
    """A table that grows thin would show nothing."""
    assert len(_cases()) >= 80


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Un *mot* !", "<p>Un <em>mot</em>\u202f!</p>"),
        ("Un *mot*!", "<p>Un <em>mot</em>\u202f!</p>"),
        ('"Un *mot* juste"', "<p>«\u00a0Un <em>mot</em> juste\u00a0»</p>"),
        ("l'*été*", "<p>l’<em>été</em></p>"),
        ("`a ; b` ; puis", "<p><code>a ; b</code>\u202f; puis</p>"),
        ("    code ;", "<pre><code>code ;\n</code></pre>"),
        ("# Titre ?", "<h2>Titre\u202f?</h2>"),
        ("Un & deux !", "<p>Un &amp; deux\u202f!</p>"),
        ("- un !\n- deux ?", "<ul>\n<li>un\u202f!</li>\n<li>deux\u202f?</li>\n</ul>"),
    ],
)
def test_across_marks(typed: str, read: str) -> None:
    """Emphasis and links are no border, code and blocks are."""
    assert read == render(Markdown(typed), lang="fr")


def test_links_keep_their_address() -> None:
    """Neither an address nor its shown form is touched."""
    html = render(Markdown("[https://a.example/?x=1;y=2](https://a.example/?x=1;y=2) !"), lang="fr")

    assert 'href="https://a.example/?x=1;y=2"' in html
    assert ">https://a.example/?x=1;y=2</a>\u202f!" in html


def test_other_languages_are_left_alone() -> None:
    """A post in Catalan or English keeps its own spaces and quotes."""
    assert '<p>Why "so" ? It\'s</p>' == render(Markdown('Why "so" ? It\'s'), lang="en")


_TEXT = st.text(alphabet="ab é«»\"'!?;:.…1 2 3\u00a0\u202f\n-—(&)%€hM°/@", max_size=60)


@given(_TEXT)
def test_a_second_pass_changes_nothing(text: str) -> None:
    """Whatever is typed, what was set is set."""
    assert french(french(text)) == french(text)


@given(_TEXT)
def test_no_letter_or_figure_is_lost(text: str) -> None:
    """Only spaces, quotes, apostrophes and dots may differ."""

    def words(value: str) -> str:
        return "".join(c for c in value if c.isalnum() or c in "!?;:%€°/@&")

    assert words(text) == words(french(text))


@given(_TEXT)
def test_a_document_is_set_as_its_words_are(text: str) -> None:
    """The words of a page are those of its source."""
    plain = render(Markdown(text))
    set_ = render(Markdown(text), lang="fr")

    assert [c for c in plain_text(plain) if c.isalnum()] == [c for c in plain_text(set_) if c.isalnum()]


@pytest.mark.parametrize("piece", ['" ', "« ", "1 000 ", " !", "l'", ":-) ", "a.a.a.", "https://", "...", "p. 1 "])
def test_cost_grows_with_length_only(piece: str) -> None:
    """No pattern looks back over what it has read."""
    assert is_linear(lambda size: french(piece * size), 2_000)


@pytest.mark.parametrize("piece", ["*a* ! ", "l'*b* ", '"*c*" '])
def test_cost_of_a_document_grows_with_length_only(piece: str) -> None:
    """Nor does a paragraph of many small pieces."""

    def paragraph(size: int) -> None:
        root = Element("div")
        block = SubElement(root, "p")
        for _each in range(size):
            child = SubElement(block, "em")
            child.text, child.tail = piece.split("*")[1], " ! l'" + piece.split("*")[2]
        French(None).run(root)

    assert is_linear(paragraph, 500)
