"""The months of `messages` on PostgreSQL: a purge drops a month's table instead of a million rows."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

# What no month takes; the first revision makes it.
OTHER = "messages_other"
MONTH = re.compile(r"messages_\d{4}_\d\d")


def ensure_partitions(session: Session, *, now: datetime, ahead: int = 2) -> list[str]:
    """Makes the tables of this month and of the `ahead` months after it; gives the names of those it made.

    Rows of such a month that already stand in the table for all others move over. Call it at the start and daily.
    On SQLite there is nothing to do.
    """
    if session.get_bind().dialect.name != "postgresql":
        return []
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    made = []
    for _ in range(ahead + 1):
        after = _next_month(first)
        name = f"messages_{first:%Y_%m}"
        if session.scalar(text("SELECT to_regclass(:name)"), {"name": name}) is None:
            _make(session, name, first, after)
            made.append(name)
        first = after
    return made


def months_before(session: Session, now: datetime) -> list[str]:
    """The tables of months that were over before the month of `now` began, oldest first; none on SQLite."""
    if session.get_bind().dialect.name != "postgresql":
        return []
    names = session.scalars(
        text("SELECT relid::regclass::text FROM pg_partition_tree('messages') WHERE isleaf ORDER BY 1")
    )
    this_month = f"messages_{now.astimezone(UTC):%Y_%m}"
    return [name for name in names if MONTH.fullmatch(name) and name < this_month]


def _next_month(first: datetime) -> datetime:
    return first.replace(year=first.year + 1, month=1) if first.month == 12 else first.replace(month=first.month + 1)


def _make(session: Session, name: str, first: datetime, after: datetime) -> None:
    """Fills the new table before it joins: PostgreSQL refuses a month that the table for all others still holds."""
    bounds = {"first": first, "after": after}
    # The name is made of digits above; a table's name cannot be a parameter.
    session.execute(text(f"CREATE TABLE {name} (LIKE messages INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"))
    session.execute(
        text(
            f"WITH moved AS (DELETE FROM {OTHER} WHERE at >= :first AND at < :after RETURNING *) "  # noqa: S608
            f"INSERT INTO {name} SELECT * FROM moved"
        ),
        bounds,
    )
    session.execute(
        text(
            f"ALTER TABLE messages ATTACH PARTITION {name} "
            f"FOR VALUES FROM ('{first.isoformat()}') TO ('{after.isoformat()}')"
        )
    )
