"""Statements of what goes out: claiming queued messages, settling them, and what providers report afterwards.

Which moves a row may make stands in `bot.states`; the WHERE of every statement here holds them on disk too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, and_, bindparam, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import Session

from school.records.people import Address, Line, Right
from school.records.queues import MESSAGES, OUTBOX, QUEUED, THREADS, Values
from school.records.staff import Hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A message that may be sent now, with what the last look before sending needs to know.

    `body` is None where the words were forgotten already. `opted_out`, `quarantined` and `held` (a family of which
    the school starts nothing) are as they stand in this transaction.
    """

    school_id: str
    id: str
    thread_id: str
    contact_id: str | None
    channel: str
    line: str
    address: str
    purpose: str
    tries: int
    message_id: str
    created_at: datetime
    expires_at: datetime
    body: str | None
    buttons: list[Any]
    opted_out: bool
    quarantined: bool
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a message stands, for the one who moves it on."""

    school_id: str
    id: str
    thread_id: str
    contact_id: str | None
    channel: str
    address: str
    purpose: str
    message_id: str
    status: str
    provider_id: str | None


def _queued() -> Any:
    """The claim's look: one statement, so that opting out, holds and words are of one moment."""
    theirs = and_(
        Address.school_id == OUTBOX.c.school_id,
        Address.channel == OUTBOX.c.channel,
        Address.address == OUTBOX.c.address,
    )
    # By the address, which several contacts may share: a hold on a child of any of them holds it.
    held = (
        select(Hold.id)
        .join(Right, and_(Right.school_id == Hold.school_id, Right.pupil_id == Hold.pupil_id))
        .join(Address, and_(Address.school_id == Right.school_id, Address.contact_id == Right.contact_id))
        .where(theirs, Hold.released_at.is_(None))
    )
    return (
        select(
            *(OUTBOX.c[name] for name in ("school_id", "id", "thread_id", "channel", "address", "purpose", "tries")),
            *(OUTBOX.c[name] for name in ("message_id", "created_at", "expires_at")),
            THREADS.c.contact_id,
            Line.address.label("line"),
            MESSAGES.c.body,
            MESSAGES.c.buttons,
            or_(THREADS.c.opted_out_at.is_not(None), exists().where(theirs, Address.opted_out_at.is_not(None))).label(
                "opted_out"
            ),
            exists().where(theirs, Address.quarantined_at.is_not(None)).label("quarantined"),
            exists(held).label("held"),
        )
        .join_from(OUTBOX, THREADS, and_(THREADS.c.school_id == OUTBOX.c.school_id, THREADS.c.id == OUTBOX.c.thread_id))
        .join(Line, and_(Line.school_id == OUTBOX.c.school_id, Line.id == OUTBOX.c.line_id))
        .outerjoin(
            MESSAGES,
            and_(
                MESSAGES.c.school_id == OUTBOX.c.school_id,
                MESSAGES.c.id == OUTBOX.c.message_id,
                MESSAGES.c.at == OUTBOX.c.message_at,
            ),
        )
    )


_CLAIMABLE = (
    _queued()
    .where(
        QUEUED,
        OUTBOX.c.channel == bindparam("on"),
        OUTBOX.c.available_at <= bindparam("now"),
    )
    .order_by(OUTBOX.c.priority, OUTBOX.c.available_at, OUTBOX.c.school_id, OUTBOX.c.id)
    .limit(bindparam("most", type_=Integer))
    .with_for_update(of=OUTBOX, skip_locked=True)
)


def claimable(session: Session, channel: str, now: datetime, *, limit: int) -> list[Queued]:
    """The next messages of a channel whose time has come, the most urgent first, locked.

    Those that another is claiming are passed by.
    """
    rows = session.execute(_CLAIMABLE, {"on": channel, "now": now, "most": limit}).mappings()
    return [Queued(**{**row, "buttons": row["buttons"] or []}) for row in rows]


