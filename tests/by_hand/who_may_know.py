"""Who may know what, over many texts of families at random: 100,000 of them take about half an hour.

    .venv/bin/python -m tests.by_hand.who_may_know --texts 100000

Prints what was looked at, and each leak; exits 1 where there is one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from tests.knowing.school import on_file


def main() -> int:
    """Runs one school and says what was seen."""
    asked = argparse.ArgumentParser(description="Who may know what, over families at random.")
    asked.add_argument("--texts", type=int, default=100_000)
    asked.add_argument("--families", type=int, default=290)
    asked.add_argument("--a-day", type=int, default=2_000)
    asked.add_argument("--seed", type=int, default=1)
    wanted = asked.parse_args()
    began = perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        seen = on_file(Path(folder), seed=wanted.seed, families=wanted.families, texts=wanted.texts, a_day=wanted.a_day)
    print(f"seed {wanted.seed}, {wanted.families} families, {perf_counter() - began:.0f} s")
    print(f"texts in {seen.texts}, messages out {seen.messages}, lists read {seen.lists}")
    print(f"messages that name a child {seen.naming}, of them unasked {seen.unasked}")
    print(f"leaks {len(seen.leaks)}", *seen.leaks, sep="\n")
    return 1 if seen.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
