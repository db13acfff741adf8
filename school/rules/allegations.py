"""Whether a worrying text accuses somebody who works at the school, and whether that is the head or the lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType

Span = tuple[int, int]


class About(StrEnum):
    """Whom a worry accuses (care rule 8): nobody at the school, a member of staff, the safeguarding lead, the head."""

    NOBODY = ""
    STAFF = "staff"
    LEAD = "lead"
    HEAD = "head"


# How families call them, in the languages that ship. Names come from the school's own users.
TITLES: Mapping[About, tuple[str, ...]] = MappingProxyType(
    {
        About.LEAD: ("safeguarding lead", "safeguarding officer", "safeguarding teacher", "dsl"),
        About.HEAD: (
            *("head teacher", "headteacher", "head master", "headmaster", "headmistress", "the head", "principal"),
            *("dyrektor", "dyrektorka", "dyrektorki", "dyrektorem", "director", "directorul", "directoare"),
            *("directoarea", "diretor", "diretora", "المدير", "المديرة", "مدير المدرسة", "مديرة المدرسة"),
            *("ہیڈ ماسٹر", "ہیڈ مسٹریس", "ہیڈ ٹیچر", "پرنسپل"),
        ),
        About.STAFF: (
            *("teacher", "teachers", "tutor", "teaching assistant", "ta", "caretaker", "coach", "dinner lady"),
            *("lunchtime supervisor", "member of staff", "staff", "nauczyciel", "nauczycielka", "wychowawca"),
            *("wychowawczyni", "profesor", "profesorul", "profesoara", "invatatoarea", "învățătoarea"),
            *("professor", "professora", "المعلم", "المعلمة", "الأستاذ", "الأستاذة", "استاد", "ٹیچر", "ustad"),
        ),
    }
)
# So many characters may stand between the one who is accused and what was heard: about four words.
BETWEEN = 24
# Who is told, or asked for, is not accused; and another one may stand between: "i told mrs khan, he hit me".
_ANOTHER = re.compile(
    r"[.;!?]|\b(he|she|they|dad|daddy|mum|mummy|husband|wife|partner|boyfriend|uncle|stepdad|brother|i|we|that|tata|on|ona"
    r"|ele?|ela)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(tell|told|telling|ask|asked|see|speak to|talk to|spoke to|talked to|thank|thanks|dear|hi|hello|for)\s+"
    r"(the\s+|my\s+|her\s+|his\s+|a\s+)?$",
    re.IGNORECASE,
)
# A blow to 'the head' accuses nobody of that office.
_PART_OF_BODY = re.compile(r"\b(on|round|around|across|over|in|into|to|against|at|off|of|from|with)\s+$", re.IGNORECASE)
_BY_WORD = "(by|of|from|with|przez|od|de|pelo|pela|por|من|سے)"
_BY = re.compile(rf"^\W*{_BY_WORD}\b", re.IGNORECASE)
_ENDS_IN_BY = re.compile(rf"\b{_BY_WORD}(\s+(the|her|his|my|our|a))?\W*$", re.IGNORECASE)


def about(words: str, spans: Sequence[Span], *, names: Mapping[About, Iterable[str]]) -> About:
    """Whom the text accuses, by where titles and `names` stand beside what worries (`spans`, in characters).

    Cautious on purpose: who is only told something is not accused, and what is not sure is the lead's as any worry is.
    A person who reads it can still say that it is an allegation.
    """
    for who in (About.HEAD, About.LEAD, About.STAFF):
        for called in (*TITLES[who], *names.get(who, ())):
            if any(_accused(words, place, spans) for place in _places(words, called)):
                return who
    return About.NOBODY


def _places(words: str, called: str) -> list[Span]:
    return [found.span() for found in re.finditer(rf"(?<!\w){re.escape(called)}(?!\w)", words, re.IGNORECASE)]


def _accused(words: str, place: Span, spans: Sequence[Span]) -> bool:
    before = words[: place[0]]
    if _TOLD.search(before) or (words[slice(*place)].lower() == "the head" and _PART_OF_BODY.search(before)):
        return False
    return any(_does(words, place, span) or _done_by(words, place, span) for span in spans)


def _does(words: str, place: Span, span: Span) -> bool:
    """'the head hit him': what was heard begins in the title or soon after it, and nobody else between."""
    if not place[0] <= span[0] <= place[1] + BETWEEN:
        return False
    return not _ANOTHER.search(words[place[1] : max(span[0], place[1])])


def _done_by(words: str, place: Span, span: Span) -> bool:
    """'was hit by the head', 'is frightened of her teacher': what was heard ends at the title or soon before it."""
    if span[0] < place[0] < span[1]:
        return bool(_ENDS_IN_BY.search(words[span[0] : place[0]]))
    if not span[1] <= place[0] <= span[1] + BETWEEN:
        return False
    between = words[span[1] : place[0]]
    is_by = _ENDS_IN_BY.search(words[slice(*span)]) or _BY.match(between)
    return bool(is_by) and not _ANOTHER.search(between)
