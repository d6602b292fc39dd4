"""Leaving the wall's letters in one press: for whoever got one, without a login (RFC 8058)."""

from __future__ import annotations

import re

from flask import Blueprint, render_template

from ingest.moderation.web import visit

room = Blueprint("leaving", __name__)
_TOKEN = re.compile(r"[0-9a-f]{32}")


@room.get("/quitter/<token>")
@visit.public
def show(token: str) -> str:
    """A page with one button: looking changes nothing, since mail programs look at every link."""
    return render_template("leaving.html", token=token if _TOKEN.fullmatch(token) else "", gone=False)


@room.post("/quitter/<token>")
@visit.from_anywhere
def leave(token: str) -> str:
    """Forget all that this address follows. The answer is the same for an address that leads nowhere any more."""
    store = visit.store()
    one = store.follower_by_token(token) if _TOKEN.fullmatch(token) else None
    if one is not None:
        store.forget_followers([one.id, *(each.id for each in store.follows(one.address))])
    return render_template("leaving.html", token="", gone=True)
