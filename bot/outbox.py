"""Sends what is queued: claim, commit, send with no transaction open, settle. Never twice, and never lost unseen."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias, cast

from sqlalchemy.exc import IntegrityError

from bot import aftermath
from bot.aftermath import Failure
from bot.channels.base import (
    Channel,
    Departing,
    Misconfigured,
    OptedOut,
    Refused,
    Rejected,
    Reported,
    SendError,
    Sent,
    Unreachable,
)
from bot.lanes import Ended, Lanes
from bot.states import BY_REPORT, State, may_move
from school.records import outgoing, queues
from school.records.database import Database

log = logging.getLogger(__name__)

Outcome: TypeAlias = Sent | SendError

# The lease outlasts the oldest claim that may still be sent (30 s), the longest send (10 s) and its settling.
LEASE = timedelta(seconds=90)
OLDEST_CLAIM_SECONDS = 30.0
# A channel that sends in no time takes this many at once; a kill then leaves at most what 50 ms have sent.
CLAIM_AT_ONCE = 200
SETTLE_EVERY_SECONDS = 0.05
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=5)

# What the school starts waits while a hold stands on the family (care rule 1); what answers does not.
ANSWERS = frozenset({"reply", "staff", "safeguarding", "worry"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message in this worker's hands; `claimed_at` is the database's time, `since` this process's stopwatch."""

    row: outgoing.Queued
    claimed_at: datetime
    since: float
    useful_for: timedelta

    @property
    def departing(self) -> Departing:
        """The message as its channel takes it."""
        row = self.row
        return Departing(
            id=f"{row.school_id}.{row.id}",
            line=row.line,
            to=row.address,
            text=row.body or "",
            buttons=tuple((str(label), str(data)) for label, data in row.buttons),
            useful_for=self.useful_for,
        )


class Outbox:
    """The sending half of the house. `now` is the house's clock, `name` tells this worker from all others."""

    def __init__(
        self, database: Database, channels: Mapping[str, Channel], *, now: Callable[[], datetime], name: str
    ) -> None:
        self._database = database
        self._channels = dict(channels)
        self._lanes = {key: Lanes(channel, late=_is_late) for key, channel in channels.items()}
        self._draining = {key: threading.Lock() for key in channels}
        self._now = now
        self._name = name
        self._stopping = False

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that have messages to send."""
        return tuple(self._channels)

    def drain(self, channel: str) -> int:
        """Sends all that is due on a channel, until nothing is queued and nothing is under way; how many ended."""
        # One drain at a time: a second one in this process would only wait for the same lanes.
        with self._draining[channel]:
            lanes, ended_in_all = self._lanes[channel], 0
            while True:
                room = 0 if self._stopping else lanes.room(CLAIM_AT_ONCE)
                claimed = self._claim(channel, room) if room else []
                lanes.start([(each, each.departing) for each in claimed])
                if not claimed and not lanes.busy:
                    return ended_in_all
                ended = lanes.ended(SETTLE_EVERY_SECONDS)
                self._settle(ended)
                ended_in_all += len(ended)

    def stop(self) -> None:
        """Claims no more; what is under way is sent and settled by the `drain` that claimed it."""
        self._stopping = True

    def close(self) -> None:
        """Lets the sending threads go."""
        for lanes in self._lanes.values():
            lanes.close()

    def give_up_abandoned(self) -> int:
        """Turns into `unknown` what a worker claimed and never settled; how many."""
        with self._database.write() as session:
            given_up = outgoing.abandoned(session, queues.database_time(session) - LEASE, limit=1000)
        if given_up:
            log.warning("messages whose worker died are unknown now", extra={"messages": given_up})
        return given_up

    # Claim ------------------------------------------------------------------------------------

    def _claim(self, channel: str, room: int) -> list[Claimed]:
        now = self._now()
        claimed: list[Claimed] = []
        with self._database.write() as session:
            rows = outgoing.claimable(session, channel, now, limit=room)
            if not rows:
                return []
            clock = queues.database_time(session)
            aside = []
            for row in rows:
                verdict = _last_look(row, now)
                if verdict is None:
                    useful_for = row.expires_at - now
                    claimed.append(Claimed(row=row, claimed_at=clock, since=time.monotonic(), useful_for=useful_for))
                else:
                    aside.append((row, *verdict))
            outgoing.claim(session, [self._claiming(each) for each in claimed])
            outgoing.lay_aside(
                session,
                [{**_key(row), "status": status, "error_code": code, "settled_at": now} for row, status, code in aside],
            )
            late = [Failure.of(row, "expired", code) for row, status, code in aside if status == "expired"]
            aftermath.see_to(session, late, now=now)
        return claimed

    def _claiming(self, each: Claimed) -> dict[str, object]:
        claim = {"status": "sending", "claimed_at": each.claimed_at, "claimed_by": self._name}
        return {**_key(each.row), **claim, "tries": each.row.tries + 1}

    # Settle -----------------------------------------------------------------------------------

    def _settle(self, ended: Sequence[Ended[Claimed]]) -> None:
        if not ended:
            return
        try:
            self._settle_at_once(ended)
        except IntegrityError:
            # A provider gave one id to two messages. Each is settled alone, so that only the second is in doubt.
            for each in ended:
                try:
                    self._settle_at_once([each])
                except IntegrityError:
                    self._settle_at_once([each.instead(aftermath.id_taken())])

    def _settle_at_once(self, ended: Sequence[Ended[Claimed]]) -> None:
        now = self._now()
        taken, others, failures = [], [], []
        for each in ended:
            claim = {**_key(each.what.row), "mine_at": each.what.claimed_at, "mine_by": self._name, "settled_at": now}
            if isinstance(each.outcome, Sent):
                provider_id = each.outcome.provider_id
                taken.append({**claim, "status": "sent", "error_code": "", "provider_id": provider_id, "sent_at": now})
            else:
                status = _after(each.outcome)
                available_at = now + _wait(each.outcome, each.what.row.tries) if status == "queued" else now
                code = each.outcome.code[:40]
                others.append({**claim, "status": status, "error_code": code, "available_at": available_at})
                if isinstance(each.outcome, Rejected | Misconfigured):
                    failures.append(Failure.of(each.what.row, _why(each.outcome), code))
        with self._database.write() as session:
            outgoing.settle_sent(session, taken)
            outgoing.settle(session, others)
            aftermath.see_to(session, failures, now=now)

    def is_quiet(self, channel: str, address: str) -> bool:
        """Whether no message to that address is in a worker's hands: after an opting out, the last one has gone."""
        with self._database.read() as session:
            return not outgoing.being_sent(session, channel, address, since=queues.database_time(session) - LEASE)

    # Reports ----------------------------------------------------------------------------------

    def report(self, reported: Reported) -> bool:
        """Moves a message on by what its provider says of it, forward only; whether it moved. May be repeated."""
        try:
            return self._report(reported)
        except IntegrityError:
            # Another message has that id of the provider's already: this report says nothing that we could believe.
            log.warning("a report named an id of another message", extra={"channel": reported.channel})
            return False

    def _report(self, reported: Reported) -> bool:
        now = self._now()
        ours = _ours(reported.id)
        with self._database.write() as session:
            row = outgoing.standing(session, channel=reported.channel, message=ours, provider_id=reported.provider_id)
            if row is None or row.provider_id not in {None, reported.provider_id}:
                return False
            if not may_move(BY_REPORT, _state(row.status), reported.progress):
                return False
            outgoing.move_on(
                session,
                row,
                status=reported.progress,
                provider_id=reported.provider_id,
                code=reported.code,
                now=now,
            )
            if reported.progress == "undelivered":
                aftermath.see_to(session, [aftermath.undelivered(row, reported.code)], now=now)
        return True


