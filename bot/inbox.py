"""Takes texts in and gives each its turn: a set of them in one transaction, stored, handled and answered together."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import turns
from bot.channels.base import Arrived
from conversations.language import shipped
from conversations.shaping import Abilities
from school.people import line_for
from school.records import polls, queues
from school.records.base import new_id
from school.records.database import Database, DatabaseBusy, DatabaseGone
from school.records.people import Line, School
from school.records.queues import ThreadKey, ThreadRow, Waiting
from school.settings import settings_of
from school.staff_items import StaffNote, raise_items

log = logging.getLogger(__name__)

# As many texts as one transaction handles: beyond that a set saves nothing more.
LARGEST_SET = 64

# A turn that fails is tried again after these pauses, and then stands on the staff's list (guarantee 4).
MOST_TRIES = 3
TRY_AGAIN = timedelta(seconds=10)

# What rings when something was taken in, and when something waits to be sent.
INBOX_BELL = "inbox"
OUTBOX_BELL = "outbox"


class NoSuchLine(LookupError):  # noqa: N818  it says what is missing
    """No school has a line at the address that the text was sent to."""


class Inbox:
    """The receiving half of the house. `abilities` are what each channel can show; `now` is the house's clock.

    `packs` are the languages that it speaks; those that ship, where none are named. `address` is where the outside
    reaches it, "" where no text may hold a link.
    """

    def __init__(
        self,
        database: Database,
        abilities: Mapping[str, Abilities],
        *,
        now: Callable[[], datetime],
        packs: tuple[str, ...] | None = None,
        address: str = "",
    ) -> None:
        self._database = database
        self._turns = turns.Turns(abilities, packs=shipped() if packs is None else packs, address=address)
        self._now = now

    def now(self) -> datetime:
        """The house's time."""
        return self._now()

    # Taking in --------------------------------------------------------------------------------

    def take(self, arrived: Sequence[Arrived]) -> None:
        """Stores and handles what arrived; once it returns, all of it is on disk.

        A repeat of a provider's id is a no-op. Where the handling of a set fails, its members are taken singly;
        where one's own fails, it is stored and left to the worker. Raises NoSuchLine (of a single text), DatabaseBusy
        and DatabaseGone: then nothing was acknowledged, and the provider comes again.
        """
        try:
            self._take(arrived, handle=True)
        except (DatabaseBusy, DatabaseGone):
            raise
        except Exception as error:
            if isinstance(error, NoSuchLine) and len(arrived) == 1:
                raise
            log.warning("a set of texts failed", extra={"texts": len(arrived), "type": type(error).__name__})
            for each in arrived:
                self._take_alone(each)

    def take_polled(self, arrived: Sequence[Arrived], *, line: Line, by: str, next_offset: int) -> bool:
        """Stores what a poll brought, with how far the line was read, in one transaction, and handles it.

        False, and nothing stored, for one who holds the line's lease no more. Where handling fails, the texts are
        stored all the same and left to the worker.
        """
        for handle in (True, False):
            try:
                return self._take(arrived, handle=handle, polled=(line, by, next_offset))
            except (DatabaseBusy, DatabaseGone):
                raise
            except Exception as error:
                log.error("a polled set failed", extra={"type": type(error).__name__, "handled": handle})
                if not handle:
                    raise
        return False

    def _take_alone(self, arrived: Arrived) -> None:
        try:
            self._take([arrived], handle=True)
        except (DatabaseBusy, DatabaseGone, NoSuchLine):
            raise
        except Exception as error:  # noqa: BLE001  whatever failed, the text must be on disk
            log.error("a turn failed, its text is stored", extra={"type": type(error).__name__})
            self._take([arrived], handle=False)

    def _take(self, arrived: Sequence[Arrived], *, handle: bool, polled: tuple[Line, str, int] | None = None) -> bool:
        now = self._now()
        with self._database.write() as session:
            if polled is not None:
                line, by, offset = polled
                if not polls.advance_poll(session, line.school_id, line.id, by=by, next_offset=offset):
                    return False
            lines = self._lines(session, arrived)
            new = self._unseen(session, arrived, lines, now)
            if not new:
                return True
            keys = {
                ThreadKey(school_id=line.school_id, line_id=line.id, channel=line.channel, address=each.sender)
                for _, each, line in new
            }
            threads = self._threads(session, keys, now)
            by_key = {(each.school_id, each.line_id, each.address): each for each in threads}
            queues.insert_messages(session, _message_rows(session, new, by_key, now))
            queues.insert_inbox(session, _inbox_rows(new, by_key, now, failed=not handle))
            if handle:
                self._handle(session, threads, now)
            else:
                self._database.notify(session, INBOX_BELL)
        return True

    def _lines(self, session: Session, arrived: Sequence[Arrived]) -> dict[tuple[str, str], Line]:
        found: dict[tuple[str, str], Line] = {}
        for each in arrived:
            key = (each.channel, each.line)
            if key in found:
                continue
            line = line_for(session, channel=each.channel, address=each.line)
            if line is None and each.pool:
                line = line_for(session, channel=each.channel, address=each.pool)
            if line is None:
                raise NoSuchLine("no school has a line at this address")
            found[key] = line
        return found

    def _unseen(
        self, session: Session, arrived: Sequence[Arrived], lines: Mapping[tuple[str, str], Line], now: datetime
    ) -> list[tuple[str, Arrived, Line]]:
        """What was not received before, each with its new id, in order of arrival."""
        named = [(new_id(now), each, lines[each.channel, each.line]) for each in arrived]
        fresh = queues.receive(
            session,
            [
                {
                    "school_id": line.school_id,
                    "channel": each.channel,
                    "provider_id": each.provider_id,
                    "message_id": message_id,
                    "at": now,
                }
                for message_id, each, line in named
            ],
        )
        return [each for each in named if each[0] in fresh]

    def _threads(self, session: Session, keys: set[ThreadKey], now: datetime) -> list[ThreadRow]:
        """The threads, locked; those of new addresses are opened first."""
        threads = queues.lock_threads_of(session, keys)
        known = {(each.school_id, each.line_id, each.address) for each in threads}
        missing = [key for key in keys if (key.school_id, key.line_id, key.address) not in known]
        if not missing:
            return threads
        queues.open_threads(session, [_thread_row(key, now) for key in missing])
        return queues.lock_threads_of(session, keys)

    # Handling ---------------------------------------------------------------------------------

    def handle_waiting(self) -> int:
        """Gives what still waits its turn (left over after a fault, or started by the school); how many threads."""
        now = self._now()
        with self._database.write() as session:
            keys = queues.threads_waiting(session, now, limit=LARGEST_SET)
        for key in keys:
            self._handle_thread(key)
        return len(keys)

    def _handle_thread(self, key: tuple[str, str]) -> None:
        now = self._now()
        try:
            with self._database.write() as session:
                self._handle(session, queues.lock_threads(session, [key]), now)
        except (DatabaseBusy, DatabaseGone):
            raise
        except Exception as error:  # noqa: BLE001  whatever failed is counted, tried again, then shown to staff
            log.error("a turn failed", extra={"type": type(error).__name__})
            with self._database.write() as session:
                self._count_failure(session, key, type(error).__name__, now)

    def _count_failure(self, session: Session, key: tuple[str, str], error: str, now: datetime) -> None:
        """The first that waits is the one that failed: after its third try a person reads it."""
        queues.lock_threads(session, [key])
        waiting = [each for each in queues.waiting_of(session, [key]) if each.available_at <= now][:1]
        for row in waiting:
            tries = row.tries + 1
            gone = tries >= MOST_TRIES
            queues.save_inbox(
                session,
                [
                    turns.inbox_change(
                        row,
                        status="failed" if gone else "waiting",
                        tries=tries,
                        error=error,
                        available_at=now + TRY_AGAIN * tries,
                        handled_at=now if gone else None,
                    )
                ],
            )
            if gone:
                note = StaffNote(
                    school_id=row.school_id, why="failed_turn", thread_id=row.thread_id, message_id=row.id, urgent=True
                )
                raise_items(session, [note], now=now)

    def _handle(self, session: Session, threads: Sequence[ThreadRow], now: datetime) -> None:
        by_thread: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
        for row in queues.waiting_of(session, [(each.school_id, each.id) for each in threads]):
            by_thread[row.school_id, row.thread_id].append(row)
        if self._turns.take(session, threads, by_thread, now=now):
            self._database.notify(session, OUTBOX_BELL)

    # Wakes ------------------------------------------------------------------------------------

    def wake(self) -> int:
        """Gives the threads whose time has run out their turn; how many."""
        now = self._now()
        with self._database.write() as session:
            due = []
            for each in queues.wakes_due(session, now, limit=LARGEST_SET):
                # Silence counts from the sending of the question; unsent after all this time, from the commit.
                since = each.sent_at or each.set_at
                at = since + timedelta(seconds=each.after_seconds)
                if at > now:
                    queues.put_off_wake(session, each, at)
                else:
                    due.append(each)
            if due:
                threads = queues.lock_threads(session, [(each.school_id, each.thread_id) for each in due])
                tokens = {(each.school_id, each.thread_id): each.token for each in due}
                if self._turns.wake(session, threads, tokens, now=now):
                    self._database.notify(session, OUTBOX_BELL)
        return len(due)


