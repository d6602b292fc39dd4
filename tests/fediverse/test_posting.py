"""A post, a campaign and its news come to stand on the fediverse once, after they are online, and go when they go."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from click.testing import CliRunner

from ingest.cli import group
from ingest.correspondence.sending import send_due
from ingest.errors import Misconfigured, Unavailable
from ingest.model import Kind
from ingest.states import Action
from ingest.store.outbox import DROPPED, FAILED, OPEN
from tests.fediverse.conftest import SHOWN, Wall
from tests.fediverse.server import TOKEN
from tests.store.walls import PICTURE_NAME

RELAY = {
    "Organiser": "Les Yeux ouverts",
    "Sign_url": "https://yeux-ouverts.example.net/signer",
    "Deadline": "2022-09-24",
}


def only(mastodon):
    """The one status that stands there."""
    assert len(mastodon.statuses) == 1
    return next(iter(mastodon.statuses.values()))


def test_a_post_is_told_once_it_is_online(wall, mastodon):
    """Not when it is accepted: then its page is not there."""
    wall.accept(tags=("café",))
    assert ({}, []) == (wall.post().ended, mastodon.asked)

    wall.publish()
    assert {"sent": 1} == wall.post().ended
    assert {} == wall.post().ended
    status = only(mastodon)
    page = "https://mur.example.org/2022/09/un-film-au-cafe.html"
    assert f"Un film au café\n\nJeudi à vingt heures.\n\n{page}\n\n#café" == status["text"]
    assert ("unlisted", "fr", "", None) == tuple(
        status[key] for key in ("visibility", "language", "spoiler_text", "in_reply_to_id")
    )
    assert [("mur-1", "sent", "")] == wall.told


def test_pictures_go_with_their_descriptions(wall, mastodon):
    """One that nobody described stays here."""
    wall.online(body=f"{SHOWN}\n\n![](media:{PICTURE_NAME})\n")
    wall.post()

    assert ["La terrasse, le soir"] == [one["description"] for one in only(mastodon)["media_attachments"]]


def test_news_continue_the_status_of_their_campaign(wall, mastodon):
    """And stand by themselves where that was deleted there by hand."""
    relay = wall.online("Contre les caméras du parvis", kind=Kind.RELAY, extra=RELAY)
    wall.post()
    first = only(mastodon)
    news = {"Update_of": relay.public, "Count": "4512", "Count_qualifier": "at-least", "Unit": "signataires"}
    wall.online("Du nouveau", kind=Kind.UPDATE, extra=news)
    wall.post()
    second = list(mastodon.statuses.values())[-1]
    del mastodon.statuses[first["id"]]
    wall.online("Encore du nouveau", kind=Kind.UPDATE, extra=news)
    wall.post()
    third = list(mastodon.statuses.values())[-1]

    assert "Ouverte, jusqu’au samedi 24 septembre 2022" in first["text"]
    assert "Une campagne de Les Yeux ouverts" in first["text"]
    assert "yeux-ouverts.example.net" not in first["text"]
    assert (first["id"], None) == (second["in_reply_to_id"], third["in_reply_to_id"])
    assert second["text"].startswith("Des nouvelles de «\u202fContre les caméras du parvis\u202f»\nDu nouveau\nplus")


def test_what_is_no_post_is_not_told(wall, mastodon):
    """A reaction stands under somebody else's text."""
    wall.online(kind=Kind.REACTION)

    assert ({}, []) == (wall.post().ended, mastodon.asked)


def test_a_wall_chooses_what_it_tells_and_how(tmp_path, mastodon):
    """Kinds, visibility, warnings, pictures."""
    more = 'kinds = ["article"]\nvisibility = "public"\nwarn_tags = ["Violences"]\npictures = false\n'
    wall = Wall(tmp_path, mastodon.url, more)
    with wall.store:
        wall.online("Relais", kind=Kind.RELAY, extra=RELAY)
        wall.online("Une nuit", tags=("violences", "nuit"), body=f"Récit.\n\n{SHOWN}\n", lang="ca-ES")
        wall.post()
        status = only(mastodon)

    assert ("public", "violences", "ca", []) == tuple(
        status[key] for key in ("visibility", "spoiler_text", "language", "media_attachments")
    )
    assert "1" == status["sensitive"]


def test_what_is_withdrawn_is_deleted_there(wall, mastodon):
    """And told again, as something new, where it comes back; a second look deletes nothing more."""
    row = wall.online()
    wall.post()
    wall.decide(row, Action.WITHDRAW)
    assert {"deleted": 1} == wall.post().ended
    assert {} == mastodon.statuses
    assert {} == wall.post().ended
    wall.decide(row, Action.UNDO)
    wall.publish()
    wall.post()

    assert only(mastodon)["text"].startswith("Un film au café")


def test_what_was_withdrawn_before_it_was_told_never_is(wall, mastodon):
    """It waits in the outbox, and is dropped."""
    row = wall.online()
    wall.decide(row, Action.WITHDRAW)

    assert {"dropped": 1} == wall.post().ended
    assert {} == mastodon.statuses


