"""Who follows asked twice, is written to once a week, and leaves no trace."""

from __future__ import annotations

import base64
import zipfile
from datetime import timedelta

import pytest

from ingest.correspondence.following import news
from ingest.keeping.export import export
from ingest.model import Kind
from ingest.settings import Following, Settings
from tests.correspondence.following.conftest import FRIDAY, NOW, WEEK, mail
from tests.media import making

ODILE = "odile@example.net"


def _bounce(message_id, status="5.1.1", action="failed"):
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@example.net\r\nTo: mur@example.org\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {ODILE}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_asking_is_answered_once_and_an_answer_confirms(wall):
    """One letter with a code; until it is answered, nothing else is ever sent."""
    taken = wall.receive(mail("suivre"))
    ((letter, told),) = wall.send()
    wall.publish()
    silent = wall.due(FRIDAY)
    wall.receive(mail(f"Re: {told['Subject']}", "Oui, merci\n\n> Bonjour,", answers=str(told["Message-ID"])))
    ((_done, welcome),) = wall.send()

    assert ("handled", "follow-confirm", []) == (taken.outcome, letter.kind, silent)
    assert ODILE == str(told["To"])
    assert "auto-replied" == told["Auto-Submitted"]
    assert "c’est noté" in str(welcome["Subject"])
    assert {("", True): 1} == wall.store.count_followers()


def test_a_mail_program_that_forgets_what_it_answers(wall):
    """The code in the subject says it, from the address that asked alone."""
    wall.receive(mail("suivre"))
    ((_letter, told),) = wall.send()
    wall.receive(mail(f"RE: {told['Subject']}", "oui", sender="autre@example.com"))
    before = wall.store.count_followers()
    wall.receive(mail(f"RE: {told['Subject']}", "oui"))

    assert ({("", False): 1}, {("", True): 1}) == (before, wall.store.count_followers())


def test_who_does_not_confirm_is_forgotten(wall):
    """After a week; so is who says no at once."""
    wall.receive(mail("suivre"))
    wall.receive(mail("suivre", sender="paul@example.com"))
    told = next(told for _letter, told in wall.send() if "paul" in str(told["To"]))
    wall.receive(mail(f"Re: {told['Subject']}", "non", sender="paul@example.com", answers=str(told["Message-ID"])))
    waiting = wall.store.count_followers()
    wall.due(NOW + WEEK)

    assert ({("", False): 1}, {}) == (waiting, wall.store.count_followers())


def test_a_weekly_letter_where_there_is_news(wall):
    """One on Friday with all that was published; none the next week, and the same never twice."""
    wall.follow()
    wall.publish("Un film")
    wall.publish("Une manif", body="Samedi, place du Puits.")
    early = wall.due(FRIDAY - timedelta(hours=2))
    ((letter, told),) = wall.due(FRIDAY)
    again, later = wall.due(FRIDAY + timedelta(hours=1)), wall.due(FRIDAY + WEEK)

    assert ([], "news", [], []) == (early, letter.kind, again, later)
    text = told.get_body(("plain",)).get_content()
    assert "Un film" in text
    assert "Samedi, place du Puits." in text
    assert "STOP" in text
    assert "<img" not in told.get_body(("html",)).get_content()
    assert "bulk" == told["Precedence"]
    assert "auto-generated" == told["Auto-Submitted"]
    assert "<suivre.mur.example.org>" == told["List-Id"]
    assert "List-Unsubscribe=One-Click" == told["List-Unsubscribe-Post"]
    token = wall.store.follows(ODILE)[0].token
    url = f"<https://moderation.example.org/quitter/{token}>"
    assert f"{url}, <mailto:mur@example.org?subject=STOP%20{token}>" == " ".join(str(told["List-Unsubscribe"]).split())


