"""What is the author's stays, what is a client's, a server's or somebody else's is folded, and nothing is lost."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.body.blocks import Break, Link, Marked, Paragraph, Picture, Quote, Strong, Text
from ingest.body.cut import cut
from ingest.body.cut.signatures import is_device
from ingest.body.lines import read, text
from ingest.body.plain import read_plain
from ingest.model import Why
from tests import growth

CASES = sorted((Path(__file__).parent / "cut").glob("*.txt"))


def sections(path: Path) -> dict[str, str]:
    """The parts of a case: `subject`, `mail`, and what is expected of it."""
    parts = re.split(r"^%% (\w+)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_mail_is_cut_as_its_case_says(path):
    """Each file holds a mail in the shape of a client, what is kept of it, and what is folded and why."""
    case = sections(path)
    done = cut(read_plain(case["mail"]), subject=case["subject"].strip())
    assert text(read(done.blocks)) == case["kept"].rstrip("\n")
    assert "".join(f"[{piece.why.value}]\n{piece.text}\n" for piece in done.removed) == case["removed"]
    told = done.forwarded
    line = f"{told.from_name} | {told.from_address} | {told.subject} | {told.date}\n" if told else ""
    assert line == case["forwarded"]


def test_there_is_a_case_for_each_trial_shape():
    """The ten shapes that the libraries and rivals were tried on, the wall's own name first."""
    assert [path.stem[6] for path in CASES if path.stem.startswith("trial-")] == list("abcdefghij")


SENTENCES = st.sampled_from(
    [
        "Le soir tombe sur la rue Haute.",
        "Le mar. 3 juin 2025 à 14:02, Jean <jean@example.org> a écrit :",
        "Jean <jean@example.org>",
        "a écrit :",
        "De : Jean <jean@example.org>",
        "Envoyé : mardi 3 juin 2025 14:02",
        "À : Jeanne",
        "Objet : TR: Votre texte",
        "---------- Forwarded message ---------",
        "-----Message d'origine-----",
        "________________________________",
        "-- ",
        "-----",
        "Envoyé de mon iPhone",
        "Cordialement,",
        "06 12 34 56 78",
        "Ce message et ses pièces jointes sont confidentiels, merci de le détruire, cher destinataire.",
        "Pour vous désabonner de cette liste",
        "- un point",
        "",
        "",
    ]
)
MAILS = st.lists(st.tuples(st.integers(0, 3), SENTENCES), max_size=25).map(
    lambda lines: "\n".join("> " * depth + line for depth, line in lines)
)


def words(written: str) -> Counter[str]:
    return Counter(re.findall(r"\w+|-{2,}|_{2,}", written))


@given(mail=MAILS, subject=st.sampled_from(["Bonjour", "Re: Bonjour", "TR: Bonjour"]))
def test_every_line_is_kept_or_removed_exactly_once(mail, subject):
    """Nothing is lost and nothing doubled, whatever the lines and in whatever order."""
    done = cut(read_plain(mail), subject=subject)
    told = words(text(read(done.blocks)))
    for piece in done.removed:
        told += words(piece.text)
    assert told == words(mail)


@given(mail=MAILS, subject=st.sampled_from(["Bonjour", "Re: Bonjour", "TR: Bonjour"]))
def test_only_a_mail_of_header_lines_becomes_empty(mail, subject):
    """Where all would be folded, what says something stands after all: a signature, or what is quoted.

    What a telephone says of itself says nothing.
    """
    blocks = read_plain(mail)
    done = cut(blocks, subject=subject)
    if not any(line.solid for line in read(done.blocks)):
        lines = [(piece.why, line) for piece in done.removed for line in piece.text.split("\n")]
        said = {why for why, line in lines if any(map(str.isalnum, line)) and not is_device(line)}
        assert said <= {Why.FORWARD_HEADER}


def test_each_piece_has_its_blocks_for_putting_it_back():
    """A folded quote can be put back with its structure, not only as text."""
    done = cut(read_plain("Oui.\n\nLe 3 juin 2025 à 14:02, Jean <j@example.org> a écrit :\n> Tu viens ?\n"), subject="")
    (piece,) = done.pieces
    assert piece == (
        Paragraph((Text("Le 3 juin 2025 à 14:02, Jean <j@example.org> a écrit :"),)),
        Quote((Paragraph((Text("Tu viens ?"),)),)),
    )


def html_reply(*below):
    return (Paragraph((Text("Mon texte."),)), *below)


def test_what_a_client_marked_as_a_quote_is_folded_without_words():
    """HTML of a client that writes no attribution still says what it quotes."""
    done = cut(html_reply(Marked("quote", (Paragraph((Text("Bonjour,"), Break(), Text("merci."))),))), subject="Re: x")
    assert done.blocks == (Paragraph((Text("Mon texte."),)),)
    assert [(piece.why, piece.text) for piece in done.removed] == [(Why.QUOTE, "Bonjour,\nmerci.")]


