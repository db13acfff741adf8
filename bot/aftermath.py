"""What the school does about messages that did not arrive: who is opted out, whose address is bad, what staff see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from sqlalchemy.orm import Session

from bot.channels.base import SendError, Unsure
from school import opting_out, people
from school.records.messaging import Thread
from school.records.outgoing import Queued, Standing
from school.staff_items import StaffNote, raise_items

Why: TypeAlias = Literal["opted_out", "unreachable", "rejected", "misconfigured", "expired", "undelivered"]

# What carriers report of a number that will never take a text: not a mobile, unknown, a landline.
_NOBODY_THERE = frozenset({"21211", "21614", "30005", "30006"})
_STOPPED_US = "21610"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A message that did not arrive, and why; `code` is the provider's."""

    school_id: str
    thread_id: str
    contact_id: str | None
    channel: str
    address: str
    message_id: str
    why: Why
    code: str

    @classmethod
    def of(cls, row: Queued | Standing, why: Why, code: str) -> Failure:
        """The failure of a queued or sent message."""
        return cls(
            school_id=row.school_id,
            thread_id=row.thread_id,
            contact_id=row.contact_id,
            channel=row.channel,
            address=row.address,
            message_id=row.message_id,
            why=why,
            code=code,
        )


def undelivered(row: Standing, code: str) -> Failure:
    """What a provider's late report of failure means."""
    if code == _STOPPED_US:
        return Failure.of(row, "opted_out", code)
    return Failure.of(row, "unreachable" if code in _NOBODY_THERE else "undelivered", code)


def id_taken() -> SendError:
    """A provider gave one id to two messages: the second may or may not have gone."""
    return Unsure("provider_id_taken")


def see_to(session: Session, failures: Sequence[Failure], *, now: datetime) -> None:
    """Writes down who stopped us and whose address is bad, and puts each failure before staff, once a message."""
    if not failures:
        return
    stopped = [each for each in failures if each.why == "opted_out"]
    found = {
        key: session.get(Thread, key) for key in dict.fromkeys((each.school_id, each.thread_id) for each in stopped)
    }
    threads = [thread for thread in found.values() if thread is not None]
    opting_out.opt_out(session, threads, now=now)
    # That they stopped us is an item of its own, once; each message that did not go for it is no more news.
    told = opting_out.known_to_office(session, threads, now=now)
    bad = [each for each in failures if each.why == "unreachable"]
    people.quarantine(
        session, [((each.school_id, each.channel, each.address), people.BOUNCED) for each in bad], now=now
    )
    left = [each for each in failures if each.why != "opted_out" or (each.school_id, each.thread_id) not in told]
    raise_items(session, [_note(each) for each in left], now=now)


def _note(failure: Failure) -> StaffNote:
    return StaffNote(
        school_id=failure.school_id,
        why=f"not_sent_{failure.why}",
        thread_id=failure.thread_id,
        message_id=failure.message_id,
        contact_id=failure.contact_id,
        detail={"code": failure.code},
    )
