"""Which parts are the text and which are attachments: RFC 8621 section 4.1.4, and what clients send that it does not
foresee.

Each of the two renderings that come out, plain and HTML, is whole: a list's footer, or a text after a picture, stands
in both.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ingest.message.tree import Part

HTML = frozenset({"text/html", "application/xhtml+xml"})
_FILES = """calendar x-vcalendar vcard x-vcard directory rtf csv xml css javascript ecmascript x-amp-html watch-html
x-watch-html rfc822-headers x-patch x-diff x-python x-sh vtt"""
_NO_TEXT = frozenset(f"text/{name}" for name in _FILES.split())
_ENRICHED = frozenset({"text/enriched", "text/richtext"})
_OTHER_VERSIONS = frozenset({"text/x-amp-html", "text/watch-html", "text/x-watch-html"})


@dataclass(frozen=True, slots=True)
class Sorted:
    """`plain` and `markup` are textBody and htmlBody of RFC 8621, pictures between texts among them.

    `others` are all the leaves that are no text, each with the type of the multipart around it.
    """

    plain: tuple[Part, ...]
    markup: tuple[Part, ...]
    others: tuple[tuple[Part, str], ...]


def sort(root: Part) -> Sorted:
    """Sort the leaves of a tree. Linear; raises nothing."""
    sorting = _Sorting()
    whole = replace(root, type="", raw=b"", children=(root,))
    sorting.walk(whole, sorting.plain, sorting.markup, chosen=False)
    return Sorted(tuple(sorting.plain), tuple(sorting.markup), tuple(sorting.others))


@dataclass(slots=True)
class _Sorting:
    plain: list[Part] = field(default_factory=list)
    markup: list[Part] = field(default_factory=list)
    others: list[tuple[Part, str]] = field(default_factory=list)

    def walk(self, part: Part, plain: list[Part] | None, markup: list[Part] | None, *, chosen: bool) -> None:
        """Sort the children of `part`, which stands in an alternative where `chosen`.

        There, a list becomes None for what follows a text of the other rendering.
        """
        alternative = part.type == "multipart/alternative"
        before = len(plain or ()), len(markup or ())
        for index, child in enumerate(_children(part)):
            if child.children:
                self.walk(child, plain, markup, chosen=chosen or child.type == "multipart/alternative")
                continue
            body = _is_body(child, index, part.type)
            if not body or child.kind == "image":
                self.others.append((child, part.type))
            if body and alternative and child.kind != "image":
                _append(child, *([markup] if child.type in HTML else [plain]))
            elif body and not alternative:
                if chosen and child.kind != "image":
                    plain, markup = (None, markup) if child.type in HTML else (plain, None)
                _append(child, plain, markup)
        if alternative and plain is not None and markup is not None:
            _level(plain, markup, before)


def _append(part: Part, *lists: list[Part] | None) -> None:
    for target in lists:
        if target is not None:
            target.append(part)


def _level(plain: list[Part], markup: list[Part], before: tuple[int, int]) -> None:
    """An alternative that gave one rendering only gives it for both."""
    if len(plain) == before[0]:
        plain.extend(markup[before[1] :])
    elif len(markup) == before[1]:
        markup.extend(plain[before[0] :])


def _children(part: Part) -> list[Part]:
    """The children that count, the root of a multipart/related first (RFC 2387 section 3.2)."""
    children = list(part.children)
    if part.type == "multipart/related" and (start := part.parameters.get("start", "").strip("<> ")):
        children.sort(key=lambda child: child.content_id != start)
    if part.type == "multipart/alternative":
        known = {child.type for child in children} & {"text/plain", "text/html"}
        unread = _OTHER_VERSIONS | (_ENRICHED if known else frozenset())
        children = [child for child in children if child.type not in unread]
    return children


def _is_body(part: Part, index: int, within: str) -> bool:
    """`isInline` of RFC 8621 section 4.1.4."""
    if part.disposition == "attachment" or part.type in _NO_TEXT:
        return False
    if part.kind not in {"image", "text"} and part.type not in HTML:
        return False
    return index == 0 or (within != "multipart/related" and (part.kind == "image" or not part.name))
