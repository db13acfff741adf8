"""The demo's page in a real browser: a phone to text from beside the absences that appear."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser

WORRY = "Ella's dad hit me last night, please don't ring him"


def text(page: Page, words: str) -> None:
    page.get_by_label("Your text").fill(words)
    page.get_by_role("button", name="Send").click()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {[node['html'][:100] for node in each['nodes']]}" for each in found]


def overflow(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_a_text_is_answered_on_the_phone_and_filed_at_the_school_without_a_reload(page: Page, demo: str) -> None:
    page.goto(demo)
    page.evaluate("window.stayed = true")
    text(page, "Maya poorly, been sick in the night")
    expect(page.locator(".talk .theirs .bubble")).to_contain_text("Maya")
    card = page.locator(".card", has_text="Maya Hart")
    expect(card).to_contain_text("Maya poorly, been sick in the night")
    expect(card).to_contain_text("Proposed I")
    card.get_by_role("button", name="Confirm I").click()
    expect(card).to_contain_text("Confirmed as I")
    expect(page.locator(".sent li")).to_contain_text("to Joanne Hart by SMS · reply · 1 segment")
    assert page.evaluate("window.stayed")


def test_an_absence_appears_on_a_page_that_only_looks(page: Page, demo: str) -> None:
    page.goto(demo)
    other = page.context.new_page()
    other.goto(f"{demo}?as=niall")
    text(other, "Zoe got a temp, off today")
    expect(page.locator(".card", has_text="Zoë Sinclair")).to_be_visible()


def test_telegram_asks_with_buttons_and_a_press_answers(page: Page, demo: str) -> None:
    page.goto(f"{demo}?as=grace&by=telegram")
    text(page, "off sick")
    page.locator(".talk .buttons").get_by_role("button", name="Leo").click()
    expect(page.locator(".talk .mine .bubble").last).to_have_text(re.compile("Leo"))
    expect(page.locator(".card", has_text="Leo Okafor")).to_be_visible()
    expect(page.locator(".talk .buttons")).to_have_count(0)


def test_a_worrying_text_is_seen_by_the_lead_and_nowhere_else(page: Page, demo: str) -> None:
    page.goto(f"{demo}?as=hannah")
    text(page, WORRY)
    expect(page.locator(".talk .mine")).to_contain_text(WORRY)
    expect(page.locator("#board")).to_contain_text("Ella Price")
    expect(page.locator("#board")).not_to_contain_text("hit me")
    page.get_by_role("link", name="Safeguarding lead").click()
    expect(page.locator("#board")).to_contain_text(WORRY)
    expect(page.locator("#board")).to_contain_text("Hannah Price")


def put_maya_down_as_away(page: Page) -> None:
    page.get_by_text("This morning's register").click()
    maya = page.locator(".register li", has_text="Maya Hart")
    maya.get_by_role("button", name="Not here").click()
    expect(maya.locator("code")).to_have_text("N")
    page.get_by_role("button", name="All others are here").click()
    expect(page.locator(".register li", has_text="Zoë Sinclair").locator("code")).to_have_text("/")


def test_a_child_whom_nobody_accounts_for_is_asked_about_and_an_all_clear_ends_the_worry(
    page: Page, own_demo: str
) -> None:
    page.goto(f"{own_demo}?as=joanne&by=telegram")
    put_maya_down_as_away(page)
    page.get_by_role("button", name="09:30").click()
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text("Maya isn't marked in today")
    missing = page.locator(".block", has_text="Unaccounted for")
    expect(missing).to_contain_text("Maya Hart")
    expect(missing).to_contain_text("One contact was asked")
    page.locator(".register li", has_text="Maya Hart").get_by_role("button", name="Here").click()
    expect(page.locator(".register li", has_text="Maya Hart").locator("code")).to_have_text("/")
    page.get_by_role("button", name="Send an all-clear").click()
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text("Maya is in school")
    expect(missing).to_have_count(0)
    assert not violations(page)


def test_alerts_about_a_class_on_a_trip_wait_for_a_click(page: Page, own_demo: str) -> None:
    page.goto(f"{own_demo}?as=joanne&by=telegram")
    put_maya_down_as_away(page)
    page.get_by_label("On a trip today").select_option("4B")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Enter the trip").click()
    page.get_by_role("button", name="09:30").click()
    waiting = page.locator(".block", has_text="Alerts that wait for a click")
    expect(waiting).to_contain_text("The class is on a trip or has an exam: 4B")
    expect(page.locator(".talk .theirs")).to_have_count(0)
    assert not violations(page)
    waiting.get_by_role("button", name="Let the alerts go").click()
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text("Maya isn't marked in today")
    expect(waiting).to_have_count(0)


def test_the_clock_moves_and_the_page_says_so(page: Page, own_demo: str) -> None:
    page.goto(own_demo)
    expect(page.locator("#clock time")).to_have_text("08:12")
    page.get_by_role("button", name="+10 min").click()
    expect(page.locator("#clock time")).to_have_text("08:22")
    page.get_by_role("button", name="09:30").click()
    expect(page.locator("#clock")).to_contain_text("the register has closed")


def test_the_whole_job_works_by_keyboard_alone(page: Page, demo: str) -> None:
    page.goto(f"{demo}?as=nadia")
    page.get_by_label("Your text").focus()
    page.keyboard.type("Hamza poorly")
    page.keyboard.press("Enter")
    expect(page.locator(".card", has_text="Hamza Mahmood")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "text"
    button = page.get_by_role("button", name="Confirm I for Hamza Mahmood")
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".card", has_text="Hamza Mahmood")).to_contain_text("Confirmed as I")
    expect(page.get_by_role("status")).to_contain_text("Hamza Mahmood")


def test_the_page_works_without_scripts(browser: Browser, demo: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(demo)
    page.get_by_label("You are").select_option("tom")
    page.get_by_role("button", name="Show").click()
    text(page, "Ella won't be in today, high temp")
    expect(page.locator(".card", has_text="Ella Price")).to_be_visible()
    page.locator(".card", has_text="Ella Price").get_by_role("button", name="Confirm I").click()
    expect(page.locator(".card", has_text="Ella Price")).to_contain_text("Confirmed as I")
    context.close()


WIDTHS = (360, 390, 768, 1280)


def faults(page: Page) -> dict[int, list[str]]:
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found[width] = violations(page) + (["the page is wider than the window"] if overflow(page) > 0 else [])
    return {width: said for width, said in found.items() if said}


def test_nothing_overflows_and_axe_finds_nothing_at_any_width(page: Page, own_demo: str) -> None:
    page.goto(f"{own_demo}?as=grace")
    assert not faults(page)
    text(page, "Sam poorly and Leo has the dentist at 2")
    expect(page.locator(".card")).to_have_count(2)
    text(page, "ruby " + "vomiting" * 30)
    expect(page.locator(".talk .mine")).to_have_count(2)
    page.get_by_role("button", name="Confirm I").click()
    expect(page.locator("#board")).to_contain_text("Confirmed as I")
    assert not faults(page)
    page.goto(f"{own_demo}?as=hannah&by=telegram")
    text(page, WORRY)
    expect(page.locator("#board")).to_contain_text("Being dealt with: do not contact home")
    page.goto(f"{own_demo}?as=grace&by=telegram&role=lead")
    text(page, "off sick")
    expect(page.locator(".talk .buttons")).to_have_count(1)
    expect(page.locator("#board")).to_contain_text(WORRY)
    assert not faults(page)


def test_words_of_a_parent_are_shown_as_words(page: Page, demo: str) -> None:
    page.goto(demo)
    text(page, "Maya poorly <img src=x onerror=alert(1)> & sick")
    expect(page.locator(".talk .mine .bubble").last).to_contain_text("<img src=x onerror=alert(1)> & sick")
    expect(page.locator("#board img")).to_have_count(0)
