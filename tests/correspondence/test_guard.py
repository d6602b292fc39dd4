"""What must not be answered: RFC 3834 in a table, and thousands of mails that no program may answer."""

from __future__ import annotations

import itertools
import random

import pytest

from ingest.correspondence.guard import silence
from ingest.message import read
from ingest.settings import Limits

OWN = frozenset({"mur@example.org"})
GOOD = {
    "Return-Path": "<claude@example.net>",
    "Authentication-Results": "mx.example.org; dmarc=pass header.from=example.net",
    "From": "Claude <claude@example.net>",
    "To": "mur@example.org",
    "Subject": "Un film",
    "Message-ID": "<1@example.net>",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
}


def word(*more: tuple[str, str], **changed: str | None) -> str:
    """What the guard says of a good mail with other fields."""
    fields = {**GOOD, **{k.replace("_", "-"): v for k, v in changed.items()}}
    known = {name.lower(): name for name in GOOD}
    told = {known.get(name.lower(), name): value for name, value in fields.items()}
    lines = [f"{name}: {value}" for name, value in told.items() if value is not None]
    lines += [f"{name}: {value}" for name, value in more]
    raw = "\r\n".join([*lines, "", ""]).encode()
    return silence(read(raw, limits=Limits(), authserv_id="mx.example.org"), OWN)


def test_a_persons_mail_may_be_answered():
    """Vouched for by our server, with a way back."""
    assert "" == word()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Auto-Submitted", "no"),
        ("Auto-Submitted", "No (said by a person)"),
        ("Precedence", "first-class"),
        ("Precedence", "normal"),
        ("X-Auto-Response-Suppress", "None"),
        ("X-Autoreply", "no"),
        ("X-Priority", "1"),
        ("Reply-To", "autre@example.com"),
        ("Sender", "claude@example.net"),
        ("Subject", "Absence de réponse de la mairie"),
        ("Importance", "high"),
        ("Disposition-Notification-To", "claude@example.net"),
        ("Content-Type", "multipart/mixed; boundary=x"),
        ("In-Reply-To", "<letter.0@example.org>"),
    ],
)
def test_what_persons_send_too(name, value):
    """None of these is a sign of a program."""
    assert "" == word(**{name: value})


@pytest.mark.parametrize(
    ("expected", "name", "value"),
    [
        ("automatic", "Auto-Submitted", "auto-replied"),
        ("automatic", "Auto-Submitted", "auto-generated"),
        ("automatic", "Auto-Submitted", "auto-notified; owner-email=x@example.net"),
        ("automatic", "Auto-Submitted", "AUTO-REPLIED (vacation)"),
        ("automatic", "Auto-Submitted", "whatever"),
        ("automatic", "Auto-Submitted", ""),
        ("bulk", "Precedence", "bulk"),
        ("bulk", "Precedence", "List"),
        ("bulk", "Precedence", "junk"),
        ("bulk", "Precedence", "auto_reply"),
        ("list", "List-Id", "<asso.example.net>"),
        ("list", "List-Unsubscribe", "<mailto:x@example.net>"),
        ("list", "List-Post", "<mailto:x@example.net>"),
        ("list", "List-Help", "<mailto:x@example.net>"),
        ("program", "X-Mailman-Version", "2.1"),
        ("program", "X-BeenThere", "asso@example.net"),
        ("program", "Mailing-List", "contact x"),
        ("program", "X-Google-Group-Id", "12"),
        ("program", "Feedback-ID", "1:2:3"),
        ("null-path", "Return-Path", "<>"),
        ("null-path", "Return-Path", ""),
        ("null-path", "Return-Path", "< >"),
        ("null-path", "Return-Path", None),
        ("robot", "Return-Path", "<MAILER-DAEMON@example.net>"),
        ("robot", "Return-Path", "<owner-asso@example.net>"),
        ("robot", "Return-Path", "<asso-bounces+claude=example.net@example.net>"),
        ("robot", "Return-Path", "<asso-request@example.net>"),
        ("robot", "Return-Path", "<SRS0=ab=cd=example.com=x@example.net>"),
        ("robot", "Return-Path", "<bounces+12-claude=example.net@example.net>"),
        ("robot", "From", "postmaster@example.net"),
        ("robot", "From", "Mail Delivery System <mailer-daemon@example.net>"),
        ("robot", "From", "no-reply@example.net"),
        ("robot", "From", "noreply@example.net"),
        ("robot", "From", "ne-pas-repondre@example.net"),
        ("robot", "From", "nepasrepondre@example.net"),
        ("robot", "From", "donotreply@example.net"),
        ("robot", "From", "mairie.noreply@example.net"),
        ("robot", "From", "notifications@example.net"),
        ("robot", "Sender", "<asso-bounces@example.net>"),
        ("suppressed", "X-Auto-Response-Suppress", "All"),
        ("suppressed", "X-Auto-Response-Suppress", "DR, OOF, AutoReply"),
        ("program", "X-Autoreply", "yes"),
        ("program", "X-Autorespond", "Absence"),
        ("program", "X-Autoreply-From", "claude@example.net"),
        ("program", "X-Mail-Autoreply", "1"),
        ("program", "X-Loop", "claude@example.net"),
        ("program", "X-Failed-Recipients", "x@example.com"),
        ("program", "Delivered-To", "Autoresponder"),
        ("ourselves", "From", "MUR@example.org"),
        ("ourselves", "Return-Path", "<mur@example.org>"),
        ("ourselves", "Sender", "mur@example.org"),
        ("report", "Content-Type", "multipart/report; report-type=delivery-status; boundary=x"),
        ("report", "Content-Type", "multipart/report; report-type=disposition-notification; boundary=x"),
        ("report", "Content-Type", "message/delivery-status"),
        ("report", "Content-Type", 'text/calendar; method="REPLY"'),
        ("no-contribution", "Subject", "Réponse automatique : Un film"),
        ("no-contribution", "Subject", "Absence du bureau"),
        ("no-contribution", "Subject", "Out of office"),
        ("no-contribution", "Subject", "Undelivered Mail Returned to Sender"),
        ("no-sender", "From", None),
        ("no-sender", "From", "claude@example.net, dominique@example.net"),
        ("no-sender", "From", "Claude"),
        ("unauthenticated", "Authentication-Results", None),
        ("unauthenticated", "Authentication-Results", "mx.example.org; dmarc=fail header.from=example.net"),
        ("unauthenticated", "Authentication-Results", "mx.example.org; dmarc=none header.from=example.net"),
        ("unauthenticated", "Authentication-Results", "mx.example.org; dmarc=pass header.from=example.com"),
        ("unauthenticated", "Authentication-Results", "mx.example.org.example.com; dmarc=pass header.from=example.net"),
        ("unauthenticated", "Authentication-Results", "mx.example.com; dmarc=pass header.from=example.net"),
        ("unauthenticated", "Authentication-Results", "mx.example.org; spf=pass smtp.mailfrom=example.net; dkim=pass"),
        (
            "unauthenticated",
            "Authentication-Results",
            "mx.example.org (dmarc=pass header.from=example.net); dmarc=none",
        ),
    ],
)
def test_a_program_must_not_answer(expected, name, value):
    """A word for each."""
    assert expected == word(**{name: value})


