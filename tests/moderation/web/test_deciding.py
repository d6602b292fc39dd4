"""One contribution on its page: what is seen, what is decided, and what two people at once come to."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.model import Quarantine
from ingest.moderation import edit
from ingest.moderation.web.application import close, create_app
from ingest.publication.article import document
from ingest.states import State
from ingest.store import Store
from tests.moderation.web import waiting
from tests.moderation.web.conftest import MODERATORS, logged_in
from tests.store import walls

LATER = "2022-06-20T18:00"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A state folder with four example mails, held, and their ids by number, the longest here first."""
    wall = walls.wall(tmp_path_factory.mktemp("prepared"))
    with Store.open(wall) as store:
        ids = waiting.take(store, wall, "02", "04", "06", "08", first=walls.NOW - timedelta(days=6))
    return wall.paths.state, ids


@pytest.fixture
def settings(settings, prepared):
    """The wall of these tests begins with a copy of it."""
    shutil.copytree(prepared[0], settings.paths.state)
    return settings


@pytest.fixture
def held(prepared):
    """The ids."""
    return prepared[1]


@pytest.fixture(autouse=True)
def _closing(app):
    """The children of an application end with it."""
    yield
    close(app)


@pytest.fixture
def max_(app, store, clock):
    """Another moderator, on another device."""
    return logged_in(app, store, clock, MODERATORS[1])


def seen(store, id_, action, **more):
    """What the form of a page sends."""
    row = store.find(id_)
    return {"action": action, "state": row.state.value, "digest": row.digest or "", **more}


def decided(visitor, store, id_, action, **more):
    """A decision on what is there now."""
    return visitor.post(f"/contribution/{id_}/decider", seen(store, id_, action, **more))


def test_the_queue_shows_what_waits_the_longest_here_first(zoe, held):
    """Title, age, kind, why it is held, the beginning of the text, the first picture, and who is on it."""
    zoe.post(f"/contribution/{held['06']}/prendre")
    page = zoe.get("/").text

    assert [page.index(id_) for id_ in held.values()] == sorted(page.index(id_) for id_ in held.values())
    assert "4 contributions attendent" in page
    assert "en retard" in page
    assert "expéditeur non vérifié" in page
    assert "Nous étions" in page or "L’ardoise" in page or "L&#39;ardoise" in page
    assert re.search(rf'src="/contribution/{held["02"]}/medias/[0-9a-f]{{16}}-400\.jpg"', page)
    assert "vous vous en occupez" in page
    assert held["06"] in zoe.get("/?a-moi=1").text
    assert held["04"] not in zoe.get("/?a-moi=1").text


def test_a_search_marks_what_it_found_and_goes_everywhere(zoe, store, held):
    """In what was decided, too; the words are escaped around the marks."""
    decided(zoe, store, held["02"], "discard")

    assert held["02"] in zoe.get("/?mots=ardoise").text
    assert "<mark>" in zoe.get("/?mots=ardoise").text
    assert held["02"] not in zoe.get("/?mots=ardoise&etat=refusees").text
    assert "Rien de tel" in zoe.get("/?mots=%22%3Czzz%3E%27*").text


def test_a_page_of_the_queue_leads_to_the_next_by_key(zoe, store, held):
    """Nothing is shown twice and nothing is passed over, whoever decides in between."""
    ids = list(held.values())
    for number in range(60):
        raw, at = f"mail {number}".encode(), walls.NOW + timedelta(minutes=number)
        taken = store.hold(
            raw, walls.converted(f"Titre {number}"), contribution=None, received_at=at, now=at, channel="import"
        )
        ids.append(taken.id)
    found, path = [], "/"
    while path:
        page = zoe.get(path).text
        found += re.findall(r'class="over" href="/contribution/([0-9a-f]{16})"', page)
        if len(found) == 25:
            decided(zoe, store, ids[3], "discard")
        onward = re.search(r'rel="next" href="([^"]+)"', page)
        path = onward[1].replace("&amp;", "&") if onward else ""

    assert found == ids
    assert zoe.get("/?apres=nichts").status_code == 409


def test_accepting_leads_to_the_next_one_with_a_way_back(zoe, store, held):
    """POST, then redirect; the notice names what was decided; undoing leads back to it."""
    answer = decided(zoe, store, held["04"], "accept")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/contribution/{held['06']}")
    page = zoe.get(f"/contribution/{held['06']}").text
    assert "Annuler" in page
    assert held["04"] in page
    assert store.find(held["04"]).state is State.ACCEPTED
    assert zoe.get("/").text.count("Annuler") == 0

    answer = decided(zoe, store, held["04"], "undo")

    assert answer.headers["Location"] == f"/contribution/{held['04']}"
    assert store.find(held["04"]).state is State.HELD


