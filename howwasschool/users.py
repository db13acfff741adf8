"""`howwasschool user`: adds, lists and revokes members of staff."""

from __future__ import annotations

import click

from howwasschool import settings as settings_module
from howwasschool.clock import real
from howwasschool.opening import opened
from howwasschool.schools import ACTOR, named, writing
from school.access import ROLES, AccessRefused, add_user, close_user, find_user_by_email, may_enter, users


@click.group()
def user() -> None:
    """Adds, lists and revokes members of staff."""


@user.command()
@click.argument("name")
@click.option("--email", required=True, help="Their address; it names them in this school.")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(sorted(ROLES)))
@click.option("--school", "wanted", help="Which school, where there are several.")
def add(name: str, email: str, roles: tuple[str, ...], wanted: str | None) -> None:
    """Adds a member of staff and prints their id. `token add --user` gives them a key."""
    with writing() as session:
        there = named(session, wanted)
        try:
            made = add_user(session, there.id, name=name, email=email, roles=roles, actor=ACTOR, now=real())
        except AccessRefused as error:
            raise click.ClickException(str(error)) from None
    click.echo(made.id)


@user.command("list")
@click.option("--school", "wanted", help="Which school, where there are several.")
def list_(wanted: str | None) -> None:
    """Lists the members of staff with their roles."""
    with opened(settings_module.load(rehearsal=True)) as database, database.read() as session:
        for each in users(session, named(session, wanted).id):
            closed = "" if may_enter(each, now=real()) else "  (may not enter)"
            click.echo(f"{each.id}  {each.name}  {each.email}  {', '.join(each.roles)}{closed}")


@user.command()
@click.argument("email")
@click.option("--school", "wanted", help="Which school, where there are several.")
def revoke(email: str, wanted: str | None) -> None:
    """Shuts a member of staff out: none of their keys opens anything."""
    with writing() as session:
        found = find_user_by_email(session, named(session, wanted).id, email)
        if found is None:
            raise click.ClickException("there is no such user")
        close_user(session, found, actor=ACTOR, now=real())
    click.echo("Revoked.")