def test_what_is_erased_is_deleted_there_too(wall, mastodon):
    """The row that knew it is gone afterwards, with the address of the page."""
    row = wall.online()
    wall.post()
    wall.store.bury(row.id, by="Ana", channel="cli", at=wall.now)
    assert {"deleted": 1} == wall.post().ended

    assert ({}, ()) == (mastodon.statuses, wall.store.statuses())


def test_one_that_is_gone_there_already_is_forgotten(wall, mastodon):
    """Somebody deleted it by hand."""
    row = wall.online()
    wall.post()
    mastodon.statuses.clear()
    wall.decide(row, Action.WITHDRAW)

    assert ({"deleted": 1}, ()) == (wall.post().ended, wall.store.statuses())


def test_a_deletion_that_fails_is_tried_again(wall, mastodon):
    """After a pause; nothing else waits for it."""
    row = wall.online()
    wall.post()
    wall.decide(row, Action.WITHDRAW)
    mastodon.answers = [503]
    with pytest.raises(Unavailable):
        wall.post()
    assert {} == wall.post().ended
    wall.now += timedelta(minutes=2)

    assert ({"deleted": 1}, {}) == (wall.post().ended, mastodon.statuses)


def test_a_correction_corrects_it(wall, mastodon):
    """Its title or its first words; the pictures stay. Another text below changes nothing there."""
    row = wall.online(body=f"{SHOWN}\n\nJeudi.\n")
    wall.post()
    wall.correct(row, "Un film", "Deux films")
    wall.publish()
    assert {"sent": 1} == wall.post().ended
    status = only(mastodon)
    wall.correct(row, "Lang: fr", "Lang: ca")
    wall.publish()
    before = [one for one in mastodon.asked if one.startswith("PUT")]
    wall.post()

    assert status["text"].startswith("Deux films au café")
    assert ["La terrasse, le soir"] == [one["description"] for one in status["media_attachments"]]
    assert before == [one for one in mastodon.asked if one.startswith("PUT")]


def test_an_old_post_is_no_news(wall, mastodon):
    """Not what an old blog brings, not a correction of what was never told, not what waited for a week."""
    row = wall.accept("D’avant")
    wall.now += timedelta(days=30)
    wall.publish()
    assert {"dropped": 1} == wall.post().ended
    wall.correct(row, "D’avant", "D’avant, corrigé")
    wall.publish()
    assert {"dropped": 1} == wall.post().ended
    wall.online("Cette semaine")
    wall.now += timedelta(days=8)
    assert {"dropped": 1} == wall.post().ended

    assert {} == mastodon.statuses
    assert ["old", "old", "old"] == [one.said for one in wall.store.letters((DROPPED,))]


@pytest.mark.parametrize("answer", [500, 502, 503, 429, 0, 302])
def test_a_server_that_does_not_answer_is_asked_again_later(wall, mastodon, answer):
    """Like a letter: after a pause that grows, under the same key. A redirect would take the token elsewhere."""
    wall.online()
    mastodon.answers = [answer]
    with pytest.raises(Unavailable) as told:
        wall.post()
    assert "CANARY" not in str(told.value)
    assert not any("elsewhere" in one for one in mastodon.asked)
    assert {} == wall.post().ended
    waiting = wall.store.letters(OPEN)
    assert [("waiting", "unreached", 1)] == [(one.state, one.said, one.attempts) for one in waiting]
    wall.now += timedelta(minutes=2)

    assert {"sent": 1} == wall.post().ended
    assert [waiting[0].token] == list(mastodon.keys)


def test_it_is_given_up_after_some_days(wall, mastodon):
    """`tries_days`."""
    wall.online()
    for _time in range(2):
        mastodon.answers = [503]
        with pytest.raises(Unavailable):
            wall.post()
        wall.now += timedelta(days=2, hours=5)

    assert [("failed", "unreached")] == [(one.state, one.said) for one in wall.store.letters((FAILED,))]
    assert {} == wall.post().ended


def test_one_that_the_server_will_not_have_is_not_said_again(wall, mastodon):
    """Its code is noted, never its sentence, which quotes; the next one goes on."""
    wall.online("Refusé")
    wall.online("Pris")
    mastodon.refuses = "Refusé"

    assert {"failed": 1, "sent": 1} == wall.post().ended
    assert ["422"] == [one.said for one in wall.store.letters((FAILED,))]
    assert {} == wall.post().ended


def test_the_limit_is_the_server_s(wall, mastodon):
    """An older one tells it elsewhere."""
    mastodon.most, mastodon.version = 200, 1
    wall.online("Un titre " * 40, body="Des mots. " * 400, tags=("café", "manif", "caméras"))
    assert {"sent": 1} == wall.post().ended
    status = only(mastodon)

    assert "https://mur.example.org/2022/09/" in status["text"]
    assert "…" in status["text"]


