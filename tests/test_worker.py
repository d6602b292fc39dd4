"""The child process in which mails are read."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from ingest.errors import BadMessage
from ingest.worker import Overrun, Worker, memory

MEMORY = 1024 * 1024 * 1024


def square(number: int) -> int:
    return number * number


def process_id() -> int:
    return os.getpid()


def chatter() -> str:
    print("une bibliothèque bavarde")
    return "x" * 5_000_000


def refuse() -> None:
    raise BadMessage("too-deep", "nested")


class Unpicklable(Exception):
    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"un mot du courriel {one} {two}")


def stumble() -> None:
    raise Unpicklable(1, 2)


def sleep_long() -> None:
    time.sleep(60)


def spin() -> None:
    while True:
        pass


def devour() -> int:
    return len(bytearray(4 * MEMORY))


def vanish() -> None:
    os._exit(3)


@pytest.fixture
def worker():
    with Worker(memory_bytes=MEMORY) as worker:
        yield worker


def test_a_step_gives_what_its_function_gives(worker):
    """And in another process, the same one for the next step."""
    first = worker.run(20, process_id)

    assert worker.run(20, square, 7) == 49
    assert os.getpid() != first == worker.run(20, process_id)


def test_a_library_that_prints_does_not_break_the_answer(worker):
    """Whatever goes to standard output goes elsewhere; large answers arrive whole."""
    assert len(worker.run(20, chatter)) == 5_000_000


def test_an_exception_is_raised_on_this_side(worker):
    """With what it carries."""
    with pytest.raises(BadMessage) as caught:
        worker.run(20, refuse)

    assert caught.value.reason == "too-deep"


def test_a_bug_of_ours_costs_one_mail_and_is_logged_without_a_word_of_it(worker, caplog):
    """Whatever is raised that nobody foresaw: the mail can be quarantined, and the child takes the next step."""
    child = worker.run(20, process_id)
    with pytest.raises(Overrun) as caught:
        worker.run(20, stumble)

    assert caught.value.reason == "broken"
    assert "Unpicklable" in caplog.text
    assert "test_worker.py" in caplog.text
    assert "courriel" not in caplog.text
    assert worker.run(20, process_id) == child


@pytest.mark.parametrize(
    ("function", "reason"), [(sleep_long, "too-slow"), (spin, "too-slow"), (devour, "too-heavy"), (vanish, "too-heavy")]
)
def test_what_overruns_is_ended_and_the_next_step_goes_on(worker, function, reason):
    """A sleeper, a busy loop, a glutton and a crash: each has its word, and a new child takes the next step."""
    worker.run(20, square, 1)
    with pytest.raises(Overrun) as caught:
        worker.run(1, function)

    assert reason == caught.value.reason
    assert worker.run(20, square, 3) == 9


def test_a_closed_worker_leaves_no_process():
    """Nobody is left when it is done."""
    with Worker(memory_bytes=MEMORY) as worker:
        child = worker.run(20, process_id)

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def counting(most: int):
    yield from range(most)


def stumbling():
    yield os.getpid()
    stumble()


def hanging():
    yield 1
    spin()


def long_together():
    for number in range(3):
        until = time.process_time() + 0.6
        while time.process_time() < until:
            pass
        yield number


def test_several_things_come_one_by_one(worker):
    """And the child takes the next step."""
    assert list(worker.each(20, counting, 4)) == [0, 1, 2, 3]
    assert worker.run(20, square, 3) == 9


def test_each_of_several_things_has_its_seconds(worker):
    """Together they may take longer than one of them may."""
    assert list(worker.each(1, long_together)) == [0, 1, 2]


@pytest.mark.parametrize(("function", "reason"), [(stumbling, "broken"), (hanging, "too-slow")])
def test_what_came_before_an_overrun_came(worker, function, reason):
    """Whoever asked knows how far it was."""
    found = []
    with pytest.raises(Overrun) as caught:
        found.extend(one for one in worker.each(1, function))

    assert (reason, 1) == (caught.value.reason, len(found))
    assert worker.run(20, square, 3) == 9


def test_who_stops_listening_ends_the_child(worker):
    """Its next answer would be taken for another question's."""
    first = worker.run(20, process_id)
    asked = worker.each(20, counting, 1000)
    assert next(asked) == 0
    asked.close()

    assert worker.run(20, process_id) != first


def test_a_worker_that_was_killed_starts_no_child_again(worker):
    """Another thread does that when all ends: whoever waits gets an answer, and whoever asks on gets none."""
    child = worker.run(20, process_id)
    worker.kill()
    with pytest.raises(Overrun):
        worker.run(20, process_id)
    worker.close()

    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def hoard(share: float) -> bool:
    with memory(int(MEMORY * share)):
        try:
            return bool(bytearray(MEMORY // 2))
        except MemoryError:
            return False


def free() -> int:
    return len(bytearray(MEMORY // 2))


def resident() -> int:
    """Pages of RAM (proc(5))."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])


def weigh(data: bytes) -> int:
    return len(data.replace(b"a", b"b")) + len(data.replace(b"a", b"c"))


def test_a_step_may_be_given_less_memory_than_the_child_has(worker):
    """And the next one has all of it again."""
    assert worker.run(20, hoard, 0.25) is False
    assert worker.run(20, hoard, 1.0) is True
    assert worker.run(20, free) == MEMORY // 2


def test_outside_of_a_child_memory_stays_as_it_is():
    """A test, and a program that reads one mail in its own process, are not bounded."""
    assert hoard(0.0)


def test_what_a_large_mail_took_is_given_back(worker):
    """Nobody holds it while the next is waited for, and what was freed lies under no other."""
    before = worker.run(20, resident)
    for size in (20_000_000, 22_000_000, 24_000_000):
        assert worker.run(20, weigh, b"a" * size) == 2 * size

    assert (worker.run(20, resident) - before) * os.sysconf("SC_PAGE_SIZE") < 8_000_000