def test_what_somebody_else_took_is_passed_over(zoe, max_, store, held):
    """And after the last one comes the first."""
    max_.post(f"/contribution/{held['06']}/prendre")

    assert decided(zoe, store, held["04"], "discard").headers["Location"] == f"/contribution/{held['08']}"
    assert decided(zoe, store, held["08"], "discard").headers["Location"] == f"/contribution/{held['02']}"


def test_two_at_once_come_to_one_decision_and_one_clear_answer(zoe, max_, store, held):
    """The second hears who decided what, and nothing is run over."""
    form = seen(store, held["04"], "accept")
    other = seen(store, held["04"], "spam")

    first, second = (
        zoe.post(f"/contribution/{held['04']}/decider", form),
        max_.post(f"/contribution/{held['04']}/decider", other),
    )

    assert (first.status_code, second.status_code) == (303, 409)
    assert "elle a été acceptée par zoe" in second.text
    assert store.find(held["04"]).state is State.ACCEPTED
    assert [entry.what for entry in store.journal(held["04"])] == ["hold", "accept"]


def test_where_two_have_to_agree_the_first_says_so_and_may_take_it_back(settings, held, clock):
    """The pages tell why, who agreed, and that one voice is missing."""
    strict = replace(settings, moderation=replace(settings.moderation, two_persons=("article",)))
    with Store.open(strict) as store:
        app = create_app(strict, store, clock=clock)
        zoe, other = (logged_in(app, store, clock, one) for one in MODERATORS)
        path = f"/contribution/{held['04']}"
        assert "il faut l’accord de deux personnes" in zoe.get(path).text

        answer = decided(zoe, store, held["04"], "accept")
        told = zoe.get(answer.headers["Location"]).text
        assert "il faut encore celui d’une autre personne" in told
        assert "Annuler" in told
        assert store.find(held["04"]).state is State.HELD
        decided(zoe, store, held["04"], "undo")
        decided(zoe, store, held["04"], "accept")
        assert "zoe a déjà donné son accord" in other.get(path).text
        decided(other, store, held["04"], "accept")

        assert store.find(held["04"]).state is State.ACCEPTED
        close(app)


def test_a_decision_on_a_text_that_changed_is_not_taken(zoe, max_, store, held):
    """What was read is not what is there."""
    form = seen(store, held["04"], "accept")
    row = store.find(held["04"])
    new = document(store.draft(row.id)).replace("Lang: fr", "Lang: de")
    edit(store, row.id, new, seen=row.digest, by="max", channel="web", at=walls.NOW)

    answer = zoe.post(f"/contribution/{held['04']}/decider", form)

    assert answer.status_code == 409
    assert "max l’a modifié" in answer.text
    assert store.find(held["04"]).state is State.HELD


@pytest.mark.parametrize(
    ("action", "more", "state", "note"),
    [
        ("reject", {"reason": "hors-sujet"}, State.REJECTED, "Votre texte ne trouve pas"),
        ("reject", {"reason": "hors-sujet", "note": "Pas ici."}, State.REJECTED, "Pas ici."),
        ("reject", {"reason": "sans-lettre"}, State.REJECTED, ""),
        ("defer", {"ask": "1", "note": "Une photo ?"}, State.DEFERRED, "sent-back: Une photo ?"),
        ("defer", {"moment": LATER}, State.DEFERRED, ""),
        ("discard", {}, State.DISCARDED, ""),
        ("spam", {}, State.SPAM, ""),
        ("withdraw", {"note": "à sa demande"}, State.WITHDRAWN, "à sa demande"),
        ("accept", {"moment": LATER}, State.ACCEPTED, ""),
    ],
)
def test_every_decision_has_its_form(zoe, store, held, action, more, state, note):
    """With its reason, its date or its words, in the journal as they were given."""
    assert decided(zoe, store, held["04"], action, **more).status_code == 303

    row, entry = store.find(held["04"]), store.journal(held["04"])[-1]
    assert row.state is state
    assert entry.note.startswith(note)
    assert (entry.by, entry.channel) == ("zoe", "web")
    assert ("moment" in more) == (row.not_before is not None)
    assert "renvoyée à qui" in zoe.get(f"/contribution/{row.id}").text or "ask" not in more


