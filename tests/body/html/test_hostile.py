"""Markup that was written to do harm: nothing of it acts, and nothing of it takes long."""

import contextlib
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.body.html import read_html
from ingest.body.markdown import write
from ingest.errors import BadMessage
from plugins.gate import TAGS
from plugins.rendering import render
from tests import growth

HERE = Path(__file__).parent
TOKENS = json.loads((HERE / "tokens.json").read_text(encoding="utf-8"))
STRINGS = json.loads((HERE / "strings.json").read_text(encoding="utf-8"))
ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)


class Alive(HTMLParser):
    """Elements, attributes and addresses that a page may not hold."""

    def __init__(self, markup):
        super().__init__(convert_charrefs=True)
        self.found = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.found.append(tag)
        for name, value in attrs:
            if name.startswith("on") or name == "style" or (name in {"href", "src"} and not ADDRESS.match(value or "")):
                self.found.append(f"{tag} {name}={value}")
            if name in {"href", "src"} and re.search(r"[{}|]", value or ""):
                self.found.append(f"{tag} {name}={value}")

    def handle_comment(self, data):
        self.found.append(f"<!--{data}")


def page(markup):
    return render(write(read_html(markup, text_bytes=200_000).blocks), known=lambda _name: False)


@pytest.mark.parametrize("string", STRINGS)
@pytest.mark.parametrize("wrap", ["{}", "<p>{}</p>", "<div>a<br>{}</div>", "<pre>{}</pre>", "<ul><li>{}</ul>"])
def test_strings_that_once_succeeded_are_inert(string, wrap):
    """As markup and as text that looks like markup or Markdown, in every place: nothing on the page acts."""
    escaped = string.replace("&", "&amp;").replace("<", "&lt;")

    assert Alive(page(wrap.replace("{}", string))).found == []
    assert Alive(page(wrap.replace("{}", escaped))).found == []


@given(st.lists(st.sampled_from(TOKENS), min_size=1, max_size=30).map("".join))
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_soup_of_markup_gives_a_safe_page(soup):
    """Whatever markup is thrown together, only the tags and schemes of the list come out."""
    assert Alive(page(soup)).found == []


@given(st.text(max_size=300))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_as_html(text):
    """Any characters are blocks, or a mail that is refused by name."""
    assert isinstance(write(read_html(text, text_bytes=10_000).blocks), str)


def test_our_own_marks_cannot_be_forged():
    """A mail that writes our attribute gets no mark by it."""
    blocks = read_html('<div data-mur="m:quote">a</div><br data-mur="p"><blockquote data-mur="q:x">b</blockquote>',
                       text_bytes=1_000).blocks  # fmt: skip

    assert [type(block).__name__ for block in blocks] == ["Paragraph", "Quote"]
    assert blocks[1].marker == ""


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<div>" * 2_000 + "x", "too-deep"),
        ("<i>x</i>" * 35_000, "too-long"),
        ("mot " * 30_000, "too-long"),
        ("<p>x</p>" * 20_000, "too-long"),
        ("<p title='" + "x" * 600_000 + "'>", "too-long"),
    ],
)
def test_too_much_is_refused_by_name(markup, reason):
    """Markup beyond every mail is refused before it costs anything."""
    with pytest.raises(BadMessage) as refusal:
        read_html(markup, text_bytes=100_000)

    assert refusal.value.reason == reason


BOMBS = {
    "div": "<div>",
    "quote": "<blockquote>",
    "list": "<ul><li>",
    "table": "<table><tr><td>",
    "rule of Word": '<div style="border-top:solid #E1E1E1 1.0pt">',
    "gmail": "<div class=gmail_quote>",
    "exponents": "<sup>",
    "unclosed": "<a",
    "links": '<a href="https://example.org/?utm_source=1">x',
    "comments": "<!--",
    "cdata": "<![CDATA[",
    "styles": "<style>",
    "end tags": "</a ",
    "misnested": "<b><p>",
    "lines": "<br>",
    "hidden": '<p style="display:none">x</p>y',
    "items": "<li>x",
    "brackets": "[",
    "escaped": "\\*",
    "stars": "*a",
    "low lines": "_a",
    "pictures": "![",
    "ticks": "`a",
    "references": "&amp;",
    "addresses": "https://example.org/a ",
    "closing": "https://example.org/)",
    "blanks": "&nbsp; ",
}


def run(markup):
    with contextlib.suppress(BadMessage):
        write(read_html(markup, text_bytes=200_000).blocks)


@pytest.mark.parametrize("piece", BOMBS.values(), ids=BOMBS)
def test_nothing_takes_more_than_it_is_long(piece):
    """Eight times as much of anything takes about eight times as long, or is refused."""
    count = min(60_000 // len(piece), 18_000)

    assert growth.is_linear(lambda size: run(piece * size), count // growth.TIMES)


def test_many_attributes_cost_little():
    """One element with ten thousand attributes is one element."""
    attributes = [f"a{number}=1" for number in range(10_000)]

    assert growth.is_linear(lambda size: run(f"<p {' '.join(attributes[:size])}>x"), 1_250)


@pytest.mark.corpus
def test_public_payloads_are_inert():
    """Every payload of the corpus gives a page on which nothing acts."""
    corpus = os.environ.get("MUR_CORPUS")
    if not corpus:
        pytest.skip("MUR_CORPUS names no corpus")
    rows = (Path(corpus) / "xss" / "html.jsonl").read_text(encoding="utf-8").strip().split("\n")

    alive = {row["id"]: found for row in map(json.loads, rows) if (found := Alive(page(row["payload"])).found)}

    assert alive == {}
