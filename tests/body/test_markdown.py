"""Blocks written as Markdown mean exactly themselves, whatever characters a person typed."""

import re

import markdown
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.body import text as plain_text
from ingest.body.blocks import (
    Break,
    Code,
    Emphasis,
    Heading,
    Link,
    List,
    Marked,
    Paragraph,
    Picture,
    Preformatted,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
)
from ingest.body.html import read_html
from ingest.body.markdown import escape, write

EXTENSIONS = ["tables", "footnotes", "sane_lists"]
TAG = re.compile(r"<(/?)(\w+)[^>]*>")
INLINE = {"p", "br", "strong", "em", "a", "img", "code"}
BLOCK = INLINE | {"ul", "ol", "li", "blockquote", "pre", "hr", "table", "thead", "tbody", "tr", "th", "td"}
BLOCK |= {f"h{level}" for level in range(2, 7)}

TYPED = [
    *[
        "- ",
        "1. ",
        "# ",
        "> ",
        "---",
        "===",
        "***",
        "| a | b |",
        "| --- |",
        "|---|",
        "[^1]",
        "[^1]: x",
        "[a]: http://x",
    ],
    *["[a]", "[x](y)", "![x](y)", "https://example.org/a_b*c", "http://example.org/(b)", "<https://example.org>"],
    *["&amp;", "&#60;", "<b>", "{: x}", "{static}", "`", "``", "**", "*", "_", "__", "~~~", "\\", "a", "é", " ", "  "],
    *[
        "    ",
        "*[H]:",
        "[TOC]",
        "!",
        "<3",
        "< ",
        "a_b",
        "</div>",
        "<!--",
        "1986.",
        "www.example.org",
        "<a@example.org>",
    ],
    *["militant·e·s", "tou.te.s", "« oui »", "12,50 €", ":", "=", "+ ", "javascript:x", "\n", "\t"],
]
LETTERS = st.text(
    alphabet=st.one_of(
        st.sampled_from("\\`*_{}[]()#+-.!><&|:=~\"'^$%@/ «»é0123abAB;xlt"),
        st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs", "Cf")),
    ),
    max_size=12,
)
TEXTS = st.lists(st.one_of(st.sampled_from(TYPED), LETTERS), max_size=6).map("".join)
HREFS = st.sampled_from(
    ["https://example.org/a_b(c)?x=1&y=2", "https://example.org/", "http://example.org/*x*_y_", "mailto:a@example.org"]
)
LEAVES = st.one_of(
    TEXTS.map(Text),
    TEXTS.map(Text),
    st.just(Break()),
    TEXTS.map(Code),
    st.builds(Picture, st.sampled_from(["cid:a@b", "cid:i_m*g(1)"]), TEXTS),
)


def _few(strategy, most=3):
    return st.lists(strategy, max_size=most).map(tuple)


INLINES = _few(
    st.recursive(
        LEAVES,
        lambda inner: st.one_of(
            st.builds(Strong, _few(inner)), st.builds(Emphasis, _few(inner)), st.builds(Link, HREFS, _few(inner))
        ),
        max_leaves=8,
    ),
    most=5,
)
BLOCKS = _few(
    st.recursive(
        st.one_of(
            st.builds(Paragraph, INLINES),
            st.builds(Heading, st.integers(1, 7), INLINES),
            st.builds(
                Preformatted,
                st.lists(st.one_of(TEXTS, st.sampled_from(["\n", "\n\n", "   "])), max_size=4).map("".join),
            ),
            st.just(Rule()),
            st.builds(Table, _few(_few(INLINES))),
        ),
        lambda inner: st.one_of(
            st.builds(Quote, _few(inner)),
            st.builds(List, _few(_few(inner)), st.sampled_from([None, 1, 3])),
            st.builds(Marked, st.just("quote"), _few(inner)),
        ),
        max_leaves=8,
    ),
    most=4,
)
THOROUGH = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


def page(source, *, raw_html=False):
    """The HTML of Markdown; with `raw_html`, as Python-Markdown does it unless told otherwise."""
    parser = markdown.Markdown(extensions=EXTENSIONS)
    if not raw_html:
        parser.preprocessors.deregister("html_block")
        parser.inlinePatterns.deregister("html")
    return parser.convert(source)


def seen(html):
    """The characters of a page, without blanks."""
    bare = TAG.sub("", html)
    for entity, character in {"&lt;": "<", "&gt;": ">", "&quot;": '"'}.items():
        bare = bare.replace(entity, character)
    bare = re.sub(r"&#(\d+);", lambda found: chr(int(found[1])), bare)
    return "".join(bare.replace("&amp;", "&").split())


def tags(html):
    return {found[2] for found in TAG.finditer(html)}


@given(TEXTS)
@THOROUGH
def test_any_line_of_text_survives(text):
    """Text as Markdown as a page is the same text, and nothing but a paragraph."""
    for raw_html in (False, True):
        html = page(escape(text), raw_html=raw_html)

        assert seen(html) == "".join(plain_text.line((Text(text),)).split())
        assert tags(html) <= {"p"}


@given(INLINES)
@THOROUGH
def test_any_inlines_survive(inlines):
    """However emphasis, links, code and pictures nest or abut, the page shows their text and no other element."""
    html = page(write([Paragraph(inlines)]))

    assert seen(html) == "".join(plain_text.write([Paragraph(inlines)]).split())
    assert tags(html) <= INLINE


