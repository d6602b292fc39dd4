"""The mailbox against a real Dovecot over TLS."""

from __future__ import annotations

import shutil
import threading
import time

import pytest

from ingest.errors import Unavailable
from ingest.mailbox import Mailbox
from tests.servers import dovecot as private_dovecot
from tests.servers import fixtures
from tests.servers.fixtures import PASSWORD, append, contents, dovecot_settings

pytestmark = [pytest.mark.dovecot, pytest.mark.usefixtures("dovecot_server")]


def mail(number: int, text: str = "Bonjour à tous") -> bytes:
    return f"From: a@example.org\r\nSubject: {number}\r\n\r\n{text}\r\n".encode()


def opened(server, certificates, user, **more) -> Mailbox:
    return Mailbox(dovecot_settings(server, certificates, user, **more), base=None, password=PASSWORD)


def test_mails_come_byte_for_byte_and_a_second_look_finds_nothing(dovecot_server, certificates):
    """Twelve mails are fetched as they are, oldest first, filed away, and are not new any more."""
    sent = [mail(number) for number in range(12)]
    for raw in sent:
        append(dovecot_server, "douze", raw)
    with opened(dovecot_server, certificates, "douze") as mailbox:
        fetched = []
        for each in mailbox.new("INBOX"):
            fetched.append(each.raw)
            assert mailbox.file_away(each)
        assert fetched == sent
        assert list(mailbox.new("INBOX")) == []
    assert contents(dovecot_server, "douze", "Mur/Recu") == sent


def test_a_mail_that_was_seen_elsewhere_is_new_all_the_same(dovecot_server, certificates):
    """Somebody who opens the mailbox with a telephone does not hide a mail, and reading it here marks nothing."""
    append(dovecot_server, "vue", mail(1))
    append(dovecot_server, "vue", mail(2))
    with fixtures.client(dovecot_server, "vue") as phone:
        phone.select_folder("INBOX")
        phone.add_flags([1], [b"\\Seen"])
        with opened(dovecot_server, certificates, "vue") as mailbox:
            assert len(list(mailbox.new("INBOX"))) == 2
        assert phone.search("SEEN") == [1]


def test_the_date_of_arrival_is_aware_and_the_size_is_told(dovecot_server, certificates):
    """INTERNALDATE comes in UTC."""
    append(dovecot_server, "date", mail(1))
    with opened(dovecot_server, certificates, "date") as mailbox:
        (one,) = mailbox.new("INBOX")
    assert one.received_at.utcoffset().total_seconds() == 0
    assert abs(one.received_at.timestamp() - time.time()) < 60
    assert (one.size, one.too_large, one.spam) == (len(mail(1)), False, False)


def test_the_folder_for_received_mail_is_made_and_subscribed(dovecot_server, certificates):
    """It is made with the first mail, so that webmails show it."""
    append(dovecot_server, "abonne", mail(1))
    with opened(dovecot_server, certificates, "abonne", filed="Mur/Reçu") as mailbox:
        for each in mailbox.new("INBOX"):
            mailbox.file_away(each)
    with fixtures.client(dovecot_server, "abonne") as phone:
        assert "Mur/Reçu" in [name for _, _, name in phone.list_sub_folders()]


def test_spam_is_read_too_and_marked_as_spam(dovecot_server, certificates):
    """A spam folder is read after the others; one that does not exist is passed over."""
    append(dovecot_server, "pourriel", mail(1), "Junk")
    append(dovecot_server, "pourriel", mail(2))
    with opened(dovecot_server, certificates, "pourriel", spam_folders=("Junk", "Spam")) as mailbox:
        assert mailbox.folders == ("INBOX", "Junk")
        found = [each for folder in mailbox.folders for each in mailbox.new(folder)]
        assert [each.spam for each in found] == [False, True]
        assert all(mailbox.file_away(each) for each in found)
        assert not [each for folder in mailbox.folders for each in mailbox.new(folder)]


def test_starttls_reads_the_same_mailbox(dovecot_server, certificates):
    """Port 143 with STARTTLS, the certificate verified."""
    append(dovecot_server, "starttls", mail(1))
    more = {"port": dovecot_server.imap, "security": "starttls"}
    with opened(dovecot_server, certificates, "starttls", **more) as mailbox:
        assert len(list(mailbox.new("INBOX"))) == 1


