"""Random steps, after each an incremental and a whole build: `python -m tests.incremental --steps 500 --seed 1`.

The last line of standard output is "N differences"; the exit code is 0 for none.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.incremental.both import built_twice, random_steps


def main() -> int:
    """Walk, and count."""
    parser = argparse.ArgumentParser(prog="python -m tests.incremental", description=__doc__)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--seed", default="mur")
    parser.add_argument("--posts", type=int, default=26)
    asked = parser.parse_args()
    differences = 0
    with tempfile.TemporaryDirectory() as folder, built_twice(Path(folder), asked.seed, asked.posts) as both:
        both.build()
        for number, (name, step) in enumerate(random_steps(both, asked.steps), start=1):
            step(both)
            both.build()
            found = both.differences()
            differences += len(found)
            how = "whole" if both.whole[-1] else "what changed"
            print(f"{number}. {name}: {how}{', differs: ' if found else ''}{', '.join(sorted(found)[:8])}", flush=True)
    print(f"{differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
