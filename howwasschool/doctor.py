"""`howwasschool doctor`: looks at settings, database, providers and queues, and says what is wrong."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import click

from howwasschool.clock import RehearsalClock
from howwasschool.settings import PREFIX, Settings, SettingsRefused, load, missing
from school.installation import mode_of, rehearsal_clock
from school.ledger import verify
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.health_queries import longest_waiting, unknown_sends
from school.records.school_queries import lines_on
from school.schools import schools

CONNECT_SECONDS = 3
SHORTEST_KEY = 32
# A text is answered within seconds: what has waited for a minute is stuck.
STUCK_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at; `says` names settings and figures, and nobody."""

    ok: bool
    says: str


@click.command()
def doctor() -> None:
    """Looks at settings, database, providers and queues; exit 1 where something is wrong."""
    try:
        settings = load(rehearsal=True)
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from None
    findings = [*_database(settings), *_providers(settings)]
    for finding in findings:
        click.echo(f"{'ok   ' if finding.ok else 'WRONG'}  {finding.says}")
    if not all(finding.ok for finding in findings):
        raise SystemExit(1)


def _database(settings: Settings) -> Iterator[Finding]:
    from school.migrations import check

    try:
        newest = check(settings.database_url)
        yield Finding(ok=newest, says=f"the schema is {'the newest' if newest else 'old: howwasschool migrate'}")
        if newest:
            yield from _record(settings)
    except (DatabaseBusy, DatabaseGone) as error:
        yield Finding(ok=False, says=f"the database: {error}")


def _record(settings: Settings) -> Iterator[Finding]:
    database = Database(settings.database_url)
    try:
        with database.read() as session:
            mode = mode_of(session)
            now = RehearsalClock(rehearsal_clock(session))()
            yield Finding(ok=True, says=f"the database is for {mode or 'nothing yet: the first serve chooses'}")
            if mode != "rehearsal":
                yield from _secrets(settings)
            yield from _queues(*longest_waiting(session, now=now), unknown_sends(session), now)
            there = schools(session)
            yield Finding(ok=bool(there), says=f"schools: {len(there)}")
            lines = {line.school_id for line in lines_on(session, None)}
            for school in there:
                yield from _school(
                    school.short_name,
                    has_line=school.id in lines,
                    care_line=school.care_line,
                    broken=verify(session, school.id),
                    live=mode != "rehearsal",
                )
    finally:
        database.close()


def _secrets(settings: Settings) -> Iterator[Finding]:
    for fault in missing(settings):
        yield Finding(ok=False, says=fault)
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    if key and len(key) < SHORTEST_KEY:
        yield Finding(ok=False, says=f"{PREFIX}SECRET_KEY has {len(key)} characters: {SHORTEST_KEY} are the least")


def _queues(inbox: datetime | None, outbox: datetime | None, unknown: int, now: datetime) -> Iterator[Finding]:
    for name, since in (("unhandled text", inbox), ("queued message", outbox)):
        waited = now - since if since else timedelta()
        seconds = int(waited.total_seconds())
        yield Finding(ok=waited <= STUCK_AFTER, says=f"the oldest {name} has waited for {seconds} s")
    yield Finding(ok=True, says=f"{unknown} messages of which we do not know whether they were sent")


def _school(name: str, *, has_line: bool, care_line: str, broken: int | None, live: bool) -> Iterator[Finding]:
    yield Finding(ok=has_line, says=f"{name}: {'has' if has_line else 'lacks'} a line")
    if live:
        # Care rule 7: whom a worried parent rings at night is told in every text that nobody reads before morning.
        yield Finding(ok=bool(care_line), says=f"{name}: {'has' if care_line else 'lacks'} a care line")
    said = "its ledger is whole" if broken is None else f"its ledger is broken at entry {broken}"
    yield Finding(ok=broken is None, says=f"{name}: {said}")


def _providers(settings: Settings) -> Iterator[Finding]:
    if settings.has_twilio:
        yield _reached("Twilio", settings.twilio_api_url)
    if settings.telegram_token is not None:
        yield _reached("Telegram", settings.telegram_api_url)


def _reached(name: str, url: str) -> Finding:
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), CONNECT_SECONDS).close()
    except OSError as error:
        return Finding(ok=False, says=f"{name} cannot be reached: {type(error).__name__}")
    return Finding(ok=True, says=f"{name} can be reached")
