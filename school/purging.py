"""Words are forgotten when their day has come: in small bites, so that nobody waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from school.records.database import Database
from school.records.evidence_queries import forget_files
from school.records.purge_queries import (
    drop_months,
    due_messages,
    forget_answers,
    forget_messages,
    kept_worries,
)
from school.records.school_queries import all_schools
from school.records.sheets import forget_sheets
from school.settings import settings_of

# The writer is free between two bites.
AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a purge would do in one school: texts that go, and worries past their day that are not on file yet."""

    school: str
    texts: int
    kept: int


def keeps(session: Session) -> dict[str, int]:
    """For how many days each school keeps the words of a text, as it has chosen now."""
    return {school.id: settings_of(school).retention_days for school in all_schools(session)}


def due(session: Session, *, now: datetime) -> list[Due]:
    """What a purge would forget at this moment, school by school; it changes nothing."""
    days = keeps(session)
    texts, kept = due_messages(session, now, keeps=days), kept_worries(session, now, keeps=days)
    return [
        Due(school=school.short_name, texts=texts.get(school.id, 0), kept=kept.get(school.id, 0))
        for school in all_schools(session)
    ]


def purge(database: Database, *, now: datetime, at_once: int = AT_ONCE) -> int:
    """Forgets all whose day has come; how many texts went, months that were dropped whole not counted.

    Absences, marks, decisions and the ledger stay: they hold no words of a text. What families sent as evidence goes
    when the school's own days for it are over. On SQLite what was written over is
    cleared from the log as well; PostgreSQL's own log and every backup lag behind (`docs/privacy.md`).
    """
    with database.write() as session:
        days = keeps(session)
        done = sum(forget_sheets(session, each, now - timedelta(days=kept)) for each, kept in sorted(days.items()))
        done += sum(
            forget_files(session, school.id, now - timedelta(days=settings_of(school).evidence_keep_days))
            for school in all_schools(session)
        )
        done += forget_answers(session, now) + len(drop_months(session, now, keeps=days))
    texts = 0
    while True:
        with database.write() as session:
            gone = forget_messages(session, now, keeps=days, limit=at_once)
        texts += gone
        if gone < at_once:
            break
    if done + texts:
        database.clear_log()
    return texts
