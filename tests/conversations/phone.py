"""A phone to text from and a record that remembers, without a database: each turn goes through the state's JSON."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from conversations.acts import (
    AbsenceStated,
    AbsenceWithdrawn,
    Due,
    Effect,
    Incoming,
    NeedsPerson,
    OptedOut,
    Press,
    Push,
    Text,
    Turn,
    Wake,
    WorryHeard,
)
from conversations.context import Child, Context, Recorded, SchoolFacts, Sender
from conversations.hearing import hear
from conversations.language import load as load_language
from conversations.shaping import Abilities, Outbound, shape
from conversations.state import State, dump, load
from conversations.turn import Hearer, turn
from school.rules.calendar import Calendar, Session, weekdays_only
from school.settings import SchoolSettings
from school.threads import school_hours_after

LONDON = ZoneInfo("Europe/London")
TUESDAY = date(2026, 3, 3)
MORNING = time(7, 52)
SCHOOL = SchoolFacts(short_name="Hilltop", phone="01632 960123", care_line="01632 960999")
SMS = Abilities(buttons=0, label=0, charset="gsm7", segments=1)
TELEGRAM = Abilities(buttons=12, label=0, charset="unicode", segments=0)
OPENS, CLOSES = time(8, 0), time(16, 0)

MAYA = Child(
    id="01J0000000000000000000MAYA", first_name="Maya", known_as="Maya", class_name="4B", year="4",
    may_request_leave=True,
)  # fmt: skip
SAM = Child(
    id="01J00000000000000000000SAM", first_name="Samuel", known_as="Sam", class_name="2A", year="2",
    may_request_leave=True,
)  # fmt: skip
LEO = Child(id="01J00000000000000000000LEO", first_name="Leo", known_as="Leo", class_name="5C", year="5")
ZOE = Child(id="01J00000000000000000000ZOE", first_name="Zoë", known_as="Zoë", class_name="1R", year="1")


@dataclass(slots=True)
class Record:
    """What the school holds: the statements of each contact, and what staff confirmed."""

    statements: dict[tuple[str, str, date, Session], AbsenceStated] = field(default_factory=dict)
    confirmed: set[tuple[str, date, Session]] = field(default_factory=set)

    def take(self, who: str, effects: tuple[Effect, ...]) -> None:
        """Writes what a turn of that contact changed."""
        for effect in effects:
            if isinstance(effect, AbsenceStated):
                self.statements[who, effect.child, effect.day, effect.session] = effect
            elif isinstance(effect, AbsenceWithdrawn):
                self.statements.pop((who, effect.child, effect.day, effect.session), None)

    def of(self, who: str) -> tuple[Recorded, ...]:
        """The record as that contact's turns may see it."""
        return tuple(
            Recorded(
                child=child,
                day=day,
                session=session,
                mine=contact == who,
                kind=effect.kind if contact == who else None,
                confirmed=(child, day, session) in self.confirmed,
            )
            for (contact, child, day, session), effect in self.statements.items()
        )

    def off(self) -> dict[tuple[str, date, Session], AbsenceStated]:
        """The standing account of each child's session."""
        return {(child, day, session): effect for (_, child, day, session), effect in self.statements.items()}


