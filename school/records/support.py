"""Support on record: cases, the steps of each, which nobody can change afterwards, and what was offered to a family."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class SupportCase(Keyed, Base):
    """What makes school hard for a child, as one adult says or as staff see it. Status: open, seen, replied, closed.

    A case belongs to one adult's words (`contact_id`), or to none: two homes have a case each, and neither's words
    stand in the other's.
    """

    __tablename__ = "support_cases"
    contact_id: Mapped[str | None] = mapped_column(String(26), default=None)
    status: Mapped[str] = mapped_column(String(10), default="open")
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(String(60))
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("status IN ('open', 'seen', 'replied', 'closed')", name="status"),
        Index("ix_support_cases_status", "school_id", "status", "id"),
        Index("ix_support_cases_contact", "school_id", "contact_id", "status"),
    )


class SupportPupil(OfSchool, Base):
    """A pupil whom a case is about."""

    __tablename__ = "support_pupils"
    case_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    pupil_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["support_cases.school_id", "support_cases.id"]),
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        Index("ix_support_pupils_pupil", "school_id", "pupil_id"),
    )


class SupportStep(Keyed, Base):
    """One step of a case: what happened (`kind`), when, and who did it. The database refuses to change or drop one.

    `message_id` is the text that it is about, while its words are kept; `note` is a member of staff's own words.
    """

    __tablename__ = "support_steps"
    case_id: Mapped[str] = mapped_column(String(26))
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    message_id: Mapped[str | None] = mapped_column(String(26), default=None)
    about_id: Mapped[str | None] = mapped_column(String(26), default=None)
    note: Mapped[str] = mapped_column(default="")
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "case_id"], ["support_cases.school_id", "support_cases.id"]),
        Index("ix_support_steps_case", "school_id", "case_id", "id"),
    )


class SupportOffer(Keyed, Base):
    """A call, a meeting or a meeting with others (`team`), offered to one contact.

    Status: offered, accepted, declined, asked (they wrote a question), taken_back, withdrawn (by staff). Where they
    agreed that others are told, `consent_asked` is what they were asked and `consent_said` what they answered, word for
    word, and `consent_at` when: facts of legal weight stand on their own, and outlive the texts.
    """

    __tablename__ = "support_offers"
    case_id: Mapped[str] = mapped_column(String(26))
    contact_id: Mapped[str] = mapped_column(String(26))
    pupil_ids: Mapped[list[Any]] = mapped_column(default=list)
    kind: Mapped[str] = mapped_column(String(10))
    times: Mapped[list[Any]] = mapped_column(default=list)
    status: Mapped[str] = mapped_column(String(10), default="offered")
    chosen_at: Mapped[datetime | None] = mapped_column(default=None)
    offered_at: Mapped[datetime]
    offered_by: Mapped[str] = mapped_column(String(60))
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    consent_asked: Mapped[str] = mapped_column(default="")
    consent_said: Mapped[str] = mapped_column(default="")
    consent_at: Mapped[datetime | None] = mapped_column(default=None)
    consent_ended_at: Mapped[datetime | None] = mapped_column(default=None)
    remind_at: Mapped[datetime | None] = mapped_column(default=None)
    inbox_id: Mapped[str | None] = mapped_column(String(26), default=None)
    __table_args__ = (
        CheckConstraint(
            "status IN ('offered', 'accepted', 'declined', 'asked', 'taken_back', 'withdrawn')", name="status"
        ),
        CheckConstraint("kind IN ('call', 'meeting', 'team')", name="kind"),
        ForeignKeyConstraint(["school_id", "case_id"], ["support_cases.school_id", "support_cases.id"]),
        Index("ix_support_offers_case", "school_id", "case_id", "id"),
        Index("ix_support_offers_remind", "remind_at"),
    )
