"""A rehearsal: nothing leaves, the clock is moved, and what is due on the way happens at its own time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from starlette.testclient import TestClient

from howwasschool.clock import RehearsalClock
from howwasschool.demo.made_up import LINES, MadeUp, make_up
from howwasschool.demo.people import BY_KEY
from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build
from school.installation import mark, rehearsal_clock
from school.records.database import Database

# A Tuesday in term: the made-up school's clock then stands at 08:12.
NOW = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
QUARTER_PAST_EIGHT = datetime(2026, 3, 3, 8, 12, tzinfo=UTC)


@pytest.fixture
def made_up(database: Database) -> MadeUp:
    return make_up(database, now=NOW)


@pytest.fixture
def house(database: Database, made_up: MadeUp) -> Iterator[House]:
    """The demo's school, wired for a rehearsal; its loops do not run, so a test sees each step."""
    wired = build(Settings.model_construct(), database, Options(rehearsal=True))
    yield wired
    wired.stop()


def texts(house: House, key: str, words: str) -> str:
    """Somebody texts; what the school answered."""
    phone = house.simulators["sms"]
    before = len(phone.gone)
    house.text("sms", LINES["sms"], BY_KEY[key].number, words)
    return "\n".join(gone.message.text for gone in phone.gone[before:])


def ask(house: House, secret: str, method: str, path: str, **more: object) -> httpx.Response:
    client = TestClient(house.app, headers={"Authorization": f"Bearer {secret}"})
    answer: httpx.Response = client.request(method, path, **more)  # type: ignore[arg-type]
    return answer


def test_the_clock_stands_where_the_school_was_made_and_survives_a_restart(house: House, database: Database) -> None:
    assert house.clock() == QUARTER_PAST_EIGHT
    assert house.rehearsing is not None
    house.rehearsing.set_clock(QUARTER_PAST_EIGHT + timedelta(hours=1))
    again = build(Settings.model_construct(), database, Options(rehearsal=True))
    assert again.clock() == QUARTER_PAST_EIGHT + timedelta(hours=1)
    again.stop()


def test_a_text_is_of_the_rehearsals_day(house: House, made_up: MadeUp) -> None:
    assert "Tue 3 Mar" in texts(house, "joanne", "Maya poorly")
    found = ask(house, made_up.office, "GET", "/api/v1/absences").json()["items"]
    assert {row["date"] for row in found} == {"2026-03-03"}


def test_moving_the_clock_runs_what_is_due_at_its_own_time(house: House, made_up: MadeUp) -> None:
    # The reason is asked for once; silence files what there is, flagged partial, two hours after the question.
    assert "?" in texts(house, "joanne", "Maya won't be in today")
    moved = ask(house, made_up.administrator, "PUT", "/rehearsal/clock", json={"now": "2026-03-03T15:00:00+00:00"})
    assert moved.status_code == 200
    assert house.clock() == datetime(2026, 3, 3, 15, 0, tzinfo=UTC)
    with house.database.read() as session:
        assert rehearsal_clock(session) == house.clock()
    # The question of the morning is over: its answer is now words of their own.
    changes = ask(house, made_up.lead, "GET", "/api/v1/changes", params={"limit": 200}).json()["items"]
    assert all(change["at"] <= "2026-03-03T10:30:00" for change in changes)


def test_the_clock_may_go_back(house: House, made_up: MadeUp) -> None:
    ask(house, made_up.administrator, "PUT", "/rehearsal/clock", json={"now": "2025-11-04T08:00:00+00:00"})
    assert house.clock() == datetime(2025, 11, 4, 8, 0, tzinfo=UTC)
    assert "Tue 4 Nov" in texts(house, "niall", "Zoe poorly")


def test_what_would_have_gone_is_listed_with_purpose_segments_and_recipient(house: House, made_up: MadeUp) -> None:
    said = texts(house, "joanne", "Maya poorly")
    [sent] = ask(house, made_up.administrator, "GET", "/rehearsal/sent").json()["items"]
    assert (sent["words"], sent["purpose"], sent["segments"], sent["recipient"]) == (
        said, "reply", 1, BY_KEY["joanne"].number
    )  # fmt: skip
    after = ask(house, made_up.administrator, "GET", "/rehearsal/sent", params={"after": sent["id"]})
    assert after.json()["items"] == []


def test_the_clock_wants_an_administrator(house: House, made_up: MadeUp) -> None:
    for secret in (made_up.office, made_up.lead):
        assert ask(house, secret, "PUT", "/rehearsal/clock", json={"now": "2026-03-03T15:00:00Z"}).status_code == 403
        assert ask(house, secret, "GET", "/rehearsal/sent").status_code == 403


def test_a_live_house_has_no_rehearsal(database: Database) -> None:
    with database.write() as session:
        mark(session, "live", now=NOW)
    house = build(Settings.model_construct(), database, Options())
    client = TestClient(house.app)
    assert client.put("/rehearsal/clock", json={"now": "2026-03-03T15:00:00Z"}).status_code == 404
    assert client.get("/rehearsal/sent").status_code == 404
    assert not house.simulators
    house.stop()


def test_a_fault_in_one_text_keeps_nothing_else_waiting_for_ever(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # A turn that raises is tried again later; the next text of that thread waits behind it, and the round still ends.
    from bot import turns

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted")

    with monkeypatch.context() as planted:
        planted.setattr(turns, "turn", broken)
        assert texts(house, "joanne", "Maya poorly") == ""
        rounds: list[int] = []
        once = house.inbox.handle_waiting

        def counted() -> int:
            rounds.append(1)
            return once()

        planted.setattr(house.inbox, "handle_waiting", counted)
        assert texts(house, "joanne", "thanks") == ""
        assert len(rounds) <= 4
    assert "Maya is off today" in texts_after(house, timedelta(minutes=1))


def texts_after(house: House, wait: timedelta) -> str:
    phone = house.simulators["sms"]
    before = len(phone.gone)
    assert house.rehearsing is not None
    house.rehearsing.set_clock(house.clock() + wait)
    return "\n".join(gone.message.text for gone in phone.gone[before:])


def test_another_process_moves_the_clock_and_this_one_hears_of_it() -> None:
    put = [QUARTER_PAST_EIGHT]
    clock = RehearsalClock(put[0], read=lambda: put[0])
    assert clock() == QUARTER_PAST_EIGHT
    put[0] += timedelta(hours=1)
    clock._read_at -= 1
    assert clock() == QUARTER_PAST_EIGHT + timedelta(hours=1)
