"""What whoever wrote is told, as it arrives; and whom nothing is told."""

from __future__ import annotations

import itertools
import os
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.correspondence import guard
from ingest.correspondence.audience import SENDER
from ingest.correspondence.contributors import GRACE, REFUSED, RULES, SWITCHES, wanted
from ingest.correspondence.letter import Unsent
from ingest.correspondence.policy import Office
from ingest.message import read
from ingest.moderation import Decision, decide, refusals
from ingest.settings import Letters, Limits, Settings
from ingest.states import Action, State
from ingest.store import Line, Published
from tests.correspondence.answers.wall import LATER, NOW, contribution

OWN = frozenset({"mur@example.org"})
SIGNED = "Hier, sur la place, nous étions trente {n}.\n\nÉcrivez à canari-adresse@example.com ou au 06 12 34 56 78.\n"
CANARIES = ("canari", "Canari", "192.0.2", "06 12 34", "Claudine", "rue des Canaris")
_numbers = itertools.count(1)


def sent(body: str = SIGNED, *, subject="Une soirée sur la place", extra: str = "", vouched: bool = True) -> bytes:
    """A mail of a person of its own, with canaries wherever a mail has room."""
    n = next(_numbers)
    raw = contribution(body.replace("{n}", f"numéro {n}"), subject).replace(b"canari-id@", b"canari-%d@" % n)
    raw = raw.replace(b"canari-auteur@", b"canari-auteur%d@" % n).replace(b"canari-route@", b"canari-auteur%d@" % n)
    said = f"Authentication-Results: mx.example.org; dmarc={'pass' if vouched else 'fail'} header.from=example.com\r\n"
    return (said + extra).encode() + raw


def take(wall, raw: bytes, *, at=NOW, channel="imap"):
    return wall.store.find(wall.take(raw, at=at, channel=channel).id)


def of(wall, row):
    """The letters to whoever wrote it, the oldest first."""
    found = [one for one in wall.store.letters() if one.contribution == row.id and one.audience == SENDER]
    return sorted(found, key=lambda one: one.id)


def told(wall, row, kind: str, *, at=LATER) -> EmailMessage:
    mail = wall.written([one for one in of(wall, row) if one.kind == kind][-1], at=at)
    assert isinstance(mail, EmailMessage)
    if folder := os.environ.get("MUR_LETTERS_TO"):
        Path(folder, f"{kind}.txt").write_text(f"{mail['Subject']}\n\n{mail.get_content()}", encoding="utf-8")
    return mail


def judged(wall, row, action: Action, note: str = "", at=LATER):
    seen = Decision(action=action, id=row.id, by="Claudine Martin", digest=row.digest, channel="web", at=at, note=note)
    return decide(wall.store, seen)


def put_online(wall, row, at=LATER):
    article = Published(id=row.id, digest=row.digest, path=f"billets/2026-11-22-{row.id}.md")
    wall.store.published([article], at)
    return wall.store.find(row.id)


def test_received(wall):
    """The text as it would be published, its signature, what is masked, and how to change that; nothing else."""
    row = take(wall, sent())

    mail = told(wall, row, "received")
    text = mail.get_content()

    assert "nous étions trente" in text
    assert ("ANONYME" in text) == ("Sans signature." not in text)
    assert "masqués" in text
    assert all(word in text for word in ("RETIRER", "PSEUDO"))
    assert [] == [
        word
        for word in CANARIES
        if word in text.replace("Signé\u202f: Canari Nom", "").replace("Signé\u202f: Canari", "")
    ]
    assert mail["References"] == mail["In-Reply-To"]
    assert "Une soirée" not in mail["Subject"]


