"""What a library names at its start and we use without: not loaded, and there for who asks for it."""

from __future__ import annotations

import subprocess
import sys


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
    """Only what nobody imported is put aside, and only for a while."""
    script = """
import json
from ingest.aside import aside
with aside(("json", "wave"), int):
    import json, wave
    print(wave.Wave_read.__name__, json.loads.__name__)
import wave
print(wave.Wave_read.__name__)
"""

    assert "int loads\nWave_read\n" == _said(script)


def test_beside_threads_nothing_is_put_aside() -> None:
    """Another thread might import one of them just now."""
    script = """
import threading
from ingest.aside import aside
done = threading.Event()
threading.Thread(target=done.wait).start()
with aside(("wave",), int):
    import wave
    print(wave.Wave_read.__name__)
done.set()
"""

    assert "Wave_read\n" == _said(script)


def _said(script: str) -> str:
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return done.stdout
