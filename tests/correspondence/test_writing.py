"""What letters look like: their header, their text, and whom they go to."""

from __future__ import annotations

import re
import smtplib
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.utils import parseaddr
from pathlib import Path

import pytest

from ingest.conversion import understand
from ingest.correspondence import mime
from ingest.correspondence.answers.carriers import token_of
from ingest.correspondence.kinds import KINDS
from ingest.correspondence.letter import Mail, Picture, Unsent, Written
from ingest.correspondence.mime import Heading, Unaddressable, compose, message_id
from ingest.correspondence.rendering import Templates, one_line, wrapped
from ingest.correspondence.writing import write
from ingest.demo.server import MailServer
from ingest.errors import Misconfigured
from ingest.intake import Intake
from ingest.model import Address, Refusal
from ingest.store import Letter
from ingest.watch import health, keeping
from tests.correspondence.conftest import MAIL, NOW, Office

TEMPLATES = Path(mime.__file__).parent / "templates" / "fr"
TOKEN = "0123456789abcdef0123456789abcdef"
HEADING = Heading(
    token=TOKEN,
    sender=Address(name="Le mur, d’essai", address="mur@example.org"),
    recipient=Address(name="Zoë", address="zoe@example.net"),
    reply_to="",
    submitted="auto-generated",
    answers=(),
    envelope_sender="mur@example.org",
    at=NOW,
)
WRITTEN = Written(subject="Bonjour", text="Déjà vu.\n")


def parsed(mail: Mail):
    return message_from_bytes(mail.raw, policy=policy.SMTP)


def written(office: Office, letter=None) -> Mail | Unsent:
    posted = letter or office.store.letters()[0]
    return write(office.settings, office.store, Templates(office.settings), posted, now=NOW)


@pytest.fixture
def every(office) -> dict[str, Mail]:
    """Each kind of letter there is, by name."""
    keeping.change(
        office.settings.paths.state,
        lambda it: replace(health.polled(it, now=NOW - timedelta(hours=1), unfiled=1, waiting={}), publish_failures=1),
    )
    office.post()
    office.receive(MAIL)
    found = {one.kind: written(office, one) for one in office.store.letters()}
    return {kind: mail for kind, mail in found.items() if isinstance(mail, Mail)}


def test_an_answer(office):
    """To the one From address, threaded, plainly automatic; it repeats nothing of the mail (RFC 3834 section 3.1)."""
    office.receive(MAIL.replace(b"Subject:", b"Reply-To: autre@example.com\r\nCc: tierce@example.com\r\nSubject:"))

    mail = written(office)
    told = parsed(mail)

    assert ("", "mur@example.org", "claude@example.net") == (mail.sender, mail.author, mail.recipient)
    assert {
        "To": "claude@example.net",
        "Subject": "Votre courriel est trop lourd pour Le mur d’essai",
        "In-Reply-To": "<un-film@example.net>",
        "References": "<un-film@example.net>",
        "Auto-Submitted": "auto-replied",
        "X-Auto-Response-Suppress": "All",
        "X-Loop": "mur@example.org",
    } == {name: str(told[name]) for name in set(told.keys()) & {*KEPT}}
    assert ("Le mur d’essai", "mur@example.org") == (
        told["From"].addresses[0].display_name,
        told["From"].addresses[0].addr_spec,
    )
    assert "26 Mo" in told.get_content()
    assert not any(word in mail.raw.decode() for word in ("CANARI", "Claude", "autre@", "tierce@", "=?utf-8?q?un_film"))


KEPT = (
    "To",
    "Subject",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "X-Loop",
    "Cc",
    "Reply-To",
)


def test_a_letter_to_a_moderator(office):
    """By name, from our address on the envelope, so that a bounce is seen; answering nothing."""
    keeping.change(
        office.settings.paths.state,
        lambda it: health.polled(it, now=NOW - timedelta(hours=1), unfiled=0, waiting={}),
    )
    office.post()

    mail = written(office)
    told = parsed(mail)

    assert ("mur@example.org", "ana@example.org") == (mail.sender, mail.recipient)
    assert ("auto-generated", None, None) == (told["Auto-Submitted"], told["In-Reply-To"], told["Cc"])
    assert "Bonjour Ana" in told.get_content()
    assert "60 minutes" in told.get_content()
    assert "bo@example.org" not in mail.raw.decode()


