"""The ground that all tables stand on: names of constraints, column types and ids."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Lock
from typing import Any, ClassVar

from sqlalchemy import DateTime, Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import JSON, TypeDecorator
from ulid import ULID

# Constraints get names by rule, so that a migration can drop what another made on either database.
NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime on both databases; a naive one is refused at the door."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; times are `UTCDateTime`, objects are JSON."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
        str: String,
    }


class OfSchool:
    """Every table of a family's facts is keyed by school first, so that it can be distributed by school."""

    # Without an order, a mixin's columns stand behind the table's own, in the primary key too.
    school_id: Mapped[str] = mapped_column(String(26), primary_key=True, sort_order=-2)


class Keyed(OfSchool):
    """A row of a school with an opaque id of its own."""

    id: Mapped[str] = mapped_column(String(26), primary_key=True, sort_order=-1)


_lock = Lock()
_last = 0


def new_id(now: datetime) -> str:
    """An opaque, time-ordered id of 26 characters; ids made by one process always ascend.

    A process that makes two ids in one millisecond (or whose clock steps back) takes the last id plus one, so
    that the order of ids is the order of arrival.
    """
    global _last  # noqa: PLW0603  one order for all ids of a process
    with _lock:
        made = int(ULID.from_datetime(now))
        _last = made if made > _last else _last + 1
        return str(ULID.from_int(_last))


def ids_since(moment: datetime) -> str:
    """What no id made at that moment or later sorts before."""
    return str(ULID.from_datetime(moment))[:10]
