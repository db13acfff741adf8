"""What parents write: labelled texts of the corpus with the child's own name put in, so that hearing is really used."""

from __future__ import annotations

import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from babel.dates import get_month_names

CORPUS = Path(__file__).parents[1] / "corpus"
FILES = ("parent_texts.jsonl", *(f"rounds/round_{number}.jsonl" for number in range(1, 9)))
LANGUAGES = ("en", "pl", "ur", "ar", "ro")
MONTHS = "|".join(
    re.escape(name.strip("."))
    for code in LANGUAGES
    for width in ("wide", "abbreviated")
    for form in ("format", "stand-alone")
    for name in get_month_names(width, form, code).values()
)
# A day that is named by its date holds on that date alone.
DATED = re.compile(
    rf"\d\s*(?:st|nd|rd|th|/|\.\s?\d)|\d{{4}}|[٠-٩۰-۹]|\d\s*(?:de\s)?(?:{MONTHS})|(?:{MONTHS})\s*\d", re.IGNORECASE
)
SCRIPT, KIN = re.compile(r"[\u0600-\u06ff]"), re.compile("بیٹ|بیٹی|بچ|ابن|بنت|ولد")
WORDS = re.compile(r"[^\W\d_]+")
# Letters by the Latin one that they sound like.
SOUNDS = {
    "b": "ب",
    "p": "پ",
    "t": "تطٹة",
    "s": "ثسشصزژذضظ",
    "j": "ج",
    "c": "چ",
    "h": "حهہھة",
    "k": "خقكکڪ",
    "d": "دڈ",
    "r": "رڑ",
    "g": "غگ",
    "f": "ف",
    "l": "ل",
    "m": "م",
    "n": "نںٔ",
    "y": "يیىےئ",
    "w": "وؤ",
    "a": "ءأإآاع",
}
BONES = {letter: latin for latin, letters in SOUNDS.items() for letter in letters}
KINDS = frozenset({"sickness", "lateness", "appointment", "absence_other"})
OPENS, REGISTER_OPENS = time(6, 40), time(8, 45)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A text and its label: days are counted from the day of writing, `weekday` is the one that it holds on.

    `name` is what it calls the child, "" where it names none; `hour` is when it was written.
    """

    text: str
    name: str
    intent: str
    weekday: int
    hour: time
    first: int
    last: int
    part: str
    at: time | None
    minutes: int | None
    reason: str
    wording: str

    def said_of(self, child: str) -> str:
        """The text with another child's name in it."""
        return re.sub(rf"\b{re.escape(self.name)}\b", child, self.text, flags=re.IGNORECASE) if self.name else self.text


