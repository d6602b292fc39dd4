"""Mails that lie in files: .eml, mbox (RFC 4155) and Maildir."""

from __future__ import annotations

import mailbox
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import Unavailable

_MBOX_LINE = b"From "


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail, and the file that holds it."""

    path: Path
    raw: bytes


def mails(path: Path) -> Iterator[Mail]:
    """Each mail in `path`: one .eml file, an mbox, a Maildir, or a folder of .eml files.

    Raises `Unavailable` where it cannot be read: for a file of a folder after all the others, since another program may
    move a mail of a Maildir at any time.
    """
    try:
        yield from _folder(path) if path.is_dir() else _file(path)
    except OSError as error:
        raise Unavailable(f"{error.filename or path}: {error.strerror or error}") from error


def _folder(path: Path) -> Iterator[Mail]:
    failed: OSError | None = None
    for file in _files(path):
        try:
            mail = Mail(path=file, raw=file.read_bytes())
        except OSError as error:
            failed = failed or error
        else:
            yield mail
    if failed:
        raise failed


def _files(path: Path) -> Iterator[Path]:
    if all((path / name).is_dir() for name in ("cur", "new")):
        for part in ("new", "cur"):
            yield from sorted((path / part).iterdir())
        return
    yield from sorted(path.rglob("*.eml"))


def _file(path: Path) -> Iterator[Mail]:
    if path.suffix.lower() == ".eml" or not _is_mbox(path):
        yield Mail(path=path, raw=path.read_bytes())
        return
    box = mailbox.mbox(path, create=False)
    try:
        for key in box.iterkeys():
            yield Mail(path=path, raw=box.get_bytes(key))
    finally:
        box.close()


def _is_mbox(path: Path) -> bool:
    """An mbox begins with a `From ` line and holds at least that and a header (RFC 4155)."""
    with path.open("rb") as file:
        return file.read(len(_MBOX_LINE)) == _MBOX_LINE
