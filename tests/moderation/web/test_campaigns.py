"""What a contribution says of campaigns, on its page: before and after, reasons, one tap."""

from __future__ import annotations

import json

import pytest

from ingest.model import Kind
from ingest.moderation import edit
from ingest.states import Action
from tests.moderation.test_campaigns import ON_THE_DAY, RELAY, THREAD
from tests.relay import shapes
from tests.store.walls import NOW, decided, held
from tests.theme.test_seen import RUN, TAGS


@pytest.fixture
def thread(store):
    """News, copied from a page, of a campaign that stands accepted."""
    row = held(store)
    row = edit(store, row.id, RELAY, seen=row.digest, by="zoe", channel="cli", at=NOW)
    decided(store, row, Action.ACCEPT, digest=row.digest)
    return held(store, b"Subject: fil\r\n\r\n", shapes.draft(shapes.plain(THREAD, "des nouvelles", ON_THE_DAY)))


def test_a_tap_takes_what_is_proposed(zoe, store, thread):
    """The page says why, and afterwards that it is in the draft; another text in between is not run over."""
    page = f"/contribution/{thread.id}"
    before = zoe.get(page).text
    form = {"digest": thread.digest, "wanted": "Update_of=mur-1"}
    done = zoe.post(f"{page}/adopter", form)
    again = zoe.post(f"{page}/adopter", {**form, "wanted": "Count=4512"})

    assert "Peut-être la suite de « Plainte collective contre les caméras de la gare » (mur-1)" in before
    assert "même adresse pour signer" in before
    assert ("Avant" in before, "4\u202f512" in before, "lien coupé" in before) == (True, True, True)
    assert (303, 409) == (done.status_code, again.status_code)
    assert (Kind.UPDATE, "mur-1") == (store.draft(thread.id).kind, store.draft(thread.id).extra["Update_of"])
    after = zoe.get(page).text
    assert "Suite de « Plainte collective" in after
    assert "Update_of=mur-1" not in after


@pytest.mark.parametrize("wanted", ["", "x" * 5000, "Save_as=index.html"])
def test_a_form_of_somebody_else_takes_nothing(zoe, store, thread, wanted):
    """Neither what was never proposed, nor too much of it, nor without the key of a form."""
    page = f"/contribution/{thread.id}/adopter"
    assert zoe.post(page, {"digest": thread.digest, "wanted": wanted}).status_code in {400, 409}
    assert zoe.client.post(page, data={"digest": thread.digest, "wanted": "Count"}).status_code in {400, 403}
    assert store.find(thread.id).digest == thread.digest


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(live, browser, axe, thread, scheme, width):
    """And nothing needs scrolling sideways."""
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    live.login(context)
    page = context.new_page()
    page.goto(f"{live.url}/contribution/{thread.id}")
    violations, _unsure = page.evaluate(axe + RUN % json.dumps(TAGS))
    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert ([], True) == (violations, wide <= width)
