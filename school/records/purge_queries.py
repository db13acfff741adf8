"""What has come to its day and is forgotten: words, and answers to repeats. Worries stay until they are on file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, text, tuple_
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from school.records.messaging import Message
from school.records.partitions import months_before
from school.records.staff import IdempotencyKey, SafeguardingItem

# A repeat of a request that sends comes within a day; its answer may hold a name.
ANSWERS_KEPT = timedelta(days=7)
# All who want to read or write a text wait behind who waits to drop a month.
DROP_WAITS_MS = 200


def _is_due(now: datetime, keeps: Mapping[str, int]) -> ColumnElement[bool]:
    """Its own day has come; or the school (by id) keeps words for fewer days now than when the text came."""
    by_days: dict[int, list[str]] = {}
    for school_id, days in sorted(keeps.items()):
        by_days.setdefault(days, []).append(school_id)
    shorter = [
        and_(Message.school_id.in_(schools), Message.at <= now - timedelta(days=days))
        for days, schools in sorted(by_days.items())
    ]
    return or_(Message.purge_after <= now, *shorter)


def _is_kept() -> ColumnElement[bool]:
    """Restricted words, until all worries of their thread are recorded as copied to the file (care rule 9)."""
    unfiled = exists().where(
        SafeguardingItem.school_id == Message.school_id,
        SafeguardingItem.thread_id == Message.thread_id,
        SafeguardingItem.filed_at.is_(None),
    )
    return and_(Message.restricted, unfiled)


def due_messages(session: Session, now: datetime, *, keeps: Mapping[str, int]) -> dict[str, int]:
    """How many texts of each school would be forgotten now."""
    wanted = select(Message.school_id, func.count()).where(_is_due(now, keeps), ~_is_kept()).group_by(Message.school_id)
    return dict(session.execute(wanted).all())


def kept_worries(session: Session, now: datetime, *, keeps: Mapping[str, int]) -> dict[str, int]:
    """How many restricted texts of each school are past their day and stay because a worry is not on file yet."""
    wanted = select(Message.school_id, func.count()).where(_is_due(now, keeps), _is_kept()).group_by(Message.school_id)
    return dict(session.execute(wanted).all())


def forget_messages(session: Session, now: datetime, *, keeps: Mapping[str, int], limit: int) -> int:
    """Removes texts whose day has come, at most `limit` of them; how many went."""
    due = select(Message.school_id, Message.id, Message.at).where(_is_due(now, keeps), ~_is_kept()).limit(limit)
    keys = [tuple(row) for row in session.execute(due)]
    if keys:
        gone = delete(Message).where(tuple_(Message.school_id, Message.id, Message.at).in_(keys))
        session.execute(gone.execution_options(synchronize_session=False))
    return len(keys)


def forget_answers(session: Session, now: datetime) -> int:
    """Removes answers that were kept for repeats which cannot come any more; how many went."""
    gone = delete(IdempotencyKey).where(IdempotencyKey.at <= now - ANSWERS_KEPT)
    keys = session.execute(gone.returning(IdempotencyKey.key).execution_options(synchronize_session=False))
    return len(keys.all())


def drop_months(session: Session, now: datetime, *, keeps: Mapping[str, int]) -> list[str]:
    """On PostgreSQL: drops the tables of past months of which nothing must be kept, instead of a million rows.

    A drop waits for nobody but a moment: what cannot be had at once is left for the next time. Gives the names.
    """
    dropped: list[str] = []
    for name in months_before(session, now):
        if _has_words_to_keep(session, name, now, keeps):
            continue
        try:
            with session.begin_nested():
                session.execute(text(f"SET LOCAL lock_timeout = '{DROP_WAITS_MS}ms'"))
                session.execute(text("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE"))
                # Nobody writes now: what was so a moment ago is looked at again.
                if not _has_words_to_keep(session, name, now, keeps):
                    # The name is made of digits by `partitions`; a table's name cannot be a parameter.
                    session.execute(text(f"DROP TABLE {name}"))
                    dropped.append(name)
        except OperationalError:
            break
    return dropped


def _has_words_to_keep(session: Session, name: str, now: datetime, keeps: Mapping[str, int]) -> bool:
    of_month = text(f"messages.tableoid = '{name}'::regclass")
    wanted = select(Message.id).where(of_month, or_(~_is_due(now, keeps), _is_kept())).limit(1)
    return session.execute(wanted).first() is not None
