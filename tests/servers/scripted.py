"""An IMAP server written by hand, small and obedient: it misbehaves exactly as a test tells it to.

It keeps one account in memory, speaks the few commands that the mailbox uses, and notes every line that it was sent.
"""

from __future__ import annotations

import re
import socketserver
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

EVERYTHING = ("IMAP4rev1", "IDLE", "MOVE", "UIDPLUS")
DATE = '"08-Jun-2022 09:12:00 +0200"'


@dataclass
class Mail:
    """One mail. `announced` is its RFC822.SIZE where the server miscounts; `unreadable` makes a FETCH of it fail."""

    uid: int
    raw: bytes
    flags: set[str] = field(default_factory=set)
    announced: int | None = None
    unreadable: bool = False
    flickers: bool = False
    date: str = DATE


@dataclass
class Scripted:
    """The account and the misbehaviour. A hook is called with the line that was sent, before it is obeyed."""

    capabilities: tuple[str, ...] = EVERYTHING
    keywords: bool = True
    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": []})
    special: dict[str, str] = field(default_factory=dict)
    uidvalidity: int = 7
    said: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda line: None
    refuse: tuple[str, ...] = ()
    """Commands that are answered NO."""
    cut_at: str = ""
    """The command at which the connection is dropped."""
    silent_at: str = ""
    """The command after which nothing is answered for a minute."""
    with_idling: str = ""
    """Sent in the same packet as `+ idling`."""
    in_idle: list[str] = field(default_factory=list)
    """Lines sent soon after IDLE began; an empty one drops the connection."""
    port: int = 0

    def add(self, raw: bytes, folder: str = "INBOX", **more) -> Mail:
        """Deliver a mail."""
        mails = self.folders.setdefault(folder, [])
        mail = Mail(uid=self.next_uid, raw=raw, **more)
        mails.append(mail)
        return mail

    @property
    def next_uid(self) -> int:
        """The UID of the next mail, in whatever folder."""
        return 1 + max((mail.uid for mails in self.folders.values() for mail in mails), default=100)

    def sent(self, pattern: str) -> list[str]:
        """The lines received that match."""
        return [line for line in self.said if re.search(pattern, line)]

    def __enter__(self) -> Self:
        script = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                try:
                    _Session(script, self.rfile, self.wfile).run()
                except (OSError, EOFError):
                    return

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Session:
    """One connection."""

    def __init__(self, script: Scripted, reader, writer) -> None:
        self.script, self.reader, self.writer = script, reader, writer
        self.folder = "INBOX"
        self.gone = False

    def run(self) -> None:
        self.send("* OK ready")
        while not self.gone:
            line = self.reader.readline().decode("utf-8", "replace").rstrip("\r\n")
            if not line:
                return
            tag, _, rest = line.partition(" ")
            rest = self.literals(rest)
            self.script.said.append(rest)
            self.script.before(rest)
            self.obey(tag, rest)

    def literals(self, line: str) -> str:
        while found := re.search(r"\{(\d+)\}$", line):
            self.send("+ go on")
            line = line[: found.start()] + self.reader.read(int(found[1])).decode("utf-8", "replace")
            line += self.reader.readline().decode("utf-8", "replace").rstrip("\r\n")
        return line

    def obey(self, tag: str, line: str) -> None:
        words = line.split(" ")
        name = " ".join(words[:2] if words[0].upper() == "UID" else words[:1]).upper()
        if name == self.script.cut_at:
            self.gone = True
            return
        if name == self.script.silent_at:
            time.sleep(60)
            return
        if name in self.script.refuse:
            self.send(f"{tag} NO not today")
            return
        method = getattr(self, "do_" + name.lower().replace(" ", "_"), None)
        if method is None:
            self.send(f"{tag} BAD {name} unknown")
            return
        answer = method(line)
        if not self.gone:
            self.send(f"{tag} {answer or 'OK done'}")

    def send(self, line: str | bytes) -> None:
        self.writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        self.writer.flush()

    @property
    def mails(self) -> list[Mail]:
        return self.script.folders[self.folder]

    def chosen(self, numbers: str) -> list[Mail]:
        wanted = {int(number) for number in numbers.split(",")}
        return [mail for mail in self.mails if mail.uid in wanted]

    def do_capability(self, line: str) -> None:
        self.send("* CAPABILITY " + " ".join(self.script.capabilities))

    def do_login(self, line: str) -> str:
        return "OK welcome" if line.endswith('"secret"') else "NO [AUTHENTICATIONFAILED] wrong password"

    def do_id(self, line: str) -> None:
        self.send("* ID NIL")

    def do_noop(self, line: str) -> None:
        self.send(f"* {len(self.mails)} EXISTS")

    def do_list(self, line: str) -> None:
        for name in self.script.folders:
            use = next((use for use, folder in self.script.special.items() if folder == name), "\\HasNoChildren")
            self.send(f'* LIST ({use}) "/" "{name}"')

    def do_create(self, line: str) -> None:
        self.script.folders[line.split('"')[1]] = []

    def do_subscribe(self, line: str) -> None:
        assert line.split('"')[1] in self.script.folders

    def do_select(self, line: str) -> str:
        self.folder = line.split(" ", 1)[1].strip('"')
        keywords = " \\*" if self.script.keywords else ""
        self.send(f"* {len(self.mails)} EXISTS")
        self.send(f"* OK [UIDVALIDITY {self.script.uidvalidity}] stable")
        self.send(f"* OK [UIDNEXT {self.script.next_uid}] next")
        self.send(f"* OK [PERMANENTFLAGS (\\Deleted \\Seen{keywords})] kept")
        return "OK [READ-WRITE] selected"

    do_examine = do_select

    def do_uid_search(self, line: str) -> None:
        words = line.split(" ")
        if words[2] == "UID":
            found = self.chosen(words[3])
        else:
            first, _, last = words[2].partition(":")
            found = self.mails[int(first) - 1 : None if last == "*" else int(last)]
        if "UNKEYWORD" in line:
            found = [mail for mail in found if line.rsplit(" ", 1)[1] not in mail.flags]
        if "UNDELETED" in line:
            found = [mail for mail in found if "\\Deleted" not in mail.flags]
        self.send("* SEARCH " + " ".join(str(mail.uid) for mail in found))

    def do_uid_fetch(self, line: str) -> str | None:
        _, _, numbers, what = line.split(" ", 3)
        chosen = self.chosen(numbers)
        if "BODY" in what and any(mail.unreadable for mail in chosen):
            return "NO [SERVERBUG] cannot read one of these mails"
        for mail in chosen:
            self.writer.write(f"* {self.mails.index(mail) + 1} FETCH (UID {mail.uid} ".encode())
            if "BODY" in what:
                self.body(mail, what)
            else:
                size = len(mail.raw) if mail.announced is None else mail.announced
                self.send(f"RFC822.SIZE {size} INTERNALDATE {mail.date})")
        return None

    def body(self, mail: Mail, what: str) -> None:
        if mail.flickers:
            mail.raw += b"!"
        partial = re.search(r"BODY\.PEEK\[(\w*)\](?:<0\.(\d+)>)?", what)
        data = mail.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if partial[1] else mail.raw
        data = data[: int(partial[2])] if partial[2] else data
        self.writer.write(f"BODY[{partial[1]}]{'<0>' if partial[2] else ''} {{{len(data)}}}\r\n".encode())
        self.send(data + b")")

    def do_uid_copy(self, line: str) -> str | None:
        _, _, numbers, folder = line.split(" ", 3)
        folder = folder.strip('"')
        if folder not in self.script.folders:
            return "NO [TRYCREATE] no such folder"
        for mail in self.chosen(numbers):
            self.script.add(mail.raw, folder)
        return None

    def do_uid_move(self, line: str) -> str | None:
        refused = self.do_uid_copy(line)
        if refused is None:
            for mail in self.chosen(line.split(" ")[2]):
                self.mails.remove(mail)
        return refused

    def do_uid_store(self, line: str) -> None:
        _, _, numbers, _, flags = line.split(" ", 4)
        for mail in self.chosen(numbers):
            mail.flags |= set(flags.strip("()").split())

    def do_uid_expunge(self, line: str) -> None:
        for mail in self.chosen(line.split(" ")[2]):
            if "\\Deleted" in mail.flags:
                self.mails.remove(mail)

    def do_idle(self, line: str) -> None:
        together = f"\r\n{self.script.with_idling}" if self.script.with_idling else ""
        self.script.with_idling = ""
        self.send(f"+ idling{together}")
        for news in self.script.in_idle:
            time.sleep(0.1)
            if not news:
                self.gone = True
                return
            self.send(news)
        self.script.in_idle = []
        assert self.reader.readline().strip() in {b"DONE", b""}

    def do_logout(self, line: str) -> None:
        self.send("* BYE")
        self.gone = False
