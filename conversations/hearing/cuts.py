"""Where one stretch of a text ends and the next begins, so that a "not" or an "if" reaches no further than it holds."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from conversations.hearing.names import CHILD, FIRST, OTHER, UNKNOWN

if TYPE_CHECKING:
    from conversations.hearing.phrases import Hit
    from conversations.hearing.segments import Found

STOPS = frozenset(".!?;\n")
SOFT = frozenset({",", "-", "(", ")", ":"})
# What makes a sentence news about a child rather than a name alone.
TOPICAL = frozenset({
    "sickness", "appointment", "travel", "absence_other", "leave", "say", "claims_present", "attendance_query",
    "barrier", "correction", "talk",
})  # fmt: skip
# What is told of a family before its children are named.
CAUSES = ("travel.", "leave.", "absence_other.", "talk.", "scope.")


def cuts(found: Found) -> list[int]:
    """The words at which a new stretch begins."""
    words, small = found.words, found.small
    inside = {at for hit in found.hits for at in range(hit.first + 1, hit.last)}
    inside |= {at for first, last, _, _ in found.days for at in range(first + 1, last)}
    inside |= {at for clock in found.clocks for at in range(clock.first + 1, clock.last)}
    dated = inside | {first for first, _, _, _ in found.days} | {clock.first for clock in found.clocks}
    # The "morning" of "this morning" greets nobody.
    told = (hit for hit in found.hits if hit.concept != "talk.smalltalk" or hit.first not in dated)
    topical = sorted(hit.first for hit in told if hit.concept.partition(".")[0] in TOPICAL)
    people = {person.first for person in found.people if person.kind in {CHILD, OTHER, UNKNOWN, FIRST}}
    # "Ho sakta hai Maya na aye": what opens a "maybe" closes nothing.
    hedged = {hit.last for hit in found.hits if hit.concept == "scope.hypothetical"}
    result: list[int] = []
    for at, word in enumerate(words):
        if at == 0:
            continue
        before = words[at - 1].norm
        if words[at - 1].kind == "mark" and (
            before in STOPS
            or (before in SOFT and at - 1 not in inside and at not in inside and not enumerated(at, found))
        ):
            result.append(at)
        elif at in inside or word.kind == "mark":
            continue
        elif (
            (at in people and before in small["closers"] and at not in hedged)
            or (word.norm in small["breaks"] and not _only(at, result, found))
            or (word.norm in small["joins"] and not _listed(at, result, found) and _parts(at, topical, result, found))
            or (word.norm in small["joins"] and (elliptic(at, found) or dated_alone(at, result, found)))
        ):
            result.append(at)
    return result


def _only(at: int, result: list[int], found: Found) -> bool:
    """Whether a word that is "but" as well as "only" follows a name that opens its stretch: "Hussein only"."""
    start = result[-1] if result else 0
    return found.words[at].norm in found.small.get("only", ()) and any(
        person.last == at and person.first <= start + 1 and person.rule.startswith("name") for person in found.people
    )


def _listed(at: int, result: list[int], found: Found) -> bool:
    """Whether "and" joins two names of those whom the household's own trouble makes late: nothing else is told yet."""
    start = result[-1] if result else 0
    if at not in found.ended or at + 1 not in found.named:
        return False
    before = [hit for hit in found.hits_in(range(start, at)) if hit.concept.partition(".")[0] in TOPICAL]
    name = next((person.first for person in found.people if person.last == at), at)
    # "Friday is Eid, so Umar and Hafsa will be off".
    cause = all(hit.last <= name and hit.concept.startswith(CAUSES) for hit in before)
    travels = all(hit.concept.startswith("travel.") for hit in before)
    return travels or cause or _said_again(before, name, at, found)


def _said_again(before: list[Hit], name: int, at: int, found: Found) -> bool:
    """Whether what is told before two names is told after them again: "running late, sorry, Ana and Ben are late"."""
    if any(hit.last > name for hit in before):
        return False
    words, breaks = found.words, found.small["breaks"]
    end = next((i for i in range(at + 1, len(words)) if words[i].norm in STOPS or words[i].norm in breaks), len(words))
    after = [hit for hit in found.hits if at < hit.first < end and hit.concept.partition(".")[0] in TOPICAL]
    told = {hit.concept for hit in before if not hit.concept.startswith(CAUSES)}
    again = {hit.concept for hit in after if not hit.concept.startswith(CAUSES)}
    return bool(told) and told == again


def _parts(at: int, topical: list[int], result: list[int], found: Found) -> bool:
    """Whether "and" joins two statements: something is said on both sides."""
    start = result[-1] if result else 0
    if bisect_left(topical, start) == bisect_left(topical, at):
        return False
    after = bisect_right(topical, at)
    if after == len(topical):
        return False
    between = (found.words[each].norm for each in range(at + 1, topical[after] + 1))
    return not any(norm in STOPS or norm in found.small["breaks"] for norm in between)


def enumerated(at: int, found: Found) -> bool:
    """Whether the comma before a name stands in a list of names: "leave for Ben, Mia and Theo from Monday"."""
    words, small = found.words, found.small
    ends, first = found.named, found.ended.get(at - 1)
    if first is None or words[at - 1].norm != "," or (first and words[first - 1].norm in small["not"]):
        return False
    while at in ends:
        last = ends[at]
        if last < len(words) and words[last].norm in small["joins"]:
            return last + 1 in ends
        at = last + 1
        if last >= len(words) or words[last].norm != ",":
            return False
    return False


def dated_alone(at: int, result: list[int], found: Found) -> bool:
    """ "Leo has the dentist on Thursday at 9 and Maya on Friday at 2": an "and" before a name with its own day or hour.

    Somebody else with one stands before it, and nothing else is said of the second.
    """
    words, small = found.words, found.small
    start = result[-1] if result else 0
    named = [person for person in found.people if person.kind == CHILD and person.rule.startswith("name")]
    last = next((person.last for person in named if person.first == at + 1), None)
    earlier = [person for person in named if start <= person.first and person.last <= at]
    if last is None or not earlier or any(person.last == at for person in earlier):
        return False
    spans = [(first, end) for first, end, _, _ in found.days] + [(each.first, each.last) for each in found.clocks]
    stops = (i for i in range(last, len(words)) if words[i].norm in STOPS | SOFT | small["breaks"])
    end = next(stops, len(words))
    own = {i for first, until in spans if last <= first and until <= end for i in range(first, until)}
    before = any(earlier[0].last <= first and until <= at for first, until in spans)
    idle = small["prepositions"] | small["on_days"] | small["beside_names"] | small.get("auxiliaries", frozenset())
    rest = {words[i].norm for i in range(last, end) if i not in own}
    return bool(own) and before and rest <= idle


def elliptic(at: int, found: Found) -> bool:
    """Whether a name with a bare auxiliary follows an "and": "Ben won't be in and Mia will"."""
    words, small = found.words, found.small
    if at + 1 not in found.named:
        return False
    named = [person for person in found.people if person.kind == CHILD and person.rule.startswith("name")]
    last = next((person.last for person in named if person.first == at + 1), None)
    # "But Ben and Mia will": both are named before it.
    if last is None or any(person.last == at for person in named):
        return False
    ends = (
        each for each in range(last, len(words)) if words[each].kind == "mark" or words[each].norm in small["breaks"]
    )
    spoken = {words[each].norm for each in range(last, next(ends, len(words)))}
    auxiliaries = small.get("auxiliaries", frozenset())
    return bool(spoken & auxiliaries) and spoken <= auxiliaries | small["not"] | small["beside_names"]