def test_only_so_many_a_day(tmp_path, mastodon):
    """The rest goes the next day."""
    wall = Wall(tmp_path, mastodon.url, "daily = 2\n")
    with wall.store:
        for number in range(3):
            wall.accept(f"Numéro {number}")
        wall.publish()
        first = wall.post().ended
        wall.now += timedelta(days=1)
        second = wall.post().ended

    assert ({"sent": 2}, {"sent": 1}) == (first, second)


def test_letters_and_statuses_do_not_take_each_other(wall, mastodon):
    """They lie in one outbox; a wall without a mail server tells the fediverse all the same."""
    wall.online()
    send_due(wall.settings, wall.store, now=lambda: wall.now)

    assert ["waiting"] == [one.state for one in wall.store.letters()]
    assert {"sent": 1} == wall.post().ended


def test_off_is_off(tmp_path, mastodon):
    """Without a server nothing waits, and nothing is asked, even where something was told before."""
    wall = Wall(tmp_path, "")
    with wall.store:
        wall.online()
        assert ((), {}) == (wall.store.letters(), wall.post().ended)
    assert [] == mastodon.asked


def test_a_token_that_others_may_read_is_refused(wall, mastodon):
    """0600, as every secret."""
    wall.online()
    (wall.folder / "token").chmod(0o644)
    with pytest.raises(Misconfigured, match="chmod 600"):
        wall.post()
    (wall.folder / "token").unlink()
    wall.now += timedelta(minutes=5)
    with pytest.raises(Misconfigured, match="token"):
        wall.post()

    assert [] == mastodon.asked


def test_a_token_that_the_server_does_not_know_is_told_to_the_operator(wall, mastodon):
    """What waits, waits."""
    token = wall.folder / "token"
    token.write_text("another")
    wall.online()
    with pytest.raises(Misconfigured, match=r"refuses the token \(401\)"):
        wall.post()

    assert ["waiting"] == [one.state for one in wall.store.letters()]


def test_the_token_stands_in_no_log(wall, mastodon, caplog):
    """At any level, whatever goes wrong."""
    caplog.set_level(logging.DEBUG)
    wall.online()
    for code in (503, 401, 0):
        mastodon.answers = [code]
        with pytest.raises((Unavailable, Misconfigured)) as told:
            wall.post()
        assert TOKEN not in str(told.value)
        wall.now += timedelta(minutes=30)
    wall.post()
    state = [path for path in (wall.folder / "var").rglob("*") if path.is_file()]

    assert TOKEN not in caplog.text
    assert len(mastodon.statuses) == 1
    assert not any(TOKEN.encode() in path.read_bytes() for path in state)


SEND = "import sys; from ingest.cli import main; sys.argv = ['mur', '--config', sys.argv[1], 'send']; main()"


@pytest.mark.parametrize("how", [pytest.param("key", marks=pytest.mark.long), "page"])
def test_killed_between_the_server_s_yes_and_our_note_it_is_told_once(wall, mastodon, how):
    """By the key of its row; and where the server forgot that one, by the page that it links to."""
    row = wall.online()
    environment = {**os.environ, "MUR_NOW": wall.now.isoformat()}
    mastodon.forgets, mastodon.lists = how == "page", how == "page"
    command = [sys.executable, "-c", f"import os; os.read(0, 1); {SEND}", str(wall.file)]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as child:
        mastodon.kill = child.pid
        child.communicate(b"x")
    mastodon.kill = 0
    assert -signal.SIGKILL == child.returncode
    only(mastodon)
    assert "" == wall.store.status(row.id).remote
    assert {} == wall.post().ended

    wall.now += timedelta(minutes=20)
    assert {"sent": 1} == wall.post().ended
    assert only(mastodon)["id"] == wall.store.status(row.id).remote


def test_killed_so_and_withdrawn_meanwhile_it_is_found_and_deleted(wall, mastodon):
    """Nobody noted what it is called there."""
    row = wall.online()
    wall.post()
    wall.store.status_stands(row.id, remote="", said="")
    wall.decide(row, Action.WITHDRAW)

    assert ({"deleted": 1}, {}) == (wall.post().ended, mastodon.statuses)


def test_the_commands_say_what_was_done(wall, mastodon, monkeypatch):
    """`mur send` posts, `mur fediverse` shows and posts nothing."""
    monkeypatch.setenv("MUR_NOW", wall.now.isoformat())
    wall.online()
    runner = CliRunner()
    shown = runner.invoke(group, ["--config", str(wall.file), "fediverse"]).output
    sent = runner.invoke(group, ["--config", str(wall.file), "send"])
    after = runner.invoke(group, ["--config", str(wall.file), "fediverse"]).output
    boxed = runner.invoke(group, ["--config", str(wall.file), "outbox"]).output

    assert "qui attendent : 1 ; en ligne : 0" in shown
    assert f"compte @lemur sur {mastodon.url} : 500 signes, visibilité « unlisted »" in shown
    assert (0, "fédivers : postés : 1\n") == (sent.exit_code, sent.output)
    assert "https://mur.example.org/2022/09/un-film-au-cafe.html" in after
    assert "→ fédivers" in boxed