# Rows ----------------------------------------------------------------------------------------


def _thread_row(key: ThreadKey, now: datetime) -> dict[str, Any]:
    return {
        "school_id": key.school_id,
        "id": new_id(now),
        "line_id": key.line_id,
        "channel": key.channel,
        "address": key.address,
        "contact_id": None,
        "language": "en",
        "numbers_only": False,
        "state": {},
        "rev": 0,
        "lead_holds": False,
        "same_reply_hash": "",
        "same_reply_count": 0,
        "looping": False,
        "last_at": now,
        "created_at": now,
    }


def _message_rows(
    session: Session,
    new: Sequence[tuple[str, Arrived, Line]],
    threads: Mapping[tuple[str, str, str], ThreadRow],
    now: datetime,
) -> list[dict[str, Any]]:
    keeps = {
        school_id: timedelta(days=settings_of(session.get_one(School, school_id)).retention_days)
        for school_id in sorted({line.school_id for _, _, line in new})
    }
    return [
        {
            "school_id": line.school_id,
            "id": message_id,
            "at": _at(each, now),
            "thread_id": threads[line.school_id, line.id, each.sender].id,
            "direction": "in",
            "body": each.text,
            "author": "",
            "media": each.media,
            "said": [],
            "buttons": [],
            # What is written in a thread that the lead holds is the lead's from the first moment on.
            "restricted": threads[line.school_id, line.id, each.sender].lead_holds,
            "purge_after": now + keeps[line.school_id],
        }
        for message_id, each, line in new
    ]


def _inbox_rows(
    new: Sequence[tuple[str, Arrived, Line]],
    threads: Mapping[tuple[str, str, str], ThreadRow],
    now: datetime,
    *,
    failed: bool,
) -> list[dict[str, Any]]:
    return [
        {
            "school_id": line.school_id,
            "id": message_id,
            "thread_id": threads[line.school_id, line.id, each.sender].id,
            "kind": each.kind,
            "payload": dict(each.payload),
            "status": "waiting",
            "tries": int(failed),
            "error": "",
            "at": _at(each, now),
            "received_at": now,
            "available_at": now + TRY_AGAIN if failed else now,
            "handled_at": None,
        }
        for message_id, each, line in new
    ]


def _at(arrived: Arrived, now: datetime) -> datetime:
    """The provider's time where it gives one, never later than our own: a text cannot come from the future."""
    return min(arrived.at, now) if arrived.at is not None else now
