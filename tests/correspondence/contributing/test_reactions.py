"""Reactions find their post by any of three keys, however mangled, and never a wrong one."""

from __future__ import annotations

import email.header
import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import message
from ingest.body import keys
from ingest.correspondence.contributing import reactions
from ingest.correspondence.letter import Unsent
from ingest.moderation import Decision, decide
from ingest.states import Action
from tests.correspondence.answers.wall import LATER
from tests.correspondence.contributing.people import STRANGER, letter, mail, online, written
from tests.growth import is_linear

NUMBERS = (1, 7, 14, 142, 1420, 98765)
TITLES = (
    "",
    "Une soirée sur la place",
    "Déchets\u202f: la mairie a-t-elle menti\u202f? Récit d’une longue réunion publique",
)
PREFIXES = ("", "Re: ", "RE : ", "Re: RE : TR: ", "Réf : ", "AW: ", "Fwd: ", "Re: [Le mur] ", "[SPAM?] Re: ")
MANGLED = [
    line
    for line in (Path(__file__).parent / "subjects.txt").read_text(encoding="utf-8").splitlines()
    if line[:2] != "# "
]
TEXT = "Je suis d’accord avec vous, et nous sommes nombreux dans ma rue.\n"


def unescaped(text: str) -> str:
    """`{U+2011}` as that character."""
    return re.sub(r"\{U\+([0-9A-F]{4})\}", lambda found: chr(int(found[1], 16)), text)


@pytest.mark.parametrize("mangled", MANGLED)
def test_a_subject_names_its_post_however_it_was_mangled(mangled):
    """Each way, with every number, title and prefix: this post and no other."""
    wrong = []
    for number, title, prefix in itertools.product(NUMBERS, TITLES, PREFIXES):
        subject = prefix + unescaped(mangled).replace("N", str(number)).replace("TITLE", title)
        if keys.named(subject) != (number,):
            wrong.append((subject, keys.named(subject)))

    assert [] == wrong


@pytest.mark.parametrize("number", NUMBERS)
def test_a_cut_key_is_none(number):
    """Wherever a subject ends: the whole number, or nothing."""
    whole = f"Re: Une longue phrase qui remplit la ligne d’un objet presque entière [mur-{number}] fin"
    turned = f"Re: [mur-{number}] Une longue phrase"

    found = {keys.named(subject[:end]) for subject in (whole, turned) for end in range(len(subject) + 1)}

    assert {(), (number,)} == found


@pytest.mark.parametrize(
    "subject",
    [
        "Le mur 142 de la rue Haute", "(le mur 12)", "Un mur-vivant", "mur-12,5 mètres", "mur-12@example.org",
        "[mur-0]", "[mur-14 2]", "[mur-abc]", "murmur-12", "Mur de 142 mètres", "[mur-1234567890123]",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_key_is_none(subject):
    """Walls are spoken of."""
    assert () == keys.named(subject)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("mur+mur-142@example.org", (142,)),
        ("Le mur <MUR+Mur-142@Example.org>", (142,)),
        ("=?utf-8?q?Le_mur?= <mur+mur-142@example.org>, autre@example.net", (142,)),
        ("mur@example.org", ()),
        ("mur+mur-142@example.net", ()),
        ("lemur+mur-142@example.org", ()),
        ("mur+mur-142@example.org.example.net", ()),
        ("mur+autre-142@example.org", ()),
    ],
)
def test_a_plus_address_names_a_post(value, number):
    """One of ours, and no other's."""
    assert number == keys.tagged([value], ["mur@example.org"])


@given(st.text(max_size=200))
def test_any_subject_is_read(text):
    """Whatever stands there."""
    assert all(0 < number < 10**9 for number in keys.named(text))
    assert () == tuple(number for number in keys.named(keys.without(text)) if number not in keys.named(text))


@pytest.mark.parametrize("piece", ["[mur-", "mur-1 ", "(mur ", "[mur-1] ", "=5B", "%5B", "&#91;"])
def test_reading_keys_is_linear(piece):
    """A long text costs its length."""
    assert is_linear(lambda size: (keys.named(piece * size), keys.without(piece * size)), 2_000)


@pytest.fixture(scope="module")
def posts(wall):
    """Three posts that are online."""
    return [online(wall, written(wall, title)) for title in ("La place du marché", "Les loyers", "Un appel de trop")]


def made(subject: str, to: str, thread: str) -> bytes:
    """A mail with some of the keys."""
    more = [("To", to), *([("In-Reply-To", thread), ("References", thread)] if thread else [])]
    raw = subject.replace("\n", "\r\n").encode()
    return mail(TEXT, "OBJET", more=tuple(more)).replace(b"Subject: OBJET", b"Subject: " + raw)


def test_the_right_post_with_any_of_the_keys(wall, posts):
    """Every client loses some of the three: of those that keep one, at least 98 % find their post, none another one."""
    settings = replace(wall.store.settings, wall=replace(wall.store.settings.wall, plus=True))
    told = {post.number: letter(wall, post, "published") for post in posts}
    shapes = [
        lambda text: text,
        lambda text: email.header.Header(text, "utf-8").encode(),
        lambda text: email.header.Header(text, "iso-8859-15").encode(),
        lambda text: email.header.Header(text, "utf-8", maxlinelen=40).encode(),
        str.upper,
        lambda text: text[:78],
    ]
    right = wrong = count = 0
    for post, shape, (plus, named, thread) in itertools.product(
        posts, shapes, itertools.product([True, False], repeat=3)
    ):
        for prefix in ("Re: ", "RE : TR: ", "Réaction à "):
            key = f"[mur-{post.number}] " if named else ""
            subject = shape(f"{prefix}{key}Une très longue soirée sur la place, et ce qu'on en dit")
            to = f"mur+mur-{post.number}@example.org" if plus else "mur@example.org"
            raw = made(subject, to, told[post.number].id if thread else "")
            read = message.read(raw, limits=settings.limits, authserv_id="mx.example.org")
            found = set(reactions.numbers(read, settings))
            threads = (
                {post.number}
                if thread and told[post.number].id.strip("<>") in raw.decode("utf-8", "replace")
                else set()
            )
            count += plus or named or thread
            right += (plus or named or thread) and found | threads == {post.number}
            wrong += bool(found - {post.number})

    assert 0 == wrong
    assert right >= 0.98 * count


