"""Whatever a program sends, or somebody in another's name: nobody is written to, nobody joins, nobody leaves."""

from __future__ import annotations

import itertools
import os
from collections import Counter

import pytest

from ingest.correspondence.following.door import UNVERIFIED
from tests.correspondence.following.conftest import NOW, mail

SUBJECTS = ["suivre", "Re: suivre", "suivre #fête", "suivre mur-1", "STOP", "Désabonnement", "Abonnement", "bonjour"]
TEXTS = ["", "suivre", "STOP", "oui", "me désabonner"]
FORGERIES = {
    "unverified": {"vouched": False},
    "failed": {
        "vouched": False,
        "extra": "Authentication-Results: mx.example.org; dmarc=fail header.from=example.net\r\n",
    },
    "by another server": {
        "vouched": False,
        "extra": "Authentication-Results: mx.elsewhere.example; dmarc=pass header.from=example.net\r\n",
    },
    "second From": {"extra": "From: Paul <paul@example.com>\r\n"},
    "automatic": {"extra": "Auto-Submitted: auto-replied\r\n"},
    "generated": {"extra": "Auto-Submitted: auto-generated\r\n"},
    "bulk": {"extra": "Precedence: bulk\r\n"},
    "list": {"extra": "List-Id: <liste.example.org>\r\n"},
    "unsubscribable": {"extra": "List-Unsubscribe: <mailto:liste@example.org>\r\n"},
    "null path": {"extra": "Return-Path: <>\r\n"},
    "robot": {"sender": "noreply@example.net"},
    "daemon": {"sender": "mailer-daemon@example.net"},
    "ourselves": {"sender": "mur@example.org"},
    "our loop": {"extra": "X-Loop: mur@example.org\r\n"},
    "exchange": {"extra": "X-Auto-Response-Suppress: All\r\n"},
    "vacation": {"extra": "X-Autoreply: yes\r\n"},
}

LEAVING = frozenset({"null path", "exchange"})
"""Such a mail is vouched for and may have been written by a person: it leaves a list, and does nothing else."""


def leaves(subject: str, text: str) -> bool:
    return any(word in f"{subject} {text}".lower() for word in ("stop", "désab"))


def test_forged_mails(wall):
    """Each way of forging with each wish, as an answer to our letters and out of the blue: 0 letters, 0 changes.

    `MUR_FORGED=10000` takes so many; by default there are as many as the suite has time for.
    """
    wall.follow()
    wall.receive(mail("suivre #fête"))
    letters = wall.send()
    before, known = wall.store.count_followers(), len(wall.store.letters(("sent", "waiting", "dropped")))
    threads = ["", *(str(told["Message-ID"]) for _letter, told in letters), f"<letter.{'0' * 32}@example.org>"]
    kinds = list(itertools.product(FORGERIES, SUBJECTS, TEXTS, threads))
    seen: Counter[str] = Counter()
    for number in range(int(os.environ.get("MUR_FORGED", "600"))):
        forged, subject, text, thread = kinds[number * 7 % len(kinds)]
        deed = wall.following.weigh(mail(subject, text, answers=thread, number=number, **FORGERIES[forged]), NOW)
        if not (forged in LEAVING and leaves(subject, text)):
            seen[deed.word if deed else ""] += 1

    assert {"", UNVERIFIED} == set(seen), seen
    assert before == wall.store.count_followers()
    assert known == len(wall.store.letters(("sent", "waiting", "dropped")))


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_wish_is_kept_as_one(wall, forged):
    """It makes no draft that says "suivre", changes nothing, and can be looked into."""
    wall.follow(sender="paul@example.com")
    taken = wall.receive(mail("suivre", **forged))

    assert taken is None or taken.reason in {UNVERIFIED, "loop", "auto-reply", "bounce"}
    assert {("", True): 1} == wall.store.count_followers()
    assert () == wall.store.letters(("waiting",))


def test_a_wrong_token_does_nothing(wall):
    """A hundred of them."""
    wall.follow()
    for number in range(100):
        wall.following.weigh(mail(f"STOP {number:032x}", vouched=False), NOW)
    wall.receive(mail("STOP " + "ab" * 16, vouched=False))

    assert {("", True): 1} == wall.store.count_followers()


def test_somebody_else_cannot_say_yes(wall):
    """The letter's number and code do not help whoever is not who it went to."""
    wall.receive(mail("suivre"))
    ((_letter, told),) = wall.send()
    for vouched in (True, False):
        wall.receive(
            mail(
                f"Re: {told['Subject']}",
                "oui",
                sender="paul@example.com",
                vouched=vouched,
                answers=str(told["Message-ID"]),
            )
        )
    wall.receive(mail(f"Re: {told['Subject']}", "oui", vouched=False, answers=str(told["Message-ID"])))

    assert {("", False): 1} == wall.store.count_followers()
