"""The queue when it is too much at once, texts that came before, and senders who are blocked: in a terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from ingest.cli import group
from ingest.settings import load
from ingest.store import Store

CONFIG = '[wall]\ntimezone = "Europe/Paris"\n[floods]\nsender_daily = 2\n[limits]\nfree_bytes = 0\n'
TEXT = (
    "Samedi prochain nous rouvrons le lavoir, avec la fanfare et un repas que chacun apporte. "
    "Il faudra des bras dès neuf heures pour porter les bancs."
)


class Terminal:
    """A wall in an empty folder, and `mur`."""

    def __init__(self, folder) -> None:
        self.path = folder / "mur.toml"
        self.path.write_text(CONFIG, encoding="utf-8")

    def mur(self, *words: str, code: int = 0) -> str:
        env = {
            "MUR_CONFIG": str(self.path),
            "MUR_MODERATOR": "zoe",
            "MUR_NOW": "2022-06-09T10:00+02:00",
            "COLUMNS": "160",
        }
        done = CliRunner().invoke(group, words, env=env)
        assert code == (getattr(done.exception, "exit_code", None) if code == 1 else done.exit_code), done.output
        return done.stdout if code != 1 else str(done.exception)

    def take(self, *mails: bytes) -> list[str]:
        from datetime import UTC, datetime

        from ingest.intake import Intake

        settings, now = load(self.path), datetime(2022, 6, 8, 7, 30, tzinfo=UTC)
        with Store.open(settings) as store, Intake(store, settings) as intake:
            return [intake.take(raw, received_at=now, now=now, channel="imap").id for raw in mails]


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


def mail(number: int, text: str = "", sender: str = "ana@example.org") -> bytes:
    head = f"From: {sender}\r\nDate: Tue, 7 Jun 2022 21:14:00 +0200\r\nContent-Type: text/plain; charset=utf-8\r\n"
    return f"{head}Subject: Objet {number}\r\n\r\n{text or f'Message {number}.'}\r\n".encode()


def test_a_flood_is_one_line_of_the_queue(terminal):
    """What is set apart is a number; asked for, it is listed; in JSON nothing is ever left out."""
    ids = terminal.take(*[mail(n) for n in range(5)])
    shown, listed = terminal.mur("queue"), terminal.mur("queue", "--all")
    told = json.loads(terminal.mur("queue", "--json"))

    assert "3 de plus, mis de côté : trop d’un coup" in shown
    assert [f"Objet {n}" in shown for n in range(5)] == [True, True, False, False, False]
    assert [f"Objet {n}" in listed for n in range(5)] == [True] * 5
    assert {one["id"] for one in told} == set(ids)
    assert sorted(one["apart"] for one in told) == [False, False, True, True, True]
    assert "mis de côté sans être lu" in terminal.mur("show", ids[4])


@pytest.mark.parametrize("word", ["discard", "spam"])
def test_a_flood_is_decided_on_at_once(terminal, word):
    """And only the flood; each has its line, and can be undone."""
    ids = terminal.take(*[mail(n) for n in range(5)])
    assert len(terminal.mur(word, "--flood").splitlines()) == 3
    assert "Rien n’est mis de côté" in terminal.mur(word, "--flood")
    assert "de plus" not in terminal.mur("queue")
    assert ids[4] in terminal.mur("undo", ids[4])
    assert "1 de plus" in terminal.mur("queue")
    terminal.mur(word, code=2)
    terminal.mur(word, "--flood", ids[0], code=2)


def test_what_came_before_is_told_with_what_became_of_it(terminal):
    """Both ways, by short names, in words."""
    (first,) = terminal.take(mail(1, TEXT))
    terminal.mur("reject", first, "--reason", "déjà annoncé")
    (again,) = terminal.take(mail(2, TEXT, "lou@example.net"))
    (longer,) = terminal.take(mail(3, f"Je vous fais suivre :\n\n{TEXT}", "max@example.net"))
    told = json.loads(terminal.mur("show", "--json", again))

    assert told["like"] == [first, longer]
    assert f"near-duplicate: {first}" in told["warnings"]
    assert f"déjà reçue le 08/06/2022, refusée : {first[:8]} (même texte)" in terminal.mur("show", again)
    assert "% en commun)" in terminal.mur("show", longer)
    assert "texte déjà reçu, ou presque" in terminal.mur("queue")


def test_a_sender_is_blocked_listed_and_unblocked(terminal):
    """By a contribution or by address; never an address in what is shown."""
    (one,) = terminal.take(mail(1))
    said = terminal.mur("block", one, "--reason", "insultes")
    (refused,) = terminal.take(mail(2))
    (listed,) = json.loads(terminal.mur("blocked", "--json"))

    assert "les courriels vérifiés de la même adresse passent toujours" in said
    assert {"by": "zoe", "reason": "insultes", "mails": 1, "proven": False} == {
        key: listed[key] for key in ("by", "reason", "mails", "proven")
    }
    assert "passent toujours" not in terminal.mur("block", "ANA@example.org")
    assert "1 courriel refusé" in terminal.mur("blocked")
    assert "ana" not in terminal.mur("blocked") + terminal.mur("blocked", "--json")
    assert "expéditeur bloqué" in terminal.mur("show", refused)
    assert "débloqué ; 1 courriel a été refusé" in terminal.mur("unblock", "ana@example.org")
    assert "Personne n’est bloqué." in terminal.mur("blocked")
    assert "en attente" in terminal.mur("replay", refused)


@pytest.mark.parametrize("words", [("block", "ffff"), ("unblock", "ana@example.org"), ("unblock", "ffff")])
def test_whoever_is_not_there_is_refused_in_one_line(terminal, words):
    """Exit 1, nothing changed."""
    terminal.take(mail(1))

    assert "\n" not in terminal.mur(*words, code=1)


def test_a_contribution_without_a_sender_blocks_nobody(terminal):
    """It says what to give instead."""
    (nobody,) = terminal.take(mail(1).replace(b"From: ana@example.org\r\n", b""))

    assert "donnez l’adresse" in terminal.mur("block", nobody, code=1)


def test_an_export_tells_of_the_block_and_of_the_likeness(terminal, tmp_path):
    """Whoever asks what is kept of them is told that they are blocked, and why, and not by whom."""
    terminal.take(mail(1, TEXT))
    terminal.mur("block", "ana@example.org", "--reason", "insultes")
    terminal.mur("export", "ana@example.org", "-o", str(tmp_path / "tout.json"))
    text = (tmp_path / "tout.json").read_text(encoding="utf-8")
    told = json.loads(text)

    assert {"reason": "insultes", "mails": 0} == {key: told["blocked"][key] for key in ("reason", "mails")}
    assert len(told["contributions"][0]["likeness"]["whole"]) == 32
    assert "zoe" not in text
