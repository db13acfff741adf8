"""What is on record in a house's database, read from outside while or after it runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from school.records.attendance import Absence, Statement
from school.records.database import Database
from school.records.messaging import InboxRow, Message, OutboxRow, Received


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many rows there are of each sort."""

    absences: int
    statements: int
    replies: int
    received: int
    inbox: int


@contextmanager
def looking(url: str) -> Iterator[Database]:
    """The database, for a look."""
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


def tally(database: Database) -> Tally:
    """The counts at one moment."""
    with database.read() as session:
        counts = [
            session.scalars(select(func.count()).select_from(table)).one()
            for table in (Absence, Statement, OutboxRow, Received, InboxRow)
        ]
    return Tally(absences=counts[0], statements=counts[1], replies=counts[2], received=counts[3], inbox=counts[4])


def known_ids(database: Database) -> set[str]:
    """The provider's ids of all that was received."""
    with database.read() as session:
        return set(session.scalars(select(Received.provider_id)))


def inbox_by_status(database: Database) -> dict[str, int]:
    """How many inbox rows stand where."""
    with database.read() as session:
        rows = session.execute(select(InboxRow.status, func.count()).group_by(InboxRow.status))
        return {row[0]: row[1] for row in rows}


def outbox_by_status(database: Database) -> dict[str, int]:
    """How many messages stand where."""
    with database.read() as session:
        rows = session.execute(select(OutboxRow.status, func.count()).group_by(OutboxRow.status))
        return {row[0]: row[1] for row in rows}


def replies_by_text(database: Database) -> dict[str, int]:
    """How many replies answer each provider's id; 0 for one that nobody answered."""
    with database.read() as session:
        rows = session.execute(
            select(Received.provider_id, func.count(OutboxRow.id))
            .outerjoin_from(
                Received,
                OutboxRow,
                (OutboxRow.school_id == Received.school_id) & (OutboxRow.inbox_id == Received.message_id),
            )
            .group_by(Received.provider_id)
        )
        return {row[0]: row[1] for row in rows}


def said_twice(database: Database) -> int:
    """How many texts were answered with the same words more than once."""
    with database.read() as session:
        rows = session.execute(
            select(OutboxRow.inbox_id, Message.body)
            .join(Message, (Message.school_id == OutboxRow.school_id) & (Message.id == OutboxRow.message_id))
            .where(OutboxRow.inbox_id.is_not(None))
            .group_by(OutboxRow.school_id, OutboxRow.inbox_id, Message.body)
            .having(func.count() > 1)
        )
        return len(rows.all())
