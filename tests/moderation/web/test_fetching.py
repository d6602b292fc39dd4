"""« Lire le fil », on the page of a contribution."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ingest.model import Kind
from ingest.moderation.web.application import close, create_app
from ingest.settings import Relaying
from ingest.store import Store
from tests.fetching.conftest import certificates, running  # noqa: F401 - fixtures
from tests.fetching.server import reach
from tests.moderation.test_fetching import BARE
from tests.moderation.web.conftest import MODERATORS, logged_in
from tests.relay.statuses import THREAD, answers
from tests.store.walls import held


@pytest.fixture
def settings(settings):
    """A wall on which threads may be read."""
    return replace(settings, relay=Relaying(fetch=True))


@pytest.fixture
def app(settings, store, clock, running, certificates):  # noqa: F811
    """The pages, that reach a server on this machine."""
    strange, port = running
    strange.documents.update(answers())
    made = create_app(settings, store, clock=clock, reach=reach(certificates, port))
    yield made
    close(made)


def test_one_button_reads_the_thread(zoe, store):
    """Where the text names a post; afterwards the page has its text and what it tells."""
    row = held(store, b"Subject: fil\r\n\r\n", BARE)
    page = f"/contribution/{row.id}"
    before = zoe.get(page).text
    done = zoe.post(f"{page}/lire-le-fil", {"digest": row.digest})
    after = zoe.get(page).text
    again = zoe.post(f"{page}/lire-le-fil", {"digest": row.digest})

    assert "Lire le fil" in before
    assert (303, 409) == (done.status_code, again.status_code)
    assert Kind.UPDATE is store.draft(row.id).kind
    assert "3 messages lus, 3 pris dans le brouillon" in after
    assert "fil lu sur son serveur" in after
    assert "lu sur le serveur (social.example.net)" in after


def test_no_link_reads_it_and_nobody_else_s_form(zoe, client, store, running):  # noqa: F811
    """A GET changes and asks nothing; without the key of a form, or a login, neither does a POST."""
    row = held(store, b"Subject: fil\r\n\r\n", BARE)
    page = f"/contribution/{row.id}/lire-le-fil"
    before = len(running[0].asked)

    assert zoe.get(page).status_code == 405
    assert zoe.client.post(page, data={"digest": row.digest}).status_code in {400, 403}
    assert client.post(page, {"digest": row.digest}).status_code == 401
    assert (before, row.digest) == (len(running[0].asked), store.find(row.id).digest)


def test_a_wall_that_reads_none_has_no_button(settings, store, clock):
    """And what would press it all the same is refused."""
    row = held(store, b"Subject: fil\r\n\r\n", BARE)
    with Store.open(replace(settings, relay=Relaying())) as quiet:
        made = create_app(quiet.settings, quiet, clock=clock)
        zoe = logged_in(made, quiet, clock, MODERATORS[0])
        page = zoe.get(f"/contribution/{row.id}").text
        done = zoe.post(f"/contribution/{row.id}/lire-le-fil", {"digest": row.digest})
        close(made)

    assert THREAD[0]["url"].rpartition("/")[2] in page
    assert "Lire le fil" not in page
    assert done.status_code == 409
