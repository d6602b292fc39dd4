"""`make bench`: its generators are seeded and right, its arithmetic is right, its table keeps what was not measured."""

from __future__ import annotations

import importlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.progress import Progress

from ingest.conversion import convert
from ingest.model import Converted
from ingest.publication import article
from ingest.settings import Settings
from ingest.states import State
from ingest.store import Store
from plugins.rendering import render
from tests.bench import crowds, guarding, mails, posts, report, rows, walls
from tests.bench.bench import SMALL, Bench
from tests.bench.measuring import Cost, Failed, Pairs, exponent, in_turn, run
from tests.bench.targets import limits, publishing

NOW = datetime(2026, 11, 1, tzinfo=UTC)
_TEXT = """# Words

<!-- ratios -->
| target | measure | beside | at most | reached | verdict |
|---|---|---|---|---|---|
| fetch | CPU | mbsync | 0.30 | 0.200 | reached |
| cold | wall | python | 2.00 | 1.500 | reached |
<!-- end of ratios -->
more words
<!-- growth -->
| target | what | CPU | exponent | at most | verdict |
|---|---|---|---|---|---|
<!-- end of growth -->
"""


def test_posts_are_the_same_for_the_same_number():
    """A site of a thousand begins as one of ten does, but for its dates."""
    first, again = posts.posts(10), posts.posts(10)

    assert again == first
    assert [(post.title, post.body, post.tags) for post in posts.posts(20)[:10]] == [
        (post.title, post.body, post.tags) for post in first
    ]


def test_posts_are_of_the_size_and_the_variety_that_a_wall_has():
    """Six hundred words, five tags of two hundred, three in ten with a picture, ten years, no address twice."""
    made = posts.posts(300)

    words = [len(post.body.split()) for post in made]
    assert (min(words) > 450, max(words) < 900) == (True, True)
    assert {len(set(post.tags)) for post in made} == {5}
    assert 60 < sum(bool(post.picture) for post in made) < 120
    assert len({post.date.year for post in made}) >= posts.YEARS
    assert len({post.slug for post in made}) == 300


def test_a_post_can_be_published():
    """Its text form is a draft, and its Markdown a page with its picture."""
    post = next(post for post in posts.posts(20) if post.picture)

    draft = article.parse(article.document(walls.draft_of(post)))
    html = render(draft.body)
    assert draft.tags == post.tags
    assert f"medias/{post.picture}" in html
    assert html.count("<h2") == 2


def test_mails_are_the_same_for_the_same_seed_and_no_two_are_alike():
    """Each of them another one, and the same again."""
    first, again = list(mails.mails(40, photos=False)), list(mails.mails(40, photos=False))

    assert again == first
    assert len(set(first)) == 40


@pytest.mark.parametrize("kind", list(mails.SHARES), ids=lambda kind: kind.__name__)
def test_every_kind_of_mail_becomes_a_draft(kind):
    """A mail of each kind is read whole: a draft with words, a photo where it has one."""
    raw = kind(mails.Random("one of a kind"), "one", mails.FIRST)

    outcome = convert(raw, settings=Settings(), now=NOW).outcome
    assert isinstance(outcome, Converted)
    assert len(outcome.text.split()) > 20
    assert bool(outcome.media) == (kind is mails.photo)
    assert raw.count(b"\n") == raw.count(b"\r\n")


def test_a_wall_that_was_filled_is_one_that_was_lived_in(tmp_path):
    """Rows, documents and files agree, and what waits can be read."""
    settings = walls.new_wall(tmp_path)
    made = posts.posts(5, more=2)

    waiting = walls.fill(settings, made[:5], made[5:])

    with Store.open(settings) as store:
        assert [row.state for row in store.rows()] == [State.PUBLISHED] * 5 + [State.HELD] * 2
        assert [store.draft(held.id).title for held in waiting] == [post.title for post in made[5:]]
        assert store.next_number() == 6
        files = {file.path: file.digest for file in store.article_files()}
    assert files.keys() >= {f"billets/{post.stem}.md" for post in made[:5]}


def test_a_crowd_is_a_wall_too(tmp_path):
    """A tenth waits, and every draft that is still kept is there."""
    settings = walls.new_wall(tmp_path)

    crowds.crowd(settings, 200)

    with Store.open(settings) as store:
        assert store.count() == 200
        held = store.rows([State.HELD])
        assert 8 < len(held) < 40
        assert all(store.document(row.id) for row in held)


def test_the_exponent_is_the_slope_of_the_logarithms():
    """Linear is 1, quadratic is 2, what does not grow is 0."""
    sizes = (100, 1_000, 10_000)

    assert exponent({size: 3.0 * size for size in sizes}) == pytest.approx(1)
    assert exponent({size: 0.5 * size**2 for size in sizes}) == pytest.approx(2)
    assert exponent(dict.fromkeys(sizes, 7.0)) == pytest.approx(0)


