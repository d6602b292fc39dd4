"""From a mailbox to drafts: the example mails through a real Dovecot and the embedded server, by `mur` itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.demo.server import MailServer
from tests.servers.fixtures import PASSWORD, append, certificates, dovecot_server  # noqa: F401 - fixtures
from tests.test_cli import MAILS, Wall

EXAMPLES = sorted(MAILS.glob("*.eml"))
REFUSED = {"10-absence-automatique.eml", "13-rebond.eml"}


def reading(folder: Path, mailbox: str) -> Wall:
    """A scratch wall that reads a mailbox."""
    folder.mkdir()
    wall = Wall(folder)
    (folder / "mot-de-passe").write_text(PASSWORD)
    (folder / "mot-de-passe").chmod(0o600)
    with (folder / "mur.toml").open("a") as file:
        file.write(f'[mailbox]\npassword_file = "mot-de-passe"\n{mailbox}')
    return wall


def drafts(wall: Wall) -> dict[str, str]:
    """The Markdown of what is held, by title."""
    return {
        item["title"]: wall.mur("show", item["id"], "--markdown") for item in json.loads(wall.mur("queue", "--json"))
    }


@pytest.mark.long
@pytest.mark.dovecot
@pytest.mark.timeout(400)
def test_dovecot_and_the_embedded_server_give_the_same_drafts(dovecot_server, certificates, tmp_path):  # noqa: F811
    """Over TLS from Dovecot, plain from the embedded one: the same drafts, all filed away, nothing the second time."""
    user = "tout@example.org"
    for mail in EXAMPLES:
        append(dovecot_server, user, mail.read_bytes())
    real = reading(
        tmp_path / "dovecot",
        f'host = "localhost"\nport = {dovecot_server.imaps}\ncafile = "{certificates.authority}"\nuser = "{user}"\n',
    )

    with MailServer({user: PASSWORD}, authserv_id="mx.example.org", trusted={"example.org"}) as server:
        for mail in EXAMPLES:
            server.deliver(user, mail.read_bytes())
        embedded = reading(
            tmp_path / "embedded",
            f'host = "127.0.0.1"\nport = {server.imap_port}\nsecurity = "none"\nuser = "{user}"\n',
        )
        embedded.mur("poll", "--once")
        again = embedded.mur("poll", "--once")
    real.mur("poll", "--once")

    held = drafts(real)
    assert len(EXAMPLES) - len(REFUSED) == len(list((tmp_path / "dovecot/var/contributions").glob("*/drafts/*.md")))
    assert held == drafts(embedded)
    assert again == ""
    assert real.mur("poll", "--once") == ""
