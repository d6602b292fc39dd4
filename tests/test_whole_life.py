"""The whole life of a contribution, by mail, on two real servers: sent, acknowledged, corrected, accepted, published,
reacted to, told to who follows, anonymised, withdrawn, erased. The letters are those that left; the answers are made
from their bytes. The first mail has a canary in twelve places, and at each step they are looked for in all that leaves.
"""

from __future__ import annotations

import gzip
import logging
import os
import smtplib
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

import pytest
from PIL import Image

from ingest.correspondence.following.due import post_due
from ingest.correspondence.policy import open_store
from ingest.correspondence.sending import send_due
from ingest.demo.server import MailServer
from ingest.intake import Intake
from ingest.keeping.erase import erase
from ingest.model import Kind
from ingest.moderation import Decision, decide
from ingest.poll import poll
from ingest.publication.publish import publish
from ingest.settings import load
from ingest.states import Action, State
from tests.media import making
from tests.servers.fixtures import PASSWORD, append, certificates, dovecot_server  # noqa: F401 - fixtures

WALL, AUTHOR, READER = "vie@example.org", "canari-zo@example.net", "canari-ana@example.net"
FOLLOWER, MODERATOR = "canari-suit@example.net", "canari-modere@example.net"
PRIVATE = {
    "address": "canari-zo",
    "address in a forward": "canari-second",
    "phone": "06 11 22 33 44",
    "IP in Received": "192.0.2.77",
    "EXIF artist, PDF author, audio tag": making.CANARY,
    "file name": "canari-fichier",
    "ICS organiser": "canari-orga",
    "Message-ID": "canari-id",
    "user agent": "canari-programme",
    "display name": "canari-nom",
    "a reader": "canari-ana",
    "a follower": "canari-suit",
    "a moderator": "canari-modere",
}
"""The coordinates of the photograph have no bytes to look for: published pictures must have no EXIF at all."""
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//FR\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n"
    "DTSTAMP:20220601T100000Z\r\nDTSTART:20220708T183000Z\r\nSUMMARY:Le banc en fête\r\n"
    "ORGANIZER;CN=canari-orga:mailto:canari-orga@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
TEXT = "Il est neuf et posé devant le lavoir, à l’ombre le matin. On s’y assied à trois, à quatre en se serrant."
TOML = """[paths]
output = "site"
[wall]
name = "Le mur"
address = "{wall}"
url = "https://mur.example.org"
[mailbox]
{mailbox}
user = "{wall}"
authserv_id = "mx.example.org"
[outgoing]
host = "127.0.0.1"
port = {smtp}
security = "none"
[[moderators]]
name = "Bo"
address = "{moderator}"
"""


class Life:
    """One wall, one mailbox, and a clock that goes on by itself."""

    def __init__(self, folder: Path, mailbox: str, server: MailServer) -> None:
        self.server = server
        file = folder / "mur.toml"
        file.write_text(
            TOML.format(wall=WALL, mailbox=mailbox, smtp=server.smtp_port, moderator=MODERATOR), encoding="utf-8"
        )
        self.settings = load(file)

    def arrives(self, raw: bytes, sender: str) -> None:
        """A mail reaches the wall's mailbox, through a server that vouches for its sender."""
        with smtplib.SMTP("127.0.0.1", self.server.smtp_port) as client:
            client.sendmail(sender, [WALL], raw)

    def goes_on(self) -> None:
        """The mailbox is read, letters leave, what was decided goes online."""
        with open_store(self.settings) as store:
            with Intake(store, self.settings) as intake:
                poll(self.settings, store, intake, once=True, stop=threading.Event())
            publish(self.settings, store, now=datetime.now(UTC))
            send_due(self.settings, store, now=lambda: datetime.now(UTC) + timedelta(minutes=15))

    def decided(self, action: Action, kind: Kind) -> None:
        """A moderator decides on the one text of that kind which waits."""
        with open_store(self.settings) as store:
            (row,) = store.rows((State.HELD,), kind=kind)
            at = datetime.now(UTC)
            decide(store, Decision(action=action, id=row.id, by="Bo", digest=row.digest, channel="web", at=at))

    def letters(self, to: str) -> list[EmailMessage]:
        """What somebody got, the oldest first."""
        raw = [passed.raw for passed in self.server.outgoing if passed.recipient == to]
        return [message_from_bytes(one, policy=policy.default) for one in raw]

    def site(self) -> dict[str, str]:
        """Every file that a visitor can get, and every article."""
        roots = (self.settings.paths.content, self.settings.paths.output.resolve())
        found = [path for root in roots for path in root.rglob("*") if path.is_file()]
        return {str(path): _bytes(path).decode("utf-8", "replace") for path in found}

    def told(self) -> str:
        """The words of every letter that left, to whoever it went."""
        letters = [message_from_bytes(passed.raw, policy=policy.default) for passed in self.server.outgoing]
        parts = [part for letter in letters for part in letter.walk() if part.get_content_maintype() == "text"]
        return "\n".join([str(letter["Subject"]) for letter in letters] + [part.get_content() for part in parts])

    def leaks(self, log: str) -> list[str]:
        """Which canary is in a file of the site or of `content/`, in a letter, or in a line of the log."""
        public = {**self.site(), "letters": self.told(), "log": log}
        found = [
            f"{place} in {where}" for place, word in PRIVATE.items() for where, text in public.items() if word in text
        ]
        pictures = self.settings.paths.output.resolve().rglob("*.jpg")
        return found + [f"EXIF in {path}" for path in pictures if Image.open(path).getexif()]


