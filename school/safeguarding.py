"""Worrying texts: those alone see them whom care rule 8 names, and the family is held until the lead lets go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from school import ledger
from school.records.access_queries import users_in
from school.records.base import new_id
from school.records.safeguarding_queries import (
    abouts_of_threads,
    children_on_threads,
    hold_threads,
    items_of_messages,
    open_holds,
    other_open_items,
    restrict_messages,
    words_of,
)
from school.records.staff import Hold, SafeguardingItem
from school.rules.allegations import About
from school.rules.allegations import about as accused_by
from school.rules.worry_queue import LEAD
from school.worry_moves import first_told_at

TITLED = ("mr", "mrs", "miss", "ms", "mx", "dr", "sir")
# Whatever the cause, all staff read these words, a bereavement's too (care rule 1).
BEING_DEALT_WITH = "Being dealt with: do not contact home"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worry:
    """A text that worries: its message and thread are stored already; `category` is a code of hearing's.

    `spans` are where in the words it was heard: whom the text accuses is read off what stands beside them.
    """

    school_id: str
    thread_id: str
    message_id: str
    category: str
    contact_id: str | None
    at: datetime
    spans: tuple[tuple[int, int], ...] = ()


def raise_worries(session: Session, worries: Sequence[Worry], *, now: datetime) -> list[SafeguardingItem]:
    """Gives each text to the lead: an item, the message restricted, the thread and the whole family held.

    A message that has its item already is passed over, so that a repeat changes nothing. The family are all
    pupils of every contact who writes from that address (care rule 1: any contact of any sibling).
    """
    raised: list[SafeguardingItem] = []
    for school_id in sorted({worry.school_id for worry in worries}):
        of_school = [worry for worry in worries if worry.school_id == school_id]
        known = items_of_messages(session, school_id, {worry.message_id for worry in of_school})
        new = [worry for worry in of_school if worry.message_id not in known]
        if not new:
            continue
        threads = {worry.thread_id for worry in new}
        restrict_messages(session, school_id, {worry.message_id for worry in new}, thread_ids=threads)
        hold_threads(session, school_id, threads, held=True)
        children = children_on_threads(session, school_id, threads)
        accused = _accused(session, school_id, new)
        tell_at = first_told_at(session, school_id, now=now)
        items = [
            _item(worry, children.get(worry.thread_id, set()), about, tell_at, now)
            for worry, about in zip(new, accused, strict=True)
        ]
        session.add_all(items)
        _hold(session, items, now=now)
        for item in items:
            _record(session, item, actor="system", verb="raise_worry", now=now)
        raised += items
    return raised


def open_item(session: Session, item: SafeguardingItem, *, actor: str, user_id: str | None, now: datetime) -> None:
    """The lead has opened it; who was first, and when, is kept."""
    if item.status != "new":
        return
    item.status, item.opened_at, item.opened_by, item.move_at = "opened", now, user_id, None
    item.version += 1
    _record(session, item, actor=actor, verb="open_worry", now=now)


class AlreadyHandedBack(Exception):  # noqa: N818  it says what happened
    """The item was handed back before."""


def hand_back(session: Session, item: SafeguardingItem, *, actor: str, now: datetime) -> None:
    """Later texts of the thread are answered again, once none of its items is the lead's. The holds stay."""
    if item.status == "handed_back":
        raise AlreadyHandedBack
    item.status, item.closed_at, item.move_at = "handed_back", now, None
    item.version += 1
    session.flush()
    if not other_open_items(session, item):
        hold_threads(session, item.school_id, [item.thread_id], held=False)
    _record(session, item, actor=actor, verb="hand_back_worry", now=now)


def call_allegation(session: Session, item: SafeguardingItem, about: About, *, actor: str, now: datetime) -> None:
    """A reader says whom it accuses: from now on those read it whom care rule 8 names, and they are told.

    Raises AlreadyHandedBack for what is closed.
    """
    if item.status == "handed_back":
        raise AlreadyHandedBack
    if item.about == about:
        return
    # A new round of telling begins, with readers who may not have seen it: it is new to them.
    item.about, item.moved, item.told, item.status = about, 0, [], "new"
    item.move_at = first_told_at(session, item.school_id, now=now)
    item.version += 1
    _record(session, item, actor=actor, verb="call_allegation", now=now)


