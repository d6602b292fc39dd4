"""Whoever follows a campaign is reminded in time, told how it ends, and then forgotten."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from ingest.correspondence.following import campaigns
from ingest.correspondence.following.due import post_due
from ingest.model import Kind
from ingest.store import ArticleFile
from tests.correspondence.following.conftest import NOW, mail

DAY = timedelta(days=1)
END = datetime(2026, 12, 1, 22, 59, tzinfo=UTC)
RELAY = {
    "Deadline": "2026-12-01T23:59+01:00",
    "Sign_url": "https://plainte.example/signer",
    "Organiser": "Le collectif",
    "Source": "https://plainte.example/",
    "Source_read": "2026-11-20",
}


def _relay(wall, **more):
    return wall.publish("La plainte des lavandières", kind=Kind.RELAY, extra={**RELAY, **more})


def _update(wall, row, at, **more):
    wall.publish("Du nouveau", at, kind=Kind.UPDATE, extra={"Update_of": row.public, **more})


def _kinds(letters):
    return [letter.kind for letter, _told in letters]


def test_reminders_are_sent_once(wall):
    """A week before, the day before: not earlier, not twice, and to nobody who follows something else."""
    row = _relay(wall)
    wall.follow(f"suivre {row.public}")
    wall.follow("suivre #fête", sender="paul@example.com")
    early = wall.due(END - 9 * DAY)
    ((letter, told),) = wall.due(END - 6 * DAY)
    again = wall.due(END - 5 * DAY)
    last = wall.due(END - DAY / 2)

    assert ([], "relay-reminder", [], ["relay-reminder"]) == (early, letter.kind, again, _kinds(last))
    assert "odile@example.net" == str(told["To"])
    text = told.get_body(("plain",)).get_content()
    assert "https://plainte.example/signer" in text
    assert "mardi 1er décembre 2026" in " ".join(text.split())


def test_a_deadline_that_moved_is_told_anew(wall):
    """Reminders follow the new one."""
    row = _relay(wall)
    wall.follow(f"suivre {row.public}")
    wall.due(END - 6 * DAY)
    _update(wall, row, END - 3 * DAY, Deadline="2026-12-20T23:59+01:00")
    between = wall.due(END - DAY / 2)

    assert ([], ["relay-reminder"]) == (between, _kinds(wall.due(END + 15 * DAY)))


def test_filing_decision_and_the_end_of_the_list(wall):
    """One letter at each, then nobody is on the list, and nobody can get onto it."""
    row = _relay(wall)
    wall.follow(f"suivre {row.public}")
    _update(wall, row, END + DAY, Filed="2026-12-02")
    filed = wall.due(END + 2 * DAY)
    _update(wall, row, END + 20 * DAY, Decision="2026-12-21", Outcome="La plainte est recevable")
    ((decided, told),) = wall.due(END + 21 * DAY)
    wall.due(END + 22 * DAY)
    wall.receive(mail(f"suivre {row.public}", sender="paul@example.com"), END + 23 * DAY)
    late = [(letter.kind, str(told["To"])) for letter, told in wall.send(END + 23 * DAY)]

    assert (["relay-filed"], "relay-decided") == (_kinds(filed), decided.kind)
    assert "recevable" in told.get_body(("plain",)).get_content()
    assert "List-Unsubscribe" in told
    assert {} == wall.store.count_followers()
    assert [("follow-unknown", "paul@example.com")] == late


def test_what_is_no_campaign_cannot_be_followed(wall):
    """A number that is none, and one of something else: the same answer, which tells nothing of what is held."""
    row = wall.publish("Un film")
    wall.receive(mail(f"suivre {row.public}"))
    wall.receive(mail("suivre mur-999", sender="paul@example.com"))

    assert ["follow-unknown"] * 2 == _kinds(wall.send())
    assert {} == wall.store.count_followers()


def test_moderators_are_reminded(wall):
    """A week and a day before the end, and when nobody looked at the source for a fortnight; each once."""
    from ingest.correspondence.following.due import post_due

    _relay(wall)
    told = []
    for day in (12, 10, 6, 5, 0.5):
        post_due(wall.settings, wall.store, now=END - day * DAY)
        told.append(sorted(letter.about["word"].split()[0] for letter, _told in wall.send(END - day * DAY)))

    assert [[], [], ["J-7"] * 2, [], ["J-1"] * 2] == told
    later = _relay(wall, Deadline="2027-12-01")
    post_due(wall.settings, wall.store, now=END + 10 * DAY)
    ((letter, mail_), _other) = wall.send(END + 10 * DAY)
    assert ("relay-due", later.id) == (letter.kind, letter.contribution)
    assert "https://plainte.example/" in mail_.get_content()
    post_due(wall.settings, wall.store, now=END + 11 * DAY)
    assert [] == wall.send(END + 11 * DAY)


def test_now_is_before_the_end():
    """The clock of these tests."""
    assert NOW < END - 9 * DAY


HAND = """Title: La plainte écrite à la main
Kind: relay
Date: 2026-11-03T10:00:00+01:00
Status: published
Deadline: 2026-12-01
Sign_url: https://main.example/signer
Source: https://main.example/
Source_read: 2026-11-25

