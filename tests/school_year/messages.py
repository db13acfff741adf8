"""How a parent reads what the school texts: what kind of message it is, and what its numbered options say."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from school.rules.sms import downgraded

LOCALES = Path(__file__).parents[2] / "locales"
# A chase that asks once more what we asked already.
REPEATED = "chase.missing"
KINDS = (
    "all_clear.in_school", "all_clear.checking", "late.overdue", "chase.first", "chase.again", "chase.still",
    REPEATED,
    "chase.social_worker", "ask.back", "ask.back_gentle", "attendance.update", "leave.granted", "leave.part",
    "leave.refused", "leave.taken_back",
)  # fmt: skip
LABELS = (
    "yes", "no", "both", "all_of_them", "someone_else", "as_well", "instead", "coming_in", "still_off",
    "chase.in_school", "back.today", "back.one_more", "back.in_school", "back.still_poorly", "leave.send",
    "leave.not_send", "day.good", "day.ok", "day.low",
)  # fmt: skip
# What is read back of a child who comes late: whoever told of something else says no to it.
LATE = frozenset({"fact.late", "fact.late_minutes", "fact.late_until"})
OPTION = re.compile(r"^(\d) (.+)$", re.MULTILINE)
# Times have a colon, minutes and phone numbers are no days.
DAY = re.compile(r"[^\W\d_]\.?\s(\d{1,2})(?![\d:])")
FRIDAY = 4
QUESTION = re.compile(r"[?؟]")


class Kinds:
    """What the packs' own messages look like, in every language."""

    def __init__(self) -> None:
        self._patterns: list[tuple[str, re.Pattern[str]]] = []
        self._labels: dict[str, str] = {}
        self._late: list[re.Pattern[str]] = []
        for path in sorted(LOCALES.glob("*/messages.po")) + sorted(LOCALES.glob("*/*/messages.po")):
            with path.open("rb") as file:
                catalog = read_po(file)
            for message in catalog:
                for text in _texts(message):
                    self._take(str(message.id if isinstance(message.id, str) else message.id[0]), text)

        # Other messages begin with the words of that one.
        self._patterns.sort(key=lambda each: each[0] == REPEATED)

    def _take(self, key: str, text: str) -> None:
        plain = downgraded(text).casefold()
        wanted = ".*".join(re.escape(part) for part in re.split(r"\{\w+\}", plain))
        if key in KINDS:
            self._patterns.append((key, re.compile(wanted, re.DOTALL)))
        if key in LATE:
            self._late.append(re.compile(wanted))
        if key in LABELS:
            self._labels.setdefault(plain, key)

    @lru_cache(maxsize=4096)  # noqa: B019  one of these lives as long as the year
    def of(self, words: str) -> str:
        """The message's key, "" where it is none of those that matter here."""
        plain = downgraded(words).casefold()
        return next((key for key, pattern in self._patterns if pattern.search(plain)), "")

    def reads_late(self, words: str) -> bool:
        """Whether it says of a child that it comes late."""
        plain = downgraded(words).casefold()
        return any(pattern.search(plain) for pattern in self._late)

    def label(self, words: str) -> str:
        """An option's key, "" where it is a name, a day or something else."""
        return self._labels.get(downgraded(words).casefold().strip(), "")


def _texts(message: Message) -> list[str]:
    said = message.string
    return [text for text in ([said] if isinstance(said, str) else said or ()) if text]


def days_read(words: str) -> set[int]:
    """The days of the month that a text reads back: "from Tue 3 to Fri 6 Mar"; its options say none of them."""
    return {int(found[1]) for found in DAY.finditer(OPTION.sub("", words))}


def back_on(labels: list[str], last: date) -> int | None:
    """Which option is the day of return after the last day off, where the options are days: "Back on Tue 3 Feb"."""
    days = [days_read(label) for label in labels]
    if not any(days):
        return None
    back = last + timedelta(days=7 - last.weekday() if last.weekday() >= FRIDAY else 1)
    return next((place for place, said in enumerate(days) if said == {back.day}), None)


def options_of(words: str) -> list[tuple[str, str]]:
    """Numbered options of a text: the digit and the words."""
    return [(found[1], found[2]) for found in OPTION.finditer(words)]


def above_choices(words: str) -> str:
    """A text without its numbered options: who may be chosen there is not who is looked for."""
    return OPTION.sub("", words)


def is_question(words: str) -> bool:
    """Whether something is asked."""
    return QUESTION.search(words) is not None
