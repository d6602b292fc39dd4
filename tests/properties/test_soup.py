"""Whatever HTML a mail holds, its page holds what the list allows, and stays what it is."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.body import markdown
from ingest.body.html import read_html
from ingest.model import UntrustedHtml, Why
from tests.plugins.dom import faults
from tests.properties.page import again, drafted, mail, page, rendered

TOKENS = (
    *("<p>", "</p>", "<div>", "</div>", "<br>", "<hr>", "<b>", "</b>", "<i>", "</i>", "<em>", "</em>", "<u>", "<s>"),
    *("<sup>", "<ul>", "</ul>", "<ol start=7>", "</ol>", "<li>", "</li>", "<h1>", "</h1>", "<h3>", "</h3>", "<pre>"),
    *("</pre>", "<code>", "</code>", "<table>", "</table>", "<tr>", "<td>", "<td colspan=2>", "<th>", "<blockquote>"),
    *("</blockquote>", "<blockquote type=cite>", "<a href=https://example.org/>"),
    *("<a href='https://example.org/(a)[b]<c>'>", "</a>", "<a href=mailto:a@example.org>", "<a name=x>"),
    *("<a href=javascript:alert(1)>", "<a href='java\tscript:alert(1)'>", "<a href='&#106;avascript:alert(1)'>"),
    *("<a href=data:text/html,x>", "<a href='https://example.org/\" onclick=alert(1)'>", "<a href='//evil.example'>"),
    *("<a href='vbscript:x'>", "<a href='{static}/x'>", "<img src=x onerror=alert(1)>"),
    *("<img src=cid:a alt='](x) ![y](javascript:alert(1))'>", "<img src=https://evil.example/p.gif alt=a>"),
    *("<script>alert(1)</script>", "<style>*{display:none}</style>", "<svg onload=alert(1)>", "<math><mtext>"),
    *("<iframe src=//evil.example>", "<form action=https://evil.example>", "<input autofocus onfocus=alert(1)>"),
    *("<template>", "</template>", "<noscript>", "<title>", "<xmp>", "<!--", "-->", "<![CDATA[", "]]>", "<?x"),
    *("<!x>", "</", "<", ">", "&", "&lt;script&gt;", "&#60;img src=x onerror=alert(1)&#62;", "\0", "\x02"),
    *("<span style='display:none'>", "<span>", "</span>", "<font color=red>", "<div class=gmail_quote>", "<o:p>"),
    *("<p class=MsoListParagraph>", "[x](javascript:alert(1))", "![x](https://evil.example/p.gif)"),
    *("[a]: javascript:alert(1)", "[a]", "{: onclick=alert(1) }", "[^1]", "[^1]: x", "*", "_", "**", "`", "#", "- "),
    *("1. ", "> ", "|", "---", "===", "\\", "~", "!", "[", "](", ")", "    ", "\n", "\n\n", " ", "\u00a0", "\u202e"),
    *("mot", "deux mots", "Une phrase.", "l’été", "é", "a", "B", "7", "https://example.org/x_y", "a@example.org"),
    *("06 12 34 56 78", "\u200b", "👩‍🌾"),
)  # fmt: skip
MASKED = (Why.ADDRESS, Why.PHONE, Why.PLACE)
SOUP = st.lists(st.sampled_from(TOKENS), max_size=40).map("".join)


@settings(max_examples=250, deadline=None)
@given(SOUP)
@example("<<x>script>alert(1)<</x>/script>")
@example("&<script>lt;img src=x onerror=alert(1)&</script>gt;")
@example("<a href='https://example.org/) [b](javascript:alert(1)'>x</a>")
def test_a_page_holds_what_the_list_allows_and_cleaning_it_again_changes_nothing(soup: str) -> None:
    """As an independent parser reads it, which follows the HTML standard."""
    found = drafted(mail(soup, subtype="html"))
    html = page(found) if found else rendered("")
    assert faults(html) == []
    assert again(html) == html


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_a_page_read_again_is_the_same_draft(soup: str) -> None:
    """Markdown -> page -> Markdown: what a moderator sees, copied into a mail, comes out as it was."""
    found = drafted(mail(soup, subtype="html"))
    if found is None or any(piece.why in MASKED for piece in found.removed):  # a mask stands beside other spaces
        return
    read = read_html(UntrustedHtml(page(found)), text_bytes=200_000)
    assert markdown.write(read.blocks) == found.draft.body


@settings(max_examples=100, deadline=None)
@given(SOUP)
def test_soup_in_a_subject_is_text(soup: str) -> None:
    """A title is characters, one line of them, and never Markdown or HTML."""
    found = drafted(mail("Un mot.", subject=" ".join(soup.replace("\0", "").split())))
    assert found is not None
    assert "\n" not in found.draft.title
    assert not set(found.draft.title) & {"\0", "\x02", "\u202e"}
