"""The two ways in which a person says yes."""

from __future__ import annotations

import json
import os
import re
import socket
import threading
import urllib.error
import urllib.request
from dataclasses import replace

import pytest

from ingest.errors import Misconfigured, Refused, Unavailable
from ingest.oauth import device, loopback
from ingest.oauth.loopback import Terminal
from ingest.oauth.provider import provider
from ingest.settings import Mailbox
from tests.servers.authorization import CANARY, SCOPE


@pytest.fixture
def asked(authority, tmp_path):
    """The provider as the settings describe it."""
    return provider(authority.mailbox(tmp_path), None)


class Sleeping:
    """A clock that nobody waits for."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


def test_the_device_flow_waits_as_it_is_told(authority, asked):
    """`slow_down` adds five seconds, a failing server doubles the pause, and the yes comes at last."""
    authority.pending = ["authorization_pending", "slow_down", "authorization_pending"]
    sleeping = Sleeping()
    invitation = device.begin(asked)
    assert (invitation.code, invitation.address) == ("WDJB-MJHT", f"{authority.url}/ici")
    assert CANARY not in repr(invitation)
    authority.answers.append((503, b""))
    token = device.finish(asked, invitation, sleep=sleeping)
    assert token.access_token in authority.alive
    assert sleeping.slept == [1, 2, 2, 7, 7]
    assert authority.asked[0]["scope"] == SCOPE


@pytest.mark.parametrize(
    ("refuses", "words"),
    [("access_denied", "accordé"), ("authorization_declined", "accordé"), ("expired_token", "plus valable")],
)
def test_a_no_in_the_device_flow_ends_it(authority, asked, refuses, words):
    """With a line for people, and nothing of the device code in it."""
    authority.refuses = refuses
    with pytest.raises(Refused, match=words) as caught:
        device.finish(asked, device.begin(asked), sleep=Sleeping())
    assert CANARY not in str(caught.value)


def test_nobody_who_types_the_code_is_not_waited_for_ever(authority, asked):
    """The code's own life is the limit."""
    authority.pending = ["authorization_pending"] * 1000
    with pytest.raises(Refused, match="à temps"):
        device.finish(asked, replace(device.begin(asked), seconds=30), sleep=Sleeping())


def test_a_device_answer_without_a_code_is_not_shown(authority, asked):
    """A server that speaks of something else."""
    authority.answers.append((200, b'{"user_code": "\\u001b", "device_code": "x", "verification_uri": "https://x"}'))
    with pytest.raises(Unavailable):
        device.begin(asked)


class Person:
    """Reads what is said, and does something about the address that is shown."""

    def __init__(self, act) -> None:
        self.said: list[str] = []
        self._act = act
        self._threads: list[threading.Thread] = []

    def __call__(self, line: str) -> None:
        self.said.append(line)
        shown = re.search(r"http://\S+/authorize\?\S+", line)
        if shown:
            thread = threading.Thread(target=self._act, args=(shown[0],))
            thread.start()
            self._threads.append(thread)

    def done(self) -> None:
        for thread in self._threads:
            thread.join()


def browse(address: str) -> tuple[int, str]:
    """What a browser shows, redirects followed."""
    try:
        with urllib.request.urlopen(address, timeout=5) as page:
            return page.status, page.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def redirected(address: str) -> str:
    """Where the provider sends a browser that is elsewhere."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        urllib.request.build_opener(Stay).open(address, timeout=5)
    except urllib.error.HTTPError as error:
        with error:
            return error.headers["Location"]
    raise AssertionError("not redirected")


def test_the_browser_comes_back_and_the_code_is_exchanged(authority, asked):
    """With the proof of RFC 7636, which the server checks; the page says to go back, and repeats nothing."""
    pages = []
    person = Person(lambda address: pages.append(browse(address)))
    token = loopback.log_in(asked, Terminal(say=person, typed=None), seconds=20)
    person.done()
    assert token.access_token in authority.alive
    assert pages[0][0] == 200
    assert "retournez au terminal" in pages[0][1]
    assert CANARY not in pages[0][1] + "".join(person.said)
    assert len(authority.asked[0]["code_verifier"]) >= 43


def test_over_ssh_the_address_is_pasted(authority, asked):
    """Half an address, another one's, and then the right one, in pieces."""
    reading, writing = os.pipe()

    def paste(address: str) -> None:
        right = redirected(address)
        os.write(writing, b"bonjour\n")
        os.write(writing, right.partition("&")[0].encode() + b"\n")
        os.write(writing, right[:40].encode())
        os.write(writing, right[40:].encode() + b"\r\n")

    person = Person(paste)
    try:
        token = loopback.log_in(asked, Terminal(say=person, typed=reading), seconds=20)
        person.done()
    finally:
        os.close(reading)
        os.close(writing)
    assert token.access_token in authority.alive
    assert [line for line in person.said if "Ce n’est pas l’adresse" in line] == [person.said[-1]] * 2