_MINE = and_(OUTBOX.c.school_id == bindparam("of_school"), OUTBOX.c.id == bindparam("of_row"))


def _moved(*names: str) -> Any:
    return update(OUTBOX).values({name: bindparam(name) for name in names})


_CLAIM = _moved("status", "claimed_at", "claimed_by", "tries").where(_MINE, QUEUED)
_LAY_ASIDE = _moved("status", "error_code", "settled_at").where(_MINE, QUEUED)
_THIS_CLAIM = and_(OUTBOX.c.claimed_at == bindparam("mine_at"), OUTBOX.c.claimed_by == bindparam("mine_by"))
_SETTLE = _moved("status", "error_code", "available_at", "settled_at").where(
    _MINE, _THIS_CLAIM, OUTBOX.c.status == "sending"
)
# The provider's own id is evidence, so it settles also what was given up as unknown: unless another claimed it since.
_SETTLE_SENT = _moved("status", "error_code", "provider_id", "sent_at", "settled_at").where(
    _MINE, _THIS_CLAIM, or_(OUTBOX.c.status == "sending", OUTBOX.c.status == "unknown")
)


def _many(session: Session, statement: Any, rows: Sequence[Values]) -> None:
    if rows:
        ordered = sorted(rows, key=lambda row: (row["of_school"], row["of_row"]))
        session.connection().execute(statement, ordered)


def claim(session: Session, rows: Sequence[Values]) -> None:
    """Marks locked rows as being sent; keys `of_school`, `of_row`, `status`, `claimed_at`, `claimed_by`, `tries`."""
    _many(session, _CLAIM, rows)


def lay_aside(session: Session, rows: Sequence[Values]) -> None:
    """Ends queued rows that are not to be sent; keys `of_school`, `of_row`, `status`, `error_code`, `settled_at`."""
    _many(session, _LAY_ASIDE, rows)


def settle_sent(session: Session, rows: Sequence[Values]) -> None:
    """Settles what the provider took, under the claim that sent it."""
    _many(session, _SETTLE_SENT, rows)


def settle(session: Session, rows: Sequence[Values]) -> None:
    """Settles what was refused, rejected or lost; nothing happens to a row that is not under this claim any more."""
    _many(session, _SETTLE, rows)


