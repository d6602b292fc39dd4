"""Answers acted on: once, however often and from however many sides they come."""

from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta

import pytest

from ingest import message
from ingest.correspondence import answers
from ingest.correspondence.answered import DONE
from ingest.intake import Intake
from ingest.moderation import Decision, decide
from ingest.moderation.answer import Answer
from ingest.moderation.by_mail import handle
from ingest.moderation.edit import edit
from ingest.moderation.tokens import Scope
from ingest.states import Action
from ingest.store import Store
from tests.correspondence.answers.test_entitled import BO, CLAUDINE, answer, code
from tests.correspondence.answers.wall import LATER, opened, text_of

DAY = timedelta(days=1)


def by_web(wall, row, action: Action, *, at=LATER) -> None:
    """Somebody else was faster."""
    decide(wall.store, Decision(action=action, id=row.id, by="Bo", digest=None, channel="web", at=at))


def numbered(code_: str, number: int, **more) -> bytes:
    """Another mail with the same code."""
    return answer(code_, more=f"Message-ID: <{number}@example.net>\n", **more)


def test_a_thousand_replays_of_a_code_give_one_decision(wall):
    """Each in a mail of its own; one line in the journal, one letter that it is done, few that it was."""
    row = wall.contribution()
    mail = message.read(answer(code(wall, row)), limits=wall.store.settings.limits, authserv_id="mx.example.org")

    for number in range(1000):
        again = Answer(
            id=f"{number:016x}",
            mail=mail,
            letters=(),
            codes=answers.carried(mail).subject,
            again=False,
            now=LATER,
            read=lambda names: answers.read(mail, limits=wall.store.settings.limits, names=names),
        )
        handle(wall.store, again).act()

    assert [("accept", "Claudine Martin", "mail", "")] == wall.decisions(row)
    kinds = [letter.kind for letter in wall.told(row)]
    assert (1, 5) == (kinds.count("answer-done"), kinds.count("answer-already"))


def test_the_same_mail_twice_is_a_duplicate(wall):
    """And does nothing more."""
    row = wall.contribution()
    raw = answer(code(wall, row), text="plus tard")

    outcomes = [wall.take(raw).outcome for _ in range(3)]

    assert ["handled", "duplicate", "duplicate"] == outcomes
    assert 1 == len(wall.decisions(row))
    assert ["answer-done"] == [letter.kind for letter in wall.told(row)]


def test_a_code_that_was_used_stays_used_after_an_undo(wall):
    """The contribution is again as the notice showed it; the notice is answered all the same."""
    row = wall.contribution()
    word = code(wall, row)
    wall.take(numbered(word, 1))
    by_web(wall, row, Action.UNDO)

    wall.take(numbered(word, 2))

    assert "held" == wall.state(row)
    assert ["accept", "undo"] == [what for what, *_rest in wall.decisions(row)]
    assert [("notice", "used")] == [(one.kind, one.about.get("again")) for one in wall.told(row)[1:]]


def test_two_moderators_at_once_give_one_decision_and_one_clear_answer(wall):
    """One says yes, the other no, in the same moment, in two processes."""
    row = wall.contribution()
    mails = [
        answer(code(wall, row), text="oui"),
        answer(code(wall, row, to=BO), sender=BO, text="non : hors sujet"),
    ]
    start = threading.Barrier(2)

    def take(raw: bytes) -> None:
        with opened_again(wall) as store, Intake(store, store.settings) as intake:
            start.wait()
            intake.take(raw, received_at=LATER, now=LATER, channel="imap")

    threads = [threading.Thread(target=take, args=(raw,)) for raw in mails]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 1 == len(wall.decisions(row))
    told = [letter.kind for letter in (*wall.told(row), *wall.told(row, BO))]
    assert ["answer-already", "answer-done"] == sorted(told)


def opened_again(wall) -> Store:
    from ingest.correspondence.policy import open_store

    return open_store(wall.store.settings)


class _Cut(BaseException):
    """The power goes."""


class _Failing(Store):
    """A store that stops at its nth transaction, before or after it."""

    def cut(self, number: int, *, before: bool) -> None:
        """From now on."""
        inner = self._database.writing
        left = [number]

        def writing():
            left[0] -= 1
            if left[0] < 0 or (before and left[0] == 0):
                raise _Cut
            return inner()

        self._database.writing = writing