def test_the_message_id_is_the_letters_own_and_stays():
    """Of its token and the domain that it comes from; an answer to it tells which it was."""
    first, again = compose(WRITTEN, HEADING), compose(WRITTEN, replace(HEADING, at=NOW + timedelta(days=1)))

    assert first.message_id == again.message_id == f"<letter.{TOKEN}@example.org>"
    assert TOKEN == token_of(first.message_id)
    assert ["", "", ""] == [token_of(other) for other in ("<1@example.org>", "", f"<x.letter.{TOKEN}@example.org>")]


def test_lines_are_short_and_in_ascii(every):
    """RFC 5322 section 2.1.1: at most 78 columns, CRLF, 7 bits; whatever the name of the wall."""
    for mail in every.values():
        lines = mail.raw.split(b"\r\n")
        assert mail.raw.isascii()
        assert b"\n" not in b"".join(lines)
        assert max(len(line) for line in lines) <= 78


def test_every_letter_is_written_here(every):
    """So that the tests that look at all of them do."""
    assert {"alarm", "refused-too-large"} <= every.keys()
    assert set(KINDS) <= {path.stem for path in TEMPLATES.iterdir()}


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.txt")), ids=lambda path: path.stem)
def test_the_french_is_set_as_french(path):
    """Narrow no-break spaces before high punctuation and inside quotation marks; no typewriter's apostrophe."""
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "x", path.read_text(encoding="utf-8"))
    text = re.sub(r"https?://\S+", "", text)

    assert [] == re.findall(r".{0,12}(?<![\u202f\u00a0])[;!?»].{0,5}", text)
    assert [] == re.findall(r".{0,12}[^\u202f\u00a0\d]:(?=\s).{0,5}", text)
    assert [] == re.findall(r"«[^\u202f\u00a0].{0,9}", text)
    assert "'" not in text


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Un\r\nBcc: x@example.com", "Un Bcc: x@example.com"),
        ("Un\nX: y\rZ: w", "Un X: y Z: w"),
        ("Un\u2028deux\u2029trois\x0bquatre\x85cinq", "Un deux trois quatre cinq"),
        ("a\x00b\ud800c", "abc"),
        ("bon\u202ejour", "bonjour"),
        ("x" * 500, "x" * 159 + "…"),
        ("", ""),
    ],
)
def test_no_subject_makes_a_field(subject, expected):
    """It is one line, whatever it is made of."""
    told = parsed(compose(replace(WRITTEN, subject=subject), HEADING))

    assert expected == one_line(subject) == str(told["Subject"])
    assert None is told["Bcc"]


@pytest.mark.parametrize(
    "name", ["Zoë\r\nBcc: x@example.com", 'a"b\\c', "a, b <x@example.com>", "=?utf-8?q?a?=", "\x00" * 9]
)
def test_no_name_makes_an_address(name):
    """A display name is quoted."""
    mail = compose(WRITTEN, replace(HEADING, recipient=Address(name=name, address="zoe@example.net")))

    assert ["zoe@example.net"] == [one.addr_spec for one in parsed(mail)["To"].addresses]
    assert None is parsed(mail)["Bcc"]


@pytest.mark.parametrize(
    "address",
    ["", "zoe", "zoe@", "@example.net", "a b@example.net", "a@b@c", "a@example.net\r\nBcc: b@c.org", "é@" + "x" * 300],
)
def test_what_is_no_address_gets_no_letter(address):
    """It ends there, and raises nothing else."""
    try:
        mail = compose(WRITTEN, replace(HEADING, recipient=Address(name="", address=address)))
    except Unaddressable:
        return
    assert parseaddr(str(parsed(mail)["To"]))[1] == mail.recipient
    assert None is parsed(mail)["Bcc"]


