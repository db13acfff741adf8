"""The parents: what each does when a text reaches their phone, by what they know of their own child."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from tests.school_year.book import ASKED_BACK, UNANSWERED, Book, Said
from tests.school_year.door import LONDON, Door, Sent
from tests.school_year.families import Adult, Child
from tests.school_year.messages import REPEATED, Kinds, back_on, days_read, is_question, options_of
from tests.school_year.phrases import ARRIVES, GOOD, LATE, PLAINLY, REASON, Phrases
from tests.school_year.plan import Plan

Later: TypeAlias = Callable[[datetime, Callable[[], None]], None]
LONGEST_TALK = 3
REMEMBERED = timedelta(hours=2)


@dataclass(slots=True)
class Talk:
    """What an adult is about to tell: of whom, which kind and days; `rounds` counts how often they were asked back."""

    at: datetime
    child: Child
    kind: str
    said: Said | None
    expected: datetime | None = None
    rounds: int = 0
    days: tuple[date, ...] = ()


class Parents:
    """All adults with phones. `later` puts something off to its moment."""

    def __init__(
        self, door: Door, book: Book, plan: Plan, phrases: Phrases, kinds: Kinds, lots: random.Random, later: Later
    ) -> None:
        self._door, self._book, self._plan, self._phrases = door, book, plan, phrases
        self._kinds, self._lots, self._later = kinds, lots, later
        self._talks: dict[str, Talk] = {}

    def talk(self, adult: Adult, talk: Talk) -> None:
        """From now on an answer of the school is about this."""
        self._talks[adult.key] = talk

    def write(self, adult: Adult, words: str) -> None:
        """They send it, by the channel that they use."""
        channel, address = adult.address
        self._door.text(channel, address, words)

    def react(self, message: Sent) -> None:
        """A text has reached a phone."""
        adult = self._book.adults.get((message.channel, message.to))
        if adult is None or adult.address != (message.channel, message.to) or adult.kind == "barred":
            return
        children = self._book.named(message, adult)
        if message.purpose == "reply":
            self._answered(adult, message)
        elif message.purpose == "chase" and children:
            self._chased(adult, message, children)
        elif message.purpose == "back_today" and children:
            self._asked_back(adult, message, children)
        elif message.purpose == "prompt":
            self._prompted(adult, message)

    # Answers to what they began ------------------------------------------------------------------

    def _answered(self, adult: Adult, message: Sent) -> None:
        talk = self._talks.get(adult.key)
        if talk is None or message.at - talk.at > REMEMBERED:
            return
        asks = bool(message.buttons or options_of(message.words) or is_question(message.words))
        named = talk.child.name.casefold() in message.words.casefold()
        seen = ASKED_BACK if asks else "receipt" if named else "other words"
        silent = asks and (talk.rounds >= LONGEST_TALK or self._lots.random() < 0.1)
        if talk.said is not None:
            talk.said.seen = UNANSWERED if silent else seen
        if talk.rounds == 0:
            self._book.heard[seen] += 1
        if silent or not asks:
            return
        talk.rounds += 1
        self._soon(message, lambda: self._reply(adult, message, talk), most=4)

    def _reply(self, adult: Adult, message: Sent, talk: Talk) -> None:
        """Takes the option that says what they mean, else says it once more in plain words."""
        talk.at = self._door.now
        if (pick := self._pick(message, talk)) is not None:
            self._press(adult, message, pick)
            return
        if talk.rounds == 1 and not options_of(message.words) and talk.kind == "sickness" and talk.said is not None:
            self.write(adult, REASON[adult.language])
            return
        words, hour = (LATE if talk.kind == "lateness" else PLAINLY), ""
        if talk.kind == "lateness" and talk.said is not None and talk.said.expected is not None:
            words, hour = ARRIVES, f"{talk.said.expected.astimezone(LONDON):%-H:%M}"
        self.write(adult, words[adult.language].format(name=talk.child.name, hour=hour))

    def _pick(self, message: Sent, talk: Talk) -> int | None:
        labels = [label for label, _ in message.buttons] or [label for _, label in options_of(message.words)]
        keys = [self._kinds.label(label) for label in labels]
        wanted = ("yes", "leave.send", "as_well", "still_off")
        if "yes" in keys and not self._means(message, talk):
            return keys.index("no") if "no" in keys else None
        if talk.days and (back := back_on(labels, talk.days[-1])) is not None:
            return back
        for place, (label, key) in enumerate(zip(labels, keys, strict=True)):
            if key in wanted or talk.child.name.casefold() in label.casefold():
                return place
        return None

    def _means(self, message: Sent, talk: Talk) -> bool:
        """They read what they are asked: whether it says late of a child who is late, and the days that they mean."""
        if self._kinds.reads_late(message.words) != (talk.kind == "lateness"):
            return False
        read = days_read(message.words)
        return talk.kind == "lateness" or not (read and talk.days) or read == {talk.days[0].day, talk.days[-1].day}

    def _press(self, adult: Adult, message: Sent, place: int) -> None:
        if message.buttons:
            self._door.press(adult.chat, message.buttons[place][1])
        else:
            self.write(adult, options_of(message.words)[place][0])

    # What the school begins --------------------------------------------------------------------------

    def _chased(self, adult: Adult, message: Sent, children: list[Child]) -> None:
        kind = self._kinds.of(message.words)
        if kind.startswith("all_clear") or kind in ("chase.social_worker", "late.overdue"):
            return
        draw = self._lots.random()
        if draw < 0.2:
            return
        if draw < 0.23:
            self._soon(message, lambda: self.write(adult, "ok"))
        elif draw < 0.235 and not adult.stopped and not adult.chat:
            self._soon(message, lambda: self._stop(adult))
        elif draw < 0.24:
            adult.wrong = True
            self._soon(message, lambda: self.write(adult, "wrong number"))
        else:
            self._soon(message, lambda: self._explain(adult, message, children))

    def _explain(self, adult: Adult, message: Sent, children: list[Child]) -> None:
        """They say of each child what they know."""
        day = message.at.astimezone(LONDON).date()
        for child in children:
            state = self._book.states.get((child.key, day))
            if state is None or state.trip or state.slip or state.cause == "lost":
                self._pick_or_write(adult, message, ("chase.in_school", "back.in_school"), f"{child.name} is in school")
                continue
            said = Said(self._door.now, adult, "an answer to a chase", answers=True)
            if state.comes is not None:
                self.write(adult, LATE[adult.language].format(name=child.name))
                said.expected = self._door.now + timedelta(minutes=20)
                self._book.tell(said, child, [day])
                self.talk(adult, Talk(self._door.now, child, "lateness", said))
                continue
            if self._kinds.of(message.words) == REPEATED and self._lots.random() < 0.5:
                # What was asked before is asked again, and a number says that it is so.
                self._book.tell(said, child, [day])
                self._pick_or_write(adult, message, ("yes",), PLAINLY[adult.language].format(name=child.name))
                continue
            phrase = self._phrases.draw(self._lots, adult.language, "sickness", day, named=True)
            words = phrase.said_of(child.name) if phrase is not None and phrase.last == 0 else ""
            said.words = words or PLAINLY[adult.language].format(name=child.name)
            self.write(adult, said.words)
            self._book.tell(said, child, [day])
            self.talk(adult, Talk(self._door.now, child, "sickness", said, days=(day,)))

    def _asked_back(self, adult: Adult, message: Sent, children: list[Child]) -> None:
        """One question in the morning: back, or one more day."""
        if self._lots.random() < 0.3 or len(children) > 1:
            return
        day, child = message.at.astimezone(LONDON).date(), children[0]
        state = self._book.states.get((child.key, day))
        if state is None:
            return

        def answer() -> None:
            if any(said.adult is adult for said in self._book.said.get((child.key, day), ())):
                return
            back = state.am or state.comes is not None
            wanted = ("back.today",) if back else ("back.one_more",)
            self._pick_or_write(adult, message, wanted, PLAINLY[adult.language].format(name=child.name))
            if not back:
                said = Said(self._door.now, adult, "one more day", answers=True)
                self._book.tell(said, child, [day])
                self.talk(adult, Talk(self._door.now, child, "sickness", said, days=(day,)))

        self._soon(message, answer, most=45)

    def _prompted(self, adult: Adult, message: Sent) -> None:
        draw = self._lots.random()
        if draw < 0.02 and not adult.quiet:
            self._soon(message, lambda: self._be_quiet(adult))
        elif draw < 0.2:
            self._soon(message, lambda: self.write(adult, GOOD[adult.language]), most=120)
        elif draw < 0.3:
            wanted = (self._lots.choice(("day.good", "day.good", "day.ok", "day.low")),)
            self._soon(message, lambda: self._pick_or_write(adult, message, wanted, GOOD[adult.language]), most=120)

    def _pick_or_write(self, adult: Adult, message: Sent, wanted: tuple[str, ...], words: str) -> None:
        labels = [label for label, _ in message.buttons] or [label for _, label in options_of(message.words)]
        places = [place for place, label in enumerate(labels) if self._kinds.label(label) in wanted]
        if places:
            self._press(adult, message, places[0])
        else:
            self.write(adult, words)

    def _stop(self, adult: Adult) -> None:
        adult.stopped = True
        self.write(adult, "STOP")
        self._book.stop(adult, self._door.now)

    def _be_quiet(self, adult: Adult) -> None:
        adult.quiet = True
        self.write(adult, "QUIET")
        self._book.be_quiet(adult, self._door.now)

    def _soon(self, message: Sent, act: Callable[[], None], *, most: int = 25) -> None:
        self._later(message.at + timedelta(minutes=self._lots.randint(1, most), seconds=30), act)
