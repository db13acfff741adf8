"""Every conversation between a family and the school, one after the other through one week of one house.

Each says what an adult writes and what then stands on the phone, on whichever channel; staff do their part through the
API. What is read are the words that matter in it, not the whole reply: the transcripts hold those.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from io import BytesIO
from typing import Any

from PIL import Image

from tests.fifteen.school import FAMILIES, STRANGER, Story, at, until

# Both channels' budgets are smaller.
MORE_THAN_A_WEEK = 7


def a_week(story: Story) -> None:
    """All of them, in the order of the clock."""
    story.side.move(at(story.tuesday, 7, 50))
    _marks_of_last_week(story)
    tuesday_before_school(story)
    two_homes(story)
    talk_to_a_person(story)
    joining_and_identity(story)
    the_morning_chase(story)
    attendance(story)
    leave(story)
    what_makes_it_hard(story)
    back_today(story)
    evidence(story)
    the_blast_brake(story)
    how_was_school(story)
    a_broadcast(story)
    the_weeks_budget(story)


def _marks_of_last_week(story: Story) -> None:
    for before in (7, 6, 5):
        day = story.tuesday - timedelta(days=before)
        for class_name in ("4B", "2A"):
            story.register(day, class_name, **({"Nina": "I"} if before == 7 and class_name == "4B" else {}))


def tuesday_before_school(story: Story) -> None:
    """A report, a question about an illness, and a careful father's own choices."""
    story.says("Dora", "Omar is poorly today", "Omar is off today")
    assert story.absent("Omar", story.tuesday)["kind"] == "sickness"
    story.says("Finn", "how long should Rosa stay off with chicken pox", "NHS and UKHSA", "111")
    story.says("Hugo", "is this really the school?", "Yes, this is Hilltop")
    story.says("Hugo", "Lena has the dentist tomorrow at 10:30", "Lena has an appointment tomorrow")
    story.says("Hugo", "my reports", "Lena", "appointment tomorrow")
    story.says("Hugo", "po polsku", "polsku")
    story.says("Hugo", "english please", "English")


def two_homes(story: Story) -> None:
    """Both report; neither learns of the other."""
    story.says("Gwen", "Abel poorly today, sick in the night", "Abel is off today")
    heard = story.says("Gus", "Abel won't be in today", "Abel")
    assert "Gwen" not in heard
    assert "sick" not in heard
    story.silent("Gwen")


def talk_to_a_person(story: Story) -> None:
    """What is asked of a person is answered by one, in the same thread."""
    story.side.move(at(story.tuesday, 8, 40))
    story.says("Jo", "can someone at school ring me please", "person")
    [thread] = [each for each in _all(story, "/threads?limit=200") if each["address"] == story.side.address("Jo")]
    body = {"words": "We will ring you at ten."}
    headers = {"Idempotency-Key": "the-office-answers-jo"}
    story.side.ask("office", "POST", f"/threads/{thread['id']}/messages", json=body, headers=headers)
    story.hears("Jo", "We will ring you at ten.")


def joining_and_identity(story: Story) -> None:
    """A stranger learns nothing; a wrong number hears nothing of a child again."""
    heard = story.says(STRANGER, "Is Maya in school today?", "01632 960123")
    assert "Maya" not in heard
    story.says("Kay", "wrong number mate, I don't have kids", "Sorry")
    assert "wrong_number" in {each["why"] for each in _all(story, "/staff-items?open=true")}
    heard = story.says("Kay", "who is Dan", "01632 960123")
    assert "Dan" not in heard


def the_morning_chase(story: Story) -> None:
    """One child is unexplained: its parent is asked once, and answers."""
    story.side.move(at(story.tuesday, 9, 0))
    for who in FAMILIES:
        story.skip(who)
    story.register(story.tuesday, "4B", Sam="N", Omar="I", Abel="I")
    story.register(story.tuesday, "2A")
    story.side.move(at(story.tuesday, 9, 27))
    story.hears("Ben", "Sam isn't marked in today")
    story.says("Ben", "so sorry, he's got a tummy bug, was up all night", "Sam is off today")
    assert story.absent("Sam", story.tuesday)["reason_category"] == "gi"
    for who in ("Dora", "Gwen", "Gus", "Ada"):
        story.silent(who)


def attendance(story: Story) -> None:
    """How often was she away? Days, and no bare percentage."""
    heard = story.says("Carla", "how is Nina's attendance?", "Nina")
    assert "%" not in heard


def leave(story: Story) -> None:
    """Asked, read back, sent, decided by the head."""
    story.side.move(at(story.tuesday, 12, 5))
    story.says("Ada", "can we have 16th-19th March off for my brothers wedding in Lahore", "Maya", "The head decides")
    story.says("Ada", "1", "We've asked the head")
    [asked] = story.side.ask("head", "GET", "/leave-requests?status=asked")["items"]
    headers = {"If-Match": f'"{asked["version"]}"'}
    body = {"decision": "granted"}
    story.side.ask("head", "POST", f"/leave-requests/{asked['id']}/decision", json=body, headers=headers)
    story.hears("Ada", "the head agrees", "Maya")


