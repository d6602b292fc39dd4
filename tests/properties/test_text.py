"""What somebody types comes through: text -> Markdown -> page -> text."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from plugins.rendering import plain_text
from tests.properties.page import drafted, mail, page, seen, words

MARKS = (
    *("*", "_", "`", "[", "]", "(", ")", "<", ">", "&", "#", "+", "-", ".", "!", "|", "~", "\\", "=", ":", "{", "}"),
    *("^", "$", "\n", "\n\n", " ", "  ", "\t", "    ", "1.", "2)", "- ", "> ", "## ", "---", "===", "| a | b |"),
    *("***", "&amp;", "&lt;b>", "<b>gras</b>", "[x](y)", "![x](y)", "[^1]", "[^1]: note"),
    *("https://example.org/a_b_(c)?d=e&f=g*", "*[abc]: d", "«\u00a0oui\u00a0»", "militant·e·s", "tou.te.s", "l’été"),
    *("3 < 4", "2 * 3 * 4", "snake_case_name", "C:\\rep\\fic", "12,50 €", "5. rue", "n°7", "é", "Œ", "mot"),
    *("deux mots", "Une phrase.", "oui ?", "non !", "…", "—", "–", "👩‍🌾", "‑", "\u2028", "a\u0301", "::", "//", "@"),
    *("#mot", "%"),
)  # fmt: skip
LETTERS = "abcdeéèêfghiïjklmnoôpqrstuùvwxyzçœ"
WORDS = st.text(LETTERS, min_size=1, max_size=9)
SENTENCES = st.builds(
    lambda words, end: " ".join(words).capitalize() + end,
    st.lists(WORDS, min_size=3, max_size=12),
    st.sampled_from([".", " !", " ?", "…"]),
)
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join)
PROSE = st.lists(PARAGRAPHS, min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200) | st.lists(st.sampled_from(MARKS), max_size=40).map("".join))
@example("Le 8 juin 2022, Marcel a écrit :\n> bonjour")
@example("a\n--\nb")
@example("Titre : x\n\ny")
def test_every_word_stands_on_the_page_or_in_what_was_removed(body: str) -> None:
    """Whatever the characters between the words mean elsewhere."""
    found = drafted(mail(body))
    if found is None:
        assert words(body) == set()
        return
    told = words(seen(page(found))) | words(" ".join(piece.text for piece in found.removed))
    beside = words(" ".join((found.draft.title, found.draft.byline, *found.draft.tags)))
    assert words(body) - told - beside == set()


@settings(max_examples=80, deadline=None)
@given(PROSE)
def test_prose_comes_through_to_the_letter(paragraphs: list[str]) -> None:
    """Paragraphs of sentences: the very same ones on the page, and nothing removed."""
    found = drafted(mail("\n\n".join(paragraphs) + "\n"))
    assert found is not None
    assert plain_text(page(found)).split("\n") == paragraphs
    assert found.text.split("\n\n") == paragraphs
    assert found.removed == ()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(MARKS), min_size=1, max_size=30).map("".join))
def test_what_a_text_says_is_never_markup(body: str) -> None:
    """No link but to an address that was typed, no picture, no code, no emphasis, no table, no heading, no note."""
    found = drafted(mail(body))
    html = page(found) if found else ""
    for tag in ("<img", "<code", "<pre", "<em", "<strong", "<table", "<h2", "<h3", "<sup", "<audio"):
        assert tag not in html
    assert html.count("<a ") <= body.count("https://example.org/")