@pytest.mark.parametrize(
    ("expected", "name", "value"),
    [
        ("no-sender", "From", "dominique@example.net"),
        ("no-sender", "From", "claude@example.net"),
        ("automatic", "Auto-Submitted", "auto-replied"),
        ("null-path", "Return-Path", "<>"),
        ("unauthenticated", "Authentication-Results", None),
    ],
)
def test_a_field_that_comes_twice(expected, name, value):
    """Any of them counts; but of Authentication-Results the topmost only, which ours is."""
    first = {"Auto-Submitted": {"Auto-Submitted": "no"}}.get(name, {})
    if name == "Authentication-Results":
        first = {name: "mx.example.com; dmarc=pass header.from=example.net"}
        value = GOOD[name]

    assert expected == word((name, value), **first)


_SIGNS = [
    *(("Auto-Submitted", value) for value in ("auto-replied", "auto-generated", "auto-notified", "yes")),
    *(("Precedence", value) for value in ("bulk", "list", "junk", "BULK")),
    *((f"List-{name}", "<x>") for name in ("Id", "Post", "Unsubscribe", "Archive", "Owner", "Subscribe", "Help")),
    *(("Return-Path", value) for value in ("<>", "<mailer-daemon@example.net>", "<x-bounces@example.net>")),
    *(("From", f"{name}@example.net") for name in ("postmaster", "noreply", "no-reply", "bounce", "mailer-daemon")),
    *(("X-Auto-Response-Suppress", value) for value in ("All", "OOF", "AutoReply", "DR")),
    *((name, "1") for name in ("X-Autoreply", "X-Autorespond", "X-Loop", "X-Failed-Recipients", "X-Vacation")),
    *(
        ("Authentication-Results", value)
        for value in (
            None,
            "mx.example.org; dmarc=fail header.from=example.net",
            "mx.example.com; dmarc=pass header.from=example.net",
            "mx.example.org; dmarc=pass header.from=evil.example.com",
        )
    ),
    ("Content-Type", "multipart/report; report-type=delivery-status; boundary=b"),
    ("Subject", "Réponse automatique : bonjour"),
    ("From", "mur@example.org"),
    ("From", "a@example.net, b@example.net"),
    ("From", None),
]
_HARMLESS = [
    ("X-Mailer", "Courrier 1.0"),
    ("Reply-To", "ailleurs@example.com"),
    ("Received", "from a by b; Tue, 3 Nov 2026 10:29:00 +0100"),
    ("In-Reply-To", "<letter.00000000000000000000000000000000@example.org>"),
    ("Subject", "Re: Votre courriel est trop lourd"),
    ("Cc", "dominique@example.com"),
    ("X-Priority", "3"),
    ("Auto-Submitted", "no"),
]


def test_thousands_of_mails_that_no_program_may_answer():
    """One or more signs of a list, a bounce, a program or a forgery, among harmless fields, in any case: 0 answered."""
    chance = random.Random(3834)
    pairs = [*((one,) for one in _SIGNS), *itertools.combinations(_SIGNS, 2)]
    answered, tried = [], 0
    for signs in pairs:
        for _again in range(4):
            fields = dict(chance.sample(_HARMLESS, chance.randint(0, 5)))
            fields |= {_cased(name, chance): value for name, value in signs}
            told = {name: fields[name] for name in chance.sample(sorted(fields), len(fields))}
            tried += 1
            if not word(**told):
                answered.append(told)

    assert tried > 3_000
    assert [] == answered


def _cased(name: str, chance: random.Random) -> str:
    return name if name in GOOD else chance.choice((name, name.lower(), name.upper()))


def test_harmless_fields_stay_harmless():
    """The same without a sign: all of them may be answered, so that the test above tests something."""
    chance = random.Random(3835)
    said = {word(**dict(chance.sample(_HARMLESS, chance.randint(0, 5)))) for _ in range(300)}

    assert {""} == said
