"""Staff and machines that may enter, what waits for a person, and the ledger of all changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class User(Keyed, Base):
    """A member of staff; the roles are those of `school.access`. `ends_at`: from then on they may not enter."""

    __tablename__ = "users"
    name: Mapped[str]
    email: Mapped[str]
    roles: Mapped[list[Any]] = mapped_column(default=list)
    password_hash: Mapped[str] = mapped_column(default="")
    active: Mapped[bool] = mapped_column(default=True)
    ends_at: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("school_id", "email"),)


class Token(Keyed, Base):
    """A bearer token of a user or a machine: its SHA-256 alone is kept; scopes are names of `api.access`."""

    __tablename__ = "tokens"
    name: Mapped[str]
    user_id: Mapped[str | None] = mapped_column(String(26), default=None)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


# Why an item is there that tells of hard days in a row about one child: for those alone who may read the answers.
LOW_DAYS = "low_days"


class StaffItem(Keyed, Base):
    """Something that waits for a person in the office: never anything that worries (see `SafeguardingItem`).

    `why` is a code: claims_present, human, leave, unknown_sender, unheard, pupil_writes, contradiction, after_confirm,
    failed_turn, media, looping, opted_out, bounced, ... `urgent` ones stand on top. `alarm_at`: unless somebody
    has acknowledged it by then, the duty phone is told (care rule 4).
    """

    __tablename__ = "staff_items"
    why: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str] = mapped_column(String(30), default="")
    thread_id: Mapped[str | None] = mapped_column(String(26), default=None)
    message_id: Mapped[str | None] = mapped_column(String(26), default=None)
    contact_id: Mapped[str | None] = mapped_column(String(26), default=None)
    pupil_ids: Mapped[list[Any]] = mapped_column(default=list)
    urgent: Mapped[bool] = mapped_column(default=False)
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by: Mapped[str | None] = mapped_column(String(60), default=None)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    acknowledged_by: Mapped[str | None] = mapped_column(String(60), default=None)
    alarm_at: Mapped[datetime | None] = mapped_column(default=None)
    __table_args__ = (
        Index("ix_staff_items_open", "school_id", "closed_at", "at"),
        Index("ix_staff_items_alarm", "alarm_at"),
    )


class SafeguardingItem(Keyed, Base):
    """A worrying text, for those alone whom care rule 8 names. Status: new, opened, handed_back.

    `about` is whom it accuses (`school.rules.allegations`); `moved` how many steps it went on unopened, `told` which
    roles were told and when, `move_at` when it is told or moved next. `filed_at`: the lead has recorded that the words
    were copied to the child's file, so that they may be forgotten (care rule 9).
    """

    __tablename__ = "safeguarding_items"
    thread_id: Mapped[str] = mapped_column(String(26))
    message_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str | None] = mapped_column(String(26), default=None)
    pupil_ids: Mapped[list[Any]] = mapped_column(default=list)
    category: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(12), default="new")
    about: Mapped[str] = mapped_column(String(10), default="")
    moved: Mapped[int] = mapped_column(default=0)
    told: Mapped[list[Any]] = mapped_column(default=list)
    move_at: Mapped[datetime | None] = mapped_column(default=None)
    at: Mapped[datetime]
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    opened_by: Mapped[str | None] = mapped_column(String(26), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    filed_at: Mapped[datetime | None] = mapped_column(default=None)
    filed_by: Mapped[str | None] = mapped_column(String(26), default=None)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("status IN ('new', 'opened', 'handed_back')", name="status"),
        CheckConstraint("about IN ('', 'staff', 'lead', 'head')", name="about"),
        Index("ix_safeguarding_items_open", "school_id", "status", "at"),
        Index("ix_safeguarding_items_move", "move_at"),
        Index("ix_safeguarding_items_thread", "school_id", "thread_id"),
    )


class Hold(Keyed, Base):
    """Nothing that the school starts goes to any contact of this pupil while a hold stands; the cause is not said here.

    Shown to all staff in the same words whatever the cause: 'Being dealt with: do not contact home'.
    """

    __tablename__ = "holds"
    pupil_id: Mapped[str] = mapped_column(String(26))
    cause_id: Mapped[str | None] = mapped_column(String(26), default=None)
    at: Mapped[datetime]
    released_at: Mapped[datetime | None] = mapped_column(default=None)
    released_by: Mapped[str | None] = mapped_column(String(60), default=None)
    __table_args__ = (Index("ix_holds_pupil", "school_id", "pupil_id", "released_at"),)


class LedgerRow(OfSchool, Base):
    """One change: who did what to which thing, in ids and codes, chained by hash.

    The database itself refuses UPDATE and DELETE.
    """

    __tablename__ = "ledger"
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(60))
    verb: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(60))
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    restricted: Mapped[bool] = mapped_column(default=False)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    # The few restricted rows, so that everybody else's feed can be numbered as if they were not there.
    __table_args__ = (
        Index(
            "ix_ledger_restricted",
            "school_id",
            "number",
            sqlite_where=text("restricted"),
            postgresql_where=text("restricted"),
        ),
    )


class LedgerHead(Base):
    """The last number and hash of a school's ledger: the row that a transaction locks last."""

    __tablename__ = "ledger_heads"
    school_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    hash: Mapped[str] = mapped_column(String(64), default="")


class IdempotencyKey(OfSchool, Base):
    """An answer already given to a request that sends, so that a repeat gets the same one."""

    __tablename__ = "idempotency_keys"
    actor: Mapped[str] = mapped_column(String(60), primary_key=True)
    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    answer: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]


class Installation(Base):
    """The one row about this database: live or rehearsal, chosen when it is made, and the rehearsal's clock."""

    __tablename__ = "installation"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mode: Mapped[str] = mapped_column(String(10))
    clock: Mapped[datetime | None] = mapped_column(default=None)
    created_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("mode IN ('live', 'rehearsal')", name="mode"),
        CheckConstraint("id = 1", name="one"),
    )