def abandoned(session: Session, before: datetime, *, limit: int) -> int:
    """Turns into `unknown` what was claimed before that moment (of the database's clock) and never settled."""
    stale = (
        select(OUTBOX.c.school_id, OUTBOX.c.id, OUTBOX.c.claimed_at, OUTBOX.c.claimed_by)
        .where(OUTBOX.c.status == literal_column("'sending'"), OUTBOX.c.claimed_at < before)
        .order_by(OUTBOX.c.school_id, OUTBOX.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(stale).all()
    _many(
        session,
        _moved("status", "error_code").where(_MINE, OUTBOX.c.status == "sending"),
        [
            {"of_school": row.school_id, "of_row": row.id, "status": "unknown", "error_code": "worker_died"}
            for row in rows
        ],
    )
    return len(rows)


def suppress_queued(session: Session, threads: Iterable[tuple[str, str]], *, code: str, now: datetime) -> None:
    """Ends all that is queued for those threads (school, id); waits for a claim that is being made just now."""
    for school_id, thread_id in sorted(set(threads)):
        session.execute(
            update(OUTBOX)
            .where(OUTBOX.c.school_id == school_id, OUTBOX.c.thread_id == thread_id, QUEUED)
            .values(status="suppressed", error_code=code, settled_at=now)
        )


def being_sent(session: Session, channel: str, address: str, *, since: datetime) -> bool:
    """Whether a message to that address is in a worker's hands, claimed at `since` (the database's clock) or later."""
    sending = OUTBOX.c.status == literal_column("'sending'")
    theirs = and_(OUTBOX.c.channel == channel, OUTBOX.c.address == address)
    return (
        session.execute(select(OUTBOX.c.id).where(sending, theirs, OUTBOX.c.claimed_at >= since).limit(1)).first()
        is not None
    )


# What providers report -----------------------------------------------------------------------


def standing(session: Session, *, channel: str, message: tuple[str, str] | None, provider_id: str) -> Standing | None:
    """The row that a report is about, locked: by our own (school, id) where it came back, else by the provider's."""
    columns = ("school_id", "id", "thread_id", "channel", "address", "purpose", "message_id", "status", "provider_id")
    wanted = (
        select(*(OUTBOX.c[name] for name in columns), THREADS.c.contact_id)
        .join_from(OUTBOX, THREADS, and_(THREADS.c.school_id == OUTBOX.c.school_id, THREADS.c.id == OUTBOX.c.thread_id))
        .with_for_update(of=OUTBOX)
    )
    if message is not None:
        school_id, row_id = message
        wanted = wanted.where(OUTBOX.c.school_id == school_id, OUTBOX.c.id == row_id, OUTBOX.c.channel == channel)
    else:
        wanted = wanted.where(OUTBOX.c.channel == channel, OUTBOX.c.provider_id == provider_id)
    row = session.execute(wanted).mappings().first()
    return Standing(**row) if row is not None else None


def move_on(session: Session, row: Standing, *, status: str, provider_id: str, code: str, now: datetime) -> None:
    """Writes what a report says of a locked row."""
    session.execute(
        update(OUTBOX)
        .where(OUTBOX.c.school_id == row.school_id, OUTBOX.c.id == row.id)
        .values(
            status=status,
            provider_id=provider_id,
            error_code=code,
            sent_at=func.coalesce(OUTBOX.c.sent_at, now),
            settled_at=now,
        )
    )


# What stands where ---------------------------------------------------------------------------


def counts(session: Session) -> dict[str, int]:
    """How many messages are queued, being sent and unknown: what health is told by, never read on a message's way."""
    queued = select(func.count()).select_from(OUTBOX).where(QUEUED)
    unsettled = (
        select(OUTBOX.c.status, func.count().label("number"))
        .where(OUTBOX.c.status.in_((literal_column("'sending'"), literal_column("'unknown'"))))
        .group_by(OUTBOX.c.status)
    )
    found = {row.status: row.number for row in session.execute(unsettled)}
    return {
        "queued": session.scalar(queued) or 0,
        "sending": found.get("sending", 0),
        "unknown": found.get("unknown", 0),
    }


def oldest_queued(session: Session) -> datetime | None:
    """When the oldest message that still waits was queued."""
    return session.execute(select(func.min(OUTBOX.c.created_at)).where(QUEUED)).scalar()


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed:
    """A message that has gone, as a rehearsal shows it."""

    id: str
    thread_id: str
    channel: str
    address: str
    purpose: str
    segments: int
    status: str
    body: str | None
    buttons: list[Any]
    sent_at: datetime


def departed(session: Session, school_id: str, *, after: str, limit: int) -> list[Departed]:
    """What has gone from a school after the message of id `after`, oldest first."""
    columns = ("id", "thread_id", "channel", "address", "purpose", "segments", "status", "sent_at")
    statement = (
        select(*(OUTBOX.c[name] for name in columns), MESSAGES.c.body, MESSAGES.c.buttons)
        .outerjoin_from(
            OUTBOX,
            MESSAGES,
            and_(
                MESSAGES.c.school_id == OUTBOX.c.school_id,
                MESSAGES.c.id == OUTBOX.c.message_id,
                MESSAGES.c.at == OUTBOX.c.message_at,
            ),
        )
        .where(OUTBOX.c.school_id == school_id, OUTBOX.c.sent_at.is_not(None), OUTBOX.c.id > after)
        .order_by(OUTBOX.c.id)
        .limit(limit)
    )
    return [Departed(**{**row, "buttons": row["buttons"] or []}) for row in session.execute(statement).mappings()]
