"""Markdown as we write it, and as an enemy would."""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.model import Markdown, SafeHtml
from plugins.rendering import Unrenderable, plain_text, render, summary
from tests import growth
from tests.plugins.dom import elements, faults, fragment

NAME = "0123456789abcdef"
XML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def html(text: str, **told: object) -> SafeHtml:
    return render(Markdown(text), **told)


def tried(text: str) -> tuple[str, str]:
    """The HTML, or why there is none."""
    try:
        return html(text), ""
    except Unrenderable as error:
        return "", error.reason


def test_a_picture_alone_is_a_figure_that_never_shifts_the_page() -> None:
    """With its size from the file, loaded late, its title as caption."""
    found = html(f'![La terrasse](media:{NAME}.jpg "Au café")', size=lambda _name: (640, 480))
    image = next(it for it in elements(fragment(found)) if it.tag == "img")
    assert image.attrib == {
        "src": f"medias/{NAME}.jpg",
        "alt": "La terrasse",
        "width": "640",
        "height": "480",
        "loading": "lazy",
        "decoding": "async",
    }
    assert [it.tag for it in elements(fragment(found))] == ["figure", "img", "figcaption"]
    assert plain_text(found) == "La terrasse\nAu café"


def test_a_picture_in_a_sentence_stays_in_it() -> None:
    """Where it stood."""
    found = html(f"Avant ![x](media:{NAME}.png) après")
    assert re.fullmatch(r"<p>Avant <img [^>]*> après</p>", found)


def test_a_sound_has_controls_and_loads_nothing_by_itself() -> None:
    """And a link beside, for who cannot play it there."""
    for text in (f"[L’entretien](media:{NAME}.mp3)", f"![L’entretien](media:{NAME}.mp3)"):
        tree = fragment(html(text))
        audio = next(it for it in elements(tree) if it.tag == "audio")
        assert audio.attrib == {"controls": "", "preload": "none", "src": f"medias/{NAME}.mp3"}
        assert "".join(tree.itertext()).strip() == "L’entretien"


def test_a_document_is_a_link_that_tells_its_type() -> None:
    """In its sentence."""
    link = next(it for it in elements(fragment(html(f"Voir [le tract](media:{NAME}.pdf)."))) if it.tag == "a")
    assert (link.get("href"), link.get("type"), link.get("class")) == (
        f"medias/{NAME}.pdf",
        "application/pdf",
        "document",
    )


def test_another_address_is_no_picture() -> None:
    """A picture elsewhere would count who reads; its words stay."""
    assert html("Avant ![pixel](https://evil.example/p.gif) après") == "<p>Avant pixel après</p>"
    assert html(f"![x](media:{NAME}.png)", known=lambda _name: False) == "<p>x</p>"


def test_the_address_of_media_is_the_callers() -> None:
    """A page, a feed and a preview have each their own."""
    assert f'src="https://mur.example.org/m/{NAME}.png"' in html(
        f"![x](media:{NAME}.png)", media_url=lambda name: f"https://mur.example.org/m/{name}"
    )


def test_notes_of_two_articles_do_not_collide() -> None:
    """Several may stand on one page; the way back is said in French."""
    text = "Un[^a], encore[^a], deux[^b].\n\n[^a]: Une *note*.\n[^b]: Autre."
    pages = [html(text, notes=prefix) for prefix in ("n-un", "n-deux")]
    ids = [{it.get("id") for it in elements(fragment(page))} - {None} for page in pages]
    targets = [{it.get("href", "")[1:] for it in elements(fragment(page)) if it.tag == "a"} for page in pages]
    assert ids[0] == targets[0]
    assert ids[0].isdisjoint(ids[1])
    assert "Revenir au texte, note 1" in pages[0]


def test_the_dialect() -> None:
    """Tables, sane lists, quotes; a first-level heading is the page's own."""
    tree = fragment(html("# Titre\n\na | b\n--|--\n1 | 2\n\n3. trois\n4. quatre\n\n> cité\n\n    code"))
    tags = {it.tag for it in elements(tree)}
    assert {"h2", "table", "th", "td", "ol", "blockquote", "pre", "code"} <= tags
    assert "h1" not in tags
    assert next(it for it in elements(tree) if it.tag == "ol").get("start") == "3"


@pytest.mark.parametrize(
    "text",
    ["[TOC]", "{{ 7*7 }} {% x %}", "{: .x onclick=a }", "<b>x</b>", "*[HTML]: x", "[[lien]]", "+++ x", ":smile:"],
)
def test_other_dialects_are_text(text: str) -> None:
    """What is no Markdown of ours stands as it was written."""
    assert plain_text(html(text)) == text


