"""The server that takes our letters: a real one, over TLS, STARTTLS and neither, that refuses and hangs up."""

from __future__ import annotations

import ssl
from dataclasses import replace

import pytest

from ingest.correspondence.letter import Mail
from ingest.correspondence.outgoing import Said, Server
from ingest.errors import LoginNeeded, Misconfigured, Unavailable
from ingest.oauth.access import Access
from ingest.settings import Mailbox, Outgoing, Settings
from tests.correspondence.smtp import Sink
from tests.oauth.steps import logged_in
from tests.servers import authorization
from tests.servers.authorization import SECRET
from tests.servers.dovecot import free_port
from tests.servers.scripted import Scripted

MAIL = Mail(
    message_id="<letter.1@example.org>",
    sender="mur@example.org",
    author="mur@example.org",
    recipient="ana@example.net",
    utf8=False,
    raw=b"From: mur@example.org\r\nTo: ana@example.net\r\nSubject: Bonjour\r\n\r\n.Un point, puis\r\n..deux.\r\n",
)


def settings(sink: Sink, mailbox: Mailbox | None = None, **more) -> Settings:
    known = {"host": "localhost", "port": sink.port, "security": "none", "timeout_seconds": 10, **more}
    return Settings(outgoing=Outgoing(**known), mailbox=mailbox or Mailbox())


@pytest.fixture
def context(certificates) -> ssl.SSLContext:
    """The server's side."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificates.chain, certificates.key)
    return made


def test_a_letter_arrives_byte_for_byte(sink):
    """Lines that begin with a dot included (RFC 5321 section 4.5.2); and the server learns nothing of this machine."""
    with Server(settings(sink)) as server:
        said = server.hand(MAIL)

    assert Said(taken=True, for_good=True, word="250 2.0.0") == said
    assert [MAIL.raw] == [one.raw for one in sink.taken]
    assert [("mur@example.org", "ana@example.net")] == [(one.sender, one.recipient) for one in sink.taken]
    assert "[127.0.0.1]" == sink.taken[0].helo


def test_one_connection_serves_many_letters(sink):
    """A refusal in between spoils none of the others."""
    sink.orders.rcpt = ["", "550 5.1.1 nobody", ""]
    with Server(settings(sink)) as server:
        said = [server.hand(MAIL).word for _ in range(3)]

    assert ["250 2.0.0", "550 5.1.1", "250 2.0.0"] == said
    assert (1, 2) == (sink.connections, len(sink.taken))


@pytest.mark.parametrize(
    ("where", "answer", "for_good", "word"),
    [
        ("rcpt", "550 5.1.1 nobody", True, "550 5.1.1"),
        ("rcpt", "554 no", True, "554"),
        ("rcpt", "450 4.2.1 busy", False, "450 4.2.1"),
        ("rcpt", "452 4.5.3 too many", False, "452 4.5.3"),
        ("rcpt", "552 too many", False, "552"),
        ("data", "550 5.4.5 daily limit", False, "550 5.4.5"),
        ("data", "554 5.7.1 spam", True, "554 5.7.1"),
        ("data", "451 4.3.0 later", False, "451 4.3.0"),
    ],
)
def test_a_refusal_is_for_now_or_for_good(sink, where, answer, for_good, word):
    """The first digit says it (RFC 5321 section 4.2.1), but for the two that mean too much at once."""
    setattr(sink.orders, where, [answer])
    with Server(settings(sink)) as server:
        said = server.hand(MAIL)

    assert Said(taken=False, for_good=for_good, word=word) == said


@pytest.mark.parametrize("answer", ["530 5.7.0 log in first", "553 5.1.8 not your address", "450 4.7.1 later"])
def test_a_server_that_refuses_us_refuses_no_letter(sink, answer):
    """That is for the operator to mend: nothing has ended by it."""
    sink.orders.mail = [answer]
    with Server(settings(sink)) as server, pytest.raises(Unavailable, match="il n’accepte pas notre adresse"):
        server.hand(MAIL)

    assert [] == sink.taken


def test_an_empty_path_where_the_server_takes_it(sink):
    """RFC 3834 section 3.3: nothing can answer an automatic answer."""
    with Server(settings(sink)) as server:
        server.hand(replace(MAIL, sender=""))

    assert [""] == [one.sender for one in sink.taken]


def test_our_address_where_it_takes_no_empty_path(sink):
    """Many providers take mail of nobody but the user; one refusal a connection is enough to know."""
    sink.orders.refuses_null = True
    with Server(settings(sink)) as server:
        said = [server.hand(replace(MAIL, sender="")).taken for _ in range(2)]

    assert [True, True] == said
    assert ["mur@example.org"] * 2 == [one.sender for one in sink.taken]


@pytest.mark.parametrize("starttls", [False, True])
def test_encrypted(certificates, context, starttls):
    """Both ways, with a certificate that is verified."""
    with Sink(context=context, starttls=starttls, users={"mur": "secret"}) as sink:
        told = settings(
            sink,
            security="starttls" if starttls else "tls",
            cafile=str(certificates.authority),
            user="mur",
            password_env="MUR_ESSAI",
        )
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("MUR_ESSAI", "secret")
            with Server(told) as server:
                server.hand(MAIL)

    assert [(True, "mur")] == [(one.tls, one.user) for one in sink.taken]


def encrypted(sink: Sink, certificates, **more) -> Settings:
    return settings(sink, security="tls", cafile=str(certificates.authority), **more)


def test_a_certificate_that_nobody_vouches_for_is_refused(context):
    """The system's authorities do not know ours; and nothing is said to such a server."""
    with Sink(context=context) as sink, pytest.raises(Unavailable, match="certificat refusé"):
        Server(settings(sink, security="tls")).__enter__()


