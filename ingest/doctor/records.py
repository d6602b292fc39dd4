"""The database, and whether the files are what it says they are."""

from __future__ import annotations

from ingest.doctor.finding import Patient, Verdict, fine, mind, some, unasked, wrong
from ingest.errors import MurError
from ingest.publication.files import ContentFiles
from ingest.states import State
from ingest.store import Row, Store
from ingest.store.integrity import integrity
from ingest.words import _, ngettext

_NEEDED = frozenset({State.HELD, State.DEFERRED, State.ACCEPTED, State.PUBLISHED})
"""The states in which a draft is needed still."""


def database(patient: Patient) -> Verdict:
    """Whole, and its tables are those of this program."""
    found = integrity(patient.settings)
    if not found.exists:
        return unasked(_("aucune encore ; la première commande qui écrit la crée"))
    if found.problems:
        return wrong(_("abîmée : {what}").format(what=some(list(found.problems))))
    if found.newer:
        return wrong(_("tables d’une version plus récente ({revision}) du programme").format(revision=found.revision))
    if not found.newest:  # opening it would bring it up, and looking changes nothing
        words = _("tables d’avant ({revision}) ; la prochaine commande les met à jour")
        return unasked(words.format(revision=found.revision or "?"))
    return fine(_("entière, tables {revision}").format(revision=found.revision))


def documents(patient: Patient) -> Verdict:
    """Each contribution that may still be needed has its folder and its draft, byte for byte."""
    number = 0
    bad: list[str] = []
    with Store.open(patient.settings, readonly=True) as store:
        for row in store.every(_NEEDED):
            number += 1
            bad += filter(None, (_fault(store, row),))
        strays = store.strays()
    if bad:
        return wrong(some(bad))
    if strays:
        return mind(_("{n} dossiers attendent d’être repris ; « mur poll » le fait").format(n=len(strays)))
    words = ngettext("{n} contribution, brouillon intact", "{n} contributions, brouillons intacts", number)
    return fine(words.format(n=number))


def content(patient: Patient) -> Verdict:
    """The files that we wrote, as we wrote them."""
    paths = patient.settings.paths
    files = ContentFiles(paths.content, paths.state)
    with Store.open(patient.settings, readonly=True) as store:
        known = store.article_files()
        waiting = store.count([State.ACCEPTED])
    digests = {file.path: files.digest(file.path) for file in known}
    gone = [path for path, digest in digests.items() if digest is None]
    edited = [file.path for file in known if digests[file.path] not in {None, file.digest}]
    if gone and len(gone) == len(known):
        return wrong(_("tout ce qui était publié a disparu de {folder}").format(folder=paths.content))
    said = []
    if gone:
        said.append(_("effacés à la main : {names}").format(names=some(gone)))
    if edited:
        said.append(_("modifiés à la main : {names}").format(names=some(edited)))
    if said:
        return mind(" ; ".join(said))
    return fine(
        ngettext("{n} fichier comme il a été écrit", "{n} fichiers comme ils ont été écrits", len(known)).format(
            n=len(known)
        )
        + _(", {waiting} à mettre en ligne").format(waiting=waiting)
    )


def set_aside(patient: Patient) -> Verdict:
    """What was accepted and could not be a page."""
    with Store.open(patient.settings, readonly=True) as store:
        found = [f"{row.public} ({row.set_aside})" for row in store.rows([State.ACCEPTED]) if row.set_aside]
    if not found:
        return fine(_("aucun article accepté n’est écarté de la publication"))
    words = _("acceptés, mais écartés de la publication : {what} ; « mur edit », puis « mur accept »")
    return mind(words.format(what=some(found)))


def _fault(store: Store, row: Row) -> str:
    try:
        store.document(row.id, row.digest)
    except MurError as error:
        return f"{row.id} : {error}"
    return ""
