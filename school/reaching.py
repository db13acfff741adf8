"""What the school starts: a conversation is put in line for a contact, on the channel that reaches them best."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeAlias

from sqlalchemy.orm import Session

from school.records import queues
from school.records.base import new_id
from school.records.messaging import Thread
from school.records.people import Address, Contact, Line
from school.records.reach_queries import contacts_with_addresses, lines_of_school, threads_with
from school.records.safeguarding_queries import held_pupils
from school.records.unasked import UnaskedText
from school.rules.budget import OF_USE, may_wait

Why: TypeAlias = Literal["held", "ring_only", "no_address", "opted_out", "quarantined", "gone"]

# A chat costs nothing and shows whether it was read, so it goes first (field.md: Telegram first, SMS else).
CHANNELS = ("telegram", "sms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A conversation to start: which flow, with what told, with whom, and about which pupils.

    `purpose` is the outbox's: chase, prompt, notice, broadcast. `fills` are codes, ids and days, never words.
    `at` is when it may begin; after `until` it is of no use any more and falls away. `channels` are tried in order.
    `over`: it is asked even while another question of ours stands open, because it cannot wait (a chase). `urgent`:
    it escapes the family's budget and the quiet hours, though others of its kind do not (a closure, care rule 23).
    Care rule 1: a family that is held is not started with.
    """

    school_id: str
    contact_id: str
    flow: str
    purpose: str
    pupil_ids: tuple[str, ...] = ()
    fills: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    until: datetime | None = None
    channels: tuple[str, ...] = CHANNELS
    over: bool = False
    urgent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """A start that was put in line: its inbox row, and the channel, thread and language it goes by."""

    start: Start
    inbox_id: str
    channel: str
    thread_id: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreached:
    """A start that nobody would get, and why: a person must ring instead."""

    start: Start
    why: Why


