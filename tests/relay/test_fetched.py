"""A thread as its server gives it: whose chain it is, what it becomes, and whatever else a server may answer."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import MurError, Refused
from ingest.model import Draft, Kind, Markdown, Why
from ingest.relay.fetched import Answer, Fetched, Into, read_thread
from ingest.relay.statuses import chain, place
from tests.relay import shapes
from tests.relay.statuses import GARE, HOST, OTHERS, THREAD, status

EMPTY = Draft(kind=Kind.ARTICLE, title="À lire", byline="", tags=(), lang="fr", body=Markdown("Voyez ce fil !\n"))
NOW = datetime(2022, 9, 14, 9, tzinfo=shapes.PARIS)


def read(number: int = 1, draft: Draft = EMPTY, *, cut: tuple[str, ...] = ()) -> Fetched:
    """The thread as asked for by one of its posts."""
    context = {"ancestors": list(THREAD[: number - 1]), "descendants": [*OTHERS, *THREAD[number:]]}
    answer = Answer(asked=THREAD[number - 1]["url"], host=HOST, status=THREAD[number - 1], context=context)
    return read_thread(answer, Into(draft=draft, cut=cut, zone=shapes.PARIS, now=NOW))


@pytest.mark.parametrize(
    ("address", "id_"),
    [
        ("https://social.example.net/@yeux/109000000000000001", "109000000000000001"),
        ("https://social.example.net/@yeux@autre.example.org/109000000000000001", "109000000000000001"),
        ("https://social.example.net/users/yeux/statuses/109000000000000001", "109000000000000001"),
        ("https://Social.example.net/web/statuses/109000000000000001?a=b#c", "109000000000000001"),
        ("https://social.example.net/notice/AbC-d1", "AbC-d1"),
        ("https://social.example.net/@yeux/statuses/01GQ8V4JZ5Z5Z5Z5Z5Z5Z5Z5Z5", "01GQ8V4JZ5Z5Z5Z5Z5Z5Z5Z5Z5"),
    ],
)
def test_a_post_is_asked_for_by_its_address(address, id_):
    """In the shapes that people pass on."""
    found = place(address)

    assert ("social.example.net", id_) == (found.host, found.id)
    assert f"/api/v1/statuses/{id_}/context" == found.context


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://social.example.net/",
        "https://social.example.net/@yeux",
        "https://social.example.net:8443/@yeux/109000000000000001",
        "https://zoe@social.example.net/@yeux/109000000000000001",
        "https://social.example.net/@yeux/109000000000000001/../../admin",
        "https://[::1]/@yeux/109000000000000001",
        "ftp://social.example.net/@yeux/109000000000000001",
        "https://social.example.net/@yeux/1090000\r\nHost: other",
        "https://social.example.net/@yeux/" + "9" * 999,
    ],
)
def test_another_address_is_no_post(address):
    """No port, no name before it, no way out of the path."""
    assert place(address) is None


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_chain_is_one_account_s_from_whichever_post_it_was_asked_for(number):
    """Nobody else's answer, and not what was written below one."""
    context = {"ancestors": list(THREAD[: number - 1]), "descendants": [*OTHERS, *reversed(THREAD[number:])]}
    found = chain(THREAD[number - 1], context, host=HOST)

    assert [one["id"] for one in THREAD] == [one.id for one in found]


def test_it_ends_where_somebody_else_speaks():
    """A post that answers another account's stands at the beginning of its own chain."""
    other = status(1, "<p>Question ?</p>", by="8")
    mine = status(2, "<p>Réponse.</p>", answers=1)
    found = chain(mine, {"ancestors": [status(0, "<p>Avant.</p>"), other], "descendants": []}, host=HOST)

    assert [mine["id"]] == [one.id for one in found]


