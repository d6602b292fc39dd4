"""Searching: what is found, that nothing typed is an error, and that nothing erased is left in the file of words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as fuzz
from hypothesis import strategies as st

from ingest.errors import Refused
from ingest.model import Draft, Kind, Markdown
from ingest.moderation import edit
from ingest.states import Action, State
from ingest.store import Store, Tag
from ingest.store.asking import query
from tests.growth import cost
from tests.store.many import fill
from tests.store.walls import NOW, converted, decided, held, wall

CANARY = "serinhameau"


def text_of(n):
    """A draft in which one word is everywhere, and one nowhere else."""
    common = " ".join(("voisines", "marché", "jardin", "théâtre")[(n + k) % 4] for k in range(40))
    return f"Title: Billet {n}\nKind: article\nTags: rue, n{n % 5}\nLang: fr\n\nUn mur, unique{n}, {common}.\n"


def titles(found):
    """What was found, in a word."""
    return [hit.title for hit in found.hits]


@pytest.fixture
def filled(store):
    """A store with two contributions."""
    held(store, b"1", converted(title="Une fête au café", body="Venez samedi à l’école.\n"))
    body = "Les **marchés** d\\*été, [le plan](https://example.org/cachette) &amp; œuvres\n"
    held(store, b"2", converted(title="Le cœur du marché", body=body))
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("cafe", ["Le cœur du marché", "Une fête au café"]),
        ("FETE Cafés", ["Une fête au café"]),
        ("ecoles", ["Une fête au café"]),
        ("l'école,", ["Une fête au café"]),
        ("coeur", ["Le cœur du marché"]),
        ("œuvre", ["Le cœur du marché"]),
        ("« cœur du marché »", ["Le cœur du marché"]),
        ('"marché cœur"', []),
        ("march", ["Le cœur du marché"]),
        ("cachette", []),
        ("amp", []),
        ("6b86b273", ["Une fête au café"]),
        ("mur-1", []),
        ("samedi marché", []),
        ("", []),
        ("*** ' \" ) AND (", []),
    ],
)
def test_what_is_found(filled, words, found):
    """Without accents and capitals, by the beginning of a word, by an id; addresses of links are no words."""
    assert found == titles(filled.search(words))


def test_what_was_found_is_marked_in_plain_text(filled):
    """Offsets into a text without a mark of Markdown."""
    (hit,) = filled.search("marché").hits

    assert ["marché"] == [hit.title[start:end] for start, end in hit.title_marks]
    assert ["marchés"] == [hit.excerpt[start:end] for start, end in hit.excerpt_marks]
    assert "Les marchés d*été, le plan & œuvres" == hit.excerpt
    assert ("café",) == hit.tags


def test_the_index_follows_what_happens(filled):
    """Corrected, accepted and counted: the next search knows."""
    (hit,) = filled.search("samedi").hits
    text = "Title: Une fête\nKind: event\nLang: fr\n\nVenez dimanche.\n"
    edit(filled, hit.row.id, text, seen=hit.row.digest, by="max", channel="cli", at=NOW)
    decided(filled, hit.row, Action.ACCEPT)

    assert [] == titles(filled.search("samedi"))
    assert ["Une fête"] == titles(filled.search("dimanche", states=[State.ACCEPTED], kind=Kind.EVENT))
    assert ["Une fête"] == titles(filled.search("mur-1"))
    assert [] == titles(filled.search("dimanche", states=[State.HELD]))
    assert [] == titles(filled.search("dimanche", states=[]))


@pytest.mark.parametrize("damage", [b"", b"not a database at all" * 300, None])
def test_a_damaged_or_missing_index_is_made_again(filled, settings, damage):
    """The file of words is worth nothing that the rows cannot give back."""
    assert ["Le cœur du marché"] == titles(filled.search("marché"))
    path = settings.paths.state / "search.db"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)

    assert ["Le cœur du marché"] == titles(filled.search("marché"))
    assert 0o600 == path.stat().st_mode & 0o777


def test_another_journal_is_another_index(filled, settings, tmp_path):
    """A backup that was put back: what is found is what is there now."""
    filled.search("marché")
    other = wall(tmp_path / "other")
    with Store.open(other) as second:
        held(second, b"3", converted(title="Autre chose"))
        second.search("autre")
        (other.paths.state / "search.db").rename(settings.paths.state / "search.db")

    assert [] == titles(filled.search("autre"))
    assert ["Le cœur du marché"] == titles(filled.search("marché"))


def test_looking_only_writes_nothing(filled, settings):
    """A store that was opened to look searches too, and makes no file."""
    filled.close()
    with Store.open(settings, readonly=True) as store:
        assert ["Le cœur du marché"] == titles(store.search("marché"))

    assert not (settings.paths.state / "search.db").exists()


def test_what_is_erased_is_in_no_byte_of_the_index(store, settings):
    """Title, text and tag of what was erased, and of what was corrected away before."""
    told = converted(title=f"Titre {CANARY}", body=f"Corps {CANARY} et {CANARY}fin.\n")
    row = held(store, b"1", replace(told, draft=replace(told.draft, tags=(f"tag{CANARY}",))))
    held(store, b"2")
    assert 1 == len(store.search(CANARY).hits)
    edited = f"Title: Autre\nKind: article\nLang: fr\n\nAutre {CANARY}bis.\n"
    row = edit(store, row.id, edited, seen=row.digest, by="max", channel="cli", at=NOW)
    assert 1 == len(store.search(f"{CANARY}bis").hits)

    store.bury(row.id, by="zoe", channel="cli", at=NOW)
    store.scrub()

    files = list(settings.paths.state.glob("search.db*"))
    assert files
    assert [] == [path.name for path in files if CANARY.encode() in path.read_bytes().lower()]
    assert [] == titles(store.search(CANARY))
    assert ["Une fête au café"] == titles(store.search("fête"))


def test_pages_follow_one_another(store):
    """The newest first, none twice, none left out; a page that nobody gave is refused."""
    fill(store, 45, text_of)
    seen, after = [], None
    for _page in range(3):
        found = store.search("mur", limit=20, after=after)
        seen, after = [*seen, *titles(found)], found.after

    assert [f"Billet {n}" for n in reversed(range(45))] == seen
    assert after is None
    for bad in ("x", "-1", "9" * 30):
        with pytest.raises(Refused):
            store.search("mur", after=bad)


def test_tags_in_use(store):
    """The most used first; capitals alone make no other tag, and spam proposes nothing."""
    for n, tags in enumerate((("Vélo", "rue"), ("vélo",), ("vélo",), ("pub",))):
        told = converted()
        draft = Draft(kind=Kind.ARTICLE, title="", byline="", tags=tags, lang="fr", body=Markdown("x\n"))
        row = held(store, b"%d" % n, replace(told, draft=draft))
    decided(store, row, Action.SPAM)

    assert (Tag(name="vélo", count=3), Tag(name="rue", count=1)) == store.known_tags()


def test_what_else_somebody_sent(store):
    """Known by a keyed hash, the newest first, without the one that is looked at."""
    fill(store, 60, text_of)
    row = store.rows(limit=1)[0]

    others = store.of_sender(row)

    assert [NOW + timedelta(minutes=n) for n in (40, 20)] == [other.received_at for other in others]
    assert {row.sender_key} == {other.sender_key for other in others}


@fuzz(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(words=st.one_of(st.text(max_size=60), st.text(alphabet="\"*()'«»{}:^-+ANDORTNE~\0\ud800é7 ", max_size=60)))
def test_nothing_typed_is_an_error(filled, words):
    """Whatever is typed is looked for, or nothing is."""
    assert len(filled.search(words, states=[State.HELD]).hits) <= 2


@given(words=st.text(max_size=2_000))
def test_a_query_is_bounded(words):
    """However much is typed."""
    assert len(query(words)) < 4_000


@pytest.fixture(scope="module")
def walls(tmp_path_factory):
    """Two walls that are alike, but for a hundred times more on the second."""
    opened = []
    for count in (100, 10_000):
        store = Store.open(wall(tmp_path_factory.mktemp(str(count))))
        fill(store, count, text_of)
        store.search("mur")
        opened.append(store)
    yield opened
    for store in opened:
        store.close()


@pytest.mark.long
@pytest.mark.parametrize("words", ["unique57", "mur", "marché jardins", "m"])
def test_a_hundred_times_more_is_no_slower(walls, words):
    """10,000 contributions: a search costs at most twice what it costs among 100. CPU, the best of several runs."""

    def ten(store):
        return cost(lambda: [store.search(words) for _ in range(10)])

    few, many = (min(ten(store) for _ in range(5)) for store in walls)

    assert all(store.search(words).hits for store in walls)
    assert many <= 2 * few
