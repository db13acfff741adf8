"""The vocabulary of a conversation: what comes in, what was heard, what is said and what changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

from conversations.asked import Asked
from conversations.doubt import Doubt
from conversations.offered import Offered
from conversations.told import DayTold, NumbersChosen, QuietChosen
from school.rules.calendar import Session

if TYPE_CHECKING:
    from conversations.state import State

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


# What comes in -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A parent's own words; `id` is the stored message's id, never the provider's.

    `media` counts what came with them; `file`: it is a picture or document that could be fetched.
    """

    id: str
    text: str
    media: int = 0
    file: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A button pressed under the question that carried `token`."""

    id: str
    token: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The thread's one timer went off; it counts only while `token` is still the state's revision."""

    id: str
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Push:
    """The school starts or answers: a flow with some slots told. `over`: it cannot wait for another answer."""

    id: str
    flow: str
    fills: Mapping[str, Json] = field(default_factory=dict)
    over: bool = False


Incoming: TypeAlias = Text | Press | Due | Push


# What was heard ------------------------------------------------------------------------------


class Topic(StrEnum):
    """What a clause is about: the intents that parents text to schools with."""

    SICKNESS = "sickness"
    LATENESS = "lateness"
    APPOINTMENT = "appointment"
    ABSENCE_OTHER = "absence_other"
    LEAVE = "leave"
    ATTENDANCE_QUERY = "attendance_query"
    CLAIMS_PRESENT = "claims_present"
    CHECKIN_REPLY = "checkin_reply"
    BARRIER = "barrier"
    CORRECTION = "correction"
    HUMAN = "human"
    SMALLTALK = "smalltalk"
    ILLNESS_QUESTION = "illness_question"
    COLLECTION = "collection"
    WHEREABOUTS = "whereabouts"
    NEW_DETAILS = "new_details"
    LEAVING_SCHOOL = "leaving_school"
    WRONG_NUMBER = "wrong_number"
    OTHER_SCHOOL_MATTER = "other_school_matter"


class Kind(StrEnum):
    """The type of a mention, and of the slot that it may fill."""

    CHILDREN = "children"
    UNKNOWN_NAME = "unknown_name"
    DAYS = "days"
    PART = "part"
    TIME = "time"
    MINUTES = "minutes"
    REASON = "reason"
    ANSWER = "answer"
    MOOD = "mood"


class Part(StrEnum):
    """How much of a school day."""

    ALL = "all"
    AM = "am"
    PM = "pm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Days of absence, both ends included; `last` is None where the text gives no end ("off for a while").

    `first` is None where only an end was said ("back Thursday"): the frame supplies the start.
    """

    first: date | None = None
    last: date | None = None
    open_ended: bool = False


Value: TypeAlias = str | int | date | time | Days | Part | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One typed thing that a text says, where it says it, and the rule that heard it.

    Values by kind: CHILDREN a tuple of child ids; UNKNOWN_NAME ""; DAYS a `Days`; PART a `Part`;
    TIME a `datetime.time` (roles at, from, until, arrive, back, collect); MINUTES an int;
    REASON a category of the clause's topic; ANSWER "yes" or "no"; MOOD "good", "ok" or "low".
    Roles: CHILDREN "" or "not"; DAYS "on", "from", "until" (last day off, inclusive) or "since".
    `sure` is False where the words bear two readings; `alternatives` then holds the others, likeliest first.
    """

    kind: Kind
    value: Value
    role: str = ""
    span: tuple[int, int]
    concept: str
    rule: str
    sure: bool = True
    alternatives: tuple[Value, ...] = ()


