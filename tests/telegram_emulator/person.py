"""A made-up person with Telegram on their phone, at an independent emulator of the Bot API."""

from __future__ import annotations

import base64
import json
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Seconds within which a house on the same machine has surely polled, handled and sent.
PATIENCE_SECONDS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """A running emulator: `url` is what a bot talks to, `token` is that of a bot that nobody else uses."""

    url: str
    token: str

    def ask(self, path: str, **asked: Any) -> Any:
        """The result of one of its doors for people; raises `HTTPError`."""
        request = urllib.request.Request(
            f"{self.url}/{path}", json.dumps(asked).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:
            return json.loads(answer.read())["result"]

    def calls(self, method: str) -> list[dict[str, Any]]:
        """What our bot asked of one method of the Bot API, oldest first."""
        return [call["asked"] for call in self.ask("calls", token=self.token) if call["method"] == method]

    def waits_for_calls(self, method: str) -> list[dict[str, Any]]:
        """The same, as soon as there is one; fails when none comes."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not (found := self.calls(method)):
            assert time.monotonic() < deadline, f"After {PATIENCE_SECONDS} s nothing called {method}"
            time.sleep(0.02)
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A message of our bot as the person sees it now: its number in the chat, its words, its buttons by label.

    `shares`: the button in place of the letters that shares their own number, "" for none; `takes_away`: whether
    such a one goes with this message.
    """

    number: int
    text: str
    buttons: dict[str, str]
    shares: str = ""
    takes_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in a private chat with our bot; `chat` is the number of both the person and the chat.

    `at` is when all that they do happens, in seconds since 1970; the real time where it is not given.
    """

    emulator: Emulator
    chat: int
    at: int | None = None

    # What they do -----------------------------------------------------------------------------

    def text(self, words: str) -> None:
        """Types a text."""
        self._message(text=words)

    def edit(self, words: str) -> None:
        """Edits what was sent before."""
        edited = {"message_id": 1, "date": self._now, "edit_date": self._now, "from": self._self, "chat": self._where}
        self._update(edited_message={**edited, "text": words})

    def photo(self, caption: str = "") -> None:
        """Sends a picture."""
        size = {"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 67, "file_size": 1101}
        self._message(photo=[size], **({"caption": caption} if caption else {}))

    def picture(self, file_id: str, data: bytes, caption: str = "") -> None:
        """Sends a picture that can be fetched, in two sizes as Telegram makes them."""
        self._has(file_id, data)
        small = {"file_id": f"{file_id}-small", "file_unique_id": "u2", "width": 90, "height": 67, "file_size": 1101}
        large = {"file_id": file_id, "file_unique_id": "u3", "width": 900, "height": 670, "file_size": len(data)}
        self._message(photo=[small, large], **({"caption": caption} if caption else {}))

    def document(self, file_id: str, data: bytes, name: str, kind: str) -> None:
        """Sends a document, whatever it is."""
        self._has(file_id, data)
        told = {
            "file_id": file_id,
            "file_unique_id": "u4",
            "file_name": name,
            "mime_type": kind,
            "file_size": len(data),
        }
        self._message(document=told)

    def _has(self, file_id: str, data: bytes) -> None:
        self._ask("hasFile", fileId=file_id, data=base64.b64encode(data).decode())

    def share_contact(self, phone: str, *, owner: int | None = None) -> None:
        """Shares a card: the person's own, as Telegram's button does, or that of the person `owner`."""
        card = {"phone_number": phone, "first_name": "Parent", "user_id": self.chat if owner is None else owner}
        self._message(contact=card)

    def press_share(self, phone: str) -> None:
        """Presses the button that shares their own number: the one that the last message with such a one put there."""
        offers = [each for each in self.screen() if each.shares or each.takes_away]
        assert offers, "No message has a button that shares a number"
        assert offers[-1].shares, "The button that shares a number has gone"
        self.share_contact(phone)

    def press(self, label: str) -> None:
        """Presses a button that is on the screen, the newest of that label."""
        shown = next((each for each in reversed(self.screen()) if label in each.buttons), None)
        assert shown is not None, f"No button says {label!r}: {[list(each.buttons) for each in self.screen()]}"
        self.press_again(shown, label)

    def press_again(self, shown: Shown, label: str) -> None:
        """Presses a button of a message as it was once seen, though it may have gone since."""
        bot = {"id": int(self.emulator.token.partition(":")[0]), "is_bot": True, "first_name": "School"}
        message = {"message_id": shown.number, "date": self._now, "from": bot, "chat": self._where, "text": shown.text}
        data = shown.buttons[label]
        self._ask("sendCallback", **{"from": self._self, "message": message, "data": data})

    def block(self) -> None:
        """Blocks the bot: it is told, and can send nothing more to this chat."""
        bot = {"id": int(self.emulator.token.partition(":")[0]), "is_bot": True, "first_name": "School"}
        before = {"user": bot, "status": "member"}
        after = {"user": bot, "status": "kicked", "until_date": 0}
        change = {"chat": self._where, "from": self._self, "date": self._now}
        self._ask("block", chatId=self.chat)
        self._update(my_chat_member={**change, "old_chat_member": before, "new_chat_member": after})

    # What they see ----------------------------------------------------------------------------

    def screen(self) -> list[Shown]:
        """All messages of our bot in this chat, oldest first, as they stand now."""
        told = self.emulator.ask("getUpdatesHistory", token=self.emulator.token)
        return [
            _shown(each)
            for each in told
            if "chat_id" in each.get("message", {}) and each["message"]["chat_id"] == str(self.chat)
        ]

    def waits_for(self, messages: int) -> list[Shown]:
        """The screen, as soon as it shows so many messages of ours, and no more than those."""
        screen = self.waits_until(lambda screen: len(screen) >= messages)
        assert len(screen) == messages, f"The screen shows more than {messages}: {screen}"
        return screen

    def waits_until(self, seen: Callable[[list[Shown]], bool]) -> list[Shown]:
        """The screen, as soon as it is as wished; fails when it does not become so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not seen(screen := self.screen()):
            assert time.monotonic() < deadline, f"After {PATIENCE_SECONDS} s the screen shows {screen}"
            time.sleep(0.02)
        return screen

    # How it is told ---------------------------------------------------------------------------

    @property
    def _now(self) -> int:
        return int(time.time()) if self.at is None else self.at

    @property
    def _self(self) -> dict[str, Any]:
        return {"id": self.chat, "first_name": "Parent", "is_bot": False}

    @property
    def _where(self) -> dict[str, Any]:
        return {"id": self.chat, "first_name": "Parent", "type": "private"}

    def _message(self, **content: Any) -> None:
        self._ask("sendMessage", **{"date": self._now, "from": self._self, "chat": self._where, **content})

    def _update(self, **update: Any) -> None:
        self._ask("sendUpdate", update=update)

    def _ask(self, path: str, **asked: Any) -> None:
        self.emulator.ask(path, botToken=self.emulator.token, **asked)


def _shown(told: dict[str, Any]) -> Shown:
    markup = told["message"].get("reply_markup", {})
    rows = markup.get("inline_keyboard", [])
    buttons = {button["text"]: button["callback_data"] for row in rows for button in row}
    shares = [button["text"] for row in markup.get("keyboard", []) for button in row if button.get("request_contact")]
    return Shown(
        number=told["messageId"],
        text=told["message"]["text"],
        buttons=buttons,
        shares="".join(shares),
        takes_away=bool(markup.get("remove_keyboard")),
    )
