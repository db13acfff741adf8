"""`howwasschool token`: adds, lists and revokes the keys of people and machines."""

from __future__ import annotations

from datetime import timedelta

import click
from sqlalchemy.orm import Session

from howwasschool import settings as settings_module
from howwasschool.clock import real
from howwasschool.opening import opened
from howwasschool.schools import ACTOR, named, writing
from school.access import ROLES, AccessRefused, find_token, find_user_by_email, make_token, tokens
from school.access import revoke as revoke_token
from school.staff_items import StaffNote, raise_items


@click.group()
def token() -> None:
    """Adds, lists and revokes the keys of people and machines."""


@token.command()
@click.argument("name")
@click.option("--user", "email", help="Whose key it is; without it the key is a machine's and needs scopes or a role.")
@click.option("--role", "roles", multiple=True, type=click.Choice(sorted(ROLES)), help="All scopes of a role.")
@click.option("--scope", "scopes", multiple=True, help="One scope, such as absences:read; may be repeated.")
@click.option("--days", type=click.IntRange(1, 3650), help="How long it opens anything; for ever where not given.")
@click.option("--school", "wanted", help="Which school, where there are several.")
def add(
    name: str, email: str | None, roles: tuple[str, ...], scopes: tuple[str, ...], days: int | None, wanted: str | None
) -> None:
    """Makes a key and prints its secret, which is shown this once and kept nowhere."""
    granted = _scopes(roles, scopes)
    with writing() as session:
        there = named(session, wanted)
        user_id = _user(session, there.id, email)
        try:
            _, secret = make_token(
                session,
                there.id,
                name=name,
                actor=ACTOR,
                now=real(),
                user_id=user_id,
                scopes=granted,
                expires_at=real() + timedelta(days=days) if days else None,
            )
        except AccessRefused as error:
            raise click.ClickException(str(error)) from None
        if any(scope.startswith("safeguarding:") for scope in granted):
            # The key to the lead's room is never cut unseen.
            note = StaffNote(school_id=there.id, why="lead_granted", detail={"token": name}, urgent=True)
            raise_items(session, [note], now=real())
    click.echo(secret)


def _scopes(roles: tuple[str, ...], scopes: tuple[str, ...]) -> list[str]:
    from api.access import BY_ROLE, Scope

    known = {str(scope) for scope in Scope}
    if unknown := sorted(set(scopes) - known):
        raise click.BadParameter(
            f"there is no scope {', '.join(unknown)}; there are {', '.join(sorted(known))}", param_hint="--scope"
        )
    return sorted({*scopes, *(str(scope) for role in roles for scope in BY_ROLE[role])})


def _user(session: Session, school_id: str, email: str | None) -> str | None:
    if email is None:
        return None
    found = find_user_by_email(session, school_id, email)
    if found is None:
        raise click.ClickException("there is no such user")
    return found.id


@token.command("list")
@click.option("--school", "wanted", help="Which school, where there are several.")
def list_(wanted: str | None) -> None:
    """Lists the keys, without their secrets."""
    now = real()
    with opened(settings_module.load(rehearsal=True)) as database, database.read() as session:
        for each in tokens(session, named(session, wanted).id):
            over = each.revoked_at is not None or (each.expires_at is not None and each.expires_at <= now)
            click.echo(f"{each.id}  {each.name}  {' '.join(each.scopes) or 'as its user'}{'  (over)' if over else ''}")


@token.command()
@click.argument("token_id", metavar="ID")
@click.option("--school", "wanted", help="Which school, where there are several.")
def revoke(token_id: str, wanted: str | None) -> None:
    """A key opens nothing from now on."""
    with writing() as session:
        found = find_token(session, named(session, wanted).id, token_id)
        if found is None:
            raise click.ClickException("there is no such token")
        revoke_token(session, found, actor=ACTOR, now=real())
    click.echo("Revoked.")
