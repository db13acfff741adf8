"""The school tells many families: in their language, beside replies, at its hours, stoppable, and by two people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from howwasschool.demo.made_up import LINES, MadeUp, make_up
from howwasschool.demo.people import BY_KEY
from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build
from school.records.database import Database

NOW = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
TEXTS = {
    "en": "Snow: Hollybank is closed today. Please keep your child at home.",
    "ur": "Hollybank: برف: سکول آج بند ہے۔ بچے کو گھر رکھیں۔",
}


@pytest.fixture
def made_up(database: Database) -> MadeUp:
    return make_up(database, now=NOW)


@pytest.fixture
def house(database: Database, made_up: MadeUp) -> Iterator[House]:
    wired = build(Settings.model_construct(), database, Options(rehearsal=True))
    yield wired
    wired.stop()


def ask(house: House, secret: str, method: str, path: str, **more: Any) -> httpx.Response:
    client = TestClient(house.app, headers={"Authorization": f"Bearer {secret}"})
    answer: httpx.Response = client.request(method, f"/api/v1/broadcasts{path}", **more)
    return answer


def written(house: House, made_up: MadeUp, **more: Any) -> str:
    body = {"kind": "closure", "audience": {"to": "all"}, "texts": TEXTS, **more}
    answer = ask(house, made_up.office, "POST", "", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def approved(house: House, made_up: MadeUp, broadcast: str) -> None:
    assert ask(house, made_up.lead, "POST", f"/{broadcast}/approval").status_code == 200
    house.settle()


def moved(house: House, **wait: float) -> None:
    assert house.rehearsing is not None
    house.rehearsing.set_clock(house.clock() + timedelta(**wait))


def gone(house: House) -> list[tuple[str, str]]:
    return [(each.message.to, each.message.text) for phone in house.simulators.values() for each in phone.gone]


def test_everybody_who_may_be_told_gets_it_once_in_their_language(house: House, made_up: MadeUp) -> None:
    broadcast = written(house, made_up)
    seen = ask(house, made_up.office, "GET", f"/{broadcast}/preview").json()
    assert gone(house) == []
    approved(house, made_up, broadcast)
    sent = gone(house)
    assert len(sent) == len({to for to, _ in sent}) == seen["contacts"] == sum(seen["by_channel"].values())
    by_number = dict(sent)
    assert by_number[BY_KEY["nadia"].chat] == TEXTS["ur"]
    assert by_number[BY_KEY["joanne"].chat] == TEXTS["en"]
    # Maya's gran may report, and is told nothing.
    assert BY_KEY["pauline"].chat not in by_number
    assert BY_KEY["pauline"].number not in by_number
    progress = ask(house, made_up.office, "GET", f"/{broadcast}/progress").json()
    assert progress["status"] == "done"
    assert progress["contacts"] == {"put_in_line": len(sent)}
    assert sum(progress["messages"].values()) == len(sent)
    rows = ask(house, made_up.office, "GET", f"/{broadcast}/recipients").json()["items"]
    assert {row["status"] for row in rows} == {"put_in_line"}


def test_a_preview_counts_segments_and_what_they_cost(house: House, made_up: MadeUp, database: Database) -> None:
    from school.records.people import School
    from school.settings import change_settings

    with database.write() as session:
        school = session.get_one(School, made_up.school_id)
        change_settings(session, school, {"segment_tenths_of_pence": 41}, actor="system", now=NOW)
        from school.records.people import Address

        for address in session.query(Address).filter_by(channel="telegram"):
            session.delete(address)
    broadcast = written(house, made_up, audience={"to": "classes", "of": ["4B"]}, texts={"en": "x" * 150})
    seen = ask(house, made_up.office, "GET", f"/{broadcast}/preview").json()
    count = seen["contacts"]
    assert (seen["segments"], seen["by_channel"]) == (2 * count, {"sms": count})
    assert seen["cost_pence"] == pytest.approx(2 * count * 4.1)


def test_news_waits_for_its_hour_and_a_closure_does_not(house: House, made_up: MadeUp) -> None:
    moved(house, hours=14)  # a quarter past ten in the evening
    news = written(house, made_up, kind="news")
    approved(house, made_up, news)
    assert gone(house) == []
    closure = written(house, made_up, audience={"to": "classes", "of": ["4B"]})
    approved(house, made_up, closure)
    at_night = len(gone(house))
    assert at_night
    moved(house, hours=9, minutes=10)
    assert len(gone(house)) == at_night
    moved(house, minutes=10)  # past half past seven
    assert len(gone(house)) > at_night


def test_one_who_wrote_to_many_cannot_approve_it_alone(house: House, made_up: MadeUp, database: Database) -> None:
    from school.records.people import School
    from school.settings import change_settings

    with database.write() as session:
        school = session.get_one(School, made_up.school_id)
        change_settings(session, school, {"broadcast_second_over": 2}, actor="system", now=NOW)
    many = written(house, made_up)
    assert ask(house, made_up.office, "GET", f"/{many}/preview").json()["needs_second"] is True
    refused = ask(house, made_up.office, "POST", f"/{many}/approval")
    assert refused.status_code == 409
    house.settle()
    assert gone(house) == []
    one = written(house, made_up, audience={"to": "classes", "of": ["6M"]})
    assert ask(house, made_up.office, "POST", f"/{one}/approval").status_code == 200
    approved(house, made_up, many)
    assert len(gone(house)) > 2
    assert ask(house, made_up.lead, "POST", f"/{many}/approval").status_code == 409


def test_what_is_stopped_goes_no_further(house: House, made_up: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    from school import broadcasts

    monkeypatch.setattr(broadcasts, "AT_ONCE", 2)
    broadcast = written(house, made_up)
    assert ask(house, made_up.lead, "POST", f"/{broadcast}/approval").status_code == 200
    house.settle()
    assert len(gone(house)) == 2
    stopped = ask(house, made_up.office, "POST", f"/{broadcast}/stopping")
    assert stopped.json()["status"] == "stopped"
    moved(house, minutes=5)
    assert len(gone(house)) == 2
    progress = ask(house, made_up.office, "GET", f"/{broadcast}/progress").json()
    assert progress["contacts"]["put_in_line"] == 2
    assert progress["contacts"]["stopped"] > 0
    assert ask(house, made_up.office, "POST", f"/{broadcast}/stopping").status_code == 200


def test_all_get_it_where_many_wait_and_a_reply_goes_before_them(
    house: House, made_up: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    from school import broadcasts

    monkeypatch.setattr(broadcasts, "AT_ONCE", 2)
    broadcast = written(house, made_up)
    wanted = ask(house, made_up.office, "GET", f"/{broadcast}/preview").json()["contacts"]
    approved(house, made_up, broadcast)
    house.text("sms", LINES["sms"], BY_KEY["joanne"].number, "Maya poorly")
    assert "Maya is off today" in gone(house)[-1][1] or any("Maya is off today" in text for _, text in gone(house))
    moved(house, minutes=5)
    told = [text for _, text in gone(house) if text in TEXTS.values()]
    assert len(told) == wanted


def test_a_family_that_is_held_gets_nothing_and_is_counted(house: House, made_up: MadeUp) -> None:
    house.text("sms", LINES["sms"], BY_KEY["joanne"].number, "her dad hit Maya again last night")
    before = len(gone(house))
    broadcast = written(house, made_up, audience={"to": "classes", "of": ["4B"]})
    seen = ask(house, made_up.office, "GET", f"/{broadcast}/preview").json()
    assert seen["unreached"] == {"held": 1}
    approved(house, made_up, broadcast)
    (told,) = gone(house)[before:]
    assert told[0] == BY_KEY["nadia"].chat
    rows = ask(house, made_up.office, "GET", f"/{broadcast}/recipients").json()["items"]
    (row,) = [row for row in rows if row["status"] == "unreached"]
    assert (row["why"], row["delivery"]) == ("held", None)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"texts": {"ur": "x"}}, "no_english"),
        ({"texts": {"en": "y" * 460}}, "too_long"),
        ({"texts": {"en": "See https://example.org"}}, "link"),
        ({"texts": {"en": "ok"}, "audience": {"to": "classes", "of": ["nobody's"]}}, "nobody"),
        ({"texts": {"en": "ok"}, "audience": {"to": "all", "of": ["4B"]}}, "audience"),
        ({"texts": {"en": "ok"}, "audience": {"to": "classes"}}, "audience"),
    ],
)
def test_what_cannot_go_is_refused_with_what_to_do(
    house: House, made_up: MadeUp, more: dict[str, Any], code: str
) -> None:
    answer = ask(house, made_up.office, "POST", "", json={"kind": "news", "audience": {"to": "all"}, **more})
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["code"] == code


def test_teachers_neither_see_nor_send(house: House, made_up: MadeUp) -> None:
    assert ask(house, made_up.administrator, "GET", "").status_code == 403
    body = {"kind": "news", "audience": {"to": "all"}, "texts": TEXTS}
    assert ask(house, made_up.administrator, "POST", "", json=body).status_code == 403
