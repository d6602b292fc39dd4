"""`make demo`: the whole way from a mail to a page, on real parts, on this machine alone. `--once` checks it and ends.

embedded mail server -> mails over SMTP -> `mur poll`, woken by IDLE -> decisions -> `mur publish` -> HTTP
"""

from __future__ import annotations

import argparse
import signal
import smtplib
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from ingest.demo import ending, telling
from ingest.demo.script import Example, examples
from ingest.demo.server import MailServer
from ingest.demo.site import serving
from ingest.demo.stage import AUTHSERV_ID, MODERATOR, TRUSTED, Poller, Stage
from ingest.errors import MurError
from ingest.model import ContributionId
from ingest.states import State

Played = dict[str, Example]
"""Example mails by the id of their contribution, in the order of their sending."""
Pages = dict[ContributionId, str]
_SHOWN = 8
"""Digits of an id: enough for `mur`, and for people."""


def main() -> int:
    """Play, tell, and clean up. 0 where all went as it should."""
    arguments = argparse.ArgumentParser(prog="make demo", description=__doc__)
    arguments.add_argument("--once", action="store_true", help="check the pages, then end")
    once = arguments.parse_args().once
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        with tempfile.TemporaryDirectory(prefix="mur-demo-") as folder:
            return _play(Stage(Path(folder)), once=once)
    except KeyboardInterrupt:
        telling.step("Arrêté. Rien ne reste.")
        return 1 if once else 0
    except MurError as error:
        telling.fail(str(error))
        return 1


def _play(stage: Stage, *, once: bool) -> int:
    began = time.monotonic()
    users = {stage.address: stage.password}
    with MailServer(users, authserv_id=AUTHSERV_ID, trusted=TRUSTED) as server:
        stage.furnish(server.imap_port, server.smtp_port)
        telling.step("Une boîte aux lettres s’ouvre sur cette machine")
        telling.line(f"{stage.address} : IMAP sur le port {server.imap_port}, SMTP sur le port {server.smtp_port}")
        with stage.polling() as poller, stage.serving() as web:
            played = _send(stage, server, poller)
            online = _decide(stage, played)
            told = ending.fates(stage.settings, played)
            with serving(stage.settings.paths.output) as url:
                telling.step("Ce que sont devenus les courriels")
                telling.table(told)
                stage.mur("send")
                letters = ending.letters(server, stage.folder)
                telling.letters(letters, stage.folder)
                if once:
                    return _check(stage, (url, web), told, online, letters, began)
                _stay(stage, server, poller, (url, web), told, online)
    return 0


def _send(stage: Stage, server: MailServer, poller: Poller) -> Played:
    """Every mail over SMTP; the last one when the poller sleeps, so that only IDLE can wake it."""
    telling.step("Des courriels arrivent ; « mur poll » les lit au fur et à mesure")
    played: Played = {}
    *first, last = examples()
    for example in first:
        played[_send_one(stage, server, example)] = example
    _await(poller, played, set(played))
    time.sleep(1)
    began = time.monotonic()
    newest = _send_one(stage, server, last)
    played[newest] = last
    _await(poller, played, {newest})
    telling.line(f"Le dernier a réveillé le relevé (IDLE) et a été pris en {time.monotonic() - began:.1f} s.")
    return played


def _send_one(stage: Stage, server: MailServer, example: Example) -> str:
    with smtplib.SMTP("127.0.0.1", server.smtp_port, timeout=20) as connection:
        connection.sendmail(example.sender, [stage.address], example.raw, mail_options=["BODY=8BITMIME"])
    return server.delivered[-1].id


def _await(poller: Poller, played: Played, missing: set[str]) -> None:
    """Tell of these mails as the poller does; letters leave meanwhile, which are told of at the end."""
    while missing:
        said = poller.line()
        name = said.partition(" ")[0]
        if name in missing:
            missing.remove(name)
            telling.line(f"{played[name].name} → {said}")


def _decide(stage: Stage, played: Played) -> Pages:
    """Decisions, a publication, second thoughts, another one. Returns every page that was online."""
    telling.step("Une modératrice décide, puis publie")
    _each(stage, {id_: example.part.first for id_, example in played.items()})
    _mur(stage, "publish")
    online = ending.pages(stage.settings)
    _each(stage, {id_: example.part.then for id_, example in played.items()})
    _mur(stage, "publish")
    return {**online, **ending.pages(stage.settings)}


def _each(stage: Stage, decisions: dict[str, tuple[str, ...]]) -> None:
    """Those that are alike go in one command."""
    for act in dict.fromkeys(filter(None, decisions.values())):
        ids = [id_ for id_, decision in decisions.items() if decision == act]
        many = act[0] == "accept"
        for group in [ids] if many else [[id_] for id_ in ids]:
            _mur(stage, act[0], *(id_[:_SHOWN] for id_ in group), *act[1:])


def _mur(stage: Stage, *arguments: str) -> None:
    telling.command(arguments)
    for said in stage.mur(*arguments).splitlines():
        telling.line(said)


def _check(
    stage: Stage,
    urls: tuple[str, str],
    told: Sequence[ending.Fate],
    online: Pages,
    letters: Sequence[ending.Left],
    began: float,
) -> int:
    url, web = urls
    wrong = ending.complaints(stage.settings, url, told, online)
    wrong += ending.unheard(told, letters, web)
    for complaint in wrong:
        telling.fail(complaint)
    published = sum(fate.state is State.PUBLISHED for fate in told)
    seconds = time.monotonic() - began
    telling.step(f"{len(told)} courriels, {published} pages vues en ligne, {len(wrong)} erreur(s), {seconds:.0f} s.")
    return 1 if wrong else 0


def _stay(
    stage: Stage,
    server: MailServer,
    poller: Poller,
    urls: tuple[str, str],
    told: Sequence[ending.Fate],
    online: Pages,
) -> None:
    """Until Ctrl-C, telling of the mails that people send themselves."""
    held = next((fate.id for fate in told if fate.state is State.HELD), "")
    shown = {id_: page for id_, page in online.items() if any(fate.id == id_ for fate in told)}
    telling.where(
        telling.Places(
            url=urls[0],
            login=stage.mur("login-link", MODERATOR).split()[0],
            folder=stage.folder,
            file=stage.file,
            smtp_port=server.smtp_port,
            address=stage.address,
            page=next(iter(shown.values()), ""),
            held=held,
        )
    )
    while True:
        telling.line(poller.line(patience=10**6))


if __name__ == "__main__":
    sys.exit(main())
