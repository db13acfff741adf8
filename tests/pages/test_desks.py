"""Each conversation that a visitor of the demo can have with the school, to the click of staff that belongs to it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from school.rules.bank_holidays import bank_holidays
from tests.pages.test_demo_page import overflow, text, violations

pytestmark = pytest.mark.browser


def at(page: Page, url: str, who: str, role: str = "office", by: str = "telegram") -> None:
    page.goto(f"{url}?as={who}&role={role}&by={by}")


def desk(page: Page, key: str) -> Locator:
    """A group of a desk, opened."""
    group = page.locator(f"#desk-{key}")
    if group.get_attribute("open") is None:
        group.locator("summary").click()
    return group


def hears(page: Page, words: str) -> None:
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text(words)


def a_day_off(page: Page) -> str:
    """A school day at least a week after the demo's own day, whatever day the test is run on: "3 December"."""
    shown = page.locator("time[datetime]").first.get_attribute("datetime") or ""
    day = date.fromisoformat(shown[:10]) + timedelta(weeks=1)
    while day.isoweekday() > 5 or day in bank_holidays(day, day):
        day += timedelta(days=1)
    return f"{day.day} {day:%B}"


def test_leave_is_asked_read_back_and_decided_by_the_head(page: Page, demo: str) -> None:
    at(page, demo, "niall", "head")
    words = f"can we have {a_day_off(page)} off for my sister's wedding"
    text(page, words)
    hears(page, "Shall we ask?")
    text(page, "1")
    asked = desk(page, "leave").locator("li", has_text="Zoë")
    expect(asked).to_contain_text(words)
    asked.get_by_role("button", name="Agree", exact=False).first.click()
    hears(page, "the head agrees")
    expect(asked).to_contain_text("You agreed")
    expect(asked.get_by_role("button")).to_have_count(0)


def test_what_came_by_the_other_channel_is_not_overlooked(page: Page, demo: str) -> None:
    at(page, demo, "nadia", "head", by="sms")
    text(page, f"can aisha have {a_day_off(page)} off for a family wedding")
    hears(page, "1")
    text(page, "1")
    asked = desk(page, "leave").locator("li", has_text="Aisha")
    asked.get_by_role("button", name="Do not agree").click()
    page.get_by_role("link", name="Hollybank wrote by Telegram").click()
    expect(page.locator(".talk .theirs")).to_have_count(1)


def test_what_makes_it_hard_reaches_those_who_help_and_a_call_is_offered(page: Page, demo: str) -> None:
    at(page, demo, "grace", "pastoral")
    text(page, "Leo gets so anxious in the mornings I can't get him out of the door")
    case = desk(page, "cases").locator("li", has_text="Leo")
    case.get_by_role("button", name="Offer a call").click()
    hears(page, "we'd like to help Leo")
    expect(case).to_contain_text("A call: offered, no answer yet")
    text(page, "1")
    expect(case).to_contain_text("A call: welcome: ring them")


def test_a_person_answers_in_the_same_thread_and_nothing_waits_any_more(page: Page, demo: str) -> None:
    at(page, demo, "hannah")
    text(page, "can someone ring me please")
    item = page.locator(".waiting li", has_text="can someone ring me please")
    item.locator("summary").click()
    item.get_by_label("Your answer").fill("We will ring you at ten.")
    item.get_by_role("button", name="Answer").click()
    hears(page, "We will ring you at ten.")
    expect(item).to_have_count(0)


def test_what_needs_no_answer_is_done_by_a_click(page: Page, demo: str) -> None:
    at(page, demo, "somebody", by="sms")
    text(page, "Your parcel is waiting, pay the fee here")
    item = page.locator(".waiting li", has_text="Your parcel is waiting")
    item.locator("summary").click()
    item.get_by_role("button", name="Done").click()
    expect(item).to_have_count(0)


def test_evidence_is_asked_for_by_a_click_and_never_by_itself(page: Page, demo: str) -> None:
    at(page, demo, "grace")
    text(page, "Ruby has the dentist at 2")
    card = page.locator(".card", has_text="Ruby Okafor")
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text("Ruby")
    expect(desk(page, "evidence")).to_contain_text("nothing is asked for by itself")
    heard = page.locator(".talk .theirs").count()
    card.get_by_role("button", name="Ask to see something").click()
    asked = page.locator("#desk-evidence li", has_text="Ruby")
    expect(asked).to_contain_text("Asked of Grace Okafor")
    expect(page.locator(".talk .theirs")).to_have_count(heard + 1)
    asked.get_by_role("button", name="We have seen it").click()
    expect(asked).to_contain_text("Closed")


