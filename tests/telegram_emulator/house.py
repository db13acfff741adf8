"""A small school with its own Telegram bot: the house as `serve` wires it, and what staff see of it through the API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from starlette.testclient import TestClient

from howwasschool import wiring
from howwasschool.settings import load
from school.access import add_user, make_token
from school.records.database import Database
from school.roster import import_roster, read_roster
from school.schools import add_school
from tests.telegram_emulator.person import PATIENCE_SECONDS, Emulator, Person

T = TypeVar("T")

# A Tuesday in term, half an hour before school.
NOW = datetime(2027, 3, 2, 8, 10, tzinfo=UTC)
TODAY = NOW.date().isoformat()
# A family for each test: who writes, and the children.
FAMILIES = {
    "Ada": ("Maya",), "Ben": ("Sam", "Leo"), "Carla": ("Nina",), "Dora": ("Omar",), "Eve": ("Tom", "Kit"),
    "Finn": ("Rosa",), "Gwen": ("Abel",), "Hugo": ("Lena",), "Iris": ("Noel",),
    "Jack": ("Otis",), "Kaya": ("Pia",),
}  # fmt: skip
NUMBERS = {parent: f"+447700900{number}" for number, parent in enumerate(FAMILIES, start=101)}
HEADER = (
    "pupil_id,first_name,surname,class,year,contact_id,contact_name,phone,priority,may_report,may_be_told,"
    "may_see_reasons"
)


def _roster() -> bytes:
    rows = [
        f"P-{child},{child},Sample,4B,4,C-{parent},{parent} Sample,{NUMBERS[parent]},1,yes,yes,yes"
        for parent, children in FAMILIES.items()
        for child in children
    ]
    return "\n".join([HEADER, *rows, ""]).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A running house: `staff` is signed in to its API as a member of the office."""

    emulator: Emulator
    staff: TestClient

    def parent(self, name: str) -> Person:
        """A parent with Telegram, of whom the school knows the telephone alone."""
        chat = 550_000 + list(FAMILIES).index(name)
        return Person(emulator=self.emulator, chat=chat, at=int(NOW.timestamp()))

    def joined(self, name: str) -> Person:
        """A parent who has shared the phone that is on record."""
        person = self.parent(name)
        person.share_contact(NUMBERS[name].removeprefix("+"))
        person.waits_for(1)
        return person

    def absences(self, *children: str) -> set[tuple[str, str, str, str]]:
        """Child, session, kind and status of each absence of today; no other day may have one."""
        found = [each for each in self.all("absences") if each["pupil_name"].split()[0] in children]
        assert {each["date"] for each in found} <= {TODAY}
        return {(each["pupil_name"].split()[0], each["session"], each["kind"], each["status"]) for each in found}

    def thread(self, person: Person) -> dict[str, Any]:
        """The chat as staff see it."""
        [found] = [each for each in self.all("threads") if each["address"] == str(person.chat)]
        return dict(found)

    def items(self, person: Person) -> list[str]:
        """Why a person of the school must look at this chat."""
        thread = self.thread(person)["id"]
        return [each["why"] for each in self.all("staff-items") if each["thread"] == thread]

    def all(self, resource: str) -> list[dict[str, Any]]:
        """What a list of the API holds."""
        answer = self.staff.get(f"/api/v1/{resource}", params={"limit": 200})
        assert answer.status_code == 200, answer.text
        return list(answer.json()["items"])


def until(look: Callable[[], T]) -> T:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
    return found


@contextmanager
def running(database: Database, emulator: Emulator) -> Iterator[House]:
    """Sets the school up, lets the house poll and send until the end of the block. Its clock stands at `NOW`."""
    with database.write() as session:
        school = add_school(session, name="Sample Primary", short_name="Sample", phone="01632 960000", now=NOW)
        import_roster(session, school.id, read_roster(_roster()), today=NOW.date(), actor="system", now=NOW)
        user = add_user(
            session, school.id, name="Pat", email="pat@example.test", roles=["office"], actor="system", now=NOW
        )
        _, key = make_token(session, school.id, name="desk", actor="system", now=NOW, user_id=user.id)
    settings = load(
        secret_key="made-up-secret-key-of-the-tests-0123456789",
        telegram_token=emulator.token,
        telegram_api_url=emulator.url,
        telegram_mode="poll",
        twilio_account_sid=None,
        public_url=None,
    )
    with pytest.MonkeyPatch.context() as patch:
        # Texts carry Telegram's time; the house's must fit, on whatever day the test runs.
        patch.setattr(wiring, "real", lambda: NOW)
        house = wiring.build(settings, database)
    with TestClient(house.app, headers={"Authorization": f"Bearer {key}"}) as staff:
        yield House(emulator=emulator, staff=staff)
