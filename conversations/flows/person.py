"""What goes to a person: which topics, under which code, and what the parent is told meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from conversations.acts import Say, Topic
from conversations.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """How a topic reaches a person: `why` on the staff's list, and what is said in office hours.

    `always` words are said out of hours too, before those that say that nobody reads now (care rule 10: nothing
    has changed, ring us).
    """

    why: str
    key: str = "person"
    always: bool = False


ROUTES: Mapping[Topic, Route] = MappingProxyType(
    {
        Topic.CLAIMS_PRESENT: Route(why="claims_present", key="person.claims_present"),
        Topic.COLLECTION: Route(why="collection", key="person.collection", always=True),
        Topic.WHEREABOUTS: Route(why="whereabouts", key="person.whereabouts", always=True),
        Topic.NEW_DETAILS: Route(why="new_details", key="person.new_details", always=True),
        Topic.LEAVE: Route(why="leave", key="person.leave"),
        Topic.BARRIER: Route(why="barrier", key="person.barrier"),
        Topic.ATTENDANCE_QUERY: Route(why="attendance_query"),
        Topic.CHECKIN_REPLY: Route(why="checkin_reply", key="person.checkin"),
        Topic.HUMAN: Route(why="asked_for_a_person", key="person.talk"),
        Topic.ILLNESS_QUESTION: Route(why="illness_question", key="person.illness"),
        Topic.LEAVING_SCHOOL: Route(why="leaving_school"),
        Topic.WRONG_NUMBER: Route(why="wrong_number", key="person.wrong_number"),
        Topic.OTHER_SCHOOL_MATTER: Route(why="other_school_matter"),
    }
)

# What is said to whoever asks for a person, in hours.
TALK = "person.talk"
BEREAVED = "person.leave_bereavement"

# Which of several is told to the parent: what could hurt first.
URGENCY = (
    "person.claims_present",
    "person.collection",
    "person.whereabouts",
    "person.new_details",
    "person.barrier",
    BEREAVED,
    "person.leave",
    "person.illness",
)

# A day of faith is a notice and not a request (care rule 16); a funeral asks for no form.
_LEAVE = {"religious": "person.leave_religious", "bereavement": BEREAVED}


def leave_key(reason: str | None) -> str:
    """What is said to a text about leave, which nobody can agree to by text."""
    return _LEAVE.get(reason or "", "person.leave")


def meanwhile(key: str, context: Context, *, always: bool = False) -> tuple[Say, ...]:
    """What a parent is told while a person has not read yet: `key` in hours, that nobody reads out of hours."""
    if context.office_open:
        return (_hours(context) if key == TALK else Say(key=key),)
    return (Say(key=key), closed(context)) if always else (closed(context),)


def _hours(context: Context) -> Say:
    """To whoever asks for a person: by when one usually answers, and when the office is open."""
    by, opens, closes = context.answer_by, context.school.opens, context.school.closes
    if by is None or opens is None or closes is None:
        return Say(key="person")
    shown = by.time() if by.date() == context.now.date() else by
    return Say(key=TALK, args={"by": shown, "opens": opens, "closes": closes})


def closed(context: Context) -> Say:
    """Care rule 7: nobody reads at night, and we say so. The same words whether or not a worry was heard."""
    if context.office_opens is None:
        return Say(key="person.closed_unknown" if context.school.care_line else "person.closed_unknown_bare")
    if not context.school.care_line:
        return Say(key="person.closed_bare", args={"at": context.office_opens})
    return Say(key="person.closed", args={"at": context.office_opens})
