"""Every door of the wired house names its lock, and the doors without one are known by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.routing import BaseRoute, Route

from api.access import Door, Scope
from api.routes import GuardedRoute
from howwasschool.settings import Settings
from howwasschool.wiring import Options, build
from school.records.database import Database

# Doors whose lock is not a token of ours, each with what it asks for.
OTHER_LOCKS = {
    "/webhooks/twilio/sms": "Twilio's signature over the public address",
    "/webhooks/twilio/status": "Twilio's signature over the public address",
    "/webhooks/telegram": "the secret that only Telegram was told",
    "/e/{token}": "a one-time token, held by the one text that asks for evidence",
}
# What anybody may see: whether the house is well, and how its interface is described.
OPEN = {"/health", "/api/v1/openapi.json", "/api/v1/docs"}


@pytest.fixture(params=["live", "rehearsal"])
def routes(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[list[BaseRoute]]:
    """All routes of a house with every door there is, live and in rehearsal."""
    made_up: dict[str, Any] = {
        "database_url": sqlite_url,
        "secret_key": "a made-up key of more than 32 characters",
        "public_url": "https://texts.example",
        "twilio_account_sid": "AC" + "1" * 32,
        "twilio_auth_token": "made-up",
        "twilio_from": "+447700900000",
        "telegram_token": "1:made-up",
        "telegram_mode": "webhook",
        "telegram_webhook_secret": "made-up-too",
    }
    database = Database(sqlite_url)
    house = build(Settings(**made_up), database, Options(rehearsal=request.param == "rehearsal"))
    yield list(house.app.routes)
    house.stop()
    database.close()


def test_every_route_asks_for_a_token_or_is_known_by_name(routes: list[BaseRoute]) -> None:
    guarded = [route for route in routes if isinstance(route, GuardedRoute)]
    others = {route.path if isinstance(route, Route) else repr(route) for route in routes if route not in guarded}
    assert others == set(OTHER_LOCKS)
    assert all(isinstance(route.access, Scope | Door) for route in guarded)
    assert {route.path for route in guarded if route.access is Door.OPEN} == OPEN


def test_only_a_rehearsal_has_a_clock_that_can_be_put(routes: list[BaseRoute], request: pytest.FixtureRequest) -> None:
    paths = {route.path for route in routes if isinstance(route, Route)}
    rehearses = "[rehearsal]" in request.node.name
    assert ({"/rehearsal/clock", "/rehearsal/sent"} <= paths) is rehearses
    assert any(path.startswith("/rehearsal") for path in paths) is rehearses
