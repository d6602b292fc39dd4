"""The line that a client writes above what it quotes: "Le lun. 6 juin 2022 à 10:12, Jean Dupont <…> a écrit :".

People tell in the same words that somebody wrote to them. What clients write holds a date with its year and a time of
day, or an address, stands at the start of the line, and speaks of nobody else ("nous a écrit").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.body.contacts import ADDRESS
from ingest.body.cut.headers import person
from ingest.body.cut.words import DATE, TIME, TOLD, WROTE
from ingest.body.lines import Line
from ingest.model import Forwarded

_LONGEST = 400
_WRAPPED = 4
"""Over how many lines such a sentence is wrapped, at most."""
_NEAR = 30
"""Where its date starts, at the latest, if it starts with one."""
_PERSON_FIRST = re.compile(r"[\"'“„«]?[^\W\d_][^<>,;:.!?]{0,60}[\"'”“»]?,? ?[<(\[]{1,2}(?:mailto:)?[^<>@\s]{1,64}@")
_GMAIL_2016 = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S.{0,80}")
_AROUND_NAME = re.compile(
    r"^(?:[+-]\d{4}|[ap]\.?m\.?|heeft|użytkownik|používateľ|uživatel|пользователь|időpontban|kl\.?|uhr)(?!\w)",
    re.IGNORECASE,
)
_TYPED_TIME = re.compile(r"\d h\b")
""""10 h 12": people write so in French, no client does."""
_WITH_TEXT = re.compile(r"(.{0,300}?(?:a écrit|wrote|escribió|schrieb|ha scritto|escreveu|schreef) ?:) (\S.*)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Found in lines `start` to `end` (excluded). `sure` is false where only a quote below it would make it one."""

    start: int
    end: int
    text: str
    sure: bool

    def forwarded(self) -> Forwarded:
        """Who wrote what stands below."""
        name, address = person(self.text)
        moment = _moment(self.text)
        if moment and moment.end() <= (self.text.find(address) if address else len(self.text)):
            name = person(self.text[moment.end() :])[0]
        return Forwarded(from_name=_only_name(name), from_address=address, subject="", date=_date(self.text))


def _moment(text: str) -> re.Match[str] | None:
    last = None
    for pattern in (DATE, TIME):
        for found in pattern.finditer(text):
            if last is None or found.end() > last.end():
                last = found
    return last


def _date(text: str) -> str:
    first, last = DATE.search(text), _moment(text)
    return text[first.start() : max(first.end(), last.end())] if first and last else ""


def _only_name(text: str) -> str:
    bare = _AROUND_NAME.sub("", WROTE.sub("", text).strip(" ,"))
    return bare.strip(" ,.:;\"'“”„«»()")


def find(lines: Sequence[Line], last: int) -> Attribution | None:
    """The attribution that ends with line `last`, or None."""
    line = lines[last].plain
    if len(line) > _LONGEST:
        return None
    if _GMAIL_2016.fullmatch(line):
        return Attribution(last, last + 1, line, sure=True)
    end = _ending(line)
    fallback = None
    for start, text in _upwards(lines, last, end) if end else ():
        sure = _dated(text)
        if sure is not None:
            return Attribution(start, last + 1, text, sure=sure)
        if fallback is None and _PERSON_FIRST.match(text) and WROTE.search(text):
            fallback = Attribution(start, last + 1, text, sure=True)
    return fallback


def _upwards(lines: Sequence[Line], last: int, end: str) -> Iterator[tuple[int, str]]:
    """The sentence that ends with `end`, from one line to four, and where it would start."""
    text = ""
    for start in range(last, max(last - _WRAPPED, -1), -1):
        text = f"{lines[start].plain if start != last else end} {text}".strip()
        if len(text) > _LONGEST:
            return
        yield start, text.strip("-*_ ").lstrip("> ")
        if not _wraps(lines, start):
            return


def _wraps(lines: Sequence[Line], start: int) -> bool:
    """Whether line `start` may be the wrapped rest of the line above it."""
    if start == 0 or lines[start - 1].depth != lines[start].depth:
        return False
    return not lines[start].gap or lines[start].plain[:1] in "<>" or lines[start].plain.startswith("mailto:")


def _ending(line: str) -> str:
    """The line as far as it may end an attribution, or nothing."""
    if line.endswith((":", "：")) or (line.startswith("--") and line.endswith("--")):
        return line
    found = _WITH_TEXT.fullmatch(line)
    return found[1] if found else ""


def _dated(text: str) -> bool | None:
    """Whether a sentence that starts with a date is a client's: surely, perhaps, or (None) not."""
    date, wrote, address = DATE.search(text), WROTE.search(text), ADDRESS.search(text)
    if TOLD.search(text):
        return None
    if date is None:
        return True if wrote and _undated(text, address) else None
    if date.start() > _NEAR or _sentence(text[: date.start()]):
        return None
    timed = TIME.search(text.replace(date[0], " ", 1)) is not None
    if wrote:
        return (timed and not _TYPED_TIME.search(text)) or address is not None
    return True if timed and address else None


def _undated(text: str, address: re.Match[str] | None) -> bool:
    """Time and day without a year: "On Mon, Aug 19 at 2:36 AM, Jean <…> wrote:"."""
    return (
        address is not None
        and TIME.search(text[: address.start()]) is not None
        and bool(re.search(r"\d", text[:_NEAR]))
    )


def _sentence(text: str) -> bool:
    """Whether what stands before the date has the end of a sentence in it: then the attribution starts later."""
    return bool(re.search(r"\w{6,}[.!?…] |[!?…] ", text))
