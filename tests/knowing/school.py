"""A school at random through the wired house: texts, registers, decisions, and all that leaves or is listed."""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import httpx

from bot.channels.simulator import Gone
from howwasschool.lines import REHEARSAL_BOT, REHEARSAL_NUMBER
from howwasschool.play.stage import moment
from howwasschool.settings import Settings
from howwasschool.wiring import Options, build
from school.access import add_user, make_token
from school.calendars import set_calendar
from school.installation import mark, move_rehearsal_clock
from school.migrations import upgrade
from school.records.database import Database
from school.rules.calendar import Term
from school.schools import add_line, add_school
from school.settings import change_settings
from tests.knowing import words
from tests.knowing.families import Book, settle

LINES = {"sms": REHEARSAL_NUMBER, "telegram": REHEARSAL_BOT}
FIRST_DAY = date(2026, 1, 5)
ROLES = ("office", "teacher", "pastoral", "safeguarding_lead", "deputy", "head", "governor", "administrator")
# Lists of a school's own people, in which a child's name may stand for those who may read them; nobody else's.
NAMELESS = ("/prompts/trends",)
SET = 64
# Care rule 8: what the lead does not open moves on to the deputy, then to the head.
READS_WORRIES = ("safeguarding_lead", "deputy", "head")
# What a worried parent writes, with a word that stands nowhere else: it is the safeguarding lead's alone.
WORRY = "she says her uncle hits her with a belt, quindlewort"
SECRET = "quindlewort"


@dataclass(slots=True)
class Seen:
    """What was looked at and what was wrong with it. `naming`: messages with a child's name, `unasked`: those nobody
    had written for.
    """

    texts: int = 0
    messages: int = 0
    naming: int = 0
    unasked: int = 0
    lists: int = 0
    leaks: list[str] = field(default_factory=list)


