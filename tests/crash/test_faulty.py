"""The bad network does what it says: else the proof behind it proves nothing."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

import pytest

from tests.servers.faulty import CUT, DRIP, HALF, REFUSE, RESET, SOUND, STALL, Fate, Faulty

SAID = bytes(range(256)) * 8


@pytest.fixture
def echo():
    """A server that says what it hears, once the whole of it was heard."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        while True:
            try:
                client, _address = listener.accept()
            except OSError:
                return
            with client:
                heard = b""
                with suppress(ConnectionError):
                    while len(heard) < len(SAID) and (data := client.recv(4096)):
                        heard += data
                    client.sendall(heard)

    threading.Thread(target=serve, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def heard(port, fate, *, timeout=5.0):
    """What comes back through a proxy of this fate, and how it ended."""
    with Faulty(port, seed=1) as network:
        network.forced = [fate]
        answer = b""
        try:
            with socket.create_connection(("127.0.0.1", network.port), timeout) as client:
                client.sendall(SAID)
                while len(answer) < len(SAID) and (data := client.recv(4096)):
                    answer += data
        except TimeoutError:
            return answer, "silence"
        except ConnectionError:
            return answer, "reset"
        return answer, "end" if len(answer) < len(SAID) else "all"


def test_sound_and_dripping_connections_hand_everything_on(echo):
    """In whatever pieces."""
    assert heard(echo, Fate(kind=SOUND)) == (SAID, "all")
    assert heard(echo, Fate(kind=DRIP, way="down", at=100, piece=64)) == (SAID, "all")


def test_a_cut_is_at_its_very_byte(echo):
    """The bytes before it arrive, those after it do not."""
    assert heard(echo, Fate(kind=CUT, way="down", at=777)) == (SAID[:777], "end")


def test_stalls_and_half_open_connections_say_nothing(echo):
    """Not even that it is over."""
    for kind in (STALL, HALF):
        assert heard(echo, Fate(kind=kind, way="down", at=50), timeout=0.5) == (SAID[:50], "silence")


def test_a_reset_and_a_refusal_are_errors(echo):
    """Not an orderly end."""
    answer, how = heard(echo, Fate(kind=RESET, way="up", at=10))
    assert (answer, how) == (b"", "reset")
    assert heard(echo, Fate(kind=REFUSE))[1] in {"reset", "end"}


def test_the_same_seed_draws_the_same_fates():
    """A run can be repeated."""
    assert [Faulty(1, seed=3)._draw() for _one in range(50)] == [Faulty(1, seed=3)._draw() for _one in range(50)]
