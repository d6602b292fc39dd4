"""Two programs that answer one another, for as long as it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ingest.correspondence.sending import send_due
from ingest.intake import Intake
from tests.correspondence.conftest import MAIL, NOW

_ANSWERS = (
    b"Auto-Submitted: auto-replied\r\nSubject: Re: trop lourd",
    b"Precedence: bulk\r\nSubject: Absence",
    b"X-Autoreply: yes\r\nSubject: Je suis en vacances",
    b"Subject: R\xc3\xa9ponse automatique : trop lourd",
    b"Subject: Re: Votre courriel est trop lourd",  # of a program that says nothing of itself
)


@pytest.mark.parametrize("cycles", [100, pytest.param(1_000, marks=pytest.mark.long)])
def test_a_thousand_cycles_give_one_answer(office, sink, cycles):
    """A program answers whatever we send with a large mail, vouched for and sometimes without a sign of what it is; and
    as nothing comes back, it goes on by itself, 1,000 times in a day. It gets one answer.
    """
    office.configure(sink.port)
    with Intake(office.store, office.settings) as intake:
        for cycle in range(cycles):
            at = NOW + timedelta(minutes=cycle)
            raw = MAIL.replace(b"un-film", b"cycle-%d" % cycle)
            raw = raw.replace(b"Subject: CANARI-SUJET un film", _ANSWERS[cycle % len(_ANSWERS)])
            intake.take(raw, received_at=at, now=at, channel="imap", too_large=True)
            send_due(office.settings, office.store, now=lambda at=at: at)

    assert 1 == len(sink.taken)
    assert cycles == len(office.store.letters(("sent", "dropped")))