class RandomSchool:
    """One school with so many families, and another beside it that must learn nothing."""

    def __init__(self, url: str, seed: int, families: int) -> None:
        upgrade(url)
        self._chance = random.Random(seed)
        self._database = Database(url)
        self._now = moment(FIRST_DAY, time(0, 1))
        with self._database.write() as session:
            mark(session, "rehearsal", now=self._now)
            self._book, self._tokens = self._settle(session, families)
            move_rehearsal_clock(session, self._now)
        self._house = build(Settings(database_url=url, _env_file=None), self._database, Options(rehearsal=True))
        self._names = re.compile(rf"(?i)({'|'.join(self._book.children)})")
        self._looked = dict.fromkeys(LINES, 0)
        self.seen = Seen()

    def _settle(self, session: Any, families: int) -> tuple[Book, dict[str, str]]:
        now, tokens, book = self._now, {}, Book()
        for name in ("Hilltop", "Valley"):
            school = add_school(
                session, name=f"{name} School", short_name=name, phone="01632 960123", care_line="01632 960999", now=now
            )
            if name == "Hilltop":
                term = Term(name="A year", first=FIRST_DAY, last=FIRST_DAY + timedelta(days=700))
                set_calendar(session, school.id, terms=(term,), closed=(), actor="system", now=now)
                chosen = {"prompts": True, "prompts_by_sms": True, "brake_share_percent": 100}
                change_settings(session, school, chosen, actor="system", now=now)
                for channel, address in LINES.items():
                    add_line(session, school.id, channel=channel, address=address, now=now)
                book = settle(session, school.id, self._chance, families=families, now=now)
            for role in ROLES:
                user = add_user(
                    session, school.id, name=role, email=f"{role}@{name.lower()}.example", roles=(role,),
                    actor="system", now=now,
                )  # fmt: skip
                key = role if name == "Hilltop" else f"elsewhere {role}"
                tokens[key] = make_token(session, school.id, name=role, actor="system", now=now, user_id=user.id)[1]
        return book, tokens

    # Days -------------------------------------------------------------------------------------

    def live(self, texts: int, *, a_day: int) -> Seen:
        """School days until so many texts came in."""
        day = FIRST_DAY
        while self.seen.texts < texts:
            if day.weekday() < 5:
                self._a_day(day, min(a_day, texts - self.seen.texts))
            day += timedelta(days=1)
        self._look_at_lists()
        return self.seen

    def _a_day(self, day: date, texts: int) -> None:
        before, after = texts * 2 // 3, texts - texts * 2 // 3
        self._move(day, time(7, 30))
        self._they_text(day, time(7, 40), before)
        self._move(day, time(8, 55))
        self._register(day)
        self._move(day, time(9, 20))
        self._they_text(day, time(9, 25), after)
        self._decide()
        self._move(day, time(16, 30))
        if day.weekday() == 4:
            self._look_at_lists()

    def _they_text(self, day: date, at: time, count: int) -> None:
        start = moment(day, at)
        for begun in range(0, count, SET):
            senders = self._chance.sample(self._book.people, min(SET, count - begun, len(self._book.people)))
            arrived = []
            for person in senders:
                others = tuple(self._chance.sample(list(self._book.children), 3))
                said = words.text(self._chance, person.language, person.near, others)
                said = WORRY if self._chance.random() < 0.002 else said
                phone = self._house.simulators[person.channel]
                arrived.append(phone.text(LINES[person.channel], person.address, said))
            self._house.inbox.take(arrived)
            self.seen.texts += len(arrived)
            self._settle_down()
            self._judge({person.address for person in senders})
            start += timedelta(seconds=40)
            assert self._house.rehearsing is not None
            self._house.rehearsing.set_clock(start)
            self._judge(set())

    def _register(self, day: date) -> None:
        marks = [
            {"pupil": pupil, "date": day.isoformat(), "session": "AM", "reason": "seen",
             "code": "N" if self._chance.random() < 0.06 else "/"}
            for pupils in self._book.classes.values()
            for pupil in pupils
        ]  # fmt: skip
        self._ask("office", "PUT", "/register-marks", json={"marks": marks})

    def _decide(self) -> None:
        asked = self._ask("head", "GET", "/leave-requests?status=asked").json()["items"]
        for row in asked[:20]:
            # What has begun is never granted.
            begun = row["first"] <= self._house.clock().date().isoformat()
            decision = "refused" if begun else self._chance.choice(("granted", "refused"))
            body = {"decision": decision} | ({"why": "ordinary"} if decision == "refused" else {})
            headers = {"If-Match": f'"{row["version"]}"', "Idempotency-Key": row["id"]}
            self._ask("head", "POST", f"/leave-requests/{row['id']}/decision", json=body, headers=headers)

    def _move(self, day: date, at: time) -> None:
        assert self._house.rehearsing is not None
        self._house.rehearsing.set_clock(moment(day, at))
        self._judge(set())

    def _settle_down(self) -> None:
        assert self._house.rehearsing is not None
        self._house.rehearsing.settle()

    # What is looked at ------------------------------------------------------------------------

    def _judge(self, wrote: set[str]) -> None:
        """A reply names those about whom this phone may write or be told, any other message the told alone."""
        for gone in self._new():
            message, book = gone.message, self._book
            shown = " ".join([message.text, *(label for label, _ in message.buttons)])
            named = {found.capitalize() for found in self._names.findall(shown)}
            self.seen.messages += 1
            self.seen.naming += bool(named)
            self.seen.unasked += bool(named) and message.to not in wrote
            may = book.answered[message.to] if message.to in wrote else book.told[message.to]
            if named - may:
                kind = "reply" if message.to in wrote else "unasked"
                self.seen.leaks.append(f"{kind} to {message.to} names {sorted(named - may)}: {message.text}")
            if SECRET in shown:
                self.seen.leaks.append(f"worrying words went to {message.to}")

    def _new(self) -> Iterable[Gone]:
        for channel, phone in self._house.simulators.items():
            if channel in self._looked:
                begun, self._looked[channel] = self._looked[channel], len(phone.gone)
                yield from phone.gone[begun:]

    def _look_at_lists(self) -> None:
        """Every list of the API, as every role, here and at the school next door."""
        for path in self._lists():
            for who in self._tokens:
                answer = self._ask(who, "GET", path, strict=False)
                self.seen.lists += 1
                if answer.status_code != httpx.codes.OK:
                    continue
                elsewhere = who.startswith("elsewhere") or who == "governor" or path in NAMELESS
                if elsewhere and (named := set(self._names.findall(answer.text))):
                    self.seen.leaks.append(f"{path} shows {who} {sorted(named)}")
                if who.startswith("elsewhere") and (
                    ids := [id_ for id_ in self._book.children.values() if id_ in answer.text]
                ):
                    self.seen.leaks.append(f"{path} shows {who} {len(ids)} pupils of another school")
                if SECRET in answer.text and who not in READS_WORRIES:
                    self.seen.leaks.append(f"{path} shows {who} worrying words")

    def _lists(self) -> list[str]:
        described = asyncio.run(self._send("", "GET", "/openapi.json")).json()["paths"]
        return sorted(
            path.removeprefix("/api/v1")
            for path, verbs in described.items()
            if "get" in verbs and "{" not in path and not path.endswith(("/sent", "/stream"))
        )

    def _ask(self, who: str, method: str, path: str, *, strict: bool = True, **more: Any) -> httpx.Response:
        answer = asyncio.run(self._send(self._tokens[who], method, path, **more))
        if strict and answer.is_error:
            raise AssertionError(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer

    async def _send(self, token: str, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", **more.pop("headers", {})}
        transport = httpx.ASGITransport(app=self._house.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://rehearsal") as client:
            return await client.request(method, f"/api/v1{path}", headers=headers, **more)

    def close(self) -> None:
        """Lets go of the database."""
        self._house.stop()
        self._database.close()


def run(url: str, *, seed: int, families: int, texts: int, a_day: int) -> Seen:
    """A school of so many families through so many texts."""
    school = RandomSchool(url, seed, families)
    try:
        return school.live(texts, a_day=a_day)
    finally:
        school.close()


def on_file(folder: Path, **more: int) -> Seen:
    """The same on a SQLite file in a folder."""
    return run(f"sqlite:///{folder / 'school.sqlite3'}", **more)
