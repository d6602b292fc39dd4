"""Correcting: the text and its head in fields, the page beside them as it would be, and nobody's work overwritten."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ingest import moderation
from ingest.errors import Refused
from ingest.model import Digest, Draft
from ingest.moderation import Decision, correcting, decide, sentences, views
from ingest.moderation.web import visit
from ingest.moderation.web.contribution import found
from ingest.moderation.web.glimpses import address
from ingest.moderation.web.looking import card_of, draft_of, following, possible
from ingest.moderation.web.online import publish
from ingest.moderation.web.rendering import item_url
from ingest.moderation.web.studio import Glimpse, studio
from ingest.publication import article
from ingest.states import PROJECTED, Action
from ingest.store import Row
from ingest.words import _

room = Blueprint("editing", __name__)


@room.get("/contribution/<id_>/corriger")
def show(id_: str) -> str:
    """The text to be corrected, and the page that it makes."""
    row, draft = _editable(id_)
    return _page(row, draft, src=address(Glimpse(id=row.id, what="page", key=row.digest or "")))


@room.post("/contribution/<id_>/corriger")
def save(id_: str) -> Response | str | tuple[str, int]:
    """Save, on the text that was seen; or show the page without saving; or save and publish."""
    row, draft = _editable(id_)
    new = correcting.corrected(_seen(row, draft), request.form, visit.zone())
    what = request.form.get("what", "save")
    if what == "look":
        return _looked(row, new)
    seen = request.form.get("digest", "")
    if seen != row.digest:
        return _page(row, new, theirs=draft, seen=row.digest or ""), 409
    try:
        after = moderation.edit(
            visit.store(),
            row.id,
            article.document(new),
            seen=Digest(seen),
            by=visit.moderator().name,
            channel="web",
            at=visit.now(),
        )
    except Refused as refusal:
        now = found(id_)
        return _page(now, new, says=str(refusal), theirs=draft_of(now) if now.digest != seen else None), 409
    return _accepted(row, after) if what == "publish" else _saved(row, after)


@room.post("/contribution/<id_>/apercu")
def look(id_: str) -> Response | tuple[Response, int]:
    """The address of the page that the fields make; nothing is saved."""
    row, draft = _editable(id_)
    try:
        new = correcting.corrected(draft, request.form, visit.zone())
        src = address(studio().shelve(row, new, now=visit.now()))
    except Refused as refusal:
        return jsonify(why=str(refusal)), 422
    return jsonify(src=src)


def _editable(id_: str) -> tuple[Row, Draft]:
    row = found(id_)
    draft = draft_of(row)
    if draft is None or row.digest is None:
        raise Refused(_("cette contribution n’a pas de brouillon à corriger"))
    if Action.EDIT.value not in possible(row, ()):
        past, zone = visit.store().journal(row.id), ZoneInfo(visit.settings().wall.timezone)
        raise Refused(sentences.impossible(Action.EDIT, row, past, zone))
    return row, draft


def _seen(row: Row, draft: Draft) -> Draft:
    """The version that the form was made of: what it does not name stays as it was there."""
    seen = request.form.get("digest", "")
    if seen == row.digest:
        return draft
    try:
        return visit.store().draft(row.id, Digest(seen))
    except Refused:
        return draft


def _looked(row: Row, new: Draft) -> str:
    try:
        return _page(row, new, src=address(studio().shelve(row, new, now=visit.now())), unsaved=True)
    except Refused as refusal:
        return _page(row, new, says=str(refusal), unsaved=True)


def _saved(row: Row, after: Row) -> Response:
    if after.digest == row.digest:
        flash(_("Rien n’a changé."))
    else:
        flash(_("Enregistré."), "good")
    if after.accepted_digest and after.accepted_digest != after.digest and Action.ACCEPT.value in possible(after, ()):
        flash(_("Ce qui a été accepté ne change pas avant que vous publiiez cette correction."), "warn")
    session["saved"] = after.id
    return redirect(item_url(after.id), 303)


def _accepted(row: Row, after: Row) -> Response:
    session["saved"] = after.id
    decision = Decision(
        action=Action.ACCEPT,
        id=after.id,
        by=visit.moderator().name,
        digest=after.digest,
        channel="web",
        at=visit.now(),
        state=after.state,
    )
    decided = decide(visit.store(), decision)
    if decided.state in PROJECTED:
        publish(visit.settings())
    session["done"] = [decided.id, moderation.outcome(decision, decided)]
    if row.accepted_at is not None:
        return redirect(item_url(after.id), 303)
    other = following(row)
    return redirect(item_url(other.id) if other else url_for("waiting.show"), 303)


def _page(
    row: Row,
    draft: Draft,
    *,
    src: str = "",
    says: str = "",
    theirs: Draft | None = None,
    seen: str = "",
    unsaved: bool = False,
) -> str:
    past, zone = visit.store().journal(row.id), visit.zone()
    if theirs is not None:
        says = says or sentences.other_text(past, zone)
    return render_template(
        "edit.html",
        row=row,
        card=card_of(row),
        draft=draft,
        digest=seen or (request.form.get("digest") if unsaved else None) or row.digest,
        slots=correcting.slots(draft),
        labels=correcting.LABELS,
        moment=views.field(draft.not_before, zone),
        kinds=views.kinds(),
        tags=visit.store().known_tags(),
        src=src,
        says=says,
        theirs=article.document(theirs) if theirs else "",
        unsaved=unsaved,
        taken=row.claimed_by if row.claimed_by and row.claimed_by != visit.moderator().name else "",
        can_publish=Action.ACCEPT.value in possible(row, ()) or row.accepted_digest is not None,
    )
