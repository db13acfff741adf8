"""A small made-up school through the doors of a rehearsal: an oracle with its own book finds no fault."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.school_year.book import ALSO, PROMISED
from tests.school_year.messages import back_on, days_read
from tests.school_year.table import table
from tests.school_year.year import SMALL, Year


def test_a_made_up_parent_reads_the_days_of_a_question() -> None:
    assert days_read("Did you mean this? Maya is off from Tue 3 to Fri 6 Mar.\n1 That's right\n2 No") == {3, 6}
    assert days_read("Maya nie będzie we wt. 3 mar., tylko rano.") == {3}
    assert days_read("Maya will be about 20 min late, by 09:30.") == {20}
    assert days_read("مايا غائبة الثلاثاء 3 مارس.") == {3}
    friday = date(2026, 3, 6)
    assert back_on(["Back on Fri 6 Mar", "Back on Mon 9 Mar"], friday) == 1
    assert back_on(["Maya", "Sam"], friday) is None


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
