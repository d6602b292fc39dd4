"""From a mail that is too large to the answer to it, by the command that a wall runs."""

from __future__ import annotations

import os
import smtplib
import subprocess
import sys
from email import message_from_bytes, policy

from ingest.demo.server import MailServer

_TOML = """[wall]
name = "Le mur d’essai"
address = "mur@example.org"
[limits]
free_bytes = 0
[mailbox]
host = "127.0.0.1"
port = {imap}
security = "none"
user = "mur@example.org"
authserv_id = "mx.example.org"
max_bytes = 20000
idle = false
[outgoing]
host = "127.0.0.1"
port = {smtp}
security = "none"
"""


def test_a_large_mail_is_answered(tmp_path):
    """`mur poll --once`: one answer to who is vouched for, none to who is not, none of what they wrote in it."""
    file = tmp_path / "mur.toml"
    with MailServer({"mur@example.org": "secret"}, authserv_id="mx.example.org", trusted={"example.net"}) as server:
        file.write_text(_TOML.format(imap=server.imap_port, smtp=server.smtp_port), encoding="utf-8")
        for sender, envelope in (
            ("claude@example.net", "claude@example.net"),
            ("dominique@example.net", "x@example.com"),
        ):
            mail = f"From: {sender}\r\nTo: mur@example.org\r\nSubject: CANARI\r\n\r\n" + "CANARI " * 70 + "\r\n"
            with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="[127.0.0.1]") as client:
                client.sendmail(envelope, ["mur@example.org"], (mail + "x" * 70 + "\r\n") + ("y" * 70 + "\r\n") * 400)
        environment = {**os.environ, "MUR_CONFIG": str(file), "MUR_MAILBOX_PASSWORD": "secret"}
        command = [sys.executable, "-c", "from ingest.cli import main; main()"]
        polled = subprocess.run(
            [*command, "poll", "--once"], env=environment, capture_output=True, text=True, check=False
        )
        shown = subprocess.run([*command, "outbox"], env=environment, capture_output=True, text=True, check=False)

    assert (0, 2) == (polled.returncode, polled.stderr.count("(too-large)")), polled.stderr
    assert [("", "claude@example.net")] == [(one.sender, one.recipient) for one in server.outgoing]
    told = message_from_bytes(server.outgoing[0].raw, policy=policy.SMTP)
    assert "trop lourd" in str(told["Subject"])
    assert "CANARI" not in str(told)
    assert ["abandonnée", "partie"] == sorted(line.split()[2] for line in shown.stdout.splitlines())
    assert "unauthenticated" in shown.stdout
    assert "@" not in polled.stderr + shown.stdout
