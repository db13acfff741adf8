"""What the demo's page says for the codes of the API, in plain English."""

from __future__ import annotations

from collections.abc import Mapping

KINDS: Mapping[str, str] = {
    "sickness": "Ill",
    "lateness": "Late",
    "appointment": "Appointment",
    "absence_other": "Away",
}
REASONS: Mapping[str, str] = {
    "infectious": "infectious illness", "injury": "injury", "mental_health": "mental health", "gi": "upset stomach",
    "respiratory": "cold or cough", "fever": "temperature", "pain": "pain", "medical_other": "other illness",
    "traffic": "traffic", "transport": "transport", "overslept": "overslept", "weather": "weather",
    "child_unwell": "not quite well", "family": "family", "dental": "dentist", "optical": "optician",
    "medical": "doctor or hospital", "bereavement": "bereavement", "school_transport": "school transport",
    "family_emergency": "family emergency", "religious": "religious day", "housing": "housing",
    "suspension": "suspension", "other": "other reason",
}  # fmt: skip
# What stands on the staff's list, as a sentence; a code that is not here is shown as it is, without its underscores.
WHY: Mapping[str, str] = {
    "claims_present": "Says the child is in school: check now",
    "unknown_sender": "A number that nobody knows",
    "told_absent": "Missing, and wrote of today: read it, then ring",
    "asked_for_a_person": "Asks for a person",
    "leave": "About leave: a person decides",
    "leave_undecided": "Leave begins soon, and the head has not decided",
    "unheard": "Not understood: please read",
    "not_understood": "Not understood after three tries",
    "not_what_was_meant": "We took it wrongly: please read",
    "pupil_writes": "May have been sent by a pupil",
    "media": "Sent a picture",
    "evidence": "Sent what you asked to be shown: look at it",
    "evidence_unread": "Sent something that we could not open: ring",
    "collection": "About who collects a child: ring",
    "whereabouts": "Asks where a child is: ring",
    "new_details": "New details: ring a number on record",
    "barrier": "Asks for help",
    "support_accepted": "Says yes to what we offered: get back to them",
    "support_question": "Asks about what we offered",
    "support_time": "Wants another time for what we offered",
    "support_taken_back": "Takes back a yes to what we offered",
    "support_late": "Answers an offer that was withdrawn: get back to them",
    "support_unclear": "A yes whose question cannot be found: ask again",
    "support_not_sent": "An offer could not be made: ring",
    "contradiction": "Two contacts say different things",
    "after_confirm": "A change after staff had confirmed",
    "may_not_report": "Reported by somebody who may not",
    "attendance_query": "Asks for attendance figures",
    "illness_question": "Asks about an illness",
    "leaving_school": "Says that a child leaves the school",
    "red_flag": "Sounds serious: was told to ring 999",
    "wrong_number": "Says this is a wrong number",
    "other_school_matter": "Another matter of the school",
    "lead_granted": "Somebody may now read worrying texts",
    "looping": "A machine may be answering us",
    "another_child": "About a child not on our list",
    "far_ahead": "A day far ahead",
    "long_ago": "A day long past",
    "opted_out": "Said STOP: we can text this parent no more",
}
WORRIES: Mapping[str, str] = {
    "domestic_violence": "Violence at home", "abuse": "Abuse", "self_harm": "Self-harm", "suicide": "Suicide",
    "exploitation": "Exploitation", "weapon": "A weapon", "missing": "A child is missing",
    "left_alone": "A child is left alone", "stranger": "A stranger", "thread_held": "A later text of the same parent",
    "weighed": "No single word, but all of them together",
}  # fmt: skip


def why(code: str, words: Mapping[str, str] = WHY) -> str:
    """The sentence for a code."""
    return words.get(code) or code.replace("_", " ").capitalize()


LEAVE: Mapping[str, str] = {
    "asked": "Waits for your decision",
    "granted": "You agreed",
    "part": "You agreed to some days",
    "refused": "You did not agree",
    "withdrawn": "Taken back by the parent",
}
MOODS: Mapping[str, str] = {"good": "good", "ok": "all right", "low": "hard"}
OFFERS: Mapping[str, str] = {"call": "A call", "meeting": "A meeting", "team": "A team around the child"}
# How an offer stands.
STEPS: Mapping[str, str] = {
    "offered": "offered, no answer yet",
    "accepted": "welcome: ring them",
    "declined": "not wanted, which is all right",
    "asked": "they have a question",
    "taken_back": "taken back by them",
    "withdrawn": "withdrawn",
}
# Why a text that nobody asked for waits.
WHY_WAITING: Mapping[str, str] = {
    "hours": "waits for the morning",
    "budget": "waits for next week: this week's texts are used up",
    "conversation": "waits until they have answered what is open",
}


def count(number: int, one: str, many: str = "") -> str:
    """So many of something, in words."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def segments(number: int) -> str:
    """How much of a bill a text is."""
    return count(number, "segment")


def what(kind: str, reason: str | None, session: str) -> str:
    """An absence in a few words: what it is, why, how much of the day."""
    named = [KINDS.get(kind, kind)]
    if reason and reason != "unspecified":
        named.append(REASONS.get(reason, reason.replace("_", " ")))
    elif kind == "absence_other":
        named.append("no reason given")
    return f"{', '.join(named)} · {session}"
