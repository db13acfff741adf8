"""`howwasschool migrate`: brings the database to the newest schema."""

from __future__ import annotations

import click

from howwasschool import settings as settings_module
from howwasschool.opening import chosen_mode, opened
from school.installation import Mode


@click.command()
@click.option("--check", "only_check", is_flag=True, help="Change nothing; exit 1 unless the schema is the newest.")
@click.option("--live", "mode", flag_value="live", help="Mark a new database as a live school's.")
@click.option("--rehearsal", "mode", flag_value="rehearsal", help="Mark a new database as a rehearsal's.")
def migrate(only_check: bool, mode: Mode | None) -> None:
    """Brings the database to the newest schema.

    A database is for a live school or for a rehearsal, and never changes. The first `serve` chooses, unless it is
    chosen here.
    """
    from school.migrations import check, upgrade

    settings = settings_module.load(rehearsal=True)
    if only_check:
        newest = check(settings.database_url)
        click.echo("The schema is the newest." if newest else "The schema is not the newest.")
        raise SystemExit(0 if newest else 1)
    upgrade(settings.database_url)
    if mode is not None:
        with opened(settings) as database:
            chosen_mode(database, mode)
    click.echo("The schema is the newest.")