@pytest.mark.parametrize(
    ("address", "envelope", "utf8"),
    [("a@exämple.net", "a@xn--exmple-cua.net", False), ("zoë@example.net", "zoë@example.net", True)],
)
def test_addresses_beyond_ascii(address, envelope, utf8):
    """A domain has an ASCII form (RFC 5890), a local part has none (RFC 6531)."""
    mail = compose(WRITTEN, replace(HEADING, recipient=Address(name="", address=address)))

    assert (envelope, utf8) == (mail.recipient, mail.utf8)


def test_long_references_stay_whole():
    """Outlook's ids are longer than a line; what is no id is left out, and only the last ones are named."""
    long = f"<{'A' * 120}@eurprd01.prod.example.net>"
    answers = ("<a b>", "no", *(f"<{n}@example.net>" for n in range(40)), long)

    told = message_from_bytes(compose(WRITTEN, replace(HEADING, answers=answers)).raw)

    assert long == told["In-Reply-To"]
    assert 20 == len(told["References"].split())
    assert long == told["References"].split()[-1]


def test_html_and_its_pictures():
    """An alternative, with its pictures beside it and nowhere else (RFC 2387)."""
    page = replace(WRITTEN, html='<p>Déjà <img src="cid:photo" alt=""></p>')
    mail = parsed(compose(page, HEADING, [Picture(name="photo", type="image/png", data=b"\x89PNG")]))

    assert "multipart/alternative" == mail.get_content_type()
    assert ["text/plain", "multipart/related"] == [part.get_content_type() for part in mail.iter_parts()]
    assert "Déjà vu.\n" == mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "cid:photo" in mail.get_body(("html",)).get_content()
    assert [("<photo>", b"\x89PNG", "inline")] == [
        (part["Content-ID"], part.get_content(), part.get_content_disposition())
        for part in list(mail.iter_parts())[1].iter_attachments()
    ]


def test_lines_are_wrapped_and_addresses_are_not():
    """A paragraph a line in the template; lists and quotes keep their shape."""
    link = "https://moderation.example.org/" + "x" * 100
    text = f"{'mot ' * 40}\n- {'mot ' * 40}\n> {'mot ' * 40}\n{link}\n\n\n\nFin"

    lines = wrapped(text).splitlines()

    assert all(len(line) <= 74 for line in lines if line != link)
    assert link in lines
    assert 3 == sum(line.startswith("> ") for line in lines)
    assert 2 == sum(line.startswith("  mot") for line in lines)
    assert ["", "Fin"] == lines[-2:]
    assert 120 == sum(line.count("mot") for line in lines)


def test_a_signature_begins_as_signatures_do():
    """Two dashes and a space, which programs cut from there on (RFC 3676 section 4.3)."""
    assert "Un\n-- \nDeux\n" == wrapped("Un\n--\nDeux")


def test_a_template_of_the_walls_own(office):
    """Beside `mur.toml`, for one kind; in a folder of the language before that."""
    office.receive(MAIL)
    folder = office.folder / "letters"
    (folder / "fr").mkdir(parents=True)
    (folder / "refused-too-large.txt").write_text("Trop gros\n\n{{ megabytes }} Mo\n", encoding="utf-8")
    first = parsed(written(office))
    (folder / "fr" / "refused-too-large.txt").write_text("Bien trop gros\n\nOui.\n", encoding="utf-8")
    second = parsed(written(office))

    assert ("Trop gros", "26 Mo") == (first["Subject"], first.get_content().strip())
    assert "Bien trop gros" == second["Subject"]


@pytest.mark.parametrize(
    "text",
    [
        "{{ unknown }}\n\nx",
        "Un\n\n{% if %}",
        "Un\n\n{{ wall.__class__.__mro__ }}",
        "Un\n\n{{ 1 / 0 }}",
        "Un\n\n{% include '../../mur.toml' %}",
        "Un\n\n{{ ''.join(5) }}",
    ],
)
def test_a_bad_template_says_where(office, text):
    """Nothing that it does reaches the program or another file."""
    office.receive(MAIL)
    (office.folder / "letters").mkdir()
    (office.folder / "letters" / "refused-too-large.txt").write_text(text, encoding="utf-8")

    with pytest.raises(Misconfigured):
        written(office)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ((b"dmarc=pass", b"dmarc=fail"), "unauthenticated"),
        ((b"Subject:", b"Auto-Submitted: auto-generated\r\nSubject:"), "automatic"),
        ((b"Return-Path: <claude@example.net>", b"Return-Path: <>"), "null-path"),
        ((b"Subject:", b"List-Id: <a.example.net>\r\nSubject:"), "list"),
        ((b"Subject:", b"From: autre@example.net\r\nSubject:"), "no-sender"),
    ],
)
def test_what_must_not_be_answered_is_not(office, change, why):
    """The guard is asked when the letter is sent, of the mail as it came."""
    taken = office.receive(MAIL.replace(*change))
    who = office.store.who("claude@example.net")
    office.store.post([Letter(kind="refused-too-large", audience="sender", who=who, contribution=taken.id)], now=NOW)

    assert Unsent(why=why) == written(office)


