"""What a turn may know: a frozen picture of the sender, their children, the record and the school at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from enum import StrEnum

from conversations.acts import AbsenceKind, AbsenceStated, AbsenceWithdrawn, Effect
from school.rules.calendar import Calendar, Session

# What `Context.expects` is where the school asked how school was.
CHECKIN = "checkin"
CHASE = "chase"


class Sender(StrEnum):
    """Who writes, as far as the school's records say."""

    CONTACT = "contact"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child whom the sender may be told about or report, with the sender's rights for that child.

    `social_worker`: the sender is told when a chase reached nobody at home, and by that alone nothing else.
    """

    id: str
    first_name: str
    known_as: str
    surname: str = ""
    year: str = ""
    class_name: str = ""
    may_report: bool = True
    may_be_told: bool = True
    may_see_reasons: bool = True
    may_request_leave: bool = False
    lives_with: bool = True
    social_worker: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is on record for a child's session: whether it is this contact's own, and whether staff settled it.

    `kind` is given only where the sender may know it: for their own statement; so is `reference`, by which they and
    the office mean the same report.
    """

    child: str
    day: date
    session: Session
    mine: bool
    kind: AbsenceKind | None = None
    confirmed: bool = False
    register_closed: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chased:
    """A child about whom this thread was asked today; `over` once somebody has accounted for the child."""

    child: str
    over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFacts:
    """The school's own settings that conversations speak of. `short_name` is at most 20 characters.

    `opens` and `closes`: when somebody reads messages on a school day.
    """

    short_name: str
    phone: str
    care_line: str = ""
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that a turn may look at besides its state and what came in.

    `now` is the moment when the text first reached us or the provider (care rule 14), aware, in the school's
    own time zone. `children` are only those without a no-contact order against the sender. `staff_speaking`:
    a person holds this thread, so flows stay silent. `answer_by`: when a person has usually answered, if the office is
    open. `remind_at`: when an unanswered question about leave is called to mind, None for never; `held`: nothing is
    started with this family now (care rule 1). `lead_holds`: the safeguarding lead holds it.
    `expects` is what the school last asked of this family: "chase", "checkin" or "". `topics` holds what classes
    learn this week, by id and language, in a teacher's words. `helped_before`: a helper whose days are over.
    `evidence` is the open request by which staff asked this contact to show something, "" where there is none;
    `evidence_new`: that was within a day, and nothing came yet. `upload`: the one-time link to send it by, "" where
    none may be said. `numbers`: every question is a menu, answered by a digit; it is the state's, and a turn takes it
    from there.
    """

    now: datetime
    thread: str
    sender: Sender
    calendar: Calendar
    school: SchoolFacts
    children: tuple[Child, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    office_open: bool = True
    office_opens: datetime | None = None
    answer_by: datetime | None = None
    remind_at: datetime | None = None
    held: bool = False
    staff_speaking: bool = False
    lead_holds: bool = False
    expects: str = ""
    expects_child: str | None = None
    chased: tuple[Chased, ...] = ()
    unknown_replied_today: bool = False
    is_chat: bool = False
    helped_before: bool = False
    languages: tuple[str, ...] = ("en",)
    numbers: bool = False
    aliases: dict[str, str] = field(default_factory=dict)
    topics: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    evidence: str = ""
    evidence_new: bool = False
    upload: str = ""


def is_settled(context: Context, key: tuple[object, ...]) -> bool:
    """Whether a (child, day, session) is past a parent's own changing: staff confirmed it, or its register closed.

    The record's word counts, and so does the clock, so that a picture that is a moment old opens nothing again.
    """
    child_id, day, session = key
    if not isinstance(day, date) or not isinstance(session, Session):
        return False
    rows = [each for each in context.recorded if (each.child, each.day, each.session) == key]
    if any(each.confirmed or each.register_closed for each in rows):
        return True
    today = context.now.date()
    year = next((child.year for child in context.children if child.id == child_id), "")
    closes = context.calendar.times_on(day, year=year).register(session)[1]
    return day < today or (day == today and context.now.time() >= closes)


def after(context: Context, effects: tuple[Effect, ...]) -> Context:
    """The picture once a turn's effects are on record: for the next text of the same thread in the same set."""
    rows = {(each.child, each.day, each.session, each.mine): each for each in context.recorded}
    for effect in effects:
        if isinstance(effect, AbsenceStated):
            key = (effect.child, effect.day, effect.session)
            held = rows.get((*key, True))
            rows[*key, True] = Recorded(
                child=effect.child,
                day=effect.day,
                session=effect.session,
                mine=True,
                kind=effect.kind,
                confirmed=held.confirmed if held else any(rows[k].confirmed for k in rows if k[:3] == key),
                register_closed=is_settled(context, key),
            )
        elif isinstance(effect, AbsenceWithdrawn):
            rows.pop((effect.child, effect.day, effect.session, True), None)
    return replace(context, recorded=tuple(rows.values()))
