"""Support: cases, the pupils and steps of each, and offers; a step is never changed or dropped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the four tables, and guards the steps."""
    _cases()
    _pupils()
    _steps()
    _offers()
    _guard("support_steps")


def downgrade() -> None:
    """Drops them, those that point at others first."""
    for table in ("support_offers", "support_steps", "support_pupils", "support_cases"):
        op.drop_table(table)


def _guard(table: str) -> None:
    """Makes the database refuse to change a row; the function is that of the ledger's own guard."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _cases() -> None:
    op.create_table(
        "support_cases",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("opened_by", sa.String(length=60), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('open', 'seen', 'replied', 'closed')", name=op.f("ck_support_cases_status")),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_support_cases"),
    )
    op.create_index("ix_support_cases_status", "support_cases", ["school_id", "status", "id"])
    op.create_index("ix_support_cases_contact", "support_cases", ["school_id", "contact_id", "status"])


def _pupils() -> None:
    op.create_table(
        "support_pupils",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "case_id"],
            ["support_cases.school_id", "support_cases.id"],
            name="fk_support_pupils_school_id_case_id",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_support_pupils_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "case_id", "pupil_id", name="pk_support_pupils"),
    )
    op.create_index("ix_support_pupils_pupil", "support_pupils", ["school_id", "pupil_id"])


def _steps() -> None:
    op.create_table(
        "support_steps",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("message_id", sa.String(length=26), nullable=True),
        sa.Column("about_id", sa.String(length=26), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "case_id"],
            ["support_cases.school_id", "support_cases.id"],
            name="fk_support_steps_school_id_case_id",
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_support_steps"),
    )
    op.create_index("ix_support_steps_case", "support_steps", ["school_id", "case_id", "id"])


def _offers() -> None:
    op.create_table(
        "support_offers",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("case_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_ids", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("times", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("chosen_at", UTCDateTime(), nullable=True),
        sa.Column("offered_at", UTCDateTime(), nullable=False),
        sa.Column("offered_by", sa.String(length=60), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("consent_asked", sa.String(), nullable=False),
        sa.Column("consent_said", sa.String(), nullable=False),
        sa.Column("consent_at", UTCDateTime(), nullable=True),
        sa.Column("consent_ended_at", UTCDateTime(), nullable=True),
        sa.Column("remind_at", UTCDateTime(), nullable=True),
        sa.Column("inbox_id", sa.String(length=26), nullable=True),
        sa.CheckConstraint(
            "status IN ('offered', 'accepted', 'declined', 'asked', 'taken_back', 'withdrawn')",
            name=op.f("ck_support_offers_status"),
        ),
        sa.CheckConstraint("kind IN ('call', 'meeting', 'team')", name=op.f("ck_support_offers_kind")),
        sa.ForeignKeyConstraint(
            ["school_id", "case_id"],
            ["support_cases.school_id", "support_cases.id"],
            name="fk_support_offers_school_id_case_id",
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_support_offers"),
    )
    op.create_index("ix_support_offers_case", "support_offers", ["school_id", "case_id", "id"])
    op.create_index("ix_support_offers_remind", "support_offers", ["remind_at"])