@pytest.mark.parametrize(
    ("letter", "why"),
    [
        (Letter(kind="unheard-of", audience="moderator"), "unknown-kind"),
        (Letter(kind="alarm", audience="moderator", who="0" * 64), "nobody"),
        (Letter(kind="alarm", audience="follower", who="0" * 64), "left"),
        (Letter(kind="refused-too-large", audience="sender"), "no-original"),
    ],
)
def test_letters_to_nobody(office, letter, why):
    """A moderator who left, a kind of another version: they end by name."""
    office.store.post([letter], now=NOW)

    assert Unsent(why=why) == written(office)


def test_an_address_of_ours_that_is_none(office):
    """It is `mur.toml` that is wrong: the letter waits, and the line names the key."""
    office.post()
    office.configure(1, 'address = "mur at example"')
    state = office.settings.paths.state
    keeping.change(state, lambda it: health.polled(it, now=NOW - timedelta(hours=1), unfiled=0, waiting={}))

    with pytest.raises(Misconfigured, match=r"\[outgoing\] address"):
        written(office)


def test_another_sender_than_the_one_meant(office):
    """The hash of the row and the address of the mail must agree."""
    taken = office.receive(MAIL, channel="import")
    other = office.store.who("autre@example.net")
    office.store.post([Letter(kind="refused-too-large", audience="sender", who=other, contribution=taken.id)], now=NOW)

    assert Unsent(why="no-sender") == written(office)


def test_only_a_mail_that_just_came_is_answered(office):
    """Not what was imported, nor what lay in the mailbox for a week."""
    office.receive(MAIL, channel="import")
    with Intake(office.store, office.settings) as intake:
        old = MAIL.replace(b"un-film", b"vieux")
        intake.take(old, received_at=NOW - timedelta(days=8), now=NOW, channel="imap", too_large=True)

    assert () == office.store.letters()


def test_our_own_letters_come_back(office, every):
    """By whatever way, from whatever address: our intake knows each of them, and answers none."""
    users = {"mur@example.org": "secret"}
    with MailServer(users, authserv_id="mx.example.org", trusted={"example.org"}) as server:
        for mail in every.values():
            with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="[127.0.0.1]") as client:
                client.sendmail(mail.sender or "claude@example.net", ["mur@example.org"], mail.raw)
        came = [one.raw for one in server.delivered]
    resent = [raw.replace(b"From: ", b"From: dominique@example.net\r\nX-Was: ", 1) for raw in came]

    taken = [office.receive(raw, too_large=False) for raw in (*came, *resent)]

    assert len(every) * 2 == len(taken)
    assert {("refused", "loop")} == {(one.outcome, one.reason) for one in taken}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_any_kind_of_letter_is_known_again(office, kind):
    """Whatever it says: also where it is not the wall's public address that letters come from."""
    sender = Address(name="", address="lettres@example.org")
    raw = compose(WRITTEN, replace(HEADING, sender=sender, submitted=KINDS[kind].submitted)).raw
    office.configure(1, 'address = "lettres@example.org"')

    found = understand(b"Return-Path: <a@example.net>\r\n" + raw.replace(b"From: ", b"X-Was: "), office.settings, NOW)

    assert Refusal(reason="loop") == found.outcome


def test_the_id_of_a_letter_names_no_address():
    """A token and a domain."""
    assert "mur@" not in message_id(TOKEN, "mur@example.org")