def test_published_is_told_once(wall):
    """At the first publication, with the number; not at the second of another text."""
    row = judged(wall, take(wall, sent()), Action.ACCEPT)
    row = put_online(wall, row)
    mail = told(wall, row, "published")
    draft = wall.store.draft(row.id)
    digest = wall.store.add_draft(row.id, wall.store.document(row.id).replace("trente", "quarante"))
    wall.store.change(row.id, lambda old, _past: (replace(old, digest=digest), _line("edit")))
    row = put_online(wall, judged(wall, wall.store.find(row.id), Action.ACCEPT, at=LATER + GRACE), LATER + GRACE)

    assert 1 == [one.kind for one in of(wall, row)].count("published")
    assert row.public in mail.get_content()
    assert draft.title in mail.get_content()
    assert "RETIRER" in mail.get_content()


def _line(what: str, note: str = "", channel: str = "web") -> Line:
    return Line(what=what, by="Bo", channel=channel, note=note, at=LATER)


def test_sent_back(wall):
    """The moderator's words and the text; not before there was time to take it back, and not after it was."""
    row = judged(wall, take(wall, sent()), Action.DEFER, "sent-back: Peut-on écrire « une trentaine » ?")

    letter = of(wall, row)[-1]
    text = told(wall, row, "sent-back").get_content()
    judged(wall, row, Action.UNDO)

    assert LATER + GRACE == letter.due_at
    assert "> Peut-on écrire « une trentaine » ?" in text
    assert "« oui »".replace(" ", "\u202f") in text
    assert [] == [word for word in ("Claudine", "canari-", "06 12", "sent-back") if word in text]
    assert Unsent(why="decided") == wall.written(letter)


def test_refused(wall):
    """The reason's own words, without a name; taken back, nothing is said."""
    row = judged(wall, take(wall, sent()), Action.REJECT, refusals.letter("hors-sujet"))

    letter = of(wall, row)[-1]
    text = told(wall, row, REFUSED).get_content()
    judged(wall, row, Action.UNDO)

    assert "s’éloigne de ce dont parle ce mur" in " ".join(text.replace("\n> ", " ").split())
    assert [] == [word for word in (*CANARIES, "trente") if word in text]
    assert Unsent(why="taken-back") == wall.written(letter)


@pytest.mark.parametrize(
    ("action", "note"),
    [
        (Action.REJECT, ""),
        (Action.REJECT, refusals.letter("publicite")),
        (Action.SPAM, "n’importe"),
        (Action.DISCARD, "n’importe"),
        (Action.DEFER, "à voir jeudi"),
    ],
)
def test_silent_decisions(wall, action, note):
    """Spam, discarding, silent reasons and what is put off for ourselves are told to nobody."""
    row = judged(wall, take(wall, sent()), action, note)

    assert ["received"] == [one.kind for one in of(wall, row)]


def test_nothing_in_it(wall):
    """An empty mail is answered with what to do."""
    row = take(wall, sent("", subject="").partition(b"\r\n\r\n")[0] + b"\r\n\r\n")

    text = told(wall, row, "refused-empty").get_content()

    assert State.DISCARDED is row.state
    assert "ni texte ni image" in " ".join(text.split())
    assert [] == [word for word in CANARIES if word in text]


