"""Parts of a day in a text: this morning, after lunch, all day; what they mean for an absence is for its clause."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import Kind, Part
from conversations.hearing.clocks import Clock, Found
from conversations.hearing.normalise import Word

PARTS = (("part.all", Part.ALL), ("part.pm", Part.PM), ("part.am", Part.AM), ("part.lunch", Part.PM))


def part(words: Sequence[Word], at: int, found: Found) -> Clock | None:
    """A part of the day, as said; what it means for the absence is for the clause to tell."""
    if at and words[at].start == words[at - 1].start:
        return None  # The "am" of "im" is no time of day.
    if greets(words, at, found):
        return None
    for concept, value in PARTS:
        last = found.get((concept, at))
        if last is not None:
            return Clock(at, last, Kind.PART, value, role_behind(last, value, found) or part_role(at, found), concept)
    return None


def greets(words: Sequence[Word], at: int, found: Found) -> bool:
    """ "Good morning", or "Morning" before a text: a greeting, unless it is all that is said."""
    return at in found.greetings or (at == 0 and len(words) > 2 and found.opens)


def role_behind(last: int, value: Part, found: Found) -> str:
    """ "Subah se bukhar hai", "dopahar tak nahi aye ga": "since" and "until" stand behind in some languages."""
    if value is Part.AM and ("calendar.from_after", last) in found:
        return "lasting"
    return "until" if value is Part.PM and ("calendar.until_after", last) in found else ""


def part_role(at: int, found: Found) -> str:
    """Whether "until" stands right before a part of the day, a return within three words, or "since" within six."""
    ends = {concept for last in (at, at - 1) for concept, _ in found.ends.get(last, ())}
    near = {concept for last in range(max(0, at - 3), at + 1) for concept, _ in found.ends.get(last, ())}
    lately = {concept for last in range(max(0, at - 6), at + 1) for concept, _ in found.ends.get(last, ())}
    # "Pana la" and "la pranz" share a word.
    across = any(concept == "calendar.until" and first < at for concept, first in found.ends.get(at + 1, ()))
    if "calendar.until" in ends or across:
        return "until"
    if "calendar.since" in lately or "calendar.back" in near:
        return "since" if "calendar.since" in lately else "back"
    # "Od rana" is a since with the part of the day in it: where the child is away, or where an appointment begins.
    within = any(concept == "calendar.since" and first < at for concept, first in found.ends.get(at + 1, ()))
    return "lasting" if within else ""