def _bytes(path: Path) -> bytes:
    """Of a file; of a search index, what is compressed in it."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix.startswith(".pf_") or path.suffix == ".pagefind" else data


class OnDovecot(Life):
    """The same, with the mailbox on a real Dovecot; letters leave by the embedded server all the same."""

    def __init__(self, folder: Path, mailbox: str, server: MailServer, dovecot) -> None:
        super().__init__(folder, mailbox, server)
        self.dovecot = dovecot

    def arrives(self, raw: bytes, sender: str) -> None:
        """As a provider delivers it."""
        domain = sender.partition("@")[2]
        stamp = (
            f"Return-Path: <{sender}>\r\nAuthentication-Results: mx.example.org; dmarc=pass header.from={domain}\r\n"
        )
        append(self.dovecot, WALL, stamp.encode() + raw)


def mail(sender: str, subject: str, text: str, *, answers: EmailMessage | None = None, files: bool = False) -> bytes:
    """A mail as a phone writes it, with all that it gives away."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"] = f"canari-nom <{sender}>"
    made["To"] = WALL
    made["Subject"] = subject
    made["Date"] = format_datetime(datetime.now(UTC))
    made["Message-ID"] = f"<canari-id-{os.urandom(8).hex()}@poste.example>"
    made["Received"] = "from canari-programme ([192.0.2.77]) by mx.example.org; Wed, 8 Jun 2022 10:00:00 +0200"
    made["User-Agent"] = "canari-programme"
    if answers is not None:
        made["In-Reply-To"] = made["References"] = answers["Message-ID"]
        quoted = "".join(f"> {line}\n" for line in answers.get_body(("plain",)).get_content().splitlines())
        text += f"\n\nLe mer. 8 juin 2022 à 10:00, Le mur <{WALL}> a écrit :\n\n{quoted}"
    made.set_content(text)
    if files:
        made.add_attachment(making.jpeg(making.scene()), "image", "jpeg", filename="canari-fichier.jpg")
        made.add_attachment(making.pdf(("Le tract",)), "application", "pdf", filename="canari-fichier.pdf")
        made.add_attachment(making.mp3(), "audio", "mpeg", filename="canari-fichier.mp3")
        made.add_attachment(CALENDAR, "calendar", filename="canari-fichier.ics")
    return made.as_bytes()


