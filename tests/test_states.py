"""The table of states, every pair of it."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ingest.errors import Refused
from ingest.states import DECISIONS, TRANSITIONS, Action, State, after, diagram, undone

LEGAL = {(state, action): to for state, moves in TRANSITIONS.items() for action, to in moves.items()}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State, Action)))
def test_every_pair_is_legal_or_refused(state, action):
    """A pair leads where the table says, or is refused in a sentence that names both."""
    if action is Action.ERASE and state is not State.ERASED:
        assert State.ERASED is after(state, action)
    elif (state, action) in LEGAL:
        assert LEGAL[state, action] is after(state, action)
    else:
        with pytest.raises(Refused, match=f"{action.value}.*{state.value}"):
            after(state, action)


def test_nothing_that_waits_is_on_the_site():
    """From a state before acceptance, only accepting leads to the projection."""
    for state in (State.HELD, State.DEFERRED, State.QUARANTINED, State.REJECTED, State.DISCARDED, State.SPAM):
        leading = {action for action, to in TRANSITIONS[state].items() if to in {State.ACCEPTED, State.PUBLISHED}}

        assert leading <= {Action.ACCEPT}


@pytest.mark.parametrize("action", sorted(DECISIONS))
def test_every_decision_on_a_held_draft_can_be_undone(action):
    """One wrong tap is mended by one undo."""
    state = after(State.HELD, action)

    assert State.HELD is undone(state, [(action, State.HELD)])


def test_undo_takes_decisions_back_like_a_stack():
    """Twice undone, the two last decisions are gone; the third time there is nothing left."""
    past = [(Action.DEFER, State.HELD), (Action.ACCEPT, State.DEFERRED)]
    first = undone(State.ACCEPTED, past)
    past.append((Action.UNDO, State.ACCEPTED))
    second = undone(first, past)
    past.append((Action.UNDO, first))

    assert (first, second) == (State.DEFERRED, State.HELD)
    with pytest.raises(Refused):
        undone(second, past)


def test_undoing_a_withdrawal_puts_the_page_back_at_the_next_publication():
    """What was published is accepted again, not published by magic."""
    past = [(Action.ACCEPT, State.HELD), (Action.PUBLISH, State.ACCEPTED), (Action.WITHDRAW, State.PUBLISHED)]

    assert State.ACCEPTED is undone(State.WITHDRAWN, past)


def test_the_diagram_in_the_documentation_is_that_of_the_table():
    """`docs/flow.md` shows what `python -m ingest.states` prints."""
    flow = Path(__file__).parent.parent / "docs" / "flow.md"

    assert diagram() in flow.read_text(encoding="utf-8")
