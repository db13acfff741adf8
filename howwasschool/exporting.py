"""`howwasschool export`: what the school hands out or keeps on paper, as a file that only its owner may read."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import click

from howwasschool import settings as settings_module
from howwasschool.clock import RehearsalClock
from howwasschool.opening import opened
from howwasschool.schools import named
from school.calendars import calendar_of
from school.continuity import fresh_sheet, read_sheet, with_names
from school.installation import mode_of, rehearsal_clock


@click.command("export")
@click.argument("kind", type=click.Choice(["sheet"]))
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Of which day; today where none is given.")
@click.option("--school", "wanted", help="Which school, where there are several.")
def export(kind: str, out: Path, day: datetime | None, wanted: str | None) -> None:
    """Writes KIND: the continuity sheet (sheet) as a page to print.

    It is the one of half past nine or, before that, a fresh one. Run by the machine's own clock each morning it is
    there when nothing else is.
    """
    from api.continuity_sheet import page

    del kind  # the one kind that there is; the others come with their issues
    with opened(settings_module.load(rehearsal=True)) as database, database.read() as session:
        there = named(session, wanted)
        now = RehearsalClock(rehearsal_clock(session) if mode_of(session) == "rehearsal" else None)()
        calendar = calendar_of(session, there.id)
        on = day.date() if day is not None else calendar.local(now).date()
        sheet = read_sheet(session, there.id, on) or with_names(session, fresh_sheet(session, there.id, on, now=now))
        written = page(there, calendar, sheet)
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(written)
    out.chmod(0o600)
    click.echo(f"Written: {out}")
