"""Lines wrapped by a program are joined; what a person parted stays parted; a typed list becomes a list."""

from __future__ import annotations

import pytest

from ingest.body.blocks import List, Paragraph, Rule, Text
from ingest.body.lines import read
from ingest.body.plain import read_plain
from ingest.body.reflow import join

WRAPPED = """\
Cela fait trois semaines que la mairie a fait poser une caméra au coin de
la rue des Tanneurs, et personne dans le quartier n'en a été prévenu. Nous
avons demandé pourquoi au conseil, qui nous a promis une réponse pour le
mois prochain.
"""
VERSE = """\
Le quartier s'éveillait sous un ciel de cendre et d'or,
Les volets un à un s'ouvraient comme des paupières,
Et l'on sentait monter, de la rue qui s'endort,
Une odeur de pain chaud mêlée à la poussière.
"""
ADDRESS = "Association du quai\n12, rue des Tanneurs\n59000 Lille\n"
DIALOGUE = "- Tu viens ? demanda-t-elle.\n- Non.\n- Alors je pars.\n"


def shown(mail, *, flowed=False):
    """The lines of the joined blocks."""
    return [line.text for line in read(join(read_plain(mail), flowed=flowed))]


def items(block):
    """The texts of a list."""
    return [line.text for line in read((block,))]


def test_prose_wrapped_at_a_width_is_one_paragraph():
    """Breaks where the next word had no room were a program's."""
    assert shown(WRAPPED) == [" ".join(WRAPPED.split("\n")).strip()]


def test_two_wrapped_lines_follow_the_width_of_the_others():
    """A short paragraph is judged by the width of the mail; a sentence of its own on a line keeps it."""
    mail = WRAPPED + "\nBonne soirée à vous.\nClaudine, du numéro douze de la rue.\n"
    assert shown(mail)[1:] == ["Bonne soirée à vous.", "Claudine, du numéro douze de la rue."]


@pytest.mark.parametrize("mail", [VERSE, ADDRESS, DIALOGUE, "Bonjour,\nVoici mon texte.\nMerci.\n"])
def test_what_a_person_parted_stays(mail):
    """A poem, an address, a dialogue, a letter's opening."""
    assert shown(mail) == mail.splitlines()


def test_verse_beside_prose_stays():
    """The width of the prose says nothing of the poem."""
    assert shown(WRAPPED + "\n" + VERSE)[1:] == VERSE.splitlines()


def test_flowed_breaks_are_all_meant():
    """format=flowed (RFC 3676) was unwrapped before: what breaks are left are the author's."""
    assert shown(WRAPPED, flowed=True) == WRAPPED.splitlines()


def test_a_web_address_keeps_its_line():
    """Programs never wrap one, so its neighbours tell nothing."""
    mail = "Lire la suite :\nhttps://example.org/" + "a" * 90 + "\nMerci\n"
    assert shown(mail) == mail.splitlines()


@pytest.mark.parametrize("mark", ["-", "*", "•", "–", "·"])
def test_a_typed_list_becomes_a_list(mark):
    """Two items and more, with the line above it a paragraph of its own."""
    head, made, tail = join(read_plain(f"Au programme :\n{mark} lecture\n{mark} repas\nVenez !\n"), flowed=False)
    assert items(made) == ["lecture", "repas"]
    assert isinstance(made, List)
    assert made.start is None
    assert (head, tail) == (Paragraph((Text("Au programme :"),)), Paragraph((Text("Venez !"),)))


def test_items_parted_by_blank_lines_are_one_list():
    """As many people type them."""
    (made,) = join(read_plain("- lecture\n\n- repas\n\n- danse\n"), flowed=False)
    assert items(made) == ["lecture", "repas", "danse"]


def test_numbers_that_follow_make_a_numbered_list():
    """It starts where the author starts."""
    (made,) = join(read_plain("3. Fermer\n4. Partir\n"), flowed=False)
    assert isinstance(made, List)
    assert made.start == 3


@pytest.mark.parametrize(
    "mail", ["1944. La ville brûle.\n1945. Elle dort.\n", "2. Seul.\n", "3. Un\n7. Deux\n", "- Non, je reste.\n"]
)
def test_years_jumps_and_single_items_are_text(mail):
    """A list has two items and goes on by one."""
    assert shown(mail) == mail.splitlines()


def test_an_indented_line_goes_on_with_its_item():
    """However the break came about."""
    (made,) = join(read_plain("- une lecture\n  à voix haute\n- un repas\n"), flowed=False)
    assert items(made) == ["une lecture à voix haute", "un repas"]


@pytest.mark.parametrize("rule", ["-----", "***", "___", "* * *", "---------------------"])
def test_a_divider_becomes_a_rule(rule):
    """On its own line, with or without blank lines around."""
    assert join(read_plain(f"Un\n{rule}\nDeux\n"), flowed=False) == (
        Paragraph((Text("Un"),)),
        Rule(),
        Paragraph((Text("Deux"),)),
    )


def test_an_underlined_heading_stays_as_typed():
    """So do capitals: what looks like a title to one is a cry to another."""
    mail = "TITRE\n=====\nTexte\n"
    assert shown(mail) == mail.splitlines()


@pytest.mark.parametrize("mail", ["*gras* et _souligné_", "# non", "militant·e·s, tou.te.s", "~ 12 € ~"])
def test_typed_marks_stay_characters(mail):
    """The writer of Markdown escapes them."""
    assert join(read_plain(mail), flowed=False) == (Paragraph((Text(mail),)),)
