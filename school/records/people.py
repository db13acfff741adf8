"""Schools, their lines and calendars; pupils, contacts, addresses and who has which right for which child."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class School(Base):
    """A school; `settings` holds its own choices (see `school.settings`), `short_name` is what texts call it."""

    __tablename__ = "schools"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    name: Mapped[str]
    short_name: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str]
    timezone: Mapped[str] = mapped_column(default="Europe/London")
    care_line: Mapped[str] = mapped_column(default="")
    on_call: Mapped[str] = mapped_column(default="nobody")
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Line(Keyed, Base):
    """One of our own addresses (a number or a bot); it belongs to one school and chooses it."""

    __tablename__ = "lines"
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str]
    secret: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    __table_args__ = (UniqueConstraint("channel", "address"),)


class Term(Keyed, Base):
    """A run of school days, both ends included."""

    __tablename__ = "terms"
    name: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]


class ClosedDay(Keyed, Base):
    """A day on which the school (or one year group) has no sessions: kind inset, bank_holiday, closure, other."""

    __tablename__ = "closed_days"
    day: Mapped[date]
    year: Mapped[str] = mapped_column(String(10), default="")
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (UniqueConstraint("school_id", "day", "year"),)


class SchoolTimes(OfSchool, Base):
    """The times of a school day; year '' is the whole school, any other year group overrides it."""

    __tablename__ = "school_times"
    year: Mapped[str] = mapped_column(String(10), primary_key=True, default="")
    starts: Mapped[time]
    register_closes: Mapped[time]
    morning_ends: Mapped[time]
    afternoon_starts: Mapped[time]
    afternoon_register_closes: Mapped[time]
    ends: Mapped[time]


class Pupil(Keyed, Base):
    """A child on the admission register; `external_id` is the school's information system's own.

    `ring_first`: staff ring at minute nought, brake or not (care rule 6: a social worker, a protection plan, walks
    alone, medical).
    """

    __tablename__ = "pupils"
    external_id: Mapped[str]
    upn: Mapped[str] = mapped_column(String(13), default="")
    first_name: Mapped[str]
    known_as: Mapped[str]
    surname: Mapped[str]
    year: Mapped[str] = mapped_column(String(10), default="")
    class_name: Mapped[str] = mapped_column(default="")
    left_on: Mapped[date | None] = mapped_column(default=None)
    ring_first: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("school_id", "external_id"),)


class Contact(Keyed, Base):
    """An adult on a child's record; `ring_only` is 'ring, don't text' (care rule 21).

    `quiet`: wants not to be asked how school was (care rule 22); everything else still reaches them. `numbers_only`:
    is asked by menus whose answers are digits.
    """

    __tablename__ = "contacts"
    external_id: Mapped[str]
    name: Mapped[str]
    language: Mapped[str] = mapped_column(String(10), default="en")
    numbers_only: Mapped[bool] = mapped_column(default=False)
    ring_only: Mapped[bool] = mapped_column(default=False)
    quiet: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("school_id", "external_id"),)


class Address(Keyed, Base):
    """A phone (E.164) or a chat by which a contact is reached; several contacts may share one (narrower rights)."""

    __tablename__ = "addresses"
    contact_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(20))
    address: Mapped[str]
    opted_out_at: Mapped[datetime | None] = mapped_column(default=None)
    quarantined_at: Mapped[datetime | None] = mapped_column(default=None)
    quarantine_reason: Mapped[str] = mapped_column(String(40), default="")
    joined_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        UniqueConstraint("school_id", "contact_id", "channel", "address"),
        ForeignKeyConstraint(["school_id", "contact_id"], ["contacts.school_id", "contacts.id"]),
        Index("ix_addresses_found", "school_id", "channel", "address"),
    )


class Right(OfSchool, Base):
    """What one contact may do and know about one child. Default deny; `no_contact` outweighs all others.

    `care_week` A or B: the child is with them in that week, so they are asked first then. `social_worker`: told when
    a chase reached nobody, never asked. `report_until`: a helper's; after that day it is
    as if it were not there.
    """

    __tablename__ = "rights"
    contact_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    priority: Mapped[int] = mapped_column(default=1)
    may_report: Mapped[bool] = mapped_column(default=False)
    may_be_told: Mapped[bool] = mapped_column(default=False)
    may_see_reasons: Mapped[bool] = mapped_column(default=False)
    may_request_leave: Mapped[bool] = mapped_column(default=False)
    lives_with: Mapped[bool] = mapped_column(default=False)
    no_contact: Mapped[bool] = mapped_column(default=False)
    care_week: Mapped[str] = mapped_column(String(1), default="")
    social_worker: Mapped[bool] = mapped_column(default=False)
    report_until: Mapped[date | None] = mapped_column(default=None)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "contact_id"], ["contacts.school_id", "contacts.id"]),
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        Index("ix_rights_pupil", "school_id", "pupil_id"),
    )


class Helper(OfSchool, Base):
    """An adult whom staff added after a call, who may report some children until a date (care rule 10).

    `rang_contact_id` is the parent whom staff rang, `why` a code. Which children, and until when, are on the rights.
    """

    __tablename__ = "helpers"
    contact_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    until: Mapped[date]
    why: Mapped[str] = mapped_column(String(20))
    rang_contact_id: Mapped[str] = mapped_column(String(26))
    added_by: Mapped[str] = mapped_column(String(60))
    added_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "contact_id"], ["contacts.school_id", "contacts.id"]),
        Index("ix_helpers_until", "school_id", "until"),
    )


class JoinCode(OfSchool, Base):
    """A code from the school with which a contact joins Telegram; only its hash is kept."""

    __tablename__ = "join_codes"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    contact_id: Mapped[str] = mapped_column(String(26))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