def test_links_tell_search_engines_nothing_and_give_nobody_a_window() -> None:
    """On every link."""
    assert 'rel="nofollow ugc"' in html("[x](https://ok.example/)")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("# Titre\n\nUne phrase. Une autre.", "Une phrase. Une autre."),
        ("a & b &lt;c&gt;", "a & b <c>"),
        (f"![Photo](media:{NAME}.png)", "Photo"),
        ("Un[^1].\n\n[^1]: note", "Un."),
        ("Un. " + "mot " * 100, None),
        ("Une phrase assez longue pour compter comme un début, oui. " * 3 + "mot " * 100, None),
    ],
)
def test_a_summary_is_the_first_sentences_as_text(text: str, wanted: str | None) -> None:
    """Never markup, never more than fits."""
    found = summary(html(text))
    assert found == wanted if wanted else len(found) <= 281
    assert found[-1] in ".…" or wanted


PIECES = (Path(__file__).parent / "pieces.txt").read_text(encoding="utf-8").split()
PIECES += ["\n", "\n\n", "    ", "> ", "- ", " ", "\u0002", "\u0003", f"{NAME}.png"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_whatever_is_written_nothing_acts(pieces: list[str]) -> None:
    """Whatever Python-Markdown makes of it; and every character may stand in XML."""
    found, _reason = tried("".join(pieces))
    assert faults(found) == []
    assert not XML.search(found)


@given(st.text(max_size=200))
def test_any_text_is_rendered_or_refused_by_name(text: str) -> None:
    """No other exception leaves, whatever the characters."""
    found, reason = tried(text)
    assert faults(found) == []
    assert reason in {"", "too-deep", "too-tangled"}


BOMBS = [
    *(
        "[",
        "![",
        "[](",
        "[a](<",
        '[]("',
        "`a``",
        "- ",
        "> ",
        ">",
        "1. ",
        "# a\n",
        "a\n==\n",
        "---\n",
        "[`]`",
        "[^1] ",
        "*a",
    ),
    *(
        "a\n\n",
        "a|b\n",
        "- a\n\n",
        "\\[",
        "&lt;",
        "<a@b> ",
        "[a](b) ",
        "_*",
        "* * ",
        "    - a\n",
        "[a]: b\n",
        "<",
        "&#x2;",
    ),
]


@pytest.mark.parametrize("piece", BOMBS)
def test_a_bomb_is_refused_or_harmless(piece: str) -> None:
    """Time is bounded for every size up to the limit; these cost Python-Markdown up to hours, or its stack."""
    for size in (3_000, 30_000, 300_000):
        text = (piece * size)[:size] + "\n\n[^1]: x"
        start = time.process_time()
        assert tried(text)[1] in {"", "too-deep", "too-tangled"}
        assert time.process_time() - start < 30, size


def test_nested_links_and_quotes_are_refused_before_the_stack_is() -> None:
    """By name, since a RecursionError would leave the article out."""
    for text in (
        "[" * 400 + "a" + "](b)" * 400,
        "> - " * 300 + "a",
        "\n".join(" " * 4 * n + "- a" for n in range(400)),
    ):
        with pytest.raises(Unrenderable) as refused:
            html(text)
        assert refused.value.reason == "too-deep"


def test_a_text_of_the_largest_size_is_rendered() -> None:
    """The guards are for bombs: 200 KB of prose with links, lists and notes goes through."""
    unit = "Un *paragraphe* de [quelques](https://a.example/x) mots\\. " * 8 + "\n\n- un\n- deux\n\n### Titre\n\n"
    text = unit * (200_000 // len(unit))
    found = html(text)
    assert found.count("<h3>") == 200_000 // len(unit)
    with pytest.raises(Unrenderable, match="too-long"):
        html("a" * 400_001)


def test_the_cost_grows_with_the_size() -> None:
    """Eight times the prose takes about eight times as long."""
    unit = "Un *paragraphe* de [quelques](https://a.example/x) mots.\n\n"

    assert growth.is_linear(lambda size: html(unit * size), 250)


@pytest.mark.corpus
@pytest.mark.skipif("MUR_CORPUS" not in os.environ, reason="MUR_CORPUS names no corpus")
def test_public_payloads_are_inert() -> None:
    """Raw, as if nothing stood before the renderer."""
    lines = [
        json.loads(line)
        for path in sorted((Path(os.environ["MUR_CORPUS"]) / "xss").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line
    ]
    assert lines
    assert {it["id"]: found for it in lines if (found := faults(html(it["payload"])))} == {}


def test_a_summary_is_read_whole_wherever_a_text_is_parted() -> None:
    """It is read in parts: one may end within a tag, a character reference or a word."""
    sentences = SafeHtml("<p>L’été &amp; l’hiver, au café.</p>" * 60)
    expected = summary(sentences)

    for letters in range(900, 1_010):
        assert expected == summary(SafeHtml(f"<h2>{'x' * letters}</h2>{sentences}"))