@dataclass(slots=True)
class Phone:
    """One contact's thread. `now` moves when it is told to; a wake rings when its time has come."""

    children: tuple[Child, ...] = (MAYA,)
    who: str = "mum"
    record: Record = field(default_factory=Record)
    now: datetime = field(default_factory=lambda: datetime.combine(TUESDAY, MORNING, LONDON))
    calendar: Calendar = field(default_factory=weekdays_only)
    sender: Sender = Sender.CONTACT
    school: SchoolFacts = SCHOOL
    abilities: Abilities = SMS
    staff_speaking: bool = False
    lead_holds: bool = False
    expects: str = ""
    expects_child: str | None = None
    helped_before: bool = False
    reminds: timedelta | None = timedelta(hours=4)
    held: bool = False
    hearer: Hearer = hear
    state: State = field(default_factory=State)
    wake: tuple[datetime, Wake] | None = None
    turns: list[Turn] = field(default_factory=list)
    serial: int = 0

    @property
    def remind_at(self) -> datetime | None:
        """When a question of now is called to mind."""
        if self.reminds is None:
            return None
        settings = SchoolSettings(office_opens=OPENS, office_closes=CLOSES)
        at = school_hours_after(self.calendar, self.now, settings=settings, hours=self.reminds)
        return self.calendar.local(at)

    @property
    def context(self) -> Context:
        """The picture that the next turn sees."""
        is_open = self.calendar.is_open(self.now, opens=OPENS, closes=CLOSES)
        return Context(
            now=self.now,
            thread=f"01JTHREAD00000000000000{self.who.upper():0<3.3}",
            sender=self.sender,
            calendar=self.calendar,
            school=self.school,
            children=self.children if self.sender is Sender.CONTACT else (),
            recorded=self.record.of(self.who),
            office_open=is_open,
            office_opens=None if is_open else self.calendar.next_opening(self.now, opens=OPENS, closes=CLOSES),
            remind_at=self.remind_at,
            held=self.held,
            staff_speaking=self.staff_speaking,
            lead_holds=self.lead_holds,
            expects=self.expects,
            expects_child=self.expects_child,
            helped_before=self.helped_before,
        )

    def text(self, words: str, *, media: int = 0) -> Turn:
        """The contact texts."""
        return self.take(Text(id=self.new_id(), text=words, media=media))

    def press(self, key: str, *, token: str | None = None) -> Turn:
        """The contact presses a button under the last question, or under an older one."""
        current = self.state.ask.token if self.state.ask else ""
        return self.take(Press(id=self.new_id(), token=current if token is None else token, key=key))

    def push(self, flow: str, **fills: object) -> Turn:
        """The school starts."""
        return self.take(Push(id=self.new_id(), flow=flow, fills=fills))  # type: ignore[arg-type]

    def wait(self, **how_long: float) -> list[Turn]:
        """Time passes; the timer goes off on the way."""
        until = self.now + timedelta(**how_long)
        rung = []
        while self.wake is not None and self.wake[0] <= until:
            self.now = max(self.now, self.wake[0])
            token = self.wake[1].token
            self.wake = None
            rung.append(self.take(Due(id=self.new_id(), token=token)))
        self.now = until
        return rung

    def take(self, incoming: Incoming) -> Turn:
        """One turn: the state goes out to JSON and comes back before and after it."""
        before = load(json.loads(json.dumps(dump(self.state))))
        made = turn(before, incoming, self.context, load_language("en"), hearer=self.hearer)
        self.state = load(json.loads(json.dumps(dump(made.state))))
        self.record.take(self.who, made.effects)
        if made.state.rev != before.rev or isinstance(incoming, Due):
            self.wake = (
                (self.now.astimezone(UTC).astimezone(LONDON) + made.wake.after, made.wake) if made.wake else None
            )
        self.turns.append(made)
        return made

    def new_id(self) -> str:
        """The id of one more stored message."""
        self.serial += 1
        return f"01JMESSAGE{self.serial:013}{self.who.upper():0<3.3}"

    # What came of it --------------------------------------------------------------------------

    def shown(self, made: Turn | None = None) -> tuple[Outbound, ...]:
        """What the contact's phone shows of a turn, the last one if none is named."""
        made = made or self.turns[-1]
        return shape(made.says, lang=made.state.lang, abilities=self.abilities, context=self.context)

    @property
    def reply(self) -> str:
        """The words of the last turn's messages."""
        return "\n".join(message.text for message in self.shown())

    def labels(self) -> list[str]:
        """The labels under the question on the screen, as they were shown, in order."""
        for made in reversed(self.turns):
            if made.says and made.says[-1].options:
                message = self.shown(made)[-1]
                menu = re.findall(r"^\d (.+)$", message.text, re.MULTILINE)
                return [label for _, label in message.buttons] or menu
        return []

    @property
    def reasons(self) -> list[str]:
        """Why the last turn went to a person."""
        return [effect.why for effect in self.turns[-1].effects if isinstance(effect, NeedsPerson)]

    @property
    def last(self) -> tuple[Effect, ...]:
        """The effects of the last turn."""
        return self.turns[-1].effects

    def off(self) -> list[str]:
        """Who is off when, as on record: 'Maya Tue 3 Mar AM PM sickness'."""
        return off_lines(self.record, {child.id: child.known_as for child in self.children})

    def has(self, kind: type[WorryHeard] | type[OptedOut] | type[NeedsPerson]) -> bool:
        """Whether the last turn had such an effect."""
        return any(isinstance(effect, kind) for effect in self.last)


def off_lines(record: Record, names: dict[str, str]) -> list[str]:
    """What is on record as sentences, a child and day each."""
    found: dict[tuple[date, str, str], list[str]] = {}
    for (child, day, session), effect in record.off().items():
        found.setdefault((day, names.get(child, child), effect.kind.value), []).append(session.value)
    return [
        f"{name} {day:%a} {day.day} {day:%b} {' '.join(sorted(sessions))} {kind}"
        for (day, name, kind), sessions in sorted(found.items())
    ]


def at(phone: Phone, day: date, clock: time) -> Phone:
    """The same phone at another moment."""
    return replace(phone, now=datetime.combine(day, clock, LONDON))
