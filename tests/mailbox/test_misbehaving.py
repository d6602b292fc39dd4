"""The mailbox against servers of every age, and against one that breaks."""

from __future__ import annotations

import socket
import threading
import time
from datetime import UTC, datetime

import pytest

from ingest.errors import Misconfigured, Unavailable
from ingest.mailbox import Mailbox
from ingest.mailbox.connection import connect
from ingest.mailbox.selection import search, select
from tests.servers.dovecot import free_port
from tests.servers.fixtures import PASSWORD, plain_settings
from tests.servers.scripted import EVERYTHING, Mail

RAW = b"From: a@example.org\r\nSubject: Bonjour\r\n\r\nQuelques mots.\r\n"


def opened(server, *, password: str = PASSWORD, **more) -> Mailbox:
    return Mailbox(plain_settings(server.port, **more), base=None, password=password)


def without(*names: str) -> tuple[str, ...]:
    return tuple(name for name in EVERYTHING if name not in names)


# --- opening


def test_without_a_host_it_is_said_that_there_is_no_mailbox():
    """A wall may have none."""
    with pytest.raises(Misconfigured, match="no mailbox"), Mailbox(plain_settings(1, host=""), base=None, password="x"):
        pass


def test_without_a_password_it_is_said_where_one_was_looked_for(scripted):
    """The line names the variable."""
    with pytest.raises(Misconfigured, match="MUR_MAILBOX_PASSWORD"), opened(scripted, password=""):
        pass
    assert scripted.said == []


def test_a_missing_authority_file_is_a_mistake_of_the_settings(scripted, tmp_path):
    """A relative name is relative to the folder of the settings."""
    settings = plain_settings(scripted.port, security="tls", cafile="ca.pem")
    with pytest.raises(Misconfigured, match=r"cafile.*ca\.pem"), Mailbox(settings, base=tmp_path, password="x"):
        pass


def test_a_port_where_nobody_listens_is_told_in_one_line():
    """Host, port, and what happened."""
    port = free_port()
    with pytest.raises(Unavailable) as caught, Mailbox(plain_settings(port), base=None, password="x"):
        pass
    assert str(caught.value) == f"boîte aux lettres 127.0.0.1:{port} : connexion refusée"


