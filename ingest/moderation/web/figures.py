"""Simple figures: how long people wait for an answer, how much is decided, how much waits."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, render_template

from ingest.moderation import bands
from ingest.moderation.figures import Week, counted
from ingest.moderation.web import plot, visit
from ingest.moderation.web.rendering import MONTHS
from ingest.states import Action
from ingest.words import _, ngettext

room = Blueprint("figures", __name__)

_ACCEPTED, _REFUSED = Action.ACCEPT.value, (Action.REJECT.value, Action.DISCARD.value, Action.SPAM.value)


@room.get("/chiffres")
def show() -> str:
    """All of them on one page."""
    figures = counted(visit.store(), visit.now())
    labels = [_label(week.monday) for week in figures.weeks]
    return render_template(
        "figures.html",
        answer=_span(figures.median_decision),
        oldest=_span(figures.oldest_wait),
        waiting=figures.waiting,
        bands={_(bands.WORDS[band]): number for band, number in figures.bands.items()},
        rows=[_row(label, week) for label, week in zip(labels, figures.weeks, strict=True)],
        bars=plot.bars([week.decisions for week in figures.weeks], labels),
        size=(plot.WIDTH, plot.HEIGHT, plot.BASE),
    )


def _row(label: str, week: Week) -> tuple[str, int, int, int, int]:
    """A line of the table: accepted, refused in one way or another, the rest, and all."""
    accepted = week.by_action.get(_ACCEPTED, 0)
    refused = sum(week.by_action.get(word, 0) for word in _REFUSED)
    return label, accepted, refused, week.decisions - accepted - refused, week.decisions


def _label(day: date) -> str:
    return f"{day.day} {_(MONTHS[day.month - 1])}"


def _span(wait: timedelta | None) -> str:
    """`3 jours`, `5 heures`, `moins d’une heure`; a dash for none."""
    if wait is None:
        return "–"
    hours = int(wait.total_seconds() // 3600)
    if hours >= 48:
        return _("{n} jours").format(n=round(wait.total_seconds() / 86_400))
    return ngettext("{n} heure", "{n} heures", hours).format(n=hours) if hours else _("moins d’une heure")