def test_no_starttls_no_letter(sink):
    """What somebody on the way took out of the greeting (a downgrade) ends it."""
    with pytest.raises(Unavailable, match="STARTTLS"):
        Server(settings(sink, security="starttls")).__enter__()


@pytest.mark.parametrize(("user", "password"), [("mur", "secret"), ("mûr", "mot de passe à nous")])
def test_a_password(context, certificates, monkeypatch, user, password):
    """Beyond ASCII as well, by SASL PLAIN."""
    monkeypatch.setenv("MUR_OUTGOING_PASSWORD", password)
    with (
        Sink(context=context, users={user: password}) as sink,
        Server(encrypted(sink, certificates, user=user)) as server,
    ):
        server.hand(MAIL)

    assert [user] == [one.user for one in sink.taken]


def test_the_mailboxes_own_password(context, certificates, monkeypatch):
    """Where `[outgoing]` names nobody."""
    monkeypatch.setenv("MUR_MAILBOX_PASSWORD", "secret")
    with (
        Sink(context=context, users={"mur@example.org": "secret"}) as sink,
        Server(settings_with(sink, certificates, Mailbox(user="mur@example.org"))) as server,
    ):
        server.hand(MAIL)

    assert ["mur@example.org"] == [one.user for one in sink.taken]


def settings_with(sink: Sink, certificates, mailbox: Mailbox) -> Settings:
    return replace(encrypted(sink, certificates), mailbox=mailbox)


def test_a_wrong_password_says_so_and_not_what_it_was(context, certificates, monkeypatch):
    """One line for the operator."""
    monkeypatch.setenv("MUR_OUTGOING_PASSWORD", "CANARI")
    with Sink(context=context, users={"mur": "secret"}) as sink, pytest.raises(Unavailable) as refusal:
        Server(encrypted(sink, certificates, user="mur")).__enter__()

    assert "identification refusée : 535" in str(refusal.value)
    assert "CANARI" not in str(refusal.value)


def test_a_user_without_a_password(sink, monkeypatch):
    """`mur.toml` names who, and nobody says with what."""
    monkeypatch.delenv("MUR_OUTGOING_PASSWORD", raising=False)
    with pytest.raises(Misconfigured, match="MUR_OUTGOING_PASSWORD"):
        Server(settings(sink, user="mur")).__enter__()


