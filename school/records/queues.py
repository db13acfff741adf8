"""Statements of what comes in: received ids, threads, the inbox, messages, wakes and polled lines.

The rows that every turn writes alike go as multi-row Core statements (`docs/decisions`); all of them are sorted by
key, so that two writers lock in one order. Nothing here commits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeAlias, cast

from sqlalchemy import (
    ColumnElement,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from school.records.messaging import InboxRow, Message, OutboxRow, Received, Thread, WakeRow

Values: TypeAlias = Mapping[str, Any]

RECEIVED = cast(Table, Received.__table__)
THREADS = cast(Table, Thread.__table__)
INBOX = cast(Table, InboxRow.__table__)
MESSAGES = cast(Table, Message.__table__)
OUTBOX = cast(Table, OutboxRow.__table__)
WAKES = cast(Table, WakeRow.__table__)

# In so many words, so that the index of what waits serves them.
WAITING = INBOX.c.status == literal_column("'waiting'")
QUEUED = OUTBOX.c.status == literal_column("'queued'")

# A question that is still unsent after this long starts its wake all the same (`design.md`, section 9).
UNSENT_FOR = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadKey:
    """Whose thread: their address on one of our lines."""

    school_id: str
    line_id: str
    channel: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadRow:
    """A thread as it stands, locked by this transaction."""

    school_id: str
    id: str
    line_id: str
    channel: str
    address: str
    contact_id: str | None
    language: str
    numbers_only: bool
    state: dict[str, Any]
    rev: int
    opted_out_at: datetime | None
    staff_until: datetime | None
    staff_since: datetime | None
    staff_spoke_at: datetime | None
    lead_holds: bool
    unknown_replied_at: datetime | None
    same_reply_hash: str
    same_reply_count: int
    same_reply_since: datetime | None
    looping: bool
    unsettled: list[Any]
    unsettled_until: date | None
    last_at: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An inbox row that waits, with its words where it is a text."""

    school_id: str
    id: str
    thread_id: str
    kind: str
    payload: dict[str, Any]
    tries: int
    at: datetime
    received_at: datetime
    available_at: datetime
    body: str | None
    media: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeDue:
    """A wake whose time has come, by what it knew when it was set; `sent_at` and `status` are of its question."""

    school_id: str
    thread_id: str
    token: str
    after_seconds: int
    set_at: datetime
    status: str | None
    sent_at: datetime | None


def database_time(session: Session) -> datetime:
    """The database's own clock, which all processes share: leases are told by it alone."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(str(told)).replace(tzinfo=UTC)
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now.astimezone(UTC)


def ignoring_repeats(session: Session, table: Table) -> Any:
    """An INSERT that leaves out the rows whose key is there already."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()


# Received ids --------------------------------------------------------------------------------


def receive(session: Session, rows: Sequence[Values]) -> set[str]:
    """Remembers what was received; the message ids of those that were not known before. A repeat is not an error."""
    if not rows:
        return set()
    ordered = sorted(rows, key=lambda row: (row["school_id"], row["channel"], row["provider_id"]))
    statement = ignoring_repeats(session, RECEIVED).returning(RECEIVED.c.message_id)
    return set(session.execute(statement, ordered).scalars())


# Threads -------------------------------------------------------------------------------------


def lock_threads_of(session: Session, keys: Iterable[ThreadKey]) -> list[ThreadRow]:
    """The threads of those addresses, locked in the order of their ids; those that do not exist are left out."""
    by_line: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in sorted(set(keys), key=lambda key: (key.school_id, key.line_id, key.address)):
        by_line[key.school_id, key.line_id].append(key.address)
    return _lock(
        session,
        [
            and_(THREADS.c.school_id == school, THREADS.c.line_id == line, THREADS.c.address.in_(addresses))
            for (school, line), addresses in by_line.items()
        ],
    )


def lock_threads(session: Session, keys: Iterable[tuple[str, str]]) -> list[ThreadRow]:
    """The threads of those (school, id), locked in the order of their ids."""
    return _lock(session, _of_schools(THREADS, "id", keys))


def _lock(session: Session, wanted: Sequence[ColumnElement[bool]]) -> list[ThreadRow]:
    if not wanted:
        return []
    # In one order for everybody, so that two sets wait for each other and never in a ring.
    statement = select(THREADS).where(or_(*wanted)).order_by(THREADS.c.school_id, THREADS.c.id).with_for_update()
    return [ThreadRow(**row) for row in session.execute(statement).mappings()]


