"""A school's terms and closed days read from a CSV file, each cell checked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from school.calendars import KINDS, Closure
from school.csv_table import Fault, FileRefused, Line, Table, read_table
from school.dates import written_date
from school.rules.calendar import Term

COLUMNS = ("kind", "first", "last", "name", "year")
TERM = "term"
# Closed days may be written as a stretch; a longer one is a mistake in the year.
LONGEST_CLOSURE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarFile:
    """What the file says: the terms in order, and the days without sessions."""

    terms: tuple[Term, ...]
    closed: tuple[Closure, ...]


def read_calendar(content: bytes) -> CalendarFile:
    """Terms and closed days from columns kind, first, last, name and year; raises FileRefused with every fault.

    kind is `term`, or one of the kinds of closed days; last may be empty for one day; year names a year group.
    """
    table = read_table(content)
    faults: list[Fault] = []
    terms: list[Term] = []
    closed: dict[tuple[date, str], Closure] = {}
    for line in table.lines:
        try:
            _take(table, line, terms, closed)
        except _Wrong as wrong:
            faults.append(Fault(line=line.number, column=wrong.column, problem=wrong.problem))
        except LookupError as missing:
            raise FileRefused([Fault(line=1, column="", problem=str(missing))]) from None
    if not table.lines:
        faults.append(Fault(line=1, column="", problem="there is no term below the header"))
    if faults:
        raise FileRefused(faults)
    return CalendarFile(terms=tuple(sorted(terms, key=lambda term: term.first)), closed=tuple(closed.values()))


class _Wrong(Exception):  # noqa: N818
    def __init__(self, column: str, problem: str) -> None:
        self.column, self.problem = column, problem
        super().__init__(problem)


def _take(table: Table, line: Line, terms: list[Term], closed: dict[tuple[date, str], Closure]) -> None:
    kind, first, last = _cell(table, line, "kind").casefold(), _day(table, line, "first"), _last(table, line)
    if last < first:
        raise _Wrong("last", "ends before it begins")
    name = _cell(table, line, "name", needed=False)
    if kind == TERM:
        if any(first <= term.last and term.first <= last for term in terms):
            raise _Wrong("first", "overlaps with another term")
        terms.append(Term(first=first, last=last, name=name))
        return
    if kind not in KINDS:
        raise _Wrong("kind", f"neither {TERM} nor one of {', '.join(sorted(KINDS))}")
    if (last - first).days >= LONGEST_CLOSURE:
        raise _Wrong("last", f"longer than {LONGEST_CLOSURE} days: enter the terms around it instead")
    year = _cell(table, line, "year", needed=False)
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        day = date.fromordinal(ordinal)
        if (day, year) in closed:
            raise _Wrong("first", "the same day is closed on another line")
        closed[(day, year)] = Closure(day=day, kind=kind, year=year, note=name)


def _cell(table: Table, line: Line, name: str, *, needed: bool = True) -> str:
    try:
        said = line.cells[table.position(name)]
    except LookupError:
        if needed:
            raise
        return ""
    if needed and not said:
        raise _Wrong(name, "this may not be empty")
    return said


def _day(table: Table, line: Line, name: str) -> date:
    try:
        return written_date(_cell(table, line, name))
    except ValueError as error:
        raise _Wrong(name, str(error)) from None


def _last(table: Table, line: Line) -> date:
    said = _cell(table, line, "last", needed=False)
    return _day(table, line, "last") if said else _day(table, line, "first")