@pytest.mark.parametrize("text", ["oui", "oui mais", "corrigé"])
@pytest.mark.parametrize("number", range(1, 8))
def test_an_answer_that_was_cut_off_is_finished_when_it_comes_again(tmp_path, text, number):
    """After each of its transactions: the same lines and the same letters as if nothing had happened."""
    from ingest.correspondence.policy import policy
    from ingest.store.secret import key_of

    wall = opened(tmp_path)
    row = wall.contribution()
    body = text_of(wall.notice()).partition("publié ========")[2].partition("====")[0].replace("trentaine", "vingtaine")
    raw = answer(code(wall, row), text=f"corrigé :\n{body}" if text == "corrigé" else text)
    settings = wall.store.settings
    failing = _Failing.open(settings, policy=policy(settings, key_of(settings.paths.state).hash))
    failing.cut(number, before=True)
    with failing, Intake(failing, settings) as intake, suppress(_Cut):
        intake.take(raw, received_at=LATER, now=LATER, channel="imap")

    taken = wall.take(raw)

    expected = {
        "oui": (["accept"], ["answer-done"]),
        "oui mais": ([], ["answer-unclear"]),
        "corrigé": (["edit", "accept"], ["answer-done"]),
    }[text]
    assert expected == ([what for what, *_ in wall.decisions(row)], [one.kind for one in wall.told(row)])
    assert 1 == [entry.what for entry in wall.store.journal(taken.id)].count(DONE)
    wall.close()


def test_what_was_decided_already_is_told_with_who_and_when(wall):
    """And can be taken back by answering."""
    row = wall.contribution()
    by_web(wall, row, Action.REJECT)

    wall.take(answer(code(wall, row)))

    letter = wall.told(row)[0]
    told = text_of(wall.written(letter))
    assert "answer-already" == letter.kind
    assert "a déjà été décidée (refusée par Bo le 22/11/2026 à 11:30)" in " ".join(told.split())
    wall.take(answer(wall_code(wall, letter), text="annuler"), at=LATER + DAY)
    assert "held" == wall.state(row)


def wall_code(wall, letter) -> str:
    """The code that a letter carries."""
    from ingest.moderation.weighing import code_of

    return code_of(wall.store, letter)


def test_a_decision_is_confirmed_and_can_be_taken_back(wall):
    """`annuler`, once; the next letter asks again, and its answer counts."""
    row = wall.contribution()
    wall.take(answer(code(wall, row)))
    first = wall.told(row)[-1]

    wall.take(answer(wall_code(wall, first), text="Annuler, merci"), at=LATER + DAY)
    second = wall.told(row)[-1]
    wall.take(answer(wall_code(wall, second), text="non : hors sujet"), at=LATER + 2 * DAY)

    assert ["accept", "undo", "reject"] == [what for what, *_ in wall.decisions(row)]
    assert "« annuler »" in text_of(wall.written(first)).replace("\u202f", " ")
    assert "rejected" == wall.state(row)


def test_what_is_put_off_can_be_decided_by_answering_the_confirmation(wall):
    """ "Plus tard" is not the end of a conversation."""
    row = wall.contribution()
    wall.take(answer(code(wall, row), text="plus tard"))

    wall.take(answer(wall_code(wall, wall.told(row)[-1]), text="oui"), at=LATER + DAY)

    assert ["defer", "accept"] == [what for what, *_ in wall.decisions(row)]


def test_retirer_takes_what_was_accepted_away(wall):
    """In answer to the confirmation; in answer to a notice there is nothing to take away."""
    row, other = wall.contribution(), wall.contribution(subject="Autre")
    wall.take(answer(code(wall, row)))

    wall.take(answer(wall_code(wall, wall.told(row)[-1]), text="retirer"), at=LATER + DAY)
    wall.take(answer(code(wall, other), text="retirer"))

    assert ("withdrawn", "held") == (wall.state(row), wall.state(other))
    assert ["elsewhere"] == [letter.about.get("why") for letter in wall.told(other)]


def test_a_text_that_changed_is_shown_again(wall):
    """The answer was to another text; it decides nothing, and a new notice follows."""
    row = wall.contribution()
    word = code(wall, row)
    document = wall.store.document(row.id).replace("trentaine", "vingtaine")
    edit(wall.store, row.id, document, seen=row.digest, by="Bo", channel="web", at=LATER)

    wall.take(answer(word))

    assert "held" == wall.state(row)
    notice = wall.told(row)[-1]
    assert ("notice", "changed") == (notice.kind, notice.about["again"])
    assert "vingtaine" in text_of(wall.written(notice))


def test_a_reason_is_asked_for_and_nothing_is_decided_without(wall):
    """Whoever wrote it will read the reason."""
    row = wall.contribution()
    wall.take(answer(code(wall, row), text="non"))
    letter = wall.told(row)[-1]

    assert "held" == wall.state(row)
    assert "non : doublon" in text_of(wall.written(letter)).replace("\u202f", " ")
    wall.take(answer(wall_code(wall, letter), text="non : c’est un doublon"), at=LATER + DAY)
    assert [("reject", "Claudine Martin", "mail", "c’est un doublon")] == wall.decisions(row)


