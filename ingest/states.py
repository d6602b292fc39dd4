"""Everything that decides which state follows which stands here, in one table.

The diagram in `docs/flow.md` is made from it (`python -m ingest.states`).
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from ingest.errors import Refused


class State(StrEnum):
    """Where a contribution stands. The words are Mailman's where it has one."""

    HELD = "held"
    DEFERRED = "deferred"
    ACCEPTED = "accepted"
    PUBLISHED = "published"
    REJECTED = "rejected"
    DISCARDED = "discarded"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"
    QUARANTINED = "quarantined"
    ERASED = "erased"


class Action(StrEnum):
    """What somebody, or the publisher, does to a contribution."""

    ACCEPT = "accept"
    REJECT = "reject"
    DISCARD = "discard"
    SPAM = "spam"
    DEFER = "defer"
    WITHDRAW = "withdraw"
    UNDO = "undo"
    EDIT = "edit"
    RESUBMIT = "resubmit"
    REPLAY = "replay"
    PUBLISH = "publish"
    ERASE = "erase"


WAITING = frozenset({State.HELD, State.DEFERRED, State.QUARANTINED})
"""What `mur queue` shows."""
PROJECTED = frozenset({State.ACCEPTED, State.PUBLISHED})
"""What stands in `content/` once it was accepted."""

_DECIDE = {
    Action.ACCEPT: State.ACCEPTED,
    Action.REJECT: State.REJECTED,
    Action.DISCARD: State.DISCARDED,
    Action.SPAM: State.SPAM,
    Action.DEFER: State.DEFERRED,
    Action.WITHDRAW: State.WITHDRAWN,
}

TRANSITIONS: dict[State, dict[Action, State]] = {
    State.HELD: {**_DECIDE, Action.EDIT: State.HELD, Action.RESUBMIT: State.HELD},
    State.DEFERRED: {**_DECIDE, Action.EDIT: State.DEFERRED, Action.RESUBMIT: State.HELD},
    State.ACCEPTED: {
        Action.PUBLISH: State.PUBLISHED,
        Action.WITHDRAW: State.WITHDRAWN,
        Action.EDIT: State.ACCEPTED,
        Action.ACCEPT: State.ACCEPTED,
    },
    State.PUBLISHED: {
        Action.WITHDRAW: State.WITHDRAWN,
        Action.EDIT: State.PUBLISHED,
        Action.ACCEPT: State.ACCEPTED,
    },
    State.REJECTED: {},
    State.DISCARDED: {Action.REPLAY: State.HELD},
    State.SPAM: {},
    State.WITHDRAWN: {},
    State.QUARANTINED: {Action.REPLAY: State.HELD, Action.DISCARD: State.DISCARDED, Action.SPAM: State.SPAM},
    State.ERASED: {},
}
"""Legal moves. Its author resubmits what was sent back to them. Erasing is legal from everywhere but `erased`; undoing
depends on the past: see `undone`.
Of what is discarded, what a rule refused is replayed; what somebody discarded is undone."""

DECISIONS = frozenset(_DECIDE)
"""What `undo` takes back."""


def after(state: State, action: Action) -> State:
    """The state that follows `action` in `state`.

    Raises `Refused` where the table has no such move; `UNDO` never is one, since it needs the past.
    """
    if action is Action.ERASE and state is not State.ERASED:
        return State.ERASED
    try:
        return TRANSITIONS[state][action]
    except KeyError:
        raise Refused(f"{action.value}: not possible for a contribution that is {state.value}") from None


def undone(state: State, past: Iterable[tuple[Action, State]]) -> State:
    """The state that undoing the last decision leads to.

    `past` holds (action, state before it) for every journal line, oldest first. Undoing takes back decisions like a
    stack: twice undone, the two last are gone. What had been published is accepted again, so that the next publication
    puts it back. Raises `Refused` where there is nothing to undo.
    """
    stack: list[State] = []
    for action, before in past:
        if action in DECISIONS:
            stack.append(before)
        elif action is Action.UNDO and stack:
            stack.pop()
    if not stack or state is State.ERASED:
        raise Refused(f"undo: no decision to take back for a contribution that is {state.value}")
    return State.ACCEPTED if stack[-1] is State.PUBLISHED else stack[-1]


def diagram() -> str:
    """The table as a Mermaid state diagram."""
    lines = [
        "stateDiagram-v2",
        "    [*] --> held",
        "    [*] --> quarantined",
        "    [*] --> discarded: refused by a rule",
    ]
    lines += [
        f"    {state.value} --> {to.value}: {action.value}"
        for state, moves in TRANSITIONS.items()
        for action, to in moves.items()
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    print(diagram())  # noqa: T201
