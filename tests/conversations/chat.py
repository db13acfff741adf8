"""A family's chat with the school: two phones, one record, one clock; every turn is held to the laws."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from conversations.acts import AbsenceStated, Due, Incoming, Json, Press, Push, Text, Turn, WorryHeard
from conversations.context import Child
from conversations.filing import key_of
from conversations.shaping import Abilities
from conversations.state import Ask, State, dump, load
from tests.conversations.laws import Step, broken
from tests.conversations.phone import LEO, MAYA, SAM, SMS, Phone, Record

# Ids here hold no name, so that a name in a state is one too many.
FAMILY = tuple(
    replace(child, id=f"01J0000000000000000000C{number:03}") for number, child in enumerate((MAYA, SAM, LEO), start=1)
)
# Over a weekend to the reminder of Monday, and a day from then.
LONG_SILENCE = timedelta(days=6)


def phone_open(phone: Phone) -> bool:
    """Whether somebody reads at that moment."""
    return phone.context.office_open


@dataclass(slots=True)
class Chat:
    """Mum's and dad's phone. `filings` counts how often each frame was filed while it was open."""

    children: tuple[Child, ...]
    now: datetime
    abilities: tuple[Abilities, Abilities] = (SMS, SMS)
    record: Record = field(default_factory=Record)
    phones: dict[str, Phone] = field(default_factory=dict)
    stale: dict[str, Ask] = field(default_factory=dict)
    filings: Counter[str] = field(default_factory=Counter)
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Both phones share the record."""
        for who, abilities in zip(("mum", "dad"), self.abilities, strict=True):
            self.phones[who] = Phone(
                children=self.children, who=who, record=self.record, now=self.now, abilities=abilities
            )

    # What happens -----------------------------------------------------------------------------

    def text(self, who: str, words: str, *, tells: str = "", media: int = 0) -> Turn:
        """A text; `tells` as in `texts.py`."""
        phone = self.phones[who]
        self.texts.append(f"{who}: {words}")
        return self.take(phone, Text(id=phone.new_id(), text=words, media=media), tells=tells)

    def press(self, who: str, key: str, token: str) -> Turn:
        """A button."""
        phone = self.phones[who]
        return self.take(phone, Press(id=phone.new_id(), token=token, key=key))

    def due(self, who: str, token: str) -> Turn:
        """A timer."""
        return self.take(self.phones[who], Due(id="", token=token))

    def push(self, who: str, flow: str, fills: dict[str, Json], *, over: bool = False) -> Turn:
        """The school starts; `over`: also while something is open."""
        phone = self.phones[who]
        return self.take(phone, Push(id=phone.new_id(), flow=flow, fills=fills, over=over))

    def wait(self, how_long: timedelta) -> None:
        """Time passes for both; timers go off on the way, in their order."""
        until = self.now + how_long
        while rings := [(phone.wake, who) for who, phone in self.phones.items() if phone.wake]:
            (at, wake), who = min(rings, key=lambda each: (each[0][0], each[1]))
            if at > until:
                break
            self._set_clock(max(self.now, at))
            self.phones[who].wake = None
            made = self.due(who, wake.token)
            # A reminder that comes due at night waits for the office, once.
            put_off = made.wake is not None and made.wake.after > timedelta() and not phone_open(self.phones[who])
            assert put_off or made.state.rev != int(wake.token), "a wake that was due did nothing"
        self._set_clock(until)

    def run_out(self) -> None:
        """Nobody says anything more: all that is open must end."""
        self.wait(LONG_SILENCE)
        left = [frame for phone in self.phones.values() for frame in phone.state.stack]
        assert not left, "something is open for ever"

    def deploy(self, who: str, stored: Json) -> None:
        """A new release starts on what an older one left in that thread."""
        # What is too long by now is cut when it is stored, so the next turn starts on what was stored.
        found = load(json.loads(json.dumps(stored)))
        self.phones[who].state = load(json.loads(json.dumps(dump(found))))

    def _set_clock(self, now: datetime) -> None:
        self.now = now
        for phone in self.phones.values():
            phone.now = now

    # One turn ---------------------------------------------------------------------------------

    def take(self, phone: Phone, incoming: Incoming, *, tells: str = "") -> Turn:
        """One turn, held to all laws."""
        before, context = phone.state, phone.context
        if before.ask is not None:
            self.stale[phone.who] = before.ask
        made = phone.take(incoming)
        step = Step(
            before=before, incoming=incoming, context=context, abilities=phone.abilities, made=made, tells=tells
        )
        laws = broken(step)
        assert not laws, f"{laws}: {incoming} made {made.effects} and said {made.says}"
        self._count(before, made)
        if any(isinstance(effect, WorryHeard) for effect in made.effects):
            phone.lead_holds = True
        return made

    def _count(self, before: State, made: Turn) -> None:
        """A frame is filed once; what it says afterwards is an answer to something wanted, never the same again."""
        stated = [effect for effect in made.effects if isinstance(effect, AbsenceStated)]
        committed = {frame.id for frame in before.stack if frame.status == "committed"}
        self.filings.update({effect.frame for effect in stated} - committed)
        assert all(count == 1 for count in self.filings.values()), "a frame was filed twice"
        assert all(self.record.statements.get((self._who(made), *key_of(each))) == each for each in stated)

    def _who(self, made: Turn) -> str:
        return next(who for who, phone in self.phones.items() if phone.turns and phone.turns[-1] is made)