Signez.
"""


def _by_hand(wall, name, text):
    path = wall.settings.paths.content / "relais" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_one_that_was_written_by_hand_is_reminded_of(wall):
    """Nobody mailed it: it has no number, and its page is where its file says."""
    _by_hand(wall, "2026-11-03-la-plainte-ecrite-a-la-main", HAND)
    wall.settings = replace(wall.settings, wall=replace(wall.settings.wall, url="https://mur.example.org"))
    post_due(wall.settings, wall.store, now=END - 8 * DAY)
    early = wall.send(END - 8 * DAY)
    post_due(wall.settings, wall.store, now=END - 6.5 * DAY)
    letters = [one for one in wall.send(END - 6.5 * DAY) if one[0].kind == "relay-due"]
    post_due(wall.settings, wall.store, now=END - 6 * DAY)

    assert ([], []) == (early, wall.send(END - 6 * DAY))
    assert {None} == {letter.contribution for letter, _told in letters}
    text = letters[0][1].get_body(("plain",)).get_content()
    assert "La plainte écrite à la main\u202f» (la-plainte-ecrite-a-la-main)" in text
    assert "https://mur.example.org/2026/11/la-plainte-ecrite-a-la-main.html" in text


def test_news_of_it_change_its_state(wall):
    """By mail or by hand: once it is filed, nothing reminds of its deadline, and nobody is told where to sign."""
    _by_hand(wall, "2026-11-03-la-plainte", HAND)
    before = campaigns.campaigns(wall.store, wall.settings, END - 7 * DAY)
    wall.publish("Du nouveau", kind=Kind.UPDATE, extra={"Update_of": "la-plainte", "Deadline": "2027-01-15"})
    moved = campaigns.campaigns(wall.store, wall.settings, END - 7 * DAY)
    filed = HAND.replace("Kind: relay", "Kind: update").replace("Deadline: 2026-12-01", "Filed: 2026-11-20")
    _by_hand(
        wall, "2026-11-20-deposee", filed.replace("Sign_url: https://main.example/signer", "Update_of: la-plainte")
    )
    after = campaigns.campaigns(wall.store, wall.settings, END - 7 * DAY)

    assert ["last-days", "open", "filed"] == [one.state.value for (one,) in (before, moved, after)]
    post_due(wall.settings, wall.store, now=END - 7 * DAY)
    assert [] == wall.send(END - 7 * DAY)


def test_what_is_not_online_is_none(wall):
    """A draft, a page that waits for its date, a file that cannot be read, and one that the publisher wrote."""
    _by_hand(wall, "2026-11-03-brouillon", HAND.replace("published", "draft"))
    _by_hand(wall, "2026-11-03-plus-tard", HAND.replace("2026-11-03T10", "2027-11-03T10"))
    _by_hand(wall, "2026-11-03-illisible", "Title: un\nTitle: deux\n\n")
    _by_hand(wall, "2026-11-03-Pas-Un-Nom", HAND)
    _by_hand(wall, "2026-11-03-a-nous", HAND)
    row = wall.publish("Un film")
    ours = ArticleFile(path="relais/2026-11-03-a-nous.md", digest=row.digest, contribution=row.id)
    wall.store.note_article_files([ours])

    assert () == campaigns.campaigns(wall.store, wall.settings, NOW)
