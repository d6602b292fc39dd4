"""Fifty answers as clients send them: each does what its author meant, or goes to a moderator; none acts wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.moderation import Decision, decide
from ingest.states import Action
from tests.correspondence.answers.wall import BODY, NOW
from tests.correspondence.contributing.people import answer, letter, online, written

LINES = (Path(__file__).parent / "answers.txt").read_text(encoding="utf-8").splitlines()
ROWS = [line.split(" -> ") for line in LINES if not line.startswith("#")]
NEW = BODY.splitlines()[0].replace("une trentaine", "plus de quarante") + "\n\n" + BODY.splitlines()[2]
KEPT = {"withdrawn", "anonymous", "byline", "title", "text", "agreed", "nothing"}


def standing(wall, row, where: str):
    """The contribution where it is to stand."""
    if where == "online":
        return online(wall, row)
    if where == "sent back":
        note = "sent-back: une date"
        decision = Decision(action=Action.DEFER, id=row.id, by="Bo", digest=None, channel="web", at=NOW, note=note)
        return decide(wall.store, decision)
    return row


@pytest.mark.parametrize(("said", "follows"), ROWS, ids=[said for said, _follows in ROWS])
def test_an_answer_does_what_was_meant_or_goes_to_a_moderator(wall, said, follows):
    """State, text and journal after each line of the table; what is not done is held, and changed nothing."""
    client, kind, where, words = (part.strip() for part in said.split(" ; ", 3))
    row = standing(wall, written(wall, f"Une soirée {ROWS.index([said, follows])}"), where)
    words = words.replace("⏎", "\n").replace("@NEW@", NEW)
    before = wall.store.draft(row.id)
    happened = len(wall.decisions(row))

    taken = wall.take(answer(client, letter(wall, row, kind), words))

    now, came = wall.store.find(row.id), wall.store.find(taken.id)
    draft = wall.store.draft(row.id)
    word, _colon, value = follows.partition(": ")
    assert ("handled" if word in KEPT else "held") == taken.outcome
    if word in {"request", "proposed"}:
        assert ("command", happened, row.digest, row.state) == (
            came.kind,
            len(wall.decisions(row)),
            now.digest,
            now.state,
        )
        assert (word == "proposed") == any(it.startswith("correction-proposed") for it in came.warnings)
    elif word == "withdrawn":
        assert "withdrawn" == now.state
    elif word == "anonymous":
        assert ("", before.body) == (draft.byline, draft.body)
        assert now.accepted_digest in {None, now.digest}
    elif word in {"byline", "title"}:
        assert (value, before.body, "held") == (getattr(draft, word), draft.body, now.state)
    elif word == "text":
        assert ("held", True, False) == (now.state, "plus de quarante" in draft.body, "RETIRER" in draft.body)
    elif word == "agreed":
        assert ("held", row.digest, True) == (now.state, now.digest, "author-agreed" in now.reasons)
    else:
        assert (happened, row.digest) == (len(wall.decisions(row)), now.digest)
