"""Puts the house together: every part meets the others here, and nowhere else."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import FastAPI
from pydantic import SecretStr
from starlette.routing import BaseRoute

from api.app import Settings as ApiSettings
from api.app import create_app
from bot import uploading, webhooks
from bot.channels.base import SMS_SCREEN, TELEGRAM_SCREEN, Channel
from bot.channels.simulator import Simulator
from bot.channels.telegram import Telegram
from bot.channels.twilio import Twilio
from bot.clock import Round
from bot.collector import Collector
from bot.fetching import Fetcher, Fetches
from bot.inbox import Inbox
from bot.jobs import JOBS, TIMERS
from bot.outbox import Outbox
from bot.polling import Poller
from bot.worker import Worker
from conversations.language import available, shipped
from howwasschool.clock import Clock, RehearsalClock, real
from howwasschool.lines import make_first_lines
from howwasschool.packs import Packs
from howwasschool.rehearsing import Rehearsing
from howwasschool.settings import Settings
from school.installation import rehearsal_clock
from school.records.database import Database

# A rehearsal has doors too; without settings their secrets are drawn anew and nobody knows them.
NO_ACCOUNT = "AC" + "0" * 32


class QuietTelegram(Telegram):
    """The door alone: a rehearsal reads what a test brings and says nothing to Telegram."""

    def be_courteous(self, payload: Mapping[str, Any]) -> None:
        """Nothing leaves the house."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this house is run. `live_pages`: how often a stream of changes looks, in seconds."""

    rehearsal: bool = False
    public_url: str = "http://127.0.0.1:8000"
    live_pages: float = 1.0
    extra_routes: Sequence[BaseRoute] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """A house whose parts know each other; `simulators` is empty in a live one."""

    database: Database
    clock: Clock
    inbox: Inbox
    collector: Collector
    outbox: Outbox
    worker: Worker
    simulators: Mapping[str, Simulator]
    channels: Sequence[Channel]
    rehearsing: Rehearsing | None
    app: FastAPI
    packs: Packs

    def start(self) -> None:
        """Begins the work: leftovers, wakes, sending, polling. English is ready at once, the others within seconds."""
        self.packs.start()
        self.worker.start()

    def text(self, channel: str, line: str, sender: str, words: str) -> None:
        """A made-up phone texts; once this returns, its text is handled and what follows from it has gone."""
        self.inbox.take([self.simulators[channel].text(line, sender, words)])
        self.settle()

    def press(self, channel: str, line: str, sender: str, data: str) -> None:
        """A made-up phone presses the button that carries `data` (a question's token, a colon, an option's key)."""
        self.inbox.take([self.simulators[channel].press(line, sender, data)])
        self.settle()

    def settle(self) -> None:
        """In a rehearsal: does all that is due at this moment, and waits for what other threads are sending."""
        if self.rehearsing is not None:
            self.rehearsing.settle()

    def stop(self) -> None:
        """Takes in what has arrived, lets what is under way end, and lets go of everything but the database."""
        self.collector.close()
        self.worker.stop()
        for channel in self.channels:
            channel.close()


def build(settings: Settings, database: Database, options: Options | None = None) -> House:
    """The whole house over an open database whose mode was chosen. It does nothing before `start`."""
    chosen = options or Options()
    clock = _clock(database) if chosen.rehearsal else real
    with database.write() as session:
        make_first_lines(session, settings, rehearsal=chosen.rehearsal, now=clock())
    twilio, telegram = _doors(settings, chosen)
    simulators = _simulators() if chosen.rehearsal else {}
    senders: dict[str, Channel] = dict(simulators)
    if not chosen.rehearsal:
        senders = {each.name: each for each in (twilio, telegram) if each is not None}
    # A rehearsal speaks languages that are not ready as well: for those who make them.
    packs = Packs(available() if chosen.rehearsal else shipped())
    abilities = {name: each.abilities for name, each in senders.items()}
    inbox = Inbox(database, abilities, now=clock, packs=packs.codes, address=_address(settings, chosen))
    collector = Collector(inbox)
    outbox = Outbox(database, senders, now=clock, name=_name())
    polls = telegram is not None and settings.telegram_mode == "poll" and not chosen.rehearsal
    pollers = [Poller(database, inbox, telegram, name=_name())] if telegram is not None and polls else []
    daily_round = Round(database, JOBS, now=clock, timers=TIMERS)
    fetcher = Fetcher(database, {name: each for name, each in senders.items() if isinstance(each, Fetches)}, now=clock)
    worker = Worker(database, inbox, outbox, now=clock, pollers=pollers, daily_round=daily_round, fetcher=fetcher)
    rehearsing = Rehearsing(database, clock, worker, daily_round) if isinstance(clock, RehearsalClock) else None
    doors = webhooks.routes(
        collector,
        outbox,
        twilio=twilio,
        telegram=telegram,
        telegram_secret=_revealed(settings.telegram_webhook_secret),
    )

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        house.start()
        yield
        house.stop()

    app = create_app(
        database,
        now=clock,
        settings=ApiSettings(look_seconds=chosen.live_pages),
        rehearsal=rehearsing,
        looks=[packs.look],
        extra_routes=[*doors, *uploading.routes(database, now=clock, packs=packs.codes), *chosen.extra_routes],
        lifespan=lifespan,
    )
    house = House(
        database=database,
        clock=clock,
        inbox=inbox,
        collector=collector,
        outbox=outbox,
        worker=worker,
        simulators=simulators,
        channels=[each for each in (*senders.values(), twilio, telegram) if each is not None],
        rehearsing=rehearsing,
        app=app,
        packs=packs,
    )
    return house


def _clock(database: Database) -> RehearsalClock:
    """Where the rehearsal's clock stood; on PostgreSQL another process may move it."""

    def read() -> datetime | None:
        with database.read() as session:
            return rehearsal_clock(session)

    return RehearsalClock(read(), read=None if database.kind == "sqlite" else read)


def _doors(settings: Settings, options: Options) -> tuple[Twilio | None, Telegram | None]:
    """The providers as these settings know them. A rehearsal's say nothing, and answer only who knows the secret."""
    public_url = settings.public_url or options.public_url
    token = settings.twilio_auth_token.get_secret_value() if settings.twilio_auth_token else secrets.token_hex(16)
    twilio = None
    if settings.has_twilio or options.rehearsal:
        account = settings.twilio_account_sid or NO_ACCOUNT
        twilio = Twilio(account, token, public_url=public_url, api_url=settings.twilio_api_url)
    telegram = None
    if settings.telegram_token is not None:
        kind = QuietTelegram if options.rehearsal else Telegram
        telegram = kind(settings.telegram_token.get_secret_value(), api_url=settings.telegram_api_url)
    return twilio, telegram


def _revealed(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret is not None else ""


def _address(settings: Settings, options: Options) -> str:
    """Where parents' phones reach us, for the one link that a text may hold: https, or what a rehearsal says."""
    if options.rehearsal:
        return settings.public_url or options.public_url
    public = settings.public_url or ""
    return public if public.startswith("https://") else ""


def _simulators() -> dict[str, Simulator]:
    return {"sms": Simulator("sms", SMS_SCREEN), "telegram": Simulator("telegram", TELEGRAM_SCREEN)}


def _name() -> str:
    """This worker's name among all: where it runs, and a lot, since a process id comes back."""
    return f"{socket.gethostname()[:16]}-{os.getpid()}-{secrets.token_hex(4)}"