def test_a_tag_and_several_topics_are_one_letter(wall):
    """Who follows a tag is told of nothing else; who follows two gets one letter."""
    wall.follow("suivre #fête")
    wall.follow("suivre #jardin")
    wall.publish("Un film")
    none = wall.due(FRIDAY)
    wall.publish("Le bal", FRIDAY, tags=("Fête",))
    wall.publish("Les semis", FRIDAY, tags=("jardin",))
    ((_letter, told),) = wall.due(FRIDAY + WEEK)

    text = told.get_body(("plain",)).get_content()
    assert [] == none
    assert (True, True, False) == ("Le bal" in text, "Les semis" in text, "Un film" in text)


def test_a_letter_stays_below_what_a_mail_program_shows(wall):
    """However much was published, in whatever letters: less than 100 KB, and how many more there are."""
    wall.follow()
    for number in range(12):
        wall.publish(f"{number} " + "漢" * 150, body="漢字 " * 400)
    ((_letter, told),) = wall.due(FRIDAY)

    assert len(bytes(told)) < 100_000
    assert " de plus" in told.get_body(("plain",)).get_content()


@pytest.mark.parametrize("how", ["answer", "new mail", "header", "subject only"])
def test_whoever_leaves_is_forgotten(wall, how):
    """By answering STOP, by a new mail, by what a mail program sends; no row, no letter, no mail, no byte is left."""
    wall.follow()
    wall.follow("suivre #fête")
    wall.publish()
    ((_letter, told),) = wall.due(FRIDAY)
    token = wall.store.follows(ODILE)[0].token
    mails = {
        "answer": mail(f"Re: {told['Subject']}", "STOP\n\n> Bonjour", answers=str(told["Message-ID"])),
        "new mail": mail("Bonjour", "Désabonnement, merci"),
        "header": mail(f"STOP {token}", "", vouched=False),
        "subject only": mail("Désabonner"),
    }
    taken = wall.receive(mails[how], FRIDAY)
    nobody = wall.due(FRIDAY + WEEK)
    wall.store.scrub()

    assert ("handled", []) == (taken.outcome, nobody)
    assert ({}, ()) == (wall.store.count_followers(), wall.store.follows(ODILE))
    held = [path for path in wall.folder.rglob("*") if path.is_file()]
    key = wall.store.following_key(ODILE).encode()
    assert [] == [path.name for path in held if b"odile" in path.read_bytes() or key in path.read_bytes()]
    assert "follower" not in {one.audience for one in wall.store.letters(("sent", "waiting", "dropped", "failed"))}


def test_leaving_one_topic(wall):
    """ "STOP #fête" leaves that one alone."""
    wall.follow()
    wall.follow("suivre #fête")
    wall.receive(mail("stop #fête"))

    assert {("", True): 1} == wall.store.count_followers()


def test_an_address_is_nowhere(wall, caplog):
    """Not in the database, a folder, a log, or a letter to anybody else, while they follow."""
    caplog.set_level("INFO")
    wall.follow()
    wall.follow(sender="paul@example.com")
    wall.publish()
    letters = wall.due(FRIDAY)
    wall.store.scrub()

    files = [path for path in wall.folder.rglob("*") if path.is_file()]
    assert [] == [path.name for path in files if b"odile@" in path.read_bytes()]
    assert ["odile@example.net", "paul@example.com"] == sorted(str(told["To"]) for _letter, told in letters)
    assert all(("odile" in str(told["To"])) == (b"odile" in bytes(told)) for _letter, told in letters)
    assert "odile" not in caplog.text


def test_bounces_are_heeded(wall):
    """Three weeks in which a letter came back for good; what is merely late does not count, twice a week is once."""
    wall.follow()
    counts = []
    for week in range(3):
        at = FRIDAY + week * WEEK
        wall.publish(at=at - timedelta(hours=1))
        ((_letter, told),) = wall.due(at)
        wall.receive(_bounce(told["Message-ID"], "4.2.2", "delayed"), at)
        taken = wall.receive(_bounce(told["Message-ID"]), at)
        wall.receive(_bounce(told["Message-ID"], "5.1.2"), at)
        counts.append((taken.outcome, sum(wall.store.count_followers().values())))

    assert [("handled", 1), ("handled", 1), ("handled", 0)] == counts


