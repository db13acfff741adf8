"""Minutes in a text: how late somebody is, or in how long they come."""

from __future__ import annotations

from collections.abc import Sequence

from conversations.acts import Kind
from conversations.hearing.clocks import Clock, Found, number
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.normalise import Word

LONGEST_LATE = 180


def minutes(words: Sequence[Word], at: int, found: Found, lexicon: Lexicon) -> list[Clock]:
    """A stretch of minutes up to three hours: how late somebody is, or in how long they come."""
    for concept, length in (
        ("time.hour_half", 90),
        ("time.half_hour", 30),
        ("time.quarter_hour", 15),
        ("time.third_hour", 20),
        ("time.hour", 60),
    ):
        if (concept, at) in found and ("time.quarter_past", at) not in found:
            return [Clock(at, found[concept, at], Kind.MINUTES, length, "", "minutes.spoken")]
    if ("calendar.couple", at) in found and ("calendar.minutes", found["calendar.couple", at]) in found:
        after = found["calendar.couple", at]
        return [Clock(at, found["calendar.minutes", after], Kind.MINUTES, 5, "", "minutes.few")]
    count = number(words, at, lexicon)
    if count is None:
        return []
    after = at + 1
    if after + 1 < len(words) and (
        words[after].norm in {"-", "/"} or ("calendar.to", after) in found or words[after].norm in lexicon.small["or"]
    ):
        upper = number(words, after + 1, lexicon)
        if upper is not None and upper > count and ("calendar.minutes", after + 2) in found:
            count, after = upper, after + 2
    # "At two d-el-3ashiya": in Morocco "of the afternoon" begins as "minutes" do.
    half = max(found.get(("time.am", after), 0), found.get(("time.pm", after), 0))
    if ("calendar.minutes", after) in found and half <= found["calendar.minutes", after]:
        last = found["calendar.minutes", after]
        return [Clock(at, last, Kind.MINUTES, count, "", "minutes")] if 0 < count <= LONGEST_LATE else []
    if ("calendar.hours", after) in found and count <= LONGEST_LATE // 60:
        return [Clock(at, found["calendar.hours", after], Kind.MINUTES, count * 60, "", "minutes.hours")]
    before = words[at - 1].norm if at else ""
    pair = " ".join(word.norm for word in words[max(0, at - 2) : at])
    ends = (
        after >= len(words)
        or (words[after].kind == "mark" and words[after].norm not in {"-", "/"})
        or words[after].norm in lexicon.small["sign_offs"]
    )
    asked = before == "in" or pair in lexicon.small.get("give_minutes", frozenset())
    if asked and ends and words[at].kind == "number" and count <= 60 and ("time.back", at - 1) not in found:
        return [Clock(at, after, Kind.MINUTES, count, "", "minutes.bare")]
    return []
