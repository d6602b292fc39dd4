"""Decisions on one contribution. Each carries the text and the state that were seen, so that none runs over another."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import Blueprint, abort, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ingest import moderation
from ingest.errors import Refused
from ingest.model import Digest
from ingest.moderation import Decision, decide, refusals, vocabulary
from ingest.moderation.web import visit
from ingest.moderation.web.contribution import found
from ingest.moderation.web.looking import card_of, following, online, possible
from ingest.moderation.web.online import publish
from ingest.moderation.web.rendering import item_url
from ingest.states import DECISIONS, PROJECTED, Action, State
from ingest.store import Row
from ingest.words import _

room = Blueprint("deciding", __name__)

NOTE = 5_000
"""Characters of a reason, or of what is asked of an author."""
NO_LETTER = "sans-lettre"
_ASKING = {"refuser": Action.REJECT, "demander": Action.DEFER, "retirer": Action.WITHDRAW, "plus-tard": Action.DEFER}


@room.get("/contribution/<id_>/<any(refuser, demander, retirer, 'plus-tard'):what>")
def ask(id_: str, what: str) -> str:
    """What a decision needs before it is taken: a reason, a date, words for the author, or a second thought."""
    row = found(id_)
    if _ASKING[what].value not in possible(row, visit.store().journal(row.id)):
        raise Refused(vocabulary.stands(row.state).capitalize() + ".")
    return render_template("decide.html", what=what, row=row, card=card_of(row), reasons=refusals.REASONS)


@room.post("/contribution/<id_>/decider")
def act(id_: str) -> Response:
    """Take a decision; the next contribution comes, with a way to undo this one."""
    row = found(id_)
    decision = _decision(row)
    after = decide(visit.store(), decision)
    if _stands(after) != _stands(row):
        publish(visit.settings())
    session["done"] = [after.id, moderation.outcome(decision, after)]
    if decision.action is Action.UNDO or (row.state in PROJECTED and after.state in PROJECTED):
        return redirect(item_url(after.id), 303)
    following_one = following(row)
    return redirect(item_url(following_one.id) if following_one else url_for("waiting.show"), 303)


def _stands(row: Row) -> tuple[object, ...] | None:
    """What of a contribution decides how the site looks; None where it is not on it."""
    return (row.accepted_digest, row.not_before, row.set_aside) if row.state in PROJECTED else None


@room.app_context_processor
def done() -> dict[str, object]:
    """For every page: what was just decided, and how to take it back; what was just saved."""
    return {"just_done": _just_done, "saved_now": lambda: session.pop("saved", ""), "stands": vocabulary.stands}


def _just_done() -> dict[str, object] | None:
    if "just_done" not in g:
        g.just_done = _looked_up(session.pop("done", None)) if visit.who() else None
    told: dict[str, object] | None = g.just_done
    return told


def _looked_up(told: object) -> dict[str, object] | None:
    if not isinstance(told, list) or len(told) != 2:
        return None
    try:
        row = visit.store().find(str(told[0]))
    except Refused:
        return None
    past = visit.store().journal(row.id)
    due = row.not_before is None or row.not_before <= visit.now()
    return {
        "row": row,
        "title": card_of(row).title,
        "words": str(told[1]),
        "going": row.state is State.ACCEPTED and due and row.accepted_digest == row.digest,
        "online": row.state is State.PUBLISHED,
        "url": online(row),
        "can_undo": Action.UNDO.value in possible(row, past) and past[-1].what != Action.UNDO.value,
    }


def _decision(row: Row) -> Decision:
    form = request.form
    asked, seen = form.get("action", ""), form.get("state", "")
    if asked not in {*DECISIONS, Action.UNDO} or seen not in set(State):
        abort(400)
    action = Action(asked)
    return Decision(
        action=action,
        id=row.id,
        by=visit.moderator().name,
        digest=Digest(form.get("digest", "")) or None,
        channel="web",
        at=visit.now(),
        note="\n".join(_notes(action)),
        not_before=_moment(form.get("moment", "")),
        state=State(seen),
    )


def _notes(action: Action) -> Iterator[str]:
    """What the journal keeps, and the letter says: a reason of the list, or what somebody wrote."""
    words = request.form.get("note", "").replace("\r\n", "\n").strip()[:NOTE]
    if action is Action.REJECT:
        yield _refusal(words)
    elif request.form.get("ask") == "1":
        if not words:
            raise Refused(_("dites ce que vous demandez à l’auteur ou à l’autrice"))
        yield f"{vocabulary.SENT_BACK}: {words}"
    elif words:
        yield words


def _refusal(words: str) -> str:
    """What a moderator wrote in the place of the letter, else the letter of the reason; empty where none is to go."""
    reason = request.form.get("reason", "")
    if not reason and not words:
        raise Refused(_("choisissez un motif"))
    return words or ("" if reason == NO_LETTER else refusals.letter(reason))


def _moment(text: str) -> datetime | None:
    """A moment of `<input type=datetime-local>`, by the wall's clock; None for nothing."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(_("la date s’écrit comme 2022-06-12T18:00")) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=visit.zone())