@pytest.mark.parametrize("form", [{"action": "erase"}, {"action": ""}, {"action": "accept", "state": "gone"}])
def test_what_is_no_decision_changes_nothing(zoe, store, held, form):
    """A form that nobody was shown."""
    assert zoe.post(f"/contribution/{held['04']}/decider", {"state": "held", **form}).status_code == 400
    assert store.find(held["04"]).state is State.HELD


@pytest.mark.parametrize("form", [{"action": "reject"}, {"action": "defer", "ask": "1"}])
def test_a_refusal_needs_a_reason_and_a_request_its_words(zoe, store, held, form):
    """Else whoever wrote would hear nothing."""
    row = store.find(held["04"])
    answer = zoe.post(f"/contribution/{row.id}/decider", {"state": "held", "digest": row.digest, **form})

    assert answer.status_code == 409
    assert store.find(row.id).state is State.HELD


def test_several_at_once_are_marked_as_spam_and_only_as_they_were_seen(zoe, max_, store, held):
    """One that somebody else decided on in between is told, the others are done."""
    rows = [store.find(held[name]) for name in ("02", "04", "06")]
    boxes = [f"{row.id} {row.state.value} {row.digest}" for row in rows]
    decided(max_, store, held["04"], "accept")

    zoe.client.post(
        "/ensemble",
        data={"csrf_token": zoe.key(), "action": "spam", "contribution": boxes},
        headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"},
    )

    assert [store.find(row.id).state for row in rows] == [State.SPAM, State.ACCEPTED, State.SPAM]
    page = zoe.get("/").text
    assert "2 contributions traitées" in page
    assert "elle a été acceptée par max" in page


def test_what_was_removed_is_put_back_with_one_tap(zoe, store, held):
    """Provided that the text is the one that was seen."""
    row = store.find(held["02"])
    stale = zoe.post(f"/contribution/{row.id}/remettre", {"digest": "0" * 64, "piece": "1"})
    answer = zoe.post(f"/contribution/{row.id}/remettre", {"digest": row.digest, "piece": "1"})

    assert (stale.status_code, answer.status_code) == (409, 303)
    assert store.find(row.id).digest != row.digest
    assert store.journal(row.id)[-1].what == "keep"
    assert ", remis" in zoe.get(f"/contribution/{row.id}").text


def test_a_deposed_text_is_corrected_without_being_overwritten(zoe, max_, store, held):
    """Of two who edit, the second is told by whom, sees both texts, and may then decide."""
    path = f"/contribution/{held['04']}/corriger"
    digest = store.find(held["04"]).digest
    assert zoe.get(path).status_code == 200
    assert max_.post(path, {"digest": digest, "body": "De Max.\n", "title": "Max"}).status_code == 303

    second = zoe.post(path, {"digest": digest, "body": "De Zoé.\n", "title": "Zoé"})

    assert second.status_code == 409
    assert "max l’a modifié" in second.text
    assert "De Max." in second.text
    assert "De Zoé." in second.text
    assert store.draft(held["04"]).body == "De Max.\n"
    again = re.search(r'name="digest" value="(\w{64})"', second.text)[1]
    assert zoe.post(path, {"digest": again, "body": "De Zoé.\n", "title": "Zoé"}).status_code == 303
    assert store.draft(held["04"]).body == "De Zoé.\n"


def test_pictures_are_described_and_ordered(zoe, store, held):
    """By fields of their own; the text around them stays."""
    row = store.find(held["02"])
    picture = re.search(r"media:([0-9a-f]{16}\.jpg)", store.draft(row.id).body)[1]
    body = f"Un.\n\n![](media:{picture})\n\nDeux.\n\n![La cour](media:{'0' * 16}.png)\n"
    form = {
        "digest": row.digest,
        "body": body,
        "name-1": picture,
        "was-1": "",
        "alt-1": "L’ardoise [du] café",
        "place-1": "2",
        "name-2": f"{'0' * 16}.png",
        "was-2": "La cour",
        "alt-2": "La cour",
        "place-2": "1",
    }

    zoe.post(f"/contribution/{row.id}/corriger", form)

    text = store.draft(row.id).body
    assert text.index("La cour") < text.index("Deux.") < text.index("L’ardoise")
    assert (
        'alt="L’ardoise [du] café"'
        in zoe.get(re.search(r'src="(/apercu/[^"]+)"', zoe.get(f"/contribution/{row.id}").text)[1]).text
    )


def test_what_could_not_be_read_is_read_again(zoe, store):
    """Its page says why there is no draft; a button has it read anew."""
    raw = b"From: a@example.org\r\nSubject: Le bal\r\n\r\nVenez.\r\n"
    taken = store.hold(
        raw, Quarantine(reason="too-slow"), contribution=None, received_at=walls.NOW, now=walls.NOW, channel="import"
    )
    path = f"/contribution/{taken.id}"

    assert "trop long à lire" in zoe.get(path).text
    assert zoe.get(f"{path}/corriger").status_code == 409
    assert zoe.post(f"{path}/relire").status_code == 303
    assert store.find(taken.id).state is State.HELD
    assert "Le bal" in zoe.get(path).text


