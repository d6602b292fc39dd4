"""Erasing: out of the private state, out of `content/`, off the site, out of the mailbox. Run again, it finishes.

    tombstone -> row, journal, folder -> content/ and what was set aside -> database files -> site, builds -> mailbox

What can be done is done even where the site cannot be built or the mailbox cannot be reached; what is left is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from ingest.errors import BuildFailed, Misconfigured, MurError, Unavailable
from ingest.keeping.lock import keeping_lock
from ingest.publication.publish import publish
from ingest.publication.taking_down import forget_builds, take_down
from ingest.settings import Settings, secret
from ingest.store import Erasure, Row, Store, digest_of
from ingest.words import _


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    settings: Settings
    store: Store
    now: datetime
    report: Callable[[str], None]


def erase(
    settings: Settings,
    store: Store,
    rows: Iterable[Row],
    *,
    by: str,
    channel: str,
    now: datetime,
    report: Callable[[str], None] = lambda _line: None,
) -> None:
    """Erase these contributions everywhere, and finish what earlier erasures left.

    Raises `Unavailable` where disk, site or mailbox say no, `BuildFailed` where the site cannot be built without them:
    what could be done is done, and running again does the rest.
    """
    with keeping_lock(settings.paths.state, report=report):
        for row in rows:
            store.bury(row.id, by=by, channel=channel, at=now)
        _finish(_Job(settings=settings, store=store, now=now, report=report))


def finish(
    settings: Settings, store: Store, *, now: datetime, report: Callable[[str], None] = lambda _line: None
) -> None:
    """Finish what erasures left: see `erase`."""
    with keeping_lock(settings.paths.state, report=report):
        _finish(_Job(settings=settings, store=store, now=now, report=report))


def _finish(job: _Job) -> None:
    pending = job.store.erasures()
    if not pending:
        return
    public = [erasure for erasure in pending if erasure.names is not None]
    if public:
        take_down(job.settings, job.store, public, report=job.report)
    job.store.scrub()
    failed: list[MurError] = []
    for step, share in ((_site, public), (_mailbox, [it for it in pending if it.size is not None])):
        try:
            if share:
                step(job, share)
        except MurError as error:
            failed.append(error)
    job.store.forgotten(())
    if failed:
        _complain(failed)


def _site(job: _Job, gone: list[Erasure]) -> None:
    """Build the site without them, unless there is none, and remove the older builds, which show them."""
    output = job.settings.paths.output
    if output.exists() or output.is_symlink():
        done = publish(job.settings, job.store, now=job.now, report=job.report)
        for line in (*done.warnings, *(f"{out.path} : {out.message}" for out in done.left_out)):
            job.report(line)
    forget_builds(job.settings, report=job.report)
    job.store.forgotten([erasure.row.id for erasure in gone], site=True)


def _mailbox(job: _Job, gone: list[Erasure]) -> None:
    """Delete their copies, known by their bytes, where there is a mailbox."""
    from ingest.mailbox import Sought, remove

    known = job.settings.mailbox
    if known.host:
        stones = {erasure.row.sha256 for erasure in gone}
        sought = Sought(
            sizes={erasure.size for erasure in gone if erasure.size is not None},
            is_it=lambda raw: job.store.tombstone(digest_of(raw)) in stones,
        )
        base = job.settings.file.parent if job.settings.file else None
        password = secret("mailbox", "password", known.password_file, known.password_env, base=base)
        remove(known, sought, base=base, password=password)
    job.store.forgotten([erasure.row.id for erasure in gone], mailbox=True)


def _complain(failed: list[MurError]) -> None:
    """What has to be tried again decides on the exit code, then what has to be mended."""
    kinds = (Unavailable, Misconfigured, BuildFailed, MurError)
    kind = next(kind for kind in kinds if any(isinstance(error, kind) for error in failed))
    said = " ; ".join(str(error) for error in failed)
    words = _("effacé ici, mais pas encore partout : {said} ; « mur erase » à nouveau finit le reste")
    raise kind(words.format(said=said)) from None
