"""Everything that the moderators' pages can do, in a terminal."""

from __future__ import annotations

import json
from datetime import datetime

import pytest

from tests.test_cli import Wall

RULE = """
[moderation]
two_persons = ["named", "article"]
[[moderators]]
name = "Zoé"
address = "zoe@example.org"
[[moderators]]
name = "Claudine"
address = "claudine@example.org"
role = "administrator"
"""
TEXT = "Title: Une soupe\nKind: article\nTags: cuisine\nLang: fr\n\nHier, Mme Untelle a salué le café.\n"


@pytest.fixture
def wall(tmp_path):
    """A scratch wall with two moderators, and with one contribution that names somebody."""
    scratch = Wall(tmp_path)
    with (tmp_path / "mur.toml").open("a") as file:
        file.write(RULE)
    scratch.id = scratch.take("04-thunderbird-texte.eml")
    (tmp_path / "texte.md").write_text(TEXT, encoding="utf-8")
    scratch.mur("edit", scratch.id, "--from", tmp_path / "texte.md")
    return scratch


def test_two_persons_in_a_terminal(wall):
    """The first is told that one voice is missing, the queue says whose is there, and the second accepts."""
    first = wall.mur("--by", "zoe", "accept", wall.id)
    wall.mur("--by", "ZOÉ", "accept", wall.id, code=1)
    again = wall.err
    (queued,) = json.loads(wall.mur("queue", "--json"))
    shown = wall.mur("show", wall.id)
    second = wall.mur("accept", wall.id)

    assert "il faut encore celui d’une autre personne" in first
    assert "vous avez déjà donné votre accord" in again
    assert ("Zoé", "held") == (queued["agreed_by"], queued["state"])
    assert "il faut l’accord de deux personnes : c’est un billet, elle nomme quelqu’un" in shown
    assert "Zoé a donné son accord le 30/06/2022 à 12:00 ; il manque le vôtre" in shown
    assert "accepté" in second


def test_searching(wall):
    """Words, marks and a page of results; in words and in JSON."""
    found = json.loads(wall.mur("search", "cafe", "soupe", "--json"))
    (hit,) = found["hits"]

    assert (wall.id, "Une soupe", [[4, 9]], None) == (hit["id"], hit["title"], hit["title_marks"], found["after"])
    assert ["café"] == [hit["excerpt"][start:end] for start, end in hit["excerpt_marks"]]
    assert "Une soupe" in wall.mur("search", "soupe")
    assert "Rien ne correspond." in wall.mur("search", "soupe", "--state", "published")
    assert "Rien ne correspond." in wall.mur("search", '"(*')


def test_what_one_look_tells(wall):
    """The checklist with its quotes, and what the same sender sent before."""
    other = wall.take("04-thunderbird-texte.eml")
    told = json.loads(wall.mur("show", wall.id, "--json"))

    assert other == wall.id
    assert [("person", "Mme Untelle")] == [(one["word"], one["quote"]) for one in told["checklist"]]
    assert (["article", "named"], []) == (told["second_voice"], told["same_sender"])
    assert "« Mme Untelle »" in wall.mur("show", wall.id)


def test_refusing_with_a_ready_reason(wall):
    """A key writes the letter, a line is added; without either it is wrong usage."""
    wall.mur("reject", wall.id, code=2)
    wall.mur("reject", wall.id, "--because", "doublon", "--reason", "Merci tout de même !")
    note = json.loads(wall.mur("journal", wall.id, "--json"))[-1]["note"]

    assert note.startswith("Ce texte nous est déjà parvenu")
    assert note.endswith("\n\nMerci tout de même !")


def test_putting_off(wall):
    """Until a date, or until its author answered."""
    wall.mur("defer", wall.id, "--until", "2022-07-02")
    wall.mur("defer", wall.id, "--ask", "Qui a fait la photo ?")
    wall.mur("defer", wall.id, "--until", "demain", code=2)
    refused = wall.err
    told = wall.mur("journal", wall.id)

    assert "--until" in refused
    assert "Qui a fait la photo ?" in told


def test_filters_of_the_queue(wall):
    """By state, kind, whose, and warned."""
    wall.mur("take", wall.id)

    def ids(*options):
        return [item["id"] for item in json.loads(wall.mur("queue", "--json", *options))]

    assert [wall.id] == ids("--mine") == ids("--kind", "article") == ids("--state", "held", "--state", "spam")
    assert [] == ids("--kind", "relay") == ids("--state", "accepted")
    assert "récent" in wall.mur("queue")
    assert "Claudine s’en occupe" in " ".join(wall.mur("queue").split())


def test_looking_back(wall):
    """Journal, figures, tags, moderators: each in words and in JSON."""
    journal = json.loads(wall.mur("journal", "--json", "--since", "7d"))
    told = json.loads(wall.mur("figures", "--json"))

    assert ["hold", "edit"] == [line["what"] for line in journal]
    assert [] == json.loads(wall.mur("journal", "--json", "--since", "2022-07-01"))
    assert all(datetime.fromisoformat(line["at"]).tzinfo for line in journal)
    assert (1, {"fresh": 1, "soon": 0, "late": 0}, 12) == (told["waiting"], told["bands"], len(told["weeks"]))
    assert "attente médiane" in wall.mur("figures")
    assert [{"name": "cuisine", "count": 1}] == json.loads(wall.mur("tags", "--json"))
    assert ["Zoé", "Claudine"] == [one["name"] for one in json.loads(wall.mur("moderators", "--json"))]
    assert "Claudine  <claudine@example.org>  administre, un avis par contribution" in wall.mur("moderators")
    wall.mur("journal", "--since", "hier", code=2)