def test_files_are_named_by_nobodys_words(wall):
    """A film is told by its kind and reason: its name may be somebody's."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "Odile <odile@example.com>", "mur@example.org", "Un film"
    mail["Message-ID"] = "<film@example.com>"
    mail.set_content("Regardez ce que nous avons filmé hier soir sur la place du marché.")
    film = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(200)
    mail.add_attachment(film, maintype="video", subtype="mp4", filename="canari-film (Canari, 3 Mo) : secret.mp4")
    said = b"Return-Path: <odile@example.com>\r\n"
    said += b"Authentication-Results: mx.example.org; dmarc=pass header.from=example.com\r\n"

    text = told(wall, take(wall, said + mail.as_bytes()), "received").get_content()

    assert "les vidéos ne sont pas publiées" in text
    assert [] == [word for word in ("canari", "Canari", "secret") if word in text]


@pytest.mark.parametrize("case", ["imported", "old", "twice"])
def test_no_letter_at_arrival(wall, case):
    """For what was imported, lay in the mailbox for long, or came before."""
    raw = sent()
    if case == "twice":
        take(wall, raw)
        row = take(wall, raw + b"\r\nencore\r\n")
    elif case == "old":
        id_ = wall.intake.take(raw, received_at=NOW - timedelta(days=9), now=NOW, channel="imap").id
        row = wall.store.find(id_)
    else:
        row = take(wall, raw, channel="import")

    assert [] == of(wall, row)


def test_imported_and_published(wall):
    """Whoever is in an old archive did not write to us now."""
    row = put_online(wall, judged(wall, take(wall, sent(), channel="import"), Action.ACCEPT))

    assert [Unsent(why="imported")] == [wall.written(one) for one in of(wall, row)]


@pytest.mark.parametrize("kind", SWITCHES)
def test_each_can_be_turned_off(kind):
    """By one key of `[letters]`, and by no other."""
    off = Settings(letters=replace(Letters(), **{SWITCHES[kind]: False}))

    assert wanted(Settings(), kind)
    assert not wanted(off, kind)
    assert wanted(off, "notice")


FORGED = (
    *("Auto-Submitted: auto-replied", "Auto-Submitted: auto-generated", "Precedence: bulk", "Precedence: list"),
    *("List-Id: <amis.example.com>", "X-Autoreply: yes", "X-Loop: mur@example.org", "Return-Path: <>"),
    *("Sender: amis-owner@example.com", "X-Auto-Response-Suppress: All", "List-Unsubscribe: <mailto:a@example.com>"),
    *("X-Failed-Recipients: a@example.com", "Content-Type: multipart/report; boundary=x", "Feedback-ID: 1:2"),
)
RESULTS = ("pass", "fail", "none", "temperror", "permerror", "bestguesspass")


def _bad() -> list[str]:
    """Headers of 10,000 mails, in each of which something says that no letter may follow."""
    made = []
    for n in range(10_000):
        mark = FORGED[n % len(FORGED)] if n % 3 else ""
        result = RESULTS[n % len(RESULTS)] if mark else RESULTS[1 + n % 5]
        server = "mx.example.org" if n % 2 else "mx.autre.example.com"
        path = "" if mark.startswith("Return-Path") else f"Return-Path: <a{n}@example.com>\r\n"
        said = f"{path}Authentication-Results: {server}; dmarc={result} header.from=example.com\r\n"
        lines = f"From: A <a{n}@example.com>\r\nTo: mur@example.org\r\nSubject: Un film {n}\r\n"
        made.append(f"{said}{lines}Message-ID: <{n}@example.com>\r\n" + (f"{mark}\r\n" if mark else "") + "\r\n")
    return made


def test_ten_thousand_mails_that_get_no_answer():
    """Forged, automatic, bounced, from lists: 0 answers."""
    mails = (read(raw.encode(), limits=Limits(), authserv_id="mx.example.org") for raw in _bad())

    assert 0 == sum(guard.silence(mail, OWN) == "" for mail in mails)


def test_through_the_intake(wall):
    """The same through the real intake: whatever letter waits is written to nobody."""
    heads = _bad()[:90]
    rows = [take(wall, head.removesuffix("\r\n").encode() + b"\r\nBonjour, un texte.\r\n") for head in heads]
    letters = [letter for row in rows for letter in of(wall, row)]

    assert 90 == len({row.id for row in rows})
    assert [] == [one.kind for one in letters if not isinstance(wall.written(one), Unsent)]


def test_rules_are_silent_about_everything_else(wall):
    """Of the journal's other lines none brings a letter to whoever wrote."""
    row = take(wall, sent())
    office = Office(settings=Settings(), keyed=lambda _purpose, text: text)
    others = ("edit", "keep", "take", "release", "agree", "accept", "purge", "erase", "withdraw", "undo", "set-aside")

    assert [] == [one for what in others for rule in RULES for one in rule(office, _line(what, "x"), row, row)]