def follow(life: Life, caplog) -> None:
    """From the first mail to the last trace."""
    caplog.set_level(logging.INFO)
    first = f"Pseudo : Zoé du lavoir\n\n{TEXT} Mon numéro : 06 11 22 33 44, ou canari-second@example.org.\n"
    life.arrives(mail(AUTHOR, "Un banc au soleil", first, files=True), AUTHOR)
    life.arrives(mail(FOLLOWER, "Suivre", "suivre"), FOLLOWER)
    life.goes_on()
    (received,) = life.letters(AUTHOR)
    told = received.get_body(("plain",)).get_content()
    assert "posé devant le lavoir" in told
    assert "Zoé du lavoir" in told
    (asked,) = life.letters(FOLLOWER)
    life.arrives(mail(FOLLOWER, f"Re: {asked['Subject']}", "oui", answers=asked), FOLLOWER)

    corrected = TEXT.replace("Il est neuf", "Il est neuf, il est en bois")
    life.arrives(mail(AUTHOR, f"Re: {received['Subject']}", corrected, answers=received), AUTHOR)
    life.goes_on()
    life.decided(Action.ACCEPT, Kind.EVENT)
    life.goes_on()
    assert "il est en bois" in page(life)
    assert "Zoé du lavoir" in page(life)
    online = life.letters(AUTHOR)[-1]
    assert "https://mur.example.org/" in online.get_body(("plain",)).get_content()
    assert life.leaks(logged(caplog)) == []

    life.arrives(mail(READER, "Re: [mur-1] Un banc au soleil", "Il en faudrait un second. 06 11 22 33 44"), READER)
    life.goes_on()
    life.decided(Action.ACCEPT, Kind.REACTION)
    life.goes_on()
    assert "Il en faudrait un second." in page(life)

    digested(life)
    assert "Un banc au soleil" in life.letters(FOLLOWER)[-1].get_body(("plain",)).get_content()
    assert "banc" in life.letters(MODERATOR)[0]["Subject"]
    assert life.leaks(logged(caplog)) == []

    life.arrives(mail(AUTHOR, f"Re: {online['Subject']}", "ANONYME", answers=online), AUTHOR)
    life.goes_on()
    assert not [path for path, text in life.site().items() if "Zoé du lavoir" in text]
    assert "il est en bois" in page(life)

    life.arrives(mail(AUTHOR, f"Re: {online['Subject']}", "RETIRER", answers=online), AUTHOR)
    life.goes_on()
    assert not [path for path, text in life.site().items() if "il est en bois" in text]
    assert life.leaks(logged(caplog)) == []

    with open_store(life.settings) as store:
        for address in (AUTHOR, READER):
            erase(life.settings, store, store.from_sender(address), by="Bo", channel="cli", now=datetime.now(UTC))
        store.forget_followers([one.id for one in store.follows(FOLLOWER)])
        store.scrub()
    kept = [path for path in life.settings.paths.state.rglob("*") if path.is_file()]
    for private in (*PRIVATE.values(), "il est en bois", "Zoé du lavoir", "un second"):
        assert not [path.name for path in kept if private.encode() in path.read_bytes()], private


def logged(caplog) -> str:
    """What this program said; the embedded server, in the same process, has a log of its own."""
    said = (record.getMessage() for record in caplog.get_records("call") if record.name.startswith("ingest"))
    return "\n".join(said)


def page(life: Life) -> str:
    """The post's own."""
    (text,) = [text for path, text in life.site().items() if path.endswith("/un-banc-au-soleil.html") and "/20" in path]
    return text


def digested(life: Life) -> None:
    """The next weekly letter."""
    with open_store(life.settings) as store:
        for day in range(8):
            at = datetime.now(UTC).replace(hour=18) + timedelta(days=day)
            post_due(life.settings, store, now=at)
            send_due(life.settings, store, now=lambda at=at: at)


@pytest.mark.long
def test_on_the_embedded_server(tmp_path, monkeypatch, caplog):
    """As `make demo` has it."""
    monkeypatch.setenv("MUR_MAILBOX_PASSWORD", PASSWORD)
    with MailServer({WALL: PASSWORD}, authserv_id="mx.example.org", trusted={"example.net"}) as server:
        mailbox = f'host = "127.0.0.1"\nport = {server.imap_port}\nsecurity = "none"'
        follow(Life(tmp_path, mailbox, server), caplog)


@pytest.mark.dovecot
def test_on_dovecot(tmp_path, monkeypatch, caplog, dovecot_server, certificates):  # noqa: F811
    """As a provider has it, over TLS."""
    monkeypatch.setenv("MUR_MAILBOX_PASSWORD", PASSWORD)
    with MailServer({"nobody@example.org": PASSWORD}, authserv_id="mx.example.org") as server:
        mailbox = f'host = "localhost"\nport = {dovecot_server.imaps}\ncafile = "{certificates.authority}"'
        follow(OnDovecot(tmp_path, mailbox, server, dovecot_server), caplog)
