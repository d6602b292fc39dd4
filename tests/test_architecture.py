"""The house keeps its promises: who may import what, what is pure, how large a room may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FILES = sorted([*ROOT.glob("ingest/**/*.py"), *ROOT.glob("plugins/**/*.py")])
NAMES = [str(path.relative_to(ROOT)) for path in FILES]

HOME = {
    "imapclient": "ingest/mailbox",
    "mailparser": "ingest/message",
    "authres": "ingest/message",
    "bs4": "ingest/body",
    "bleach": "ingest/body",
    "PIL": "ingest/media",
    "pillow_heif": "ingest/media",
    "pypdfium2": "ingest/media",
    "pikepdf": "ingest/media",
    "mutagen": "ingest/media",
    "filetype": "ingest/media",
    "sqlalchemy": "ingest/store",
    "alembic": "ingest/store",
    "pymap": "ingest/demo",
    "pysasl": "ingest/demo",
    "aiosmtpd": "ingest/demo",
    "click": "ingest/cli",
    "markdown": "plugins",
    "nh3": "plugins",
    "pelican": "plugins",
    "babel": "plugins",
    "segno": "plugins",
    "flask": "ingest/moderation/web",
    "flask_wtf": "ingest/moderation/web",
    "wtforms": "ingest/moderation/web",
    "werkzeug": "ingest/moderation/web",
    "waitress": "ingest/moderation/web",
    "itsdangerous": "ingest/moderation",
    "mastodon": "ingest/fediverse",
}
"""Each third-party package has one folder that imports it, so that it can be replaced there."""
SHARED = {
    "rich": ("ingest/cli", "ingest/demo"),
    "lxml": ("ingest/body", "ingest/blogger"),
    "icalendar": ("ingest/media", "plugins"),
}

PURE = (
    *("model", "states", "errors"),
    *("message", "body", "media", "relay", "publication/article", "publication/slugs"),
    *("moderation/checklist", "moderation/naming", "moderation/persons", "moderation/refusals"),
    *("correspondence/answers", "fediverse/rules", "fediverse/wording", "fetching/public"),
    *(f"blogger/{name}" for name in ("model", "feed", "converting", "pictures", "places", "redirects", "bylines")),
)
IO = {"imapclient", "smtplib", "socket", "subprocess", "os", "random", "secrets", "tempfile", "urllib.request"}
CLOCKS = {"now", "utcnow", "today", "uuid4", "uuid1", "getrandom", "urandom"}

NO_ROOM = {"utils", "helpers", "common", "manager", "core", "misc"}
BOUNDARIES = {"ingest/cli/__init__.py", "ingest/worker.py"}
"""Where `except Exception` stands: before a person, and around one message in its own process."""


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _is_pure(name: str) -> bool:
    inside = name.removeprefix("ingest/").removesuffix(".py")
    return name.startswith("ingest/") and any(inside == room or inside.startswith(f"{room}/") for room in PURE)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_third_party_packages_have_one_home(path):
    """A package is imported in its own room and nowhere else."""
    name = str(path.relative_to(ROOT))

    strays = {
        package
        for package in (module.partition(".")[0] for module in _imports(_tree(path)))
        if not name.startswith(tuple([HOME.get(package, "")] if package in HOME else SHARED.get(package, ("",))))
    }

    assert set() == strays


@pytest.mark.parametrize("name", [name for name in NAMES if _is_pure(name)])
def test_what_decides_does_no_io(name):
    """A pure module imports nothing that reaches outside, and is told what time it is."""
    tree = _tree(ROOT / name)

    reaching = {module for module in _imports(tree) if module in IO or module.partition(".")[0] in IO}
    clocks = {
        node.func.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    }

    assert set() == reaching
    assert set() == clocks


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_no_room_is_too_large(path):
    """A file stays near 250 lines, a function under 40 and a class under 120."""
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)

    functions = {
        node.name: _lines(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _lines(node) > 40
    }
    classes = {
        node.name: _span(node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and _span(node) > 140
    }

    assert text.count("\n") <= 300
    assert functions == {}
    assert classes == {}


def _span(node: ast.ClassDef) -> int:
    return (node.end_lineno or 0) - node.lineno + 1


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its docstring."""
    first = node.body[0]
    documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_except_exception_stands_at_a_boundary(path):
    """A bug of ours is not swallowed half way."""
    bare = [
        node.lineno
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and not any(isinstance(inner, ast.Raise) for inner in ast.walk(node))
    ]

    assert not bare or str(path.relative_to(ROOT)) in BOUNDARIES


@pytest.mark.parametrize("name", NAMES)
def test_names_are_those_of_the_field(name):
    """No drawer for whatever fits nowhere else."""
    assert not NO_ROOM & set(Path(name).with_suffix("").parts)


def test_no_test_patches_our_own_modules():
    """Fakes are written by hand."""
    offenders = [
        str(path.relative_to(ROOT))
        for path in ROOT.glob("tests/**/*.py")
        if "mock.patch" in path.read_text(encoding="utf-8") and path != Path(__file__)
    ]

    assert offenders == []
