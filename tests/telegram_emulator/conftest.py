"""Installs and starts the emulator of Telegram's Bot API, and gives each test a bot and a person of its own."""

from __future__ import annotations

import fcntl
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import IN_CI
from tests.telegram_emulator.person import Emulator, Person

PACKAGE = "telegram-test-api@4.2.1"
SHIM = Path(__file__).with_name("serve.js")
# No script of a package runs on the machine of somebody who only runs our tests.
INSTALL = ("install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", PACKAGE)
_BOTS = itertools.count(7001)


def _lacking(what: str) -> str:
    """Ends the test: skipped on somebody's machine, failed in CI."""
    if IN_CI:
        pytest.fail(what)
    pytest.skip(what)


def _cache() -> Path:
    """A folder of this user, outside of the checkout, that outlives the run."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    folder = Path(base) / "how-was-school" / PACKAGE
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _install(npm: str, folder: Path) -> None:
    """Installs beside the place and then moves there whole, so that a run that was killed leaves no half of it."""
    with tempfile.TemporaryDirectory(dir=folder) as beside:
        ran = subprocess.run(
            [npm, *INSTALL], cwd=beside, capture_output=True, text=True, check=False, timeout=120,
            env={**os.environ, "npm_config_prefer_offline": "true"},
        )  # fmt: skip
        if ran.returncode != 0:
            _lacking(f"The emulator could not be installed: {ran.stderr[-500:]}")
        (Path(beside) / "node_modules").rename(folder / "node_modules")


@pytest.fixture(scope="session")
def package(node: str) -> Path:
    """The folder in whose `node_modules` the emulator stands, installed once for all runs and all workers."""
    assert node
    npm = shutil.which("npm") or _lacking("The emulator comes from npm, which is not on this machine")
    folder = _cache()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "node_modules").exists():
            _install(npm, folder)
    return folder


@pytest.fixture(scope="session")
def emulator_url(node: str, package: Path) -> Iterator[str]:
    """The address of an emulator that runs until the last test; it ends when its standard input does."""
    running = subprocess.Popen(
        [node, str(SHIM), str(package)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    port = running.stdout.readline().strip()
    assert port.isdecimal(), "the emulator did not start"
    yield f"http://127.0.0.1:{port}"
    running.communicate(timeout=10)


@pytest.fixture
def emulator(emulator_url: str) -> Emulator:
    """The emulator, with a bot of the test's own."""
    return Emulator(url=emulator_url, token=f"{next(_BOTS)}:made-up-token-of-the-tests")


@pytest.fixture
def person(emulator: Emulator) -> Person:
    """A person in a chat with the test's bot."""
    return Person(emulator=emulator, chat=550_001)
