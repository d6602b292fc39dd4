"""Who may ask for what: the thread and the authenticated sender, both; and what is done is done once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.correspondence.answered import DONE
from ingest.correspondence.letter import Unsent
from ingest.errors import Refused
from ingest.intake import Intake
from ingest.moderation import Decision, decide
from ingest.moderation.edit import edit
from ingest.publication import article
from ingest.states import Action
from ingest.store import RAW
from tests.correspondence.answers.wall import BODY, LATER, NOW
from tests.correspondence.contributing.people import (
    AUTHOR,
    STRANGER,
    answer,
    letter,
    mail,
    online,
    went_online,
    written,
)

CLIENT = "gmail-web-oui"
NEW = BODY.splitlines()[0].replace("une trentaine", "plus de quarante") + "\n\n" + BODY.splitlines()[2]
ASKS = ["RETIRER", "ANONYME", "Pseudo : Alizé", f"CORRIGER\n{NEW}", "annuler"]


def by_web(wall, row, action: Action, *, note: str = ""):
    """A moderator decides."""
    decision = Decision(action=action, id=row.id, by="Bo", digest=None, channel="web", at=LATER, note=note)
    return decide(wall.store, decision)


@pytest.mark.parametrize(("where", "words"), [*(("online", words) for words in ASKS), ("waiting", "RETIRER")])
@pytest.mark.parametrize(("sender", "passed"), [(AUTHOR, "fail"), (AUTHOR, "none"), (STRANGER, "pass")])
def test_without_both_halves_nothing_is_done(wall, where, words, sender, passed):
    """A forged author, a stranger with the letter: a moderator sees what is asked, and nothing has changed."""
    row = written(wall, f"Place {where} {words[:6]} {sender[:3]} {passed}")
    row = online(wall, row) if where == "online" else row
    raw = answer(CLIENT, letter(wall, row, "received"), words, sender=sender, passed=passed)

    taken = wall.take(raw)

    came = wall.store.find(taken.id)
    assert ("held", "command") == (taken.outcome, came.kind)
    assert wall.store.draft(came.id).title.startswith("Demande : ")
    assert row == wall.store.find(row.id)
    assert (sender == STRANGER) == ("not-the-author" in came.warnings)


def test_the_author_is_known_after_the_mail_was_purged(wall):
    """By the keyed hash on the row."""
    row = online(wall, written(wall, "Une purge"))
    told = letter(wall, row, "published")
    assert wall.store.purge(row, RAW, at=LATER)

    wall.take(answer(CLIENT, told, "RETIRER"))

    assert "withdrawn" == wall.state(row)
    (posted,) = [one for one in wall.letters(to=AUTHOR) if one.contribution == row.id and "answer" in one.about]
    sent = wall.written(posted, at=LATER)
    assert "withdrawn" == posted.kind
    assert not isinstance(sent, Unsent)
    assert (AUTHOR, "<gmail-web-oui@example.net>") == (sent["To"], sent["In-Reply-To"])


@pytest.mark.parametrize(
    ("subject", "text", "number", "held"),
    [
        ("RETIRER {public}", "Merci de faire vite.", True, "command"),
        ("retirer [{public}]", "", True, "command"),
        ("RETIRER : {title}", "Bonjour,\n\nc’est moi qui l’ai écrit.", True, "command"),
        ("Re: [Le mur] {title}", "Retirez mon message, merci", True, "command"),
        ("Re: [Le mur] {title}", "ANONYME", True, "command"),
        ("Mon message", "Je ne veux plus que ce soit publié.", False, "command"),
        ("RETIRER", "merci", False, "command"),
        (
            "Retirer l’amiante de l’école",
            "La mairie doit agir, et vite. Nous étions vingt à le dire hier.",
            False,
            "article",
        ),
        ("Anonyme", "Je suis passée devant la gare ce matin, et il n’y avait personne.", False, "article"),
        (
            "Supprimer mon bus ?",
            "La ligne 4 ne passe plus le soir, et personne ne nous a rien demandé.",
            False,
            "article",
        ),
    ],
)
def test_a_lost_thread_goes_to_a_moderator(wall, subject, text, number, held):
    """Webmails that write a new mail: what is asked, and of which text, is told and not done; a text stays a text."""
    row = online(wall, written(wall, f"Un fil perdu {len(subject)}{len(text)}"))
    title = wall.store.draft(row.id).title
    filled = subject.format(public=row.public, title=title)

    taken = wall.take(mail(text, filled, sender=AUTHOR))

    came = wall.store.find(taken.id)
    assert ("held", held) == (taken.outcome, came.kind)
    assert row == wall.store.find(row.id)
    if held == "command":
        assert "lost-thread" in came.warnings
        assert (row.public if number else None) == wall.store.draft(came.id).extra.get("Reply_to")


def test_a_letter_that_is_forgotten_is_a_lost_thread(wall):
    """Its row is gone after some months; whatever is answered is looked at by somebody."""
    row = online(wall, written(wall, "Un vieux fil"))
    told = letter(wall, row, "published")
    forgotten = replace(told, id=f"<letter.{'0' * 32}@example.org>", subject="Le mur")

    taken = wall.take(answer(CLIENT, forgotten, "Voilà ce que j’en pense."))

    assert ("held", "command") == (taken.outcome, wall.store.find(taken.id).kind)


def test_the_same_mail_does_it_once(wall):
    """Also after a moderator took it back."""
    row = online(wall, written(wall, "Deux fois"))
    raw = answer(CLIENT, letter(wall, row, "published"), "RETIRER")
    wall.take(raw)
    by_web(wall, row, Action.UNDO)

    again = wall.take(raw)

    assert ("duplicate", "accepted") == (again.outcome, wall.state(row))
    assert ["accept", "publish", "withdraw", "undo"] == [what for what, *_rest in wall.decisions(row)]


class _Cut(BaseException):
    """The power goes."""


@pytest.mark.parametrize("words", ["RETIRER", "ANONYME"])
def test_a_crash_loses_neither_the_act_nor_the_letter(wall, monkeypatch, words):
    """Cut off before the act, and again behind it: the mail comes again, it is done once, one letter tells of it."""
    row = online(wall, written(wall, f"Coupée {words}"))
    raw = answer(CLIENT, letter(wall, row, "published"), words)
    change = wall.store.change
    cuts = iter([False, True])

    def cut(id_, decide_):
        after = next(cuts)
        if after:
            change(id_, decide_)
        raise _Cut

    for _ in range(2):
        monkeypatch.setattr(type(wall.store), "change", lambda _self, id_, decide_: cut(id_, decide_))
        with pytest.raises(_Cut):
            wall.take(raw)
        monkeypatch.undo()
    with Intake(wall.store, wall.store.settings) as intake:
        intake.take(raw, received_at=LATER, now=LATER, channel="imap")

    acts = [what for what, by, *_rest in wall.decisions(row) if by == "author"]
    assert 1 == len(acts)
    told = [one.kind for one in wall.store.letters_to(AUTHOR) if one.contribution == row.id and "answer" in one.about]
    assert ["withdrawn" if words == "RETIRER" else "changed"] == told
    kept = next(it for it in wall.store.rows() if it.reason == "answer" and it.id in wall.decisions(row)[-1][3])
    assert DONE in [entry.what for entry in wall.store.journal(kept.id)]


def test_a_withdrawal_can_be_taken_back_by_its_author(wall):
    """Once: what a moderator withdrew they cannot bring back."""
    row = online(wall, written(wall, "Finalement si"))
    told = letter(wall, row, "withdrawn")
    wall.take(answer(CLIENT, told, "RETIRER"))

    wall.take(answer("k9-oui", told, "annuler"))

    assert "accepted" == wall.state(row)
    by_web(wall, row, Action.WITHDRAW)
    assert "held" == wall.take(answer("sfr-web-oui", told, "annuler")).outcome
    assert "withdrawn" == wall.state(row)


def test_a_change_before_publication_can_be_taken_back(wall):
    """The text before it waits again; moderators get a notice of each."""
    row = written(wall, "Aller et retour")
    told = letter(wall, row, "received")
    wall.take(answer(CLIENT, told, "ANONYME"))
    wall.take(answer("k9-oui", told, "annuler"))

    assert row.digest == wall.store.find(row.id).digest
    assert 3 == len([one for one in wall.letters("notice") if one.contribution == row.id])


def test_a_name_leaves_at_once_and_a_text_that_waits_goes_on_waiting(wall):
    """What is online loses its signature; the newer text, which nobody accepted, loses it too."""
    row = online(wall, written(wall, "Le nom"))
    draft = wall.store.draft(row.id)
    newer = article.document(draft).replace("une trentaine", "un millier")
    edit(wall.store, row.id, newer, seen=row.digest, by="Bo", channel="web", at=NOW)

    wall.take(answer(CLIENT, letter(wall, row, "published"), "ANONYME"))

    now = wall.store.find(row.id)
    (shown,) = [it for it in wall.store.to_project(LATER + timedelta(days=1)) if it.row.id == row.id]
    assert ("", draft.body) == (shown.draft.byline, shown.draft.body)
    assert "un millier" in wall.store.draft(row.id).body
    assert ("", False) == (wall.store.draft(row.id).byline, now.digest == now.accepted_digest)
    went_online(wall, now)
    assert "published" == wall.state(row)


def test_a_correction_is_accepted_by_a_moderator(wall):
    """The post gets the text, with its number and its date; the request is set aside."""
    row = online(wall, written(wall, "À corriger"))
    taken = wall.take(answer(CLIENT, letter(wall, row, "published"), f"CORRIGER\n{NEW}"))
    request = wall.store.find(taken.id)

    post = by_web(wall, request, Action.ACCEPT)

    assert (row.id, "accepted", row.number) == (post.id, "accepted", post.number)
    assert "plus de quarante" in wall.store.draft(post.id, post.accepted_digest).body
    assert ("article", "Jeanne") == (wall.store.draft(post.id).kind, wall.store.draft(post.id).byline)
    assert "discarded" == wall.state(request)


def test_a_request_is_never_a_page(wall):
    """Accepting it is refused, in a sentence."""
    row = online(wall, written(wall, "Une demande"))
    taken = wall.take(answer(CLIENT, letter(wall, row, "published"), "Qui décide de ce qui paraît ?"))

    with pytest.raises(Refused, match="demande"):
        by_web(wall, wall.store.find(taken.id), Action.ACCEPT)

    assert "held" == wall.state(wall.store.find(taken.id))


def test_an_answer_about_a_request_is_for_a_moderator(wall):
    """Whether the request is meant, or the text that it is about, nobody can tell: neither is touched."""
    row = online(wall, written(wall, "Une demande perdue"))
    request = wall.store.find(wall.take(mail("merci", f"RETIRER {row.public}", sender=AUTHOR)).id)

    taken = wall.take(answer(CLIENT, letter(wall, request, "received"), "RETIRER"))

    assert ("held", "held", "published") == (taken.outcome, wall.state(request), wall.state(row))


def test_an_older_agreement_is_void_once_the_author_changed_the_text(wall):
    """The digest is another one: what was said about the old text counts no more."""
    row = written(wall, "Nouveau texte")
    wall.take(answer(CLIENT, letter(wall, row, "received"), NEW))

    decision = Decision(action=Action.ACCEPT, id=row.id, by="Bo", digest=row.digest, channel="web", at=LATER)
    with pytest.raises(Refused, match="brouillon a changé"):
        decide(wall.store, decision)
