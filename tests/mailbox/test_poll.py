"""The poller: every mail is taken, then filed away, whatever happens in between."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from dataclasses import dataclass, field, replace

import pytest

from ingest.errors import Misconfigured, Unavailable
from ingest.model import ContributionId
from ingest.poll import only_one, poll, until_signalled
from ingest.settings import Paths, Settings
from ingest.store import Taken
from tests.servers.dovecot import free_port
from tests.servers.fixtures import PASSWORD, USER, plain_settings


@dataclass
class Memory:
    """A store and an intake that remember. `full` after so many mails the disk says no."""

    taken: list[bytes] = field(default_factory=list)
    spam: list[bool] = field(default_factory=list)
    large: list[bool] = field(default_factory=list)
    full: int = 1000
    erased: list[bytes] = field(default_factory=list)
    let_go_of: int = 0
    told: list[tuple[str, int]] = field(default_factory=list)
    """What was begun and finished, in order, and how many mails it were."""

    def room_for(self, size: int) -> None:
        del size
        if not self.full:
            raise Unavailable("disque presque plein")

    def begin(self, mails, *, now):
        del now
        self.told.append(("begun", len(mails)))
        return mails

    def finish(self, batch):
        self.told.append(("finished", len(batch)))
        for number in range(0, len(batch), 2):
            yield tuple(self.take(mail) for mail in batch[number : number + 2])

    def take(self, mail) -> Taken:
        if len(self.taken) >= self.full:
            raise Unavailable("disque presque plein")
        raw = mail.raw
        known = raw in self.taken
        if not known:
            self.taken.append(raw)
            self.spam.append(mail.spam)
            self.large.append(mail.too_large)
        name = ContributionId(hashlib.sha256(raw).hexdigest()[:16])
        if raw in self.erased:
            return Taken(id=name, outcome="duplicate", reason="erased")
        return Taken(id=name, outcome="duplicate" if known else "held", reason="")

    def let_go(self) -> None:
        self.let_go_of += 1

    def let_in(self, *, now) -> None:
        del now


@pytest.fixture
def wall(tmp_path, monkeypatch):
    """Settings of a wall whose mailbox is at a port."""
    monkeypatch.setenv("MUR_MAILBOX_PASSWORD", PASSWORD)

    def at(port: int, **more) -> Settings:
        return Settings(paths=Paths(state=tmp_path / "var"), mailbox=plain_settings(port, **more))

    return at


def once(settings: Settings, memory: Memory, **more) -> None:
    poll(settings, memory, memory, once=True, stop=threading.Event(), **more)


def mail(number: int) -> bytes:
    return f"From: a@example.org\r\nSubject: {number}\r\n\r\nUn.\r\n".encode()


def until(condition, seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def test_every_mail_is_taken_and_filed_and_then_there_is_nothing(mail_server, wall):
    """The second look takes nothing."""
    for number in range(12):
        mail_server.deliver(USER, mail(number))
    memory, said = Memory(), []
    once(wall(mail_server.imap_port), memory, say=said.append)
    assert memory.taken == [mail(number) for number in range(12)]
    assert len(said) == 12
    assert all("example.org" not in line for line in said)
    again = Memory()
    once(wall(mail_server.imap_port), again)
    assert again.taken == []


def test_what_arrives_while_others_are_taken_is_taken_too(mail_server, wall):
    """The folder is searched until a search finds nothing."""
    mail_server.deliver(USER, mail(1))
    memory = Memory()

    def say(_line: str) -> None:
        if len(memory.taken) < 5:
            mail_server.deliver(USER, mail(100 + len(memory.taken)))

    once(wall(mail_server.imap_port), memory, say=say)
    assert len(memory.taken) == 5


@pytest.mark.parametrize(("mails", "length", "ahead"), [(200, 1, 2), (4, 3_000_000, 2), (4, 4_500_000, 1)])
def test_one_batch_is_finished_while_those_behind_it_are_read(scripted, wall, mails, length, ahead):
    """Two, where together they are no more than 8 MB when the next is fetched; else one."""
    for number in range(mails):
        scripted.add(mail(number) + b"x" * length)
    memory = Memory()
    once(wall(scripted.port, max_bytes=5_000_000), memory)

    together = mails // 4
    assert [("begun", together)] * (ahead + 1) == memory.told[: memory.told.index(("finished", together))]
    assert [("begun", together)] * 4 + [("finished", together)] * 4 == sorted(memory.told)
    assert len(memory.taken) == mails


def test_spam_and_oversize_are_told_to_whoever_takes(scripted, wall):
    """They are decided on elsewhere."""
    scripted.add(mail(1), "Junk")
    scripted.add(mail(2) + b"x" * 2000)
    memory = Memory()
    once(wall(scripted.port, spam_folders=("Junk",), max_bytes=1000), memory)
    assert (memory.spam, memory.large) == ([False, True], [True, False])


def test_a_mail_that_was_stored_but_not_filed_away_is_filed_away_later(scripted, wall):
    """The run was interrupted in between: the next one recognises the mail."""
    scripted.add(mail(1))
    memory = Memory()
    scripted.cut_at = "UID MOVE"
    with pytest.raises(Unavailable):
        once(wall(scripted.port), memory)
    assert memory.taken == [mail(1)]
    scripted.cut_at = ""
    said: list[str] = []
    once(wall(scripted.port), memory, say=said.append)
    assert memory.taken == [mail(1)]
    assert said[0].endswith("déjà là")
    assert scripted.folders["INBOX"] == []


def test_no_mail_leaves_its_folder_when_the_disk_is_full(scripted, wall):
    """What was taken before is filed away, the rest waits."""
    for number in range(4):
        scripted.add(mail(number))
    with pytest.raises(Unavailable, match="disque"):
        once(wall(scripted.port), Memory(full=2))
    assert len(scripted.folders["INBOX"]) == 2
    assert len(scripted.folders["Mur/Recu"]) == 2


def test_nothing_is_fetched_when_the_disk_is_full_already(scripted, wall):
    """Not even looked at."""
    scripted.add(mail(1))
    with pytest.raises(Unavailable, match="disque"):
        once(wall(scripted.port), Memory(full=0))
    assert scripted.sent("BODY") == []


def test_a_server_that_will_not_file_away_is_told_and_stops_nothing(scripted, wall):
    """All mails are taken, the run says that it is not done, and it does not go round for ever."""
    scripted.refuse = ("UID MOVE",)
    for number in range(3):
        scripted.add(mail(number))
    memory = Memory()
    with pytest.raises(Unavailable, match="3 courriels"):
        once(wall(scripted.port), memory)
    assert len(memory.taken) == 3


def test_a_mailbox_that_is_not_there_is_unavailable(wall):
    """One line, exit 75."""
    with pytest.raises(Unavailable) as caught:
        once(wall(free_port()), Memory())
    assert caught.value.exit_code == 75


def test_without_a_mailbox_in_the_settings_it_says_so(wall):
    """Exit 2."""
    with pytest.raises(Misconfigured, match="host"):
        once(wall(0, host=""), Memory())


def test_the_password_may_lie_in_a_file_beside_the_settings(mail_server, wall, tmp_path, monkeypatch):
    """A file that only its owner may read."""
    monkeypatch.delenv("MUR_MAILBOX_PASSWORD")
    secret = tmp_path / "secret"
    secret.write_text(PASSWORD + "\n")
    secret.chmod(0o600)
    settings = wall(mail_server.imap_port, password_file="secret")
    mail_server.deliver(USER, mail(1))
    memory = Memory()
    once(replace(settings, file=tmp_path / "mur.toml"), memory)
    assert memory.taken == [mail(1)]


def test_of_two_pollers_one_says_that_the_other_runs(wall, tmp_path):
    """Its process is named; the lock is free again when the first one ends."""
    state = tmp_path / "var"
    with only_one(state), pytest.raises(Unavailable, match=f"processus {os.getpid()}"):
        once(wall(1), Memory())
    with only_one(state):
        assert state.stat().st_mode & 0o077 == 0


# --- staying


@pytest.fixture
def staying(wall):
    """Start a poller that stays, in a thread, and stop it."""
    stop = threading.Event()
    threads = []

    def start(port: int, memory: Memory, **more) -> threading.Thread:
        settings = wall(port, **more)
        thread = threading.Thread(
            target=poll, args=(settings, memory, memory), kwargs={"once": False, "stop": stop}, daemon=True
        )
        thread.start()
        threads.append(thread)
        return thread

    yield start
    stop.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()


def test_it_is_woken_by_idle(mail_server, staying):
    """A mail is taken within seconds, though a search is due in five minutes only."""
    memory = Memory()
    mail_server.deliver(USER, mail(1))
    staying(mail_server.imap_port, memory)
    until(lambda: len(memory.taken) == 1)
    time.sleep(3)
    mail_server.deliver(USER, mail(2))
    until(lambda: len(memory.taken) == 2, 6)


def test_it_searches_even_when_nothing_was_announced(scripted, staying):
    """IDLE is a hint; a server that announces nothing loses nothing."""
    memory = Memory()
    staying(scripted.port, memory, poll_seconds=1)
    until(lambda: scripted.sent("IDLE"))
    scripted.add(mail(1))
    until(lambda: memory.taken == [mail(1)], 6)


def test_it_comes_back_when_the_connection_dies(scripted, staying):
    """With a pause that grows; mails that came meanwhile are taken."""
    memory = Memory()
    scripted.in_idle = [""]
    staying(scripted.port, memory)
    until(lambda: len(scripted.sent("LOGIN")) == 2)
    scripted.in_idle = []
    scripted.add(mail(1))
    until(lambda: memory.taken == [mail(1)])


def test_it_stays_while_the_disk_is_full_and_goes_on_afterwards(scripted, staying):
    """Somebody makes room, and nothing was lost."""
    memory = Memory(full=1)
    for number in range(3):
        scripted.add(mail(number))
    staying(scripted.port, memory)
    until(lambda: len(scripted.sent("LOGIN")) >= 2)
    assert len(memory.taken) == 1
    memory.full = 1000
    until(lambda: len(memory.taken) == 3)


def test_signals_are_given_back_afterwards():
    """The first one stops, the second interrupts."""
    before = signal.getsignal(signal.SIGTERM)
    with until_signalled() as stop:
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) == before


_PROGRAM = textwrap.dedent(
    """
    import sys
    from ingest.poll import poll, until_signalled
    from ingest.settings import load
    from tests.mailbox.test_poll import Memory
    from pathlib import Path
    memory = Memory()
    with until_signalled() as stop:
        poll(load(Path(sys.argv[1])), memory, memory, once=False, stop=stop, say=lambda line: print(line, flush=True))
    print("fini", len(memory.taken))
    """
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_within_seconds(mail_server, tmp_path, number):
    """While it waits, and without a traceback."""
    mail_server.deliver(USER, mail(1))
    file = tmp_path / "mur.toml"
    file.write_text(
        f'[mailbox]\nhost = "127.0.0.1"\nport = {mail_server.imap_port}\nsecurity = "none"\nuser = "{USER}"\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(file)],
        env={**os.environ, "MUR_MAILBOX_PASSWORD": PASSWORD},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline().strip().endswith("en attente")
    time.sleep(0.5)
    began = time.monotonic()
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    assert time.monotonic() - began < 3
    assert (process.returncode, out.strip(), err) == (0, "fini 1", "")