def test_a_name_that_nobody_knows_is_told_in_one_line():
    """RFC 6761 keeps .invalid free of hosts."""
    settings = plain_settings(1, host="imap.example.invalid", security="tls")
    with pytest.raises(Unavailable, match="nom de serveur est inconnu"), Mailbox(settings, base=None, password="x"):
        pass


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_server_that_accepts_and_says_nothing_is_given_up(security):
    """The time-out of the settings holds from the first byte on."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings = plain_settings(silent.getsockname()[1], security=security, timeout_seconds=1)
        began = time.monotonic()
        with pytest.raises(Unavailable, match="pas de réponse"), Mailbox(settings, base=None, password="x"):
            pass
        assert time.monotonic() - began < 5


def test_a_server_that_falls_silent_later_is_given_up(scripted):
    """A FETCH that is never answered does not hang the poller."""
    scripted.add(RAW)
    scripted.silent_at = "UID FETCH"
    with pytest.raises(Unavailable, match="pas de réponse"), opened(scripted, timeout_seconds=1) as mailbox:
        list(mailbox.new("INBOX"))


def test_a_server_that_speaks_another_protocol_is_told_in_one_line():
    """Whatever answers, no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as web:
        thread = threading.Thread(target=lambda: web.accept()[0].sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"))
        thread.start()
        settings = plain_settings(web.getsockname()[1], timeout_seconds=2)
        with pytest.raises(Unavailable), Mailbox(settings, base=None, password="x"):
            pass
        thread.join()


def test_where_tls_was_asked_for_nothing_is_said_without_it(scripted):
    """A server without STARTTLS gets no password."""
    with pytest.raises(Unavailable, match="STARTTLS"), opened(scripted, security="starttls"):
        pass
    assert scripted.sent("LOGIN") == []


def test_a_connection_that_is_cut_at_login_is_unavailable(scripted):
    """As a server does that is too busy."""
    scripted.cut_at = "LOGIN"
    with pytest.raises(Unavailable), opened(scripted):
        pass


def test_the_program_says_its_name_where_it_is_asked(scripted):
    """RFC 2971; a refusal does not matter."""
    scripted.capabilities = (*EVERYTHING, "ID")
    with opened(scripted):
        assert scripted.sent('ID .*"lemurparle"')
    scripted.refuse = ("ID",)
    with opened(scripted) as mailbox:
        assert list(mailbox.new("INBOX")) == []


def test_imaplib_does_not_format_every_literal(scripted):
    """imapclient sets imaplib's debug level to 5: fifteen times the CPU, and mails in the log."""
    client = connect(plain_settings(scripted.port), base=None, password=PASSWORD)
    assert client._imap.debug == 0
    client.logout()


# --- folders


def test_a_folder_that_is_not_there_is_a_mistake_of_the_settings(scripted):
    """The line says which there are."""
    scripted.folders["Archives"] = []
    with pytest.raises(Misconfigured, match=r"Boite: no such folder; there are Archives, INBOX"):
        opened(scripted, folders=("INBOX", "Boite")).__enter__()


def test_the_folder_for_received_mail_may_not_be_read(scripted):
    """It would be read for ever."""
    with pytest.raises(Misconfigured, match="filed"):
        opened(scripted, filed="inbox").__enter__()


def test_a_spam_folder_is_found_by_its_use_whatever_its_name(scripted):
    """RFC 6154: Gmail's is called [Gmail]/Spam, or Pourriel, or Correo no deseado."""
    scripted.add(RAW, "[Gmail]/Pourriel")
    scripted.special = {"\\Junk": "[Gmail]/Pourriel"}
    with opened(scripted, spam_folders=("\\Junk",)) as mailbox:
        assert mailbox.folders == ("INBOX", "[Gmail]/Pourriel")
        assert next(mailbox.new("[Gmail]/Pourriel")).spam


# --- reading


def test_what_was_seen_or_flagged_is_no_reason_to_pass_over_a_mail(scripted):
    """UNSEEN is never asked for, and nothing is marked as seen."""
    scripted.add(RAW, flags={"\\Seen", "\\Flagged"})
    with opened(scripted) as mailbox:
        assert [each.raw for each in mailbox.new("INBOX")] == [RAW]
    assert scripted.sent("UNSEEN") == []
    assert all("PEEK" in line for line in scripted.sent("BODY"))


def test_the_size_is_asked_before_a_mail_is_fetched(scripted):
    """A mail over the limit is never fetched whole."""
    scripted.add(RAW + b"x" * 5000)
    with opened(scripted, max_bytes=1000) as mailbox:
        (large,) = mailbox.new("INBOX")
    assert large.too_large
    assert large.raw == RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    assert scripted.sent(r"BODY\.PEEK\[\]") == []


def test_a_header_without_end_is_cut(scripted):
    """Of a mail that is too large, the header too may be."""
    scripted.add(b"Subject: " + b"x" * 900_000 + b"\r\n\r\n")
    with opened(scripted, max_bytes=1000) as mailbox:
        (large,) = mailbox.new("INBOX")
    assert len(large.raw) == 256_000


def test_mails_are_fetched_together_but_never_more_than_four_megabytes(scripted):
    """Few round trips, little memory."""
    sizes = [1_500_000, 1_500_000, 1_500_000, 4_500_000, 10, 10]
    for size in sizes:
        scripted.add(b"x" * size)
    with opened(scripted) as mailbox:
        assert [each.size for each in mailbox.new("INBOX")] == sizes
    asked = [line.split(" ")[2] for line in scripted.sent(r"BODY\.PEEK\[\]")]
    assert asked == ["101,102", "103", "104", "105,106"]


def test_a_folder_of_two_hundred_thousand_mails_is_searched_in_pieces(scripted):
    """imaplib reads no line over 1,000,000 bytes: about 90,000 UIDs of ten digits."""
    first = 4_000_000_000
    scripted.folders["INBOX"] = [Mail(uid=first + number, raw=b"") for number in range(200_000)]
    client = connect(plain_settings(scripted.port), base=None, password=PASSWORD)
    uids = search(client, select(client, "INBOX"))
    client.logout()
    assert list(uids) == list(range(first, first + 200_000))
    assert len(scripted.sent("SEARCH")) == 4


def test_a_size_that_the_server_only_estimates_is_no_loss(scripted):
    """Exchange does so. What is sent twice alike is the mail."""
    scripted.add(RAW, announced=len(RAW) + 312)
    with opened(scripted) as mailbox:
        assert [each.raw for each in mailbox.new("INBOX")] == [RAW]


def test_a_mail_that_is_not_the_same_twice_is_left_for_later(scripted):
    """It is not taken by halves; the next one goes on."""
    scripted.add(RAW, announced=9999, flickers=True)
    scripted.add(RAW)
    with opened(scripted) as mailbox:
        assert [each.uid for each in mailbox.new("INBOX")] == [102]


def test_a_mail_that_the_server_cannot_read_does_not_stop_the_others(scripted):
    """Some servers refuse the whole FETCH for one broken mail."""
    scripted.add(RAW)
    scripted.add(RAW, unreadable=True)
    scripted.add(RAW)
    with opened(scripted) as mailbox:
        assert [each.uid for each in mailbox.new("INBOX")] == [101, 103]


def test_mails_that_vanish_between_search_and_fetch_are_passed_over(scripted):
    """Somebody tidies up with a telephone."""
    for _ in range(3):
        scripted.add(RAW)

    def tidy(line: str) -> None:
        if "RFC822.SIZE" in line or "BODY" in line:
            del scripted.folders["INBOX"][0]

    scripted.before = tidy
    with opened(scripted) as mailbox:
        assert [each.uid for each in mailbox.new("INBOX")] == [103]


@pytest.mark.parametrize("date", ['"31-Dec-9999 23:59:59 -1200"', '"99-Foo-2022 00:00:00 +0000"', "NIL"])
def test_a_date_of_arrival_that_makes_no_sense_is_now(scripted, date):
    """It is for show: no mail is stopped by it."""
    scripted.add(RAW, date=date)
    with opened(scripted) as mailbox:
        (one,) = mailbox.new("INBOX")
    assert abs((datetime.now(UTC) - one.received_at).total_seconds()) < 60


def test_a_connection_cut_in_the_middle_of_a_mail_is_unavailable(scripted):
    """Nothing half-read is given on."""
    scripted.add(RAW)
    scripted.cut_at = "UID FETCH"
    with pytest.raises(Unavailable, match="connexion perdue"), opened(scripted) as mailbox:
        list(mailbox.new("INBOX"))


# --- filing away


def file_all(scripted, **more) -> list[bool]:
    with opened(scripted, **more) as mailbox:
        return [mailbox.file_away(each) for each in mailbox.new("INBOX")]


def test_with_move_a_mail_is_moved(scripted):
    """Into a folder that is made with the first one."""
    scripted.add(RAW)
    scripted.add(RAW + b"2")
    assert file_all(scripted) == [True, True]
    assert scripted.folders["INBOX"] == []
    assert [mail.raw for mail in scripted.folders["Mur/Recu"]] == [RAW, RAW + b"2"]
    assert len(scripted.sent("CREATE")) == 1


def test_without_move_a_mail_is_copied_and_expunged_alone(scripted):
    """UID EXPUNGE names it; what others marked as deleted stays."""
    scripted.capabilities = without("MOVE")
    scripted.add(RAW)
    other = scripted.add(RAW + b"other", flags={"\\Deleted"})
    with opened(scripted) as mailbox:
        first, _ = mailbox.new("INBOX")
        assert mailbox.file_away(first)
    assert scripted.folders["INBOX"] == [other]
    assert scripted.sent("^EXPUNGE") == []


@pytest.mark.parametrize(("keywords", "mark"), [(True, "$MurRecu"), (False, "\\Deleted")])
def test_without_uidplus_a_mail_is_copied_and_marked(scripted, keywords, mark):
    """It stays where it is, nothing is expunged, and it is not new any more."""
    scripted.capabilities = without("MOVE", "UIDPLUS")
    scripted.keywords = keywords
    scripted.add(RAW)
    assert file_all(scripted) == [True]
    assert [mail.flags for mail in scripted.folders["INBOX"]] == [{mark}]
    assert scripted.sent("EXPUNGE") == []
    with opened(scripted) as mailbox:
        assert list(mailbox.new("INBOX")) == []


def test_a_folder_that_somebody_removed_is_made_again(scripted):
    """TRYCREATE (RFC 3501 section 7.1)."""
    scripted.add(RAW)
    scripted.add(RAW)
    with opened(scripted) as mailbox:
        for each in mailbox.new("INBOX"):
            assert mailbox.file_away(each)
            scripted.folders.pop("Mur/Recu")
    assert scripted.folders["INBOX"] == []


def test_a_server_that_refuses_to_move_is_no_error_of_the_mail(scripted):
    """It stays, is told as not filed, and is new again."""
    scripted.refuse = ("UID MOVE",)
    scripted.add(RAW)
    assert file_all(scripted) == [False]
    assert len(scripted.folders["INBOX"]) == 1


def test_a_mailbox_that_was_made_anew_meanwhile_is_not_touched(scripted):
    """Where UIDVALIDITY changed, the UID may be another mail's."""
    scripted.add(RAW)
    with opened(scripted) as mailbox:
        (one,) = mailbox.new("INBOX")
        scripted.uidvalidity += 1
        scripted.folders["Autre"] = []
        list(mailbox.new("Autre"))
        assert not mailbox.file_away(one)
    assert len(scripted.folders["INBOX"]) == 1


# --- waiting


def wait(scripted, seconds: float, **more) -> tuple[bool, float]:
    with opened(scripted, **more) as mailbox:
        list(mailbox.new("INBOX"))
        began = time.monotonic()
        return mailbox.wait(seconds, threading.Event()), time.monotonic() - began


def test_what_comes_in_the_packet_that_begins_idle_is_not_lost(scripted):
    """imapclient's poll does not see it; it surfaces when the short first IDLE ends."""
    scripted.with_idling = "* 1 EXISTS"
    woken, seconds = wait(scripted, 30)
    assert woken
    assert seconds < 4


def test_what_others_do_in_the_mailbox_is_no_news(scripted):
    """Flags that change, and a server that says that it is still there."""
    scripted.in_idle = ["* OK Still here", "* 1 FETCH (FLAGS (\\Seen))"]
    woken, seconds = wait(scripted, 3)
    assert not woken
    assert 2.5 < seconds < 5


@pytest.mark.parametrize("lines", [[""], ["* OK Still here", ""], ["* BYE going down", ""]])
def test_a_connection_that_dies_during_idle_is_noticed(scripted, lines):
    """imapclient answers [] for ever on one."""
    scripted.in_idle = lines
    began = time.monotonic()
    with pytest.raises(Unavailable, match="connexion perdue"):
        wait(scripted, 30)
    assert time.monotonic() - began < 5


def test_a_server_that_refuses_idle_is_unavailable_not_a_crash(scripted):
    """It had said that it could."""
    scripted.refuse = ("IDLE",)
    with pytest.raises(Unavailable):
        wait(scripted, 30)


@pytest.mark.parametrize("more", [{"idle": False}, {}])
def test_without_idle_the_server_is_asked_now_and_then(scripted, more):
    """NOOP keeps the connection and brings news."""
    scripted.capabilities = EVERYTHING if more else without("IDLE")
    woken, seconds = wait(scripted, 1, **more)
    assert scripted.sent("NOOP")
    assert not scripted.sent("IDLE")
    assert woken
    assert seconds < 3
