"""Inline patterns that are not tried where they cannot match: the HTML is what Python-Markdown makes of it."""

from __future__ import annotations

import random

import pytest
from markdown.treeprocessors import InlineProcessor

from ingest.model import Markdown
from plugins import rendering
from plugins.figures import Figures
from plugins.inline import SIGNS
from plugins.rendering import _Notes, _parser

PIECES = (
    *("mot", " ", "l’été", "**gras**", "*penché*", "_ici_", "__là__", "***tout***", "`code`", "``a ` b``", "\\*", "\\"),
    *("[mur](https://example.org/a_b)", "[a][1]", "![fleur](media.jpg)", "![x][1]", "[seul]", "<https://example.org>"),
    *("<ici@example.org>", "&amp;", "&copy;", "&", "<", ">", "  \n", "\n", "[^1]", "*", "_", "`", "[", "]", "(", "!["),
)


def _slow() -> rendering.Parser:
    parser = _parser(Figures(), _Notes(), french=False)
    for name in ("mur-headings", "mur-notes", "mur-figures"):
        parser.treeprocessors.deregister(name)
    return parser


def test_every_pattern_is_known() -> None:
    """A release of Python-Markdown with another pattern is noticed here: it says what the pattern begins with."""
    parser = _slow()

    assert {*SIGNS, "em_strong"} == {name for name in (*SIGNS, "em_strong") if name in parser.inlinePatterns}
    assert len(SIGNS) + 1 == len(parser.inlinePatterns)


@pytest.mark.parametrize("seed", range(8))
def test_the_html_is_the_same(seed: int) -> None:
    """On texts of everything that is markup, whole or torn."""
    of = random.Random(seed)
    ours, theirs = _slow(), _slow()
    theirs.treeprocessors.register(InlineProcessor(theirs), "inline", 20)

    for _text in range(150):
        text = Markdown("".join(of.choices(PIECES, k=of.randint(1, 24))) + "\n\n[1]: https://example.org\n[^1]: note\n")
        assert theirs.reset().convert(text) == ours.reset().convert(text)
