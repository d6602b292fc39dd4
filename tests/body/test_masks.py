"""Nobody's address or telephone number is published by default; figures that are none stay."""

from __future__ import annotations

import pytest

from ingest.body.blocks import Link, List, Paragraph, Picture, Preformatted, Quote, Strong, Text
from ingest.body.lines import read, text
from ingest.body.masks import mask
from ingest.body.plain import read_plain
from ingest.model import Why


def masked(mail, **settings):
    """The text with its masks."""
    return text(read(mask(read_plain(mail), **settings).blocks))


def behind(mail):
    """Why and what was masked."""
    return [(piece.why, piece.text) for piece in mask(read_plain(mail)).removed]


@pytest.mark.parametrize(
    "number",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "06-12-34-56-78",
        "0612345678",
        "06\u00a012\u00a034\u00a056\u00a078",
        "06\u202f12\u202f34\u202f56\u202f78",
        "0612 345 678",
        "+33 6 12 34 56 78",
        "+33 (0)6 12 34 56 78",
        "+33612345678",
        "0033 6 12 34 56 78",
        "00 33 6 12 34 56 78",
        "+32 475 12 34 56",
        "+34 612 345 678",
    ],
)
def test_telephone_numbers_are_masked(number):
    """French and international, however their figures are parted."""
    assert masked(f"Appelez le {number}, merci.") == "Appelez le [téléphone masqué], merci."
    assert behind(f"Appelez le {number}, merci.") == [(Why.PHONE, number)]


@pytest.mark.parametrize(
    "figures",
    [
        "13 380 mandataires",
        "1 234 567,89 €",
        "le 06.12.2022 à 10h30",
        "06/12/2022 10:12",
        "le 06.12.2022 10 h",
        "SIRET 123 456 789 00012",
        "article L. 251-1",
        "59000 Lille",
        "n° 0123456789012",
        "3,1415926535",
        "2022-06-08T09:00",
        "FR76 3000 6000 0112 3456 7890 189",
        "le 15, le 17, le 18 et le 112",
    ],
)
def test_other_figures_stay(figures):
    """Prices, dates, counts, registers, articles, postcodes, bank accounts of associations, emergency numbers."""
    assert masked(figures) == figures
    assert behind(figures) == []


@pytest.mark.parametrize(
    "address", ["jeanne@example.org", "jeanne.martin+mur@mail.example.co.uk", "été@exemple.example.net"]
)
def test_mail_addresses_are_masked(address):
    """Within a sentence, in brackets, before a full stop."""
    assert (
        masked(f"Écrivez-moi ({address}) ou à {address}.") == "Écrivez-moi ([adresse masquée]) ou à [adresse masquée]."
    )


@pytest.mark.parametrize(
    "address",
    [
        "jeanne (at) example.org",
        "jeanne[at]example.org",
        "jeanne (arobase) example (point) org",
        "jeanne[arobase]example[point]org",
        "jeanne.martin arobase example.org",
        "jeanne AT example DOT org",
        "jeanne(@)example.org",
    ],
)
def test_an_address_hidden_from_robots_is_an_address(address):
    """Spelt out in French or English; what was written is behind the mask."""
    assert masked(f"Écrivez à {address} ou venez.") == "Écrivez à [adresse masquée] ou venez."
    assert behind(f"Écrivez à {address} ou venez.") == [(Why.ADDRESS, address)]


@pytest.mark.parametrize(
    "words",
    ["Meet me at example.org tonight.", "On est at home (at last) ce soir.", "Le point de départ (at) est fixé."],
)
def test_at_in_a_sentence_is_no_address(words):
    """The English word, and a bracket with no domain after it."""
    assert masked(words) == words


def test_the_wall_s_own_address_stays_though_spelt_out():
    """As people write it on a leaflet."""
    mail = "Écrivez à mur (at) example (point) org."

    assert masked(mail, keep=("mur@example.org",)) == mail


def test_the_wall_s_own_address_stays():
    """Whatever the case it is typed in."""
    mail = "Écrivez à Mur@Example.org, pas à moi@example.org."
    assert masked(mail, keep=("mur@example.org",)) == "Écrivez à Mur@Example.org, pas à [adresse masquée]."


def test_web_addresses_stay_whole():
    """Even where one holds something like an address or a number."""
    url = "https://example.org/@jeanne@example.net/0612345678?a=b"
    assert masked(url) == url


def test_what_follows_a_reader_is_taken_out_of_web_addresses():
    """Parameters of newsletters and somebody's mail address, out of a click counter too; the whole stays restorable."""
    url = "https://example.org/p?utm_source=mail&n=2&email=jeanne%40example.org"
    done = mask(read_plain(f"Voir {url}, demain."))
    assert text(read(done.blocks)) == "Voir https://example.org/p?n=2, demain."
    assert [(piece.why, piece.text) for piece in done.removed] == [(Why.TRACKER, url)]


@pytest.mark.parametrize(
    ("mail", "shown"),
    [
        (
            "J'habite 12 bis, rue des Tanneurs, 59000 Lille, depuis toujours.",
            "J'habite [lieu masqué], depuis toujours.",
        ),
        ("Jeanne Martin\n12, rue des Tanneurs\n59000 Lille\n", "Jeanne Martin\n[lieu masqué]"),
    ],
)
def test_the_postal_address_of_a_person_is_masked(mail, shown):
    """Number, way, postcode and town, in one line or two."""
    assert masked(mail) == shown


@pytest.mark.parametrize(
    "mail",
    [
        "Rendez-vous devant la mairie, 2 place du Marché, 59000 Lille, à 18 h.",
        "Au café du coin\n4 quai Vauban\n59000 Lille",
        "Il y avait 12 rues et 59000 habitants.",
        "Rue des Tanneurs, à Lille.",
    ],
)
def test_public_places_stay(mail):
    """Where everybody is invited to is no secret."""
    assert masked(mail) == mail


def test_links_that_reach_a_person_are_masked_with_what_they_show():
    """`mailto:` and `tel:` lose their address; the words that they show stay."""
    blocks = (
        Paragraph(
            (
                Link("mailto:jeanne@example.org?subject=x", (Text("écrivez-moi"),)),
                Text(", "),
                Link("tel:+33612345678", (Strong((Text("06 12 34 56 78"),)),)),
                Text(", "),
                Link("mailto:mur@example.org", (Text("le mur"),)),
            )
        ),
    )
    done = mask(blocks, keep=("mur@example.org",))
    assert done.blocks == (
        Paragraph(
            (
                Text("écrivez-moi"),
                Text(", "),
                Strong((Text("[téléphone masqué]"),)),
                Text(", "),
                Link("mailto:mur@example.org", (Text("le mur"),)),
            )
        ),
    )
    assert [piece.text for piece in done.removed] == ["jeanne@example.org", "06 12 34 56 78"]


def test_every_corner_of_the_tree_is_masked():
    """Quotes, lists, descriptions of pictures, text that stands as it is."""
    own = Paragraph((Text("a@example.org"), Picture("cid:1", "b@example.org")))
    blocks = (Quote((List(((own, Preformatted("c@example.org")),)),)),)
    assert [piece.text for piece in mask(blocks).removed] == ["c@example.org", "a@example.org", "b@example.org"]
    assert "@" not in repr(mask(blocks).blocks)


def test_masking_twice_changes_nothing():
    """The masks themselves reach nobody."""
    once = mask(read_plain("a@example.org, 06 12 34 56 78, 12 rue Haute, 59000 Lille"))
    assert mask(once.blocks) == type(once)(blocks=once.blocks, removed=())
