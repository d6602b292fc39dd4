"""What every request passes, in this order: the host it names, the page it comes from, who asks, whether they may, and
the key of its form. And the header fields that every answer carries.

Nothing that a proxy adds is believed: scheme, host and prefix are those of `[moderation] url`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from ingest.moderation.web import visit
from ingest.settings import Settings
from ingest.store import Session

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LOOPBACK = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?", re.IGNORECASE)
"""Who may be named without an `url`, at any port, for a tunnel; no name that DNS could turn towards this machine."""
_PATH = re.compile(r"/[A-Za-z0-9/._~-]*(\?[A-Za-z0-9/._~=&%+:,-]*)?")
"""Where a login may lead: a path of ours, plainly written."""
LONGEST_PATH = 500

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; media-src 'self'; "
    "manifest-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: Chromium then sends "Origin: null" with a form, and ours could not be told from another's
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}
_HSTS = "max-age=31536000"
_LASTING = "public, max-age=31536000, immutable"


def install(app: Flask, settings: Settings) -> None:
    """Put them around an application."""
    app.before_request(_right_host)
    app.before_request(_right_size)
    app.before_request(_right_origin)
    app.before_request(_recognise)
    app.before_request(_may)
    app.before_request(_right_form)
    app.after_request(_headers)
    app.wsgi_app = _placed(app.wsgi_app, settings)  # type: ignore[assignment]


def cookie_name() -> str:
    """Of the login; `__Host-` (RFC 6265bis section 4.1.3.2) where there is TLS."""
    return "__Host-mur" if current_app.config["MUR_SECURE"] else "mur"


def set_login(response: Response, login: Session) -> None:
    """Let the browser keep a login: till it is closed, or as long as it lasts on a device that is theirs."""
    response.set_cookie(
        cookie_name(),
        login.cookie,
        expires=login.expires_at if login.known else None,
        path="/",
        secure=current_app.config["MUR_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def drop_login(response: Response) -> None:
    """Let the browser forget it."""
    secure = current_app.config["MUR_SECURE"]
    response.delete_cookie(cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax")


def next_path(text: str) -> str:
    """Where a login may lead on to: `text` where it names a page of ours, else the first page. Never another site."""
    home = "/"
    if len(text) >= LONGEST_PATH or text.startswith("//") or not _PATH.fullmatch(text):
        return request.script_root + home
    routes = current_app.create_url_adapter(request)
    assert routes is not None
    try:
        endpoint, _arguments = routes.match(urlsplit(text).path, method="GET")
    except (HTTPException, RequestRedirect):
        return request.script_root + home
    return request.script_root + (home if endpoint.startswith("signing_in.") else text)


def _placed(inner: WSGIApplication, settings: Settings) -> WSGIApplication:
    """Scheme and prefix as `[moderation] url` has them, whether or not the proxy takes the prefix off."""
    address = urlsplit(settings.moderation.url)
    prefix = address.path.rstrip("/")

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if address.scheme:
            environ["wsgi.url_scheme"] = address.scheme
        path = environ.get("PATH_INFO", "")
        if prefix and (path == prefix or path.startswith(prefix + "/")):
            path = path[len(prefix) :] or "/"
        environ["SCRIPT_NAME"], environ["PATH_INFO"] = prefix, path
        return inner(environ, start_response)

    return application


def _right_host() -> None:
    """Only the host that `[moderation] url` names, else this machine's own names: 421 (RFC 9110 section 15.5.20)."""
    named = urlsplit(visit.settings().moderation.url).netloc.lower()
    asked = request.environ.get("HTTP_HOST", "").lower()
    if not (asked == named if named else LOOPBACK.fullmatch(asked)):
        abort(421)


def _right_size() -> None:
    """Said before anything reads the body."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    if request.content_length is not None and request.content_length > most:
        abort(413)


def _right_origin() -> None:
    """What changes something comes from a page of ours (Fetch Metadata; RFC 6454). Saying nothing is no answer."""
    if request.method in SAFE or _from_anywhere():
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = f"{request.scheme}://{request.environ.get('HTTP_HOST', '').lower()}"
    if (site is None and origin is None) or (site or "same-origin") not in {"same-origin", "none"}:
        abort(403)
    if origin is not None and origin.lower() != own:
        abort(403)


def _from_anywhere() -> bool:
    """Where a mail provider presses the button for its user (RFC 8058): it sends neither Origin nor cookie."""
    view = current_app.view_functions.get(request.endpoint or "")
    return getattr(view, "from_anywhere", False)


def _recognise() -> None:
    """Who asks: by their cookie, while `mur.toml` names them."""
    if request.endpoint == "static":
        return
    cookie = request.cookies.get(cookie_name(), "")
    found = visit.store().session(cookie, now=visit.now(), renew=request.method == "GET") if cookie else None
    if found is None:
        return
    listed = (one for one in visit.desk().roll.moderators() if visit.store().who(one.address) == found.who)
    g.moderator = next(listed, None)
    if g.moderator is None:
        return
    g.login = found
    # The key of every form follows from the login: it is good as long as the login is, in every tab
    key = visit.store().keyed("csrf", f"{found.id} {found.who}")
    if session.get("csrf_token") != key:  # each change is a cookie, and two of them at once would undo one another
        session["csrf_token"] = key


def _may() -> Response | None:
    if request.endpoint is None:
        return None  # 404 or 405, to follow
    view: Callable[..., object] = current_app.view_functions[request.endpoint]
    if request.endpoint == "static" or getattr(view, "public", False):
        return None
    asks = visit.who()
    if asks is None and request.method in SAFE:
        return redirect(url_for("signing_in.show") + "?" + urlencode({"suite": _here()}), 303)
    if asks is None:
        abort(401)
    if getattr(view, "administrators", False) and not visit.is_administrator():
        abort(403)
    return None


def _here() -> str:
    path = request.full_path.rstrip("?")
    return path if _PATH.fullmatch(path) else request.path


def _right_form() -> None:
    if request.method not in SAFE and request.endpoint is not None and not _from_anywhere():
        current_app.extensions["csrf"].protect()


def _headers(response: Response) -> Response:
    """A view that sets one of them itself keeps its own: a preview may be framed."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint == "static":
        response.headers["Cache-Control"] = _LASTING if request.args.get("v") else "no-cache"
    if current_app.config["MUR_SECURE"]:
        response.headers["Strict-Transport-Security"] = _HSTS
    login = visit.login()
    if login and login.cookie and response.status_code < 400 and not g.get("left"):
        set_login(response, login)
    return response
