"""Python-Markdown's inline patterns, each tried only on text that holds what it begins with.

Python-Markdown (3.11) searches every text with every pattern: fourteen searches, most of them for a sign that is not
there. Its two methods are private (`InlineProcessor.__handleInline`, `__applyPattern`): where another release has no
such method, texts are searched as they were, and are the same.
"""

from __future__ import annotations

from typing import Any

from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

SIGNS: dict[str, str] = {
    "backtick": "`",
    "escape": "\\",
    "footnote": "[",
    "reference": "[",
    "link": "[",
    "image_link": "[",
    "image_reference": "[",
    "short_reference": "[",
    "short_image_ref": "[",
    "autolink": "<",
    "automail": "<",
    "linebreak": "  \n",
    "entity": "&",
}
"""What a text must hold for a pattern to be found in it, by the name that the pattern is registered under. One that is
not named here is always tried."""
_ALL = (*dict.fromkeys(SIGNS.values()), "*", "_")
_EMPHASIS = "em_strong"


class Inline(InlineProcessor):
    """The same, sooner."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        patterns = md.inlinePatterns
        self._signs = {id(patterns[name]): sign for name, sign in SIGNS.items() if name in patterns}
        self._is_known = len(self._signs) + (_EMPHASIS in patterns) == len(patterns)

    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if self._is_known and not any(sign in data for sign in _ALL):
            return data
        done: str = super()._InlineProcessor__handleInline(data, patternIndex)  # type: ignore[misc]
        return done

    def _InlineProcessor__applyPattern(  # noqa: N802
        self,
        pattern: Any,
        data: str,
        patternIndex: int,  # noqa: N803
        startIndex: int = 0,  # noqa: N803
    ) -> tuple[str, bool, int]:
        sign = self._signs.get(id(pattern))
        if sign is not None and sign not in data:
            return data, False, 0
        done: tuple[str, bool, int] = super()._InlineProcessor__applyPattern(  # type: ignore[misc]
            pattern, data, patternIndex, startIndex
        )
        return done
