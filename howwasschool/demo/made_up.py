"""Makes the demo's school in an empty database: its families from a roster, its staff and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType

from sqlalchemy.orm import Session

from howwasschool.demo.dial import LONDON, first_morning
from howwasschool.demo.people import ACTORS
from howwasschool.lines import REHEARSAL_BOT, REHEARSAL_NUMBER
from school.access import add_user, make_token
from school.calendars import calendar_of
from school.installation import mark, move_rehearsal_clock
from school.records.base import new_id
from school.records.board_queries import open_items
from school.records.database import Database
from school.records.people import Address, School
from school.records.roster_queries import people_of
from school.roster import import_roster, read_roster
from school.rules.calendar import Calendar
from school.schools import add_line, add_school
from school.settings import change_settings
from school.staff_items import close_item

NAME = "Hollybank Primary School"
ROSTER = Path(__file__).parent / "roster.csv"
ACTOR = "system"
STAFF = (
    ("Sam Reyes", "office@hollybank.example", ("office",)),
    ("Miriam Stone", "head@hollybank.example", ("head",)),
    ("Lou Farrow", "pastoral@hollybank.example", ("pastoral",)),
    ("Ann Whitlock", "lead@hollybank.example", ("safeguarding_lead",)),
    ("Dev Patel", "admin@hollybank.example", ("administrator",)),
)
LINES = MappingProxyType({"sms": REHEARSAL_NUMBER, "telegram": REHEARSAL_BOT})
# As a phone would show them.
SHOWN_LINES = MappingProxyType({"sms": "+44 7700 900000", "telegram": "@hollybank_bot"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeUp:
    """What the page needs of the school: its names, its calendar and the secrets of its staff."""

    school_id: str
    name: str
    short_name: str
    calendar: Calendar
    office: str
    head: str
    pastoral: str
    lead: str
    administrator: str


def make_up(database: Database, *, now: datetime) -> MadeUp:
    """The whole school, a rehearsal whose clock stands at a quarter past eight on a school day."""
    with database.write() as session:
        mark(session, "rehearsal", now=now)
        school = add_school(
            session,
            name=NAME,
            short_name="Hollybank",
            phone="01632 960000",
            care_line="01632 960999",
            on_call="nobody",
            now=now,
        )
        for channel, address in LINES.items():
            add_line(session, school.id, channel=channel, address=address, now=now)
        calendar = calendar_of(session, school.id)
        morning = first_morning(now.astimezone(LONDON), calendar)
        move_rehearsal_clock(session, morning)
        _families(session, school, now=morning)
        # 'How was school?' is asked of the demo's first day, so that nobody has to click through a week.
        asking = {"prompts": True, "prompts_by_sms": True, "prompts_on": f"{morning:%A}".lower()}
        change_settings(session, school, asking, actor=ACTOR, now=now)
        office, head, pastoral, lead, administrator = _staff(session, school, now=now)
    return MadeUp(
        school_id=school.id,
        name=school.name,
        short_name=school.short_name,
        calendar=calendar,
        office=office,
        head=head,
        pastoral=pastoral,
        lead=lead,
        administrator=administrator,
    )


def _families(session: Session, school: School, *, now: datetime) -> None:
    """The roster as any school's, and for each parent a chat, as if each had joined Telegram."""
    roster = read_roster(ROSTER.read_bytes())
    import_roster(
        session, school.id, roster, today=calendar_of(session, school.id).local(now).date(), actor=ACTOR, now=now
    )
    contacts = people_of(session, school.id).contacts
    for actor in ACTORS:
        if actor.external_id:
            chat = Address(
                school_id=school.id,
                id=new_id(now),
                contact_id=contacts[actor.external_id].id,
                channel="telegram",
                address=actor.chat,
                joined_at=now,
            )
            session.add(chat)


def _staff(session: Session, school: School, *, now: datetime) -> list[str]:
    secrets = []
    for name, email, roles in STAFF:
        user = add_user(session, school.id, name=name, email=email, roles=roles, actor=ACTOR, now=now)
        _, secret = make_token(session, school.id, name=name, actor=ACTOR, now=now, user_id=user.id)
        secrets.append(secret)
    for item in open_items(session, school.id):
        # That somebody may now read worrying texts: nobody waits for it on a board that was just made.
        close_item(session, item, actor=ACTOR, now=now)
    return secrets
