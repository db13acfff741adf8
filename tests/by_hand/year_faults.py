"""Plays a small year without a fault, and with planted ones, and says what the oracle found.

    .venv/bin/python -m tests.by_hand.year_faults [--only NAME] [--write]

Faults are planted four at a time, those together of which none can cause another's row; `--only` plants one alone.
`--write` puts the table into `docs/testing.md`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import click
import pytest

from tests.school_year.book import ALSO, PROMISED, Book
from tests.school_year.faults import GROUPS, Fault
from tests.school_year.year import SMALL, Year

PAGE = Path(__file__).resolve().parents[2] / "docs" / "testing.md"
BEGINS, ENDS = "<!-- faults of the year -->\n", "<!-- end of the faults of the year -->\n"


def played(faults: Iterable[Fault]) -> Book:
    """The small year with these faults planted while it lasts."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        for fault in faults:
            fault.plant(patch)
        year = Year(Path(folder), SMALL)
        try:
            return year.play()
        finally:
            year.close()


def found(book: Book) -> dict[str, int]:
    """The rows that are not nought."""
    return {row: len(book.faults[row]) for row in (*PROMISED, *ALSO) if book.faults.get(row)}


@click.command()
@click.option("--only", help="Plants this fault alone.")
@click.option("--write", is_flag=True, help="Puts the table into docs/testing.md.")
def main(only: str | None, write: bool) -> None:
    """Exits 1 where a fault was not found, or something was found without one."""
    wrong = 0
    rows = ["| planted fault | the row that must say so | found |", "|---|---|---|"]
    chosen = [[fault for fault in group if only in (None, fault.name)] for group in GROUPS]
    for group in ([], *chosen) if only is None else chosen:
        caught = found(played(group))
        wrong += not group and bool(caught)
        wanted = [(fault, row) for fault in group for row in fault.rows]
        wrong += any(row not in caught for _, row in wanted)
        rows += [f"| {fault.says} | {row} | {caught.get(row, 0)} |" for fault, row in wanted]
        click.echo(f"{[fault.name for fault in group]}: {caught}")
    if write and only is None:
        head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGINS)
        table = "\n".join(rows)
        PAGE.write_text(f"{head}{BEGINS}\n{table}\n\n{ENDS}{rest.partition(ENDS)[2]}", encoding="utf-8")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
