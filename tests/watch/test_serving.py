"""`/health` and `/metrics`: what a machine that watches is told."""

from __future__ import annotations

import json
import socket
import threading
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ingest.errors import Unavailable
from ingest.intake import Intake
from ingest.poll import poll
from ingest.store import Store
from ingest.watch import health, keeping
from ingest.watch.health import Health
from ingest.watch.metrics import metrics
from ingest.watch.serving import serving
from ingest.watch.watcher import Watcher
from tests.servers.fixtures import USER

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def ask(port: int, path: str, method: str = "GET") -> tuple[int, str, str]:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers["Content-Type"], answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers["Content-Type"], error.read().decode()


def numbers(text: str) -> dict[str, float]:
    return {
        sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_poller_that_stays_answers(mail_server, wall):
    """From its start to its end; the metrics are those of a mail just taken, as Prometheus' own parser reads them."""
    mail_server.deliver(USER, b"From: Zoe <zoe@example.net>\r\nSubject: canari\r\n\r\nUn mot pour le mur.\r\n")
    settings = wall(mail_server.imap_port)
    stop, looked = threading.Event(), threading.Event()
    said = {}

    class Ears(Watcher):
        def looked(self, *, unfiled: int) -> None:
            super().looked(unfiled=unfiled)
            looked.set()

    def stay() -> None:
        with Store.open(settings) as store, Intake(store, settings) as intake:
            poll(settings, store, intake, once=False, stop=stop, watch=Ears(settings, store, serve=True))

    thread = threading.Thread(target=stay)
    thread.start()
    try:
        assert looked.wait(20)
        said = {path: ask(settings.watch.port, path) for path in ("/health", "/metrics", "/", "/../var/mur.db")}
    finally:
        stop.set()
        thread.join(10)

    status, kind, text = said["/metrics"]
    read = numbers(text)
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert (read["mur_mails_total[held]"], read["mur_waiting[held]"], read["mur_alarms"]) == (1, 1, 0)
    assert abs(read["mur_last_poll_timestamp_seconds"] - datetime.now(UTC).timestamp()) < 60
    assert read["mur_free_bytes"] > 0
    assert said["/health"][0] == 200
    assert json.loads(said["/health"][2])["ok"] is True
    assert (said["/"][0], said["/../var/mur.db"][0]) == (404, 404)
    assert all("canari" not in each and "zoe" not in each.lower() for _s, _k, each in said.values())
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", settings.watch.port), timeout=2)


def test_a_wall_that_is_not_well_answers_503(wall):
    """With what is wrong, in a sentence."""
    settings = wall(9)
    keeping.change(settings.paths.state, lambda _it: Health(polled_at=datetime.now(UTC) - timedelta(hours=2)))

    with serving(settings) as port:
        status, _kind, text = ask(port, "/health")
        head = ask(port, "/health", "HEAD")
        post = ask(port, "/health", "POST")

    assert (status, head[0], head[2], post[0]) == (503, 503, "", 501)
    assert "120 minutes" in json.loads(text)["alarms"][0]


def test_only_this_machine_is_answered(wall):
    """It listens on the loopback address alone."""
    settings = wall(9)

    with serving(settings) as port, socket.socket() as other:
        other.bind(("127.0.0.2", port))  # taken, were it listening on every address


def test_a_port_that_is_taken_is_said(wall):
    """One line; a poller under systemd tries again."""
    settings = wall(9)

    with serving(settings), pytest.raises(Unavailable, match=str(settings.watch.port)), serving(settings):
        pass


def test_metrics_of_a_wall_that_never_ran_are_metrics_too():
    """Moments that never were are left out; what a label holds cannot break a line."""
    assert "mur_last_poll_timestamp_seconds" not in numbers(metrics(Health(), free_bytes=1, alarms=0))
    odd = health.took(Health(), now=NOW, outcome='a"b\\c\nd')
    assert numbers(metrics(odd, free_bytes=1, alarms=0))['mur_mails_total[a"b\\c\nd]'] == 1
