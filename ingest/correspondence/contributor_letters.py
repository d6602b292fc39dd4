"""What the letters to whoever wrote say: their own text as it would be published, and words of ours.

Nothing here reads the original. Of what was taken out it says how much and why, never the piece itself: in a mail that
was passed on, that may be somebody else's address, and a file's name may be anybody's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from zoneinfo import ZoneInfo

from ingest.correspondence.contributing import changes
from ingest.correspondence.following.news import page_url
from ingest.correspondence.letter import Case, Fill, Filled, Unsent
from ingest.correspondence.notices import reply_to
from ingest.correspondence.proof import Proof, proof
from ingest.errors import BadMessage, Refused, Unavailable
from ingest.media.refusals import REASONS
from ingest.model import Digest, Draft, Removed, Why
from ingest.moderation.entitled import OPEN
from ingest.states import PROJECTED, WAITING, Action, State
from ingest.store import Row
from ingest.words import _, ngettext

_WHY = {
    Why.ADDRESS: "des adresses de courriel ou postales, masquées\u202f: elles ne regardent que vous et vos proches",
    Why.PHONE: "des numéros de téléphone, masqués pour la même raison",
    Why.PLACE: "un lieu privé, masqué pour la même raison",
    Why.SIGNATURE: "la signature de votre courriel",
    Why.QUOTE: "le message cité sous le vôtre",
    Why.FORWARD_HEADER: "l’en-tête du message transféré, avec le nom et l’adresse de son auteur",
    Why.FOOTER: "les lignes que votre messagerie ajoute en bas",
    Why.TRACKER: "des mouchards",
    Why.HIDDEN: "du texte invisible",
    Why.REMOTE_IMAGE: "des images qui se trouvent sur un autre site\u202f; joignez-les si elles sont de vous",
    Why.LINK: "des liens d’un genre que nous ne publions pas",
    Why.METADATA: "ce que vos fichiers disent sans le montrer\u202f: lieu, date, appareil, auteur",
}
"""Of what is not here, whoever wrote has nothing to know: their commands, another version of the same text."""
_ATTACHED = re.compile(r"\((?P<noun>[^(),\u00a0]{1,40}), [\d,]{1,9}\u00a0(?:octets?|ko|Mo)\)\Z")
_BEHIND = "\u00a0: "


def received(case: Case) -> Filled | Unsent:
    """The text as it would be published, how it is signed, what is not in it; none once somebody decided."""
    row = case.row
    if row is None or row.state not in OPEN:
        return Unsent(why="decided")
    draft, shown = _shown(case, row, case.letter.digest)
    if draft is None or shown is None:
        return Unsent(why="unreadable")
    pieces = case.store.removed(row.id)
    values = {
        **_text(draft, shown),
        "kind": draft.kind.value,
        "removed": tuple(_removed(pieces)),
        "left_out": tuple(_left_out(pieces)),
        "no_text": "no-text" in row.warnings or "only-signature" in row.warnings,
        "encrypted": any(word in row.warnings for word in ("encrypted", "encrypted-part")),
        "waiting": case.store.count(WAITING),
        "later": draft.not_before.astimezone(_zone(case)).strftime("%d/%m/%Y") if draft.not_before else "",
    }
    return Filled(values=values, reply_to=reply_to(case.settings))


def published(case: Case) -> Filled | Unsent:
    """Where it stands; none where it left the site meanwhile."""
    row = case.row
    if row is None or row.state not in PROJECTED or row.published_digest is None:
        return Unsent(why="offline")
    draft, _text_shown = _shown(case, row, row.published_digest)
    if draft is None:
        return Unsent(why="unreadable")
    values = {
        "title": draft.title,
        "byline": draft.byline,
        "kind": draft.kind.value,
        "number": row.public,
        "url": page_url(case.settings, row, case.now),
    }
    return Filled(values=values, reply_to=reply_to(case.settings))


def sent_back(case: Case) -> Filled | Unsent:
    """What is asked, and the text that is proposed; none where it was decided, or changed, meanwhile."""
    row = case.row
    if row is None or row.state is not State.DEFERRED:
        return Unsent(why="decided")
    if row.digest != case.letter.digest:
        return Unsent(why="changed")
    past = case.store.journal(row.id)
    if not changes.sent_back(past):
        return Unsent(why="decided")
    draft, shown = _shown(case, row, row.digest)
    if draft is None or shown is None:
        return Unsent(why="unreadable")
    words = next(entry.note for entry in reversed(past) if entry.what == Action.DEFER.value).partition(":")[2]
    return Filled(values={**_text(draft, shown), "words": words.strip()}, reply_to=reply_to(case.settings))


def refused(case: Case) -> Filled | Unsent:
    """The reason that a moderator gave; none where the refusal was taken back."""
    row = case.row
    if row is None or row.state is not State.REJECTED:
        return Unsent(why="taken-back")
    past = case.store.journal(row.id)
    note = next((entry.note for entry in reversed(past) if entry.what == Action.REJECT.value), "")
    return (
        Filled(
            values={"words": note.strip(), "keeping_days": case.settings.keeping.refused_days},
            reply_to=reply_to(case.settings),
        )
        if note
        else Unsent(why="silent")
    )


def technical(case: Case) -> Filled | Unsent:
    """What to do about a mail that could not be read; none where it was read after all."""
    if case.row is None or case.row.state not in {State.DISCARDED, State.QUARANTINED}:
        return Unsent(why="read")
    return Filled(values={"reason": case.row.reason}, reply_to=reply_to(case.settings))


def done(case: Case) -> Filled | Unsent:
    """That what was asked by mail is done: withdrawn, or changed, with the text as it is now."""
    row = case.row
    if row is None or row.digest is None:
        return Unsent(why="gone")
    draft, shown = _shown(case, row, case.letter.digest or row.digest)
    if draft is None or shown is None:
        return Unsent(why="unreadable")
    values = {
        **_text(draft, shown),
        "what": case.letter.about.get("what", ""),
        "online": row.state in PROJECTED,
        "number": row.public,
        "was_online": row.path is not None,
    }
    return Filled(values=values, reply_to=reply_to(case.settings))


def by_mail(fill: Fill) -> Fill:
    """The same, for mails that came by mail alone: who is in an old archive did not write to us now."""

    def filled(case: Case) -> Filled | Unsent:
        first = next(iter(case.store.journal(case.row.id)), None) if case.row else None
        if first is None or first.channel != "imap":
            return Unsent(why="imported")
        return fill(case)

    return filled


def _shown(case: Case, row: Row, digest: Digest | None) -> tuple[Draft | None, Proof | None]:
    try:
        draft = case.store.draft(row.id, digest)
        return draft, proof(draft)
    except (Refused, BadMessage, Unavailable):
        return None, None


def _text(draft: Draft, shown: Proof) -> dict[str, object]:
    return {
        "title": draft.title,
        "byline": draft.byline,
        "text": shown.text.strip(),
        "tags": draft.tags,
        "files": _files(shown),
        "undescribed": tuple(n for n, picture in enumerate(shown.pictures, 1) if not picture.alt.strip()),
    }


def _files(shown: Proof) -> str:
    pictures, documents = len(shown.pictures), len(shown.documents)
    told = (
        (pictures, ngettext("{n} image", "{n} images", pictures)),
        (documents, ngettext("{n} document ou son", "{n} documents ou sons", documents)),
    )
    return _(" et ").join(words.format(n=n) for n, words in told if n)


def _removed(pieces: tuple[Removed, ...]) -> Iterator[str]:
    counted = Counter(piece.why for piece in pieces)
    for why, words in _WHY.items():
        if counted[why]:
            yield _(words)


def _left_out(pieces: tuple[Removed, ...]) -> Iterator[str]:
    """Files, by what they are and why, in words of ours alone."""
    told = Counter(_file(piece.text) for piece in pieces if piece.why is Why.ATTACHMENT)
    for words, count in told.items():
        yield f"{words} ({count})" if count > 1 else words


def _file(line: str) -> str:
    # No name holds a no-break space (`media.words.shown`), so that the first one is ours
    head, _sign, reason = line.partition(_BEHIND)
    match = _ATTACHED.search(head)
    noun = match["noun"] if match else _("un fichier")
    return f"{noun}{_BEHIND}{reason if reason in _OURS else _('il n’a pas pu être publié')}"


_OURS = frozenset(REASONS.values())


def _zone(case: Case) -> ZoneInfo:
    return ZoneInfo(case.settings.wall.timezone)


FILLS: dict[str, Callable[[Case], Filled | Unsent]] = {
    "received": by_mail(received),
    "published": by_mail(published),
    "sent-back": by_mail(sent_back),
    "refused-by-person": by_mail(refused),
    "refused-empty": technical,
    "refused-unreadable": technical,
    "withdrawn": done,
    "changed": done,
}
