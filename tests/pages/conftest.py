"""A browser, and the demo that it looks at."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

READY_SECONDS = 180
# Generous: a loaded machine is slow, and nobody waits who need not.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium of this machine, without a window."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new tab that goes nowhere but to this machine; an error in the page's script fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda asked: None if "//127.0.0.1" in asked.url else errors.append(asked.url))
    yield opened
    context.close()
    assert not errors


@contextmanager
def running_demo() -> Iterator[str]:
    """The address of a running `howwasschool demo`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "howwasschool", "demo", "--port", str(port)])
    url = f"http://127.0.0.1:{port}/"
    deadline = time.monotonic() + READY_SECONDS
    while True:
        assert process.poll() is None, "the demo ended"
        assert time.monotonic() < deadline, "the demo did not start"
        try:
            with urllib.request.urlopen(f"{url}health", timeout=2):
                break
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    yield url
    process.terminate()
    assert process.wait(timeout=60) == 0


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """A demo that a module's tests share: each speaks as another family."""
    with running_demo() as url:
        yield url


@pytest.fixture
def own_demo() -> Iterator[str]:
    """A demo of the test's own."""
    with running_demo() as url:
        yield url
