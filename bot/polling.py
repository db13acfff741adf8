"""Polls a Telegram line: what was read is on disk before Telegram is told to forget it."""

from __future__ import annotations

import logging
from datetime import timedelta

from bot.channels.base import Arrived, BadRequest, SendError
from bot.channels.telegram import Telegram
from bot.inbox import Inbox
from school.people import line_for
from school.records import polls
from school.records.database import Database
from school.records.people import Line

log = logging.getLogger(__name__)

# The lease outlasts the longest poll (25 s) and the handling of what it brings.
LEASE = timedelta(seconds=90)


class Poller:
    """One bot's line, polled by one process at a time; `name` tells this process from all others."""

    def __init__(self, database: Database, inbox: Inbox, telegram: Telegram, *, name: str) -> None:
        self._database = database
        self._inbox = inbox
        self._telegram = telegram
        self._name = name

    def once(self) -> int | None:
        """Asks once for what is new, and takes it in; how many updates, None while another holds the line."""
        with self._database.write() as session:
            line = line_for(session, channel=self._telegram.name, address=self._telegram.address)
            if line is None:
                return None
            offset = polls.lease_poll(
                session, line.school_id, line.id, by=self._name, lasts=LEASE, now=self._inbox.now()
            )
        if offset is None:
            return None
        try:
            updates = self._telegram.poll(offset)
        except SendError as error:
            log.warning("Telegram could not be asked", extra={"code": error.code})
            return 0
        if not updates:
            return 0
        arrived: list[Arrived] = []
        for update in updates:
            try:
                arrived += self._telegram.parse(update)
            except BadRequest as error:
                log.warning("an update could not be read", extra={"reason": error.reason})
        if not self._inbox.take_polled(arrived, line=line, by=self._name, next_offset=_next(updates)):
            return None
        for update in updates:
            self._telegram.be_courteous(update)
        return len(updates)

    def release(self, line: Line | None = None) -> None:
        """Lets another process poll at once."""
        with self._database.write() as session:
            line = line or line_for(session, channel=self._telegram.name, address=self._telegram.address)
            if line is not None:
                polls.release_poll(session, line.school_id, line.id, by=self._name)


def _next(updates: tuple[object, ...]) -> int:
    return max(int(update["update_id"]) for update in updates) + 1  # type: ignore[index]