def test_export_and_erasure(wall, tmp_path):
    """Whoever asks gets what is held on them: what they follow, since when, which letters."""
    wall.follow("suivre #fête")
    target = tmp_path / "all.zip"
    export(wall.settings, wall.store, ODILE, target, now=NOW)

    told = zipfile.ZipFile(target).read("export.json").decode()
    assert '"topic": "tag:fete"' in told
    assert "follow-confirm" in told


def test_only_so_many_topics(wall):
    """One address cannot make us write without end."""
    for number in range(20):
        wall.receive(mail(f"suivre #sujet{number}"))

    assert 12 == sum(wall.store.count_followers().values())


def test_a_wall_that_cannot_be_followed(wall):
    """Without Authentication-Results of its own server, "suivre" is a contribution like any other."""
    from ingest.correspondence.following.lists import active

    assert not active(Settings())
    assert active(wall.settings)


def test_a_sealed_address_opens_with_its_key_alone(wall, tmp_path):
    """Twice the same is not the same, a changed sign is noticed, another purpose opens nothing."""
    key = wall.store._key
    one, two = key.seal("a", ODILE), key.seal("a", ODILE)

    assert (ODILE, ODILE, None) == (key.open("a", one), key.open("a", two), key.open("b", one))
    assert one != two
    assert key.open("a", ("B" if one[0] == "A" else "A") + one[1:]) is None
    assert [None] * 3 == [key.open("a", bad) for bad in ("", "é", "AAAA")]


@pytest.mark.parametrize("day", ["monday", "friday", "sunday"])
def test_the_hour_of_the_letter(day):
    """The last one that has come, across a change of clocks too."""
    settings = Settings(following=Following(day=day, hour=17))
    for number in range(24 * 21):
        now = NOW - WEEK * 2 + timedelta(hours=number)
        at = news.slot(settings, now)
        assert timedelta() <= now - at < WEEK + timedelta(hours=1)
        assert (17, day) == (at.hour, f"{at:%A}".lower())


def test_a_reaction_is_no_news(wall):
    """It stands under its post, and has its own feed."""
    wall.follow()
    wall.publish("Une réaction", kind=Kind.REACTION)

    assert [] == wall.due(FRIDAY)


PHOTO = (
    b"Return-Path: <odile@example.net>\r\n"
    b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.net\r\n"
    b"From: Odile <odile@example.net>\r\nTo: mur@example.org\r\nSubject: %s\r\nMessage-ID: <photo@example.net>\r\n"
    b"Date: Tue, 3 Nov 2026 10:29:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain\r\n\r\n\r\n--b\r\nContent-Type: image/jpeg; name=arret.jpg\r\n"
    b"Content-Disposition: attachment; filename=arret.jpg\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n"
)


@pytest.mark.parametrize("subject", [b"Stop", b"Suivre"])
def test_a_photograph_called_like_a_wish_is_a_contribution(wall, subject):
    """Of a bus stop, say: what somebody sends is never lost to a word in its subject."""
    picture = base64.encodebytes(making.jpeg(making.scene((64, 64)))).replace(b"\n", b"\r\n")
    taken = wall.receive(PHOTO % (subject, picture))

    assert "held" == taken.outcome
    assert 1 == wall.store.find(taken.id).attachments


def test_a_stop_from_a_mailbox_that_keeps_no_path(wall):
    """Our letter promises that it works: neither a missing path nor Exchange's wish for silence is a program."""
    wall.follow()
    raw = mail("STOP", "").replace(b"Return-Path: <odile@example.net>", b"X-Auto-Response-Suppress: All")

    wall.receive(raw)

    assert wall.store.follows("odile@example.net") == ()
