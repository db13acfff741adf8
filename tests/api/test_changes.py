"""The feed of changes and the stream that tells of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import pytest

from school.access import find_token, revoke
from tests.api.made_up import NOW, Office, worry

PATH = "/api/v1/changes"


def feed(office: Office, role: str, **params: Any) -> dict[str, Any]:
    said: dict[str, Any] = office.client(role).get(PATH, params={"limit": 200, **params}).json()
    return said


def take(office: Office) -> None:
    thread = office.ours.ids["thread of Ada Okafor"]
    for act in ("taking", "closing"):
        office.client().post(f"/api/v1/threads/{thread}/{act}")


def test_each_readers_feed_is_numbered_without_a_gap(office):
    take(office)
    worry(office)
    take(office)
    worry(office)
    take(office)
    for role in ("office", "safeguarding_lead"):
        rows = feed(office, role)["items"]
        assert [row["number"] for row in rows] == list(range(1, len(rows) + 1))
        assert feed(office, role)["latest"] == len(rows)
    assert len(feed(office, "safeguarding_lead")["items"]) == len(feed(office, "office")["items"]) + 2


def test_reading_on_from_any_number_gives_exactly_what_follows(office):
    take(office)
    worry(office)
    take(office)
    worry(office)
    for role in ("office", "safeguarding_lead"):
        rows = feed(office, role)["items"]
        for number in range(len(rows) + 2):
            assert feed(office, role, after=number)["items"] == rows[number:]
        assert feed(office, role, after=1, limit=2)["items"] == rows[1:3]


def test_without_reasons_the_details_are_left_out(office):
    path = f"/api/v1/absences/{office.ours.ids['absence of Maya']}"
    office.client().patch(path, json={"code": "I"}, headers={"If-Match": "*"})
    assert feed(office, "office")["items"][-1]["detail"]["code"] == "I"
    assert feed(office, "administrator")["items"][-1]["detail"] == {}


class Listening:
    """One who holds the stream open, spoken to over ASGI so that what arrives is seen as it arrives."""

    def __init__(self, office: Office, role: str) -> None:
        self.app = office.app
        self.header = f"Bearer {office.ours.secrets[role]}".encode()
        self.sent: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
        self.gone = asyncio.Event()

    async def __aenter__(self) -> Listening:
        async def receive() -> dict[str, Any]:
            await self.gone.wait()
            return {"type": "http.disconnect"}

        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": "GET",
            "path": f"{PATH}/stream",
            "raw_path": f"{PATH}/stream".encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "headers": [(b"authorization", self.header)],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self.task = asyncio.create_task(self.app(scope, receive, self.sent.put))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.gone.set()
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def numbers(self) -> AsyncIterator[int]:
        """The numbers that arrive, until the stream ends."""
        while True:
            message = await asyncio.wait_for(self.sent.get(), 5)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                return
            for line in message.get("body", b"").decode().splitlines():
                if line.startswith("data: "):
                    yield int(line.removeprefix("data: "))


async def test_the_stream_tells_the_number_and_tells_it_again_when_it_moves(office):
    before = feed(office, "office")["latest"]
    async with Listening(office, "office") as listening:
        numbers = listening.numbers()
        assert await anext(numbers) == before
        await asyncio.to_thread(take, office)
        seen = await anext(numbers)
        while seen < before + 2:
            seen = await anext(numbers)
        assert seen == before + 2 == feed(office, "office")["latest"]


async def test_the_stream_of_others_moves_for_a_worry_only_by_the_hold(office):
    before = feed(office, "office")["latest"]
    await asyncio.to_thread(worry, office)
    async with Listening(office, "office") as listening:
        numbers = listening.numbers()
        assert await anext(numbers) == before + 1
        # A second worrying text holds nobody anew: others hear nothing.
        await asyncio.to_thread(worry, office)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(numbers), 0.3)


async def test_the_stream_ends_when_the_token_is_revoked(office):
    async with Listening(office, "office") as listening:
        numbers = listening.numbers()
        await anext(numbers)

        def end() -> None:
            with office.database.write() as session:
                token = find_token(session, office.ours.id, office.ours.ids["token of office"])
                assert token is not None
                revoke(session, token, actor="system", now=NOW)

        await asyncio.to_thread(end)
        assert [number async for number in numbers][1:] == []


def test_the_stream_asks_for_a_token_like_any_other(office):
    assert office.client(None).get(f"{PATH}/stream").status_code == 401
    assert office.client("governor").get(f"{PATH}/stream").status_code == 403
