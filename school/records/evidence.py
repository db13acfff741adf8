"""Evidence on record: what staff asked one contact to show, and the files that came, with a day on which they go."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from school.records.base import Base, Keyed


class EvidenceRequest(Keyed, Base):
    """What staff asked of one contact about an absence or a request for leave: never made by itself.

    `note` is why it is asked, in the words of whoever asks, for staff alone; `inbox_id` is the push by which the parent
    was told. `closing` says how it ended, in staff's words: a card can be shown at the desk too. `link_hash`: of the
    one-time link that the text held, until it was used or ended (`school.evidence_links`).
    """

    __tablename__ = "evidence_requests"
    contact_id: Mapped[str] = mapped_column(String(26))
    thread_id: Mapped[str] = mapped_column(String(26))
    pupil_ids: Mapped[list[Any]] = mapped_column(default=list)
    absence_id: Mapped[str | None] = mapped_column(String(26), default=None)
    leave_id: Mapped[str | None] = mapped_column(String(26), default=None)
    note: Mapped[str]
    asked_at: Mapped[datetime]
    asked_by: Mapped[str] = mapped_column(String(60))
    until: Mapped[datetime]
    inbox_id: Mapped[str] = mapped_column(String(26))
    link_hash: Mapped[str | None] = mapped_column(String(64), default=None)
    status: Mapped[str] = mapped_column(String(10), default="asked")
    closing: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[str | None] = mapped_column(String(60), default=None)
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("status IN ('asked', 'received', 'closed', 'withdrawn', 'expired')", name="status"),
        CheckConstraint("(absence_id IS NULL) <> (leave_id IS NULL)", name="about"),
        Index("ix_evidence_requests_contact", "school_id", "contact_id", "status"),
        Index("ix_evidence_requests_until", "status", "until"),
        Index("ix_evidence_requests_link", "link_hash"),
    )


class EvidenceFile(Keyed, Base):
    """One picture or document that a parent sent. Status: waiting (not fetched yet), kept, unread, forgotten.

    `channel` is "page" for what was uploaded, which no message brought. `reference` is the channel's name for it,
    `data` what was kept of it: a picture drawn anew, so that nothing of the phone that took it is left, or a PDF as it
    came. `fetch_at` is when it is fetched, or tried again.
    """

    __tablename__ = "evidence_files"
    request_id: Mapped[str] = mapped_column(String(26))
    thread_id: Mapped[str] = mapped_column(String(26))
    message_id: Mapped[str] = mapped_column(String(26))
    channel: Mapped[str] = mapped_column(String(20))
    reference: Mapped[str] = mapped_column(String(300))
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    received_at: Mapped[datetime]
    fetch_at: Mapped[datetime | None] = mapped_column(default=None)
    tries: Mapped[int] = mapped_column(default=0)
    content_type: Mapped[str] = mapped_column(String(40), default="")
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    # A list of files is not a list of pictures.
    data: Mapped[bytes | None] = deferred(mapped_column(LargeBinary, default=None))
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'kept', 'unread', 'forgotten')", name="status"),
        ForeignKeyConstraint(["school_id", "request_id"], ["evidence_requests.school_id", "evidence_requests.id"]),
        Index("ix_evidence_files_request", "school_id", "request_id"),
        Index("ix_evidence_files_fetch", "fetch_at"),
    )
