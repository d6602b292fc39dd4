"""Several mails at once: each becomes what it would have become alone, and nothing is written in another order."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
import sqlalchemy as sa

from ingest.arrivals import Incoming
from ingest.errors import Unavailable
from ingest.intake import TOO_MANY_ATTEMPTS, Intake
from ingest.settings import Floods
from ingest.store import APART, TRIES, Attempts, Store
from tests.store.walls import NOW

HEAD = b"Date: Tue, 7 Jun 2022 21:14:00 +0200\r\nMIME-Version: 1.0\r\n"


def mail(number: int, sender: str = "ana@example.org", more: bytes = b"") -> bytes:
    head = f"From: {sender}\r\nMessage-ID: <{number}.{sender}>\r\nSubject: Objet {number}\r\n".encode()
    return head + HEAD + more + f"\r\nNumero {number}, venez samedi soir au lavoir.\r\n".encode()


AUTOMATIC = mail(50, more=b"Auto-Submitted: auto-replied\r\n")
OPENED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(25))
UNREADABLE = b"From: ana@example.org\r\nSubject: poupees\r\n" + OPENED.encode() + b"\r\nVenez.\r\n"


def incoming(*raws: bytes, channel: str = "imap") -> list[Incoming]:
    return [Incoming(raw=raw, received_at=NOW, channel=channel) for raw in raws]


def taken(intake: Intake, *raws: bytes):
    """What became of a batch, one after the other."""
    return [one for some in intake.finish(intake.begin(incoming(*raws), now=NOW)) for one in some]


@pytest.fixture
def intake(store):
    with Intake(store, store.settings) as opened:
        yield opened


def deadly(settings, poison: bytes, *raws: bytes) -> None:
    """A process of its own that takes a batch; reading one mail of it ends the program."""

    class Deadly(Intake):
        def _convert(self, raw, **told):
            if raw == poison:
                os.kill(os.getpid(), signal.SIGKILL)
            return super()._convert(raw, **told)

    pid = os.fork()
    if pid == 0:
        try:
            with Store.open(settings) as store, Deadly(store, settings) as intake:
                taken(intake, *raws)
        finally:
            os._exit(3)
    assert -os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == signal.SIGKILL


def test_a_batch_becomes_what_each_mail_would_have_become(store, intake, tmp_path):
    """Held, refused, unreadable, the same again: in the order of the mails, with the same rows and documents."""
    raws = (mail(1), AUTOMATIC, UNREADABLE, mail(2), mail(1), mail(3, "lou@example.net"))
    together = taken(intake, *raws)
    alone_in = replace(store.settings, paths=replace(store.settings.paths, state=tmp_path / "alone"))
    with Store.open(alone_in) as other, Intake(other, alone_in) as one_by_one:
        alone = [one_by_one.take(raw, received_at=NOW, now=NOW, channel="imap") for raw in raws]
        rows = [other.find(one.id) for one in alone]

    assert [one.outcome for one in alone] == ["held", "refused", "quarantined", "held", "duplicate", "held"]
    assert alone == together
    assert [replace(row, sender_key=None, message_id_key=None) for row in rows] == [
        replace(store.find(one.id), sender_key=None, message_id_key=None) for one in together
    ]
    assert [store.raw(one.id) for one in together] == list(raws)


def test_two_batches_may_be_read_at_once(store, intake):
    """The second is begun before the first is finished; a mail that is in both is one contribution."""
    first = intake.begin(incoming(mail(1), mail(2)), now=NOW)
    second = intake.begin(incoming(mail(2), mail(3)), now=NOW)

    outcomes = [one.outcome for batch in (first, second) for some in intake.finish(batch) for one in some]
    assert outcomes == ["held", "held", "duplicate", "held"]
    assert not any(store.settings.paths.state.glob("attempts/[0-9a-f]*"))


def test_a_large_mail_between_others_is_read_beside_them(store, intake):
    """It fills a batch by itself; one that comes when nothing else is read needs no second child."""
    alone = intake.begin(incoming(mail(1)), now=NOW)
    others = intake.begin(incoming(mail(2), mail(3)), now=NOW)
    between = intake.begin(incoming(mail(4)), now=NOW)

    assert [[begun.seen is None for begun in batch.mails] for batch in (alone, others, between)] == [
        [True],
        [False, False],
        [False],
    ]
    assert ["held"] * 4 == [
        one.outcome for batch in (alone, others, between) for some in intake.finish(batch) for one in some
    ]


def test_a_mail_that_ends_the_program_does_not_take_its_neighbours_with_it(store, settings):
    """After the first time each is read by itself, so that the guilty one alone counts on."""
    raws = [mail(number) for number in range(6)]
    for _time in range(TRIES):
        deadly(settings, raws[3], *raws)

    with Intake(store, settings) as intake:
        found = taken(intake, *raws)
    assert [one.outcome for one in found] == ["duplicate"] * 3 + ["quarantined"] + ["held"] * 2
    assert found[3].reason == TOO_MANY_ATTEMPTS


def test_quotas_count_within_a_batch(store, settings):
    """The fourth of a day is set apart, whether its neighbours have their rows yet or not."""
    few = replace(settings, floods=Floods(sender_daily=3, daily=5, queue=0))
    with Store.open(few) as wall, Intake(wall, few) as intake:
        mine = taken(intake, *[mail(number) for number in range(5)], mail(9, "lou@example.net"))

    assert [one.reason for one in mine] == ["", "", "", APART, APART, ""]


def test_what_was_kept_before_the_disk_said_no_is_told(store, intake, settings):
    """Those before it are on the disk and in the database; those behind it count for nothing and wait."""
    raws = [mail(number) for number in range(4)]

    class Full(Store):
        def room_for(self, size: int) -> None:
            if len(tuple(self.settings.paths.state.glob("contributions/[0-9a-f]*"))) >= 2:
                raise Unavailable("disque presque plein")

    told = []
    with Full.open(settings) as full, Intake(full, settings) as narrow:
        batch = narrow.begin(incoming(*raws), now=NOW)
        with pytest.raises(Unavailable, match="disque"):
            told.extend(one for some in narrow.finish(batch) for one in some)

    assert [one.outcome for one in told] == ["held", "held"]
    assert [store.known(raw) is not None for raw in raws] == [True, True, False, False]
    assert not any(settings.paths.state.glob("attempts/[0-9a-f]*"))
    assert [one.outcome for one in taken(intake, *raws)] == ["duplicate"] * 2 + ["held"] * 2


def test_what_nobody_finishes_counts_for_nothing(store, settings):
    """The connection broke while a batch was being read."""
    raws = [mail(number) for number in range(3)]
    with Intake(store, settings) as intake:
        intake.begin(incoming(*raws), now=NOW)
        counted = [Attempts(settings.paths.state / "attempts").made(name) for name in intake._reading]
        intake.let_go()

    assert counted == [True] * 3
    assert not any(settings.paths.state.glob("attempts/[0-9a-f]*"))


def test_a_batch_is_one_commit(store, intake):
    """Its rows are there together, with their letters and their lines in the journal."""
    commits = []

    def committed(connection) -> None:
        if connection.get_execution_options().get("mur_writes"):
            commits.append(1)

    sa.event.listen(store._database._engine, "commit", committed)
    assert [one.outcome for one in taken(intake, *[mail(number) for number in range(8)])] == ["held"] * 8
    assert len(commits) == 1
