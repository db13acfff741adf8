"""Who changed what: every verb records its changes here, and the transaction's end chains them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from school.records import ledger as rows
from school.records.ledger import Entry

__all__ = ["Entry", "by_contact", "by_user", "record", "record_all", "verify"]

SYSTEM = "system"


def record(session: Session, entry: Entry, *, now: datetime) -> None:
    """Keeps one change for the ledger.

    `Database.write` writes what was kept just before it commits, so that a school's chain is locked last and as
    briefly as can be. A transaction that rolls back leaves no entry.
    """
    rows.collect(session, entry, now=now)


def record_all(session: Session, entries: Sequence[Entry], *, now: datetime) -> None:
    """Keeps several changes, in order."""
    for entry in entries:
        rows.collect(session, entry, now=now)


def verify(session: Session, school_id: str) -> int | None:
    """The number of the first entry that is missing, altered or torn from its chain; None where all is whole.

    Who can rewrite the whole table can also forge a chain anew: keep the last hash elsewhere now and then.
    """
    return rows.first_broken(session, school_id)


def by_contact(contact_id: str) -> str:
    """The ledger's name for a parent or another adult on a child's record."""
    return f"contact:{contact_id}"


def by_user(user_id: str) -> str:
    """The ledger's name for a member of staff."""
    return f"user:{user_id}"
