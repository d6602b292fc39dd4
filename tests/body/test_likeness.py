"""A text that was sent again is known again; another text is another text."""

from __future__ import annotations

import itertools
import unicodedata
from random import Random

import pytest

from ingest.body.likeness import in_common, likeness
from tests.body import letters
from tests.growth import is_linear

KEY = bytes(range(32))
MANY = 200
EXPECTED = (428082955976840009, 516881423593992233)


def known(body: str, title: str = "", files: tuple[str, ...] = ()):
    return likeness(title, body, files, key=KEY)


def shared(one: str, other: str) -> int:
    return in_common(known(one), known(other))


def _typo(text: str) -> str:
    return text.replace("organise", "organnise", 1).replace("samedi", "samdi", 1).replace("soirée", "soiré", 1)


def _without_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


SAME = {
    "case": str.upper,
    "accents": _without_accents,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "other marks": lambda text: text.replace("’", "'").replace(".", " ."),
    "reflowed": lambda text: text.replace(" ", "\n"),
    "emphasis": lambda text: text.replace("Bonjour", "**Bonjour**").replace(" le ", " *le* "),
}
CHANGED = {
    "typo": _typo,
    "signature": lambda text: f"{text}\n\nAna Pons\nAssociation des amis du lavoir\n12 rue des Tanneurs",
    "paragraph": lambda text: f"{text}\n\n{letters.sentence(Random(7))} {letters.sentence(Random(8))}",
    "introduction": lambda text: f"Je vous fais suivre ce que j’ai reçu, cela peut vous intéresser.\n\n{text}",
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "first sentence gone": lambda text: text.partition(".")[2],
    "halves changed over": lambda text: "\n\n".join(text.split("\n\n")[i] for i in (0, 2, 1, 3)),
}


@pytest.mark.parametrize("name", SAME)
def test_what_a_mail_client_does_to_a_text_leaves_it_the_same(name):
    """Case, accents, marks, line ends: the very same text, for every letter."""
    texts = [letters.letter(Random(n)) for n in range(MANY)]

    assert {100} == {shared(text, SAME[name](text)) for text in texts}


@pytest.mark.parametrize("name", CHANGED)
def test_what_people_do_to_a_text_leaves_it_alike(name):
    """A word mended, a signature, a paragraph or an introduction more: recall of each over 200 letters."""
    texts = [letters.letter(Random(n)) for n in range(MANY)]
    found = sum(shared(text, CHANGED[name](text)) > 0 for text in texts)

    assert found == MANY


def test_other_texts_of_the_same_people_are_not_alike():
    """Letters that share openings, endings and turns of phrase: precision over 19,900 pairs."""
    texts = [known(letters.letter(Random(n))) for n in range(MANY)]
    alike = [(n, m) for n, one in enumerate(texts) for m, other in enumerate(texts[:n]) if in_common(one, other)]

    assert alike == []


def test_a_programme_with_other_dates_is_alike_and_not_the_same():
    """A template that comes each week is shown with the one before."""
    weeks = [letters.programme(Random(week), week=week) for week in range(52)]
    told = [shared(one, other) for one, other in itertools.pairwise(weeks)]

    assert all(0 < share < 100 for share in told)


def test_dates_alone_do_not_make_the_same_text():
    """Two programmes that differ in nothing but figures have nearly everything in common, and are two."""
    one = "Mercredi 8 juin à 19 h, atelier de tricot. Vendredi 10 juin à 20 h, chorale au café du coin."

    assert shared(one, one.replace("8", "15").replace("10", "17")) == 99


def test_short_texts_are_compared_whole():
    """« Merci beaucoup ! » is alike to itself alone, and not under another title."""
    assert in_common(known("Merci beaucoup !", "Fête"), known("merci beaucoup", "FÊTE")) == 100
    assert in_common(known("Merci beaucoup !", "Fête"), known("Merci beaucoup !", "Concert")) == 0
    assert in_common(known("Merci beaucoup !"), known("Merci à vous !")) == 0


def test_pictures_without_words_are_known_by_what_they_show():
    """Their names are made of their bytes; the subject of the mail does not matter."""
    picture, other = ("0123456789abcdef.jpg",), ("fedcba9876543210.jpg",)
    shown = "![](media:0123456789abcdef.jpg)"

    assert in_common(known(shown, "Photo", picture), known("", "Fwd", picture)) == 100
    assert in_common(known("", "Photo", picture), known("", "Photo", other)) == 0


def test_nothing_is_like_nothing():
    """A draft without words and files has no likeness."""
    assert known("") is None
    assert known(" \n* *\n", "Un titre seul") is None


def test_the_numbers_are_the_same_everywhere_and_hang_on_the_key():
    """They stand in databases: another Python, another machine must find them again."""
    text = letters.letter(Random(1))

    assert known(text) == known(text)
    assert known("un deux trois quatre cinq six sept huit neuf dix onze douze treize").sketch[:2] == EXPECTED
    assert likeness("", text, (), key=b"another").whole != known(text).whole
    assert not set(likeness("", text, (), key=b"another").sketch) & set(known(text).sketch)
    assert all(0 <= number < 2**63 for number in known(text).sketch)


@pytest.mark.parametrize("piece", ["mot ", "](", "](x", "a" * 50 + " ", "\u0301", "1 ", "\ud800 ", "![", "é"])
def test_every_text_costs_what_it_is_long(piece):
    """Twice the text, twice the work, whatever it is made of."""
    assert is_linear(lambda size: known(piece * (size // len(piece))), 25_000)
