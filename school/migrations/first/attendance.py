"""The first revision's tables of attendance: absences, statements, marks and their amendments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = (
    "absences",
    "mark_amendments",
    "register_marks",
    "statements",
)


def make() -> None:
    """Makes the tables, those that others point at first."""
    _absences()
    _mark_amendments()
    _register_marks()
    _statements()


def _absences() -> None:
    op.create_table(
        "absences",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason_category", sa.String(length=30), nullable=True),
        sa.Column("proposed_code", sa.String(length=2), nullable=True),
        sa.Column("proposed_why", sa.String(), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("accounted_for", sa.Boolean(), nullable=False),
        sa.Column("explained", sa.Boolean(), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("expected_at", UTCDateTime(), nullable=True),
        sa.Column("appointment_at", sa.Time(), nullable=True),
        sa.Column("leaves_at", sa.Time(), nullable=True),
        sa.Column("returns_at", sa.Time(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_by", sa.String(length=26), nullable=True),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint("session IN ('AM', 'PM')", name=op.f("ck_absences_session")),
        sa.CheckConstraint("status IN ('reported', 'confirmed', 'withdrawn')", name=op.f("ck_absences_status")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_absences_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_absences"),
        sa.UniqueConstraint(
            "school_id", "pupil_id", "day", "session", name="uq_absences_school_id_pupil_id_day_session"
        ),
    )
    op.create_index("ix_absences_day", "absences", ["school_id", "day", "status"])


def _mark_amendments() -> None:
    op.create_table(
        "mark_amendments",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("original_code", sa.String(length=2), nullable=False),
        sa.Column("new_code", sa.String(length=2), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("by_role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_mark_amendments_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_mark_amendments"),
    )
    op.create_index("ix_mark_amendments_pupil", "mark_amendments", ["school_id", "pupil_id", "day", "session"])


def _register_marks() -> None:
    op.create_table(
        "register_marks",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("session", sa.String(length=2), nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=False),
        sa.Column("taken_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("session IN ('AM', 'PM')", name=op.f("ck_register_marks_session")),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_register_marks_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", "day", "session", name="pk_register_marks"),
    )
    op.create_index("ix_register_marks_day", "register_marks", ["school_id", "day", "session"])


def _statements() -> None:
    op.create_table(
        "statements",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("absence_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("user_id", sa.String(length=26), nullable=True),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("frame", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason_category", sa.String(length=30), nullable=True),
        sa.Column("minutes_late", sa.Integer(), nullable=True),
        sa.Column("expected_at", UTCDateTime(), nullable=True),
        sa.Column("appointment_at", sa.Time(), nullable=True),
        sa.Column("leaves_at", sa.Time(), nullable=True),
        sa.Column("returns_at", sa.Time(), nullable=True),
        sa.Column("open_ended", sa.Boolean(), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("words_span", sa.JSON(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "absence_id"],
            ["absences.school_id", "absences.id"],
            name="fk_statements_school_id_absence_id",
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_statements"),
    )
    op.create_index("ix_statements_absence", "statements", ["school_id", "absence_id"])