def test_somebody_elses_answer_is_not_listened_to(authority, asked):
    """A page that sends the browser to our port with a code of its own changes nothing (RFC 9700 section 4.7)."""
    pages = []

    def disturb(address: str) -> None:
        right = redirected(address)
        home = right.partition("/?")[0]
        pages.extend(
            browse(f"{home}/{path}")
            for path in ("?code=pirate&state=faux", "?error=access_denied", "favicon.ico", "?a=%ff;&&=")
        )
        with socket.create_connection(("127.0.0.1", int(home.rpartition(":")[2])), 5) as rude:
            rude.sendall(b"GET / HTTP/1.1\r\nX: ")
        browse(right)

    person = Person(disturb)
    token = loopback.log_in(asked, Terminal(say=person, typed=None), seconds=20)
    person.done()
    assert [status for status, _ in pages] == [404] * 4
    assert token.access_token in authority.alive
    assert len(authority.asked) == 1


def test_a_no_in_the_browser_ends_it(authority, asked):
    """One line."""
    authority.refuses = "access_denied"
    person = Person(browse)
    with pytest.raises(Refused, match="accordé"):
        loopback.log_in(asked, Terminal(say=person, typed=None), seconds=20)
    person.done()


def test_an_unknown_error_in_the_browser_does_nothing_to_the_terminal(authority, asked):
    """It is said as text."""
    authority.refuses = "\x1b[2Jpanne"
    person = Person(browse)
    with pytest.raises(Unavailable, match=r": \[2Jpanne$"):
        loopback.log_in(asked, Terminal(say=person, typed=None), seconds=20)
    person.done()


def test_nobody_who_comes_back_is_not_waited_for_ever(asked):
    """Neither is a closed terminal."""
    reading, writing = os.pipe()
    os.close(writing)
    try:
        with pytest.raises(Refused, match="à temps"):
            loopback.log_in(asked, Terminal(say=lambda _: None, typed=reading), seconds=0.3)
    finally:
        os.close(reading)


def test_a_yes_without_renewal_or_without_mail_is_no_yes(authority, asked):
    """An hour's access is of no use, and Google lets people untick the mail."""
    authority.gives_refresh = False
    with pytest.raises(Refused, match="renouveler"):
        device.finish(asked, device.begin(asked), sleep=Sleeping())
    authority.gives_refresh = True
    with pytest.raises(Refused, match="cochez"):
        device.finish(replace(asked, needed="https://mail.example.org/"), device.begin(asked), sleep=Sleeping())


def test_what_is_known_of_google_and_microsoft():
    """Google has no device flow for mail; Microsoft knows a registered `http://localhost` at any port."""
    of = {
        name: provider(Mailbox(oauth=name, user="mur@example.org", oauth_client_id="c"), None)
        for name in ("google", "microsoft")
    }
    assert of["google"].device_url == ""
    assert of["google"].redirect_host == "127.0.0.1"
    assert dict(of["google"].extra) == {"access_type": "offline", "prompt": "consent"}
    assert of["microsoft"].device_url.startswith("https://login.microsoftonline.com/")
    assert of["microsoft"].redirect_host == "localhost"
    assert "offline_access" in of["microsoft"].scope.split()
    assert "client_secret" not in of["microsoft"].identified(scope="x")


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({}, "oauth"),
        ({"oauth": "google", "oauth_client_id": "c"}, "user"),
        ({"oauth": "google", "user": "mur@example.org"}, "oauth_client_id"),
        ({"oauth": "other", "user": "mur@example.org", "oauth_client_id": "c"}, "oauth_auth_url"),
        (
            {"oauth": "google", "user": "m", "oauth_client_id": "c", "oauth_token_url": "http://x.example.org"},
            "oauth_token_url",
        ),
    ],
)
def test_what_is_missing_is_named(keys, named):
    """By its key in `mur.toml`."""
    with pytest.raises(Misconfigured, match=rf"\[mailbox\] {named}:"):
        provider(Mailbox(**keys), None)


def test_a_secret_in_a_file_goes_along(authority, tmp_path):
    """And must be for its owner alone, like the password."""
    file = tmp_path / "client.secret"
    file.write_text(f"{CANARY}-fichier\n")
    file.chmod(0o600)
    authority.secret = f"{CANARY}-fichier"
    asked = provider(authority.mailbox(tmp_path, oauth_client_secret_file="client.secret"), tmp_path)
    assert device.finish(asked, device.begin(asked), sleep=Sleeping()).access_token in authority.alive
    assert json.dumps(authority.asked[0]["client_secret"]) == f'"{CANARY}-fichier"'