class Change(StrEnum):
    """How a clause bears on what was said before."""

    ADDS = ""
    INSTEAD = "instead"
    WITHDRAWS = "withdraws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why something was heard: the span of the text, the concept and the rule's id."""

    span: tuple[int, int]
    concept: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A part of a text with one topic at most, and what it mentions."""

    topic: Topic | None
    mentions: tuple[Mention, ...] = ()
    change: Change = Change.ADDS
    negated: bool = False
    question: bool = False
    span: tuple[int, int] = (0, 0)
    evidence: tuple[Evidence, ...] = ()


class Command(StrEnum):
    """What a parent can say as a whole message, and what we then do."""

    HELP = "help"
    UNDO = "undo"
    PERSON = "person"
    LANGUAGE = "language"
    STOP = "stop"
    START = "start"
    REPORTS = "reports"
    IDENTITY = "identity"
    QUIET = "quiet"
    ASK = "ask"
    NUMBERS = "numbers"
    WORDS = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """All that hearing made of one text; `moods` say how a day was, where that is what the school asked.

    `pick` is a whole-message number (1 and up; 9 is 'something else'), `option` the key of a whole-message label of the
    pending question, `answer` a whole-message yes or no. `worry` names the category of a worry word. `target` is the
    language asked for by a LANGUAGE command, else a language that the text is plainly in.
    """

    command: Command | None = None
    target: str | None = None
    pick: int | None = None
    option: str | None = None
    answer: str | None = None
    clauses: tuple[Clause, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    worry: str | None = None
    worry_evidence: tuple[Evidence, ...] = ()
    pupil_writes: bool = False
    wants_no_reply: bool = False
    red_flag: bool = False
    ailments: tuple[str, ...] = ()  # The illnesses that a question names, by the keys of `illness.toml`.
    moods: tuple[Mention, ...] = ()


# What is said --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice under a question: a stable key, and the words for its label."""

    key: str
    label: Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """Something to say: a message key of the language packs, its arguments as codes, ids and dates, its options."""

    key: str
    args: Mapping[str, object] = field(default_factory=dict)
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wake:
    """Come back to this thread after a while of silence; `token` is the revision it belongs to."""

    after: timedelta
    token: str


# What changes --------------------------------------------------------------------------------


class AbsenceKind(StrEnum):
    """The four ways in which a parent says that a child is not in school, or not yet."""

    SICKNESS = "sickness"
    LATENESS = "lateness"
    APPOINTMENT = "appointment"
    OTHER = "absence_other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceStated:
    """An entitled contact said that a child is away for a session, or late; `partial`: silence completed it.

    `reason` is a category (`corpus/LABELS.md`) or None where none was given. `leaves_at` and `returns_at` bound an
    appointment; `arrives_at` and `minutes_late` belong to lateness.
    """

    child: str
    day: date
    session: Session
    kind: AbsenceKind
    reason: str | None
    frame: str
    message: str
    leaves_at: time | None = None
    returns_at: time | None = None
    at: time | None = None
    arrives_at: time | None = None
    minutes_late: int | None = None
    open_ended: bool = False
    partial: bool = False
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceWithdrawn:
    """The contact takes back their own statement about a child's session."""

    child: str
    day: date
    session: Session
    frame: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackSaid:
    """A parent says that a child who was off is back today: expected, and accounted for by nobody."""

    child: str
    day: date
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsPerson:
    """Something that a member of staff must read; `why` is a code, `topic` what it seemed to be about."""

    why: str
    message: str
    topic: Topic | None = None
    children: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorryHeard:
    """For the safeguarding lead alone; nothing else in the turn may carry the message's words.

    `spans` are where in the text it was heard, [from, to) in characters.
    """

    category: str
    message: str
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownSenderWrote:
    """A text from an address that belongs to no contact; `pupil`: it seems to be a child's."""

    message: str
    pupil: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageSet:
    """The parent chose a language; a two-letter code that has a pack."""

    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut:
    """Nothing more may be sent to this address on this channel."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedIn:
    """The address may be written to again."""


Effect: TypeAlias = (
    AbsenceStated
    | AbsenceWithdrawn
    | Asked
    | BackSaid
    | NeedsPerson
    | Offered
    | WorryHeard
    | UnknownSenderWrote
    | LanguageSet
    | OptedOut
    | OptedIn
    | DayTold
    | QuietChosen
    | NumbersChosen
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The best reading of one report in a text, complete or not: what staff and `hear` are shown."""

    topic: str
    children: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None
    part: Part | None = None
    at: time | None = None
    minutes_late: int | None = None
    reason: str | None = None
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """All that follows from one thing that came in. `says` are in order; a question stands last."""

    state: State
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    wake: Wake | None = None
    readings: tuple[Reading, ...] = ()
