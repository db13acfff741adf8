"""Plays a whole made-up school year through the doors of a rehearsal, and prints its table."""

from __future__ import annotations

import argparse
import signal
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.school_year.book import PROMISED
from tests.school_year.table import table
from tests.school_year.year import TERMS, Scale, Year


def main() -> int:
    """0 where every promise was kept."""
    said = argparse.ArgumentParser(description=__doc__)
    said.add_argument("--pupils", type=int, default=1000)
    said.add_argument("--seed", type=int, default=1)
    said.add_argument("--first", type=date.fromisoformat, default=TERMS[0].first)
    said.add_argument("--last", type=date.fromisoformat, default=TERMS[-1].last)
    said.add_argument("--examples", type=int, default=5)
    chosen = said.parse_args()
    scale = Scale(pupils=chosen.pupils, first=chosen.first, last=chosen.last, seed=chosen.seed)
    # Whoever breaks it off, by whichever signal, gets the table of the days played.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with TemporaryDirectory() as folder:
        year = Year(Path(folder), scale)
        try:
            year.play(lambda line: print(line, flush=True))
        except KeyboardInterrupt:
            print("broken off: the table is of the days played")
        finally:
            year.close()
    print(table(year, examples=chosen.examples))
    return int(any(year.book.faults.get(row) for row in PROMISED))


if __name__ == "__main__":
    raise SystemExit(main())
