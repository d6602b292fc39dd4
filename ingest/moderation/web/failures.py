"""What a moderator reads when something does not work: one clear page, never a traceback."""

from __future__ import annotations

import logging

from flask import Flask, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from ingest.errors import Misconfigured, MurError, Refused, Unavailable
from ingest.moderation.web import visit
from ingest.words import _

_log = logging.getLogger(__name__)

_FROM_HERE = "Ce n’est pas possible d’ici"
_SAID = {
    400: ("Demande incomprise", "Cette demande est incomplète. Revenez en arrière et recommencez."),
    401: ("Votre session est finie", "Reconnectez-vous, puis recommencez : rien n’a été changé."),
    403: (
        _FROM_HERE,
        "La page n’était plus à jour, ou cela ne vous est pas ouvert. Rechargez-la : rien n’a été changé.",
    ),
    404: ("Page introuvable", "Il n’y a rien à cette adresse, ou plus rien."),
    405: (_FROM_HERE, "Cette adresse ne s’ouvre pas de cette façon."),
    409: ("Ce n’est plus possible", ""),
    413: ("C’est trop long", "Cet envoi dépasse ce que le mur peut prendre. Raccourcissez-le et recommencez."),
    421: ("Mauvaise adresse", "Ces pages ne répondent pas sous ce nom."),
    429: ("Un peu de patience", "Il y a eu trop d’essais. Attendez un moment avant de recommencer."),
    500: ("Le programme s’est trompé", "L’erreur est notée, et rien n’est perdu. Prévenez qui s’occupe du serveur."),
    503: ("Pas maintenant", "Rien n’est perdu. Réessayez dans une minute."),
}
_KEPT = 200_000
"""Characters of a form that are shown again to whoever lost their login while writing."""


def install(app: Flask) -> None:
    """Answer for an application."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(MurError, _ours)


def page(status: int, says: str = "") -> Response:
    """The page of a failure; `says` instead of what is usually said."""
    title, usual = _SAID.get(status, _SAID[500 if status >= 500 else 400])
    kept = _written() if status == 401 else ()
    body = render_template("failure.html", title=_(title), says=says or (_(usual) if usual else ""), kept=kept)
    return make_response(body, status)


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return make_response(error.get_response())
    response = page(error.code, _sentence(error))
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _sentence(error: HTTPException) -> str:
    """What `abort(404, "…")` says itself, in our words; Werkzeug's own English stays away."""
    usual = type(error).description
    return (
        error.description if error.description and error.description != usual and error.code in {404, 409, 429} else ""
    )


def _ours(error: MurError) -> Response:
    if isinstance(error, Refused):
        return page(409, str(error))
    if isinstance(error, Misconfigured):
        _log.error("%s", error)
        return page(503, _("La configuration du mur ne se lit pas : « mur doctor » dit où."))
    _log.warning("%s", error)
    return page(503, str(error) if isinstance(error, Unavailable) and visit.who() else "")


def _written() -> tuple[str, ...]:
    """The longer pieces of a form that came too late: they can be copied from the page."""
    if request.method != "POST":
        return ()
    texts = (value for name, value in request.form.items(multi=True) if name != "csrf_token")
    return tuple(text[:_KEPT] for text in texts if "\n" in text or len(text) > 80)
