"""What a library names at its start and we use without: not loaded, and there for who asks for it."""

from __future__ import annotations

import subprocess
import sys

from ingest.aside import aside


def test_the_store_begins_without_what_it_does_not_use() -> None:
    """SQLAlchemy names asyncio, and the metadata of packages."""
    script = "import ingest.store, sys; print({'asyncio', 'ssl', 'importlib.metadata'} & sys.modules.keys())"

    assert "set()\n" == _said(script)


def test_and_who_uses_it_has_it() -> None:
    """Whether by an import of one's own or by the name that the library holds."""
    script = """
import ingest.store, importlib, sqlalchemy.util.compat
print(sqlalchemy.util.compat.importlib_metadata.version("click") == importlib.metadata.version("click"))
import asyncio
async def said(): return asyncio.Queue.__name__
print(asyncio.run(said()))
"""

    assert "True\nQueue\n" == _said(script)


def test_what_is_loaded_already_stays() -> None:
    """Only what nobody imported is put aside."""
    with aside(("json", "wave"), int):
        import wave

        assert int is wave.Wave_read
        assert "loads" in vars(sys.modules["json"])

    import wave

    assert "Wave_read" == wave.Wave_read.__name__


def _said(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout
