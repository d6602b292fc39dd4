"""Whether work grows with its size and no faster: a verdict that a busy machine does not change.

Eight times the size costs eight times the CPU where work is linear, and sixty-four times where it is quadratic. The
line is drawn between, and a measurement that falls behind it is taken again: only what does so three times is slow.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

TIMES = 8
_LINE = 26
_A_MOMENT = 0.05


def cost(run: Callable[[], object]) -> float:
    """CPU seconds of one run, without a look through all that the tests before it left behind."""
    gc.disable()
    try:
        begin = time.process_time()
        run()
        return time.process_time() - begin
    finally:
        gc.enable()


def is_linear(run: Callable[[int], object], size: int) -> bool:
    """Whether `run(TIMES * size)` costs about `TIMES` as much as `run(size)`, give or take a factor of three."""
    return any(_once(run, size) for _ in range(3))


def _once(run: Callable[[int], object], size: int) -> bool:
    small = min(cost(lambda: run(size)) for _ in range(3))
    return cost(lambda: run(TIMES * size)) < _LINE * max(small, _A_MOMENT / TIMES)
