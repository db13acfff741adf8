"""Our Telegram channel, python-telegram-bot inside, against a Bot API that others wrote."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.base import Arrived, Departing, OptedOut
from bot.channels.telegram import Telegram
from tests.telegram_emulator.person import Emulator, Person

pytestmark = pytest.mark.node

OTHER_PERSON = 550_002


@pytest.fixture
def channel(emulator: Emulator) -> Iterator[Telegram]:
    """The real channel of the test's bot; it waits a second for an update."""
    made = Telegram(emulator.token, api_url=emulator.url, poll_seconds=1)
    yield made
    made.close()


def arrived(channel: Telegram, offset: int = 0) -> list[Arrived]:
    """What people did, as far as the server holds it from `offset` on."""
    return [one for update in channel.poll(offset) for one in channel.parse(update)]


def departing(channel: Telegram, person: Person, text: str, *labels: str) -> Departing:
    """A message with a button for each label."""
    buttons = tuple((label, f"k3:{label.lower()}") for label in labels)
    return Departing(id="m1", line=channel.address, to=str(person.chat), text=text, buttons=buttons)


# In ------------------------------------------------------------------------------------------


def test_a_text_arrives_with_its_sender_its_line_its_time_and_an_id_of_its_own(
    person: Person, channel: Telegram
) -> None:
    person.text("Maya poorly")
    person.text("and Leo 🤒")
    first, second = arrived(channel)
    assert (first.kind, first.text, first.sender, first.line) == (
        "text", "Maya poorly", str(person.chat), person.emulator.token.partition(":")[0]
    )  # fmt: skip
    assert first.at is not None
    assert abs(first.at - datetime.now(UTC)) < timedelta(seconds=30)
    assert second.text == "and Leo 🤒"
    assert first.provider_id != second.provider_id


def test_an_update_comes_again_until_the_next_offset_confirms_it(person: Person, channel: Telegram) -> None:
    person.text("Maya poorly")
    first = channel.poll(0)
    assert channel.poll(0) == first
    person.text("thanks")
    rest = arrived(channel, first[-1]["update_id"] + 1)
    assert [one.text for one in rest] == ["thanks"]
    assert [one.text for one in arrived(channel)] == ["thanks"], "a confirmed update is forgotten by the server"


def test_a_poll_without_news_waits_as_long_as_it_was_told(channel: Telegram) -> None:
    began = time.monotonic()
    assert arrived(channel) == []
    assert time.monotonic() - began >= 0.9


def test_an_edited_text_is_a_new_text(person: Person, channel: Telegram) -> None:
    person.text("Maya porly")
    person.edit("Maya poorly")
    assert [(one.kind, one.text) for one in arrived(channel)] == [("text", "Maya porly"), ("text", "Maya poorly")]


def test_a_photo_is_counted_and_its_caption_is_its_text(person: Person, channel: Telegram) -> None:
    person.photo("maya's rash")
    person.photo()
    assert [(one.kind, one.text, one.media) for one in arrived(channel)] == [
        ("text", "maya's rash", 1),
        ("text", "", 1),
    ]


def test_a_shared_contact_tells_its_number_only_if_it_is_the_senders_own(person: Person, channel: Telegram) -> None:
    person.share_contact("447700900101")
    person.share_contact("447700900102", owner=OTHER_PERSON)
    own, others = arrived(channel)
    assert (own.kind, dict(own.payload)) == ("contact", {"phone": "+447700900101"})
    assert (others.kind, dict(others.payload)) == ("contact", {"phone": ""})


# Out -----------------------------------------------------------------------------------------


def test_a_message_is_on_the_screen_with_its_words_as_they_are(person: Person, channel: Telegram) -> None:
    words = "Got it: Zoë is off today.\n<b>5 < 6</b> & _stars_ *too* 🤒 آج"
    sent = channel.send(departing(channel, person, words))
    [shown] = person.screen()
    assert (shown.text, shown.buttons) == (words, {})
    assert sent.provider_id == f"{channel.address}:{person.chat}:{shown.number}"
    # The emulator reads no markup, so that it would show a name with a `<` in it where Telegram refuses the message.
    [asked] = person.emulator.calls("sendMessage")
    assert "parse_mode" not in asked


def test_a_number_is_asked_for_by_telegrams_own_button_which_goes_with_the_next_message(
    person: Person, channel: Telegram
) -> None:
    asks = departing(channel, person, "Who are you?")
    channel.send(replace(asks, buttons=(("My number", ":share_number"),)))
    channel.send(departing(channel, person, "Thank you."))
    first, then = person.screen()
    assert (first.shares, first.buttons, then.takes_away) == ("My number", {}, True)
    [asked, _] = person.emulator.calls("sendMessage")
    keyboard = json.loads(asked["reply_markup"])
    assert keyboard["keyboard"] == [[{"text": "My number", "request_contact": True}]]
    assert keyboard["one_time_keyboard"] is True


def test_a_press_brings_back_the_token_and_the_key_of_its_button(person: Person, channel: Telegram) -> None:
    channel.send(departing(channel, person, "Who is off?", "Sam", "Leo"))
    [shown] = person.screen()
    assert list(shown.buttons) == ["Sam", "Leo"]
    person.press("Leo")
    [press] = arrived(channel)
    assert (press.kind, press.sender, dict(press.payload)) == (
        "press", str(person.chat), {"token": "k3", "key": "leo"}
    )  # fmt: skip


def test_a_press_is_answered_and_its_keyboard_goes(person: Person, channel: Telegram) -> None:
    channel.send(departing(channel, person, "Who is off?", "Sam", "Leo"))
    person.press("Sam")
    [update] = channel.poll(0)
    channel.be_courteous(update)
    [shown] = person.waits_until(lambda screen: not screen[0].buttons)
    assert shown.text == "Who is off?"
    [answered] = person.emulator.waits_for_calls("answerCallbackQuery")
    assert answered["callback_query_id"] == update["callback_query"]["id"]


def test_who_blocks_the_bot_has_left_and_gets_nothing_more(person: Person, channel: Telegram) -> None:
    person.block()
    assert [one.kind for one in arrived(channel)] == ["left"]
    with pytest.raises(OptedOut):
        channel.send(departing(channel, person, "Thank you."))
    assert person.screen() == []


def test_a_group_is_not_heard_and_is_left(emulator: Emulator, channel: Telegram) -> None:
    group = {"id": -100_500, "type": "supergroup", "title": "Class 4B parents"}
    somebody = {"id": OTHER_PERSON, "first_name": "Parent", "is_bot": False}
    message = {"message_id": 1, "date": 1_772_524_800, "chat": group, "from": somebody, "text": "Maya poorly"}
    emulator.ask("sendUpdate", botToken=emulator.token, update={"message": message})
    [update] = channel.poll(0)
    assert channel.parse(update) == ()
    channel.be_courteous(update)
    [left] = emulator.waits_for_calls("leaveChat")
    assert left["chat_id"] == str(group["id"])
