"""Logging in by a code or a link that comes by mail: a GET shows, a POST acts.

An address that is a moderator's and one that is nobody's are answered alike. A link opens with one tap only in the
browser that asked for it; in any other, a link scanner's say, the digits of the mail are wanted too.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from ingest.correspondence.audience import sends
from ingest.moderation.web import guards, visit
from ingest.moderation.web.devices import device
from ingest.settings import Moderator
from ingest.store.logins import IN_TERMINAL, TooOften, Tried
from ingest.words import _, ngettext

room = Blueprint("signing_in", __name__)

_LONGEST = 320
"""Characters of an address (RFC 5321 section 4.5.3.1)."""
_ASKED, _NEXT = "login", "suite"


@room.get("/accueil")
@visit.public
def home() -> Response:
    """The first page: what waits, or the login."""
    return redirect(request.script_root + "/" if visit.who() else url_for("signing_in.show"), 303)


@room.get("/connexion")
@visit.public
def show() -> Response:
    """Asks for an address."""
    if visit.who():
        return redirect(guards.next_path(request.args.get(_NEXT, "")), 303)
    return _asking()


def _asking(*, address: str = "", error: str = "", status: int = 200) -> Response:
    wanted = request.values.get(_NEXT, "")[: guards.LONGEST_PATH]
    sending = sends(visit.settings())
    return make_response(
        render_template("login.html", sending=sending, address=address, error=error, suite=wanted), status
    )


@room.post("/connexion")
@visit.public
def ask() -> Response:
    """Sends a code, where there is a moderator of that address; says the same in any case."""
    address = request.form.get("address", "").strip()[:_LONGEST]
    if "@" not in address:
        return _asking(address=address, error=_("Écrivez votre adresse entière : nom@example.org."), status=422)
    known = visit.store().who(address) in {visit.store().who(one.address) for one in _moderators()}
    try:
        token = visit.store().ask_login(address, known=known, now=visit.now())
    except TooOften as refusal:
        return _asking(address=address, error=_sentence(str(refusal)), status=429)
    session[_ASKED], session[_NEXT] = token, request.form.get(_NEXT, "")[: guards.LONGEST_PATH]
    return redirect(url_for("signing_in.code"), 303)


@room.get("/connexion/code")
@visit.public
def code() -> Response:
    """Asks for the six digits."""
    if not session.get(_ASKED):
        return redirect(url_for("signing_in.show"), 303)
    return _typing()


def _typing(*, error: str = "", over: bool = False, status: int = 200) -> Response:
    return make_response(
        render_template("code.html", error=error, over=over, link="", digits="", asks_digits=True), status
    )


@room.post("/connexion/code")
@visit.public
def enter() -> Response:
    """Logs in by the six digits, in the browser that asked for them."""
    token = session.get(_ASKED, "")
    tried = visit.store().try_code(token, request.form.get("code", ""), now=visit.now())
    return _welcome(tried) or _wrong(tried)


@room.get("/connexion/lien/<link>")
@visit.public
def follow(link: str) -> Response:
    """Shows a button: a link scanner that looks changes nothing."""
    token = visit.store().login_of(link)
    channel = visit.store().login_channel(token, now=visit.now()) if token else ""
    if not channel:
        return make_response(render_template("link_over.html"), 404)
    mine = channel != IN_TERMINAL and session.get(_ASKED) == token
    digits = visit.store().login_code(token) if mine else ""
    asks_digits = channel != IN_TERMINAL and not mine
    page = render_template("code.html", error="", over=False, link=link, digits=digits, asks_digits=asks_digits)
    return make_response(page)


@room.post("/connexion/lien/<link>")
@visit.public
def use(link: str) -> Response:
    """Logs in by a link: with the digits of its mail, or from the terminal without."""
    token = visit.store().login_of(link)
    channel = visit.store().login_channel(token, now=visit.now()) if token else ""
    if not channel:
        return make_response(render_template("link_over.html"), 404)
    if channel == IN_TERMINAL:
        tried = visit.store().use_login(token, now=visit.now())
    else:
        tried = visit.store().try_code(token, request.form.get("code", ""), now=visit.now())
    return _welcome(tried) or _wrong(tried, link=link)


def _welcome(tried: Tried) -> Response | None:
    """A new cookie for whoever is a moderator still; whatever the browser held before is gone (no fixation)."""
    if tried.who is None or tried.who not in {visit.store().who(one.address) for one in _moderators()}:
        return None
    wanted = str(session.get(_NEXT, ""))
    old = visit.login()
    if old:
        visit.store().close_session(old.id, who=old.who)
    session.clear()
    known = request.form.get("known") == "yes"
    words = device(request.headers.get("User-Agent", ""))
    opened = visit.store().open_session(tried.who, device=words, known=known, now=visit.now())
    response = redirect(guards.next_path(wanted), 303)
    g.login = opened
    return response


def _wrong(tried: Tried, *, link: str = "") -> Response:
    if tried.who is not None or tried.left <= 0:
        words = _("Ce code ne vaut plus : il a servi, il est trop ancien, ou il y a eu trop d’essais.")
        return _typing(error=words, over=True, status=422)
    words = ngettext(
        "Ce n’est pas ce code. Il reste {n} essai.", "Ce n’est pas ce code. Il reste {n} essais.", tried.left
    ).format(n=tried.left)
    page = render_template("code.html", error=words, over=False, link=link, digits="", asks_digits=True)
    return make_response(page, 422)


@room.post("/deconnexion")
def leave() -> Response:
    """Logs out of this device, in one tap."""
    login = visit.login()
    if login is None:
        abort(401)
    visit.store().close_session(login.id, who=login.who)
    return _gone(_("La session de cet appareil est fermée."))


@room.post("/deconnexion/partout")
def leave_all() -> Response:
    """Logs out everywhere."""
    login = visit.login()
    if login is None:
        abort(401)
    count = visit.store().close_sessions(login.who)
    said = ngettext("{n} session est fermée.", "{n} sessions sont fermées.", count)
    return _gone(said.format(n=count))


def _gone(words: str) -> Response:
    session.clear()
    flash(words, "good")
    g.left = True
    response = redirect(url_for("signing_in.show"), 303)
    guards.drop_login(response)
    # What a page kept in the browser for whoever was writing is not for the next person at this machine
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def _moderators() -> tuple[Moderator, ...]:
    return visit.desk().roll.moderators()


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:] + "."