class Phrases:
    """All phrases that can be used, by language, intent and weekday."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, int], list[Phrase]] = defaultdict(list)
        self.worries: dict[str, list[str]] = defaultdict(list)
        self.queries: dict[str, list[Phrase]] = defaultdict(list)
        for record in _records(*FILES):
            self._take(record)
        for record in _records("rounds/worrying.jsonl"):
            if not record["context"] and record["lang"] in LANGUAGES and len(record["children"]) == 1:
                self.worries[record["lang"]].append(record["text"])

    def draw(self, lots: random.Random, language: str, intent: str, day: date, *, named: bool) -> Phrase | None:
        """A phrase for that day; where `named`, one that names its child. English where the language has none."""
        for code in (language, "en"):
            fitting = [each for each in self._found[code, intent, day.weekday()] if each.name or not named]
            if fitting:
                return lots.choice(fitting)
        return None

    def query(self, lots: random.Random, language: str) -> Phrase:
        """A question about the days missed, which names its child."""
        return lots.choice([each for each in self.queries[language] if each.name] or self.queries["en"])

    def _take(self, record: dict[str, Any]) -> None:
        phrase = _phrase(record)
        if phrase is None:
            return
        language = str(record["lang"])
        if phrase.intent == "attendance_query" and phrase.name:
            self.queries[language].append(phrase)
        elif phrase.intent in KINDS:
            self._found[language, phrase.intent, phrase.weekday].append(phrase)


def _records(*names: str) -> list[dict[str, Any]]:
    lines = [line for name in names for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]
    return [json.loads(line) for line in lines]


def _phrase(record: dict[str, Any]) -> Phrase | None:
    """None for a text that does not hold for any child on any such weekday: more children, a context, a date."""
    said, children, text = record["expected"], record["children"], str(record["text"])
    assert isinstance(said, dict)
    assert isinstance(children, list)
    fits = record["lang"] in LANGUAGES and len(children) == 1 and not record["context"] and not record["hard"]
    if not fits or {"also", "items", "accept_end", "accept", "unknown_name"} & set(said):
        return None
    now = datetime.fromisoformat(str(record["now"]))
    name = _named(text, str(children[0]["known_as"]), str(children[0]["name"]))
    if not name and SCRIPT.search(text) and not KIN.search(text):
        # A name that was not found in its own script would be another child's.
        return None
    if said["intent"] in KINDS:
        if not said["start"] or not said["end"] or DATED.search(text) or said["children"] != [children[0]["name"]]:
            return None
        in_time = OPENS <= now.time() < REGISTER_OPENS and said["start"] == now.date().isoformat()
        if not in_time:
            return None
    days = [date.fromisoformat(said[each]) - now.date() if said[each] else timedelta() for each in ("start", "end")]
    return Phrase(
        text=text, name=name, intent=said["intent"], weekday=now.weekday(), hour=now.time(),
        first=days[0].days, last=days[1].days, part=said["part"] or "all",
        at=time.fromisoformat(said["time"]) if said["time"] else None, minutes=said.get("minutes_late"),
        reason=said["reason_category"] or "", wording=str(record["id"]),
    )  # fmt: skip


def _named(text: str, known_as: str, whole: str) -> str:
    """What the text calls the child: as it stands, in another script, by a pet name or with an ending; "" by none."""
    if re.search(rf"\b{re.escape(known_as)}\b", text, re.IGNORECASE):
        return known_as
    first = whole.split(maxsplit=1)[0]
    bones = {_bones(known_as), _bones(first)}
    for word in WORDS.findall(text):
        begins = word.casefold()[:3] in (known_as.casefold()[:3], first.casefold()[:3])
        plain = re.sub(r"^(?:ال|[ولب](?=..))", "", word)
        if begins or {_bones(word), _bones(plain)} & bones - {""}:
            return str(word)
    return ""


def _bones(word: str) -> str:
    """The consonants of a name, so that scripts can be held against each other: Danyal is dnl in both."""
    latin = "".join(BONES.get(letter, letter) for letter in word.casefold())
    for sound, letter in (("sh", "s"), ("kh", "k"), ("th", "t"), ("ph", "f"), ("ch", "s"), ("ck", "k"), ("gh", "g")):
        latin = latin.replace(sound, letter)
    bare = re.sub(r"[aeiouywh\W_]", "", latin.replace("z", "s").replace("q", "k").replace("c", "k"))
    return re.sub(r"(.)\1+", r"\1", bare) if len(bare) > 1 else ""


# What anybody would say when asked again, and as a reason; what each asks for the days off is in `leave`.
PLAINLY = {
    "en": "{name} is ill and off today", "pl": "{name} jest dzisiaj chory i nie przyjdzie do szkoły",
    "ur": "{name} aaj bimar hai school nahi aayega", "ar": "{name} مريض اليوم ولن يحضر إلى المدرسة",
    "ro": "{name} este bolnav azi si nu vine la scoala",
}  # fmt: skip
LATE = {
    "en": "{name} will be 20 minutes late", "pl": "{name} spóźni się 20 minut", "ur": "{name} 20 minute late aayega",
    "ar": "{name} سيتأخر 20 دقيقة", "ro": "{name} intarzie 20 de minute",
}  # fmt: skip
ARRIVES = {
    "en": "{name} will be late, in at {hour}", "pl": "{name} spóźni się, będzie o {hour}",
    "ur": "{name} late hai, {hour} baje pahunchega", "ar": "{name} سيتأخر وسيصل الساعة {hour}",
    "ro": "{name} intarzie, ajunge la {hour}",
}  # fmt: skip
REASON = {"en": "high temperature", "pl": "gorączka", "ur": "bukhar hai", "ar": "عنده حرارة", "ro": "are febra"}
GOOD = {"en": "good thanks", "pl": "dobrze", "ur": "acha tha", "ar": "جيد", "ro": "bine"}
