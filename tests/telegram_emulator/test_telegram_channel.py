"""Our Telegram channel against a Bot API that others wrote."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.channels.base import Arrived, Departing
from bot.channels.telegram import Telegram
from tests.telegram_emulator.conftest import Emulator

pytestmark = pytest.mark.node

CHAT = 7001


@pytest.fixture
def channel(emulator: Emulator) -> Iterator[Telegram]:
    made = Telegram(emulator.token, api_url=emulator.url, poll_seconds=2)
    yield made
    made.close()


def arrived(channel: Telegram, offset: int = 0) -> list[Arrived]:
    return [one for update in channel.poll(offset) for one in channel.parse(update)]


def test_a_text_arrives_with_its_sender_and_its_own_id(emulator: Emulator, channel: Telegram) -> None:
    emulator.text(CHAT, "Maya poorly")
    emulator.text(CHAT, "and Leo")
    first, second = arrived(channel)
    assert (first.kind, first.text, first.sender, first.line) == ("text", "Maya poorly", str(CHAT), "666")
    assert first.provider_id != second.provider_id


def test_an_update_comes_again_until_the_next_offset_confirms_it(emulator: Emulator, channel: Telegram) -> None:
    emulator.text(CHAT, "Maya poorly")
    first = channel.poll(0)
    again = channel.poll(0)
    assert [update["update_id"] for update in first] == [update["update_id"] for update in again]
    emulator.text(CHAT, "thanks")
    rest = arrived(channel, first[-1]["update_id"] + 1)
    assert [one.text for one in rest] == ["thanks"]


def test_a_message_goes_out_with_its_buttons_and_a_press_comes_back(emulator: Emulator, channel: Telegram) -> None:
    sent = channel.send(
        Departing(id="m1", line="666", to=str(CHAT), text="Who is off?", buttons=(("Sam", "k3:sam"), ("Leo", "k3:leo")))
    )
    assert sent.provider_id.startswith(f"666:{CHAT}:")
    [message] = emulator.seen(CHAT)
    assert message["text"] == "Who is off?"
    rows = message["reply_markup"]["inline_keyboard"]
    assert [button["text"] for row in rows for button in row] == ["Sam", "Leo"]
    emulator.press(CHAT, rows[1][0]["callback_data"])
    [press] = arrived(channel)
    assert (press.kind, dict(press.payload)) == ("press", {"token": "k3", "key": "leo"})


def test_a_press_is_acknowledged_and_its_keyboard_goes(emulator: Emulator, channel: Telegram) -> None:
    emulator.press(CHAT, "k3:leo")
    [update] = channel.poll(0)
    channel.be_courteous(update)
    # Nobody waits for courtesy; the channel still sends afterwards.
    assert channel.send(Departing(id="m1", line="666", to=str(CHAT), text="Thank you.")).provider_id


def test_a_shared_contact_counts_only_if_it_is_the_senders_own(emulator: Emulator, channel: Telegram) -> None:
    emulator.contact(CHAT, "447700900101", owner=CHAT)
    emulator.contact(CHAT, "447700900102", owner=9999)
    own, other = arrived(channel)
    assert (own.kind, dict(own.payload)) == ("contact", {"phone": "+447700900101"})
    assert (other.kind, dict(other.payload)) == ("contact", {"phone": ""})


def test_a_photo_is_noted_and_its_caption_is_its_text(emulator: Emulator, channel: Telegram) -> None:
    emulator.photo(CHAT, "maya's rash")
    [photo] = arrived(channel)
    assert (photo.kind, photo.text, photo.media) == ("text", "maya's rash", 1)
