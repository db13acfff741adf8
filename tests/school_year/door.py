"""The house of the year and its doors: signed webhooks, the staff API and the rehearsal's clock, all by HTTP."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import httpx
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session
from twilio.request_validator import RequestValidator

from howwasschool.lines import REHEARSAL_NUMBER
from howwasschool.settings import Settings
from howwasschool.wiring import Options, build
from school.access import add_user, make_token
from school.calendars import Closure, set_calendar
from school.installation import mark, move_rehearsal_clock
from school.migrations import upgrade
from school.records.base import new_id
from school.records.database import Database
from school.records.people import Address, Contact, Pupil, Right
from school.roster import import_roster, read_roster
from school.rules.calendar import Term
from school.schools import add_school
from school.settings import change_settings
from tests.school_year.families import Family, roster

LONDON = ZoneInfo("Europe/London")
PUBLIC_URL = "https://texts.hollybank.example"
AUTH_TOKEN = "made-up-auth-token-of-the-year"
BOT, SECRET = "700900123", "made-up-webhook-secret"
STAFF = {
    "office": ("office",), "lead": ("safeguarding_lead",), "head": ("head",), "pastoral": ("pastoral",),
    "deputy": ("deputy",), "administrator": ("administrator",),
}  # fmt: skip
CHOICES = {"prompts": True, "prompts_by_sms": True, "attendance_update": True}
PAGE = 200
# When minutes count: from the registers to the last rung.
LADDERS = (time(9, 0), time(10, 0))


def moment(day: date, at: time) -> datetime:
    """A local time as a moment."""
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def step(at: datetime) -> datetime:
    """The half minute after the next five minutes, or ten where no ladder goes: what falls between happens then."""
    local = at.astimezone(LONDON)
    every = 5 if LADDERS[0] <= local.time() < LADDERS[1] else 10
    whole = at.replace(minute=at.minute - at.minute % every, second=30, microsecond=0)
    return whole if whole >= at else whole + timedelta(minutes=every)


class Refused(Exception):  # noqa: N818  it says what happened
    """The house refused a request; the message names it and the answer's status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that would have left: when, by which channel to which address, for what, and its words and buttons."""

    id: str
    at: datetime
    channel: str
    to: str
    purpose: str
    segments: int
    words: str
    buttons: tuple[tuple[str, str], ...]


