"""`howwasschool import`: takes in a roster, after a preview, all or nothing."""

from __future__ import annotations

from pathlib import Path

import click

from howwasschool import settings as settings_module
from howwasschool.clock import real
from howwasschool.opening import opened
from howwasschool.schools import ACTOR, named
from school.calendars import calendar_of
from school.roster import (
    FileRefused,
    ManyWouldLeave,
    MapRefused,
    Plan,
    Roster,
    Waiting,
    import_roster,
    preview,
    read_map,
    read_roster,
)

# What a plan counts, as the preview says it.
SAID = {
    "pupils_added": "pupils added", "pupils_changed": "pupils changed", "pupils_left": "pupils leave",
    "pupils_back": "pupils come back", "contacts_added": "contacts added", "contacts_changed": "contacts changed",
    "contacts_gone": "contacts closed", "contacts_back": "contacts opened again", "phones_added": "phones added",
    "phones_gone": "phones set aside", "phones_back": "phones taken back", "rights_added": "rights added",
    "rights_narrowed": "rights narrowed", "rights_gone": "rights removed", "priorities": "orders of contact changed",
    "care_weeks": "weeks of a care arrangement changed",
    "waiting": "wait for a person: an import never adds a right",
}  # fmt: skip


@click.command("import")
@click.argument("kind", type=click.Choice(["roster"]))
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--school", "wanted", help="Which school, where there are several.")
@click.option("--map", "map_path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Column names.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--many-may-leave", is_flag=True, help="It is meant that many pupils are not in the file.")
def import_(
    kind: str, path: Path, wanted: str | None, map_path: Path | None, dry_run: bool, many_may_leave: bool
) -> None:
    """Takes in KIND (roster) from the CSV file PATH, after a preview, all or nothing.

    Every fault is named by line and column and then nothing is taken in; exit 1. A map is a TOML or JSON file with the
    tables `columns` (our name = theirs) and `defaults`.
    """
    del kind  # the one kind that there is; the others come with their issues
    roster = _read(path, map_path)
    with opened(settings_module.load(rehearsal=True)) as database, database.write() as session:
        try:
            there = named(session, wanted)
            today = calendar_of(session, there.id).local(real()).date()
            _show(preview(session, there.id, roster, today=today))
            if dry_run:
                click.echo("Nothing was changed.")
                return
            import_roster(
                session, there.id, roster, today=today, actor=ACTOR, now=real(), many_may_leave=many_may_leave
            )
        except ManyWouldLeave as error:
            raise click.ClickException(f"{error}. If that is meant: --many-may-leave") from None
    click.echo("Taken in.")


def _read(path: Path, map_path: Path | None) -> Roster:
    try:
        said = read_map(map_path.read_bytes(), name=map_path.name) if map_path else None
        return read_roster(path.read_bytes(), said)
    except MapRefused as error:
        raise click.ClickException(str(error)) from None
    except FileRefused as error:
        for fault in error.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException(f"{len(error.faults)} faults; nothing was taken in") from None


def _show(plan: Plan) -> None:
    counts = plan.counts()
    for name, number in counts.items():
        click.echo(f"{number:6}  {SAID[name]}")
    if not counts:
        click.echo("Nothing would change.")
    for waiting in plan.waiting:
        click.echo(f"        waits: {_waits(waiting)}")
    for notice in plan.notices:
        click.echo(f"        notice: {notice}")


def _waits(waiting: Waiting) -> str:
    what = [f"would add {name}" for name in waiting.added]
    if waiting.lifts_no_contact:
        what.append("would lift a no-contact")
    return f"contact {waiting.contact}, pupil {waiting.pupil}: {', '.join(what)}"
