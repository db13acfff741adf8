"""The bare baseline of the bench `turns`: the same turn, then the same rows by the raw driver, a transaction a text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.base import SMS_SCREEN
from conversations.acts import AbsenceStated, NeedsPerson, Text, Turn, WorryHeard
from conversations.context import Child, Context, SchoolFacts, Sender
from conversations.language import load
from conversations.shaping import shape
from conversations.state import State, dump
from conversations.state import load as load_state
from conversations.turn import turn
from howwasschool.bench.bare import Bare, Cursor, Row
from howwasschool.bench.families import OUR_NUMBER, Family
from howwasschool.clock import real
from school.records.base import new_id
from school.rules.calendar import weekdays_only

LONDON = ZoneInfo("Europe/London")
KEPT = timedelta(days=30)
REPLY_EXPIRES = timedelta(hours=12)
SAVED = "UPDATE threads SET state = ?, rev = ?, contact_id = ?, last_at = ? WHERE school_id = ? AND id = ?"


class BareTurns:
    """One connection that takes a text, gives the turn and writes what follows, without any layer in between.

    The picture that the turn sees is made up in memory, so that the baseline reads the thread's state alone.
    """

    def __init__(self, url: str, school_id: str) -> None:
        self._bare = Bare(url)
        self._school_id = school_id
        self._language = load("en")
        self._head = (0, "")
        with self._bare.transaction() as cursor:
            cursor.execute(self._bare.sql("SELECT id FROM lines WHERE school_id = ?"), [school_id])
            self._line_id = cursor.fetchall()[0][0]
            self._insert(cursor, "ledger_heads", {"number": 0, "hash": ""})

    def close(self) -> None:
        """Lets the connection go."""
        self._bare.close()

    def take(self, family: Family, words: str, *, provider_id: str) -> None:
        """One text, from receipt to commit."""
        now = real()
        message_id = new_id(now)
        with self._bare.transaction() as cursor:
            self._insert(
                cursor, "received", {"channel": "sms", "provider_id": provider_id, "message_id": message_id, "at": now}
            )
            thread_id, state = self._thread(cursor, family, now)
            made = turn(state, Text(id=message_id, text=words), self._context(family, thread_id, now), self._language)
            self._message(cursor, message_id, thread_id, now, direction="in", body=words)
            self._insert(cursor, "inbox", _handled(message_id, thread_id, now))
            sent = self._replies(cursor, made, family, thread_id, message_id, now)
            self._effects(cursor, made, family, thread_id, now)
            if made.wake is not None:
                self._insert(cursor, "wakes", _wake(made, thread_id, sent, now))
            self._save(cursor, made, family, thread_id, now)

    # Rows -------------------------------------------------------------------------------------

    def _insert(self, cursor: Cursor, table: str, row: Row) -> None:
        self._bare.insert(cursor, table, {"school_id": self._school_id, **row})

    def _thread(self, cursor: Cursor, family: Family, now: datetime) -> tuple[str, State]:
        look = "SELECT id, state FROM threads WHERE school_id = ? AND line_id = ? AND address = ?"
        look += "" if self._bare.is_sqlite else " FOR UPDATE"
        cursor.execute(self._bare.sql(look), [self._school_id, self._line_id, family.number])
        found = cursor.fetchall()
        if found:
            return found[0][0], load_state(json.loads(found[0][1]) if self._bare.is_sqlite else found[0][1])
        thread_id = new_id(now)
        row = {
            "id": thread_id, "line_id": self._line_id, "channel": "sms", "address": family.number, "language": "en",
            "numbers_only": False,
            "state": {}, "rev": 0, "lead_holds": False, "same_reply_hash": "", "same_reply_count": 0,
            "looping": False, "unsettled": [], "last_at": now, "created_at": now,
        }  # fmt: skip
        self._insert(cursor, "threads", row)
        return thread_id, State()

    def _message(
        self,
        cursor: Cursor,
        message_id: str,
        thread_id: str,
        now: datetime,
        *,
        direction: str,
        body: str,
        said: Sequence[str] = (),
    ) -> None:
        row = {
            "id": message_id, "at": now, "thread_id": thread_id, "direction": direction, "body": body, "author": "",
            "media": 0, "said": list(said), "buttons": [], "restricted": False, "purge_after": now + KEPT,
        }  # fmt: skip
        self._insert(cursor, "messages", row)

    def _replies(
        self, cursor: Cursor, made: Turn, family: Family, thread_id: str, inbox_id: str, now: datetime
    ) -> str | None:
        sent = None
        context = self._context(family, thread_id, now)
        for each in shape(made.says, lang="en", abilities=SMS_SCREEN, context=context):
            message_id, sent = new_id(now), new_id(now)
            self._message(cursor, message_id, thread_id, now, direction="out", body=each.text, said=each.keys)
            row = {
                "id": sent, "thread_id": thread_id, "line_id": self._line_id, "channel": "sms",
                "address": family.number, "message_id": message_id, "message_at": now, "inbox_id": inbox_id,
                "purpose": "reply", "priority": 0, "segments": each.segments, "status": "queued", "tries": 0,
                "error_code": "", "created_at": now, "available_at": now, "expires_at": now + REPLY_EXPIRES,
                "claimed_by": "",
            }  # fmt: skip
            self._insert(cursor, "outbox", row)
        return sent

    def _effects(self, cursor: Cursor, made: Turn, family: Family, thread_id: str, now: datetime) -> None:
        for effect in made.effects:
            if isinstance(effect, AbsenceStated):
                self._absence(cursor, effect, family, now)
            elif isinstance(effect, NeedsPerson | WorryHeard):
                self._item(cursor, effect, family, thread_id, now)

    def _absence(self, cursor: Cursor, effect: AbsenceStated, family: Family, now: datetime) -> None:
        absence_id = new_id(now)
        said = {
            "kind": effect.kind.value, "reason_category": effect.reason, "minutes_late": effect.minutes_late,
            "appointment_at": effect.at, "leaves_at": effect.leaves_at, "returns_at": effect.returns_at,
            "open_ended": effect.open_ended, "partial": effect.partial,
        }  # fmt: skip
        row = {
            "id": absence_id, "pupil_id": effect.child, "day": effect.day, "session": effect.session.value, **said,
            "proposed_why": "", "status": "reported", "accounted_for": True, "explained": True, "note": "",
            "version": 1, "created_at": now, "changed_at": now,
        }  # fmt: skip
        self._insert(cursor, "absences", row)
        statement: Row = {
            "id": new_id(now), "absence_id": absence_id, "contact_id": family.contact_id,
            "message_id": effect.message, "frame": effect.frame, **said, "words_span": [], "rule": "", "at": now,
        }  # fmt: skip
        self._insert(cursor, "statements", statement)
        self._record(cursor, "state_absence", "absence", absence_id, now)

    def _item(
        self, cursor: Cursor, effect: NeedsPerson | WorryHeard, family: Family, thread_id: str, now: datetime
    ) -> None:
        item_id = new_id(now)
        common = {
            "id": item_id, "thread_id": thread_id, "message_id": effect.message, "contact_id": family.contact_id,
            "pupil_ids": [family.pupil_id], "at": now,
        }  # fmt: skip
        if isinstance(effect, NeedsPerson):
            self._insert(
                cursor, "staff_items", {**common, "why": effect.why, "topic": "", "urgent": False, "detail": {}}
            )
            self._record(cursor, "raise_item", "staff_item", item_id, now)
            return
        worry = {"category": effect.category, "status": "new", "about": "", "moved": 0, "told": [], "version": 1}
        self._insert(cursor, "safeguarding_items", {**common, **worry})
        self._record(cursor, "raise_worry", "safeguarding_item", item_id, now)
        self._insert(cursor, "holds", {"id": new_id(now), "pupil_id": family.pupil_id, "cause_id": item_id, "at": now})
        self._record(cursor, "hold_pupil", "pupil", family.pupil_id, now)

    def _record(self, cursor: Cursor, verb: str, subject: str, subject_id: str, now: datetime) -> None:
        number, previous = self._head
        row: dict[str, Any] = {
            "number": number + 1, "at": now, "actor": "contact", "verb": verb, "subject": subject,
            "subject_id": subject_id, "detail": {}, "restricted": False, "previous_hash": previous,
        }  # fmt: skip
        row["hash"] = hashlib.sha256(json.dumps(row, default=str).encode()).hexdigest()
        self._insert(cursor, "ledger", row)
        self._head = (row["number"], row["hash"])

    def _save(self, cursor: Cursor, made: Turn, family: Family, thread_id: str, now: datetime) -> None:
        cursor.execute(
            self._bare.sql(SAVED),
            [
                json.dumps(dump(made.state)),
                made.state.rev,
                family.contact_id,
                self._bare.value(now),
                self._school_id,
                thread_id,
            ],
        )  # fmt: skip
        cursor.execute(
            self._bare.sql("UPDATE ledger_heads SET number = ?, hash = ? WHERE school_id = ?"),
            [*self._head, self._school_id],
        )

    def _context(self, family: Family, thread_id: str, now: datetime) -> Context:
        child = Child(id=family.pupil_id, first_name=family.name, known_as=family.name, year="4", class_name="4B")
        return Context(
            now=now.astimezone(LONDON),
            thread=thread_id,
            sender=Sender.CONTACT,
            calendar=weekdays_only(),
            school=SchoolFacts(short_name="Bench", phone=OUR_NUMBER),
            children=(child,),
        )


def _handled(message_id: str, thread_id: str, now: datetime) -> Row:
    return {
        "id": message_id, "thread_id": thread_id, "kind": "text", "payload": {}, "status": "handled", "tries": 1,
        "error": "", "at": now, "received_at": now, "available_at": now, "handled_at": now,
    }  # fmt: skip


def _wake(made: Turn, thread_id: str, sent: str | None, now: datetime) -> Row:
    after = made.wake.after if made.wake else timedelta(0)
    return {
        "thread_id": thread_id, "token": str(made.state.rev), "after_seconds": int(after.total_seconds()),
        "outbox_id": sent, "set_at": now, "due_at": now + after,
    }  # fmt: skip
