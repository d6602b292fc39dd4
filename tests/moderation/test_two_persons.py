"""What two persons have to say yes to: relays, first contributions, what names somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ingest.errors import Refused
from ingest.model import Kind
from ingest.moderation import Decision, edit, item, outcome, queue, second_voice, take, waits_for_second
from ingest.moderation.persons import person, unmet
from ingest.settings import Moderation, Moderator
from ingest.states import Action, State
from ingest.store import AGREE, REVOKE, Store
from tests.store.walls import NOW, converted, decided, everything, held, online, wall

TEXT = "Title: Corrigé\nKind: relay\nLang: fr\n\nAutrement.\n"
SATURDAY = NOW + timedelta(days=3)


def ruled(folder, *rules):
    """A wall with this rule and two moderators."""
    listed = (Moderator(name="Zoé", address="zoe@example.org"), Moderator(name="Max", address="max@example.org"))
    return replace(wall(folder), moderation=Moderation(two_persons=rules), moderators=listed)


@pytest.fixture
def store(tmp_path):
    """Relays need two persons here."""
    with Store.open(ruled(tmp_path, "relay")) as opened:
        yield opened


def relay(store, raw=b"1"):
    """A relay that is held."""
    told = converted()
    return held(store, raw, replace(told, draft=replace(told.draft, kind=Kind.RELAY)))


def accepted(store, row, by, **told):
    """The word of one person, and what came of it."""
    return decided(store, row, Action.ACCEPT, by=by, **told)


def test_one_agrees_and_another_accepts(store):
    """Nothing moves at the first word; the second one is the acceptance."""
    row = relay(store)
    first = accepted(store, row, "zoe", digest=row.digest)
    waiting = queue(store)[0]
    second = accepted(store, row, "max", digest=row.digest)

    assert (State.HELD, None, None) == (first.state, first.accepted_digest, first.number)
    assert "Zoé" == waiting.agreed_by
    assert (State.ACCEPTED, row.digest, 1) == (second.state, second.accepted_digest, second.number)
    assert ["hold", AGREE, "accept"] == [entry.what for entry in store.journal(row.id)]
    assert item(store, second).agreed_by is None


def test_what_is_told(store):
    """That one more voice is needed, then that it is accepted."""
    row = relay(store)
    decision = Decision(action=Action.ACCEPT, id=row.id, by="zoe", digest=row.digest, channel="web", at=NOW)
    first = accepted(store, row, "zoe")
    told_first = outcome(decision, first)
    second = accepted(store, row, "max")

    assert "votre accord est noté ; il faut encore celui d’une autre personne" == told_first
    assert [True, False] == [waits_for_second(decision, one) for one in (first, second)]
    assert "elle est acceptée" == outcome(decision, second)


@pytest.mark.parametrize("again", ["Zoé", "zoe", " ZOÉ ", "zoe@example.org", "Zoe@Example.org"])
def test_one_person_is_one_voice(store, again):
    """By name, address or spelling: the same person does not agree with themselves."""
    row = relay(store)
    accepted(store, row, "Zoé")
    before = everything(store)

    with pytest.raises(Refused, match="vous avez déjà donné votre accord le 08/06/2022"):
        accepted(store, row, again)
    assert everything(store) == before


def test_another_text_needs_both_again(store):
    """A correction in between ends the agreement, even one that is taken back."""
    row = relay(store)
    accepted(store, row, "zoe")
    first = store.document(row.id)
    new = edit(store, row.id, TEXT, seen=row.digest, by="max", channel="web", at=NOW)
    edit(store, row.id, first, seen=new.digest, by="max", channel="web", at=NOW)

    assert State.HELD is accepted(store, row, "max").state
    assert State.ACCEPTED is accepted(store, row, "zoe").state


def test_an_agreement_is_taken_back(store):
    """By undo, once; the decisions before it stay what they were."""
    row = relay(store)
    decided(store, row, Action.DEFER)
    accepted(store, row, "zoe")
    back = decided(store, row, Action.UNDO)

    assert (State.DEFERRED, REVOKE) == (back.state, store.journal(row.id)[-1].what)
    assert {} == dict(store.agreements([row.id]))
    assert State.HELD is decided(store, row, Action.UNDO).state
    assert State.HELD is accepted(store, row, "max").state


def test_putting_off_keeps_an_agreement_and_refusing_ends_it(store):
    """A refusal that is undone begins at the beginning."""
    row = relay(store)
    accepted(store, row, "zoe")
    decided(store, row, Action.DEFER, by="max")
    assert ["Zoé"] == [entry.by for entry in store.agreements([row.id]).values()]
    decided(store, row, Action.REJECT, by="max")
    decided(store, row, Action.UNDO, by="max")

    assert State.DEFERRED is accepted(store, row, "max").state


def test_the_first_one_s_date_is_kept(store):
    """Unless the second one names another."""
    kept, other = relay(store, b"1"), relay(store, b"2")
    for row in (kept, other):
        assert accepted(store, row, "zoe", not_before=SATURDAY).not_before is None

    assert SATURDAY == accepted(store, kept, "max").not_before
    assert NOW == accepted(store, other, "max", not_before=NOW).not_before


def test_what_was_accepted_by_two_needs_no_third_for_a_date(store):
    """But a correction of what is online needs two again."""
    row = relay(store)
    accepted(store, row, "zoe")
    row = online(store, accepted(store, row, "max"))
    assert SATURDAY == accepted(store, row, "zoe", not_before=SATURDAY).not_before
    new = edit(store, row.id, TEXT, seen=row.digest, by="max", channel="web", at=NOW)

    first = accepted(store, row, "zoe")
    assert (row.digest, SATURDAY) == (first.accepted_digest, first.not_before)
    assert new.digest == accepted(store, row, "max").accepted_digest


def test_agreeing_lets_go(store):
    """Whoever agreed is done with it: the second person need not wait."""
    row = relay(store)
    take(store, row.id, by="ZOE", channel="web", at=NOW)
    assert "Zoé" == store.find(row.id).claimed_by

    assert accepted(store, row, "zoe").claimed_by is None


def test_other_kinds_need_one(store):
    """The rule is by kind."""
    row = held(store)

    assert () == second_voice(store, row)
    assert State.ACCEPTED is accepted(store, row, "zoe").state


def test_a_first_contribution(tmp_path):
    """Of this sender, by keyed hash: the second one needs one person, once the first was accepted."""
    with Store.open(ruled(tmp_path, "first")) as store:
        first, second = held(store, b"1"), held(store, b"2")
        assert [("first",)] * 2 == [second_voice(store, row) for row in (first, second)]
        accepted(store, first, "zoe")
        accepted(store, first, "max")

        assert () == second_voice(store, store.find(second.id))
        forged = held(store, b"3", replace(converted(), warnings=("forged",)))
        assert ("first",) == second_voice(store, forged)


def test_who_names_somebody(tmp_path):
    """As the checklist finds it, in the text that is current."""
    with Store.open(ruled(tmp_path, "named")) as store:
        plain = held(store, b"1")
        named = held(store, b"2", converted(body="Hier, la voisine a salué Mme Untel au marché.\n"))

        assert [(), ("named",)] == [second_voice(store, row) for row in (plain, named)]
        text = "Title: Sans nom\nKind: article\nLang: fr\n\nHier, une voisine.\n"
        edit(store, named.id, text, seen=named.digest, by="zoe", channel="web", at=NOW)
        assert State.ACCEPTED is accepted(store, named, "zoe").state


def test_a_rule_that_cannot_be_kept_is_said(tmp_path):
    """One moderator alone, or a word that means nothing."""
    both = ruled(tmp_path, "relay")
    alone = replace(both, moderators=both.moderators[:1])

    assert ["", ""] == [unmet(both), unmet(wall(tmp_path))]
    assert "deux personnes" in unmet(alone)
    assert "« relais »" in unmet(ruled(tmp_path, "relais"))


def test_who_is_who(tmp_path):
    """A name as it is written in mur.toml; somebody who is not there is whoever they say."""
    settings = ruled(tmp_path)

    assert ["Zoé", "Max", "root"] == [person(settings, by) for by in ("zoe", "MAX@example.org", " root ")]
