"""The page behind the one link, in a real browser: as wide as a phone, without a script, for everybody."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect
from sqlalchemy import update

from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build
from school.migrations import upgrade
from school.records.database import Database
from school.records.people import Contact
from tests.howwasschool.test_upload_page import Asked, asked_in, photo, school_of_texts

pytestmark = pytest.mark.browser

# A small phone, held upright.
PHONE: ViewportSize = {"width": 390, "height": 780}


@contextmanager
def listening(database: Database) -> Iterator[House]:
    """A rehearsing house that is reached by HTTP; its loops stand still."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = Options(rehearsal=True, public_url=f"http://127.0.0.1:{port}")
    house = build(Settings.model_construct(), database, options)
    server = uvicorn.Server(uvicorn.Config(house.app, port=port, lifespan="off", log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield house
    server.should_exit = True
    thread.join()
    house.stop()


@pytest.fixture(params=["en", "ar"])
def asked(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Asked]:
    """A mother who was asked, in her language."""
    upgrade(sqlite_url)
    database = Database(sqlite_url)
    made_up = school_of_texts(database)
    with database.write() as session:
        session.execute(update(Contact).values(language=request.param))
    with listening(database) as house:
        yield asked_in(house, made_up)
    database.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A tab as wide as a phone that runs no script of a page."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'][:100] for node in each['nodes']]}" for each in found]


def test_a_photo_is_sent_without_a_script_after_a_file_that_was_none(phone: Page, asked: Asked, tmp_path: Path) -> None:
    sheet, card = tmp_path / "sheet.jpg", tmp_path / "card.jpg"
    sheet.write_bytes(b"PK\x03\x04 a sheet")
    card.write_bytes(photo())
    phone.goto(asked.link)
    phone.locator("input[type=file]").set_input_files(sheet)
    phone.locator("button").click()
    expect(phone.get_by_role("alert")).to_be_visible()
    phone.locator("input[type=file]").set_input_files(card)
    phone.locator("button").click()
    expect(phone.get_by_role("status")).to_be_visible()
    expect(phone.locator("input")).to_have_count(0)
    assert [each["status"] for each in asked.read()["files"]] == ["kept"]


def test_every_state_of_the_page_fits_a_phone_and_is_there_for_everybody(browser: Browser, asked: Asked) -> None:
    # axe is a script: it needs a context that lets it past the page's own policy.
    context = browser.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(asked.link)
    states = [violations(page)]
    page.locator("input[type=file]").set_input_files({"name": "a.pdf", "mimeType": "x/y", "buffer": b"no"})
    page.locator("button").click()
    states.append(violations(page))
    assert int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth")) <= 0
    page.goto(asked.link + "x")
    states.append(violations(page))
    context.close()
    assert states == [[], [], []]


def test_the_style_is_the_one_that_the_policy_allows(phone: Page, asked: Asked) -> None:
    phone.goto(asked.link)
    # Without it a button is 20 dots high.
    box = phone.locator("button").bounding_box()
    assert box is not None
    assert box["height"] >= 44
