"""Fetches what families sent as evidence: with no transaction open, checked by its own bytes, then kept or given up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.channels.base import Rejected, SendError
from bot.inbox import INBOX_BELL
from school.evidence_files import Claimed, claim, give_up, keep
from school.pictures import LARGEST_FILE, NotRead, Read, read
from school.records.database import Database

log = logging.getLogger(__name__)


@runtime_checkable
class Fetches(Protocol):
    """A channel whose pictures and documents can be fetched."""

    def fetch(self, reference: str, *, largest: int) -> bytes:
        """The bytes of a file, by the channel's own name for it; raises a `SendError`: `Rejected` for ever."""
        ...


class Fetcher:
    """Any number of them: whoever claims a file has it for a minute."""

    def __init__(self, database: Database, channels: Mapping[str, Fetches], *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._channels = dict(channels)
        self._now = now

    def drain(self) -> int:
        """Fetches all that waits now; how many were looked at."""
        done = 0
        while self._channels and self._one():
            done += 1
        return done

    def _one(self) -> bool:
        with self._database.write() as session:
            claimed = claim(session, frozenset(self._channels), now=self._now())
        if claimed is None:
            return False
        try:
            found = self._fetched(claimed)
        except SendError as error:
            log.warning("a file could not be fetched", extra={"code": error.code})
            return True
        with self._database.write() as session:
            if found is None:
                give_up(session, claimed, now=self._now())
            else:
                keep(session, claimed, found, now=self._now())
            self._database.notify(session, INBOX_BELL)
        return True

    def _fetched(self, claimed: Claimed) -> Read | None:
        """What is kept of it; None where nothing ever will be. Raises SendError where it is tried again."""
        try:
            return read(self._channels[claimed.channel].fetch(claimed.reference, largest=LARGEST_FILE))
        except (Rejected, NotRead):
            return None
        except SendError:
            if claimed.last:
                return None
            raise
