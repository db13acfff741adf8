"""The runs of the school's daily round: a job that ran for its slot never runs for it again, whoever looks."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Index, String, Table
from sqlalchemy.orm import Mapped, Session, mapped_column

from school.records.base import Base, OfSchool
from school.records.queues import ignoring_repeats


class RoundRun(OfSchool, Base):
    """A job of the round and the moment that it was due at, taken by whoever wrote this row first."""

    __tablename__ = "round_runs"
    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    ran_at: Mapped[datetime]
    __table_args__ = (Index("ix_round_runs_due", "school_id", "due_at"),)


def take_run(session: Session, school_id: str, job: str, due_at: datetime, *, now: datetime) -> bool:
    """Whether the run is this transaction's: False where another has it. It is given back if the transaction fails."""
    row = {"school_id": school_id, "job": job, "due_at": due_at, "ran_at": now}
    table = cast(Table, RoundRun.__table__)
    statement = ignoring_repeats(session, table).returning(table.c.job)
    return session.execute(statement, [row]).scalar() is not None
