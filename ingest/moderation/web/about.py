"""What this program is, its source, and what a phone asks for to put it on the home screen."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from ingest.moderation.web import source, visit
from ingest.words import _

room = Blueprint("about", __name__)


@room.get("/a-propos")
@visit.public
def show() -> str:
    """What it is, who made it free, where its source is."""
    return render_template("about.html", version=_version())


@room.get("/source.zip")
@visit.public
def code() -> Response:
    """The source of the program that runs here (AGPL-3.0 section 13)."""
    response = make_response(source.archive())
    response.headers["Content-Type"] = "application/zip"
    response.headers["Content-Disposition"] = f'attachment; filename="lemurparle-{_version()}.zip"'
    return response


@room.get("/equipe")
@visit.administrators
def team() -> str:
    """Who moderates, as `mur.toml` has it; it is changed there."""
    chosen = {one.name: visit.store().notices_of(one) for one in visit.desk().roll.moderators()}
    return render_template("team.html", moderators=visit.desk().roll.moderators(), chosen=chosen)


@room.get("/application.webmanifest")
@visit.public
def manifest() -> Response:
    """The web application manifest (W3C): a name, a colour and a picture for the home screen."""
    told = {
        "name": _("{wall} : modération").format(wall=visit.settings().wall.name),
        "short_name": _("Modération"),
        "lang": visit.settings().wall.language,
        "start_url": request.script_root + "/",
        "scope": request.script_root + "/",
        "display": "standalone",
        "background_color": "#f6f2ea",
        "theme_color": "#8a2f1c",
        "icons": [
            {"src": url_for("static", filename="icon.svg"), "sizes": "any", "type": "image/svg+xml"},
            {"src": url_for("static", filename="icon.png"), "sizes": "180x180", "type": "image/png"},
        ],
    }
    response = make_response(json.dumps(told, ensure_ascii=False))
    response.headers["Content-Type"] = "application/manifest+json"
    return response


def _version() -> str:
    try:
        return version("lemurparle")
    except PackageNotFoundError:
        return "?"
