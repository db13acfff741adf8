"""Whatever a school is like: no prompt about a day that was missed, one a week and family, quiet is quiet."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from random import Random
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy.orm import Session as DatabaseSession

from school.migrations import upgrade
from school.prompts import ask_how_was_school
from school.records.attendance import Absence, RegisterMark
from school.records.chasing import Outing, PupilNote
from school.records.database import Database
from school.records.people import Address, Contact, Line, Pupil, Right, School
from school.records.prompt_queries import children_of_prompts
from school.records.staff import Hold

EXPLORES = settings.get_current_profile_name() == "random"
MONDAY = date(2026, 9, 14)
DAYS = [MONDAY + timedelta(days=each) for each in (0, 1, 3, 7, 9)]
START = datetime(2026, 9, 14, 7, 0, tzinfo=UTC)
PRESENT = {"/", "\\", "L"}
CLASSES = ("3A", "5B")
numbers = count(1)


def school_of(seed: int) -> dict[str, Any]:
    """Some children and adults, who may what, and what is on record of each child's days.

    Drawn by a seed: what is drawn piece by piece is nearly always the simplest school there is.
    """
    chance = Random(seed)

    def mostly(usual: Any, *others: Any) -> Any:
        return chance.choice([*[usual] * 4 * len(others), *others])

    children, grown = chance.randint(1, 4), chance.randint(1, 4)
    return {
        "adults": [
            {
                "quiet": mostly(False, True),
                "ring_only": mostly(False, True),
                # Two contacts with one number are one phone.
                "phone": chance.randint(0, 3),
                "chat": mostly(True, False),
            }
            for _ in range(grown)
        ],
        "classes": [chance.choice(CLASSES) for _ in range(children)],
        "rights": {
            (adult, child): mostly(True, False)
            and {
                "may_be_told": mostly(True, False),
                "lives_with": mostly(True, False),
                "care_week": mostly("", "A", "B"),
                "no_contact": mostly(False, True),
                "social_worker": mostly(False, True),
                "priority": chance.randint(1, 3),
            }
            for adult in range(grown)
            for child in range(children)
        },
        "days": {
            (child, day): {
                "AM": mostly("/", "L", "I", "N", "U", "V", "E", None),
                "PM": mostly("\\", "L", "I", "N", "U", "V", "E", None),
                "absence": mostly(None, "sickness", "lateness"),
                "note": mostly(None, "sent_home_ill", "with_adult", "said_back"),
            }
            for child in range(children)
            for day in DAYS
        },
        "trips": {(chance.choice(CLASSES), chance.choice(DAYS)) for _ in range(chance.randint(0, 1))},
        "bereaved": mostly(None, chance.randrange(children)),
        "held": mostly(None, chance.randrange(children)),
        "by_sms": chance.random() < 0.5,
    }


schools = st.integers(0, 10**9).map(school_of)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    url = f"sqlite:///{tmp_path_factory.mktemp('laws')}/laws.sqlite3"
    upgrade(url)
    database = Database(url)
    yield database
    database.close()


@dataclass
class Asked:
    """All that was asked, day by day: (day, contact, children)."""

    rows: list[tuple[date, str, tuple[str, ...]]] = field(default_factory=list)


def fill(session: DatabaseSession, school_id: str, made: dict[str, Any]) -> None:
    chosen = {"prompts": True, "prompts_by_sms": made["by_sms"]}
    names = {"name": school_id, "short_name": school_id, "phone": "+447700900999"}
    session.add(School(id=school_id, created_at=START, settings=chosen, **names))
    for channel in ("sms", "telegram"):
        session.add(Line(school_id=school_id, id=channel, channel=channel, address=f"{school_id}-{channel}"))
    for child, class_name in enumerate(made["classes"]):
        names = {"first_name": "Sam", "known_as": "Sam", "surname": "Oakes"}
        session.add(Pupil(school_id=school_id, id=f"p{child}", external_id=str(child), class_name=class_name, **names))
    for adult, facts in enumerate(made["adults"]):
        flags = {"quiet": facts["quiet"], "ring_only": facts["ring_only"]}
        session.add(Contact(school_id=school_id, id=f"c{adult}", external_id=str(adult), name="x", **flags))
        session.flush()
        places = {"sms": f"+44770090010{facts['phone']}"} | ({"telegram": str(facts["phone"])} if facts["chat"] else {})
        for channel, address in places.items():
            where = {"contact_id": f"c{adult}", "channel": channel, "address": address}
            session.add(Address(school_id=school_id, id=f"a{adult}{channel}", **where))
    for (adult, child), rights in made["rights"].items():
        if rights:
            session.add(Right(school_id=school_id, contact_id=f"c{adult}", pupil_id=f"p{child}", **rights))
    for number, (class_name, day) in enumerate(sorted(made["trips"])):
        session.add(Outing(school_id=school_id, id=f"o{number}", day=day, kind="trip", class_name=class_name))
    if made["held"] is not None:
        session.add(Hold(school_id=school_id, id="h", pupil_id=f"p{made['held']}", at=START))
    session.flush()
    for (child, day), facts in made["days"].items():
        _day(session, school_id, f"p{child}", day, facts)
    if made["bereaved"] is not None:
        _bereaved(session, school_id, f"p{made['bereaved']}")
    session.flush()


def _day(session: DatabaseSession, school_id: str, pupil: str, day: date, facts: dict[str, Any]) -> None:
    whose = {"school_id": school_id, "pupil_id": pupil, "day": day}
    for half in ("AM", "PM"):
        if facts[half] is not None:
            session.add(RegisterMark(**whose, session=half, code=facts[half], taken_at=START, taken_by="user:u"))
    if facts["absence"] is not None:
        at = {"created_at": START, "changed_at": START}
        kind = {"kind": facts["absence"], "reason_category": None, "proposed_code": None}
        session.add(Absence(**whose, id=f"x{pupil}{day}", session="AM", **kind, **at))
    if facts["note"] is not None:
        session.add(PupilNote(**whose, id=f"n{pupil}{day}", kind=facts["note"], at=START, by="user:u"))


def _bereaved(session: DatabaseSession, school_id: str, pupil: str) -> None:
    from school.records.attendance import Statement

    at = {"created_at": START, "changed_at": START}
    kind = {"kind": "absence_other", "reason_category": "bereavement"}
    whose = {"school_id": school_id, "pupil_id": pupil, "day": MONDAY - timedelta(days=30), "session": "AM"}
    session.add(Absence(**whose, id="b", proposed_code=None, **kind, **at))
    session.flush()
    session.add(Statement(school_id=school_id, id="b", absence_id="b", at=START, **kind))


def asked(house: Database, made: dict[str, Any]) -> Asked:
    """All of these days in turn, each looked at twice: a job that runs again asks nobody again."""
    school_id, found = f"s{next(numbers)}", Asked()
    with house.write() as session:
        fill(session, school_id, made)
        for day in DAYS:
            now = datetime.combine(day, time(14, 45), UTC)
            for _ in range(2):
                prompts = ask_how_was_school(session, school_id, day, now=now, until=now + timedelta(hours=3))
                for prompt in prompts:
                    children = children_of_prompts(session, school_id, [prompt.id])
                    found.rows.append((day, prompt.contact_id, tuple(child.pupil_id for child in children)))
        session.rollback()
    return found


def was_in(made: dict[str, Any], child: str, day: date) -> bool:
    """Whether the child was in school all that day, as this test reads the record."""
    facts = made["days"][int(child[1:]), day]
    marks = {facts["AM"], facts["PM"]} - {None}
    away = facts["absence"] == "sickness" or facts["note"] in ("sent_home_ill", "with_adult")
    return bool(marks) and marks <= PRESENT and not away and (made["classes"][int(child[1:])], day) not in made["trips"]


def week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


MANY = settings(
    max_examples=2000 if EXPLORES else 50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)


@MANY
@given(made=schools)
def test_no_prompt_is_about_a_day_that_was_missed_or_a_family_that_is_left_alone(house, made):
    for day, _, children in asked(house, made).rows:
        assert all(was_in(made, child, day) for child in children)
        for left_alone in (made["bereaved"], made["held"]):
            assert left_alone is None or f"p{left_alone}" not in children


@MANY
@given(made=schools)
def test_a_family_is_asked_once_a_week_and_by_one_phone(house, made):
    children_asked: Counter[tuple[str, tuple[int, int]]] = Counter()
    phones: Counter[tuple[int, tuple[int, int]]] = Counter()
    for day, contact, children in asked(house, made).rows:
        children_asked.update((child, week(day)) for child in children)
        phones[made["adults"][int(contact[1:])]["phone"], week(day)] += 1
    assert max(children_asked.values(), default=0) <= 1
    assert max(phones.values(), default=0) <= 1


@MANY
@given(made=schools)
def test_only_who_may_be_told_and_is_not_quiet_is_asked(house, made):
    for _, contact, children in asked(house, made).rows:
        number = int(contact[1:])
        assert not made["adults"][number]["quiet"]
        assert made["by_sms"] or made["adults"][number]["chat"]
        for child in children:
            known = [
                made["rights"][adult, int(child[1:])]
                for adult, each in enumerate(made["adults"])
                if each["phone"] == made["adults"][number]["phone"]
            ]
            rights = [each for each in known if each]
            assert any(each["may_be_told"] and not each["no_contact"] and not each["social_worker"] for each in rights)


@MANY
@given(made=schools)
def test_siblings_of_one_and_the_same_adults_are_one_message(house, made):
    by_day: dict[date, list[tuple[str, ...]]] = defaultdict(list)
    for day, _, children in asked(house, made).rows:
        by_day[day].append(children)
    adults_of = {
        f"p{child}": tuple(str(made["rights"][adult, child]) for adult in range(len(made["adults"])))
        for child in range(len(made["classes"]))
    }
    for prompts in by_day.values():
        homes = [{adults_of[child] for child in children} for children in prompts]
        assert all(not one & other for at, one in enumerate(homes) for other in homes[at + 1 :])


def test_the_laws_are_not_held_by_asking_nobody(house):
    rights = {"may_be_told": True, "lives_with": True, "care_week": "", "no_contact": False, "social_worker": False}
    made = {
        "adults": [{"quiet": False, "ring_only": False, "phone": 0, "chat": True}],
        "classes": ["3A", "5B"],
        "rights": {(0, child): {**rights, "priority": 1} for child in range(2)},
        "days": {
            (child, day): {"AM": "/", "PM": None, "absence": None, "note": None} for child in range(2) for day in DAYS
        },
        "trips": set(),
        "bereaved": None,
        "held": None,
        "by_sms": False,
    }
    assert asked(house, made).rows == [(DAYS[0], "c0", ("p0", "p1")), (DAYS[3], "c0", ("p0", "p1"))]