@given(BLOCKS)
@THOROUGH
def test_a_page_read_again_is_the_same_markdown(blocks):
    """Markdown -> page -> Markdown changes nothing, for any tree."""
    written = write(blocks)
    html = page(written)

    assert tags(html) <= BLOCK
    assert write(read_html(html, text_bytes=200_000).blocks) == written


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("militant·e·s, tou.te.s, un·e·s", "militant·e·s, tou.te.s, un·e·s"),
        ("« Oui », dit-elle : 12,50 € ; 3 x 4 = 12", "« Oui », dit-elle : 12,50 € ; 3 x 4 = 12"),
        ("2 * 3 et nom_de_fichier, [sic], [1]", "2 * 3 et nom_de_fichier, [sic], [1]"),
        ("C:\\dossier, R&D, a < b, je <3", "C:\\dossier, R&D, a < b, je <3"),
        ("<3@b.example>, <=a@b.example>", "&lt;3@b.example>, &lt;=a@b.example>"),
        ("1. Non", "1\\. Non"),
        ("1986. Une année", "1986\\. Une année"),
        ("- non", "\\- non"),
        ("-non", "-non"),
        ("#motdièse", "\\#motdièse"),
        ("-----", "\\-----"),
        ("=====", "&#61;===="),
        ("*étoiles*", "\\*étoiles\\*"),
        ("[a](b)", "\\[a](b)"),
        ("[a]: b", "\\[a]: b"),
        ("[^1]", "\\[^1]"),
        ("<b>", "&lt;b>"),
        ("&amp;", "&amp;amp;"),
        ("{static}x {: .y }", "\\{static}x \\{: .y }"),
        ("|---|---|", "&#124;---|---|"),
        ("a | b", "a | b"),
    ],
)
def test_only_what_would_mean_something_is_escaped(typed, written):
    """People read and edit this: a character that means nothing where it stands has no backslash."""
    assert escape(typed) == written


@pytest.mark.parametrize(
    ("blocks", "written"),
    [
        ([Heading(1, (Text("Un #"),))], "## Un \\#"),
        ([Paragraph((Text("un"), Break(), Text("- deux")))], "un  \n\\- deux"),
        ([Paragraph((Text("voir https://example.org/a_b."),))], "voir <https://example.org/a_b>."),
        ([Paragraph((Link("https://example.org/(a)", (Text("là"),)),))], "[là](<https://example.org/(a)>)"),
        ([Paragraph((Link("javascript:x", (Text("là"),)),))], "là"),
        ([Paragraph((Picture("https://example.org/p.gif", "photo"),))], "photo"),
        (
            [Paragraph((Picture("media:0123456789abcdef.jpg", "un [four]"),))],
            "![un \\[four\\]](media:0123456789abcdef.jpg)",
        ),
        (
            [Paragraph((Text("Oui !"), Link("https://example.org/", (Text("là"),))))],
            "Oui \\![là](https://example.org/)",
        ),
        ([Paragraph((Emphasis((Text("a"),)), Strong((Text("b"),))))], "_a_**b**"),
        ([Paragraph((Strong((Text(" a "),)), Text("b")))], "**a** b"),
        ([List(((Paragraph((Text("a"),)), List(((Paragraph((Text("b"),)),),), 1)),))], "- a\n    1. b"),
        ([List(((Preformatted("x\n  y"),),))], "- `x`  \n    `y`"),
        ([List(((Paragraph((Text("a"),)),),)), Preformatted("x")], "- a\n\n`x`"),
        ([Quote((Paragraph((Text("a"),)), Paragraph((Text("b"),))))], "> a\n>\n> b"),
        ([Table((((Text("a|b"),), (Text("c"),)), ((Code("d|e"),), ())))], "| a\\|b | c |\n| --- | --- |\n| d\\|e |  |"),
        ([Paragraph((Code("a`b"),))], "``a`b``"),
        ([], ""),
    ],
)
def test_each_block_has_one_shape(blocks, written):
    """The dialect of Python-Markdown, in the form that a person would type."""
    assert write(blocks) == written


def test_plain_text_has_no_marks():
    """The same tree as plain text: no escapes, no stars, links as their text."""
    blocks = [
        Heading(2, (Text("Un *titre*"),)),
        Paragraph(
            (Strong((Text("gras"),)), Text(" et "), Link("https://example.org/", (Text("lien"),)), Break(), Text("- x"))
        ),
        List(((Paragraph((Text("a"),)), List(((Paragraph((Text("b"),)),),))), (Paragraph((Text("c"),)),)), 3),
        Quote((Paragraph((Text("q"),)),)),
        Paragraph((Picture("cid:a", "rien"), Code("x_y"))),
    ]

    assert plain_text.write(blocks) == "Un *titre*\n\ngras et lien\n- x\n\n3. a\n   - b\n4. c\n\n> q\n\nx_y"


def test_depth_is_bounded():
    """A tree deeper than Python-Markdown can read is written less deep, with all of its text."""
    block = Paragraph((Text("fond"),))
    for _ in range(60):
        block = Quote((List(((block,),)),))

    html = page(write([block]))

    assert "fond" in html
    assert html.count("<blockquote>") + html.count("<ul>") <= 8
