"""The queue: what waits, the longest here first; search; and, for several at once, spam and what is set aside."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from ingest.errors import Refused
from ingest.model import ContributionId, Digest, Kind
from ingest.moderation import Decision, decide, views
from ingest.moderation.web import visit
from ingest.moderation.web.looking import card_of
from ingest.states import WAITING, Action, State
from ingest.store import Hit
from ingest.store.paging import Place, place
from ingest.words import _, ngettext

room = Blueprint("waiting", __name__)

PAGE = 25
Marks = dict[ContributionId, Markup]
"""What a search found, by contribution."""
_STATES = {
    "attente": (WAITING, "En attente"),
    "plus-tard": (frozenset({State.DEFERRED}), "Remises à plus tard"),
    "illisibles": (frozenset({State.QUARANTINED}), "Illisibles"),
    "acceptees": (frozenset({State.ACCEPTED}), "Acceptées"),
    "en-ligne": (frozenset({State.PUBLISHED}), "En ligne"),
    "refusees": (frozenset({State.REJECTED}), "Refusées"),
    "ecartees": (frozenset({State.DISCARDED}), "Écartées"),
    "indesirables": (frozenset({State.SPAM}), "Indésirables"),
    "retirees": (frozenset({State.WITHDRAWN}), "Retirées"),
}
_TOGETHER = {"spam": Action.SPAM, "discard": Action.DISCARD}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the filters ask for."""

    state: str
    kind: Kind | None
    mine: bool
    warned: bool
    words: str

    @property
    def filtered(self) -> bool:
        """Whether anything but the plain queue is asked for."""
        return self.state != "attente" or self.kind is not None or self.mine or self.warned or bool(self.words)


@room.get("/")
def show() -> str:
    """What waits, or what a search finds."""
    asked = _asked()
    cards, marks, after = _found(asked) if asked.words else _listed(asked)
    return render_template(
        "queue.html",
        asked=asked,
        cards=cards,
        marks=marks,
        after=_address(asked, after) if after else "",
        first=url_for("waiting.show") if request.args.get("apres") and not asked.filtered else "",
        waiting=visit.store().count(WAITING),
        states=[(key, _(words)) for key, (_states, words) in _STATES.items()],
        kinds=views.kinds(),
    )


@room.post("/ensemble")
def together() -> Response:
    """Several at once, as spam or set aside: each on the text and the state that was seen."""
    action = _TOGETHER.get(request.form.get("action", ""))
    if action is None:
        raise Refused(_("choisissez ce qu’il faut en faire"))
    done, refused = 0, []
    for seen in request.form.getlist("contribution")[:PAGE]:
        try:
            decide(visit.store(), _decision(action, seen))
            done += 1
        except Refused as refusal:
            refused.append(str(refusal))
    if not done and not refused:
        flash(_("Aucune contribution n’était cochée."), "warn")
    if done:
        words = ngettext("{n} contribution traitée : {what}.", "{n} contributions traitées : {what}.", done)
        flash(words.format(n=done, what=_(_DONE[action])), "good")
    for sentence in refused:
        flash(sentence, "bad")
    return redirect(url_for("waiting.show"), 303)


_DONE = {Action.SPAM: "indésirable", Action.DISCARD: "écartée"}


def _decision(action: Action, seen: str) -> Decision:
    id_, _space, rest = seen.partition(" ")
    state, _space, digest = rest.partition(" ")
    row = visit.store().find(id_)
    return Decision(
        action=action,
        id=ContributionId(row.id),
        by=visit.moderator().name,
        digest=Digest(digest) if digest else None,
        channel="web",
        at=visit.now(),
        state=State(state) if state in set(State) else None,
    )


def _asked() -> Asked:
    args = request.args
    state = args.get("etat", "attente")
    return Asked(
        state=state if state in _STATES else "attente",
        kind=Kind(args["genre"]) if args.get("genre") in set(Kind) else None,
        mine=args.get("a-moi") == "1",
        warned=args.get("a-voir") == "1",
        words=" ".join(args.get("mots", "").split())[:200],
    )


def _listed(asked: Asked) -> tuple[list[views.Card], Marks, str]:
    start: Place | None = place(request.args["apres"]) if request.args.get("apres") else None
    rows = visit.store().page(
        _STATES[asked.state][0],
        kind=asked.kind,
        mine=visit.moderator().name if asked.mine else None,
        warned=asked.warned,
        after=start,
        limit=PAGE + 1,
    )
    shown = rows[:PAGE]
    more = str(Place(received_at=shown[-1].received_at, id=shown[-1].id)) if len(rows) > PAGE else ""
    return [card_of(row) for row in shown], {}, more


def _found(asked: Asked) -> tuple[list[views.Card], Marks, str]:
    """A search looks everywhere unless a state is named; what it found is marked."""
    states = None if asked.state == "attente" else _STATES[asked.state][0]
    found = visit.store().search(
        asked.words, states=states, kind=asked.kind, limit=PAGE, after=request.args.get("apres") or None
    )
    marks = {hit.row.id: _marked(hit) for hit in found.hits}
    return [card_of(hit.row) for hit in found.hits], marks, found.after or ""


def _marked(hit: Hit) -> Markup:
    """The piece of the text that was found, with marks around the words; all of it escaped."""
    pieces, at = [], 0
    for start, end in hit.excerpt_marks:
        pieces += [escape(hit.excerpt[at:start]), Markup("<mark>"), escape(hit.excerpt[start:end]), Markup("</mark>")]
        at = end
    return Markup("").join([*pieces, escape(hit.excerpt[at:])])


def _address(asked: Asked, after: str) -> str:
    values = {
        "etat": asked.state if asked.state != "attente" else None,
        "genre": asked.kind.value if asked.kind else None,
        "a-moi": "1" if asked.mine else None,
        "a-voir": "1" if asked.warned else None,
        "mots": asked.words or None,
        "apres": after,
    }
    return url_for("waiting.show", **{name: value for name, value in values.items() if value})  # type: ignore[arg-type]
