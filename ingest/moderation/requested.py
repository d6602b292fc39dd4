"""A request that is accepted: the correction that an author proposed takes the place of what was accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ingest.errors import Refused
from ingest.moderation.edit import edit
from ingest.publication import article
from ingest.states import PROJECTED, Action
from ingest.store import Row, Store
from ingest.words import _

if TYPE_CHECKING:
    from ingest.moderation.decide import Decision


def carry_out(store: Store, decision: Decision, row: Row, decide: Callable[[Store, Decision], Row]) -> Row:
    """Write the proposed text as the next version of its post, accept it, and set the request aside.

    Gives back the post. Each step may be begun again; where a second voice is needed, the request goes on waiting.
    Raises `Refused` for a request that is no text, and as `edit` and `decide` do.
    """
    number = store.draft(row.id, row.digest).extra.get("Update_of", "") if row.digest else ""
    if not number:
        raise Refused(_("c’est une demande, pas un texte à publier\u202f: faites ce qu’elle demande, puis écartez-la"))
    post = store.find(number)
    if post.state not in PROJECTED or post.digest is None:
        raise Refused(_("{number} n’est plus sur le mur\u202f: il n’y a rien à y corriger").format(number=number))
    wanted, current = store.draft(row.id, row.digest), store.draft(post.id, post.digest)
    text = replace(wanted, kind=current.kind, extra=current.extra, not_before=current.not_before)
    by, channel, at = decision.by, decision.channel, decision.at
    post = edit(store, post.id, article.document(text), seen=post.digest, by=by, channel=channel, at=at)
    if post.accepted_digest != post.digest:
        post = decide(store, replace(decision, id=post.id, digest=post.digest, state=None))
    if post.accepted_digest == post.digest:
        note = _("fait\u202f: {number}").format(number=number)
        decide(store, replace(decision, action=Action.DISCARD, not_before=None, note=note))
    return post