def test_it_becomes_what_a_pasted_thread_becomes():
    """News of a campaign: text, whole links and proposals; what stood there stays before it, what is private is not."""
    found = read()

    assert (3, 3, Kind.UPDATE) == (found.posts, found.new, found.draft.kind)
    assert {} == found.draft.extra
    assert found.draft.body.startswith("Voyez ce fil !\n\nPlus que 3 jours")
    assert f"<{GARE}>" in found.draft.body
    assert "999" not in found.draft.body
    assert "zoe@example.org" not in found.draft.body
    assert "[adresse masquée]" in found.draft.body
    told = {one.key: one.value for one in reversed(found.proposals)}
    wanted = {
        "Source": THREAD[0]["url"],
        "Posted": "2022-09-12",
        "Source_read": "2022-09-14",
        "Count": "4512",
        "Count_qualifier": "at-least",
        "Count_date": "2022-09-12",
        "Deadline": "2022-09-15",
        "Sign_url": "https://yeux-ouverts.example.net/signer",
    }
    assert wanted.items() <= told.items()
    assert all(f"fetched: {HOST}" in one.notes for one in found.proposals)
    assert not any("date-supposed" in one.notes for one in found.proposals)


def test_what_was_not_asked_for_is_said():
    """Pictures stay where they are; what is masked can be put back."""
    removed = [(piece.why, piece.text) for piece in read().removed]

    assert (Why.REMOTE_IMAGE, "Le parvis, vu d’en haut") in removed
    assert (Why.REMOTE_IMAGE, "image sans description") in removed
    assert (Why.ADDRESS, "zoe@example.org") in removed


def test_read_twice_it_is_not_there_twice():
    """And what was added since is added."""
    once = read(draft=EMPTY)
    twice = read(number=3, draft=once.draft)
    body = once.draft.body.partition("Nous sommes")[0]
    rest = read(draft=replace(once.draft, body=Markdown(body)))

    assert (once.draft, 0) == (twice.draft, twice.new)
    assert (2, once.draft.body) == (rest.new, rest.draft.body)


def test_a_link_that_was_cut_in_the_mail_is_whole_again():
    """From what the server says, and from nothing else."""
    beginning = GARE.removeprefix("https://")[:30]
    pasted = replace(
        EMPTY, body=Markdown(f"Les images : {beginning}… (lien coupé dans le message reçu)\n"), kind=Kind.UPDATE
    )
    found = read(draft=pasted, cut=(beginning, "other.example.org/2022/09/07/a"))

    assert f"Les images : <{GARE}>\n" in found.draft.body
    assert "lien coupé" not in found.draft.body


def test_a_content_warning_and_a_poll_are_said():
    """As the account itself said it."""
    post = status(
        1, "<p>Des coups.</p>", spoiler_text="violences", poll={"options": [{"title": "oui"}, {"title": "non"}]}
    )
    answer = Answer(asked=post["url"], host=HOST, status=post, context={})
    found = read_thread(answer, Into(draft=EMPTY, cut=(), zone=shapes.PARIS, now=NOW))

    assert "*Avertissement de qui l’a écrit\u202f: violences*" in found.draft.body
    assert ["sondage\u202f: oui, non"] == [piece.text for piece in found.removed]
    assert Kind.ARTICLE is found.draft.kind


@pytest.mark.parametrize(
    "changed",
    [
        {"visibility": "private"},
        {"visibility": "direct"},
        {"reblog": {"id": "1"}},
        {"content": None},
        {"account": None},
        {"created_at": "hier"},
        {"created_at": "2022-09-12T18:00:00"},
        {"id": None},
        {"content": "a" * 50_000},
    ],
)
def test_what_is_no_public_post_of_theirs_is_refused(changed):
    """With a line that says so."""
    with pytest.raises(Refused):
        chain({**THREAD[0], **changed}, {}, host=HOST)


def test_an_address_of_another_server_is_not_taken_for_theirs():
    """What a server says of where its post lies may be a lie."""
    post = {**THREAD[0], "url": "https://elsewhere.example.org/@yeux/1"}

    assert [""] == [one.url for one in chain(post, {}, host=HOST)]


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(sorted(THREAD[0])) | st.text(max_size=5), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=25, deadline=None)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(THREAD[0], _JSON)), _JSON)
def test_whatever_json_a_server_sends_is_a_thread_or_one_clear_line(changed, context):
    """Never anything else."""
    answer = Answer(asked="https://a.example/1", host=HOST, status={**THREAD[0], **changed}, context=context)
    with suppress(MurError):
        found = read_thread(answer, Into(draft=EMPTY, cut=(), zone=shapes.PARIS, now=NOW))
        assert found.posts >= 1
        assert found.draft.body.encode("utf-8")
