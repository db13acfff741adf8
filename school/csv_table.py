"""A CSV file as schools save it: any usual encoding and separator, and every fault with its line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# A roster of a large school is under 5 MB; what is far larger is not one.
MOST_BYTES = 50_000_000
_SEPARATORS = (",", ";", "\t")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something wrong in a file: the line (counted as an editor does, the header is 1), the column, and what.

    It never repeats what stands there: a cell may hold anything, a name from the wrong column too.
    """

    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", column {self.column}" if self.column else "")
        return f"{where}: {self.problem}"


class FileRefused(Exception):  # noqa: N818
    """The file is not taken in, and nothing of it is; `faults` says why, in the order of lines."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.line, fault.column)))
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: the line on which it starts, and its cells, as many as the header has."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A header and the rows below it; empty rows are left out."""

    header: tuple[str, ...]
    lines: tuple[Line, ...]

    def position(self, name: str) -> int:
        """Which column `name` is: in any capitals; `Forename#2` is the second of that name.

        Raises LookupError with a sentence where it is not there, or there twice and not said which.
        """
        wanted, separator, number = name.rpartition("#")
        if not (separator and number.isdecimal()):
            wanted, number = name, ""
        places = [place for place, each in enumerate(self.header) if _plain(each) == _plain(wanted)]
        if number:
            if 0 < int(number) <= len(places):
                return places[int(number) - 1]
            raise LookupError(f"there is no {wanted} number {number}")
        if len(places) > 1:
            which = " and ".join(str(place + 1) for place in places)
            raise LookupError(f"{wanted} stands over columns {which}: name {wanted}#1 or {wanted}#2 in the map")
        if not places:
            raise LookupError(f"there is no column {wanted}")
        return places[0]


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def read_table(content: bytes) -> Table:
    """The table in a CSV file; raises FileRefused.

    UTF-8 with or without a mark, UTF-16 with one, and Windows-1252; comma, semicolon or tab. What is neither text
    nor a table, rows longer or shorter than the header, and NULs are refused with their line.
    """
    text = _decoded(content)
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise FileRefused([Fault(line=line, column="", problem="a NUL stands here: the file is damaged")])
    rows = _rows(text)
    number, header = next(rows, (1, []))
    if len([name for name in header if name.strip()]) < 2:
        raise FileRefused([Fault(line=number, column="", problem="the first line must name the columns")])
    width = len(header)
    lines, faults = [], []
    for number, cells in rows:
        # Spreadsheets write trailing separators: empty cells beyond the header say nothing.
        extra = [cell for cell in cells[width:] if cell.strip()]
        if extra or len(cells) < width:
            problem = f"{len(cells)} cells under {width} columns: is a separator or a quotation mark missing?"
            faults.append(Fault(line=number, column="", problem=problem))
        elif any(cell.strip() for cell in cells):
            lines.append(Line(number=number, cells=tuple(" ".join(cell.split()) for cell in cells[:width])))
    if faults:
        raise FileRefused(faults)
    return Table(header=tuple(name.strip() for name in header), lines=tuple(lines))


def _decoded(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise FileRefused([Fault(line=1, column="", problem="the file is larger than any roster")])
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    line = 1
    for each in (encoding, "cp1252"):
        try:
            return content.decode(each)
        except UnicodeDecodeError as error:
            line = content[: error.start].count(b"\n") + 1
    raise FileRefused([Fault(line=line, column="", problem="no text that we can read: save it as CSV in UTF-8")])


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it starts; a cell in quotation marks may go over several."""
    first, _, _ = text.partition("\n")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for row in reader:
            if row:
                yield before + 1, row
            before = reader.line_num
    except csv.Error:
        problem = "a quotation mark is opened and never closed, or stands in the middle of a cell"
        raise FileRefused([Fault(line=before + 1, column="", problem=problem)]) from None
