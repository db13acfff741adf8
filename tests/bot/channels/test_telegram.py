"""Telegram's own ways: private chats, presses, shared contacts, joining, blocking, and the limits of a message."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.base import Arrived, BadRequest, Misconfigured, OptedOut, Rejected, SendError, Unreachable
from bot.channels.telegram import Telegram
from tests.bot.channels.peers import BOT, TelegramPeer

DATE = 1_795_420_800
AT = datetime.fromtimestamp(DATE, UTC)
PERSON = {"id": 7001, "is_bot": False, "first_name": "Zephyrina"}
CHAT = {"id": 7001, "type": "private", "first_name": "Zephyrina"}
GROUP = {"id": -100, "type": "group", "title": "Class 4"}


@pytest.fixture(scope="module")
def telegram() -> Telegram:
    return Telegram(BOT)


def message(**fields: Any) -> dict[str, Any]:
    return {"message_id": 5, "date": DATE, "chat": CHAT, "from": PERSON, **fields}


def membership(old: str, new: str, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    us = {"id": 700900123, "is_bot": True, "first_name": "School"}

    def member(status: str) -> dict[str, Any]:
        return {"status": status, "user": us, **({"until_date": 0} if status == "kicked" else {})}

    return {
        "chat": chat,
        "from": PERSON,
        "date": DATE,
        "old_chat_member": member(old),
        "new_chat_member": member(new),
    }


def press(data: str | None, chat: dict[str, Any] = CHAT) -> dict[str, Any]:
    query: dict[str, Any] = {
        "id": "9",
        "from": PERSON,
        "chat_instance": "1",
        "message": message(chat=chat, text="Who?"),
    }
    return query if data is None else {**query, "data": data}


# The same picture in two sizes, the larger last: that is the one to fetch.
PHOTO = [
    {"file_id": "small", "file_unique_id": "b", "width": 90, "height": 90},
    {"file_id": "a", "file_unique_id": "c", "width": 1280, "height": 1280},
]

# What Telegram sends, and what that says: kind, text, media, payload. None: nothing of ours.
UPDATES: dict[str, tuple[dict[str, Any], tuple[str, str, int, dict[str, str]] | None]] = {
    "a text": ({"message": message(text="Maya poorly")}, ("text", "Maya poorly", 0, {})),
    "an edited text": ({"edited_message": message(text="Leo", edit_date=DATE)}, ("text", "Leo", 0, {})),
    "a NUL": ({"message": message(text="a\x00b")}, ("text", "ab", 0, {})),
    "4,096 characters": ({"message": message(text="x" * 4096)}, ("text", "x" * 4096, 0, {})),
    "a photo": ({"message": message(photo=PHOTO)}, ("text", "", 1, {"file": "a"})),
    "a photo with words": ({"message": message(photo=PHOTO, caption="rash")}, ("text", "rash", 1, {"file": "a"})),
    "a sticker's cousin": (
        {"message": message(dice={"emoji": "\N{GAME DIE}", "value": 3})},
        ("text", "", 1, {}),
    ),
    "start": ({"message": message(text="/start")}, ("start", "/start", 0, {"code": ""})),
    "start with a code": (
        {"message": message(text="/start K7-x_9")},
        ("start", "/start K7-x_9", 0, {"code": "K7-x_9"}),
    ),
    "stop": ({"message": message(text="/stop")}, ("stop", "/stop", 0, {})),
    "the word stop": ({"message": message(text="Stop")}, ("stop", "Stop", 0, {})),
    "a word that only a carrier acts on": ({"message": message(text="cancel")}, ("text", "cancel", 0, {})),
    "a permission": ({"message": message(write_access_allowed={})}, None),
    "a place that moves": (
        {"edited_message": message(edit_date=DATE, location={"latitude": 1.0, "longitude": 2.0})},
        None,
    ),
    "a press": ({"callback_query": press("3k:maya")}, ("press", "", 0, {"token": "3k", "key": "maya"})),
    "a press of another age": ({"callback_query": press("??")}, ("press", "", 0, {"token": "", "key": ""})),
    "a press of a game": ({"callback_query": press(None)}, ("press", "", 0, {"token": "", "key": ""})),
    "their own contact": (
        {"message": message(contact={"phone_number": "447700900101", "first_name": "Z", "user_id": 7001})},
        ("contact", "", 0, {"phone": "+447700900101"}),
    ),
    "their own contact with a plus and blanks": (
        {"message": message(contact={"phone_number": "+44 7700 900101", "first_name": "Z", "user_id": 7001})},
        ("contact", "", 0, {"phone": "+447700900101"}),
    ),
    "the contact of another": (
        {"message": message(contact={"phone_number": "447700900101", "first_name": "Z", "user_id": 7002})},
        ("contact", "", 0, {"phone": ""}),
    ),
    "the contact of nobody": (
        {"message": message(contact={"phone_number": "447700900101", "first_name": "Z"})},
        ("contact", "", 0, {"phone": ""}),
    ),
    "blocked by the person": ({"my_chat_member": membership("member", "kicked")}, ("left", "", 0, {})),
    "unblocked": ({"my_chat_member": membership("kicked", "member")}, ("start", "", 0, {"code": ""})),
    "a text in a group": ({"message": message(chat=GROUP, text="Maya poorly")}, None),
    "a press in a group": ({"callback_query": press("3k:maya", GROUP)}, None),
    "added to a group": ({"my_chat_member": membership("left", "member", GROUP)}, None),
    "a channel's post": ({"channel_post": message(chat={"id": -1, "type": "channel", "title": "x"}, text="x")}, None),
    "something of next year": ({"a_thing_of_next_year": {"a": 1}}, None),
}


@pytest.mark.parametrize("name", UPDATES)
def test_an_update_is_read_for_what_the_person_did(telegram: Telegram, name: str) -> None:
    payload, expected = UPDATES[name]
    arrived = telegram.parse({"update_id": 77, **payload})
    if expected is None:
        assert arrived == ()
        return
    kind, text, media, extra = expected
    at = None if kind == "press" else AT
    assert arrived == (
        Arrived(
            channel="telegram",
            line="700900123",
            sender="7001",
            provider_id="700900123:77",
            kind=kind,  # type: ignore[arg-type]
            text=text,
            media=media,
            payload=extra,
            at=at,
        ),
    )


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"update_id": "77"},
        {"update_id": 77, "message": "words"},
        {"update_id": 77, "message": {"text": "no date, no chat"}},
        {"update_id": 77, "callback_query": {"id": 1}},
        {"update_id": 77, "message": {"message_id": 1, "date": "soon", "chat": CHAT}},
        {"update_id": 77, "message": {"message_id": 1, "date": DATE, "chat": {"id": 7001}, "text": "no kind of chat"}},
        {"update_id": 77, "message": message(text=5)},
        {"update_id": 77, "message": message(photo=PHOTO, caption=5)},
        {"update_id": 77, "message": {"message_id": 1, "date": DATE, "text": "no chat"}},
        {"update_id": 77, "message": {"message_id": 1, "chat": CHAT, "text": "no date"}},
        {"update_id": 77, "callback_query": {**press("3k:maya"), "from": None}},
        {"update_id": 77, "my_chat_member": {**membership("member", "kicked"), "chat": None}},
        {"update_id": 77, "message": {"message_id": 1, "date": 10**30, "chat": CHAT}},
    ],
)
def test_an_update_of_another_shape_is_refused(telegram: Telegram, payload: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        telegram.parse(payload)


@pytest.mark.parametrize("body", [b"", b"words", b"[]", b"\xff", b"[" * 100_000])
def test_a_body_that_is_no_update_is_refused(telegram: Telegram, body: bytes) -> None:
    with pytest.raises(BadRequest):
        telegram.read(body)


# Towards Telegram ----------------------------------------------------------------------------


def test_a_question_goes_with_its_buttons_one_below_the_other_and_no_preview_of_links() -> None:
    peer = TelegramPeer()
    peer.channel.send(peer.message)
    peer.close()
    [(path, form)] = peer.provider.requests
    assert path == f"/bot{BOT}/sendMessage"
    assert '[[{"callback_data": "a1:maya", "text": "Maya"}], [{"callback_data": "a1:leo"' in form["reply_markup"]
    assert "true" in form["link_preview_options"]


@pytest.mark.parametrize("data", ["", "a1:" + "x" * 62])
def test_a_button_that_telegram_could_not_carry_is_rejected(data: str) -> None:
    peer = TelegramPeer()
    with pytest.raises(Rejected):
        peer.channel.send(replace(peer.message, buttons=(("Maya", data),)))
    peer.close()


def test_4096_characters_still_go() -> None:
    peer = TelegramPeer()
    assert peer.channel.send(replace(peer.message, text="x" * 4096)).provider_id
    peer.close()


def test_courtesy_answers_the_press_takes_the_keyboard_away_and_leaves_groups_and_may_fail() -> None:
    peer = TelegramPeer()
    peer.provider.answers = {**peer.ANSWERS, "old": (400, {}, {"ok": False, "description": "query is too old"})}
    peer.channel.be_courteous({"update_id": 1, "callback_query": press("3k:maya")})
    peer.channel.be_courteous({"update_id": 2, "message": message(chat=GROUP, text="hi")})
    peer.channel.be_courteous({"update_id": 3, "my_chat_member": membership("member", "kicked", GROUP)})
    peer.channel.be_courteous({"update_id": 4, "message": message(text="hi")})
    peer.channel.send(peer.message)
    peer.provider.orders.append("old")
    peer.channel.be_courteous({"update_id": 5, "callback_query": press("3k:maya")})
    peer.channel.send(peer.message)
    peer.close()
    methods = [path.rpartition("/")[2] for path, _ in peer.provider.requests]
    assert {"answerCallbackQuery", "editMessageReplyMarkup", "leaveChat"} <= set(methods)
    assert methods.count("leaveChat") == 1
    assert methods.count("sendMessage") == 2


def test_a_poll_gives_updates_as_they_are_and_says_when_the_token_is_wrong() -> None:
    peer = TelegramPeer()
    update = {"update_id": 77, "message": message(text="Maya poorly")}
    peer.provider.answers = {**peer.ANSWERS, "take": (200, {}, {"ok": True, "result": [update]})}
    [given] = peer.channel.poll(70)
    assert [arrived.text for arrived in peer.channel.parse(given)] == ["Maya poorly"]
    [(_, form)] = peer.provider.requests
    assert form["offset"] == "70"
    peer.order("credentials")
    with pytest.raises(Misconfigured):
        peer.channel.poll(70)
    peer.close()


def test_an_update_that_nobody_can_read_hides_no_other_and_is_logged_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    peer = TelegramPeer()
    torn = {"update_id": 76, "message": {"message_id": 9, "date": DATE, "chat": {"id": 1}, "text": "marmalade volcano"}}
    whole = {"update_id": 77, "message": message(text="Maya poorly")}
    result = [torn, "an update?", {"no": "number"}, whole]
    peer.provider.answers = {**peer.ANSWERS, "take": (200, {}, {"ok": True, "result": result})}
    given = peer.channel.poll(70)
    assert [update["update_id"] for update in given] == [76, 77]
    with pytest.raises(BadRequest):
        peer.channel.parse(given[0])
    assert [arrived.text for arrived in peer.channel.parse(given[1])] == ["Maya poorly"]
    peer.channel.be_courteous(given[0])
    peer.close()
    assert "marmalade" not in caplog.text


def test_a_poll_that_waits_can_be_ended() -> None:
    peer = TelegramPeer()
    channel = Telegram(BOT, api_url=peer.provider.url, poll_seconds=20)
    peer.order("hang")
    began = time.monotonic()
    threading.Timer(0.2, channel.interrupt).start()
    assert channel.poll(0) == ()
    assert time.monotonic() - began < 3
    channel.close()
    peer.close()


@pytest.mark.parametrize("order", ["hang", "fail", "lose", "garbage"])
def test_a_poll_that_fails_says_so_in_our_own_words(order: str) -> None:
    peer = TelegramPeer()
    peer.order(order)
    with pytest.raises(SendError):
        peer.channel.poll(0)
    peer.close()


@pytest.mark.parametrize(
    ("words", "meaning"),
    [
        ("Forbidden: bot was blocked by the user", OptedOut),
        ("Forbidden: user is deactivated", Unreachable),
        ("Forbidden: bot can't initiate conversation with a user", Unreachable),
    ],
)
def test_only_somebody_who_blocked_us_has_stopped_us(words: str, meaning: type[SendError]) -> None:
    peer = TelegramPeer()
    peer.provider.answers = {**peer.ANSWERS, "no": (403, {}, {"ok": False, "error_code": 403, "description": words})}
    peer.order("no")
    with pytest.raises(meaning) as raised:
        peer.channel.send(peer.message)
    assert type(raised.value) is meaning
    peer.close()


def test_no_log_line_holds_the_token_or_the_words(caplog: pytest.LogCaptureFixture) -> None:
    peer = TelegramPeer()
    with caplog.at_level(logging.INFO):
        peer.channel.send(peer.message)
        peer.order("garbage")
        with pytest.raises(Exception, match="no_answer"):
            peer.channel.send(peer.message)
    peer.close()
    assert BOT not in caplog.text
    assert "hotel" not in caplog.text