def what_makes_it_hard(story: Story) -> None:
    """A barrier goes to pastoral staff; a call is offered, and welcome."""
    story.side.move(at(story.tuesday, 12, 20))
    story.says("Nell", "bea gets so anxious in the mornings i cant get her out of the door", "person at school")
    [case] = story.side.ask("pastoral", "GET", f"/support-cases?pupil={story.pupils['Bea']}")["items"]
    offer = {"kind": "call", "contact": case["contact"], "times": []}
    story.side.ask("pastoral", "POST", f"/support-cases/{case['id']}/offers", json=offer)
    story.hears("Nell", "we'd like to help Bea")
    story.says("Nell", "1", "will ring you about Bea")


def back_today(story: Story) -> None:
    """At the expected return, one question and one digit."""
    story.skip("Dora")
    story.side.move(at(story.wednesday, 7, 47))
    story.hears("Dora", "is Omar back at school today?")
    story.says("Dora", "1", "We'll see Omar")


def evidence(story: Story) -> None:
    """Only where staff ask: the photo comes by chat or by the link, is thanked, and stands with the case."""
    story.skip("Ben")
    absence = story.absent("Sam", story.tuesday)
    [ben] = [each["id"] for each in _all(story, "/contacts?limit=200") if each["name"] == "Ben"]
    body = {"absence": absence["id"], "contact": ben, "why": "The fifth Tuesday in a row."}
    asked = story.side.ask("office", "POST", "/evidence-requests", json=body)
    story.hears("Ben", "card or letter about Sam", "no rush")
    story.side.show("Ben", _photo())
    heard = story.hears("Ben", "We have what you sent")
    assert "Sam" not in heard

    def received() -> dict[str, Any] | None:
        row: dict[str, Any] = story.side.ask("office", "GET", f"/evidence-requests/{asked['id']}")
        return row if row["status"] == "received" else None

    found = until(received, "the photo should stand with the case")
    assert [(each["status"], each["content_type"]) for each in found["files"]] == [("kept", "image/jpeg")]
    assert "evidence" in {each["why"] for each in _all(story, "/staff-items?open=true")}
    headers = {"If-Match": f'"{found["version"]}"'}
    path = f"/evidence-requests/{asked['id']}/closing"
    closed = story.side.ask("office", "POST", path, json={"note": "Seen."}, headers=headers)
    assert closed["status"] == "closed"
    story.silent("Ben")


def _photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (80, 60), (200, 40, 40)).save(made, "JPEG")
    return made.getvalue()


def the_blast_brake(story: Story) -> None:
    """A whole class unmarked is no class of missing children: the alerts wait for one click."""
    story.side.move(at(story.wednesday, 9, 0))
    story.skip("Ivy")
    story.register(story.wednesday, "4B")
    story.register(story.wednesday, "2A", all="N")
    story.side.move(at(story.wednesday, 9, 27))
    held = until(lambda: story.side.ask("office", "GET", "/holds")["brake"], "the brake should hold")
    story.silent("Ivy")
    for hold in held:
        story.side.ask("office", "POST", f"/holds/{hold['id']}/release")
    story.side.move(at(story.wednesday, 9, 29))
    story.hears("Ivy", "Kit isn't marked in today")
    story.says("Ivy", "she has a temperature", "Kit is off today")


def how_was_school(story: Story) -> None:
    """Once a week, at the school's hour, of a child who was there."""
    story.side.move(at(story.thursday, 8, 50))
    story.register(story.thursday, "4B")
    story.register(story.thursday, "2A")
    story.skip("Eve")
    story.side.move(at(story.thursday, 15, 46))
    story.hears("Eve", "how was school for Tom?")
    story.says("Eve", "1", "Thank you")


def a_broadcast(story: Story) -> None:
    """To all, each family in its language."""
    for who in ("Mo", "Lil"):
        story.skip(who)
    texts = {"en": "Snow: Hilltop is closed tomorrow.", "pl": "Śnieg: jutro Hilltop jest zamknięta."}
    body = {"kind": "closure", "audience": {"to": "all"}, "texts": texts}
    made = story.side.ask("office", "POST", "/broadcasts", json=body)
    story.side.ask("head", "POST", f"/broadcasts/{made['id']}/approval")
    story.hears("Mo", texts["en"])
    story.hears("Lil", "jutro Hilltop jest")


def the_weeks_budget(story: Story) -> None:
    """More news than a family's week holds waits, and staff see that it does."""
    [mo] = [each["id"] for each in _all(story, "/contacts?limit=200") if each["name"] == "Mo"]

    def waiting() -> list[str]:
        rows = _all(story, f"/unasked-texts?contact={mo}&limit=200")
        return [row["id"] for row in rows if row["status"] == "waiting" and row["why"] == "budget"]

    def went_or_waits(number: int) -> bool:
        return any(f"News {number}." in each for each in story.side.heard("Mo")) or bool(waiting())

    story.says("Mo", "1", "Thank you")
    for number in range(MORE_THAN_A_WEEK):
        body = {
            "kind": "news",
            "audience": {"to": "all"},
            "texts": {"en": f"News {number}.", "pl": f"Nowina {number}."},
        }
        made = story.side.ask("office", "POST", "/broadcasts", json=body)
        story.side.ask("head", "POST", f"/broadcasts/{made['id']}/approval")
        # One at a time: those that become due at the same moment go as one text, and one text always fits.
        until(partial(went_or_waits, number), f"news {number} should go or wait")
    assert waiting(), "some of the news should wait for next week"
    story.hears("Mo", "News 0.")


def _all(story: Story, path: str) -> list[dict[str, Any]]:
    return list(story.side.ask("office", "GET", path)["items"])
