"""A small made-up school through the doors of a rehearsal: an oracle with its own book finds no fault."""

from __future__ import annotations

from pathlib import Path

from tests.school_year.book import ALSO, PROMISED
from tests.school_year.table import table
from tests.school_year.year import SMALL, Year


def test_the_first_weeks_of_a_small_school_break_no_promise(tmp_path: Path) -> None:
    year = Year(tmp_path, SMALL)
    try:
        book = year.play()
    finally:
        year.close()
    assert {row: book.faults[row] for row in (*PROMISED, *ALSO) if book.faults.get(row)} == {}, table(year)
    # What would find nothing proves nothing: every kind of message went out.
    assert {"reply", "chase", "prompt", "back_today", "broadcast"} <= {purpose for purpose, _ in book.texts}
    assert book.heard["receipt"] >= 5