def test_correcting_keeps_what_no_field_names_and_refuses_what_is_no_draft(zoe, store, held):
    """Kind, date and tags are those of the form; a bad date is told."""
    row = store.find(held["04"])
    form = {"digest": row.digest, "tags": "fête, café", "tag-more": "rue", "kind": "event", "moment": LATER}
    bad = zoe.post(f"/contribution/{row.id}/corriger", {**form, "moment": "demain"})
    zoe.post(f"/contribution/{row.id}/corriger", {**form, "extra-Place": "au café\nSlug: x"})

    draft = store.draft(row.id)
    assert bad.status_code == 409
    assert draft.tags == ("fête", "café", "rue")
    assert draft.kind == "event"
    assert draft.extra["Place"] == "au café Slug: x"
    assert draft.not_before.isoformat() == "2022-06-20T18:00:00+02:00"


def test_correcting_leaves_the_keys_that_the_form_does_not_name(zoe, store, held):
    """An update keeps its campaign, a reaction its post, a relay what it attacks; a long address keeps its end."""
    row = store.find(held["04"])
    more = {"Update_of": "mur-1", "Attacks": "caméras ; fichiers", "Sign_url": f"https://example.org/{'a' * 400}"}
    before = replace(store.draft(row.id), extra={**store.draft(row.id).extra, **more})
    row = edit(store, row.id, document(before), seen=row.digest, by="zoe", channel="cli", at=row.received_at)

    zoe.post(f"/contribution/{row.id}/corriger", {"digest": row.digest, "extra-Place": "au café"})

    assert store.draft(row.id).extra == {**before.extra, "Place": "au café"}


def test_what_stays_behind_the_login_stays_there(client, zoe, held):
    """The mail and its files need a login; nothing of them is kept by a browser."""
    for path in ("", "/courriel.eml", "/etat", "/corriger", "/refuser"):
        assert client.get(f"/contribution/{held['02']}{path}").status_code == 303
    mail = zoe.get(f"/contribution/{held['02']}/courriel.eml")

    assert mail.headers["Cache-Control"] == "no-store"
    assert mail.headers["Content-Disposition"].startswith("attachment")
    assert mail.mimetype == "application/octet-stream"


def test_a_frame_is_opened_by_its_signed_address_alone(client, zoe, clock, held):
    """Without a cookie; not for another contribution, not with a letter changed; and it says `sandbox` again."""
    page = zoe.get(f"/contribution/{held['02']}").text
    src = re.search(r'src="(/apercu/([^"/]+)/)"', page)
    frame = client.get(src[1])

    assert frame.status_code == 200
    policy = frame.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self'")
    assert policy.endswith("sandbox")
    assert "unsafe" not in policy
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    picture = re.search(r'src="(/apercu/[^"]+/medias/[^"]+)"', frame.text)[1]
    assert client.get(picture).mimetype == "image/jpeg"
    assert client.get(src[1].replace(src[2], src[2][:-2] + "xx")).status_code == 404
    assert client.get(f"/apercu/{src[2]}/medias/../../../mur.db").status_code == 404
    assert client.get("/apercu-theme/style.css").mimetype == "text/css"
    for path in ("../templates/base.html", "..%2f..%2fmur.toml", "style.css/../../templates/base.html"):
        assert client.get(f"/apercu-theme/{path}").status_code == 404
    assert 'sandbox=""' in page


def test_a_text_that_nobody_saved_has_its_page_too(zoe, client, held, store):
    """For the fetch of the editor and for the button of whoever has no JavaScript; nothing is stored."""
    path = f"/contribution/{held['04']}"
    form = {"title": "Tout autre", "body": "Un *mot*.\n", "digest": store.find(held["04"]).digest}
    told = zoe.post(f"{path}/apercu", form).json
    page = zoe.post(f"{path}/corriger", {**form, "what": "look"}).text

    assert "Un <em>mot</em>." in client.get(told["src"]).text
    assert "Un *mot*." in page
    assert "Tout autre</h1>" in client.get(re.search(r'src="(/apercu/[^"]+)"', page)[1]).text
    assert store.find(held["04"]).digest == form["digest"]
    assert zoe.post(f"{path}/apercu", {"body": "[" * 60_000}).status_code == 422
