"""Who may decide by mail: six conditions, each met or not, in real mails."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta
from itertools import product

import pytest

from ingest.moderation.entitled import Conditions, entitled
from ingest.moderation.tokens import Grant, Scope
from ingest.moderation.weighing import tokens
from tests.correspondence.answers.wall import BO, CLAUDINE, LATER, NOW, opened

ALL = tuple(each.name for each in fields(Conditions))
STRANGER = "inconnue@example.net"
PASS = "mx.example.org; spf=pass smtp.mailfrom=example.net; dmarc=pass header.from=example.net"


def answer(code: str, *, sender: str = CLAUDINE, results: str = PASS, more: str = "", text: str = "oui") -> bytes:
    """A mail with a code in its subject and nothing else that is ours."""
    field = f"Authentication-Results: {results}\n" if results else ""
    head = f"Return-Path: <{sender}>\n{field}From: {sender}\n{more}To: mur@example.org\nSubject: Re: (#{code})\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".replace("\n", "\r\n").encode()


def code(wall, row, *, to: str = CLAUDINE, issued=NOW, scope: Scope = Scope.DECIDE) -> str:
    """The code of a letter that showed the draft as it is."""
    grant = Grant(id=row.id, who=wall.store.who(to), digest=row.digest, scope=scope, issued=issued)
    return tokens(wall.store).code(grant)


def spoilt(word: str) -> str:
    """A code that another secret signed."""
    return word[:-1] + ("a" if word[-1] != "a" else "b")


@pytest.fixture(scope="module")
def wall(tmp_path_factory):
    made = opened(tmp_path_factory.mktemp("wall"), more="[floods]\nsender_daily = 0\nqueue = 0")
    yield made
    made.close()


@pytest.mark.parametrize("met", list(product((True, False), repeat=6)), ids=lambda met: "".join("01"[on] for on in met))
def test_one_of_the_64_combinations_decides(wall, met):
    """Only all six together; whatever is missing, nothing changes, and the mail is kept as what it is."""
    alone, listed, vouched, signed, theirs, fits = met
    row = wall.contribution(subject=f"Une soirée {met}")
    sender = CLAUDINE if listed else STRANGER
    word = code(wall, row, to=sender if theirs else BO, issued=LATER - timedelta(days=0 if fits else 15))
    raw = answer(
        word if signed else spoilt(word),
        sender=sender,
        results=PASS if vouched else PASS.replace("pass", "fail"),
        more="" if alone else f"From: {STRANGER}\n",
    )

    taken = wall.take(raw)

    assert ("accepted" if all(met) else "held") == wall.state(row)
    assert "handled" == taken.outcome
    assert ("answer" if all(met[:5]) else "unverified-answer") == taken.reason
    assert None is wall.store.find(taken.id).digest


def test_the_function_itself_wants_all_six():
    """The same, of the values."""
    every = list(product((True, False), repeat=6))

    assert [(True,) * 6] == [met for met in every if entitled(Conditions(**dict(zip(ALL, met, strict=True))))]


@pytest.mark.parametrize(
    "results",
    [
        "",
        "mx.example.org.evil.example.com; dmarc=pass header.from=example.net",
        "mx.example.com; dmarc=pass header.from=example.net",
        "mx.example.org; dmarc=pass header.from=example.com",
        "mx.example.org; spf=pass smtp.mailfrom=example.net; dkim=pass header.d=example.net",
        f"mx.example.org; dmarc=none header.from=example.net\nAuthentication-Results: {PASS}",
        "mx.example.org (dmarc=pass); dmarc=fail header.from=example.net",
    ],
)
def test_what_others_say_of_a_sender_is_not_believed(wall, results):
    """No field, another server's, another domain's, one below the topmost, a word in a comment."""
    row = wall.contribution(subject=f"Une soirée {len(results)}")

    taken = wall.take(answer(code(wall, row), results=results))

    assert "held" == wall.state(row)
    assert "unverified-answer" == taken.reason


@pytest.mark.parametrize(
    "settings", [{"by_mail": "false"}, {"authserv_id": ""}], ids=["switched off", "no name of our server"]
)
def test_a_wall_may_have_no_decisions_by_mail(tmp_path, settings):
    """Then answers are kept, and no letter asks for one."""
    wall = opened(tmp_path, **settings)
    row = wall.contribution()

    taken = wall.take(answer(code(wall, row)))

    assert "held" == wall.state(row)
    assert ("handled", "unverified-answer") == (taken.outcome, taken.reason)
    assert ["off"] == [letter.about["why"] for letter in wall.told(row)]
    assert "répondez" not in wall.notice().get_body(("plain",)).get_content()
    wall.close()


def test_a_code_is_worth_nothing_on_another_purpose_or_text(wall):
    """Another contribution, another version, another action set, another wall's key."""
    row, other = wall.contribution(subject="Une"), wall.contribution(subject="Autre")
    signer = tokens(wall.store)
    grant = Grant(id=row.id, who=wall.store.who(CLAUDINE), digest=row.digest, scope=Scope.DECIDE, issued=NOW)
    word = signer.code(grant)
    changed = {
        "id": other.id,
        "who": wall.store.who(BO),
        "digest": "0" * 64,
        "scope": Scope.REVISE,
        "issued": NOW + timedelta(seconds=1),
    }

    assert grant == signer.find(word, [grant])
    assert [None] * 5 == [
        signer.find(word, [Grant(**{name: getattr(grant, name) for name in Grant.__slots__} | {key: value})])
        for key, value in changed.items()
    ]
    assert 32 == len(word)


def test_garbage_is_no_code():
    """Whatever stands behind the sign."""
    from ingest.moderation.tokens import claim

    assert [None] * 5 == [claim(text) for text in ("", "a" * 31, "é" * 32, "0189" * 8, "a" * 4000)]


def test_a_word_with_32_letters_behind_a_sign_is_no_answer(wall):
    """A long hashtag in somebody's subject leaves their mail a contribution."""
    raw = answer("anticonstitutionnellementencoreun", sender=STRANGER, text="Une histoire de loyers, racontée.")

    assert "held" == wall.take(raw).outcome
