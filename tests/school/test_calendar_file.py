"""A calendar file is taken in whole or refused with the line and column of every fault."""

from __future__ import annotations

from datetime import date

import pytest

from school.calendar_file import read_calendar
from school.calendars import Closure
from school.csv_table import FileRefused
from school.rules.calendar import Term

HEADER = "kind,first,last,name,year\n"


def test_terms_and_closed_days_are_read_in_order() -> None:
    said = read_calendar(
        (
            HEADER
            + "term,04/01/2027,2027-02-12,Spring 1,\n"
            + "Term,2026-09-02,2026-10-23,Autumn 1,\n"
            + "inset,2026-09-02,,Training,\n"
            + "closure,2026-09-10,2026-09-11,Flood,3\n"
        ).encode()
    )
    assert said.terms == (
        Term(first=date(2026, 9, 2), last=date(2026, 10, 23), name="Autumn 1"),
        Term(first=date(2027, 1, 4), last=date(2027, 2, 12), name="Spring 1"),
    )
    assert said.closed == (
        Closure(day=date(2026, 9, 2), kind="inset", note="Training"),
        Closure(day=date(2026, 9, 10), kind="closure", year="3", note="Flood"),
        Closure(day=date(2026, 9, 11), kind="closure", year="3", note="Flood"),
    )


def test_columns_for_name_and_year_may_be_left_out() -> None:
    said = read_calendar(b"kind,first,last\nterm,2026-09-02,2026-10-23\n")
    assert said.terms[0].name == ""


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("term,2026-09-02,2026-09-01,,", "last"),
        ("term,2026-09-31,2026-10-23,,", "first"),
        ("term,soon,2026-10-23,,", "first"),
        ("term,,2026-10-23,,", "first"),
        ("term,2026-10-23,2026-11-01,,", "first"),
        ("holiday,2026-09-02,,,", "kind"),
        ("inset,2026-09-03,,,", "first"),
        ("closure,2026-09-04,2027-09-04,,", "last"),
    ],
)
def test_a_fault_is_named_by_line_and_column(row: str, column: str) -> None:
    good = "term,2026-09-02,2026-10-23,Autumn 1,\ninset,2026-09-03,,,\n"
    with pytest.raises(FileRefused) as caught:
        read_calendar((HEADER + good + row).encode())
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [(4, column)]


@pytest.mark.parametrize("content", [HEADER, "first,last\n2026-09-02,2026-09-03\n"])
def test_a_file_without_a_term_or_a_kind_is_refused(content: str) -> None:
    with pytest.raises(FileRefused):
        read_calendar(content.encode())
