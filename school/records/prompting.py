"""'How was school?' on record: what classes learn, who was asked, what they said, and who is not asked for now."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from school.records.base import Base, Keyed, OfSchool


class PromptTopic(Keyed, Base):
    """What one class learns in a week (its Monday), in a teacher's few words by language code."""

    __tablename__ = "prompt_topics"
    class_name: Mapped[str]
    week: Mapped[date]
    words: Mapped[dict[str, Any]] = mapped_column(default=dict)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (UniqueConstraint("school_id", "class_name", "week"),)


class Prompt(Keyed, Base):
    """One message to one contact that asked how school was: which question (1 to 5) or topic, by which push."""

    __tablename__ = "prompts"
    contact_id: Mapped[str] = mapped_column(String(26))
    day: Mapped[date]
    question: Mapped[int]
    topic_id: Mapped[str | None] = mapped_column(String(26), default=None)
    thread_id: Mapped[str] = mapped_column(String(26))
    inbox_id: Mapped[str] = mapped_column(String(26))
    at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "contact_id"], ["contacts.school_id", "contacts.id"]),
        Index("ix_prompts_contact", "school_id", "contact_id", "day"),
    )


class PromptChild(OfSchool, Base):
    """A child whom a prompt was about, and what was said. The key lets a child be asked about once a week.

    `week` is its Monday. `mood` good, ok or low; None with an `answered_at` is an answer in words, which stand in
    the message.
    """

    __tablename__ = "prompt_children"
    pupil_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    week: Mapped[date] = mapped_column(primary_key=True)
    prompt_id: Mapped[str] = mapped_column(String(26))
    mood: Mapped[str | None] = mapped_column(String(4), default=None)
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    message_id: Mapped[str | None] = mapped_column(String(26), default=None)
    __table_args__ = (
        ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),
        ForeignKeyConstraint(["school_id", "prompt_id"], ["prompts.school_id", "prompts.id"]),
        CheckConstraint("mood IN ('good', 'ok', 'low')", name="mood"),
        Index("ix_prompt_children_prompt", "school_id", "prompt_id"),
        Index("ix_prompt_children_week", "school_id", "week"),
    )


class PromptPause(OfSchool, Base):
    """What staff decided of prompts about a child: paused, or (`paused` False) asked again from then on.

    A bereavement that is stated after `at` pauses again (care rule 17).
    """

    __tablename__ = "prompt_pauses"
    pupil_id: Mapped[str] = mapped_column(String(26), primary_key=True)
    paused: Mapped[bool]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(60))
    __table_args__ = (ForeignKeyConstraint(["school_id", "pupil_id"], ["pupils.school_id", "pupils.id"]),)
