"""The first revision's tables of 'How was school?'."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = ("prompt_topics", "prompts", "prompt_children", "prompt_pauses")


def make() -> None:
    """Makes the tables, those that others point at first."""
    _prompt_topics()
    _prompts()
    _prompt_children()
    _prompt_pauses()


def _prompt_topics() -> None:
    op.create_table(
        "prompt_topics",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_prompt_topics"),
        sa.UniqueConstraint("school_id", "class_name", "week", name="uq_prompt_topics_school_id_class_name_week"),
    )


def _prompts() -> None:
    op.create_table(
        "prompts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("question", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.String(length=26), nullable=True),
        sa.Column("thread_id", sa.String(length=26), nullable=False),
        sa.Column("inbox_id", sa.String(length=26), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"], ["contacts.school_id", "contacts.id"], name="fk_prompts_school_id_contact_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_prompts"),
    )
    op.create_index("ix_prompts_contact", "prompts", ["school_id", "contact_id", "day"])


def _prompt_children() -> None:
    op.create_table(
        "prompt_children",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("prompt_id", sa.String(length=26), nullable=False),
        sa.Column("mood", sa.String(length=4), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.CheckConstraint("mood IN ('good', 'ok', 'low')", name=op.f("ck_prompt_children_mood")),
        sa.ForeignKeyConstraint(
            ["school_id", "prompt_id"],
            ["prompts.school_id", "prompts.id"],
            name="fk_prompt_children_school_id_prompt_id",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_prompt_children_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", "week", name="pk_prompt_children"),
    )
    op.create_index("ix_prompt_children_prompt", "prompt_children", ["school_id", "prompt_id"])
    op.create_index("ix_prompt_children_week", "prompt_children", ["school_id", "week"])


def _prompt_pauses() -> None:
    op.create_table(
        "prompt_pauses",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_prompt_pauses_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "pupil_id", name="pk_prompt_pauses"),
    )