def test_an_answer_between_marked_quotes_keeps_them():
    """Gmail and Apple Mail part the quote where somebody answers within it."""
    one, two = (Quote((Paragraph((Text(asked),)),), "gmail_quote") for asked in ("Quand ?", "Où ?"))
    blocks = (one, Paragraph((Text("Demain."),)), two, Paragraph((Text("Ici."),)))
    assert cut(blocks, subject="Re: x").blocks == blocks


def test_a_forward_marked_as_a_quote_is_still_the_contribution():
    """Gmail puts a forward into the very `gmail_quote` that a reply stands in."""
    head = (
        "---------- Forwarded message ---------",
        "De : Claire <claire@example.net>",
        "Date: 3 juin",
        "Subject: Appel",
    )
    lines = tuple(part for line in head for part in (Text(line), Break()))
    blocks = html_reply(Marked("quote", (Marked("attribution", (Paragraph(lines),)), Paragraph((Text("Venez."),)))))
    done = cut(blocks, subject="Fwd: Appel")
    assert text(read(done.blocks)) == "Mon texte.\n\nVenez."
    assert done.forwarded is not None
    assert done.forwarded.from_address == "claire@example.net"


def test_a_marked_signature_and_footer_are_folded():
    """What the client marks needs no guess."""
    blocks = html_reply(
        Marked("signature", (Paragraph((Text("Jeanne"),)),)), Marked("footer", (Paragraph((Text("Bas"),)),))
    )
    assert [piece.why for piece in cut(blocks, subject="x").removed] == [Why.SIGNATURE, Why.FOOTER]


def test_a_mail_typed_within_its_signature_stays():
    """Outlook for phones lets people type inside of the element of the signature."""
    blocks = (Marked("signature", (Paragraph((Text("Tout mon texte."),)),)),)
    done = cut(blocks, subject="x")
    assert done.blocks == (Paragraph((Text("Tout mon texte."),)),)
    assert done.removed == ()
    assert done.warnings == ("only-signature",)


def test_a_header_in_bold_that_holds_its_breaks_is_read():
    """Word and Outlook put a whole header block, breaks included, into one bold element."""
    inner = ("De : Jean <j@example.org>", "Envoyé : mardi 3 juin 2025 14:02", "À : Jeanne", "Objet : x")
    bold = Strong(tuple(part for line in inner for part in (Text(line), Break()))[:-1])
    done = cut(html_reply(Paragraph((bold,)), Paragraph((Text("Bonjour"),))), subject="Re: x")
    assert text(read(done.blocks)) == "Mon texte."


def test_a_picture_is_something_of_the_sender_s_own():
    """A photograph above a quoted mail is a contribution, not a forward without a word."""
    photo = Paragraph((Picture("cid:1", ""),))
    quoted = read_plain("De : Jean <j@example.org>\nEnvoyé : mardi\nObjet : x\n\nEnvoie-moi la photo.\n")
    done = cut((photo, *quoted), subject="Re: x")
    assert done.blocks == (photo,)
    assert done.forwarded is None


@pytest.mark.parametrize("last", ["...", "…", "🎉", "!"])
def test_a_last_line_of_points_is_no_divider(last):
    """A poem may end so."""
    assert cut(read_plain(f"La porte est bleue\n{last}\n"), subject="").removed == ()


def test_links_and_emphasis_of_what_stays_are_untouched():
    """Cutting takes lines out; it never rewrites one."""
    own = Paragraph((Text("Voyez "), Link("https://example.org/", (Strong((Text("ici"),)),)), Break(), Text("et là.")))
    assert cut((own, Marked("quote", read_plain("x\n"))), subject="Re: x").blocks == (own,)


HOSTILE = {
    "newlines": "\n",
    "short lines": "a\n",
    "De": "De : a\n",
    "Le": "Le ",
    "quote marks": "> a\n",
    "dashes": "-----\n",
    "delimiters": "-- \n",
    "almost attributions": "Le 3 juin 2025 à 14:02, elle disait :\n",
    "attributions": "Le 3 juin 2025 à 14:02, Jean <j@example.org> a écrit :\n> a\nb\n",
    "headers": "De : Jean <j@example.org>\nEnvoyé : mardi\nObjet : TR: a\nb\n",
    "signatures": "Envoyé de mon iPhone\n",
    "regards": "Cordialement,\n06 12 34 56 78\n",
    "footers": "pièces jointes, confidentiel, destinataire, par erreur\n\n",
    "angles": "<\n>:\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_time_grows_with_the_size_and_no_faster(name):
    """Eight times as much of anything takes about eight times as long."""
    unit = HOSTILE[name]
    count = max(1000, 60_000 // len(unit))

    assert growth.is_linear(lambda size: cut(read_plain(unit * size), subject="Re: a"), count // growth.TIMES)