def open_threads(session: Session, rows: Sequence[Values]) -> None:
    """Opens threads; one that somebody else opened at the same moment stays as it is."""
    ordered = sorted(rows, key=lambda row: (row["school_id"], row["line_id"], row["address"]))
    session.execute(ignoring_repeats(session, THREADS), ordered)


# Exactly what a turn settles; who holds or has left a thread is written by the verbs that know why.
TURN_SETTLES = (
    "contact_id",
    "language",
    "numbers_only",
    "state",
    "rev",
    "unknown_replied_at",
    "same_reply_hash",
    "same_reply_count",
    "same_reply_since",
    "looping",
    "unsettled",
    "unsettled_until",
    "last_at",
)
_SAVE_THREAD = (
    update(THREADS)
    .where(THREADS.c.school_id == bindparam("of_school"), THREADS.c.id == bindparam("of_thread"))
    .values({name: bindparam(name) for name in TURN_SETTLES})
)


def save_threads(session: Session, threads: Sequence[ThreadRow]) -> None:
    """Stores what turns settled of threads."""
    rows = []
    for thread in sorted(threads, key=lambda thread: (thread.school_id, thread.id)):
        values = {name: getattr(thread, name) for name in TURN_SETTLES}
        rows.append({"of_school": thread.school_id, "of_thread": thread.id, **values})
    if rows:
        # On the connection: the session itself would take bound parameters of an UPDATE for rows to update by key.
        session.connection().execute(_SAVE_THREAD, rows)


# Messages and the inbox ----------------------------------------------------------------------


def insert_messages(session: Session, rows: Sequence[Values]) -> None:
    """Stores words that came in or go out."""
    _insert(session, MESSAGES, rows)


def insert_inbox(session: Session, rows: Sequence[Values]) -> None:
    """Stores what waits for its turn, or has had it."""
    _insert(session, INBOX, rows)


def insert_outbox(session: Session, rows: Sequence[Values]) -> None:
    """Queues messages."""
    _insert(session, OUTBOX, rows)


def waiting_of(session: Session, threads: Iterable[tuple[str, str]]) -> list[Waiting]:
    """All that waits in those threads (school, id), in order, whether its time has come or not."""
    wanted = _of_schools(INBOX, "thread_id", threads)
    if not wanted:
        return []
    statement = (
        select(
            *(INBOX.c[name] for name in ("school_id", "id", "thread_id", "kind", "payload", "tries")),
            *(INBOX.c[name] for name in ("at", "received_at", "available_at")),
            MESSAGES.c.body,
            MESSAGES.c.media,
        )
        .outerjoin_from(INBOX, MESSAGES, _same_message(INBOX.c.id, INBOX.c.at, INBOX.c.school_id))
        .where(WAITING, or_(*wanted))
        .order_by(INBOX.c.id)
    )
    return [Waiting(**row) for row in session.execute(statement).mappings()]


def threads_waiting(session: Session, now: datetime, *, limit: int) -> list[tuple[str, str]]:
    """Up to `limit` threads (school, id) in which something can be handled now, longest first.

    What waits behind an earlier text that is to be tried again later cannot: to name its thread would be to ask for
    nothing, again and again.
    """
    before = INBOX.alias("before")
    blocked = exists().where(
        before.c.school_id == INBOX.c.school_id,
        before.c.thread_id == INBOX.c.thread_id,
        before.c.status == literal_column("'waiting'"),
        before.c.kind != "push",
        before.c.id < INBOX.c.id,
        before.c.available_at > now,
    )
    statement = (
        select(INBOX.c.school_id, INBOX.c.thread_id)
        .where(WAITING, INBOX.c.available_at <= now, ~blocked)
        .group_by(INBOX.c.school_id, INBOX.c.thread_id)
        .order_by(func.min(INBOX.c.id))
        .limit(limit)
    )
    return [(row.school_id, row.thread_id) for row in session.execute(statement)]


_SAVE_INBOX = (
    update(INBOX)
    .where(INBOX.c.school_id == bindparam("of_school"), INBOX.c.id == bindparam("of_row"))
    .values({name: bindparam(name) for name in ("status", "tries", "error", "available_at", "handled_at")})
)