def taken(
    wall, subject: str, *, text: str = TEXT, to: str = "mur@example.org", thread: str = "", sender: str = STRANGER
):
    """What a mail became: its row and its draft."""
    more = [("To", to), *([("In-Reply-To", thread)] if thread else [])]
    came = wall.store.find(wall.take(mail(text, subject, sender=sender, more=tuple(more))).id)
    return came, wall.store.draft(came.id)


def test_a_reaction_waits_with_its_post_and_without_its_key(wall, posts):
    """Kind, post, title; the key stands neither in the title nor in the text; what the subject said is kept aside."""
    number = posts[0].public
    came, draft = taken(wall, f"Re: [{number}] Bien dit", text=f"{TEXT}\nVoir aussi [{number}] plus haut.\n")

    assert ("held", "reaction", {"Reply_to": number}) == (came.state, draft.kind, dict(draft.extra))
    assert "Réaction à « La place du marché »" == draft.title
    assert number not in draft.title + draft.body
    assert "Bien dit" in [piece.text for piece in wall.store.removed(came.id)]


@pytest.mark.parametrize("key", ["subject", "thread"])
def test_a_reader_reacts_by_either_key(wall, posts, key):
    """In the subject, or by answering the letter that somebody passed on."""
    thread = letter(wall, posts[1], "published").id if key == "thread" else ""
    subject = f"[{posts[1].public}]" if key == "subject" else "Re: votre billet"

    came, draft = taken(wall, subject, thread=thread, text=f"Par {key}, je réponds que les loyers montent.\n")

    assert ("reaction", posts[1].public) == (came.kind, draft.extra["Reply_to"])


def test_an_answer_to_a_reaction_stands_under_the_post(wall, posts):
    """There is one level: whoever answers a reaction answers its post."""
    came, _draft = taken(wall, f"[{posts[2].public}]", text="Une première réaction, assez longue pour être lue.\n")
    reaction = online(wall, came)

    _row, draft = taken(wall, f"[{reaction.public}]", text="Je réponds à la première réaction, moi aussi.\n")

    assert posts[2].public == draft.extra["Reply_to"]


def test_two_keys_that_disagree_leave_the_choice(wall, posts):
    """Held as an article, with a warning that names both."""
    first, second = posts[0].public, posts[1].public
    came, draft = taken(wall, f"Re: [{first}] et aussi [{second}]", text="Les deux se tiennent, à mon avis.\n")

    assert ("article", {}) == (came.kind, dict(draft.extra))
    assert f"which-post: {first}, {second}" in came.warnings
    assert "mur-" not in draft.title


@pytest.mark.parametrize("how", ["unknown", "withdrawn", "waiting"])
def test_a_post_that_is_not_online_has_no_reactions(wall, how):
    """Held as an article, with a warning."""
    number = "mur-99999"
    if how != "unknown":
        row = online(wall, written(wall, f"Hors ligne {how}"))
        number = row.public
        action = Action.WITHDRAW if how == "withdrawn" else Action.UNDO
        decide(wall.store, Decision(action=action, id=row.id, by="Bo", digest=None, channel="web", at=LATER))

    came, draft = taken(wall, f"[{number}] Ma réponse", text=f"Je réponds à un billet ({how}), et je le dis.\n")

    assert ("article", f"not-online: {number}") == (draft.kind, came.warnings[-1])
    assert "Ma réponse" == draft.title


CANARIES = (
    "canari-corps@example.com",
    "06 99 88 77 66",
    "canari-cite@example.com",
    "Canari Cité",
    "192.0.2.55",
    "canari-client",
)


def test_canaries_of_a_reaction_and_of_an_answer_stay_private(wall, posts):
    """Addresses, a number, a name in a quote, a header: not in a draft, a journal, nor a letter to anybody else."""
    text = (
        f"{TEXT}\nÉcrivez-moi à canari-corps@example.com ou au 06 99 88 77 66.\n\n"
        "Le 20 nov. 2026 à 10:00, Canari Cité <canari-cite@example.com> a écrit :\n> Viens ce soir.\n"
    )
    more = (("X-Originating-IP", "[192.0.2.55]"), ("User-Agent", "canari-client 1.0"))
    thread = letter(wall, posts[0], "published").id
    raws = [
        mail(text, f"[{posts[0].public}]", more=more),
        mail(text, "Re: votre lettre", more=(*more, ("In-Reply-To", thread)), sender="canari-auteur@example.com"),
    ]

    rows = [wall.store.find(wall.take(raw).id) for raw in raws]

    shown = [wall.store.document(row.id) for row in rows]
    shown += [repr(entry) for row in rows for entry in wall.store.journal(row.id)]
    for one in wall.letters("notice"):
        if one.contribution in {row.id for row in rows}:
            written_ = wall.written(one, at=LATER)
            shown += [] if isinstance(written_, Unsent) else [written_.as_string()]
    assert ["reaction", "command"] == [row.kind for row in rows]
    assert [] == [canary for canary in CANARIES if any(canary in text for text in shown)]
