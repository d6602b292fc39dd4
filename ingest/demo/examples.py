"""Makes `content/` again from the example mails, through the very rooms that a real mail passes: `make examples`.

The clock is the mails' own, so that the same mails give the same files. What a moderator would do by hand (telling who
leads a campaign, describing a picture) stands in the table below and goes through `moderation.edit`, like any
correction.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ingest import settings as wall_settings
from ingest.errors import BuildFailed, MurError
from ingest.intake import Intake
from ingest.message import read
from ingest.model import Draft, Markdown
from ingest.moderation import Decision, decide, edit
from ingest.publication import article
from ingest.publication.publish import publish
from ingest.settings import Paths, Settings
from ingest.states import Action
from ingest.store import Store

ROOT = Path(__file__).parents[2]
MAILS = Path(__file__).parent / "messages"
_MODERATOR = "example"
_PUBLISHED_AFTER = timedelta(hours=3)

_PICTURE = re.compile(r"!\[[^\]]*\]\(media:")

Correction = Callable[[Draft], Draft]


def _same(draft: Draft) -> Draft:
    return draft


def _relay(draft: Draft) -> Draft:
    """What became known of the campaign, with the day it was read."""
    told = {
        "Organiser": "La Quadrature du Net",
        "Organiser_url": "https://www.laquadrature.net/",
        "Target": "La CNIL, contre le ministère de l’Intérieur et l’État",
        "Conditions": "Gratuit et, selon La Quadrature du Net, sans risque juridique",
        "Deadline": "2022-09-24T23:59:00+02:00",
        "Filed": "2022-09-24",
        "Count": "15 248",
        "Count_date": "2022-09-24",
        "Source": "https://technopolice.fr/plainte/",
    }
    return replace(draft, title="Porter plainte ensemble contre la Technopolice", tags=("technopolice", "vie privée"),
                   extra={**draft.extra, **told})  # fmt: skip


def _tagged(*tags: str, alt: str = "") -> Correction:
    def corrected(draft: Draft) -> Draft:
        body = Markdown(_PICTURE.sub(f"![{alt}](media:", draft.body, count=1)) if alt else draft.body
        return replace(draft, tags=tuple(dict.fromkeys((*draft.tags, *tags))), body=body)

    return corrected


@dataclass(frozen=True, slots=True)
class Post:
    """One example mail that is published, and what a moderator mends in it before."""

    mail: str
    correction: Correction = _same


POSTS = (
    Post("01-gmail-transfert-relais.eml", _relay),
    Post("02-iphone-photo.eml", _tagged("entraide", alt="Une ardoise : atelier vélo, samedi 18 juin, de 10 h à 17 h")),
    Post("03-gmail-photo-dans-le-texte.eml", _tagged("canal")),
    Post("04-thunderbird-texte.eml"),
    Post("05-outlook-compte-rendu.eml", _tagged("bibliothèque de rue", "entraide")),
    Post("06-orange-coup-de-gueule.eml", _tagged("transports")),
    Post("08-tract-pdf.eml", _tagged("fête", alt="Le tract de la fête ; son texte est dessous")),
    Post("11-android-poeme.eml"),
    Post("12-agenda-invitation.eml", _tagged("fête", "cinéma")),
    Post("14-video-refusee.eml", _tagged("fête")),
)


def main() -> int:
    """Write `content/` and say what was written."""
    with tempfile.TemporaryDirectory(prefix="mur-examples-") as folder:
        paths = Paths(content=ROOT / "content", state=Path(folder) / "var", output=Path(folder) / "output")
        settings = replace(wall_settings.load(ROOT / "mur.toml"), paths=paths)
        for part in ("billets", "relais", "medias"):
            shutil.rmtree(paths.content / part, ignore_errors=True)
        try:
            _make(settings)
        except MurError as error:
            sys.stderr.write(f"examples: {error}\n")
            return error.exit_code
    sys.stdout.write("".join(f"{path.relative_to(ROOT)}\n" for path in sorted(paths.content.rglob("*.*"))))
    return 0


def _make(settings: Settings) -> None:
    now = datetime.now(UTC)
    with Store.open(settings) as store, Intake(store, settings) as intake:
        for post in POSTS:
            now = _accepted(store, intake, settings, post)
        done = publish(settings, store, now=now + _PUBLISHED_AFTER, report=lambda _line: None)
    if done.left_out:
        raise BuildFailed(" ; ".join(f"{out.path} : {out.message}" for out in done.left_out))


def _accepted(store: Store, intake: Intake, settings: Settings, post: Post) -> datetime:
    raw = (MAILS / post.mail).read_bytes()
    sent = read(raw, limits=settings.limits).sent_at or datetime.now(UTC)
    at = sent + _PUBLISHED_AFTER
    taken = intake.take(raw, received_at=sent, now=sent, channel="import")
    row = store.find(taken.id)
    if row.digest is None:
        raise MurError(f"{post.mail}: {taken.outcome} {taken.reason}")
    corrected = article.document(post.correction(store.draft(row.id)))
    row = edit(store, row.id, corrected, seen=row.digest, by=_MODERATOR, channel="examples", at=at)
    decide(
        store, Decision(id=row.id, action=Action.ACCEPT, by=_MODERATOR, channel="examples", digest=row.digest, at=at)
    )
    return at


if __name__ == "__main__":
    sys.exit(main())
