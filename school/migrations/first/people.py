"""The first revision's tables of people: schools, their lines and calendars, pupils, contacts and rights."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from school.records.base import UTCDateTime

TABLES = (
    "closed_days",
    "contacts",
    "join_codes",
    "lines",
    "pupils",
    "school_times",
    "schools",
    "terms",
    "addresses",
    "rights",
)


def make() -> None:
    """Makes the tables, those that others point at first."""
    _closed_days()
    _contacts()
    _join_codes()
    _lines()
    _pupils()
    _school_times()
    _schools()
    _terms()
    _addresses()
    _rights()


def _closed_days() -> None:
    op.create_table(
        "closed_days",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("year", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_closed_days"),
        sa.UniqueConstraint("school_id", "day", "year", name="uq_closed_days_school_id_day_year"),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("ring_only", sa.Boolean(), nullable=False),
        sa.Column("quiet", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_contacts"),
        sa.UniqueConstraint("school_id", "external_id", name="uq_contacts_school_id_external_id"),
    )


def _join_codes() -> None:
    op.create_table(
        "join_codes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("school_id", "code_hash", name="pk_join_codes"),
    )


def _lines() -> None:
    op.create_table(
        "lines",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_lines"),
        sa.UniqueConstraint("channel", "address", name="uq_lines_channel_address"),
    )


def _pupils() -> None:
    op.create_table(
        "pupils",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("upn", sa.String(length=13), nullable=False),
        sa.Column("first_name", sa.String(), nullable=False),
        sa.Column("known_as", sa.String(), nullable=False),
        sa.Column("surname", sa.String(), nullable=False),
        sa.Column("year", sa.String(length=10), nullable=False),
        sa.Column("class_name", sa.String(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("ring_first", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_pupils"),
        sa.UniqueConstraint("school_id", "external_id", name="uq_pupils_school_id_external_id"),
    )


def _school_times() -> None:
    op.create_table(
        "school_times",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("year", sa.String(length=10), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("register_closes", sa.Time(), nullable=False),
        sa.Column("morning_ends", sa.Time(), nullable=False),
        sa.Column("afternoon_starts", sa.Time(), nullable=False),
        sa.Column("afternoon_register_closes", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "year", name="pk_school_times"),
    )


def _schools() -> None:
    op.create_table(
        "schools",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("care_line", sa.String(), nullable=False),
        sa.Column("on_call", sa.String(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_schools"),
    )


def _terms() -> None:
    op.create_table(
        "terms",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_terms"),
    )


def _addresses() -> None:
    op.create_table(
        "addresses",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("opted_out_at", UTCDateTime(), nullable=True),
        sa.Column("quarantined_at", UTCDateTime(), nullable=True),
        sa.Column("quarantine_reason", sa.String(length=40), nullable=False),
        sa.Column("joined_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"], ["contacts.school_id", "contacts.id"], name="fk_addresses_school_id_contact_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "id", name="pk_addresses"),
        sa.UniqueConstraint(
            "school_id", "contact_id", "channel", "address", name="uq_addresses_school_id_contact_id_channel_address"
        ),
    )
    op.create_index("ix_addresses_found", "addresses", ["school_id", "channel", "address"])


def _rights() -> None:
    op.create_table(
        "rights",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("contact_id", sa.String(length=26), nullable=False),
        sa.Column("pupil_id", sa.String(length=26), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("may_report", sa.Boolean(), nullable=False),
        sa.Column("may_be_told", sa.Boolean(), nullable=False),
        sa.Column("may_see_reasons", sa.Boolean(), nullable=False),
        sa.Column("may_request_leave", sa.Boolean(), nullable=False),
        sa.Column("lives_with", sa.Boolean(), nullable=False),
        sa.Column("no_contact", sa.Boolean(), nullable=False),
        sa.Column("care_week", sa.String(length=1), nullable=False),
        sa.Column("social_worker", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "contact_id"], ["contacts.school_id", "contacts.id"], name="fk_rights_school_id_contact_id"
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"], name="fk_rights_school_id_pupil_id"
        ),
        sa.PrimaryKeyConstraint("school_id", "contact_id", "pupil_id", name="pk_rights"),
    )
    op.create_index("ix_rights_pupil", "rights", ["school_id", "pupil_id"])
