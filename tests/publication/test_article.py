"""The text form of a draft and of an article."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import Refused
from ingest.model import Draft, Kind, Markdown
from ingest.publication.article import DRAFT_KEYS, KEYS, article, document, one_line, parse, split

SEPARATORS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]


def draft(**given):
    return Draft(
        **{
            "kind": Kind.ARTICLE,
            "title": "Bonjour",
            "byline": "",
            "tags": (),
            "lang": "fr",
            "body": "Texte.\n",
            **given,
        }
    )


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
@pytest.mark.parametrize("field", ["title", "byline", "tags", "extra"])
def test_a_value_cannot_begin_another_line(separator, field):
    """Front matter injection: whatever breaks a line in a value is a space, in every field."""
    hostile = f"Coucou{separator}Status: published{separator}Save_as: index.html{separator}{separator}corps"
    value = {"tags": (hostile,), "extra": {"Organiser": hostile}}.get(field, hostile)

    head, body = split(document(draft(**{field: value})))

    assert head.keys() <= DRAFT_KEYS
    assert "Status" not in head
    assert body == "Texte.\n"


@given(st.text(), st.text(), st.lists(st.text(), max_size=4), st.text())
def test_what_is_written_is_read_back(title, byline, tags, extra):
    """For any text: the same values, cleaned to one line each, and a second pass changes nothing."""
    first = parse(document(draft(title=title, byline=byline, tags=tuple(tags), extra={"Organiser": extra})))

    assert one_line(title) == first.title
    assert one_line(byline) == first.byline
    assert first == parse(document(first))


@given(st.text(alphabet=st.characters(codec="utf-8")).map(lambda text: text.replace("\r", "")))
def test_a_body_may_begin_like_front_matter(body):
    """After the first blank line nothing is a key."""
    kept = parse(document(draft(body=Markdown("Status: published\nSave_as: x\n\n" + body)))).body

    assert kept.startswith("Status: published\nSave_as: x\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Title: a\nSave_as: index.html\n\nx", "ligne 2 : clé inconnue « Save_as »"),
        ("Title: a\n_content: x\n\nx", "ligne 2"),
        ("Title: a\nTitle: b\n\nx", "ligne 2 : la clé « Title » y est deux fois"),
        ("Title: a\nStatus: published\n\nx", "ligne 2 : clé inconnue « Status »"),
        ("Title: a\nKind: bot\n\nx", "ligne 2 : Kind"),
        ("Title: a\nNot_before: hier\n\nx", "ligne 2 : Not_before"),
        ("Title: a\nNot_before: 2022-06-08\n\nx", "ligne 2 : Not_before"),
        ("Bonjour,\n\nx", "ligne 1"),
    ],
)
def test_a_moderators_mistake_is_named_with_its_line(text, words):
    """Nothing is guessed, nothing is kept silently."""
    with pytest.raises(Refused, match=words):
        parse(text)


def test_an_article_says_that_it_is_published_and_when():
    """What publishing adds stands in the closed set; what a draft alone says is gone."""
    at = datetime(2022, 6, 8, 7, 12, tzinfo=UTC)

    head, body = split(article(draft(title="", not_before=at), date=at, slug="bonjour", number="mur-1", title=""))

    assert head.keys() <= KEYS
    assert head["Status"][1] == "published"
    assert head["Title"][1] == "Sans titre"
    assert head["Date"][1] == "2022-06-08T07:12:00+00:00"
    assert "Not_before" not in head
    assert body == "Texte.\n"
