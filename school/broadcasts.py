"""What the school tells many families: written, looked over, approved, sent beside everything else, and stoppable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.ledger import Entry, record
from school.reaching import Start, Way, Why, ways
from school.reaching import start as start_with
from school.records.base import new_id
from school.records.broadcast_queries import (
    due_broadcasts,
    families_of,
    pushes_of,
    stop_what_waits,
    waiting_recipients,
)
from school.records.broadcasting import Broadcast, BroadcastRecipient
from school.records.messaging import Message
from school.records.people import Contact, Pupil, School
from school.records.unasked_queries import waiting_texts
from school.rules.budget import in_hours
from school.rules.sms import downgraded, segments_of
from school.settings import settings_of
from school.unasked import left_for_all, stop_waiting

To: TypeAlias = Literal["all", "years", "classes", "pupils"]
# The push whose words are the message of the same id, as those of `school.threads.STAFF_WORDS` are.
FLOW = "broadcast"
PURPOSE = "broadcast"
CLOSURE = "closure"
ENGLISH = "en"
# Families who get it in one transaction: replies of the same moment go between two of them.
AT_ONCE = 50
BETWEEN = timedelta(seconds=2)
LOOKED_AT = 5
# Longer than this nobody reads; design.md, section 3 has one segment for what a flow says.
MOST_SEGMENTS = 3


class BroadcastRefused(Exception):  # noqa: N818  it says why
    """It cannot be done as things stand; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom it is for: `of` are years, class names or pupils' ids, and empty where it is for all."""

    to: To
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What sending would mean now: contacts by channel and language, those whom nothing reaches, segments and cost.

    `in_english` counts contacts whose own language the texts lack. `tenths_of_pence` is None where the school has
    not said what a segment costs. `needs_second`: somebody else than the writer must approve it.
    `over_budget` counts contacts whom it would not reach this week, because their family's budget is used up.
    """

    pupils: int
    contacts: int
    by_channel: Mapping[str, int]
    by_language: Mapping[str, int]
    in_english: int
    unreached: Mapping[str, int]
    segments: int
    tenths_of_pence: int | None
    needs_second: bool
    over_budget: int


def write(
    session: Session,
    school_id: str,
    *,
    kind: str,
    audience: Audience,
    texts: Mapping[str, str],
    actor: str,
    now: datetime,
    last_day: date | None = None,
) -> Broadcast:
    """A draft; after `last_day` it is no news any more. Raises BroadcastRefused: no_english, too_long, link, nobody."""
    _check(texts, session.get_one(School, school_id))
    if not _families(session, school_id, audience, now=now):
        raise BroadcastRefused("nobody")
    made = Broadcast(
        school_id=school_id,
        id=new_id(now),
        kind=kind,
        audience={"to": audience.to, "of": sorted(set(audience.of))},
        texts=dict(texts),
        written_by=actor,
        at=now,
        last_day=last_day,
    )
    session.add(made)
    _record(session, made, "write_broadcast", actor=actor, now=now)
    return made


def _check(texts: Mapping[str, str], school: School) -> None:
    if ENGLISH not in texts:
        raise BroadcastRefused("no_english")
    for text in texts.values():
        if segments_of(downgraded(_named(text, school))) > MOST_SEGMENTS:
            raise BroadcastRefused("too_long")
        if "http" in text.casefold() or "www." in text.casefold():
            raise BroadcastRefused("link")


def audience_of(broadcast: Broadcast) -> Audience:
    """Whom a broadcast is for."""
    return Audience(to=broadcast.audience["to"], of=tuple(broadcast.audience["of"]))


def _families(
    session: Session, school_id: str, audience: Audience, *, now: datetime
) -> dict[str, tuple[Contact, list[Pupil]]]:
    """By contact: whom it goes to, once each, however many of their children it is about."""
    day = calendar_of(session, school_id).local(now).date()
    chosen: dict[str, Any] = {"years": None, "classes": None, "pupil_ids": None}
    name = {"years": "years", "classes": "classes", "pupils": "pupil_ids"}.get(audience.to)
    if name is not None:
        chosen[name] = audience.of
    found: dict[str, tuple[Contact, list[Pupil]]] = {}
    for contact, pupil in families_of(session, school_id, day, **chosen):
        found.setdefault(contact.id, (contact, []))[1].append(pupil)
    return found


def _starts(broadcast: Broadcast, about: Mapping[str, Sequence[str]], *, until: datetime | None = None) -> list[Start]:
    return [
        Start(
            school_id=broadcast.school_id,
            contact_id=contact_id,
            flow=FLOW,
            purpose=PURPOSE,
            pupil_ids=tuple(pupils),
            fills={"broadcast": broadcast.id},
            until=until,
            over=True,
            urgent=broadcast.kind == CLOSURE,
        )
        for contact_id, pupils in about.items()
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recipient:
    """One phone or chat that gets it: its contact, the pupils it is about, and the way there or what is in it."""

    contact: Contact
    pupil_ids: tuple[str, ...]
    way: Way | Why


def _recipients(session: Session, broadcast: Broadcast, *, now: datetime) -> list[_Recipient]:
    """Whom it goes to: adults who share a phone get it once."""
    families = _families(session, broadcast.school_id, audience_of(broadcast), now=now)
    starts = _starts(broadcast, {key: [pupil.id for pupil in pupils] for key, (_, pupils) in families.items()})
    found: dict[tuple[str, str], _Recipient] = {}
    for wanted, way in zip(starts, ways(session, starts, now=now), strict=True):
        place = (way.channel, way.address) if isinstance(way, Way) else ("", wanted.contact_id)
        shared = found.get(place)
        contact = shared.contact if shared is not None else families[wanted.contact_id][0]
        pupils = {*wanted.pupil_ids, *(shared.pupil_ids if shared is not None else ())}
        found[place] = _Recipient(contact=contact, pupil_ids=tuple(sorted(pupils)), way=way)
    return list(found.values())


def preview(session: Session, broadcast: Broadcast, *, now: datetime) -> Preview:
    """What sending it would mean now. Changes nothing."""
    school = session.get_one(School, broadcast.school_id)
    recipients = _recipients(session, broadcast, now=now)
    channels: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    unreached: Counter[str] = Counter()
    segments = in_english = 0
    for each in recipients:
        if not isinstance(each.way, Way):
            unreached[each.way] += 1
            continue
        language = each.way.language or each.contact.language
        text, has_own = _text_in(broadcast.texts, language, school)
        channels[each.way.channel] += 1
        languages[language] += 1
        in_english += not has_own
        segments += segments_of(downgraded(text)) if each.way.channel == "sms" else 0
    settings = settings_of(school)
    price = settings.segment_tenths_of_pence
    return Preview(
        pupils=len({pupil for each in recipients for pupil in each.pupil_ids}),
        contacts=len(recipients),
        by_channel=dict(sorted(channels.items())),
        by_language=dict(sorted(languages.items())),
        in_english=in_english,
        unreached=dict(sorted(unreached.items())),
        segments=segments,
        tenths_of_pence=segments * price if price else None,
        needs_second=len(recipients) > settings.broadcast_second_over,
        over_budget=_over_budget(session, broadcast, recipients, now=now),
    )


def _over_budget(session: Session, broadcast: Broadcast, recipients: Sequence[_Recipient], *, now: datetime) -> int:
    if broadcast.kind == CLOSURE:
        return 0
    channels = {each.contact.id: each.way.channel for each in recipients if isinstance(each.way, Way)}
    left = left_for_all(session, broadcast.school_id, set(channels), now=now)
    return sum(not left[contact].left(channel) for contact, channel in channels.items())


def _text_in(texts: Mapping[str, str], language: str, school: School) -> tuple[str, bool]:
    """The school's own words in a language; of a second script those of the first; else English.

    Words that do not say who speaks begin with the school's name.
    """
    code = next((code for code in (language, language.partition("_")[0]) if code in texts), ENGLISH)
    return _named(texts[code], school), code != ENGLISH or language == ENGLISH


def _named(text: str, school: School) -> str:
    return text if school.short_name.casefold() in text.casefold() else f"{school.short_name}: {text}"


def approve(session: Session, broadcast: Broadcast, *, actor: str, now: datetime) -> None:
    """It goes from now on. The caller has locked the row.

    Raises BroadcastRefused: not_a_draft, nobody, needs_second.
    """
    if broadcast.status != "draft":
        raise BroadcastRefused("not_a_draft")
    recipients = _recipients(session, broadcast, now=now)
    if not recipients:
        raise BroadcastRefused("nobody")
    settings = settings_of(session.get_one(School, broadcast.school_id))
    if len(recipients) > settings.broadcast_second_over and actor == broadcast.written_by:
        raise BroadcastRefused("needs_second")
    session.add_all(
        BroadcastRecipient(
            school_id=broadcast.school_id,
            broadcast_id=broadcast.id,
            contact_id=each.contact.id,
            pupil_ids=list(each.pupil_ids),
        )
        for each in recipients
    )
    broadcast.status, broadcast.approved_by, broadcast.approved_at = "sending", actor, now
    broadcast.look_at = _next_moment(session, broadcast, now)
    broadcast.version += 1
    _record(session, broadcast, "approve_broadcast", actor=actor, now=now, contacts=len(recipients))


def stop(session: Session, broadcast: Broadcast, *, actor: str, now: datetime) -> None:
    """What has not left does not leave. The caller has locked the row; stopping it again changes nothing.

    What is done but waits in some families' budgets is stopped there.
    """
    if broadcast.status == "stopped" or (broadcast.status == "done" and not _waits(session, broadcast)):
        return
    stop_what_waits(session, broadcast, now=now)
    stop_waiting(session, broadcast.school_id, pushes_of(session, broadcast), now=now)
    broadcast.status, broadcast.look_at, broadcast.ended_at = "stopped", None, now
    broadcast.version += 1
    _record(session, broadcast, "stop_broadcast", actor=actor, now=now)


def _waits(session: Session, broadcast: Broadcast) -> bool:
    return bool(waiting_texts(session, broadcast.school_id, pushes_of(session, broadcast)))


def send_due(session: Session, *, now: datetime) -> int:
    """Puts the next families of what is being sent in line; how many broadcasts were looked at."""
    due = due_broadcasts(session, now, limit=LOOKED_AT)
    for broadcast in due:
        _send_some(session, broadcast, now=now)
    return len(due)


def _send_some(session: Session, broadcast: Broadcast, *, now: datetime) -> None:
    at = _next_moment(session, broadcast, now)
    if at > now:
        broadcast.look_at = at
        return
    rows = {row.contact_id: row for row in waiting_recipients(session, broadcast, limit=AT_ONCE)}
    starts = _starts(broadcast, {key: row.pupil_ids for key, row in rows.items()}, until=_until(session, broadcast))
    started, unreached = start_with(session, starts, now=now)
    school = session.get_one(School, broadcast.school_id)
    kept_until = now + timedelta(days=settings_of(school).retention_days)
    for each in started:
        row = rows[each.start.contact_id]
        row.status, row.inbox_id = "put_in_line", each.inbox_id
        text, _ = _text_in(broadcast.texts, each.language, school)
        session.add(
            Message(
                school_id=broadcast.school_id,
                id=each.inbox_id,
                at=now,
                thread_id=each.thread_id,
                direction="out",
                body=downgraded(text) if each.channel == "sms" else text,
                author="",
                purge_after=kept_until,
            )
        )
    for failed in unreached:
        row = rows[failed.start.contact_id]
        row.status, row.why = "unreached", failed.why
    session.flush()
    if waiting_recipients(session, broadcast, limit=1):
        broadcast.look_at = now + BETWEEN
        return
    broadcast.status, broadcast.look_at, broadcast.ended_at = "done", None, now
    broadcast.version += 1


def _until(session: Session, broadcast: Broadcast) -> datetime | None:
    """The end of the day after which it is no news any more; None where its writer named none."""
    if broadcast.last_day is None:
        return None
    calendar = calendar_of(session, broadcast.school_id)
    return calendar.moment(broadcast.last_day + timedelta(days=1), time(0)).astimezone(UTC)


def _next_moment(session: Session, broadcast: Broadcast, now: datetime) -> datetime:
    """Now, or for news outside its hours the next morning's beginning of them."""
    if broadcast.kind == CLOSURE:
        return now
    settings = settings_of(session.get_one(School, broadcast.school_id))
    calendar = calendar_of(session, broadcast.school_id)
    return in_hours(calendar, now, first=settings.unasked_from, last=settings.unasked_until)


def _record(
    session: Session, broadcast: Broadcast, verb: str, *, actor: str, now: datetime, contacts: int | None = None
) -> None:
    detail: dict[str, Any] = {"kind": broadcast.kind, **({"contacts": contacts} if contacts is not None else {})}
    entry = Entry(
        school_id=broadcast.school_id,
        actor=actor,
        verb=verb,
        subject="broadcast",
        subject_id=broadcast.id,
        detail=detail,
    )
    record(session, entry, now=now)
