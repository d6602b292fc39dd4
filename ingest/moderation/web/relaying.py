"""What a contribution says of campaigns, on its page: one tap takes a proposal into the draft that was seen."""

from __future__ import annotations

from flask import Blueprint, abort, flash, g, redirect, request
from werkzeug.wrappers import Response

from ingest.model import Digest
from ingest.moderation.adopting import adopt
from ingest.moderation.campaigns import Campaign, campaign
from ingest.moderation.fetching import Reader, came_words, fetch_thread
from ingest.moderation.permalinks import permalink
from ingest.moderation.web import visit
from ingest.moderation.web.contribution import found
from ingest.moderation.web.rendering import item_url
from ingest.moderation.web.studio import studio
from ingest.store import Row
from ingest.words import _

room = Blueprint("relaying", __name__)
_LONGEST = 3_000
_MOST = 40


@room.post("/contribution/<id_>/adopter")
def take(id_: str) -> Response:
    """Take one proposal, or all that were ticked."""
    row = found(id_)
    wanted = request.form.getlist("wanted")
    if not wanted or len(wanted) > _MOST or max(map(len, wanted)) > _LONGEST:
        abort(400)
    seen = Digest(request.form.get("digest", ""))
    adopt(visit.store(), row.id, wanted, seen=seen, by=visit.moderator().name, channel="web", at=visit.now())
    flash(_("Pris dans le brouillon."), "good")
    return redirect(item_url(row.id) + "#campagne", 303)


@room.post("/contribution/<id_>/lire-le-fil")
def fetch(id_: str) -> Response:
    """Ask a server for the thread that the text names, once."""
    row = found(id_)
    came = fetch_thread(
        visit.store(),
        row.id,
        seen=Digest(request.form.get("digest", "")),
        by=visit.moderator().name,
        channel="web",
        at=visit.now(),
        reader=Reader(run=studio().run, reach=visit.desk().reach),
    )
    flash(came_words(came), "good")
    return redirect(item_url(row.id) + "#campagne", 303)


@room.app_context_processor
def campaigns() -> dict[str, object]:
    """`campaign_of(row)` and `permalink_of(row)`, for `_relay.html`."""
    return {"campaign_of": _campaign_of, "permalink_of": lambda row: permalink(visit.store(), row)}


def _campaign_of(row: Row) -> Campaign | None:
    if "campaigns" not in g:
        g.campaigns = {}
    if (row.id, row.digest) not in g.campaigns:
        g.campaigns[row.id, row.digest] = campaign(visit.store(), row, now=visit.now())
    told: Campaign | None = g.campaigns[row.id, row.digest]
    return told