class NotOpened(Exception):  # noqa: N818  it says what is so
    """Nobody has opened the item, so nobody can have copied it."""


def file_item(session: Session, item: SafeguardingItem, *, actor: str, user_id: str, now: datetime) -> None:
    """The words were copied to the child's file: from their day on they may be forgotten here (care rule 9).

    Recording it again changes nothing. Raises NotOpened.
    """
    if item.status == "new":
        raise NotOpened
    if item.filed_at is None:
        item.filed_at, item.filed_by = now, user_id
        item.version += 1
        _record(session, item, actor=actor, verb="file_worry", now=now)


def release_family(
    session: Session, school_id: str, pupil_ids: Iterable[str], *, actor: str, now: datetime
) -> list[Hold]:
    """What the school starts may go to these pupils' contacts again; gives the holds that ended."""
    holds = open_holds(session, school_id, pupil_ids)
    for hold in holds:
        hold.released_at, hold.released_by = now, actor
        _record_hold(session, hold, actor=actor, verb="release_hold", now=now)
    return holds


def _accused(session: Session, school_id: str, worries: Sequence[Worry]) -> list[str]:
    """Whom each text accuses; a later text of a thread accuses whom the one before it did, if nobody new."""
    words = words_of(session, school_id, {worry.message_id for worry in worries})
    before = abouts_of_threads(session, school_id, {worry.thread_id for worry in worries})
    names = _names(session, school_id)
    found = []
    for worry in worries:
        said = words[worry.message_id].body if worry.message_id in words else ""
        now = before.get(worry.thread_id) or accused_by(said, worry.spans, names=names).value
        before[worry.thread_id] = now
        found.append(now)
    return found


def _names(session: Session, school_id: str) -> dict[About, set[str]]:
    """What the head, the lead and other staff are called in full and by title and surname."""
    names: dict[About, set[str]] = {who: set() for who in (About.HEAD, About.LEAD, About.STAFF)}
    for user in users_in(session, school_id):
        who = About.HEAD if "head" in user.roles else About.LEAD if LEAD in user.roles else About.STAFF
        surname = user.name.split()[-1]
        if user.active:
            names[who] |= {user.name, *(f"{title} {surname}" for title in TITLED)}
    return names


def _item(worry: Worry, pupil_ids: Iterable[str], about: str, tell_at: datetime, now: datetime) -> SafeguardingItem:
    return SafeguardingItem(
        school_id=worry.school_id,
        id=new_id(now),
        thread_id=worry.thread_id,
        message_id=worry.message_id,
        contact_id=worry.contact_id,
        pupil_ids=sorted(pupil_ids),
        category=worry.category,
        status="new",
        about=about,
        move_at=tell_at,
        at=worry.at,
        version=1,
    )


def _hold(session: Session, items: Sequence[SafeguardingItem], *, now: datetime) -> None:
    """Holds each pupil once: a second worry while one stands lets the first hold stand for both."""
    causes = {pupil_id: item for item in reversed(items) for pupil_id in item.pupil_ids}
    if not causes:
        return
    school_id = items[0].school_id
    for held in open_holds(session, school_id, causes):
        causes.pop(held.pupil_id, None)
    for pupil_id, item in sorted(causes.items(), key=lambda cause: cause[0]):
        hold = Hold(school_id=school_id, id=new_id(now), pupil_id=pupil_id, cause_id=item.id, at=now)
        session.add(hold)
        _record_hold(session, hold, actor="system", verb="hold_pupil", now=now)


def _record(session: Session, item: SafeguardingItem, *, actor: str, verb: str, now: datetime) -> None:
    entry = ledger.Entry(
        school_id=item.school_id,
        actor=actor,
        verb=verb,
        subject="safeguarding_item",
        subject_id=item.id,
        restricted=True,
    )
    ledger.record(session, entry, now=now)


def _record_hold(session: Session, hold: Hold, *, actor: str, verb: str, now: datetime) -> None:
    """A hold is on everybody's board, so its row is in everybody's feed: the pupil, and nothing of the cause."""
    entry = ledger.Entry(school_id=hold.school_id, actor=actor, verb=verb, subject="pupil", subject_id=hold.pupil_id)
    ledger.record(session, entry, now=now)