@pytest.mark.parametrize(("security", "port"), [("tls", "imaps"), ("starttls", "imap")])
def test_a_certificate_that_nobody_vouches_for_is_refused(dovecot_server, certificates, security, port):
    """Without the authority that signed it, no password is sent."""
    settings = dovecot_settings(
        dovecot_server, certificates, "x", cafile="", security=security, port=getattr(dovecot_server, port)
    )
    with pytest.raises(Unavailable, match="certificat refusé"), Mailbox(settings, base=None, password=PASSWORD):
        pass


def test_a_certificate_for_another_name_is_refused(dovecot_server, certificates):
    """Ours is for localhost and 127.0.0.1, not for ::ffff:127.0.0.1."""
    settings = dovecot_settings(dovecot_server, certificates, "x", host="127.0.0.2")
    with pytest.raises(Unavailable), Mailbox(settings, base=None, password=PASSWORD):
        pass


def test_a_wrong_password_is_told_in_one_line(dovecot_server, certificates):
    """The line names the account, never the password."""
    settings = dovecot_settings(dovecot_server, certificates, "quelqu-un")
    with pytest.raises(Unavailable) as caught, Mailbox(settings, base=None, password="hunter2"):
        pass
    assert "identification de quelqu-un refusée" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_password_with_accents_opens_the_mailbox(certificates):
    """LOGIN is ASCII; such a password goes by SASL PLAIN, in UTF-8."""
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    try:
        with private_dovecot.running(folder, "trèslong", certificates) as server:
            settings = dovecot_settings(server, certificates, "accents")
            with Mailbox(settings, base=None, password="trèslong") as mailbox:
                assert list(mailbox.new("INBOX")) == []
    finally:
        shutil.rmtree(folder)


def test_idle_wakes_within_seconds(dovecot_server, certificates):
    """A mail that arrives while we wait is told at once, long before the time-out."""
    with opened(dovecot_server, certificates, "idle") as mailbox:
        assert list(mailbox.new("INBOX")) == []
        timer = threading.Timer(3, append, (dovecot_server, "idle", mail(1)))
        timer.start()
        began = time.monotonic()
        assert mailbox.wait(60, threading.Event())
        assert time.monotonic() - began < 10
        assert len(list(mailbox.new("INBOX"))) == 1
        timer.join()


def test_a_mail_that_came_between_search_and_idle_is_not_waited_for(dovecot_server, certificates):
    """Nobody announces it again; the UID of the next mail tells it."""
    with opened(dovecot_server, certificates, "entre") as mailbox:
        assert list(mailbox.new("INBOX")) == []
        append(dovecot_server, "entre", mail(1))
        began = time.monotonic()
        assert mailbox.wait(60, threading.Event())
        assert time.monotonic() - began < 2


def test_stopping_ends_a_wait_at_once(dovecot_server, certificates):
    """Nobody waits for the time-out to stop the poller."""
    stop = threading.Event()
    with opened(dovecot_server, certificates, "stop") as mailbox:
        threading.Timer(0.5, stop.set).start()
        began = time.monotonic()
        assert not mailbox.wait(60, stop)
        assert time.monotonic() - began < 3


def test_a_mail_that_vanishes_is_passed_over(dovecot_server, certificates):
    """Another client removes a mail between our search and our fetch, one between our fetch and our filing."""
    for number in range(3):
        append(dovecot_server, "fuite", mail(number, "x" * 9_000_000 if number == 1 else "court"))
    with opened(dovecot_server, certificates, "fuite") as mailbox:
        found = mailbox.new("INBOX")
        first = next(found)
        with fixtures.client(dovecot_server, "fuite") as phone:
            phone.select_folder("INBOX")
            phone.delete_messages([1, 2])
            phone.expunge()
        assert mailbox.file_away(first)
        assert [each.raw for each in found] == [mail(2, "court")]


def test_a_mail_of_twenty_megabytes_comes_whole(dovecot_server, certificates):
    """It is larger than a batch, and smaller than the limit."""
    raw = mail(1, "é" * 70 + "\r\n" + ("A" * 76 + "\r\n") * 260_000)
    append(dovecot_server, "lourd", raw)
    with opened(dovecot_server, certificates, "lourd") as mailbox:
        (one,) = mailbox.new("INBOX")
    assert one.raw == raw


