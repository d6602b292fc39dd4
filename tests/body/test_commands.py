"""What a contributor can say at the head of a mail, and what is no command."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ingest.body import dates
from ingest.body.commands import take
from ingest.body.lines import read, text
from ingest.body.plain import read_plain
from ingest.model import Why

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2022, 6, 8, 9, 0, tzinfo=PARIS)
"""A Wednesday."""


def asked(mail):
    """What a mail asks for on that Wednesday."""
    return take(read_plain(mail), now=NOW, timezone=PARIS)


def left(done):
    """The text without commands."""
    return text(read(done.blocks))


def test_the_head_of_a_mail_says_what_its_author_wants():
    """All commands at once, in French, and the lines are told as removed."""
    done = asked(
        "Titre : Le banc public\nPseudo : La voisine du 4\nMots-clés : quartier, banc ; mémoire\n"
        "Date : 12 juin 2022 18h\nRubrique : Récits\nUrgent\n\nIl y avait un banc.\n"
    )
    assert (done.title, done.byline, done.section) == ("Le banc public", "La voisine du 4", "Récits")
    assert done.tags == ("quartier", "banc", "mémoire")
    assert done.not_before == datetime(2022, 6, 12, 18, 0, tzinfo=PARIS)
    assert done.urgent
    assert not done.anonymous
    assert left(done) == "Il y avait un banc."
    assert [piece.why for piece in done.removed] == [Why.COMMAND] * 6


def test_english_and_no_break_spaces_are_understood():
    """A telephone puts U+00A0 before the colon."""
    done = asked("Title\u00a0: The bench\nTags: bench, #street\nAnonymous\n\nOnce there was a bench.\n")
    assert (done.title, done.tags, done.anonymous, done.byline) == ("The bench", ("bench", "street"), True, None)


@pytest.mark.parametrize(
    "line", ["Anonyme", "anonymement", "*Anonyme*", "Anonyme : oui", "Signé : anonyme", "ANONYME."]
)
def test_anonymity_is_asked_for_in_many_ways(line):
    """And then nothing signs."""
    done = asked(f"{line}\n\nTexte.\n")
    assert done.anonymous
    assert done.byline is None
    assert left(done) == "Texte."


@pytest.mark.parametrize(
    "mail",
    [
        "Le banc était vide.\nDate : le 12 juin\n",
        "Date : samedi 12 juin\nLieu : place du marché\n\nVenez.\n",
        "Date : un jour de pluie\n\nIl pleut.\n",
        "Pseudo : jeanne@example.org\n\nTexte.\n",
        "Urgence à l'hôpital : récit\n\nTexte.\n",
        "> Titre : cité\n\nTexte.\n",
        "#rue\n",
    ],
)
def test_what_is_no_command_stays(mail):
    """A story, an announcement, a value without sense, an address, a quote, a text of one hashtag."""
    done = asked(mail)
    assert left(done) == mail.strip()
    assert done.removed == ()
    assert (done.title, done.byline, done.tags, done.not_before, done.urgent) == (None, None, (), None, False)


def test_a_last_line_of_hashtags_gives_tags():
    """Only the last one, and only where nothing else stands in it."""
    assert asked("Un #mot dans le texte.\n\n#rue, #été #Rue\n").tags == ("rue", "été")
    assert asked("Texte.\n\nVive la #rue\n").tags == ()


def test_a_last_line_signs():
    """Above the hashtags or not."""
    assert asked("Texte.\n\nSigné : Une habituée\n").byline == "Une habituée"
    assert asked("Texte.\n\nSigné : Une habituée\n#rue\n").byline == "Une habituée"


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("12 juin 2022", (2022, 6, 12, 0, 0)),
        ("12/06/2022 18h", (2022, 6, 12, 18, 0)),
        ("12/06/2022 à 18h30", (2022, 6, 12, 18, 30)),
        ("12.06.22", (2022, 6, 12, 0, 0)),
        ("2022-06-12 18:30", (2022, 6, 12, 18, 30)),
        ("le dimanche 12 juin", (2022, 6, 12, 0, 0)),
        ("1er juillet à midi", (2022, 7, 1, 12, 0)),
        ("3 janvier", (2023, 1, 3, 0, 0)),
        ("14 août 2022 à 9 h", (2022, 8, 14, 9, 0)),
        ("demain", (2022, 6, 9, 0, 0)),
        ("après-demain 8 h", (2022, 6, 10, 8, 0)),
        ("samedi prochain", (2022, 6, 11, 0, 0)),
        ("mercredi", (2022, 6, 15, 0, 0)),
        ("June 12, 2022 at 6 pm", (2022, 6, 12, 18, 0)),
        ("tomorrow 9:00", (2022, 6, 9, 9, 0)),
    ],
)
def test_dates_are_read_as_people_type_them(typed, moment):
    """In the wall's time zone; without a year the next to come, a weekday never today."""
    assert dates.read(typed, now=NOW, timezone=PARIS) == datetime(*moment, tzinfo=PARIS)


@pytest.mark.parametrize(
    "typed", ["", "bientôt", "32 juin 2022", "12 juin, place du marché", "30/02/2022", "25h", "12 brumaire", "99999"]
)
def test_what_is_no_date_is_none(typed):
    """And never an error."""
    assert dates.read(typed, now=NOW, timezone=PARIS) is None
