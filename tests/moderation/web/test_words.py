"""The words of what runs in a moderator's browser come from the page, where `_()` says them."""

from __future__ import annotations

import re
from pathlib import Path

WEB = Path(__file__).parents[3] / "ingest" / "moderation" / "web"


def test_no_sentence_is_written_in_the_script():
    """Between its quotes stand names, selectors and addresses; a French one would stay French in another language."""
    script = re.sub(
        r"/\*.*?\*/|//[^\n]*", "", (WEB / "static" / "moderate.js").read_text(encoding="utf-8"), flags=re.DOTALL
    )

    quoted = re.findall(r"\"([^\"\n]*)\"|`([^`]*)`", script)

    assert len(quoted) > 20
    assert [it for pair in quoted for it in pair if re.search(r"[^\x00-\x7f]|[a-z]{2,} [a-z]{2,} [a-z]{2,}", it)] == []


def test_every_word_that_the_script_asks_for_is_on_a_page():
    """`dataset.x` without its `data-x` would be said as « undefined »."""
    script = (WEB / "static" / "moderate.js").read_text(encoding="utf-8")
    pages = "".join(path.read_text(encoding="utf-8") for path in (WEB / "templates").glob("*.html"))

    asked = set(re.findall(r"\bdataset\.(\w+)", script))

    assert {"online", "open", "failed", "waiting", "silent"} <= asked
    assert [name for name in asked if f" data-{name}=" not in pages] == []
