"""The token that was kept: who may read it, when it is renewed, and two who renew it at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.errors import LoginNeeded, Misconfigured, Unavailable
from ingest.oauth.access import Access
from ingest.oauth.provider import provider
from ingest.oauth.token import token_file
from ingest.settings import load
from tests.oauth.steps import logged_in
from tests.servers.authorization import CANARY, SECRET


@pytest.fixture
def settings(authority, tmp_path):
    """A mailbox whose token lies in a folder that is not there yet."""
    return authority.mailbox(tmp_path / "var")


def test_the_file_is_for_its_owner_alone(authority, settings):
    """0600 in a folder of 0700, whatever the umask, first and after each renewal; nothing else stays beside."""
    path = Path(settings.oauth_token_file)
    before = os.umask(0)
    try:
        logged_in(authority, settings)
        modes = [path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777]
        Access(settings, None).renewed(json.loads(path.read_text())["access_token"])
    finally:
        os.umask(before)
    assert [*modes, path.stat().st_mode & 0o777] == [0o600, 0o700, 0o600]
    assert {each.name for each in path.parent.iterdir()} == {"mailbox.token", "mailbox.token.lock"}


def test_a_file_that_others_may_read_is_refused(authority, settings):
    """The line names the file and not what is in it."""
    logged_in(authority, settings)
    Path(settings.oauth_token_file).chmod(0o640)
    with pytest.raises(Misconfigured, match="chmod 600") as caught:
        Access(settings, None).token()
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"access_token": 3}', b"\xff", b"[" * 60_000])
def test_what_is_no_token_needs_a_login(authority, settings, raw):
    """A file that was cut short, or written by something else."""
    logged_in(authority, settings)
    Path(settings.oauth_token_file).write_bytes(raw)
    with pytest.raises(LoginNeeded, match="mur login"):
        Access(settings, None).token()


def test_without_a_file_a_login_is_needed(settings):
    """And nothing is asked of anybody."""
    with pytest.raises(LoginNeeded, match="mur login"):
        Access(settings, None).token()


@pytest.mark.parametrize("key", ["user", "oauth_client_id", "oauth_token_url"])
def test_a_token_goes_nowhere_but_where_it_came_from(authority, settings, key):
    """Another account, another program or another address in `mur.toml` is not sent this refresh token."""
    logged_in(authority, settings, ends_in=0)
    changed = replace(settings, **{key: f"{authority.url}/autre" if key.endswith("url") else "autre"})
    with pytest.raises(LoginNeeded):
        Access(changed, None).token()
    assert authority.asked == []


def test_nothing_secret_is_in_a_repr(authority, settings, tmp_path):
    """Of the token, of the provider, of the settings."""
    logged_in(authority, settings)
    asked = provider(settings, None)
    kept = token_file(settings, None).load(asked)
    assert CANARY in kept.access_token + kept.refresh_token
    assert asked.client_secret == SECRET
    assert CANARY not in f"{kept!r} {asked!r} {settings!r}"


def test_a_provider_that_does_not_rotate_keeps_its_refresh_token(authority, settings):
    """Google gives none with a renewal: the one that was there stays."""
    authority.rotates = False
    worn = logged_in(authority, settings)
    access = Access(settings, None)
    assert access.renewed(access.renewed(worn)) != worn
    assert authority.refreshed() == 2


@pytest.mark.parametrize(
    ("refuses", "kind", "words"),
    [
        ("invalid_client", Misconfigured, "oauth_client_id"),
        ("invalid_scope", Misconfigured, "oauth_scope"),
        ("interaction_required", LoginNeeded, "mur login"),
        ("temporarily_unavailable", Unavailable, "temporarily_unavailable"),
    ],
)
def test_a_refusal_is_said_to_who_must_act(authority, settings, refuses, kind, words):
    """The operator, a person with a browser, or nobody."""
    logged_in(authority, settings, ends_in=0)
    authority.answers.append((400, json.dumps({"error": refuses}).encode()))
    with pytest.raises(kind, match=words) as caught:
        Access(settings, None).token()
    assert type(caught.value) is kind


def test_a_token_that_would_break_the_login_is_not_taken(authority, settings):
    """A control character could add a field to the SASL message."""
    logged_in(authority, settings, ends_in=0)
    bad = {"access_token": "a\x01user=root", "token_type": "bearer"}
    authority.answers.append((200, json.dumps(bad).encode()))
    with pytest.raises(Unavailable):
        Access(settings, None).token()


def test_something_in_the_way_of_the_answer_is_seen_first(authority, settings):
    """The place where it would be written is taken by a folder: nothing is asked."""
    logged_in(authority, settings, ends_in=0)
    Path(f"{settings.oauth_token_file}.new").mkdir()
    with pytest.raises(Unavailable):
        Access(settings, None).token()
    assert authority.asked == []


def test_two_processes_that_renew_at_once_ask_once(authority, tmp_path):
    """The second finds what the first was given; used twice, this refresh token would have revoked everything."""
    wall = tmp_path / "mur.toml"
    wall.write_text("[mailbox]\n" + "".join(f'{key} = "{value}"\n' for key, value in authority.keys.items()))
    settings = load(wall).mailbox
    assert settings.oauth_token_file == str(tmp_path / "var" / "mailbox.token")
    logged_in(authority, settings, ends_in=30)
    authority.slow = 0.4
    program = textwrap.dedent("""
        import pathlib, sys
        from ingest.oauth.access import Access
        from ingest.settings import load
        access = Access(load(pathlib.Path(sys.argv[1])).mailbox, None)
        sys.stdin.readline()
        print(access.token())
    """)
    command = [sys.executable, "-c", program, str(wall)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    processes = [subprocess.Popen(command, **pipes) for _ in range(2)]
    time.sleep(0.1)
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()
    tokens = {process.communicate(timeout=30)[0].strip() for process in processes}
    assert [process.returncode for process in processes] == [0, 0]
    assert len(tokens) == 1
    assert tokens <= set(authority.alive)
    assert authority.refreshed() == 1
