"""`howwasschool school`: adds, lists, changes and closes schools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.orm import Session

from howwasschool import settings as settings_module
from howwasschool.clock import real
from howwasschool.opening import opened
from school.access import revoke, tokens
from school.records.people import School
from school.records.school_queries import lines_on
from school.schools import SchoolRefused, add_line, add_school, find_school, schools
from school.settings import SchoolSettings, SettingRefused, change_settings

ACTOR = "system"


@contextmanager
def writing() -> Iterator[Session]:
    """One transaction of a command; what the verbs refuse becomes a sentence."""
    with opened(settings_module.load(rehearsal=True)) as database:
        try:
            with database.write() as session:
                yield session
        except (SchoolRefused, SettingRefused) as error:
            raise click.ClickException(str(error)) from None


def named(session: Session, wanted: str | None) -> School:
    """The school that `--school` names, or the only one."""
    try:
        return find_school(session, wanted)
    except LookupError as error:
        raise click.ClickException(str(error)) from None


@click.group()
def school() -> None:
    """Adds, lists, changes and closes schools."""


@school.command()
@click.argument("name")
@click.option("--short-name", required=True, help="What texts call the school; 20 characters at most.")
@click.option("--phone", required=True, help="The office's number, as parents dial it.")
@click.option("--care-line", default="", help="Whom a worried parent rings at night, such as the council's care line.")
@click.option("--on-call", default="nobody", show_default=True, help="Who is on call out of hours.")
@click.option("--timezone", default="Europe/London", show_default=True)
@click.option("--line", "lines", multiple=True, metavar="CHANNEL=ADDRESS", help="One of our own addresses: sms=+44…")
def add(
    name: str, short_name: str, phone: str, care_line: str, on_call: str, timezone: str, lines: tuple[str, ...]
) -> None:
    """Adds a school and prints its id. The first school gets the numbers of the settings by itself."""
    with writing() as session:
        made = add_school(
            session,
            name=name,
            short_name=short_name,
            phone=phone,
            care_line=care_line,
            on_call=on_call,
            timezone=timezone,
            now=real(),
        )
        for line in lines:
            channel, separator, address = line.partition("=")
            if not separator or channel not in {"sms", "telegram"} or not address:
                raise click.BadParameter(f"{line!r} is not such as sms=+447700900000", param_hint="--line")
            add_line(session, made.id, channel=channel, address=address, now=real())
        days = settings_module.load(rehearsal=True).retention_days
        change_settings(session, made, {"retention_days": days}, actor=ACTOR, now=real())
    click.echo(made.id)


@school.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_(as_json: bool) -> None:
    """Lists the schools with their lines."""
    with opened(settings_module.load(rehearsal=True)) as database, database.read() as session:
        for each in schools(session):
            lines = [f"{line.channel}={line.address}" for line in lines_on(session, None) if line.school_id == each.id]
            if as_json:
                shown = {"id": each.id, "name": each.name, "short_name": each.short_name, "lines": lines}
                click.echo(json.dumps(shown))
            else:
                click.echo(f"{each.id}  {each.name} ({each.short_name})  {' '.join(lines)}")


@school.command("set")
@click.argument("assignments", nargs=-1, required=True, metavar="NAME=VALUE…")
@click.option("--school", "wanted", help="Which school, where there are several.")
def set_(assignments: tuple[str, ...], wanted: str | None) -> None:
    """Changes what a school chooses for itself, such as office_opens=08:30 or retention_days=14."""
    changes: dict[str, object] = {}
    for each in assignments:
        name, separator, value = each.partition("=")
        if not separator:
            raise click.BadParameter(f"{each!r} is not NAME=VALUE")
        changes[name] = _meant(name, value)
    with writing() as session:
        change_settings(session, named(session, wanted), changes, actor=ACTOR, now=real())
    click.echo("Changed.")


def _meant(name: str, value: str) -> object:
    """What was typed, as the setting's own kind; what cannot be read so is refused by the setting itself."""
    default = getattr(SchoolSettings(), name, None)
    if isinstance(default, bool):
        return {"true": True, "false": False}.get(value.lower(), value)
    if isinstance(default, tuple):
        return value.split(",")
    return int(value) if isinstance(default, int) and value.isdecimal() else value


@school.command("revoke")
@click.argument("wanted", metavar="SCHOOL")
@click.confirmation_option(prompt="Its lines fall silent and its tokens open nothing. Go on?")
def revoke_(wanted: str) -> None:
    """Closes a school: its lines fall silent, its tokens are revoked; its records stay."""
    with writing() as session:
        closed = named(session, wanted)
        for line in lines_on(session, None):
            if line.school_id == closed.id:
                line.active = False
        for token in tokens(session, closed.id):
            revoke(session, token, actor=ACTOR, now=real())
    click.echo("Closed.")
