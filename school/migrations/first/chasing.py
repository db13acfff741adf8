"""The first revision's tables of the morning's chase."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = ("chase_days", "chases", "chase_steps", "brake_holds", "pupil_notes", "outings")


def make() -> None:
    """Makes the tables, those that others point at first."""
    _chase_days()
    _chases()
    _chase_steps()
    _brake_holds()
    _pupil_notes()
    _outings()


def _chase_days() -> None:
    op.create_table(
        "chase_days",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("look_at", UTCDateTime(), nullable=True),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.CheckConstraint("session IN ('AM', 'PM')", name=op.f("ck_chase_days_session")),
        sa.PrimaryKeyConstraint("school_id", "day", "session", name="pk_chase_days"),
    )
    op.create_index("ix_chase_days_look", "chase_days", ["look_at"])


def _chases() -> None:
    op.create_table(
        "chases",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("staff_at", UTCDateTime(), nullable=True),
        sa.Column("staff_why", sa.String(length=30), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('ladder', 'gentle', 'late', 'staff')", name=op.f("ck_chases_kind")),
        sa.CheckConstraint("status IN ('going', 'not_known', 'ended')", name=op.f("ck_chases_status")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_chases_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_chases"),
        sa.UniqueConstraint(
            "school_id", "pupil_id", "day", "session", "kind", name="uq_chases_school_id_pupil_id_day_session_kind"
        ),
    )
    op.create_index("ix_chases_day", "chases", ["school_id", "day", "session"])


def _chase_steps() -> None:
    op.create_table(
        "chase_steps",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("chase_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("thread_id", sa.String(length=26), nullable=True),
        sa.Column("inbox_id", sa.String(length=26), nullable=True),
        sa.Column("failed", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("cleared_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "chase_id"], ["chases.school_id", "chases.id"], name="fk_chase_steps_school_id_chase_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_chase_steps"),
    )
    op.create_index("ix_chase_steps_chase", "chase_steps", ["school_id", "chase_id"])
    op.create_index("ix_chase_steps_thread", "chase_steps", ["school_id", "thread_id", "at"])


def _brake_holds() -> None:
    op.create_table(
        "brake_holds",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("why", sa.String(length=30), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=60), nullable=True),
        sa.CheckConstraint("status IN ('held', 'released', 'cleared', 'over')", name=op.f("ck_brake_holds_status")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_brake_holds"),
        sa.UniqueConstraint(
            "school_id",
            "day",
            "session",
            "class_name",
            "why",
            name="uq_brake_holds_school_id_day_session_class_name_why",
        ),
    )


def _pupil_notes() -> None:
    op.create_table(
        "pupil_notes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.CheckConstraint(
            "kind IN ('with_adult', 'sent_home_ill', 'said_back', 'asked_back')", name=op.f("ck_pupil_notes_kind")
        ),
        sa.CheckConstraint("session IN ('', 'AM', 'PM')", name=op.f("ck_pupil_notes_session")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_pupil_notes_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_pupil_notes"),
    )
    op.create_index("ix_pupil_notes_day", "pupil_notes", ["school_id", "day", "pupil_id"])


def _outings() -> None:
    op.create_table(
        "outings",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("year", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.CheckConstraint("kind IN ('trip', 'exam', 'other')", name=op.f("ck_outings_kind")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_outings"),
    )
    op.create_index("ix_outings_day", "outings", ["school_id", "day"])
