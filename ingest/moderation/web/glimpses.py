"""What a sandboxed frame shows: a page as it would be published, or a mail. Opened by signed addresses."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from flask import Blueprint, abort, make_response, render_template, request, send_file, url_for
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from ingest.errors import Refused
from ingest.model import ContributionId, Digest
from ingest.moderation.web import visit
from ingest.moderation.web.studio import Glimpse, studio
from ingest.moderation.web.visit import public
from ingest.publication.addresses import MEDIA_FOLDER
from ingest.publication.framing import framed
from ingest.publication.preview import Previewed

room = Blueprint("glimpses", __name__)

POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'self'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)
"""`sandbox` again in the header: whoever opens the address by itself gets no more than the frame."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    # The frame's origin is opaque: to its pictures even this server is another site
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
}
_THEME_FILES = (".css", ".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".woff", ".woff2")
_THEME = Path(__file__).resolve().parents[3] / "theme"


def address(glimpse: Glimpse) -> str:
    """The address that opens it."""
    return url_for("glimpses.show", token=studio().sign(glimpse))


@room.get("/apercu/<token>/")
@public
def show(token: str) -> Response:
    """The document of a frame."""
    glimpse = studio().opened(token)
    if glimpse.what == "courriel":
        mail = studio().original(glimpse.id)
        html = render_template("mail.html", mail=mail)
        return _inert(html)
    try:
        return _inert(_framed(_page(glimpse), token))
    except Refused as refusal:
        return _inert(render_template("no_page.html", says=str(refusal)))


@room.get("/apercu/<token>/medias/<name>")
@public
def medium(token: str, name: str) -> Response:
    """A picture of it: of the contribution, or one that is public already."""
    return picture(studio().opened(token).id, name)


@room.get("/apercu-theme/<path:name>")
@public
def theme(name: str) -> Response:
    """A file of the theme: the very ones that the site shows to everybody."""
    chosen = visit.settings().publish.theme
    root = Path(chosen) if chosen else _THEME
    if visit.settings().file and chosen:
        root = visit.settings().file.parent / chosen  # type: ignore[union-attr]
    found = safe_join(str(root / "static"), name)
    if found is None or not name.lower().endswith(_THEME_FILES) or not Path(found).is_file():
        abort(404)
    return _sent(Path(found))


def picture(id_: ContributionId, name: str) -> Response:
    """A file that a page shows, with the type that its name says, which is the type of its bytes."""
    try:
        path = visit.store().media(id_, name)
    except Refused:
        path = visit.settings().paths.content / MEDIA_FOLDER / name
        if "/" in name or name.startswith(".") or not path.is_file():
            abort(404)
    return _sent(path.absolute())


def _sent(path: Path) -> Response:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = send_file(path, mimetype=kind, conditional=False, etag=False, max_age=None)
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(glimpse: Glimpse) -> Previewed:
    if glimpse.what == "unsaved":
        return studio().shelved(glimpse.key)
    row = visit.store().find(glimpse.id)
    draft = visit.store().draft(row.id, Digest(glimpse.key))
    return studio().previewer.preview(row, draft, now=visit.now())


def _framed(made: Previewed, token: str) -> str:
    root = request.script_root
    return framed(
        made.html,
        page=made.page,
        siteurl=visit.settings().wall.url,
        media=f"{root}/apercu/{token}/medias/",
        theme=f"{root}/apercu-theme/",
    )


def _inert(html: str) -> Response:
    response = make_response(html)
    response.headers.update(HEADERS)
    return response
