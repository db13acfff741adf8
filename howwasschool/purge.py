"""`howwasschool purge`: forgets the words whose day has come, as `serve` and `work` do every hour."""

from __future__ import annotations

import click

from howwasschool import settings as settings_module
from howwasschool.clock import RehearsalClock
from howwasschool.opening import opened
from school.installation import mode_of, rehearsal_clock


@click.command()
@click.option("--dry-run", is_flag=True, help="Change nothing: only say what would be forgotten.")
def purge(dry_run: bool) -> None:
    """Forgets the words of texts whose day has come.

    Worrying texts stay until the safeguarding lead has recorded that they were copied to the child's file.
    """
    from school.purging import due
    from school.purging import purge as forget

    settings = settings_module.load(rehearsal=True)
    with opened(settings) as database:
        with database.read() as session:
            # A rehearsal forgets by its own clock.
            now = RehearsalClock(rehearsal_clock(session) if mode_of(session) == "rehearsal" else None)()
            found = due(session, now=now)
        if not dry_run:
            forget(database, now=now)
    for each in found:
        says = "would be forgotten" if dry_run else "forgotten"
        click.echo(f"{each.school}: {each.texts} texts {says}, {each.kept} worries kept until they are on file")
