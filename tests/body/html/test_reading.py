"""The HTML that mail clients send, read: `mails/<client>-<case>.html` beside the Markdown that it must become."""

import os
from pathlib import Path

import pytest

from ingest.body import text as plain_text
from ingest.body.blocks import Blocks, List, Marked, Quote
from ingest.body.html import read_html
from ingest.body.markdown import write
from ingest.model import Why

MAILS = Path(__file__).parent / "mails"
NAMES = sorted(path.stem for path in MAILS.glob("*.html"))


def read(name):
    return read_html((MAILS / f"{name}.html").read_text(encoding="utf-8"), text_bytes=200_000)


def markers(blocks: Blocks):
    for block in blocks:
        if isinstance(block, Marked | Quote):
            yield (block.marker, plain_text.write(block.children).split("\n")[0])
            yield from markers(block.children)
        if isinstance(block, List):
            yield from (marker for item in block.items for marker in markers(item))


@pytest.mark.parametrize("name", NAMES)
def test_each_client_is_read_as_its_user_meant(name):
    """What a mail says comes out as Markdown, without what its client put around it."""
    written = write(read(name).blocks)

    expected = MAILS / f"{name}.md"
    if os.environ.get("GOLDEN"):
        expected.write_text(written + "\n", encoding="utf-8")
    assert written + "\n" == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "gmail-reply",
            [
                ("signature", "Odile"),
                ("quote", "Le mer. 8 juin 2022 à 18:15, Le mur <mur@example.org> a écrit :"),
                ("attribution", "Le mer. 8 juin 2022 à 18:15, Le mur <mur@example.org> a écrit :"),
                ("gmail_quote", "Avez-vous une recette à partager ?"),
            ],
        ),
        (
            "apple-reply",
            [("cite", "Le 3 juin 2022 à 09:05, Paul <paul@example.net> a écrit :"), ("cite", "Où vas-tu marcher ?")],
        ),
        (
            "thunderbird-reply",
            [
                ("attribution", "Le 02/06/2022 à 11:20, Paul a écrit :"),
                ("cite", "Peux-tu apporter"),
                ("signature", "--"),
            ],
        ),
        ("thunderbird-forward", [("forward", "-------- Message transféré --------")]),
        ("outlook-word", [("quote", "De : Odile <odile@example.org>")]),
        ("outlook-web-reply", [("signature", "Paul"), ("quote", "* * *")]),
        ("yahoo-reply", [("signature", "Jeanne"), ("quote", "Le mardi 7 juin 2022, Odile a écrit :")]),
        (
            "proton-reply",
            [
                ("signature", "Envoyé avec Proton"),
                ("quote", "Le mardi 7 juin 2022, Odile a écrit :"),
                ("protonmail_quote", "Reçu ?"),
            ],
        ),
        ("zimbra-reply", [("signature", "--"), ("quote", "* * *"), ("quote", "À quelle heure ?")]),
        ("samsung", [("signature", "Envoyé depuis mon appareil Galaxy")]),
        ("lists", [("", "cité"), ("", "deux fois")]),
    ],
)
def test_what_a_client_marked_is_marked(name, expected):
    """Quotes, forwards and signatures bear the mark of their client, where it set one."""
    found = [(marker, line.replace("\xa0", " ")) for marker, line in markers(read(name).blocks)]

    assert found == expected


def test_a_newsletter_names_what_it_hid():
    """Hidden text, trackers, remote images and addresses that may not stand are told to the moderator."""
    mail = read("newsletter")

    assert [(piece.why, piece.text) for piece in mail.removed] == [
        (Why.HIDDEN, "La lettre de juin"),
        (Why.TRACKER, "https://suivi.example.net/ouvert.gif?n=1"),
        (Why.TRACKER, "utm_source, utm_medium, mc_eid (lettre.example.org)"),
        (Why.LINK, "https://lettre.example.org/"),
        (Why.REMOTE_IMAGE, "La lettre https://lettre.example.org/logo.png"),
        (Why.LINK, "là <javascript:alert(1)>"),
    ]
    assert mail.warnings == (
        "link-mismatch: lettre.example.org -> autre.example.net",
        "link-redirect: x.list-manage.com",
        "link-scheme: javascript",
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("un\n  deux", "un deux"),
        ("<div>un</div><div>deux</div>", "un  \ndeux"),
        ("<div>un</div><div><br></div><div>deux</div>", "un\n\ndeux"),
        ("<div>un<br></div><div>deux</div>", "un  \ndeux"),
        ("un<br><br>deux", "un\n\ndeux"),
        ("<p>un</p><p>&nbsp;</p><p>deux</p>", "un\n\ndeux"),
        (
            "".join(f"<p style='margin:0'>{line}</p>" for line in ("un", "deux", "<br>", "trois")),
            "un  \ndeux\n\ntrois",
        ),
        ("un&nbsp;: deux &nbsp; trois 14&nbsp;h", "un\xa0: deux trois 14\xa0h"),
        ("<div style='white-space: pre-wrap'>un\ndeux</div>", "un  \ndeux"),
        ("<b>un </b><b>deux</b>", "**un deux**"),
        ("<i>un</i><b>deux</b>", "_un_**deux**"),
        ("<h1></h1><h1>Un</h1><h2>Deux</h2>", "## Un\n\n### Deux"),
        ("<img src='https://x.example/1f600.png' alt='😀'> oui", "😀 oui"),
        ("<table><tr><td>Nom :</td><td>Odile</td></tr></table>", "Nom : Odile"),
        ("<a href='mailto:a@example.org'>écrire</a>", "[écrire](mailto:a@example.org)"),
        ("<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>retrait</blockquote>", "retrait"),
        ("<ol><ol><li>un</li></ol></ol>", "1. un"),
        ("<svg><text>x</text></svg><p onclick=x>y</p>", "y"),
        ("", ""),
        ("https://example.org/seul", "<https://example.org/seul>"),
    ],
)
def test_lines_and_blanks(markup, expected):
    """What stands on one line, on the next and in another paragraph is what a reader saw."""
    assert write(read_html(markup, text_bytes=10_000).blocks) == expected
