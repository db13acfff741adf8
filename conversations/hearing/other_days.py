"""Days of something else than an absence: the end of a wait, a call that is to come, a form that was filled in."""

from __future__ import annotations

from typing import TypeAlias

from conversations.hearing.resolving import Span
from conversations.hearing.segments import Found, Segment

Dated: TypeAlias = "tuple[int, int, Span, str]"

REACH = 4  # How far before a day what it is said of may stand: "no PE or swimming for a week".


def awaits(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "Can't get her seen until Monday": the end of a wait, and of no absence."""
    awaited = found.small.get("awaited", frozenset())
    near = range(max(segment.first, dated[0] - REACH), dated[0])
    last = max((at for at in near if found.words[at].norm in awaited), default=None)
    if dated[2].role != "until" or last is None:
        return False
    return not any(s.hit.concept == "say.absent" and s.hit.last > last for s in segment.signs)


def meanwhile(dated: Dated, segment: Segment, found: Found) -> bool:
    """ "Will ring you tomorrow": a day on which something else is done than being off."""
    if any(sign.table != "talk" for sign in segment.signs) or dated[2].role != "on":
        return False
    near = {found.words[at].norm for at in range(max(segment.first, dated[0] - 5), dated[0])}
    over = dated[2].last is not None and dated[2].last < found.today
    if over and near & found.small.get("done_words", frozenset()):
        # "I filled in the form last week".
        return True
    # Where the verb comes last it follows its day: "kal bata nahi saki".
    after = {found.words[at].norm for at in range(dated[1], min(segment.last, dated[1] + 3))}
    return bool(near & found.small["later_words"] or after & found.small.get("told_words", frozenset()))