def save_inbox(session: Session, rows: Sequence[Values]) -> None:
    """Stores how waiting rows ended or when they are tried again; keys `of_school` and `of_row`."""
    if rows:
        session.connection().execute(_SAVE_INBOX, sorted(rows, key=lambda row: (row["of_school"], row["of_row"])))


def oldest_waiting(session: Session) -> datetime | None:
    """When the oldest thing that still waits was received: what health is told by."""
    return session.execute(select(func.min(INBOX.c.received_at)).where(WAITING)).scalar()


# Wakes ---------------------------------------------------------------------------------------


def replace_wakes(session: Session, threads: Iterable[tuple[str, str]], rows: Sequence[Values]) -> None:
    """Puts `rows` where the wakes of those threads (school, id) were: one a thread, or none."""
    if wanted := _of_schools(WAKES, "thread_id", threads):
        session.execute(delete(WAKES).where(or_(*wanted)))
    _insert(session, WAKES, rows, by=("school_id", "thread_id"))


def wakes_due(session: Session, now: datetime, *, limit: int) -> list[WakeDue]:
    """Wakes that may be due, locked; the sending of their questions tells whether they are."""
    statement = (
        select(
            *(WAKES.c[name] for name in ("school_id", "thread_id", "token", "after_seconds", "set_at")),
            OUTBOX.c.status,
            OUTBOX.c.sent_at,
        )
        .outerjoin_from(WAKES, OUTBOX, and_(OUTBOX.c.school_id == WAKES.c.school_id, OUTBOX.c.id == WAKES.c.outbox_id))
        .where(WAKES.c.due_at <= now)
        .order_by(WAKES.c.due_at, WAKES.c.school_id, WAKES.c.thread_id)
        .limit(limit)
        .with_for_update(of=WAKES, skip_locked=True)
    )
    return [WakeDue(**row) for row in session.execute(statement).mappings()]


def put_off_wake(session: Session, wake: WakeDue, until: datetime) -> None:
    """Looks at a wake again then."""
    session.execute(
        update(WAKES)
        .where(WAKES.c.school_id == wake.school_id, WAKES.c.thread_id == wake.thread_id)
        .values(due_at=until)
    )


def next_due(session: Session) -> datetime | None:
    """When the worker is next wanted by a wake, a waiting row or a queued message; None if by none of them."""
    moments = [
        session.execute(select(func.min(WAKES.c.due_at))).scalar(),
        session.execute(select(func.min(INBOX.c.available_at)).where(WAITING)).scalar(),
        session.execute(select(func.min(OUTBOX.c.available_at)).where(QUEUED)).scalar(),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def is_due(session: Session, now: datetime) -> bool:
    """Whether a worker could do something now; what waits behind a text that is tried again later is not due."""
    moments = [
        session.execute(select(func.min(WAKES.c.due_at))).scalar(),
        session.execute(select(func.min(OUTBOX.c.available_at)).where(QUEUED)).scalar(),
    ]
    return any(at is not None and at <= now for at in moments) or bool(threads_waiting(session, now, limit=1))


# Pieces of statements ------------------------------------------------------------------------


def _insert(
    session: Session, table: Table, rows: Sequence[Values], *, by: tuple[str, ...] = ("school_id", "id")
) -> None:
    if rows:
        session.execute(insert(table), sorted(rows, key=lambda row: tuple(row[name] for name in by)))


def _of_schools(table: Table, column: str, keys: Iterable[tuple[str, str]]) -> list[ColumnElement[bool]]:
    """Conditions that find rows by (school, value), one for each school, so that an index by school serves them."""
    by_school: dict[str, list[str]] = defaultdict(list)
    for school, value in sorted(set(keys)):
        by_school[school].append(value)
    return [and_(table.c.school_id == school, table.c[column].in_(values)) for school, values in by_school.items()]


def _same_message(message_id: Any, at: Any, school_id: Any) -> ColumnElement[bool]:
    return and_(MESSAGES.c.school_id == school_id, MESSAGES.c.id == message_id, MESSAGES.c.at == at)


def as_values(row: ThreadRow) -> dict[str, Any]:
    """A thread's row as the values of an INSERT."""
    return asdict(row)
