"""What is refused, what is held, and why."""

from __future__ import annotations

import pytest

from ingest.message import read, reasons, refusal
from ingest.settings import Limits

OWN = ("mur@example.net",)


def mail(fields: str = "", subject: str = "Un texte", sender: str = "odile@example.org", body: str = "Bonjour.\r\n"):
    raw = f"From: {sender}\r\nSubject: {subject}\r\nDate: Wed, 08 Jun 2022 09:12:44 +0200\r\n{fields}\r\n{body}"
    return read(raw.encode(), limits=Limits())


def refused(*args, **kwargs) -> str | None:
    found = refusal(mail(*args, **kwargs), own=OWN)
    return found.reason if found else None


REPORT = 'Content-Type: multipart/report; report-type={}; boundary="R"\r\n'
REPORT_BODY = "--R\r\n\r\nNon remis.\r\n--R\r\nContent-Type: message/delivery-status\r\n\r\nAction: failed\r\n--R--\r\n"


@pytest.mark.parametrize(
    ("fields", "subject", "sender", "body", "reason"),
    [
        ("Auto-Submitted: auto-replied\r\n", "Re: Un texte", "a@example.org", "x", "auto-reply"),
        ("Auto-Submitted: auto-replied; owner-email=a@example.org\r\n", "x", "a@example.org", "x", "auto-reply"),
        ("Precedence: auto_reply\r\n", "x", "a@example.org", "x", "auto-reply"),
        ("X-Autoreply: yes\r\n", "x", "a@example.org", "x", "auto-reply"),
        ("X-Auto-Response-Suppress: All\r\n", "Réponse automatique : en congés", "a@example.org", "x", "auto-reply"),
        ("X-Auto-Response-Suppress: All\r\n", "=?utf-8?Q?Absence_du_bureau?=", "a@example.org", "x", "auto-reply"),
        ("Precedence: bulk\r\n", "Out of office: back on Monday", "a@example.org", "x", "auto-reply"),
        (REPORT.format("disposition-notification"), "Lu : Un texte", "a@example.org", REPORT_BODY, "auto-reply"),
        (REPORT.format("delivery-status"), "x", "a@example.org", REPORT_BODY, "bounce"),
        (REPORT.format("feedback-report"), "x", "a@example.org", REPORT_BODY, "bounce"),
        ("", "Undelivered Mail Returned to Sender", "MAILER-DAEMON@example.org", "x", "bounce"),
        ("Return-Path: <>\r\n", "Message non délivré", "x@example.org", "x", "bounce"),
        ("X-Loop: mur@example.net\r\n", "x", "a@example.org", "x", "loop"),
        ("Auto-Submitted: auto-generated\r\n", "Reçu", "Le mur <MUR@example.net>", "x", "loop"),
        (
            "",
            "x",
            "a@example.org",
            "-----BEGIN PGP MESSAGE-----\r\n\r\nabc\r\n-----END PGP MESSAGE-----\r\n",
            "encrypted",
        ),
    ],
)
def test_what_no_person_wrote_to_us_is_refused_by_name(fields, subject, sender, body, reason) -> None:
    """Answers of programs, bounces, our own letters, and what cannot be read."""
    assert refused(fields, subject, sender, body) == reason


@pytest.mark.parametrize(
    ("fields", "subject", "sender", "body"),
    [
        ("", "Un texte", "a@example.org", "x"),
        ("Auto-Submitted: no\r\n", "Un texte", "a@example.org", "x"),
        ("X-Auto-Response-Suppress: All\r\n", "Notre pétition", "a@example.org", "x"),
        ("", "Absence du bureau de poste dans le quartier", "a@example.org", "x"),
        ("", "Réponse automatique : un poème", "a@example.org", "x"),
        ("In-Reply-To: <a@example.net>\r\n", "Re: Réponse automatique : Reçu", "a@example.org", "x"),
        ("X-Auto-Response-Suppress: All\r\n", "Re: Absence du bureau", "a@example.org", "x"),
        ("List-Id: <quartier.example.org>\r\nPrecedence: list\r\n", "[quartier] Vide-grenier", "a@example.org", "x"),
        ("Precedence: bulk\r\nList-Unsubscribe: <mailto:x@example.org>\r\n", "La lettre de juin", "a@example.org", "x"),
        ("Return-Path: <>\r\n", "Le courrier non remis aux locataires, suite", "a@example.org", "x"),
        ("", "Undelivered Mail: la Poste nous oublie", "a@example.org", "x"),
        ("", "Retour", "postmaster@example.org", "x"),
        ("Auto-Submitted: auto-generated\r\n", "Formulaire du site", "a@example.org", "x"),
        ("X-Loop: autre@example.org\r\n", "Un texte", "a@example.org", "x"),
        ("", "Un texte", "mur@example.net", "x"),
        ('Content-Type: multipart/report; boundary="R"\r\n', "Un tract", "a@example.org", "--R\r\n\r\nx\r\n--R--\r\n"),
    ],
)
def test_what_a_person_may_have_sent_is_held_not_refused(fields, subject, sender, body) -> None:
    """One sign alone is not enough, and mailing lists are shared by people."""
    assert refused(fields, subject, sender, body) is None


def test_a_bounce_forwarded_by_a_person_is_not_a_bounce() -> None:
    """Its report is a part among others of a mail that somebody wrote."""
    body = (
        "--M\r\n\r\nRegardez ce que je reçois.\r\n--M\r\nContent-Type: message/rfc822\r\n\r\n"
        "From: MAILER-DAEMON@example.net\r\nSubject: Undelivered\r\n"
        f"{REPORT.format('delivery-status')}\r\n{REPORT_BODY}--M--\r\n"
    )
    held = mail('Content-Type: multipart/mixed; boundary="M"\r\n', body=body)
    assert refusal(held, own=OWN) is None
    assert held.attached is not None
    assert held.attached.subject == "Undelivered"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("", {"moderated", "unauthenticated"}),
        ("List-Id: <x.example.org>\r\n", {"moderated", "unauthenticated", "list"}),
        ("Precedence: bulk\r\n", {"moderated", "unauthenticated", "bulk"}),
        ("Auto-Submitted: auto-generated\r\n", {"moderated", "unauthenticated", "automatic"}),
        ("From: b@example.org\r\n", {"moderated", "unauthenticated", "several-from"}),
    ],
)
def test_everything_is_held_and_says_why(fields: str, expected: set[str]) -> None:
    """`moderated` always, then what our server said, then what the mail says of itself."""
    words = reasons(mail(fields))
    assert words[0] == "moderated"
    assert set(words) == expected
