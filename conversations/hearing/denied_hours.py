"""Hours that a text names as the ones that are not meant: "not 8.45, more like half nine"."""

from __future__ import annotations

from conversations.acts import Kind
from conversations.hearing.clocks import Clock
from conversations.hearing.segments import Found, Segment

# How far behind what is not meant the hour that is may begin, and how far before an hour its "not" may stand.
NEAR = 2
BEHIND_NOT = 3


def gives_way(clock: Clock, segment: Segment, found: Found) -> bool:
    """ "9 baje nahi 9:30 tak": where a "not" stands behind what is not meant, another hour follows it."""
    after = [word for word in found.words[clock.last : clock.last + 2] if word.norm != ","]
    if not after or after[0].norm not in found.small["not_behind"]:
        return False
    return any(other.kind is Kind.TIME and 0 < other.first - clock.last <= NEAR for other in segment.clocks)


def is_not(clock: Clock, found: Found) -> bool:
    """ "Not in for 8.45, more like half nine": an hour right behind a "not", before another."""
    near = [word.norm for word in found.words[max(0, clock.first - BEHIND_NOT) : clock.first]]
    denied = clock.role in {"at", "arrive"} and bool(found.small["not"] & set(near)) and "," not in near
    return denied and any(other.kind is Kind.TIME and other.first > clock.last for other in found.clocks)