def _is_late(claimed: Claimed) -> bool:
    """A claim that waited too long for its lane is given back: its lease might run out while it is sent."""
    return time.monotonic() - claimed.since > OLDEST_CLAIM_SECONDS


def _last_look(row: outgoing.Queued, now: datetime) -> tuple[State, str] | None:
    """Why a message is not to be sent after all: its state from now on, and the reason. None: it goes."""
    if row.opted_out:
        return "suppressed", "opted_out"
    if row.expires_at <= now:
        return "expired", "too_late"
    if row.body is None:
        return "expired", "forgotten"
    if row.purpose not in ANSWERS and row.held:
        return "suppressed", "held"
    if row.purpose != "reply" and row.quarantined:
        return "suppressed", "quarantined"
    return None


def _after(error: SendError) -> State:
    if isinstance(error, Refused):
        return "queued"
    if isinstance(error, OptedOut):
        return "suppressed"
    return "failed" if isinstance(error, Rejected) else "unknown"


def _why(error: SendError) -> aftermath.Why:
    if isinstance(error, OptedOut):
        return "opted_out"
    if isinstance(error, Misconfigured):
        return "misconfigured"
    return "unreachable" if isinstance(error, Unreachable) else "rejected"


def _wait(error: SendError, tries: int) -> timedelta:
    """As long as the provider asked for; otherwise twice as long each time, from two seconds to five minutes."""
    if isinstance(error, Refused) and error.after is not None:
        return error.after
    return min(FIRST_WAIT * int(2 ** min(tries, 16)), LONGEST_WAIT)


def _key(row: outgoing.Queued) -> dict[str, object]:
    return {"of_school": row.school_id, "of_row": row.id}


def _ours(message_id: str) -> tuple[str, str] | None:
    school_id, _, row_id = message_id.partition(".")
    return (school_id, row_id) if school_id and row_id else None


def _state(status: str) -> State:
    # The table's own check allows no other.
    return cast(State, status)