def test_a_broadcast_is_previewed_approved_and_heard(page: Page, demo: str) -> None:
    at(page, demo, "tom")
    group = desk(page, "broadcasts")
    group.get_by_label("To all families").fill("Book fair in the hall on Friday.")
    group.get_by_role("button", name="Write it").click()
    draft = page.locator("#desk-broadcasts li", has_text="Book fair in the hall on Friday.")
    expect(draft).to_contain_text("in English for want of a translation")
    expect(page.locator(".talk .theirs")).to_have_count(0)
    draft.get_by_role("button", name="Approve").click()
    hears(page, "Book fair in the hall on Friday.")


def test_a_helper_is_added_after_a_call_and_reports_the_child(page: Page, demo: str) -> None:
    at(page, demo, "somebody", by="sms")
    group = desk(page, "helpers")
    group.get_by_label("Name").fill("Ines Moor")
    group.get_by_label("Whom, and whom you rang").select_option(label="Ella: rang Hannah Price")
    group.get_by_role("button", name="Add the helper").click()
    expect(page.locator("#desk-helpers li", has_text="Ines Moor")).to_contain_text("is told nothing")
    text(page, "Ella won't be in today, she has a cold")
    expect(page.locator(".card", has_text="Ella Price")).to_contain_text("she has a cold")


def test_what_is_refused_is_said_where_everybody_sees_it_and_what_was_typed_stays(page: Page, demo: str) -> None:
    at(page, demo, "joanne")
    group = desk(page, "helpers")
    group.get_by_label("Name").fill("Nora Vale")
    group.get_by_label("Their number").fill("12")
    group.get_by_role("button", name="Add the helper").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("phone: ")
    expect(group.get_by_label("Name")).to_have_value("Nora Vale")


def test_days_missed_are_prepared_for_staff_to_look_at(page: Page, demo: str) -> None:
    at(page, demo, "joanne")
    group = desk(page, "updates")
    group.get_by_role("button", name="Prepare it").click()
    expect(page.locator("[role=alert]:visible, #desk-updates li:has-text('Prepared')")).to_have_count(1)


def test_how_was_school_is_asked_after_school_and_seen_by_name_where_it_may_be(page: Page, own_demo: str) -> None:
    at(page, own_demo, "niall")
    page.get_by_text("This morning's register").click()
    page.get_by_role("button", name="All others are here").click()
    expect(page.locator(".register li", has_text="Zoë Sinclair").locator("code")).to_have_text("/")
    page.get_by_role("button", name="15:50").click()
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text(re.compile("Zo[eë]"))
    page.locator(".talk .buttons button").first.click()
    expect(page.locator(".talk .theirs .bubble").last).to_contain_text("Thank you")
    at(page, own_demo, "niall", "pastoral")
    expect(page.locator("#desk-answers li", has_text="Zoë")).to_contain_text("good")
    at(page, own_demo, "niall", "head")
    expect(page.locator("#desk-trends")).to_contain_text("Too few answers to show")
    expect(page.locator("#desk-trends")).not_to_contain_text("Zoë")


def test_the_lead_lets_a_family_go(page: Page, own_demo: str) -> None:
    at(page, own_demo, "hannah")
    text(page, "Ella's dad hit me last night, please don't ring him")
    held = page.locator(".block", has_text="Being dealt with: do not contact home")
    expect(held).to_contain_text("Ella Price")
    at(page, own_demo, "hannah", "lead")
    page.get_by_role("button", name="let the family go").click()
    expect(page.get_by_role("button", name="let the family go")).to_have_count(0)
    at(page, own_demo, "hannah")
    expect(page.locator("#board")).to_be_visible()
    expect(held).to_have_count(0)


@pytest.mark.parametrize("role", ["office", "head", "pastoral", "lead"])
def test_every_desk_can_be_read_by_everybody_and_on_a_phone(page: Page, demo: str, role: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    at(page, demo, "joanne", role)
    for group in page.locator("details").all():
        group.evaluate("each => { each.open = true; }")
    assert not violations(page)
    assert overflow(page) <= 0


def test_what_is_being_typed_survives_what_happens_meanwhile(page: Page, demo: str) -> None:
    at(page, demo, "joanne")
    group = desk(page, "helpers")
    group.get_by_label("Name").fill("Half a na")
    other = page.context.new_page()
    at(other, demo, "nadia")
    text(other, "aisha late doctor")
    expect(page.locator("#board")).to_contain_text("aisha late doctor")
    expect(page.get_by_label("Name")).to_have_value("Half a na")
