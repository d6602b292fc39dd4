"""What the publisher is given, and what it tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Unavailable
from ingest.model import Markdown
from ingest.moderation import edit
from ingest.states import Action, State
from ingest.store import ArticleFile, Published, digest_of
from tests.store.walls import NOW, PICTURE_NAME, converted, decided, held, online

TEXT = "Title: Corrigé\nKind: article\nLang: fr\n\nAutrement.\n"
LATER = NOW + timedelta(days=2)


def test_only_what_was_accepted_is_projected(store):
    """In the order of acceptance, with the media that its text shows and no other."""
    plain, pictured = held(store, b"1"), held(store, b"2", shown(f"![La terrasse](media:{PICTURE_NAME})"))
    held(store, b"3")
    decided(store, held(store, b"4"), Action.REJECT)
    for row in (pictured, plain):
        decided(store, row, Action.ACCEPT)

    assert [(one.row.id, one.media) for one in store.to_project(NOW)] == [
        (pictured.id, (PICTURE_NAME,)),
        (plain.id, ()),
    ]


def test_media_of_somebody_else_are_not_shown(store):
    """A text that names a file its contribution has not shows nothing."""
    row = held(store, b"1", shown("![x](media:0123456789abcdef.jpg) ![y](media:../../secret.key)"))
    decided(store, row, Action.ACCEPT)

    assert store.to_project(NOW)[0].media == ()


def shown(body):
    """A mail whose draft has this text."""
    outcome = converted()
    return replace(outcome, draft=replace(outcome.draft, body=Markdown(body)))


def test_the_accepted_text_is_projected_never_the_current_one(store):
    """A correction made after the decision waits for one of its own."""
    row = decided(store, held(store), Action.ACCEPT)
    edit(store, row.id, TEXT, seen=row.digest, by="max", channel="cli", at=NOW)
    (accepted,) = store.to_project(NOW)

    assert (accepted.digest, accepted.draft) == (row.digest, converted().draft)


def test_a_date_is_waited_for(store):
    """Of the decision, or of the draft where the decision names none."""
    by_decision, by_draft = held(store, b"1"), held(store, b"2", dated(LATER))
    decided(store, by_decision, Action.ACCEPT, not_before=LATER)
    decided(store, by_draft, Action.ACCEPT)

    assert store.to_project(NOW) == ()
    assert len(store.to_project(LATER)) == 2


def dated(moment):
    """A mail whose sender asked for a date."""
    outcome = converted()
    return replace(outcome, draft=replace(outcome.draft, not_before=moment))


def test_what_is_online_stays_until_its_correction_is_due(store):
    """Accepted again for later: the old text stands until then."""
    row = online(store, decided(store, held(store), Action.ACCEPT))
    new = edit(store, row.id, TEXT, seen=row.digest, by="max", channel="cli", at=NOW)
    decided(store, row, Action.ACCEPT, not_before=LATER)

    assert [one.digest for one in store.to_project(NOW)] == [row.digest]
    assert [one.digest for one in store.to_project(LATER)] == [new.digest]


def test_an_old_text_that_was_taken_off_does_not_come_back_while_a_new_one_waits(store):
    """Undone, corrected, accepted for later: until then there is nothing."""
    row = online(store, decided(store, held(store), Action.ACCEPT))
    decided(store, row, Action.UNDO)
    edit(store, row.id, TEXT, seen=row.digest, by="max", channel="cli", at=NOW)
    decided(store, row, Action.ACCEPT, not_before=LATER)

    assert store.to_project(NOW) == ()


def test_going_online_is_noted_once(store):
    """Published twice in a row, it has one line in the journal, and keeps its path."""
    row = decided(store, held(store), Action.ACCEPT)
    article = Published(id=row.id, digest=row.digest, path="2022/fete.md")

    assert store.published([article], NOW) == (row.id,)
    assert store.published([article], LATER) == ()
    after = store.find(row.id)
    assert (after.state, after.path, after.published_digest) == (State.PUBLISHED, "2022/fete.md", row.digest)
    assert [(line.what, line.channel) for line in store.journal(row.id)][2:] == [("publish", "publisher")]


@pytest.mark.parametrize("action", [Action.WITHDRAW, Action.UNDO])
def test_what_was_taken_back_while_the_site_was_built_is_not_called_online(store, action):
    """The next publication takes it off."""
    row = decided(store, held(store), Action.ACCEPT)
    decided(store, row, action)

    assert store.published([Published(id=row.id, digest=row.digest, path="x.md")], NOW) == ()
    assert store.find(row.id).state is not State.PUBLISHED


def test_what_was_corrected_and_accepted_while_the_site_was_built_stays_accepted(store):
    """The text that went online is not the one that was accepted last: there is one more to publish."""
    row = decided(store, held(store), Action.ACCEPT)
    edit(store, row.id, TEXT, seen=row.digest, by="max", channel="cli", at=NOW)
    decided(store, row, Action.ACCEPT)
    store.published([Published(id=row.id, digest=row.digest, path="x.md")], NOW)

    assert store.find(row.id).state is State.ACCEPTED
    assert store.to_project(NOW)[0].digest == digest_of(TEXT.encode())


def test_the_list_of_files_says_what_was_noted_last(store):
    """Paths with their digests, and whose they are: one is put in place of another, one is struck off."""
    row = decided(store, held(store), Action.ACCEPT)
    one = ArticleFile(path="a/é.md", digest=digest_of(b"1"), contribution=row.id)
    two = ArticleFile(path="b.md", digest=digest_of(b"2"), contribution=row.id)
    store.note_article_files([two, one])
    assert (one, two) == store.article_files()
    newer = one._replace(digest=digest_of(b"3"))
    store.note_article_files([newer], [two.path])
    assert (newer,) == store.article_files()
    store.note_article_files([], [one.path, "c.md"])
    assert () == store.article_files()


def test_a_site_with_a_hole_is_not_built(store):
    """An accepted text that the disk lost stops the publication: the old site stays."""
    row = decided(store, held(store), Action.ACCEPT)
    (store._folders.root / row.id / "drafts" / f"{row.digest}.md").write_text("x")

    with pytest.raises(Unavailable):
        store.to_project(NOW)
