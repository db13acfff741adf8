"""The stage of one transcript: a made-up school in a file of its own, with the transcript's families and clock."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy.orm import Session

from bot.channels.simulator import Gone, Simulator
from conversations.transcripts import PlayedChild, Transcript
from howwasschool.lines import REHEARSAL_BOT, REHEARSAL_NUMBER
from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build
from school.access import add_user, make_token
from school.calendars import Closure, set_calendar
from school.installation import mark, move_rehearsal_clock
from school.migrations import upgrade
from school.records.base import new_id
from school.records.database import Database
from school.records.people import Address, Contact, Pupil, Right
from school.rules.calendar import Term
from school.schools import add_school
from school.settings import change_settings

LONDON = ZoneInfo("Europe/London")
LINES = {"sms": REHEARSAL_NUMBER, "telegram": REHEARSAL_BOT}
ACTOR = "system"
# The address of the one link that a text may hold.
PUBLIC_URL = "https://hilltop.example"
# What a transcript calls a contact's rights; who is given none by name has all of a parent.
RIGHTS = {
    "report": "may_report",
    "told": "may_be_told",
    "reasons": "may_see_reasons",
    "leave": "may_request_leave",
    "lives": "lives_with",
    "barred": "no_contact",
    "worker": "social_worker",
}
ALL_RIGHTS = ("report", "told", "reasons", "leave", "lives")
STAFF = (
    ("office", ("office",)),
    ("lead", ("safeguarding_lead",)),
    ("head", ("head",)),
    ("pastoral", ("pastoral",)),
)


def template(folder: Path) -> Path:
    """A migrated, empty file, made once and copied for each transcript."""
    path = folder / "template.sqlite3"
    if not path.exists():
        upgrade(f"sqlite:///{path}")
    return path


def moment(day: date, at: time) -> datetime:
    """A local time as a moment."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who there is: pupils by name and by class, contacts' addresses and ids, the staff's tokens, the duty phone."""

    pupils: dict[str, str]
    addresses: dict[str, str]
    tokens: dict[str, str]
    classes: dict[str, list[str]]
    contacts: dict[str, str]
    duty: str = ""
    codes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How a contact is reached, in which language and in which order; in which weeks the children live there."""

    channel: str
    address: str
    language: str
    ring_only: bool
    priority: int
    care_week: str
    rights: tuple[str, ...] = ALL_RIGHTS


class Stage:
    """The wired house of one transcript."""

    def __init__(self, transcript: Transcript, file: Path, empty: Path) -> None:
        shutil.copyfile(empty, file)
        self._settings = Settings(database_url=f"sqlite:///{file}", _env_file=None)
        self._transcript = transcript
        self.database = Database(self._settings.database_url)
        with self.database.write() as session:
            self.cast = _make(session, transcript)
        self.house = self._open()
        self._seen = 0

    def _open(self) -> House:
        return build(self._settings, self.database, Options(rehearsal=True, public_url=PUBLIC_URL))

    @property
    def phone(self) -> Simulator:
        """The channel that the transcript is on."""
        return self.house.simulators[self._transcript.channel]

    @property
    def language(self) -> str:
        """The language that the transcript's families have asked for."""
        return self._transcript.language

    @property
    def line(self) -> str:
        """Our own address on that channel."""
        return LINES[self._transcript.channel]

    def deploy(self) -> None:
        """Another release takes over: what lived in the process is gone, what is on disk stays."""
        self.house.stop()
        self.database.close()
        self.database = Database(self._settings.database_url)
        self.house = self._open()
        self._seen = 0

    def move(self, to: datetime) -> None:
        """Puts the clock, and runs all that is due on the way."""
        assert self.house.rehearsing is not None  # noqa: S101  a stage is a rehearsal
        self.house.rehearsing.set_clock(to)

    def new_messages(self) -> list[Gone]:
        """What has gone out since the last look."""
        gone = self.phone.gone[self._seen :]
        self._seen = len(self.phone.gone)
        return gone

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        """One request to the API as a member of staff; raises RuntimeError where it is refused."""
        return asyncio.run(self._ask(who, method, path, **more))

    def upload(self, link: str, file: bytes) -> int:
        """A parent opens the link of a text and sends a file by it; the status of what the page answers."""
        return asyncio.run(self._upload(link, file))

    async def _upload(self, link: str, file: bytes) -> int:
        transport = httpx.ASGITransport(app=self.house.app)
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(link)
            return (await client.post(link, files={"file": ("from a phone", file)})).status_code

    async def _ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.cast.tokens[who]}", **more.pop("headers", {})}
        transport = httpx.ASGITransport(app=self.house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://rehearsal") as client:
            answer = await client.request(method, f"/api/v1{path}", headers=headers, **more)
        if answer.is_error:
            raise RuntimeError(f"{method} {path}: {answer.status_code}")
        return answer.json() if answer.content else None

    def close(self) -> None:
        """Lets go of the file."""
        self.house.stop()
        self.database.close()


# The made-up school --------------------------------------------------------------------------


def _make(session: Session, transcript: Transcript) -> Cast:
    now = moment(transcript.first_day, time(0, 1))
    mark(session, "rehearsal", now=now)
    school = add_school(
        session, name="Hilltop School", short_name="Hilltop", phone="01632 960123", care_line="01632 960999", now=now
    )
    move_rehearsal_clock(session, now)
    if transcript.settings:
        chosen = {name: json.loads(value) if value in ("true", "false") or value.isdecimal() else value
                  for name, value in transcript.settings}  # fmt: skip
        change_settings(session, school, chosen, actor=ACTOR, now=now)
    _calendar(session, school.id, transcript, now)
    pupils: dict[str, str] = {}
    for child in transcript.children:
        # Two children of one first name are told apart by their class, as a menu does.
        name = f"{child.name} ({child.class_name})" if child.name in pupils else child.name
        pupils[name] = _pupil(session, school.id, child, now)
    classes: dict[str, list[str]] = {}
    for child in transcript.children:
        classes.setdefault(child.class_name, []).append(pupils[child.name])
    for class_name, count in transcript.classmates:
        mates = [PlayedChild(name=f"Mate{number}", class_name=class_name) for number in range(1, count + 1)]
        classes.setdefault(class_name, []).extend(_pupil(session, school.id, mate, now) for mate in mates)
    addresses, contacts = {}, {}
    for number, (who, names) in enumerate(transcript.contacts):
        address = phone_of(number) if transcript.channel == "sms" else f"55000{number:02}"
        addresses[who] = address
        unjoined = who in transcript.unjoined
        reached = Reached(
            channel="sms" if unjoined else transcript.channel,
            address=phone_of(number) if unjoined else address,
            language=transcript.language,
            ring_only=who in transcript.ring_only,
            priority=number + 1,
            rights=dict(transcript.rights).get(who, ALL_RIGHTS),
            care_week=dict(transcript.weeks).get(who, ""),
        )
        contacts[who] = _contact(session, school.id, who, [pupils[name] for name in names or pupils], reached, now)
    tokens = {}
    for name, roles in STAFF:
        user = add_user(
            session, school.id, name=name, email=f"{name}@hilltop.example", roles=roles, actor=ACTOR, now=now
        )
        _, tokens[name] = make_token(session, school.id, name=name, actor=ACTOR, now=now, user_id=user.id)
    duty = dict(transcript.settings).get("duty_phone", "")
    return Cast(pupils=pupils, addresses=addresses, tokens=tokens, classes=classes, contacts=contacts, duty=duty)


def phone_of(number: int) -> str:
    """The phone on record of the contact of that number."""
    return f"+4477009001{number:02}"


def _calendar(session: Session, school_id: str, transcript: Transcript, now: datetime) -> None:
    terms = tuple(Term(name=name, first=first, last=last) for name, first, last in transcript.terms)
    closed = tuple(Closure(day=day, kind=kind) for day, kind in transcript.closed)
    set_calendar(session, school_id, terms=terms, closed=closed, actor=ACTOR, now=now)


def _pupil(session: Session, school_id: str, child: PlayedChild, now: datetime) -> str:
    row = Pupil(
        school_id=school_id,
        id=new_id(now),
        external_id=child.name + child.class_name,
        first_name=child.name,
        known_as=child.name,
        surname="Example",
        year=child.year,
        class_name=child.class_name,
    )
    session.add(row)
    session.flush()
    return row.id


def _contact(session: Session, school_id: str, who: str, pupil_ids: list[str], reached: Reached, now: datetime) -> str:
    contact = Contact(
        school_id=school_id,
        id=new_id(now),
        external_id=who,
        name=who.title(),
        language=reached.language,
        ring_only=reached.ring_only,
    )
    session.add(contact)
    session.flush()
    session.add(
        Address(
            school_id=school_id,
            id=new_id(now),
            contact_id=contact.id,
            channel=reached.channel,
            address=reached.address,
        )
    )
    for pupil_id in pupil_ids:
        named = {"contact_id": contact.id, "pupil_id": pupil_id, "priority": reached.priority}
        lives = {"care_week": reached.care_week, **{RIGHTS[each]: True for each in reached.rights}}
        session.add(Right(school_id=school_id, **named, **lives))
    session.flush()
    return contact.id
