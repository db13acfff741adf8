"""Families on Telegram and the whole house behind the bot: what they write is filed, answered, and can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from school.migrations import upgrade
from school.records.database import Database
from tests.telegram_emulator.house import FAMILIES, NUMBERS, House, running, until
from tests.telegram_emulator.person import Emulator

pytestmark = pytest.mark.node

# Many tests share one house: a bot's long poll makes it slow to stop.
BOT = "6001:made-up-token-of-the-tests"
LETTER = b"%PDF-1.4\nDear school\n%%EOF\n"
REPORT = "{} poorly, been sick in the night"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, emulator_url: str) -> Iterator[House]:
    """A running house on SQLite; what PostgreSQL does otherwise is for the tests of inbox and outbox to show."""
    url = f"sqlite:///{tmp_path_factory.mktemp('house') / 'school.sqlite3'}"
    upgrade(url)
    database = Database(url)
    with running(database, Emulator(url=emulator_url, token=BOT)) as house:
        yield house
    database.close()


def sick(child: str, status: str = "reported") -> set[tuple[str, str, str, str]]:
    """A child off sick for the whole of today."""
    return {(child, half, "sickness", status) for half in ("AM", "PM")}


def test_who_shares_the_phone_on_record_is_joined_and_may_report(house: House) -> None:
    ada = house.parent("Ada")
    ada.text(REPORT.format("Maya"))
    [stranger] = ada.waits_for(1)
    assert "Maya" not in stranger.text
    assert house.absences("Maya") == set()
    assert house.items(ada) == ["unknown_sender"]
    assert stranger.shares == "Share my number"
    ada.press_share(NUMBERS["Ada"].removeprefix("+"))
    [_, joined] = ada.waits_for(2)
    assert joined.takes_away
    assert house.thread(ada)["contact"]
    ada.text(REPORT.format("Maya"))
    receipt = ada.waits_for(3)[-1].text
    assert house.absences("Maya") == sick("Maya")
    assert "Maya" in receipt
    assert "sick" not in receipt


def test_a_card_of_somebody_else_joins_nobody(house: House) -> None:
    carla = house.parent("Carla")
    carla.share_contact(NUMBERS["Ada"].removeprefix("+"), owner=550_000)
    carla.waits_for(1)
    carla.text(REPORT.format("Maya"))
    carla.waits_for(2)
    assert house.thread(carla)["contact"] is None
    assert house.items(carla) == ["unknown_sender"]


def test_a_number_that_is_on_no_record_joins_nobody_and_learns_no_more_than_a_card_of_somebody_else(
    house: House,
) -> None:
    jack, kaya = house.parent("Jack"), house.parent("Kaya")
    jack.text(REPORT.format("Otis"))
    [first] = jack.waits_for(1)
    assert first.shares
    jack.press_share("447700900999")
    kaya.share_contact(NUMBERS["Jack"].removeprefix("+"), owner=550_000)
    told, passed_on = jack.waits_for(2)[-1], kaya.waits_for(1)[-1]
    assert told.text == passed_on.text
    assert (house.thread(jack)["contact"], house.thread(kaya)["contact"]) == (None, None)
    assert house.absences("Otis", "Pia") == set()


def test_nought_undoes_what_was_filed(house: House) -> None:
    dora = house.joined("Dora")
    dora.text(REPORT.format("Omar"))
    dora.waits_for(2)
    assert house.absences("Omar") == sick("Omar")
    dora.text("0")
    assert "Omar" in dora.waits_for(3)[-1].text
    assert house.absences("Omar") == sick("Omar", "withdrawn")


def test_a_button_answers_the_question_above_it_and_goes(house: House) -> None:
    ben = house.joined("Ben")
    ben.text(REPORT.format(""))
    question = ben.waits_for(2)[-1]
    assert set(question.buttons) >= set(FAMILIES["Ben"])
    assert house.absences("Sam", "Leo") == set()
    ben.press("Leo")
    assert "Leo" in ben.waits_for(3)[-1].text
    assert house.absences("Sam", "Leo") == sick("Leo")
    ben.waits_until(lambda screen: not screen[1].buttons)
    assert house.emulator.waits_for_calls("answerCallbackQuery")


def test_a_button_of_an_older_question_does_not_answer_the_newer_one(house: House) -> None:
    eve = house.joined("Eve")
    eve.text(REPORT.format(""))
    older = eve.waits_for(2)[-1]
    eve.text("Tom")
    eve.waits_for(3)
    assert house.absences("Tom", "Kit") == sick("Tom")
    eve.text("will be late, in by 10")
    newer = eve.waits_for(4)[-1]
    assert "Kit" in newer.buttons
    eve.press_again(older, "Kit")
    again = eve.waits_until(lambda screen: len(screen) > 4)[-1]
    assert house.absences("Tom", "Kit") == sick("Tom")
    assert "Kit" in again.buttons


def test_a_photo_goes_to_a_person_and_files_nothing(house: House) -> None:
    finn = house.joined("Finn")
    finn.photo()
    finn.waits_for(2)
    assert house.items(finn) == ["media"]
    assert house.absences("Rosa") == set()


def test_what_staff_asked_for_is_fetched_kept_and_thanked(house: House) -> None:
    iris = house.joined("Iris")
    iris.text(REPORT.format("Noel"))
    iris.waits_for(2)
    absence = next(each for each in house.all("absences") if each["pupil_name"].startswith("Noel"))
    body = {"absence": absence["id"], "contact": house.thread(iris)["contact"], "why": "The fifth Friday in a row."}
    made = house.staff.post("/api/v1/evidence-requests", json=body)
    assert made.status_code == 201, made.text
    assert "Noel" in iris.waits_for(3)[-1].text
    iris.document("sheet", b"PK not one of ours", "card.jpg", "image/jpeg")
    assert "couldn't open" in iris.waits_for(4)[-1].text
    card = BytesIO()
    Image.new("RGB", (900, 670), (250, 250, 240)).save(card, "JPEG")
    iris.picture("card", card.getvalue())
    assert "We have what you sent" in iris.waits_for(5)[-1].text
    iris.document("letter", LETTER, "letter.pdf", "application/pdf")
    iris.waits_for(6)
    path = f"/api/v1/evidence-requests/{made.json()['id']}"
    files = house.staff.get(path).json()["files"]
    assert [each["status"] for each in files] == ["unread", "kept", "kept"]
    picture, letter = (house.staff.post(f"{path}/files/{each['id']}/looks").content for each in files[1:])
    assert letter == LETTER
    with Image.open(BytesIO(picture)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (900, 670))
    assert house.items(iris) == ["evidence_unread", "evidence", "evidence"]
    asked = [call["file_id"] for call in house.emulator.calls("getFile")]
    assert asked == ["sheet", "card", "letter"], "of a picture the largest size, and nothing that nobody asked for"


def test_who_blocks_the_bot_has_stopped_us(house: House) -> None:
    gwen = house.joined("Gwen")
    assert not house.thread(gwen)["opted_out"]
    gwen.block()
    until(lambda: house.thread(gwen)["opted_out"])
    # It took us at its word: no send that was refused had to teach us.
    sent = [call for call in house.emulator.calls("sendMessage") if call["chat_id"] == str(gwen.chat)]
    assert len(sent) == len(gwen.screen()) == 1


def test_the_words_of_staff_reach_the_chat_as_they_are(house: House) -> None:
    hugo = house.joined("Hugo")
    words = "Lena left her coat here <in the hall> & it's dry now 🙂"
    thread = house.thread(hugo)["id"]
    answer = house.staff.post(
        f"/api/v1/threads/{thread}/messages", json={"words": words}, headers={"Idempotency-Key": "coat-1"}
    )
    assert answer.status_code < 300, answer.text
    assert hugo.waits_for(2)[-1].text == words
