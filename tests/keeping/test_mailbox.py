"""The copy in the mailbox: found by its bytes, wherever it lies, and nothing else is touched."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from ingest import settings as mur
from ingest.errors import Unavailable
from ingest.intake import Intake
from ingest.keeping.erase import erase, finish
from ingest.mailbox import Mailbox, Sought, remove
from ingest.mailbox.folders import survey
from ingest.mailbox.removing import _Removal
from ingest.poll import poll
from ingest.states import State
from ingest.store import Store
from tests.keeping import canaries
from tests.servers.dovecot import free_port
from tests.servers.fixtures import (
    PASSWORD,
    USER,
    append,
    client,
    contents,
    dovecot_settings,
    plain_settings,
)
from tests.store.walls import NOW, held
from tests.store.walls import wall as empty_wall

OTHERS = (b"Subject: autre\r\n\r\nCelle-ci reste.\r\n", canaries.mail(7))


def fill(server, user, *folders):
    """The canary in each folder, among others of which one has its very size."""
    for folder in folders:
        for raw in (OTHERS[0], canaries.mail(1), OTHERS[1]):
            append(server, user, raw, folder)


def sought(raw: bytes) -> Sought:
    return Sought(sizes={len(raw)}, is_it=lambda other: other == raw)


def crlf(raw: bytes) -> bytes:
    """As a server gives it."""
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


@pytest.mark.dovecot
def test_every_copy_goes_and_nothing_else(dovecot_server, certificates):
    """Where it was filed, in the inbox and in the bin; others stay, deleted ones of somebody else's among them."""
    user = "efface@example.org"
    fill(dovecot_server, user, "INBOX", "Mur/Recu")
    with client(dovecot_server, user) as telephone:
        telephone.select_folder("INBOX")
        telephone.add_flags(telephone.search("SUBJECT autre"), [b"\\Deleted"])
    settings = dovecot_settings(dovecot_server, certificates, user)
    (kept, raw, other) = contents(dovecot_server, user, "INBOX")

    assert remove(settings, sought(raw), base=None, password=PASSWORD) == 2
    assert remove(settings, sought(raw), base=None, password=PASSWORD) == 0
    assert contents(dovecot_server, user, "INBOX") == [kept, other]
    assert contents(dovecot_server, user, "Mur/Recu") == [kept, other]


@pytest.mark.dovecot
def test_a_size_that_is_only_estimated(dovecot_server, certificates):
    """Some servers announce another size than they send: about right is looked at too."""
    user = "taille@example.org"
    fill(dovecot_server, user, "Mur/Recu")
    raw = contents(dovecot_server, user, "Mur/Recu")[1]
    about = replace(sought(raw), sizes={len(raw) + 100})

    assert remove(dovecot_settings(dovecot_server, certificates, user), about, base=None, password=PASSWORD) == 1


@pytest.mark.dovecot
def test_of_a_mail_too_large_the_header_is_enough(dovecot_server, certificates):
    """It was never fetched, and refused by its header: that is what it is known by."""
    user = "grand@example.org"
    append(dovecot_server, user, OTHERS[0], "Mur/Recu")
    append(dovecot_server, user, b"Subject: grand\r\n\r\n" + b"x" * 5000, "Mur/Recu")
    settings = dovecot_settings(dovecot_server, certificates, user, max_bytes=1000)

    assert remove(settings, sought(b"Subject: grand\r\n\r\n"), base=None, password=PASSWORD) == 1
    assert contents(dovecot_server, user, "Mur/Recu") == [OTHERS[0]]


@pytest.mark.dovecot
def test_a_mail_that_comes_back_after_its_erasure_is_deleted(dovecot_server, certificates, tmp_path):
    """Sent again, or put back by somebody: the poller leaves no copy of it, and files the others away."""
    user = "revient@example.org"
    append(dovecot_server, user, canaries.mail(1))
    settings = empty_wall(tmp_path)
    settings = replace(settings, mailbox=dovecot_settings(dovecot_server, certificates, user))
    settings.paths.state.mkdir()
    (settings.paths.state / "password").write_text(PASSWORD)
    (settings.paths.state / "password").chmod(0o600)
    settings = replace(
        settings, mailbox=replace(settings.mailbox, password_file=str(settings.paths.state / "password"))
    )
    with Store.open(settings) as store, Intake(store, settings) as intake:
        poll(settings, store, intake, once=True, stop=threading.Event())
        (row,) = store.rows()
        erase(settings, store, [row], by="zoe", channel="cli", now=NOW)
        assert contents(dovecot_server, user, "Mur/Recu") == []
        for raw in (canaries.mail(1), OTHERS[0]):
            append(dovecot_server, user, raw)
        said: list[str] = []
        poll(settings, store, intake, once=True, stop=threading.Event(), say=said.append)

    assert len(said) == 2
    assert contents(dovecot_server, user, "INBOX") == []
    assert contents(dovecot_server, user, "Mur/Recu") == [OTHERS[0]]