def test_pairs_are_run_in_turn_and_judged_by_the_median_of_their_ratios():
    """A B, B A, A B; one pair that a busy machine spoilt changes nothing."""
    ran = []
    costs = iter([1.0, 2.0, 3.0, 1.0, 9.0, 2.0])

    def one(name: str):
        def measured() -> Cost:
            ran.append(name)
            return Cost(cpu=next(costs), wall=0, peak=0)

        return measured

    pairs = in_turn(one("a"), one("b"), pairs=3)

    assert "".join(ran) == "abbaab"
    ratio = pairs.ratio("cpu")
    assert (ratio.value, ratio.least, ratio.most, ratio.pairs) == (pytest.approx(0.5), pytest.approx(1 / 3), 4.5, 3)


def test_what_a_command_costs_is_that_of_its_children_too():
    """A child of a child counts, and a large parent does not make a small child large."""
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(3_000_000))'])"
    ballast = bytearray(200_000_000)

    cost = run(["python3", "-I", "-c", busy])

    assert cost.cpu > 0.03
    assert cost.peak < len(ballast) / 2**20 / 2


def test_a_command_that_fails_is_not_measured():
    """It says so, with its last words."""
    with pytest.raises(Failed, match="no such thing"):
        run(["sh", "-c", "echo no such thing >&2; exit 3"])


def test_the_table_replaces_what_was_measured_and_keeps_the_rest():
    """One target's lines are new, another's stay; a line that is measured no more goes; order is the targets' own."""
    pairs = Pairs(ours=(Cost(cpu=1, wall=1, peak=1),), theirs=(Cost(cpu=4, wall=4, peak=4),))
    line = rows.ratio("fetch", "CPU of 10", "mbsync", at_most=0.3, reached=pairs.ratio("cpu"))
    fit = rows.Fit(target="build", what="full build", points={100: 1.0, 1_000: 9.0}, at_most=1.05)

    text = report.updated(_TEXT, [line, fit], order=("cold", "fetch", "build"))

    assert text.splitlines()[5:8] == [
        "| cold | wall | python | 2.00 | 1.500 | reached |",
        "| fetch | CPU of 10 | mbsync | 0.30 | 0.250 (0.250 to 0.250, 1 pairs) | reached |",
        "<!-- end of ratios -->",
    ]
    assert "| build | full build | 100: 1.00, 1,000: 9.00 | 0.95 | 1.05 | reached |" in text
    assert report.updated(text, [line, fit], order=("cold", "fetch", "build")) == text


def test_what_could_not_be_measured_leaves_what_was():
    """A machine without a peer does not take away what another one found."""
    line = rows.unmeasured("fetch", "CPU", "mbsync", "0.30", "mbsync is not installed")

    text = report.updated(_TEXT, [line], order=("fetch", "cold"))

    assert "| fetch | CPU | mbsync | 0.30 | 0.200 | reached |" in text


def test_a_verdict_is_made_of_what_is_shown():
    """A ratio is judged as rounded as it stands there."""
    assert rows.amount("publish", "files", at_most=30, reached=30).verdict == rows.REACHED
    assert rows.amount("publish", "files", at_most=30, reached=31).verdict == rows.MISSED
    assert rows.Fit(target="a", what="b", points={10: 1.0, 100: 12.0}, at_most=1.05).verdict == rows.MISSED


def test_every_guard_that_is_switched_off_is_there_to_be():
    """One that was renamed or moved would be measured as if it cost nothing."""
    for module, name in guarding.GUARDS:
        assert callable(getattr(importlib.import_module(module), name))


HEADROOM = 1.5
"""What a busy machine may take of a ratio that `make bench` holds to its limit."""


@pytest.fixture
def bench(tmp_path, monkeypatch):
    """Small sizes, nothing shown, nothing kept."""
    monkeypatch.setenv("MUR_BENCH_HOME", str(tmp_path))
    console = Console(quiet=True)
    return Bench(replace(SMALL, growth=(100, 400)), console, Progress(console=console, disable=True))


def _reached(found) -> dict[str, float]:
    return {row.measure: float(row.reached.split()[0]) for row in found if isinstance(row, rows.Line)}


@pytest.mark.long
def test_the_queue_is_shown_soon(bench):
    """`mur queue` beside importing two libraries, with headroom."""
    reached = _reached(limits.cold(bench))

    assert reached["`mur queue`, cold, CPU"] <= 2 * HEADROOM


@pytest.mark.long
def test_the_guards_cost_little_on_good_mail(bench):
    """With guards beside without, with headroom."""
    (reached,) = _reached(limits.guards(bench)).values()

    assert reached <= 1.05 * HEADROOM


@pytest.mark.long
def test_one_post_costs_nearly_the_same_on_a_wall_of_four_times_the_size(bench):
    """A publication of one post at 400 beside 100, with headroom."""
    (reached,) = _reached(publishing.growth(bench)).values()

    assert reached <= 2 * HEADROOM
