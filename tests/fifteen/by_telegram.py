"""The side of Telegram: the live house with its own loops, polling and sending through an independent emulator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from starlette.testclient import TestClient

from howwasschool import wiring
from howwasschool.settings import load
from school.access import add_user, make_token
from school.records.database import Database
from school.roster import import_roster, read_roster
from school.schools import add_school
from school.settings import change_settings
from tests.fifteen.school import FAMILIES, STRANGER, at, number, roster, until
from tests.telegram_emulator.person import Emulator, Person

TUESDAY = date(2027, 3, 2)
BEGINS = at(TUESDAY, 7, 50)
ROLES = ("office", "head", "pastoral")


@dataclass(slots=True)
class ByTelegram:
    """`Side` in chats with a bot; the house's clock stands where it was put, and its loops look by themselves."""

    emulator: Emulator
    client: TestClient
    keys: dict[str, str]
    clock: list[datetime]
    people: dict[str, Person] = field(default_factory=dict)
    tuesday: date = TUESDAY

    def address(self, who: str) -> str:
        """The number of the chat."""
        return str(self.people[who].chat)

    def text(self, who: str, words: str) -> None:
        """Types it, at the time that the house's clock shows."""
        replace(self.people[who], at=int(self.clock[0].timestamp())).text(words)

    def show(self, who: str, data: bytes) -> None:
        """Sends the photo in the chat."""
        replace(self.people[who], at=int(self.clock[0].timestamp())).picture(f"photo-of-{who}", data)

    def heard(self, who: str) -> list[str]:
        """What stands in the chat, with the labels of its buttons."""
        return [" / ".join([each.text, *each.buttons]) for each in self.people[who].screen()]

    def move(self, to: datetime) -> None:
        """Puts the clock; the loops find what is due."""
        self.clock[0] = to

    def ask(self, role: str, method: str, path: str, **more: Any) -> Any:
        """One request of a member of staff."""
        headers = {"Authorization": f"Bearer {self.keys[role]}"} | more.pop("headers", {})
        answer = self.client.request(method, f"/api/v1{path}", headers=headers, **more)
        assert not answer.is_error, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def join(self) -> None:
        """Each adult starts the chat and shares the phone that is on record; the stranger shares none."""
        for place, who in enumerate([*FAMILIES, STRANGER]):
            person = Person(emulator=self.emulator, chat=560_000 + place, at=int(self.clock[0].timestamp()))
            self.people[who] = person
            if who != STRANGER:
                person.share_contact(number(who).removeprefix("+"))
        for who in FAMILIES:
            until(partial(self.heard, who), f"{who} should be welcomed")


@contextmanager
def by_telegram(database: Database, emulator: Emulator) -> Iterator[ByTelegram]:
    """The school is set up, its house runs until the end of the block, and everybody has joined."""
    keys, clock = {}, [BEGINS]
    with database.write() as session:
        school = add_school(session, name="Hilltop Primary", short_name="Hilltop", phone="01632 960123", now=BEGINS)
        import_roster(
            session, school.id, read_roster(roster().encode()), today=BEGINS.date(), actor="system", now=BEGINS
        )
        change_settings(session, school, {"prompts": True}, actor="system", now=BEGINS)
        for role in ROLES:
            user = add_user(
                session,
                school.id,
                name=role,
                email=f"{role}@hilltop.example",
                roles=(role,),
                actor="system",
                now=BEGINS,
            )
            keys[role] = make_token(session, school.id, name=role, actor="system", now=BEGINS, user_id=user.id)[1]
    settings = load(
        secret_key="made-up-secret-key-of-the-tests-0123456789",
        telegram_token=emulator.token,
        telegram_api_url=emulator.url,
        telegram_mode="poll",
        twilio_account_sid=None,
        public_url=None,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "real", lambda: clock[0])
        house = wiring.build(settings, database)
    with TestClient(house.app) as client:
        side = ByTelegram(emulator=emulator, client=client, keys=keys, clock=clock)
        side.join()
        yield side
