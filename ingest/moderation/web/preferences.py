"""A moderator's own page: which notices they get, where they are logged in."""

from __future__ import annotations

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.moderation.web import visit
from ingest.words import _

room = Blueprint("preferences", __name__)

NOTICES = ("each", "daily", "none")


@room.get("/moi")
def show() -> Response:
    """Both of them."""
    moderator, login = visit.moderator(), visit.login()
    store = visit.store()
    page = render_template(
        "preferences.html",
        notices=store.notices_of(moderator),
        hour=visit.settings().moderation.digest_hour,
        sessions=store.sessions_of(store.who(moderator.address), now=visit.now()),
        here=login.id if login else 0,
    )
    return make_response(page)


@room.post("/moi/avis")
def choose() -> Response:
    """Which notices."""
    notices = request.form.get("notices", "")
    if notices not in NOTICES:
        abort(400)
    visit.store().choose_notices(visit.moderator(), notices, now=visit.now())
    flash(_("C’est noté."), "good")
    return redirect(url_for("preferences.show"), 303)


@room.post("/moi/appareils/<int:session>")
def close(session: int) -> Response:
    """Logs out on another device of theirs."""
    who = visit.store().who(visit.moderator().address)
    if not visit.store().close_session(session, who=who):
        abort(404)
    flash(_("Cet appareil est déconnecté."), "good")
    return redirect(url_for("preferences.show"), 303)
