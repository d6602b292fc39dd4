"""The mailbox opened with a token: a real Dovecot that asks an authorisation server whether it is good."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import pytest
from imapclient.exceptions import LoginError

from ingest.errors import LoginNeeded, Misconfigured, Unavailable
from ingest.mailbox import Mailbox, bearer
from ingest.poll import poll
from ingest.settings import Mailbox as Known
from ingest.settings import Paths, Settings
from tests.mailbox.test_poll import Memory
from tests.oauth.steps import logged_in
from tests.servers import authorization, fixtures
from tests.servers import dovecot as private_dovecot
from tests.servers.authorization import CANARY, SECRET
from tests.servers.fixtures import PASSWORD, append

pytestmark = pytest.mark.dovecot

USER = "mur@example.org"


@pytest.fixture(scope="module")
def authority():
    """One for the module: tokens are of a test each."""
    with authorization.running() as server:
        yield server


@contextlib.contextmanager
def _dovecot(certificates, authority, mechanisms):
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    asks = f"{authority.url}/introspect?"
    try:
        with private_dovecot.running(
            folder, PASSWORD, certificates, mechanisms=f"plain login {mechanisms}", introspection=asks
        ) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def server(certificates, authority):
    """It knows both mechanisms, as Gmail does."""
    with _dovecot(certificates, authority, "oauthbearer xoauth2") as running:
        yield running


@pytest.fixture
def settings(server, authority, certificates, tmp_path, monkeypatch):
    """How to open it, over TLS."""
    monkeypatch.setenv("MUR_ESSAI_SECRET", SECRET)
    authority.refuses, authority.asked = "", []

    def of(it=server, **more):
        known = {"host": "localhost", "port": it.imaps, "cafile": str(certificates.authority), "timeout_seconds": 10}
        return authority.mailbox(tmp_path, **{**known, **more})

    return of


def opened(settings) -> Mailbox:
    return Mailbox(settings, base=None, password="")


@pytest.fixture(params=["OAUTHBEARER", "XOAUTH2"])
def by(request, certificates, authority, server):
    """A server, and by which mechanism it is to be opened."""
    if request.param == "OAUTHBEARER":
        yield request.param, server
    else:
        with _dovecot(certificates, authority, "xoauth2") as other:
            yield request.param, other


def test_the_server_says_by_which_mechanism(authority, settings, by):
    """Gmail knows both, Microsoft XOAUTH2 alone; a token that is over is refused by either and renewed."""
    mechanism, server = by
    keys = settings(server)
    logged_in(authority, keys)
    append(server, USER, b"Subject: un\r\n\r\nBonjour\r\n")
    for _ in range(2):
        with opened(keys) as mailbox:
            assert len(list(mailbox.new("INBOX"))) == 1
        authority.end_access()
    assert f"method={mechanism}" in (server.folder / "dovecot.log").read_text()
    assert authority.refreshed() == 1


def test_a_token_is_renewed_before_it_ends(authority, settings):
    """A minute before its end, nobody tries it."""
    first = logged_in(authority, settings(), ends_in=60)
    with opened(settings()):
        pass
    assert authority.refreshed() == 1
    assert first not in Path(settings().oauth_token_file).read_text()


def test_a_good_token_is_not_renewed(authority, settings):
    """Ten logins, no question to the provider."""
    logged_in(authority, settings())
    for _ in range(10):
        with opened(settings()):
            pass
    assert authority.asked == []


def test_what_was_revoked_says_mur_login_and_nothing_secret(authority, settings, caplog):
    """One line that says what to do; exit code 1, since running it again is no help."""
    caplog.set_level(logging.DEBUG)
    logged_in(authority, settings())
    authority.revoke()
    with pytest.raises(LoginNeeded) as caught, opened(settings()):
        pass
    assert "mur login" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 1
    assert CANARY not in str(caught.value) + caplog.text


@pytest.mark.parametrize("ends_in", [3600, 60])
def test_a_fresh_token_that_is_refused_is_not_renewed_for_ever(authority, settings, ends_in):
    """The yes came from another account: one renewal, then a clear refusal, and the token is in no line."""
    keys = settings(user="autre@example.org")
    logged_in(authority, keys, ends_in=ends_in)
    with pytest.raises(Unavailable, match=r"identification de autre@example\.org refusée") as caught, opened(keys):
        pass
    assert authority.refreshed() == 1
    assert not isinstance(caught.value, LoginNeeded)
    assert CANARY not in repr(caught.value) + repr(caught.value.__cause__)


class Client:
    """An IMAP client whose server refuses: a challenge, then NO."""

    def __init__(self, mechanism: str) -> None:
        self.mechanism = mechanism
        self.sent: list[str | None] = []

    def has_capability(self, name: str) -> bool:
        return name == f"AUTH={self.mechanism}"

    def sasl_login(self, _mechanism, step) -> None:
        self.sent = [step(b""), step(b'{"status":"invalid_token"}'), step(b"?")]
        raise LoginError(f"NO {CANARY}")


@pytest.mark.parametrize(
    ("mechanism", "sent"),
    [
        ("OAUTHBEARER", [f"n,a=a=3Db=2Cc@example.org,\1auth=Bearer {CANARY}\1\1", "\1", None]),
        ("XOAUTH2", [f"user=a=b,c@example.org\1auth=Bearer {CANARY}\1\1", "", None]),
    ],
)
def test_a_refusal_is_acknowledged_before_the_no(mechanism, sent):
    """RFC 7628 section 3.2.3, and section 3.1 for the name; the token is sent once, and is in no complaint."""
    refusing = Client(mechanism)
    with pytest.raises(LoginError) as caught:
        bearer.log_in(refusing, settings=Known(user="a=b,c@example.org"), token=CANARY)
    assert refusing.sent == sent
    assert str(caught.value) == "NO …"


def test_a_server_without_oauth_is_the_operators_business(dovecot_server, authority, settings):
    """The key is named."""
    keys = settings(dovecot_server)
    logged_in(authority, keys)
    with pytest.raises(Misconfigured, match=r"oauth.*XOAUTH2"), opened(keys):
        pass


def _imap_processes(master: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        with contextlib.suppress(OSError):
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            if fields["Name"].strip() == "imap" and int(fields["PPid"]) == master:
                found.append(int(status.parent.name))
    return found


def test_the_end_of_a_token_during_idle_is_survived(server, authority, settings, tmp_path):
    """The server cuts the connection, as Gmail does when a token ends; the poller comes back with a fresh one."""
    keys = settings(user=authority.user)
    logged_in(authority, keys)
    memory, stop = Memory(), threading.Event()
    wall = Settings(paths=Paths(state=tmp_path / "var"), mailbox=keys)
    thread = threading.Thread(target=poll, args=(wall, memory, memory), kwargs={"once": False, "stop": stop})
    thread.start()
    try:
        _until(lambda: _imap_processes(server.pid))
        time.sleep(0.5)
        authority.end_access()
        for pid in _imap_processes(server.pid):
            os.kill(pid, signal.SIGTERM)
        append(server, USER, b"Subject: apres\r\n\r\nBonjour\r\n")
        _until(lambda: any(b"apres" in raw for raw in memory.taken))
    finally:
        stop.set()
        thread.join()
    assert authority.refreshed() == 1


def test_the_poller_waits_for_mur_login_and_goes_on(server, authority, settings, tmp_path, caplog):
    """Whoever logs in again has no service to restart."""
    keys = settings()
    logged_in(authority, keys)
    authority.revoke()
    memory, stop = Memory(), threading.Event()
    wall = Settings(paths=Paths(state=tmp_path / "var"), mailbox=keys)
    thread = threading.Thread(target=poll, args=(wall, memory, memory), kwargs={"once": False, "stop": stop})
    append(server, USER, b"Subject: patient\r\n\r\nBonjour\r\n")
    thread.start()
    try:
        _until(lambda: "mur login" in caplog.text)
        logged_in(authority, keys)
        _until(lambda: any(b"patient" in raw for raw in memory.taken))
    finally:
        stop.set()
        thread.join()
    assert CANARY not in caplog.text


def _until(done) -> None:
    deadline = time.monotonic() + 15
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.05)