def test_of_a_mail_over_the_limit_only_the_header_comes(dovecot_server, certificates):
    """It can be refused by name, and is filed away like the others."""
    append(dovecot_server, "geant", mail(1, "A" * 30_000))
    append(dovecot_server, "geant", mail(2))
    with opened(dovecot_server, certificates, "geant", max_bytes=20_000) as mailbox:
        large, small = mailbox.new("INBOX")
        assert (large.too_large, small.too_large) == (True, False)
        assert large.raw == b"From: a@example.org\r\nSubject: 1\r\n\r\n"
        assert large.size > 30_000
        assert mailbox.file_away(large)


@pytest.mark.parametrize(("separator", "prefix"), [(".", "INBOX."), (".", ""), ("/", "Courrier/")])
def test_other_separators_and_prefixes(tmp_path_factory, certificates, separator, prefix):
    """A folder written with slashes is found where this server keeps its folders."""
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    placed = prefix + separator.join(("Mur", "Recu"))
    try:
        with private_dovecot.running(folder, PASSWORD, certificates, separator=separator, prefix=prefix) as server:
            append(server, "u", mail(1))
            append(server, "u", mail(2), prefix + "Junk")
            with opened(server, certificates, "u", spam_folders=("Junk",)) as mailbox:
                found = [each for name in mailbox.folders for each in mailbox.new(name)]
                assert [each.raw for each in found] == [mail(1), mail(2)]
                assert all(mailbox.file_away(each) for each in found)
            assert contents(server, "u", placed) == [mail(1), mail(2)]
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_a_server_without_move_keeps_what_others_deleted(certificates, capabilities):
    """One mail is filed away; a mail that a person marked as deleted is not expunged with it."""
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    try:
        with private_dovecot.running(folder, PASSWORD, certificates, capabilities=capabilities) as server:
            append(server, "u", mail(1))
            append(server, "u", mail(2))
            with opened(server, certificates, "u") as mailbox:
                first, _second = mailbox.new("INBOX")
                with fixtures.client(server, "u") as phone:
                    phone.select_folder("INBOX")
                    phone.delete_messages([2])
                assert mailbox.file_away(first)
                assert [each.raw for each in mailbox.new("INBOX")] == [mail(2)]
            assert contents(server, "u", "Mur/Recu") == [mail(1)]
            assert mail(2) in contents(server, "u", "INBOX")
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 UIDPLUS MOVE", "IMAP4rev1"])
def test_a_mail_can_be_deleted_for_good(certificates, capabilities):
    """No copy of it is left anywhere, and nothing else is touched."""
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    try:
        with private_dovecot.running(folder, PASSWORD, certificates, capabilities=capabilities) as server:
            append(server, "u", mail(1))
            append(server, "u", mail(2))
            with opened(server, certificates, "u") as mailbox:
                first, _second = mailbox.new("INBOX")
                assert mailbox.delete(first)
            assert contents(server, "u", "INBOX") == [mail(2)]
    finally:
        shutil.rmtree(folder)


def test_a_server_that_would_delete_what_others_marked_deletes_nothing(certificates):
    """Without UIDPLUS an EXPUNGE takes all: the mail stays, unmarked, to be filed away."""
    fixtures.require_dovecot()
    folder = fixtures.short_folder()
    try:
        with private_dovecot.running(folder, PASSWORD, certificates, capabilities="IMAP4rev1") as server:
            append(server, "u", mail(1))
            append(server, "u", mail(2))
            with opened(server, certificates, "u") as mailbox:
                first, _second = mailbox.new("INBOX")
                with fixtures.client(server, "u") as phone:
                    phone.select_folder("INBOX")
                    phone.add_flags([2], [b"\\Deleted"])
                    assert not mailbox.delete(first)
                    assert phone.search("DELETED") == [2]
            assert contents(server, "u", "INBOX") == [mail(1), mail(2)]
    finally:
        shutil.rmtree(folder)


def test_mails_of_a_batch_are_filed_away_together(dovecot_server, certificates):
    """In the order of the mailbox; and where somebody took one of them meanwhile, the others go all the same."""
    sent = [mail(number) for number in range(5)]
    for raw in sent:
        append(dovecot_server, "ensemble", raw)
    with opened(dovecot_server, certificates, "ensemble") as mailbox:
        (batch,) = mailbox.batches("INBOX")
        with fixtures.client(dovecot_server, "ensemble") as phone:
            phone.select_folder("INBOX")
            phone.delete_messages([3])
            phone.expunge()
        assert mailbox.file_all_away(batch) == (True,) * 5
        assert list(mailbox.new("INBOX")) == []
    assert contents(dovecot_server, "ensemble", "Mur/Recu") == [*sent[:2], *sent[3:]]
