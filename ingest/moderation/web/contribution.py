"""One contribution: the page that it would have, the mail beside it, what was removed, what may be done."""

from __future__ import annotations

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest import moderation
from ingest.errors import Refused
from ingest.intake import Intake
from ingest.model import Digest
from ingest.moderation import vocabulary
from ingest.moderation.original import closed
from ingest.moderation.web import visit
from ingest.moderation.web.glimpses import address, picture
from ingest.moderation.web.looking import draft_of, online, whole
from ingest.moderation.web.rendering import item_url
from ingest.moderation.web.studio import Glimpse
from ingest.states import State
from ingest.store import Row
from ingest.words import _

room = Blueprint("contribution", __name__)


def found(id_: str) -> Row:
    """The contribution that an address names; 404 where there is none."""
    try:
        return visit.store().find(id_)
    except Refused as refusal:
        abort(404, str(refusal))


@room.get("/contribution/<id_>")
def show(id_: str) -> str | Response:
    """All that is needed to decide, and what may be decided."""
    row = found(id_)
    if id_ != row.id:
        return redirect(item_url(row.id), 303)
    page = whole(row)
    return render_template(
        "contribution.html",
        it=page,
        row=row,
        preview=_preview(row),
        mail=address(Glimpse(id=row.id, what="courriel", key="")),
        going=_is_going(row),
        me=visit.moderator().name,
    )


@room.get("/contribution/<id_>/etat")
def state(id_: str) -> Response:
    """Where it stands, for a page that waits for its publication."""
    row = found(id_)
    return jsonify(state=row.state.value, words=vocabulary.stands(row.state), url=online(row), why=row.set_aside)


@room.get("/contribution/<id_>/courriel.eml")
def original(id_: str) -> Response:
    """The mail as it came, as a file: no browser shows it."""
    row = found(id_)
    if why := closed(row):
        raise Refused(why)
    response = make_response(visit.store().raw(row.id))
    response.mimetype = "application/octet-stream"
    response.headers["Content-Disposition"] = f'attachment; filename="{row.id}.eml"'
    return response


@room.get("/contribution/<id_>/medias/<name>")
def medium(id_: str, name: str) -> Response:
    """One of its files, for whoever is logged in."""
    response = picture(found(id_).id, name)
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


@room.post("/contribution/<id_>/remettre")
def keep(id_: str) -> Response:
    """Put back something that was removed, provided that the text is still the one that was seen."""
    row = found(id_)
    seen, piece = request.form.get("digest", ""), request.form.get("piece", "")
    if seen != (row.digest or ""):
        raise Refused(_("le brouillon a changé entre-temps : relisez-le, puis recommencez"))
    if not piece.isascii() or not piece.isdecimal() or len(piece) > 6:
        abort(400)
    moderation.keep(visit.store(), row.id, int(piece), by=visit.moderator().name, channel="web", at=visit.now())
    flash(_("Remis dans le texte."), "good")
    return redirect(item_url(row.id) + "#retire", 303)


@room.post("/contribution/<id_>/relire")
def replay(id_: str) -> Response:
    """Read its mail again: the program may be better by now at what it could not read."""
    row = found(id_)
    if row.astray and not visit.is_administrator():
        abort(403)
    with Intake(visit.store(), visit.settings()) as intake:
        taken = intake.replay(row.id, now=visit.now(), by=visit.moderator().name, channel="web")
    if taken.outcome == "held":
        flash(_("Le courriel a été relu : voici ce qu’il devient."), "good")
    else:
        flash(_("Le courriel ne se lit toujours pas ({reason}).").format(reason=vocabulary.told(taken.reason)), "warn")
    return redirect(item_url(row.id), 303)


@room.post("/contribution/<id_>/prendre")
def take(id_: str) -> Response:
    """Say that one is looking at it."""
    row = found(id_)
    moderation.take(visit.store(), row.id, by=visit.moderator().name, channel="web", at=visit.now())
    return redirect(item_url(row.id), 303)


@room.post("/contribution/<id_>/laisser")
def release(id_: str) -> Response:
    """Say that one is not any more."""
    row = found(id_)
    moderation.release(visit.store(), row.id, by=visit.moderator().name, channel="web", at=visit.now())
    return redirect(url_for("waiting.show"), 303)


def _preview(row: Row) -> str:
    """The address of the page that it would have; empty where it has no draft."""
    draft = draft_of(row)
    if draft is None or row.digest is None:
        return ""
    return address(Glimpse(id=row.id, what="page", key=Digest(row.digest)))


def _is_going(row: Row) -> bool:
    """Whether a publication is on its way: accepted, due, and not online yet."""
    due = row.not_before is None or row.not_before <= visit.now()
    return row.state is State.ACCEPTED and due and not row.set_aside
