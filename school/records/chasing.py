"""The morning's chase on record: days that are looked at, each child's ladder, the brake's holds, notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class ChaseDay(OfSchool, Base):
    """One session whose register is looked after, and when it is next looked at; None once there is nothing to do."""

    __tablename__ = "chase_days"
    day: Mapped[date] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(String(2), primary_key=True)
    look_at: Mapped[datetime | None] = mapped_column(default=None)
    is_over: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        CheckConstraint("session IN ('AM', 'PM')", name="session"),
        Index("ix_chase_days_look", "look_at"),
    )


class Chase(Keyed, Base):
    """The school asks where one child is. Kind: ladder, gentle (ill yesterday), late (an hour that passed), staff.

    Status: going, not_known (a parent thinks that the child is in school), ended. `ended_why`: answered, present,
    barrier, coded, noted, over. `staff_at` and `staff_why` say since when and why it is a person's to ring.
    """

    __tablename__ = "chases"
    pupil_id: Mapped[str] = mapped_column(String(26))
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(2))
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(10), default="going")
    started_at: Mapped[datetime]
    staff_at: Mapped[datetime | None] = mapped_column(default=None)
    staff_why: Mapped[str] = mapped_column(String(30), default="")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_why: Mapped[str] = mapped_column(String(20), default="")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("school_id", "pupil_id", "day", "session", "kind"),
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        CheckConstraint("kind IN ('ladder', 'gentle', 'late', 'staff')", name="kind"),
        CheckConstraint("status IN ('going', 'not_known', 'ended')", name="status"),
        Index("ix_chases_day", "school_id", "day", "session"),
    )


class ChaseStep(Keyed, Base):
    """One contact who was asked or told: by which push of which thread, or `failed` where nobody would get it.

    Kind: ask, late, social_worker. Siblings of one message share its `inbox_id`.
    """

    __tablename__ = "chase_steps"
    chase_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(15), default="ask")
    thread_id: Mapped[str | None] = mapped_column(String(26), default=None)
    inbox_id: Mapped[str | None] = mapped_column(String(26), default=None)
    failed: Mapped[str] = mapped_column(String(20), default="")
    at: Mapped[datetime]
    cleared_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "chase_id"], ["chases.school_id", "chases.id"]),
        Index("ix_chase_steps_chase", "school_id", "chase_id"),
        Index("ix_chase_steps_thread", "school_id", "thread_id", "at"),
    )


class BrakeHold(Keyed, Base):
    """Alerts of a session that wait for one click: the whole school's (`class_name` '') or one class's, and why.

    Status: held, released, cleared (the register was put right), over. `told` lists [role, moment] in order.
    """

    __tablename__ = "brake_holds"
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(2))
    class_name: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(String(30))
    status: Mapped[str] = mapped_column(String(10), default="held")
    told: Mapped[list[Any]] = mapped_column(default=list)
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(String(60), default=None)
    __table_args__ = (
        UniqueConstraint("school_id", "day", "session", "class_name", "why"),
        CheckConstraint("status IN ('held', 'released', 'cleared', 'over')", name="status"),
    )


class PupilNote(Keyed, Base):
    """What an adult in school was told or saw of a child on a day; `session` '' is all of it.

    Kind: with_adult (an adult who may say so said where the child is), sent_home_ill, said_back (a parent said that
    the child comes today), asked_back (we asked whether it does). Only the first accounts for a child.
    """

    __tablename__ = "pupil_notes"
    pupil_id: Mapped[str] = mapped_column(String(26))
    day: Mapped[date]
    session: Mapped[str] = mapped_column(String(2), default="")
    kind: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        CheckConstraint("session IN ('', 'AM', 'PM')", name="session"),
        CheckConstraint("kind IN ('with_adult', 'sent_home_ill', 'said_back', 'asked_back')", name="kind"),
        Index("ix_pupil_notes_day", "school_id", "day", "pupil_id"),
    )


class Outing(Keyed, Base):
    """A trip or an exam day of one class, a year group or ('' both) the whole school, known beforehand."""

    __tablename__ = "outings"
    day: Mapped[date]
    kind: Mapped[str] = mapped_column(String(10))
    class_name: Mapped[str] = mapped_column(default="")
    year: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        CheckConstraint("kind IN ('trip', 'exam', 'other')", name="kind"),
        Index("ix_outings_day", "school_id", "day"),
    )
