"""The text form of a draft and of an article: Pelican's `Key: value` lines, a blank line, Markdown. Pure.

The keys are a closed set and each value is one line, written here and nowhere else: any key that Pelican reads becomes
an attribute of its article (`pelican/contents.py`, 4.12), so that `Save_as`, `Template` or `_content` out of a Subject
field would take the site over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime

from ingest.errors import Refused
from ingest.model import Draft, Kind, Markdown
from ingest.words import _

_EXTRA = (
    "Update_of", "Posted", "Organiser", "Organiser_url", "Sign_url", "Sign_aliases", "Opens", "Deadline",
    "Deadline_zone", "Filing", "Filed", "Decision", "Outcome", "Outcome_url", "Relay_state", "Relay_state_date",
    "Count", "Count_qualifier", "Unit", "Count_date", "Count_source", "Goal", "Target", "Against", "Attacks",
    "Who_may_join", "Conditions", "Conditions_by", "Data_asked", "Source", "Source_read", "Source_licence",
    "Source_archive", "Start", "End", "Place", "Reply_to", "Modified",
)  # fmt: skip
_OWN = ("Title", "Kind", "Author", "Tags", "Lang", "Not_before")
_PUBLISHED = ("Date", "Slug", "Status", "Number")

EXTRA_KEYS = frozenset(_EXTRA)
"""What `Draft.extra` may hold."""
DRAFT_KEYS = frozenset(_OWN) | EXTRA_KEYS
"""What a moderator may write at the head of a draft."""
KEYS = DRAFT_KEYS | frozenset(_PUBLISHED)
"""What may stand at the head of a file under `content/`."""

_SEPARATORS = re.compile(r"[\s\x1c-\x1f\x85\u2028\u2029]+")
_HEAD_LINE = re.compile(r"([A-Z][A-Za-z_]*):[ \t]*(.*)")


def one_line(value: str) -> str:
    """`value` as one line: separators become a space; controls, bidi overrides and lone surrogates go; NFC."""
    if value.isprintable() and unicodedata.is_normalized("NFC", value):
        return " ".join(value.split())  # nothing of all that: printable is no separator but the space, and no control
    value = _SEPARATORS.sub(" ", value)
    kept = "".join(
        c for c in value if unicodedata.category(c) not in {"Cc", "Cs"} and c not in "\u202a\u202b\u202d\u202e"
    )
    return _SEPARATORS.sub(" ", unicodedata.normalize("NFC", kept)).strip()  # spaces that a control kept apart


def document(draft: Draft) -> str:
    """The text of a draft: what a moderator reads and edits, and what its digest is taken of."""
    return _text(_own(draft), draft.body)


def article(
    draft: Draft, *, date: datetime, slug: str, number: str, modified: datetime | None = None, title: str = ""
) -> str:
    """The text of a file under `content/`: the draft, and what publishing adds to it.

    `date` and `modified` are aware; `number` is the public `mur-142`; `title` stands in for an empty one.
    """
    head = _own(draft)
    head["Title"] = one_line(draft.title) or one_line(title) or _("Sans titre")
    head["Date"] = date.isoformat(timespec="seconds")
    if modified is not None:
        head["Modified"] = modified.isoformat(timespec="seconds")
    head |= {"Slug": slug, "Status": "published", "Number": number}
    head.pop("Not_before", None)
    return _text(head, draft.body)


def parse(text: str) -> Draft:
    """Read a draft back from its text.

    Raises `Refused` with the line and what was expected.
    """
    head, body = split(text)
    for key, (number, _value) in head.items():
        if key not in DRAFT_KEYS:
            raise Refused(_("ligne {line} : clé inconnue « {key} »").format(line=number, key=key))
    values = {key: value for key, (_number, value) in head.items()}
    return Draft(
        kind=_kind(head),
        title=values.get("Title", ""),
        byline=values.get("Author", ""),
        tags=tuple(filter(None, (one_line(tag) for tag in values.get("Tags", "").split(",")))),
        lang=values.get("Lang", "fr"),
        body=Markdown(body),
        not_before=_moment(head, "Not_before"),
        extra={key: value for key, value in values.items() if key in EXTRA_KEYS},
    )


def split(text: str) -> tuple[dict[str, tuple[int, str]], str]:
    """Front matter as `{key: (line, value)}`, and the body. The front matter ends at the first blank line.

    Raises `Refused` for a line that is no `Key: value` and for a key that stands twice.
    """
    head: dict[str, tuple[int, str]] = {}
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            return head, "\n".join(lines[number:]).strip("\n") + "\n"
        match = _HEAD_LINE.fullmatch(line)
        if not match:
            raise Refused(_("ligne {line} : « Clé: valeur » attendu avant la première ligne vide").format(line=number))
        if match[1] in head:
            raise Refused(_("ligne {line} : la clé « {key} » y est deux fois").format(line=number, key=match[1]))
        head[match[1]] = (number, one_line(match[2]))
    return head, "\n"


def _own(draft: Draft) -> dict[str, str]:
    head = {"Title": one_line(draft.title), "Kind": draft.kind.value}
    if byline := one_line(draft.byline):
        head["Author"] = byline
    tags = [one_line(tag.replace(",", " ")) for tag in draft.tags]
    if any(tags):
        head["Tags"] = ", ".join(dict.fromkeys(filter(None, tags)))
    head["Lang"] = one_line(draft.lang) or "fr"
    if draft.not_before is not None:
        head["Not_before"] = draft.not_before.isoformat(timespec="seconds")
    head |= {key: line for key in _EXTRA if (line := one_line(draft.extra.get(key, "")))}
    return head


def _text(head: Mapping[str, str], body: str) -> str:
    return "".join(f"{key}: {value}\n" for key, value in head.items()) + "\n" + body.strip("\n") + "\n"


def _kind(head: Mapping[str, tuple[int, str]]) -> Kind:
    number, value = head.get("Kind", (0, Kind.ARTICLE.value))
    try:
        return Kind(value)
    except ValueError:
        known = ", ".join(Kind)
        raise Refused(_("ligne {line} : Kind est l’un de {known}").format(line=number, known=known)) from None


def _moment(head: Mapping[str, tuple[int, str]], key: str) -> datetime | None:
    number, value = head.get(key, (0, ""))
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        expected = "2022-09-24T23:59+02:00"
        raise Refused(
            _("ligne {line} : {key} s’écrit comme {expected}").format(line=number, key=key, expected=expected)
        )
    return moment
