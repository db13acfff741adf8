"""The bench `outbox`: thousands of sends to a provider that answers at once, by one worker and by two."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Lock, Thread

from bot.channels.base import SMS_SCREEN
from bot.channels.simulator import Simulator
from bot.outbox import CLAIM_AT_ONCE, Outbox
from howwasschool.bench.bare import Bare
from howwasschool.bench.databases import KINDS, Databases
from howwasschool.bench.measure import Figure, Round, Work, figure, interleaved
from school.records import queues
from school.records.base import new_id
from school.records.database import Database
from school.records.people import Line, School

MESSAGES = 20_000
ROUNDS = 3
MARK = 0.7
NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
AT_ONCE = 1_000


def outbox(databases: Databases) -> Iterator[Figure]:
    """Claimed, sent and settled messages a second, against a bare loop with the same micro-sets."""
    for kind in KINDS:
        for workers in (1, 2):
            pairs = interleaved(_ours(databases, kind, workers), _bare(databases, kind, workers), rounds=ROUNDS)
            yield figure(f"outbox {workers}", kind, pairs, mark=MARK)


def _ours(databases: Databases, kind: str, workers: int) -> Round:
    def fill() -> Work:
        url = databases.url(kind)
        _queue(url)
        database = Database(url)

        def run() -> int:
            sent = _side_by_side([partial(_drain, database, number) for number in range(workers)])
            database.close()
            return sent

        return run

    return fill


def _drain(database: Database, number: int) -> int:
    channel = Simulator("sms", SMS_SCREEN)
    worker = Outbox(database, {"sms": channel}, now=lambda: NOW, name=f"bench-{number}")
    try:
        return worker.drain("sms")
    finally:
        worker.close()


def _bare(databases: Databases, kind: str, workers: int) -> Round:
    def fill() -> Work:
        url = databases.url(kind)
        _queue(url)
        connections = [Bare(url) for _ in range(workers)]
        lock = Lock() if kind == "sqlite" else nullcontext()

        def run() -> int:
            return _side_by_side(
                [partial(each.drain, at_once=CLAIM_AT_ONCE, now=NOW, lock=lock) for each in connections]
            )

        return run

    return fill


def _side_by_side(works: list[Work]) -> int:
    done: list[int] = []
    threads = [Thread(target=lambda work=work: done.append(work())) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done)


def _queue(url: str) -> None:
    """A school whose line has so many messages to send, one a thread."""
    from school.migrations import upgrade

    upgrade(url)
    database = Database(url)
    school_id, line_id = new_id(NOW), new_id(NOW)
    with database.write() as session:
        session.add(School(id=school_id, name="Bench", short_name="Bench", phone="01632 960000", created_at=NOW))
        session.flush()
        session.add(Line(school_id=school_id, id=line_id, channel="sms", address="+447700900000"))
    for first in range(0, MESSAGES, AT_ONCE):
        rows = [_message(school_id, line_id, number) for number in range(first, first + AT_ONCE)]
        with database.write() as session:
            queues.open_threads(session, [thread for thread, _, _ in rows])
            queues.insert_messages(session, [message for _, message, _ in rows])
            queues.insert_outbox(session, [queued for _, _, queued in rows])
    database.close()


def _message(school_id: str, line_id: str, number: int) -> tuple[dict[str, object], ...]:
    address, thread_id, message_id = f"+447700{number:06d}", new_id(NOW), new_id(NOW)
    own = {"school_id": school_id, "thread_id": thread_id}
    thread = {
        "school_id": school_id, "id": thread_id, "line_id": line_id, "channel": "sms", "address": address,
        "last_at": NOW, "created_at": NOW,
    }  # fmt: skip
    message = {
        **own, "id": message_id, "at": NOW, "direction": "out", "body": "Bench: thank you. We have noted it.",
        "purge_after": NOW + timedelta(days=30),
    }  # fmt: skip
    queued = {
        **own, "id": new_id(NOW), "line_id": line_id, "channel": "sms", "address": address, "message_id": message_id,
        "message_at": NOW, "created_at": NOW, "available_at": NOW, "expires_at": NOW + timedelta(hours=12),
    }  # fmt: skip
    return thread, message, queued
