"""Answers as mail clients write them, to the notice that was really sent: understood, or politely refused."""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from ingest.moderation import refusals
from tests.correspondence.answers.wall import code_of, html_of, opened, text_of

MAILS = Path(__file__).parent / "mails"
ROWS = [
    line.split(": ", 1) for line in (MAILS / "expected.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"
]
STATES = {"accept": "accepted", "correct": "accepted", "reject": "rejected", "defer": "deferred"}


def answer(name: str, notice: EmailMessage) -> bytes:
    """The mail of a file, answering a notice: `@ID@`, `@SUBJECT@`, `@TEXT@`, `@QUOTED@` and `@HTML@` filled in."""
    text = text_of(notice)
    page = re.search(r"<body[^>]*>(.*)</body>", html_of(notice), re.DOTALL)
    filled = (MAILS / f"{name}.eml").read_text(encoding="utf-8")
    for mark, value in (
        ("@ID@", str(notice["Message-ID"])),
        (
            "@SUBJECT@",
            SMTP.header_factory("subject", str(notice["Subject"])).fold(policy=SMTP).partition(": ")[2].strip(),
        ),
        ("@QUOTED@", "\n".join(f"> {line}".rstrip() for line in text.splitlines())),
        ("@TEXT@", text),
        ("@HTML@", page[1] if page else ""),
    ):
        filled = filled.replace(mark, value)
    return filled.replace("\r\n", "\n").replace("\n", "\r\n").encode("utf-8")


@pytest.fixture(scope="module")
def wall(tmp_path_factory):
    """One for all of them: each answers the notice of a contribution of its own."""
    made = opened(tmp_path_factory.mktemp("wall"), more="[floods]\nsender_daily = 0\nqueue = 0")
    yield made
    made.close()


@pytest.mark.parametrize(("name", "says"), ROWS, ids=[name for name, _says in ROWS])
def test_an_answer_does_what_it_says_or_nothing(wall, name, says):
    """Each of the files: the state that follows, the reason that is noted, the letter that tells of it."""
    row = wall.contribution(subject=f"Une soirée ({name})")
    word, _colon, reason = says.partition(": ")

    taken = wall.take(answer(name, wall.notice()))

    assert ("handled", "answer") == (taken.outcome, taken.reason)
    assert STATES.get(word, "held") == wall.state(row)
    if word in STATES:
        assert noted(reason) == wall.decisions(row)[-1][3]
        assert ["answer-done"] == [letter.kind for letter in wall.told(row)]
    else:
        assert [] == wall.decisions(row)
        assert [("answer-unclear", word)] == [(one.kind, one.about["why"]) for one in wall.told(row)]


def noted(reason: str) -> str:
    """Behind the name of a ready reason stand its lines."""
    key = {"hors sujet": "hors-sujet", "doublon": "doublon"}.get(reason, "")
    return refusals.letter(key) if key else reason


def test_there_is_a_row_for_each_file():
    """No answer lies there that nobody looks at."""
    assert sorted(path.stem for path in MAILS.glob("*.eml")) == sorted(name for name, _says in ROWS)


def test_the_notice_that_is_answered_holds_its_code_twice(wall):
    """In the subject, and on a line that quoting leaves whole."""
    wall.contribution(subject="Le code")

    notice = wall.notice()

    assert f"Référence\u202f: #{code_of(notice)}" in text_of(notice).splitlines()
