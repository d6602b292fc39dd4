"""Which tables hold data. Most in mails only arrange: those of newsletters, signatures and buttons."""

from __future__ import annotations

import re
from itertools import islice

from bs4 import Tag

from ingest.body.html.style import attribute, holds, within

_MAX_ROWS = 500
_MAX_COLUMNS = 20
_SHORT = 80
_TOO_MUCH = ("table", "blockquote", "hr", "pre")
_DRAWN = re.compile(r"border(?:-(?:top|bottom|left|right))?:[^;]*(?:solid|dotted|dashed|double)", re.IGNORECASE)


def is_data(table: Tag) -> bool:
    """Whether a table says something by its rows and columns.

    It has at least two rows and two columns, no table inside, no role that says otherwise, and either a header cell, a
    border that is seen, or in every row the same number of short cells without pictures.
    """
    said = attribute(table, "role") in {"presentation", "none"} or "moz-email-headers" in attribute(table, "class")
    if said or holds(table, *_TOO_MUCH):
        return False
    rows = [cells for row in islice(within(table, "tr"), _MAX_ROWS + 1) if (cells := _cells(row))]
    widths = [len(cells) for cells in rows]
    if not 2 <= len(rows) <= _MAX_ROWS or not 2 <= max(widths) <= _MAX_COLUMNS:
        return False
    if holds(table, "th") or _is_ruled(table, rows[0][0]):
        return True
    return len(set(widths)) == 1 and len(rows) > 2 and not holds(table, "img") and all(map(_is_short, rows))


def has_short_rows(table: Tag) -> bool:
    """Whether the cells of a row belong on one line: the header of a forwarded mail (Thunderbird), names and values."""
    if "moz-email-headers-table" in attribute(table, "class"):
        return True
    if holds(table, *_TOO_MUCH, "img", "p", "br", "li"):
        return False
    rows = [_cells(row) for row in islice(within(table, "tr"), _MAX_ROWS)]
    return any(len(cells) > 1 for cells in rows) and all(_is_short(cells) for cells in rows if len(cells) > 1)


def span(cell: Tag) -> int:
    """How many further columns a cell takes."""
    columns = attribute(cell, "colspan")
    return min(_MAX_COLUMNS, int(columns)) - 1 if re.fullmatch(r"[1-9]\d{0,2}", columns) else 0


def _cells(row: Tag) -> list[Tag]:
    return list(within(row, "td", "th"))


def _is_ruled(table: Tag, cell: Tag) -> bool:
    if attribute(table, "border").strip() not in {"", "0", "0px"} or "MsoTableGrid" in attribute(table, "class"):
        return True
    return bool(_DRAWN.search(attribute(cell, "style")[:1000]))


def _is_short(cells: list[Tag]) -> bool:
    texts = [" ".join(cell.get_text(" ").split()) for cell in cells]
    return all(len(text) <= _SHORT for text in texts) and sum(map(bool, texts)) > 1
