"""What is sent to an authorisation server, and what is believed of its answers."""

from __future__ import annotations

import json
import time

import pytest

from ingest.errors import Misconfigured, Unavailable
from ingest.oauth.endpoint import ask, checked
from tests.servers.authorization import CANARY
from tests.servers.dovecot import free_port

FORM = {"client_id": "client-du-mur", "refresh_token": f"{CANARY}-renouvellement"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://login.example.org/token",
        "ftp://127.0.0.1/token",
        "file:///etc/passwd",
        "//login.example.org",
        "https://",
        "https://login.example.org/a b",
        "http://127.0.0.1.example.org/",
        "http://[::1/",
    ],
)
def test_secrets_go_by_https_or_stay_here(url):
    """Anything else is refused by its key."""
    with pytest.raises(Misconfigured, match=r"\[mailbox\] oauth_token_url"):
        checked("oauth_token_url", url)


@pytest.mark.parametrize(
    "url", ["https://login.example.org/token", "http://127.0.0.1:8/", "http://[::1]/", "http://localhost/"]
)
def test_https_and_this_machine_are_good(url):
    """They stand as they are."""
    assert checked("oauth_token_url", url) == url


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b'{"error": "server_error"}'),
        (503, b"<html>"),
        (429, b'{"error": "slow_down"}'),
        (404, b"nothing here"),
        (400, b"[" * 60_000),
        (200, b"not json"),
        (200, b"[1, 2]"),
        (200, b'{"a": {}}'),
        (200, b"\xff\xfe"),
        (200, b'{"access_token": "' + b"x" * 70_000 + b'"}'),
    ],
)
def test_what_cannot_be_used_is_not_now(authority, status, body):
    """Nothing but `Unavailable`, in one line."""
    authority.answers.append((status, body))
    with pytest.raises(Unavailable) as caught:
        ask(f"{authority.url}/token", FORM)
    assert "\n" not in str(caught.value)
    assert len(authority.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_not_followed(authority, status):
    """A form goes where the settings say or nowhere."""
    authority.answers.append((status, f"{authority.url}/ailleurs?state=x&redirect_uri=y".encode()))
    with pytest.raises(Unavailable, match=f"HTTP {status}"):
        ask(f"{authority.url}/token", FORM)
    assert (len(authority.asked), authority.visited) == (1, [])


def test_nobody_there_is_told_in_one_line():
    """The host is named, the form is not."""
    with pytest.raises(Unavailable, match=r"127\.0\.0\.1 ne répond pas") as caught:
        ask(f"http://127.0.0.1:{free_port()}/token", FORM)
    assert CANARY not in repr(caught.value)


def test_a_server_that_quotes_the_question_prints_no_secret(authority):
    """Its words come without what it was sent, and without what moves a cursor."""
    said = {"error": f"bad {CANARY}-renouvellement", "error_description": f"\x1b[2Jnot {CANARY}-renouvellement\nat all"}
    authority.answers.append((400, json.dumps(said).encode()))
    answer = ask(f"{authority.url}/token", FORM)
    assert answer.error == "bad …"
    assert answer.said == "[2Jnot … at all"
    assert CANARY not in repr(answer)


def test_a_proxy_of_the_environment_does_not_hear_what_stays_here(authority, monkeypatch):
    """A loopback address is asked directly."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    authority.answers.append((200, b'{"expires_in": "77", "interval": 1e9, "ok": "yes"}'))
    answer = ask(f"{authority.url}/token", FORM)
    assert answer.text("nothing", "ok") == "yes"
    assert answer.number("expires_in", 5, most=60) == 60
    assert answer.number("interval", 5, most=60) == 5


def test_an_answer_that_never_ends_is_left(authority):
    """Nine hundred thousand brackets or digits cost nothing."""
    began = time.monotonic()
    authority.answers.append((200, b'{"expires_in": ' + b"9" * 60_000 + b"}"))
    with pytest.raises(Unavailable):
        ask(f"{authority.url}/token", FORM)
    assert time.monotonic() - began < 2
