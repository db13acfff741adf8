"""A simulated parent who knows what they want: whatever words and noise they use, the record ends as they meant it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conversations.acts import AbsenceKind
from conversations.context import Child
from tests.conversations.chat import FAMILY, Chat
from tests.conversations.phone import LONDON, MORNING, SMS, TELEGRAM, TUESDAY
from tests.conversations.test_chats import EXPLORES

SICK, DENTIST = AbsenceKind.SICKNESS, AbsenceKind.APPOINTMENT

REPORTS = {
    SICK: [
        "{child} is poorly {day}",
        "hi {child} wont be in {day}, tummy bug",
        "{child} off {day} with a temperature thanks",
        "sorry but {child} isnt well, keeping her home {day}",
        "{child} has been sick so wont be in school {day}",
    ],
    DENTIST: [
        "{child} has the dentist {day} at 10",
        "dentist for {child} {day} at 10am",
        "{child} has a hospital appointment {day} at 10:00",
    ],
}
NAMELESS = {SICK: ["poorly {day}", "not well {day}, temperature"], DENTIST: ["dentist {day} at 10"]}
OTHER_DAY = [
    "sorry i meant {new}",
    "i meant {new}",
    "sorry {new} not {old}",
    "{new}, not {old}",
    "i meant {new} not {old}",
]
OTHER_CHILD = ["i meant {new}", "sorry i meant {new} not {old}", "not {old}, {new}", "wrong child, it is {new}"]
ONE_MORE = ["and {day}", "and {day} as well", "{day} too", "{day} as well please"]
UNDO = ["0", "undo", " 0 ", "undo that"]
NOISE = [
    "thanks",
    "thank you so much",
    "ok",
    "?",
    "??",
    "help",
    "👍",
    "hope you are well",
    "ok thanks",
    "sorry for the bother",
]

DAYS = [TUESDAY + timedelta(days=each) for each in (0, 1, 2, 3, 6, 7, 8)]

days = st.sampled_from(DAYS)
texting = st.randoms(use_true_random=False)


class Parents(RuleBasedStateMachine):
    """`meant` is what the parent wants on record; `last` what they did last, which is what 'undo' means."""

    @initialize(size=st.integers(1, 3), abilities=st.sampled_from([SMS, TELEGRAM]))
    def begin(self, size, abilities):
        self.family = FAMILY[:size]
        start = datetime.combine(TUESDAY, MORNING, LONDON)
        self.chat = Chat(children=self.family, now=start, abilities=(abilities, SMS))
        self.meant: dict[tuple[str, date], AbsenceKind] = {}
        self.last: list[tuple[str, date]] = []

    # Intentions -------------------------------------------------------------------------------

    @rule(number=st.integers(0, 2), day=days, kind=st.sampled_from([SICK, SICK, DENTIST]), draw=texting)
    def reports(self, number, day, kind, draw):
        child = self.family[number % len(self.family)]
        if (child.id, day) in self.meant:
            return
        # A nameless text about the next school day goes on with the last story, so it is no question of whom.
        goes_on = any(0 < (day - other).days <= 3 for _, other in self.meant)
        forms = REPORTS[kind] + (NAMELESS[kind] if draw.random() < 0.3 and not goes_on else [])
        self.meant[child.id, day] = kind
        self.last = [(child.id, day)]
        self.say(draw.choice(forms).format(child=child.known_as, day=self.spoken(day, draw)), child, day, draw)

    @precondition(lambda self: len(self.last) == 1)
    @rule(day=days, draw=texting)
    def fixes_the_day(self, day, draw):
        (child, before) = self.last[0]
        if (child, day) in self.meant:
            return
        self.move((child, before), (child, day))
        words = draw.choice(OTHER_DAY).format(
            new=self.spoken(day, draw), old=f"{before:%A}" if before > TUESDAY else "today"
        )
        self.say(words, self.child(child), day, draw)

    @precondition(lambda self: len(self.last) == 1 and len(self.family) > 1)
    @rule(number=st.integers(0, 2), draw=texting)
    def fixes_the_child(self, number, draw):
        (before, day) = self.last[0]
        child = self.family[number % len(self.family)]
        if (child.id, day) in self.meant:
            return
        self.move((before, day), (child.id, day))
        words = draw.choice(OTHER_CHILD).format(new=child.known_as, old=self.child(before).known_as)
        self.say(words, child, day, draw)

    @precondition(lambda self: len(self.last) == 1 and self.meant[self.last[0]] is SICK)
    @rule(draw=texting)
    def adds_the_next_day(self, draw):
        (child, before) = self.last[0]
        later = [day for day in DAYS if day > before]
        if not later or (child, later[0]) in self.meant or (later[0] - before).days > 3:
            return
        self.meant[child, later[0]] = SICK
        self.last.append((child, later[0]))
        words = draw.choice(ONE_MORE).format(day=self.spoken(later[0], draw))
        self.say(words, self.child(child), later[0], draw)

    @precondition(lambda self: bool(self.last))
    @rule(words=st.sampled_from(UNDO))
    def undoes(self, words):
        for key in self.last:
            del self.meant[key]
        self.last = []
        self.chat.text("mum", words)

    @rule(words=st.sampled_from(NOISE))
    def makes_noise(self, words):
        self.chat.text("mum", words)

    @rule(minutes=st.integers(0, 2))
    def takes_their_time(self, minutes):
        self.chat.wait(timedelta(minutes=minutes))

    # Words ------------------------------------------------------------------------------------

    def say(self, words: str, child: Child, day: date, draw) -> None:
        """Texts, and answers what is asked back: by number, button or in words, with noise between."""
        self.chat.text("mum", words)
        phone = self.chat.phones["mum"]
        for _ in range(4):
            ask = phone.state.ask
            if ask is None or ask.slot in ("at", "reason"):
                return
            if draw.random() < 0.3:
                self.chat.text("mum", draw.choice(["??", "help", "thanks"]))
                ask = phone.state.ask
            self.answer(ask, child, day, draw)
        raise AssertionError("asked for ever")

    def answer(self, ask, child: Child, day: date, draw) -> None:
        key = {"who": child.id, "days": f"{day}/{day}", "sure": "yes", "also": "also"}.get(ask.slot, "")
        assert key in ask.options, f"{ask} offers no {key}"
        number = ask.options.index(key)
        way = draw.choice(["number", "button", "label"])
        if way == "button":
            self.chat.press("mum", key, ask.token)
            return
        labels = self.chat.phones["mum"].labels()
        self.chat.text("mum", str(number + 1) if way == "number" else labels[number])

    def spoken(self, day: date, draw) -> str:
        """A day in words that mean this one alone."""
        ahead = (day - TUESDAY).days
        forms = {0: ["today", "2day"], 1: ["tomorrow", "tmrw", "tomorrow wed"]}.get(ahead, [])
        if 0 < ahead < 6:
            forms = [*forms, f"{day:%A}".lower(), f"on {day:%A}"]
        return str(draw.choice([*forms, f"{day.day}th march", f"{day:%a} {day.day}th"] if ahead else forms))

    def move(self, before: tuple[str, date], after: tuple[str, date]) -> None:
        self.meant[after] = self.meant.pop(before)
        self.last = [after]

    def child(self, child_id: str) -> Child:
        return next(child for child in self.family if child.id == child_id)

    # What came of it --------------------------------------------------------------------------

    @invariant()
    def the_record_is_what_was_meant(self):
        if hasattr(self, "chat"):
            held = {(child, day): effect.kind for (child, day, _), effect in self.chat.record.off().items()}
            assert held == self.meant, f"['the record is not what was meant']: {self.chat.texts}"


TestParents = Parents.TestCase
TestParents.settings = settings(
    max_examples=3000 if EXPLORES else 60,
    stateful_step_count=15,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