class Gmail:
    """What of Gmail matters here: a mail has labels, and without any it is still under All Mail."""

    def __init__(self, mails):
        self.mails, self.at, self.marked = dict(mails), "", set()

    def has_capability(self, name):
        return name in {"X-GM-EXT-1", "UIDPLUS", "MOVE"}

    def list_folders(self):
        uses = {
            "[Gmail]/Tous les messages": (b"\\All",),
            "[Gmail]/Corbeille": (b"\\Trash",),
            "INBOX": (),
            "Mur/Recu": (),
        }
        return [(flags, b"/", name) for name, flags in uses.items()]

    def namespace(self):
        return type("Namespace", (), {"personal": None})

    def _here(self):
        binned = self.at == "[Gmail]/Corbeille"
        everything = self.at == "[Gmail]/Tous les messages"
        return [
            uid
            for uid, (labels, _raw) in self.mails.items()
            if self.at in labels or (everything and not binned and "[Gmail]/Corbeille" not in labels)
        ]

    def select_folder(self, name):
        self.at = name
        return {b"EXISTS": len(self._here())}

    def search(self, _criteria):
        return self._here()

    def fetch(self, uids, parts):
        size = parts[0] == "RFC822.SIZE"
        raws = {uid: self.mails[uid][1] for uid in uids}
        return {uid: {b"RFC822.SIZE": len(raw)} if size else {b"BODY[]": raw} for uid, raw in raws.items()}

    def move(self, uids, folder):
        for uid in uids:
            self.mails[uid] = ({folder}, self.mails[uid][1])

    def add_flags(self, uids, _flags, silent):
        self.marked |= set(uids)

    def uid_expunge(self, uids):
        for uid in set(uids) & self.marked:
            labels, raw = self.mails[uid]
            if labels == {"[Gmail]/Corbeille"}:
                del self.mails[uid]
            else:
                self.mails[uid] = (labels - {self.at}, raw)


def test_on_gmail_it_goes_by_way_of_the_bin():
    """A deleted label leaves the mail under All Mail, even one that somebody archived: nothing of it is left there."""
    raw = canaries.mail()
    gmail = Gmail({1: ({"Mur/Recu"}, raw), 2: (set(), raw), 3: ({"INBOX"}, OTHERS[0]), 4: ({"[Gmail]/Corbeille"}, raw)})
    removal = _Removal(gmail, survey(gmail), mur.Mailbox(host="imap.example.org"), sought(raw))

    assert removal.run(exact=True) == 3 + 2
    assert gmail.mails == {3: ({"INBOX"}, OTHERS[0])}


def test_a_mailbox_that_does_not_answer_is_finished_later(mail_server, tmp_path):
    """Exit code 75, everything else is done, nothing identifying is kept; once it answers, the copy goes."""
    mail_server.deliver(USER, crlf(canaries.mail()))
    mail_server.deliver(USER, crlf(OTHERS[1]))
    here = replace(empty_wall(tmp_path), mailbox=plain_settings(mail_server.imap_port, password_env="MUR_ESSAI"))
    away = replace(here, mailbox=replace(here.mailbox, port=free_port()))
    with Mailbox(here.mailbox, base=None, password=PASSWORD) as mailbox:
        raw = next(iter(mailbox.new("INBOX"))).raw
    with pytest.MonkeyPatch.context() as patched, Store.open(away) as store:
        patched.setenv("MUR_ESSAI", PASSWORD)
        row = held(store, raw)
        with pytest.raises(Unavailable, match="finit le reste"):
            erase(away, store, [row], by="zoe", channel="cli", now=NOW)
        assert store.find(row.id).state is State.ERASED
        assert canaries.found(tmp_path) == set()
        assert len(store.erasures()) == 1

        finish(here, store, now=NOW)
        assert store.erasures() == ()
    with Mailbox(here.mailbox, base=None, password=PASSWORD) as mailbox:
        left = [fetched.raw for fetched in mailbox.new("INBOX")]
    assert [raw in each for each in left] == [False]
