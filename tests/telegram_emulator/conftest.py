"""Installs and starts the Bot API emulator, and speaks to it as a parent's Telegram would."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import IN_CI

HERE = Path(__file__).parent
TOKEN = "666:made-up-token-of-the-tests"


@dataclass
class Emulator:
    """A running emulator: `url` is what a bot talks to, the methods are what a parent does."""

    url: str
    token: str = TOKEN

    def _call(self, method: str, asked: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self.url}/{method}", json.dumps(asked).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())["result"]

    def _common(self, chat: int) -> dict[str, Any]:
        person = {"id": chat, "first_name": "Parent", "is_bot": False}
        return {
            "botToken": self.token,
            "date": 1772524800,
            "from": person,
            "chat": {"id": chat, "first_name": "Parent", "type": "private"},
        }

    def text(self, chat: int, text: str) -> None:
        """A parent types."""
        self._call("sendMessage", {**self._common(chat), "text": text})

    def contact(self, chat: int, phone: str, owner: int) -> None:
        """A parent shares a card; `owner` is whose it is."""
        card = {"phone_number": phone, "first_name": "Parent", "user_id": owner}
        self._call("sendMessage", {**self._common(chat), "contact": card})

    def photo(self, chat: int, caption: str = "") -> None:
        """A parent sends a picture."""
        picture = {"file_id": "f1", "file_unique_id": "u1", "width": 90, "height": 67, "file_size": 1101}
        self._call("sendMessage", {**self._common(chat), "photo": [picture], "caption": caption})

    def press(self, chat: int, data: str) -> None:
        """A parent presses the button that carries `data`."""
        common = self._common(chat)
        message = {**common, "message_id": 1, "text": "?"}
        self._call("sendCallback", {"botToken": self.token, "from": common["from"], "message": message, "data": data})

    def seen(self, chat: int) -> list[dict[str, Any]]:
        """What the bot sent to that chat since the last look."""
        found = self._call("getUpdates", {"token": self.token, "chatId": chat})
        return [update["message"] for update in found]


@pytest.fixture(scope="session")
def package(node: str, pytestconfig: pytest.Config) -> Path:
    """The folder into which the emulator is installed, once for all runs."""
    assert node
    assert pytestconfig.cache is not None
    folder = Path(pytestconfig.cache.mkdir("telegram-emulator"))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = HERE / "package.json"
        installed = folder / "package.json"
        done = folder / "installed"
        if not done.exists() or installed.read_bytes() != wanted.read_bytes():
            done.unlink(missing_ok=True)
            shutil.copyfile(wanted, installed)
            _install(folder)
            done.touch()
    return folder


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    command = [npm or "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False) if npm else None
    if ran is not None and ran.returncode == 0:
        return
    why = ran.stderr[-500:] if ran is not None else "there is no npm"
    if IN_CI:
        pytest.fail(f"The emulator could not be installed: {why}")
    pytest.skip(f"The emulator could not be installed: {why}")


@pytest.fixture
def emulator(node: str, package: Path) -> Iterator[Emulator]:
    """A fresh emulator on a free port; it ends when its standard input does."""
    running = subprocess.Popen(
        [node, str(HERE / "serve.js"), str(package)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    port = running.stdout.readline().strip()
    assert port.isdecimal(), "the emulator did not start"
    yield Emulator(url=f"http://127.0.0.1:{port}")
    running.communicate(timeout=10)