def start(
    session: Session, starts: Sequence[Start], *, now: datetime
) -> tuple[tuple[Started, ...], tuple[Unreached, ...]]:
    """Puts each start in line as a push of its thread, or says why it would reach nobody, in the order given.

    Whoever calls this shows the unreached to staff. Nothing is sent here: `bot.inbox` gives the push its turn.
    """
    by_school: dict[str, list[Start]] = defaultdict(list)
    for each in starts:
        by_school[each.school_id].append(each)
    found: dict[int, Started | Unreached] = {}
    rows: list[dict[str, Any]] = []
    unasked: list[UnaskedText] = []
    for school_id, own in sorted(by_school.items()):
        reach = _Reach(session, school_id, own, now=now)
        for each in own:
            way = reach.way(each)
            if isinstance(way, str):
                found[id(each)] = Unreached(start=each, why=way)
                continue
            row = _push(each, way, now=now)
            rows.append(row)
            if may_wait(each.purpose, each.flow, urgent=each.urgent):
                row["payload"]["unasked"] = True
                unasked.append(_unasked(each, way, row))
            found[id(each)] = Started(
                start=each, inbox_id=row["id"], channel=way.channel, thread_id=way.id, language=way.language
            )
    queues.insert_inbox(session, rows)
    session.add_all(unasked)
    ordered = [found[id(each)] for each in starts]
    return (
        tuple(each for each in ordered if isinstance(each, Started)),
        tuple(each for each in ordered if isinstance(each, Unreached)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a start would reach its contact: channel and address, and the thread's language, "" where there is none."""

    channel: str
    address: str
    language: str


def ways(session: Session, starts: Sequence[Start], *, now: datetime) -> list[Way | Why]:
    """How each start would go, or why it would reach nobody, in the order given. Opens no thread, starts nothing."""
    by_school: dict[str, list[Start]] = defaultdict(list)
    for each in starts:
        by_school[each.school_id].append(each)
    reaches = {school_id: _Reach(session, school_id, own, now=now) for school_id, own in sorted(by_school.items())}
    return [reaches[each.school_id].look(each) for each in starts]


class _Reach:
    """One school's contacts, addresses, lines and threads, looked up once for a set of starts."""

    def __init__(self, session: Session, school_id: str, starts: Sequence[Start], *, now: datetime) -> None:
        self._session, self._school_id, self._now = session, school_id, now
        rows = contacts_with_addresses(session, school_id, {each.contact_id for each in starts})
        self._contacts: dict[str, Contact] = {contact.id: contact for contact, _ in rows}
        self._addresses: dict[str, list[Address]] = defaultdict(list)
        for contact, address in rows:
            if address is not None:
                self._addresses[contact.id].append(address)
        self._lines: dict[str, Line] = {}
        for line in lines_of_school(session, school_id):
            self._lines.setdefault(line.channel, line)
        known = threads_with(session, school_id, {each.address for own in self._addresses.values() for each in own})
        self._threads: dict[tuple[str, str], Thread] = {}
        for thread in known:
            self._threads.setdefault((thread.channel, thread.address), thread)
        self._held = held_pupils(session, school_id, {pupil for each in starts for pupil in each.pupil_ids})

    def way(self, wanted: Start) -> Thread | Why:
        """The thread by which the contact is reached, opened if there is none yet; else why not."""
        found = self._address(wanted)
        return found if isinstance(found, str) else self._thread(found)

    def look(self, wanted: Start) -> Way | Why:
        """How the contact would be reached, else why not; no thread is opened for it."""
        found = self._address(wanted)
        if isinstance(found, str):
            return found
        thread = self._threads.get((found.channel, found.address))
        return Way(channel=found.channel, address=found.address, language=thread.language if thread is not None else "")

    def _address(self, wanted: Start) -> Address | Why:
        contact = self._contacts.get(wanted.contact_id)
        if contact is None:
            return "gone"
        if self._held & set(wanted.pupil_ids):
            return "held"
        if contact.ring_only:
            return "ring_only"
        reasons: set[Why] = set()
        for channel in wanted.channels:
            for address in self._addresses[contact.id]:
                if address.channel != channel or channel not in self._lines:
                    continue
                closed = self._closed(address)
                if closed is None:
                    return address
                reasons.add(closed)
        for why in ("opted_out", "quarantined"):
            if why in reasons:
                return why
        return "no_address"

    def _closed(self, address: Address) -> Literal["opted_out", "quarantined"] | None:
        thread = self._threads.get((address.channel, address.address))
        if address.quarantined_at is not None:
            return "quarantined"
        opted_out = address.opted_out_at is not None or (thread is not None and thread.opted_out_at is not None)
        return "opted_out" if opted_out else None

    def _thread(self, address: Address) -> Thread:
        found = self._threads.get((address.channel, address.address))
        if found is not None:
            return found
        opened = Thread(
            school_id=self._school_id,
            id=new_id(self._now),
            line_id=self._lines[address.channel].id,
            channel=address.channel,
            address=address.address,
            contact_id=address.contact_id,
            language=self._contacts[address.contact_id].language,
            last_at=self._now,
            created_at=self._now,
        )
        self._session.add(opened)
        self._session.flush()
        self._threads[address.channel, address.address] = opened
        return opened


def _push(wanted: Start, thread: Thread, *, now: datetime) -> dict[str, Any]:
    at = max(wanted.at, now) if wanted.at is not None else now
    payload: dict[str, Any] = {"flow": wanted.flow, "fills": dict(wanted.fills), "purpose": wanted.purpose}
    if wanted.over:
        payload["over"] = True
    if wanted.until is not None:
        payload["until"] = wanted.until.isoformat()
    return {
        "school_id": wanted.school_id,
        "id": new_id(now),
        "thread_id": thread.id,
        "kind": "push",
        "payload": payload,
        "status": "waiting",
        "tries": 0,
        "error": "",
        "at": at,
        "received_at": now,
        "available_at": at,
        "handled_at": None,
    }


def _unasked(wanted: Start, thread: Thread, row: Mapping[str, Any]) -> UnaskedText:
    """The text as it counts in the family's budget, once it goes."""
    return UnaskedText(
        school_id=wanted.school_id,
        id=row["id"],
        contact_id=wanted.contact_id,
        thread_id=thread.id,
        channel=thread.channel,
        purpose=wanted.purpose,
        flow=wanted.flow,
        pupil_ids=sorted(wanted.pupil_ids),
        at=row["at"],
        goes_at=row["at"],
        until=wanted.until if wanted.until is not None else row["at"] + OF_USE,
    )


def same_people(session: Session, school_id: str, contact_ids: Collection[str]) -> dict[str, str]:
    """Who stands for each contact: schools hold one parent twice, once for each child, with one phone."""
    by_address: dict[tuple[str, str], str] = {}
    stands_for = {each: each for each in contact_ids}
    for contact, address in contacts_with_addresses(session, school_id, contact_ids) if contact_ids else []:
        if address is not None:
            first = by_address.setdefault((address.channel, address.address), stands_for[contact.id])
            old = stands_for[contact.id]
            stands_for = {each: first if now == old else now for each, now in stands_for.items()}
    return stands_for


def line_to(session: Session, school_id: str, phone: str, *, now: datetime) -> Thread | None:
    """The thread by SMS with a number of the school's own, such as the duty phone; None without a line for texts."""
    line = next((each for each in lines_of_school(session, school_id) if each.channel == "sms"), None)
    if line is None:
        return None
    known = [each for each in threads_with(session, school_id, [phone]) if each.line_id == line.id]
    if known:
        return known[0]
    thread = Thread(
        school_id=school_id,
        id=new_id(now),
        line_id=line.id,
        channel="sms",
        address=phone,
        last_at=now,
        created_at=now,
    )
    session.add(thread)
    session.flush()
    return thread


def push_to(
    session: Session, thread: Thread, *, flow: str, purpose: str, now: datetime, fills: Mapping[str, Any] | None = None
) -> str:
    """Puts something that is only said in line for a thread; its inbox row's id. An answer is never held back."""
    wanted = Start(school_id=thread.school_id, contact_id="", flow=flow, purpose=purpose, fills=fills or {}, over=True)
    row = _push(wanted, thread, now=now)
    queues.insert_inbox(session, [row])
    return str(row["id"])
