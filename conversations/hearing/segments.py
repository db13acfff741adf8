"""Cuts a text into stretches in which a "not" or an "if" holds, and says who each thing in them is about."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from conversations.acts import Kind
from conversations.hearing.clocks import Clock
from conversations.hearing.conditions import find_conditions
from conversations.hearing.cuts import STOPS, TOPICAL, cuts
from conversations.hearing.echoes import echoes
from conversations.hearing.names import CHILD, FIRST, OTHER, PRONOUN, UNKNOWN, WE, Person
from conversations.hearing.normalise import Word
from conversations.hearing.phrases import Hit
from conversations.hearing.resolving import Span

MARKERS = {
    "scope.negator", "scope.negator_after", "scope.hypothetical", "scope.question", "scope.request",
    "scope.reporting", "scope.past", "scope.question_mark", "scope.idiom", "scope.story",
}  # fmt: skip
REACH = 4
HEADS = frozenset({CHILD, PRONOUN, FIRST, WE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """One thing that a text says: the phrase, and in which scope it stands. `about` is CHILD, OTHER, FIRST or ""."""

    hit: Hit
    table: str
    name: str
    about: str = ""
    negated: bool = False
    hypothetical: bool = False
    question: bool = False
    request: bool = False
    segment: int = 0
    after_to: bool = False

    @property
    def stands(self) -> bool:
        """Whether it is plainly stated."""
        return not (self.negated or self.hypothetical or self.question or self.request)


@dataclass(slots=True, kw_only=True)
class Segment:
    """A stretch of a text, and all that was found in it."""

    number: int
    first: int
    last: int
    sentence: int
    question: bool = False
    request: bool = False
    hedged_from: int | None = None
    asks_from: int | None = None
    spoken: int = 0
    story: bool = False
    depends: bool = False
    echoes: bool = False
    against: bool = False
    hangs_before: int = -1
    people: list[Person] = field(default_factory=list)
    signs: list[Sign] = field(default_factory=list)
    days: list[tuple[int, int, Span, str]] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)

    def has(self, *tables: str) -> bool:
        """Whether something of one of these tables or concepts is said here."""
        return bool(self.signs) and any(
            sign.table in tables or f"{sign.table}.{sign.name}" in tables for sign in self.signs
        )


@dataclass(frozen=True, kw_only=True)
class Found:
    """All that the first steps of hearing found in a text, before scope."""

    words: Sequence[Word]
    hits: Sequence[Hit]
    people: Sequence[Person]
    days: Sequence[tuple[int, int, Span, str]]
    clocks: Sequence[Clock]
    small: Mapping[str, frozenset[str]]
    subject_after: bool = False
    loose: frozenset[int] = frozenset()
    nights: tuple[int, ...] = ()
    today: date = date.min

    @cached_property
    def aside(self) -> frozenset[int]:
        """The words of days, times and manners."""
        told = [*((first, last) for first, last, _, _ in self.days), *((each.first, each.last) for each in self.clocks)]
        told += [(hit.first, hit.last) for hit in self.hits if hit.concept == "talk.smalltalk"]
        return frozenset(at for first, last in told for at in range(first, last))

    @cached_property
    def begun(self) -> dict[int, list[Hit]]:
        """For each word the phrases that begin with it."""
        result: dict[int, list[Hit]] = {}
        for hit in self.hits:
            result.setdefault(hit.first, []).append(hit)
        return result

    @cached_property
    def denied(self) -> frozenset[int]:
        """The words right behind a "not" of several words."""
        nots = (hit for hit in self.hits if hit.concept == "scope.negator")
        return frozenset(hit.last for hit in nots if hit.last - hit.first > 1)

    @cached_property
    def named(self) -> dict[int, int]:
        """Where each name begins, and where it ends."""
        return {person.first: person.last for person in self.people if person.rule.startswith("name")}

    @cached_property
    def ended(self) -> dict[int, int]:
        """Where each name ends, and where it begins."""
        return {last: first for first, last in self.named.items()}

    def hits_in(self, places: range) -> list[Hit]:
        """The phrases that begin in a stretch of words."""
        return [hit for at in places for hit in self.begun.get(at, ())]


def segments(found: Found) -> list[Segment]:
    """The stretches of a text in order, with scope and subject worked out for everything in them."""
    cut = cuts(found)
    result: list[Segment] = []
    sentence = 0
    for number, (first, last) in enumerate(zip([0, *cut], [*cut, len(found.words)], strict=True)):
        if first and found.words[first - 1].norm in STOPS:
            sentence += 1
        result.append(Segment(number=number, first=first, last=last, sentence=sentence))
    # Each word's stretch, so that what begins at a word need not be looked for in all of them.
    home = [segment for segment in result for _ in range(segment.first, segment.last)]
    _fill(home, found)
    timed = {at for clock in found.clocks for at in range(clock.first, clock.last)}
    # "Zece fără un sfert": a "without" in an hour takes nothing back.
    markers = [hit for hit in found.hits if hit.concept in MARKERS and not timed.issuperset(range(hit.first, hit.last))]
    due = {clock.first for clock in found.clocks if clock.kind is not Kind.PART}
    # "Perhaps 45 minutes late": how late is not sure, and that is.
    markers = [hit for hit in markers if not (hit.concept == "scope.hypothetical" and hit.last in due and alone(hit))]
    marked: dict[int, list[Hit]] = {segment.number: [] for segment in result}
    for hit in markers:
        marked[home[hit.first].number].append(hit)
    for segment in result:
        _moods(segment, marked[segment.number], found)
    find_conditions(result, found)
    for before, segment in itertools.pairwise(result):
        if found.words[segment.first - 1].kind != "mark" and segment.sentence == before.sentence:
            # "Can you send me what you have her down as": the scope goes on over "as".
            segment.request |= before.request
            segment.question |= before.question and found.words[before.last - 1].norm != "?"
    denials = frozenset(hit.first for hit in markers if hit.concept == "scope.negator_after")
    subjects = [Subjects(result, segment, found) for segment in result]
    for hit in found.hits:
        if hit.concept not in MARKERS and hit.concept.partition(".")[0] in TOPICAL:
            segment = home[hit.first]
            about = subjects[segment.number].of(hit)
            segment.signs.append(_sign(hit, segment, marked[segment.number], denials, found, about))
    for segment, hit in echoes(result, found):
        table, _, name = hit.concept.partition(".")
        segment.echoes = True
        segment.signs.append(Sign(hit=hit, table=table, name=name, about=CHILD, segment=segment.number))
    return result


def _fill(home: Sequence[Segment], found: Found) -> None:
    """Puts people, days and times into the stretch in which they begin."""
    for word, segment in zip(found.words, home, strict=True):
        segment.spoken += word.kind != "mark"
    for person in found.people:
        home[person.first].people.append(person)
    for each in found.days:
        home[each[0]].days.append(each)
    for clock in found.clocks:
        home[clock.first].clocks.append(clock)


def alone(hit: Hit) -> bool:
    """Whether a phrase is a single word."""
    return hit.last - hit.first == 1


def _moods(segment: Segment, inside: list[Hit], found: Found) -> None:
    """Whether a stretch asks a question or asks the school to do something."""
    words, small = found.words, found.small
    opening = segment.first
    while opening < segment.last and (words[opening].norm in small["openers"] or words[opening].norm == ","):
        opening += 1
    segment.story = any(hit.concept == "scope.story" for hit in inside)
    segment.against = words[segment.first].norm in small["but"]
    reporting = [hit for hit in inside if hit.concept == "scope.reporting"]
    # "Could you mark her down as late" reports.
    asked = [hit for hit in inside if hit.concept == "scope.question" and not meets(hit, reporting)]
    leads = any(hit.first <= opening + 1 for hit in reporting) and not asked
    segment.question = (words[segment.last - 1].norm == "?" and not leads) or any(
        hit.first == opening
        or (hit.first == opening + 1 and words[hit.first].norm in small["question_words"])
        or words[hit.first].norm in small["asks"]
        for hit in asked
    )
    # "Maya has nits can she still come in": the question begins in the middle, and reaches what follows it.
    segment.asks_from = min((hit.first for hit in asked if words[hit.first].norm in small["turned"]), default=None)
    segment.hedged_from = min((hit.first for hit in inside if hit.concept == "scope.hypothetical"), default=None)
    # "Tell him to wait" asks; "so I can't get her to school" does not.
    requests = [
        hit
        for hit in inside
        if hit.concept == "scope.request" and (hit.first == opening or words[hit.first].norm in small["polite"])
    ]
    segment.request = any(not meets(hit, reporting) for hit in requests)


def meets(hit: Hit, others: Sequence[Hit]) -> bool:
    """Whether a phrase shares a word with one of others."""
    return any(other.first < hit.last and hit.first < other.last for other in others)


def _sign(hit: Hit, segment: Segment, markers: list[Hit], denials: Set[int], found: Found, about: str) -> Sign:
    """A hit with its scope, by the markers in its stretch and the places where a "not" may follow what it denies."""
    table, _, name = hit.concept.partition(".")
    before = [each for each in markers if each.last <= hit.first]
    return Sign(
        hit=hit,
        table=table,
        name=name,
        about=about,
        negated=_negated(hit, before, found) or _denied(hit, denials, found),
        hypothetical=_hedged(hit, segment, markers) or segment.story or segment.depends,
        question=segment.question or (segment.asks_from is not None and hit.first >= segment.asks_from),
        request=segment.request,
        segment=segment.number,
        after_to=hit.first > 0 and found.words[hit.first - 1].norm in found.small["purpose"],
    )


def _hedged(hit: Hit, segment: Segment, markers: list[Hit]) -> bool:
    """Whether a "might" or an "if" stands before a phrase, or begins in it ("may be off"), or ends its sentence."""
    last = hit.first if hit.concept.startswith("say.") else hit.first - 1
    return hit.first < segment.hangs_before or any(
        each.concept == "scope.hypothetical" and each.first <= last for each in markers
    )


def _negated(hit: Hit, before: list[Hit], found: Found) -> bool:
    """Whether a "not" reaches this far: over a few light words, and over no other statement.

    A statement that begins with "not" itself keeps its meaning: "isn't there and won't be in".
    """
    if found.words[hit.first].norm in found.small["not"]:
        return False
    for marker in before:
        if marker.concept != "scope.negator" or hit.first - marker.last > REACH:
            continue
        between = range(marker.last, hit.first)
        stated = any(
            other.concept.partition(".")[0] in TOPICAL and other.last <= hit.first for other in found.hits_in(between)
        )
        # "No Layla today, she has a bug": a new subject ends what "no" reaches, not what "don't think" does.
        person = marker.last - marker.first == 1 and any(p.first in between for p in found.people if p.kind in HEADS)
        if (
            not stated
            and not person
            and not any(
                found.words[at].kind == "mark" or found.words[at].norm in found.small["stops_not"] for at in between
            )
        ):
            return True
    return False


def _denied(hit: Hit, denials: Set[int], found: Found) -> bool:
    """Whether a "not" that follows what it denies stands right after a statement, over one light word at most."""
    if hit.last in denials:
        return True
    return hit.last + 1 in denials and found.words[hit.last].norm in found.small["light"]


def introduces(person: Person, words: Sequence[Word], small: Mapping[str, frozenset[str]]) -> bool:
    """ "Hi, it's Maya's mum", "Maya's mum here": the writer says who writes."""
    after = words[person.last].norm if person.last < len(words) else ""
    if after in small["here"]:
        return True
    # "Hi Leo's brother is ill" tells of the brother.
    if after in small["verbs"]:
        return False
    # "Hi its Maya's mum": the child's own name stands between.
    before = " ".join(["", *(word.norm for word in words[max(0, person.first - 3) : person.first]), ""])
    return any(f" {lead} " in before for lead in small["introduces"] - small["prepositions"])


class Subjects:
    """Finds whom a statement is about: the nearest person before it, in its own stretch or carried over."""

    def __init__(self, all_segments: Sequence[Segment], segment: Segment, found: Found) -> None:
        self.segments, self.segment, self.words, self.small = all_segments, segment, found.words, found.small
        self.subject_after = found.subject_after
        self.asides: dict[Person, bool] = {}

    def of(self, hit: Hit) -> str:
        """CHILD, OTHER, FIRST, UNKNOWN or "" where nobody is named."""
        before = (person for person in reversed(self.segment.people) if person.first < hit.last)
        near = next((person for person in before if self._counts(person, hit)), None)
        if near is not None:
            return self._kind(near, self.segment.number)
        if self.subject_after:
            # "Chora jest babcia": where word order is free, whoever stands right after it.
            later = [person for person in self.segment.people if 0 <= person.first - hit.last <= 1]
            if later and later[0].kind in {OTHER, CHILD, UNKNOWN}:
                return later[0].kind
        previous = self._previous(self.segment.number)
        return self._kind(previous, self.segment.number - 1) if previous is not None and previous.kind != FIRST else ""

    def _counts(self, person: Person, hit: Hit) -> bool:
        before = self.words[person.first - 1].norm if person.first else ""
        if person.kind == WE or (person.kind in {OTHER, UNKNOWN} and self._aside(person)):
            return False
        if person.kind == OTHER and hit.first < person.first and person.last < hit.last and "<who>" not in hit.phrase:
            # "Caught his brother's cold": the phrase itself says who of the two is ill.
            return False
        if person.kind == FIRST and hit.first <= person.first and "<who>" not in hit.phrase:
            # An ending that only looks like "my", within a word of the phrase itself.
            return False
        if (
            person.kind == FIRST
            and hit.first < person.first
            and person.last == hit.last
            and before in self.small["prepositions"]
        ):
            # "She stays with me".
            return False
        if person.kind == FIRST:
            return all(self.words[at].norm in self.small["light"] for at in range(person.last, hit.first))
        return True

    def _placed(self, person: Person) -> bool:
        """Whether a person is only where or with whom something is, by what follows: "at the house of"."""
        after = [word.norm for word in self.words[person.last : person.last + 2]]
        return " ".join(after) in self.small["postpositions"] or " ".join(after[:1]) in self.small["postpositions"]

    def _kind(self, person: Person, number: int) -> str:
        if person.kind != PRONOUN:
            return person.kind
        if person.first and self.words[person.first - 1].norm in self.small.get("carries", ()):
            # "Nan is taking her to the dentist": whoever takes somebody is not the one who is taken.
            return CHILD
        # "Nan is in hospital and she is very ill": whoever was spoken of last.
        for segment in reversed(self.segments[: number + 1]):
            for other in reversed(segment.people):
                if other.first >= person.first or other.kind in {PRONOUN, FIRST, WE}:
                    continue
                if other.kind == OTHER and self._aside(other):
                    continue
                return other.kind if segment.sentence == self.segments[number].sentence else CHILD
        return CHILD

    def _aside(self, person: Person) -> bool:
        """Whether a person only says who writes, or where or with whom something is."""
        if person not in self.asides:
            before = self.words[person.first - 1].norm if person.first else ""
            placed = before in self.small["prepositions"] or self._placed(person)
            self.asides[person] = placed or introduces(person, self.words, self.small)
        return self.asides[person]

    def _previous(self, number: int) -> Person | None:
        """Whom the stretch before was about, within the sentence."""
        for segment in reversed(self.segments[:number]):
            if segment.sentence != self.segment.sentence:
                return None
            person = next((each for each in segment.people if each.kind != WE and not self._aside(each)), None)
            if person is not None:
                return person
        return None
