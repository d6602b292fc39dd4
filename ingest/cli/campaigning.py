"""`mur adopt`, `mur fetch-thread`, and what `mur show` says of campaigns: what was found,
where it belongs, what it would change.
"""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime
from typing import Any

import click

from ingest.cli.wall import WallContext, with_wall
from ingest.model import Digest
from ingest.moderation.campaigns import Campaign, Found, campaign
from ingest.moderation.permalinks import permalink
from ingest.store import Row, Store
from ingest.words import _


def described(store: Store, row: Row) -> dict[str, Any]:
    """The keys `proposals` and `campaign` of `mur show --json`; the latter is null where there is nothing to say."""
    found = campaign(store, row, now=datetime.now(UTC))
    if found is None:
        return {"proposals": [], "campaign": None}
    return {
        "proposals": [
            {
                "key": one.key,
                "value": one.value,
                "where": one.where,
                "confidence": one.confidence.value,
                "notes": list(one.notes),
            }
            for one in store.facts(row.id).proposals
        ],
        "campaign": {
            "belongs": [
                {"key": it.key, "title": it.title, "certain": it.certain, "reasons": list(it.reasons)}
                for it in found.belongs
            ],
            "changes": [
                {name: getattr(it, name) for name in ("key", "before", "after", "where")} for it in found.changes
            ],
            "supposed": found.supposed,
            "told": found.told or None,
            "repairs": dict(found.repairs),
            "problems": list(found.problems),
        },
    }


def lines(store: Store, row: Row) -> list[str]:
    """The same for eyes; empty where there is nothing to say."""
    found = campaign(store, row, now=datetime.now(UTC))
    if found is None:
        return []
    told = [f"  ! {words}" for words in (*filter(None, (found.told,)), *found.problems)]
    told += [f"  {_('« {cut} » serait {whole}').format(cut=cut, whole=whole)}" for cut, whole in found.repairs]
    for it in found.belongs:
        words = _("suite de {key} « {title} »").format(key=it.key, title=it.title)
        told.append(f"  {'✓' if it.chosen else '?'} {words}{_(' : ')}{', '.join(it.reasons)}")
    told += [f"  {it.key}{_(' : ')}{it.before or '—'} → {it.after or '—'}" for it in found.changes]
    if found.found:
        told += [_("Trouvé dans le texte (« mur adopt {id} CLÉ » le prend) :").format(id=row.id[:8])]
        told += [_one(one) for one in found.found]
    if address := permalink(store, row):
        words = _("Le fil {address} peut être lu sur son serveur : « mur fetch-thread {id} ».")
        told.append(f"  {words.format(address=address, id=row.id[:8])}")
    return ["", _("Campagne :"), *_supposed(found), *told] if told else []


def _supposed(found: Campaign) -> list[str]:
    return [f"  {_('si tout ce qui est proposé était pris :')}"] if found.supposed and found.changes else []


def _one(one: Found) -> str:
    proposal = one.proposal
    said = (*one.notes, *((_("la campagne le dit déjà"),) if one.agrees else ()))
    notes = f" ; {', '.join(said)}" if said else ""
    head = (
        f"  {'✓' if one.taken else '·'} {proposal.key}={proposal.value}  ({one.label}, {one.words}, {one.sure}{notes})"
    )
    return head if proposal.where in {"", proposal.value} else f"{head}\n      « {proposal.where} »"


@click.command("adopt")
@click.argument("contribution", metavar="ID")
@click.argument("keys", metavar="CLÉ…", nargs=-1, required=True)
@click.option("--digest", "seen", metavar="EMPREINTE", help="Seulement si le brouillon est encore celui-ci.")
@with_wall
def adopt_command(wall: WallContext, contribution: str, keys: tuple[str, ...], seen: str | None) -> None:
    """Prend dans le brouillon ce que « mur show » propose : CLÉ, ou CLÉ=VALEUR ; Update_of dit de quel relais."""
    from ingest.errors import Refused
    from ingest.moderation.adopting import adopt

    with wall.store() as store:
        row = store.find(contribution)
        if row.digest is None:
            raise Refused(_("{id} n’a pas de brouillon").format(id=row.id))
        digest = Digest(seen) if seen else row.digest
        after = adopt(store, row.id, keys, seen=digest, by=wall.by, channel="cli", at=wall.now)
        done = _("{id} : pris dans le brouillon") if after.digest != row.digest else _("{id} : rien n’a changé")
        click.echo(done.format(id=row.id))


@click.command("fetch-thread")
@click.argument("contribution", metavar="ID")
@click.option("--digest", "seen", metavar="EMPREINTE", help="Seulement si le brouillon est encore celui-ci.")
@with_wall
def fetch_thread_command(wall: WallContext, contribution: str, seen: str | None) -> None:
    """Lit sur son serveur le fil dont une contribution donne l’adresse, une fois ; « [relay] fetch » le permet."""
    from ingest.errors import Refused
    from ingest.moderation.fetching import Reader, came_words, fetch_thread
    from ingest.worker import Worker

    child = Worker(memory_bytes=wall.settings.limits.memory_bytes)
    with contextlib.closing(child), wall.store() as store:
        row = store.find(contribution)
        if row.digest is None:
            raise Refused(_("{id} n’a pas de brouillon").format(id=row.id))
        digest, reader = Digest(seen) if seen else row.digest, Reader(run=child.run)
        came = fetch_thread(store, row.id, seen=digest, by=wall.by, channel="cli", at=wall.now, reader=reader)
        click.echo(_("{id} : {words}").format(id=row.id, words=came_words(came)))
