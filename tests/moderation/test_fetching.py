"""A thread read on a moderator's word: what comes into the draft, what is noted, what is refused."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest
from click.testing import CliRunner

from ingest.cli import group
from ingest.cli.campaigning import lines
from ingest.conversion import here
from ingest.errors import Refused, Unavailable
from ingest.model import Kind
from ingest.moderation import edit, keep
from ingest.moderation.campaigns import campaign
from ingest.moderation.fetching import Reader, came_words, fetch_thread
from ingest.moderation.permalinks import permalink
from ingest.settings import Relaying
from ingest.states import Action
from ingest.store import Store
from ingest.worker import Worker
from tests.fetching.conftest import certificates, running  # noqa: F401 - fixtures
from tests.fetching.server import HOST, reach
from tests.moderation.test_campaigns import ON_THE_DAY, RELAY
from tests.relay import shapes
from tests.relay.statuses import THREAD, answers
from tests.store import walls
from tests.store.walls import NOW, decided, held

BARE = shapes.draft(shapes.plain(f"Voyez, c'est important :\n\n{THREAD[0]['url']}", "à lire", ON_THE_DAY))
BY = {"by": "zoe", "channel": "cli", "at": ON_THE_DAY}


@pytest.fixture
def settings(tmp_path):
    """A wall on which threads may be read."""
    return replace(walls.wall(tmp_path), relay=Relaying(fetch=True))


@pytest.fixture
def reader(running, certificates):  # noqa: F811
    """It reaches a server on this machine, and reads in this process."""
    strange, port = running
    strange.documents.update(answers())
    return Reader(run=here, reach=reach(certificates, port))


@pytest.fixture
def mail(store):
    """A mail that holds hardly more than the address of a post."""
    return held(store, b"Subject: fil\r\n\r\n", BARE)


def test_it_is_off_unless_the_wall_says_otherwise(tmp_path, reader, running):  # noqa: F811
    """Then there is nothing to press, and whoever asks all the same is told which key it is."""
    with Store.open(walls.wall(tmp_path)) as store:
        row = held(store, b"Subject: fil\r\n\r\n", BARE)
        before = len(running[0].asked)
        with pytest.raises(Refused, match=r"\[relay\] fetch"):
            fetch_thread(store, row.id, seen=row.digest, reader=reader, **BY)

        assert "" == permalink(store, row)
    assert before == len(running[0].asked)


def test_a_thread_comes_into_the_draft_as_a_pasted_one_would(store, reader, mail):
    """With a line in the journal; nothing of it is taken into front matter, and the same campaign is found."""
    relay = held(store)
    relay = edit(store, relay.id, RELAY, seen=relay.digest, by="zoe", channel="cli", at=NOW)
    relay = decided(store, relay, Action.ACCEPT, digest=relay.digest)
    assert THREAD[0]["url"] == permalink(store, mail)

    came = fetch_thread(store, mail.id, seen=mail.digest, reader=reader, **BY)
    draft = store.draft(mail.id)

    assert (3, 3, came.row.digest) == (came.posts, came.new, store.find(mail.id).digest)
    assert (Kind.UPDATE, {}) == (draft.kind, dict(draft.extra))
    assert draft.body.startswith("Voyez, c'est important")
    line = store.journal(mail.id)[-1]
    assert ("fetch", "zoe", THREAD[0]["url"]) == (line.what, line.by, line.note)
    told = campaign(store, came.row, now=ON_THE_DAY)
    assert [(relay.public, True)] == [(it.key, it.certain) for it in told.belongs]
    assert "lu sur le serveur (social.example.net)" in told.found[0].notes
    assert any("4\u202f512" in it.after for it in told.changes)
    assert told.supposed


def test_whoever_looks_in_a_terminal_is_told_how(store, mail):
    """Only where it is on."""
    assert f"« mur fetch-thread {mail.id[:8]} »" in "\n".join(lines(store, mail))


def test_what_was_masked_can_be_put_back(store, reader, mail):
    """By its number, after the pieces that were there before."""
    before = len(store.removed(mail.id))
    row = fetch_thread(store, mail.id, seen=mail.digest, reader=reader, **BY).row
    pieces = store.removed(mail.id)
    number = next(n for n, piece in enumerate(pieces, start=1) if piece.text == "zoe@example.org")
    keep(store, mail.id, number, **BY)

    assert (len(pieces), len(pieces)) == (row.removed, store.facts(mail.id).removed)
    assert number > before
    assert "zoe@example.org" in store.document(mail.id).replace("\\", "")


def test_read_again_it_says_that_it_was_there(store, reader, mail):
    """A second look changes nothing, and stands in the journal: a server was asked."""
    row = fetch_thread(store, mail.id, seen=mail.digest, reader=reader, **BY).row
    again = fetch_thread(store, mail.id, seen=row.digest, reader=reader, **BY)

    assert (row.digest, 0) == (again.row.digest, again.new)
    assert "3 messages lus\u202f: le brouillon les avait déjà." == came_words(again)
    assert ["hold", "fetch", "fetch"] == [line.what for line in store.journal(mail.id)]
    keys = [(one.key, one.value) for one in store.facts(mail.id).proposals]
    assert sorted(set(keys)) == sorted(keys)


def test_a_text_that_changed_in_between_is_not_overwritten(store, reader, mail):
    """The word is bound to the text that was seen, and nothing is proposed for another one."""
    proposals = store.facts(mail.id).proposals
    edit(store, mail.id, store.document(mail.id).replace("Voyez", "Lisez"), seen=mail.digest, **BY)
    with pytest.raises(Refused, match="changé"):
        fetch_thread(store, mail.id, seen=mail.digest, reader=reader, **BY)

    assert proposals == store.facts(mail.id).proposals


@pytest.mark.parametrize(("path", "error"), [("/code-404", Refused), ("/code-503", Unavailable), ("/huge", Refused)])
def test_a_server_that_says_no_changes_nothing(store, reader, mail, running, path, error):  # noqa: F811
    """One line for the moderator; the draft and what was proposed stay."""
    strange, _port = running
    asked = next(iter(answers()))
    before = (store.rows(), store.journal(), store.facts(mail.id))
    strange.behaviours[asked] = strange.behaviours[path]
    try:
        with pytest.raises(error, match=HOST):
            fetch_thread(store, mail.id, seen=mail.digest, reader=reader, **BY)
    finally:
        del strange.behaviours[asked]

    assert before == (store.rows(), store.journal(), store.facts(mail.id))


def test_a_text_without_such_an_address_has_none(store, reader):
    """And what is decided for good is not read any more."""
    row = held(store)
    with pytest.raises(Refused, match="aucun message"):
        fetch_thread(store, row.id, seen=row.digest, reader=reader, **BY)

    bare = held(store, b"Subject: fil\r\n\r\n", BARE)
    gone = decided(store, bare, Action.DISCARD)
    assert "" == permalink(store, gone)


def test_what_came_is_read_in_the_child_that_reads_mails(store, reader, mail):
    """It is as untrusted as they are."""
    with contextlib.closing(Worker(memory_bytes=512 * 1024 * 1024)) as child:
        came = fetch_thread(store, mail.id, seen=mail.digest, reader=replace(reader, run=child.run), **BY)

    assert 3 == came.new


def test_the_command_asks_the_open_internet_only(tmp_path):
    """A mail that names this very machine: nothing is asked, and one line says why."""
    config = tmp_path / "mur.toml"
    config.write_text('[relay]\nfetch = true\n[paths]\ncontent = "content"\nstate = "var"\noutput = "output"\n')
    wall = replace(walls.wall(tmp_path), relay=Relaying(fetch=True))
    address = "https://localhost/@yeux/109000000000000001"
    mail = shapes.draft(shapes.plain(f"Voyez :\n\n{address}", "à lire", ON_THE_DAY))
    with Store.open(wall) as store:
        row = held(store, b"Subject: fil\r\n\r\n", mail)
        row = edit(store, row.id, store.document(row.id) + f"\n<{address}>\n", seen=row.digest, **BY)
    done = CliRunner().invoke(group, ["--config", str(config), "fetch-thread", row.id])

    assert isinstance(done.exception, Refused)
    assert "localhost : cette adresse n’est pas ouverte à tous, rien n’y est lu" == str(done.exception)
