"""A request to a server that somebody's mail named: to nowhere else, for so long, for so many bytes."""

from __future__ import annotations

import socket
import ssl

import pytest

from ingest.errors import Refused, Unavailable
from ingest.fetching.reach import Reach
from tests.fetching.server import HOST, reach, serving


def test_a_document_is_had(running, certificates):
    """Under the server's own name, saying nothing of who asks."""
    strange, port = running
    strange.documents["/api"] = {"a": [1]}

    assert {"a": [1]} == reach(certificates, port).server(HOST).json("/api")
    assert (HOST, "/api") == strange.asked[-1]
    assert {"Host", "Accept", "Accept-Encoding", "User-Agent"} == set(strange.headers[-1])
    assert "lemurparle" == strange.headers[-1]["User-Agent"]


@pytest.mark.parametrize(
    ("path", "error", "words"),
    [
        ("/elsewhere", Refused, "n’est pas suivie"),
        ("/html", Refused, "ce n’est pas la réponse"),
        ("/zipped", Refused, "ce n’est pas la réponse"),
        ("/huge", Refused, "démesurée"),
        ("/long-header", Refused, "démesurée"),
        ("/nonsense", Refused, "illisible"),
        ("/deep", Refused, "illisible"),
        ("/torn", Unavailable, "ne répond pas"),
        ("/code-401", Refused, "qu’à qui s’y est identifié"),
        ("/code-403", Refused, "qu’à qui s’y est identifié"),
        ("/code-404", Refused, "n’existe plus"),
        ("/code-410", Refused, "n’existe plus"),
        ("/code-418", Refused, "418"),
        ("/code-429", Unavailable, "attendre un peu"),
        ("/code-500", Unavailable, "attendre un peu"),
        ("/code-503", Unavailable, "attendre un peu"),
    ],
)
def test_whatever_else_it_answers_is_one_clear_line(running, certificates, path, error, words):
    """And a redirect leads nowhere, not even back to this machine."""
    strange, port = running
    before = len(strange.asked)
    with pytest.raises(error) as told:
        reach(certificates, port).server(HOST).json(path)

    assert words in str(told.value)
    assert "CANARY" not in str(told.value)
    assert [(HOST, path)] == strange.asked[before:]


@pytest.mark.parametrize("path", ["/slow-body", "/slow-header", "/silent"])
def test_one_that_answers_a_letter_now_and_then_is_given_up(running, certificates, path):
    """The time is for the whole answer, not for each letter of it."""
    _strange, port = running
    with pytest.raises(Unavailable, match="pas à temps"):
        reach(certificates, port, seconds=0.4).server(HOST).json(path)


def test_one_that_never_says_hello_is_given_up(certificates):
    """Neither does a handshake take longer than all of it may."""
    with socket.create_server(("127.0.0.1", 0)) as deaf, pytest.raises(Unavailable, match="pas à temps"):
        reach(certificates, deaf.getsockname()[1], seconds=0.3).server(HOST).json("/api")


def test_nobody_there(certificates):
    """No such name, and nobody at its address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unavailable, match="ne répond pas"):
        reach(certificates, port).server(HOST).json("/api")
    with pytest.raises(Unavailable, match="inconnu"):
        Reach(resolve=_unknown).server(HOST)


def _unknown(_host):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["10.1.2.3"],
        ["169.254.169.254"],
        ["224.0.0.1"],
        ["1.1.1.1", "127.0.0.1"],
    ],
)
def test_an_address_that_is_not_open_to_all_is_never_connected_to(running, found):
    """As every wall has it: one such address among others is enough."""
    strange, port = running
    before = len(strange.asked)
    with pytest.raises(Refused, match="n’est pas ouverte à tous"):
        Reach(resolve=lambda _host: found, port=port).server(HOST)

    assert before == len(strange.asked)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "2130706433", "127.1"])
def test_this_machine_is_refused_whatever_it_is_called(running, host):
    """By the resolver of the system itself."""
    _strange, port = running
    with pytest.raises((Refused, Unavailable)):
        Reach(port=port).server(host)


def test_a_name_that_changes_its_address_leads_nowhere_else(running, certificates):
    """It is resolved once: what a name server says the second time, nobody asks."""
    strange, port = running
    strange.documents |= {"/one": {}, "/two": {}}
    answers = iter((["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"]))
    with serving(certificates, "127.0.0.2", port) as (secret, _port):
        server = reach(certificates, port, resolve=lambda _host: next(answers)).server(HOST)
        server.json("/one")
        server.json("/two")

        assert [(HOST, "/one"), (HOST, "/two")] == strange.asked[-2:]
        assert [] == secret.asked
    assert ["127.0.0.2"] == next(answers)


def test_a_certificate_has_to_be_of_that_name(running, certificates):
    """Whoever answers at an address that was looked at is not yet who was asked for."""
    strange, port = running
    before = len(strange.asked)

    def strict():
        return ssl.create_default_context(cafile=str(certificates.authority))

    for context in (strict, ssl.create_default_context):
        with pytest.raises(Refused, match="certificat"):
            reach(certificates, port, context=context).server(HOST).json("/api")
    assert before == len(strange.asked)
