"""What several rooms share: one Chromium and one axe-core a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent / "theme"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


_BUILT = {"site": "wall", "walk": "campaign", "brought": "blogger", "published": "doctor"}
"""Walls that are built once a process: all that look at one stay in one process."""
_FIRST = (
    "tests/crash/",
    "tests/test_whole",
    "tests/demo/",
    "tests/test_cli",
    "tests/moderation/web/test_deciding_seen",
    "tests/theme/",
    "tests/blogger/",
    "tests/store/test_search",
)
"""What takes longest begins first, or the others wait for it at the end."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the groups, for `--dist loadgroup`: tests that share something built stay together."""
    for item in items:
        if group := _group(item):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: not item.nodeid.startswith(_FIRST))


def _group(item: pytest.Item) -> str:
    """A word for what it shares with others; empty for nothing, or where it says so itself."""
    if not isinstance(item, pytest.Function) or item.get_closest_marker("xdist_group"):
        return ""
    shared = {name: made[-1].scope for name, made in item._fixtureinfo.name2fixturedefs.items()}
    built = [group for name, group in _BUILT.items() if shared.get(name) == "session"]
    whole = [item.nodeid.partition("::")[0]] if "module" in shared.values() else []
    return next(iter(built + whole), "")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, where this machine has it."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        missing("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """axe-core's script: where `MUR_AXE` says, or beside `package.json`."""
    path = Path(os.environ.get("MUR_AXE") or HERE / "node_modules" / "axe-core" / "axe.min.js")
    if not path.is_file():
        missing("axe-core is not installed: npm install --no-package-lock --prefix tests/theme")
    return path.read_text(encoding="utf-8")


def missing(reason: str) -> None:
    """Skip, but not in CI."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)
