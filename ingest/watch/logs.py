"""The lines on standard error: words for people, or an object a line for a machine; nothing private in either.

Under systemd each line begins with its level (sd-daemon(3)), so that `journalctl -p warning` finds it.
"""

from __future__ import annotations

import json
import logging
import os
import re
from datetime import UTC, datetime

EVENTS = "ingest.watch"
"""The logger whose INFO is shown: what happened to each mail. Elsewhere only warnings are."""

_ADDRESS = re.compile(r"[^\s<>()\[\]\",;:\\]{1,64}@[^\s<>()\[\]\",;:\\]{1,255}")
_MASKED = "…@…"
_LONGEST = 1000
_PRIORITIES = ((logging.ERROR, 3), (logging.WARNING, 4), (logging.INFO, 6), (0, 7))


def set_up(style: str, *, debug: bool) -> None:
    """Write the lines of this process as `words` or `json`. With `debug` everything, unmasked, with traces."""
    handler = logging.StreamHandler()
    handler.setFormatter((_Json if style == "json" else _Words)(debug=debug))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.WARNING)
    logging.getLogger(EVENTS).setLevel(logging.DEBUG if debug else logging.INFO)
    logging.getLogger("imapclient").setLevel(logging.WARNING)  # its DEBUG prints the mails


class _Formatter(logging.Formatter):
    """A message is one line, bounded, and names no address: servers quote them in their complaints."""

    def __init__(self, *, debug: bool) -> None:
        super().__init__()
        self._debug = debug

    def line(self, record: logging.LogRecord) -> str:
        said = record.getMessage()
        if record.exc_info and record.exc_info[0]:
            said += f" ({record.exc_info[0].__name__})"
        if self._debug:
            return said
        return _ADDRESS.sub(_MASKED, " ".join(said.split())[:_LONGEST])

    def trace(self, record: logging.LogRecord) -> str:
        """Only for who debugs: the words of an exception may quote a mail."""
        return self.formatException(record.exc_info) if self._debug and record.exc_info else ""


class _Words(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        level = f"{record.levelname} " if record.levelno != logging.INFO else ""
        trace = self.trace(record)
        return f"{_priority(record)}{level}{self.line(record)}" + (f"\n{trace}" if trace else "")


class _Json(_Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        table: dict[str, object] = {"at": at, "level": record.levelname.lower(), "says": self.line(record)}
        table |= getattr(record, "mur", {})
        trace = self.trace(record)
        return _priority(record) + json.dumps(table | ({"trace": trace} if trace else {}), ensure_ascii=False)


def _priority(record: logging.LogRecord) -> str:
    if "JOURNAL_STREAM" not in os.environ:
        return ""
    return f"<{next(number for level, number in _PRIORITIES if record.levelno >= level)}>"
