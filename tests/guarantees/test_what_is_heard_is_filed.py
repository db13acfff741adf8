"""The labelled texts, posted to a running house as Twilio would: what it files is what `hear` said of each text."""

from __future__ import annotations

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select

from conversations.acts import AbsenceStated
from howwasschool.hear import Played, played
from school.records.attendance import Absence
from school.records.people import Pupil
from school.records.staff import SafeguardingItem
from school.rules.bank_holidays import bank_holidays
from tests.guarantees.records import looking
from tests.guarantees.serving import ROSTER_HEADER, Phone, Serving, number

pytestmark = pytest.mark.guarantee

CORPUS = Path(__file__).parents[1] / "corpus" / "parent_texts.jsonl"
REPORTS = {"sickness", "lateness", "appointment", "absence_other"}
# Which record, which of its children, and when.
Session: TypeAlias = tuple[str, str, date, str]
Filed: TypeAlias = dict[Session, tuple[str, str | None, bool]]


def _records() -> list[dict[str, Any]]:
    """Texts that a parent sends out of the blue, the latest first; days off as the house knows them.

    What answers a question of the school's belongs to the conversations: there the question comes first. The clock
    is put back from text to text, so nothing becomes due on the way: silence completes nothing.
    """
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    plain = [row for row in rows if row["context"] is None]
    closed = sorted(day.isoformat() for day in bank_holidays(date(2025, 1, 1), date(2027, 12, 31)))
    return sorted(
        ({**row, "calendar": {"closed": closed}} for row in plain), key=lambda row: str(row["now"]), reverse=True
    )


def _roster(records: list[dict[str, Any]]) -> str:
    """A family for each record, with a number of its own; children known by their record and place."""
    written = io.StringIO()
    rows = csv.DictWriter(written, ROSTER_HEADER.split(","), restval="yes")
    rows.writeheader()
    for family, record in enumerate(records):
        for place, child in enumerate(record["children"]):
            first_name, _, surname = child["name"].rpartition(" ")
            rows.writerow(
                {
                    "pupil_id": f"{record['id']}/c{place}",
                    "first_name": first_name or surname,
                    "known_as": child.get("known_as") or child["name"].split()[0],
                    "surname": surname,
                    "class": child.get("class") or "",
                    "year": "",
                    "contact_id": str(record["id"]),
                    "contact_name": "Parent Sample",
                    "phone": number(family),
                    "language": record["lang"],
                    "priority": 1,
                    "no_contact": "no",
                }
            )
    return written.getvalue()


def _set_clock(serving: Serving, secret: str, at: str) -> None:
    asked = urllib.request.Request(
        f"http://127.0.0.1:{serving.port}/rehearsal/clock",
        data=json.dumps({"now": at}).encode(),
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
        method="PUT",
    )
    with urllib.request.urlopen(asked, timeout=120) as answer:
        assert answer.status == 200


def _post(serving: Serving, records: list[dict[str, Any]]) -> None:
    """Every text at its own moment, from its own family's phone."""
    secret = serving.command("token", "add", "clock", "--role", "administrator").split()[-1]
    phone = Phone(serving)
    family = 0
    for at, same in groupby(records, key=lambda row: str(row["now"])):
        _set_clock(serving, secret, at)
        for record in same:
            assert phone.text(number(family), record["text"], f"SM{family:032x}") == 200, record["id"]
            family += 1
    phone.hang_up()


def _in_the_house(serving: Serving) -> tuple[Filed, set[str]]:
    """What stands in the house's records, and whose texts lie before the safeguarding lead."""
    with looking(serving.environment["HOWWASSCHOOL_DATABASE_URL"]) as database, database.read() as session:
        found = session.execute(
            select(Pupil.external_id, Absence)
            .join(Pupil, (Pupil.school_id == Absence.school_id) & (Pupil.id == Absence.pupil_id))
            .where(Absence.status == "reported")
        )
        filed: Filed = {
            (*_place(pupil), row.day, row.session): (row.kind, row.reason_category, row.open_ended)
            for pupil, row in found
        }
        pupils = {pupil.id: pupil.external_id for pupil in session.scalars(select(Pupil))}
        worries = session.scalars(select(SafeguardingItem))
        return filed, {_place(pupils[item.pupil_ids[0]])[0] for item in worries}


def _place(external_id: str) -> tuple[str, str]:
    record, _, child = external_id.rpartition("/")
    return record, child


def _as_heard(cases: list[Played]) -> tuple[Filed, set[str]]:
    """What `hear` says would be filed of each text, session by session."""
    filed: Filed = {
        (str(case.record["id"]), effect.child, effect.day, effect.session.value): (
            str(effect.kind),
            effect.reason,
            effect.open_ended,
        )
        for case in cases
        for effect in case.made.effects
        if isinstance(effect, AbsenceStated)
    }
    return filed, {str(case.record["id"]) for case in cases if case.row()["act"] == "safeguarding"}


def _days(row: dict[str, Any]) -> Iterator[tuple[str, date]]:
    """Each child and weekday that a row of `hear` says is filed."""
    for item in row.get("items") or [row]:
        if item["intent"] not in REPORTS or item["start"] is None:
            continue
        day, last = date.fromisoformat(item["start"]), date.fromisoformat(item["end"] or item["start"])
        while day <= last:
            if day.weekday() < 5 and day.isoformat() not in row["closed"]:
                yield from ((child, day) for child in item["children"])
            day += timedelta(days=1)


def test_what_a_running_house_files_is_what_hear_said(serving: Serving) -> None:
    records = _records()
    cases = [played(record) for record in records]
    serving.set_up_with(_roster(records))
    serving.start("--rehearsal")
    _post(serving, records)
    serving.stop()
    heard, worrying = _as_heard(cases)
    filed, held = _in_the_house(serving)
    assert {key: filed.get(key) for key in heard.keys() | filed.keys() if filed.get(key) != heard.get(key)} == {}
    assert held == worrying
    assert len(filed) > 200
    assert len(held) > 5


def test_a_row_of_hear_names_the_days_that_are_filed() -> None:
    for record in _records():
        case = played(record)
        row = case.row() | {"closed": record["calendar"]["closed"]}
        if row["act"] != "file":
            continue
        names = {str(child["name"]): f"c{place}" for place, child in enumerate(record["children"])}
        filed = {(e.child, e.day) for e in case.made.effects if isinstance(e, AbsenceStated)}
        said = {(names[child], day) for child, day in _days(row)}
        if row["intent"] in REPORTS and row.get("end") is not None:
            assert filed == said, record["id"]