def test_a_reason_never_holds_what_reaches_its_writer(wall):
    """A signature that slipped in would go to a stranger."""
    row = wall.contribution()

    wall.take(answer(code(wall, row), text="non : hors sujet, appelez-moi au 06 98 76 54 32"))

    assert "06" not in wall.decisions(row)[0][3]


def test_two_programs_do_not_answer_each_other_for_ever(wall):
    """At most five letters of a kind a day on one contribution."""
    row = wall.contribution()
    word = code(wall, row)

    for number in range(12):
        wall.take(numbered(word, number, text="Je suis en vacances."))

    assert ["answer-unclear"] * 5 == [letter.kind for letter in wall.told(row)]


@pytest.mark.parametrize(
    "field", ["Auto-Submitted: auto-replied", "X-Autoreply: yes", "Precedence: auto_reply"], ids=lambda field: field[:9]
)
def test_a_program_that_says_so_is_no_answer(wall, field):
    """RFC 3834: it is refused as what it is, and nobody writes back."""
    row = wall.contribution()

    taken = wall.take(answer(code(wall, row), more=f"{field}\n"))

    assert ("refused", "auto-reply") == (taken.outcome, taken.reason)
    assert ("held", []) == (wall.state(row), wall.told(row))


def test_an_answer_that_nobody_vouches_for_is_told_to_its_person_once_a_day(wall):
    """Their provider may have failed them, or somebody got hold of their notice."""
    row = wall.contribution()
    word = code(wall, row)

    for number in range(3):
        wall.take(numbered(word, number, results=""))

    assert [("answer-unclear", "unverified")] == [(one.kind, one.about["why"]) for one in wall.told(row)]
    assert "Référence" not in text_of(wall.written(wall.told(row)[0]))


def test_a_stranger_with_a_forwarded_notice_decides_nothing_and_hears_nothing(wall):
    """The code is Claudine's."""
    row = wall.contribution()

    taken = wall.take(answer(code(wall, row), sender="inconnue@example.net"))

    assert "unverified-answer" == taken.reason
    assert ("held", []) == (wall.state(row), wall.told(row))
    assert "#" not in wall.store.facts(taken.id).subject


def test_two_persons_have_to_say_yes_where_that_is_the_rule(tmp_path):
    """The first yes by mail is an agreement, the second accepts."""
    wall = opened(tmp_path, more='two_persons = ["article"]')
    row = wall.contribution()

    wall.take(answer(code(wall, row)))
    between = wall.state(row)
    wall.take(answer(code(wall, row, to=BO), sender=BO), at=LATER + DAY)

    assert ("held", "accepted") == (between, wall.state(row))
    assert ["agree", "accept"] == [what for what, *_ in wall.decisions(row)]
    assert "il en faut un second" in " ".join(text_of(wall.written(wall.told(row)[0])).split())
    wall.close()


def test_a_code_for_revising_accepts_nothing(wall):
    """What it allows is in its signature."""
    row = wall.contribution()

    wall.take(answer(code(wall, row, scope=Scope.REVISE)))

    assert "held" == wall.state(row)
    assert CLAUDINE == wall.store.settings.moderators[0].address


@pytest.mark.parametrize("text", ["oui", "Une histoire que je veux raconter, longuement."])
def test_a_moderator_may_write_to_the_wall_like_everybody(wall, text):
    """What holds nothing of ours is a contribution, whoever sends it."""
    raw = answer("", text=text).replace(b"Subject: Re: (#)", b"Subject: Une histoire")

    assert "held" == wall.take(raw).outcome


def test_an_answer_whose_notice_nobody_knows_any_more_is_no_contribution(wall):
    """The letter was forgotten, the code is gone: kept, and nothing of it waits for the site."""
    more = f"In-Reply-To: <letter.{'0' * 32}@example.org>\n"

    taken = wall.take(answer("", more=more, text="oui"))

    assert ("handled", "unverified-answer") == (taken.outcome, taken.reason)


def test_what_a_moderator_answered_can_be_exported_and_erased(wall):
    """An answer is kept like any mail that brought no draft, and forgotten like one."""
    row = wall.contribution()
    taken = wall.take(answer(code(wall, row)))

    kept = wall.store.find(taken.id)

    assert ("discarded", "answer") == (kept.state.value, kept.reason)
    assert ["refuse", DONE] == [entry.what for entry in wall.store.journal(taken.id)]