@pytest.fixture
def authority():
    with authorization.running() as server:
        yield server


def test_the_mailboxes_token(context, certificates, authority, tmp_path, monkeypatch):
    """XOAUTH2, with the token that `mur login` kept; one that the server no longer takes is renewed once."""
    monkeypatch.setenv("MUR_ESSAI_SECRET", SECRET)
    mailbox = authority.mailbox(tmp_path, host="localhost")
    good = logged_in(authority, mailbox)
    with Sink(context=context, tokens={mailbox.user: good}) as sink:
        with Server(settings_with(sink, certificates, mailbox)) as server:
            server.hand(MAIL)
        sink.tokens[mailbox.user] = "over"
        with pytest.raises(Unavailable, match="identification refusée") as refusal:
            Server(settings_with(sink, certificates, mailbox)).__enter__()

    assert [mailbox.user] == [one.user for one in sink.taken]
    assert good not in str(refusal.value)
    assert Access(mailbox, None).token() != good


def test_no_token_yet(context, certificates, authority, tmp_path, monkeypatch):
    """Only a person can help."""
    monkeypatch.setenv("MUR_ESSAI_SECRET", SECRET)
    mailbox = authority.mailbox(tmp_path, host="localhost")
    with Sink(context=context, tokens={mailbox.user: "x"}) as sink, pytest.raises(LoginNeeded, match="mur login"):
        Server(settings_with(sink, certificates, mailbox)).__enter__()


@pytest.mark.parametrize("when", ["mid-data", "after-data"])
def test_a_connection_that_ends_in_the_middle(sink, when):
    """Nobody knows whether it was taken, and nobody pretends to."""
    sink.orders.hang_up = [when]
    with pytest.raises(Unavailable, match="connexion perdue"), Server(settings(sink)) as server:
        server.hand(MAIL)


def test_a_server_that_hangs_up_after_a_refusal(sink):
    """The refusal counts; the letter after it finds out."""
    sink.orders.rcpt, sink.orders.hang_up = ["550 5.1.1 nobody"], ["after-refusal"]
    with Server(settings(sink)) as server:
        said = server.hand(MAIL)
        with pytest.raises(Unavailable, match="connexion perdue"):
            server.hand(MAIL)

    assert Said(taken=False, for_good=True, word="550 5.1.1") == said


def test_a_server_that_closes_down(sink):
    """421 is a goodbye (RFC 5321 section 3.8), whatever was asked."""
    sink.orders.rcpt = ["421 4.7.0 closing"]
    with pytest.raises(Unavailable, match="connexion perdue"), Server(settings(sink)) as server:
        server.hand(MAIL)


def test_nobody_there():
    """One line."""
    port = free_port()
    told = Settings(outgoing=Outgoing(host="127.0.0.1", port=port, security="none", timeout_seconds=2))

    with pytest.raises(Unavailable, match=f"127.0.0.1:{port} : connexion refusée"):
        Server(told).__enter__()


def test_something_else_answers():
    """An answer that is none of SMTP's."""
    with Scripted() as other:
        told = Settings(outgoing=Outgoing(host="127.0.0.1", port=other.port, security="none", timeout_seconds=2))
        with pytest.raises(Unavailable):
            Server(told).__enter__()


@pytest.mark.parametrize("knows", [True, False])
def test_an_address_beyond_ascii(knows):
    """Only where the server knows SMTPUTF8 (RFC 6531); elsewhere it ends there, by name."""
    with Sink(utf8=knows) as sink, Server(settings(sink)) as server:
        said = server.hand(
            replace(MAIL, recipient="zoë@example.net", utf8=True, raw="To: zoë@example.net\r\n\r\n".encode())
        )

    assert ("250 2.0.0" if knows else "no-smtputf8") == said.word
    assert (["zoë@example.net"] if knows else []) == [one.recipient for one in sink.taken]