class Door:
    """One wired house on a SQLite file of its own. Whatever happens in it comes in by one of its doors."""

    def __init__(self, folder: Path, families: list[Family], *, terms: tuple[Term, ...], closed: list[date]) -> None:
        url = f"sqlite:///{folder / 'year.sqlite3'}"
        upgrade(url)
        self.database = Database(url)
        self.terms, self.closed = terms, list(closed)
        start = moment(terms[0].first, time(0, 1))
        with self.database.write() as session:
            self.school_id, self._tokens = _make(session, families, start)
            self._calendar(session, start)
        settings = Settings.model_construct(
            database_url=url, public_url=PUBLIC_URL, twilio_account_sid="AC" + "e" * 32,
            twilio_auth_token=SecretStr(AUTH_TOKEN), twilio_from=REHEARSAL_NUMBER,
            telegram_token=SecretStr(f"{BOT}:made-up"), telegram_webhook_secret=SecretStr(SECRET),
        )  # fmt: skip
        self.house = build(settings, self.database, Options(rehearsal=True))
        self.now = start
        self._signer = RequestValidator(AUTH_TOKEN)
        self._runner = asyncio.Runner()
        transport = httpx.ASGITransport(app=self.house.app)
        self._client = httpx.AsyncClient(transport=transport, base_url="http://rehearsal", timeout=600)
        self._numbers = itertools.count(1)
        self._last = ""

    def close(self) -> None:
        """Lets go of everything."""
        self._runner.run(self._client.aclose())
        self._runner.close()
        self.house.stop()
        self.database.close()

    # Parents ----------------------------------------------------------------------------------

    def text(self, channel: str, sender: str, words: str) -> None:
        """Somebody's phone sends words; once this returns they are on disk."""
        number = next(self._numbers)
        if channel == "telegram":
            self._telegram(sender, {"message": {**self._message(sender, number), "text": words}})
            return
        form = {
            "MessageSid": f"SM{number:032x}", "AccountSid": "AC" + "e" * 32, "From": sender, "To": REHEARSAL_NUMBER,
            "Body": words, "NumMedia": "0",
        }  # fmt: skip
        signature = self._signer.compute_signature(f"{PUBLIC_URL}/webhooks/twilio/sms", form)
        headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
        self._request("POST", "/webhooks/twilio/sms", content=urlencode(form), headers=headers)

    def press(self, sender: str, data: str) -> None:
        """A Telegram chat presses the button that carries `data`."""
        number = next(self._numbers)
        query = {"id": str(number), "from": _person(sender), "chat_instance": "1", "data": data,
                 "message": {**self._message(sender, number), "text": "?"}}  # fmt: skip
        self._telegram(sender, {"callback_query": query})

    def _message(self, sender: str, number: int) -> dict[str, Any]:
        chat = {"id": int(sender), "type": "private", "first_name": "Adult"}
        return {"message_id": number, "date": int(self.now.timestamp()), "chat": chat, "from": _person(sender)}

    def _telegram(self, sender: str, update: dict[str, Any]) -> None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        self._request("POST", "/webhooks/telegram", json={"update_id": next(self._numbers), **update}, headers=headers)

    # Staff ------------------------------------------------------------------------------------

    def ask(self, who: str, method: str, path: str, **more: Any) -> Any:
        """One request of a member of staff; raises Refused."""
        headers = {"Authorization": f"Bearer {self._tokens[who]}", **more.pop("headers", {})}
        answer = self._request(method, f"/api/v1{path}", headers=headers, **more)
        return answer.json() if answer.content else None

    def all_of(self, who: str, path: str) -> list[dict[str, Any]]:
        """Every item of a list, page after page."""
        items: list[dict[str, Any]] = []
        after: str | None = None
        joined = "&" if "?" in path else "?"
        while True:
            more = f"&after={after}" if after else ""
            page = self.ask(who, "GET", f"{path}{joined}limit={PAGE}{more}")
            items += page["items"]
            after = page["next"]
            if after is None:
                return items

    def close_day(self, day: date) -> None:
        """Staff enter a day on which school is closed."""
        self.closed.append(day)
        with self.database.write() as session:
            self._calendar(session, self.now)

    # The clock --------------------------------------------------------------------------------

    def put_clock(self, to: datetime) -> None:
        """Moves the rehearsal's clock; all that is due by then has happened when this returns."""
        headers = {"Authorization": f"Bearer {self._tokens['administrator']}"}
        self._request("PUT", "/rehearsal/clock", json={"now": to.isoformat()}, headers=headers)
        self.now = to

    def sent(self) -> list[Sent]:
        """What has left since this was asked last, in order."""
        headers = {"Authorization": f"Bearer {self._tokens['administrator']}"}
        found: list[Sent] = []
        while True:
            after = f"&after={self._last}" if self._last else ""
            answer = self._request("GET", f"/rehearsal/sent?limit={PAGE}{after}", headers=headers).json()
            found += [_sent(item) for item in answer["items"]]
            if answer["items"]:
                self._last = answer["items"][-1]["id"]
            if answer["next"] is None:
                return found

    # Within -----------------------------------------------------------------------------------

    def _request(self, method: str, path: str, **more: Any) -> httpx.Response:
        answer = self._runner.run(self._client.request(method, path, **more))
        if answer.is_error:
            raise Refused(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        return answer

    def _calendar(self, session: Session, now: datetime) -> None:
        closed = tuple(Closure(day=day, kind="closure") for day in self.closed)
        set_calendar(session, self.school_id, terms=self.terms, closed=closed, actor="system", now=now)


def _person(sender: str) -> dict[str, Any]:
    return {"id": int(sender), "is_bot": False, "first_name": "Adult"}


def _sent(item: dict[str, Any]) -> Sent:
    return Sent(
        id=item["id"], at=datetime.fromisoformat(item["at"]), channel=item["channel"], to=item["recipient"],
        purpose=item["purpose"], segments=item["segments"], words=item["words"] or "",
        buttons=tuple((str(label), str(data)) for label, data in item["buttons"]),
    )  # fmt: skip


def _make(session: Session, families: list[Family], now: datetime) -> tuple[str, dict[str, str]]:
    """The school, its families by the roster's import, their chats and care weeks, and the staff's tokens."""
    mark(session, "rehearsal", now=now)
    school = add_school(
        session, name="Hollybank Primary School", short_name="Hollybank", phone="01632 960000",
        care_line="01632 960999", on_call="nobody", now=now,
    )  # fmt: skip
    move_rehearsal_clock(session, now)
    change_settings(session, school, CHOICES, actor="system", now=now)
    import_roster(session, school.id, read_roster(roster(families)), today=now.date(), actor="system", now=now)
    pupils = {row.external_id: row for row in session.scalars(select(Pupil))}
    contacts = {row.external_id: row for row in session.scalars(select(Contact))}
    for family in families:
        for child in family.children:
            child.id = pupils[child.key].id
        for adult in family.adults:
            contact = contacts[adult.key].id
            if adult.chat:
                chat = {"contact_id": contact, "channel": "telegram", "address": adult.chat, "joined_at": now}
                session.add(Address(school_id=school.id, id=new_id(now), **chat))
            if adult.care_week:
                for right in session.scalars(select(Right).where(Right.contact_id == contact)):
                    right.care_week = adult.care_week
    tokens = {}
    for name, roles in STAFF.items():
        email = f"{name}@hollybank.example"
        user = add_user(session, school.id, name=name, email=email, roles=roles, actor="system", now=now)
        _, tokens[name] = make_token(session, school.id, name=name, actor="system", now=now, user_id=user.id)
    return school.id, tokens
