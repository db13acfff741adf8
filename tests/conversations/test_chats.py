"""Random chats of a family with its school: whatever is texted, pressed or left unanswered, the laws hold."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from conversations.acts import Json
from conversations.state import State, dump
from tests.conversations import texts
from tests.conversations.chat import FAMILY, Chat
from tests.conversations.old_states import aged, as_schema_1, as_schema_2, as_schema_3, as_schema_4
from tests.conversations.phone import LONDON, SMS, TELEGRAM

# A Tuesday before school, during it, at three; a Friday night; a Sunday; the last moments of a morning's register.
STARTS = [
    datetime.combine(date(2026, 3, day), time(hour, minute), LONDON)
    for day, hour, minute in [(3, 7, 52), (3, 8, 59), (3, 11, 5), (3, 15, 10), (6, 21, 30), (8, 18, 0), (27, 7, 45)]
]
EXPLORES = settings.get_current_profile_name() == "random"

parents = st.sampled_from(["mum", "mum", "dad"])
sentences = st.sampled_from(texts.ALL)
telling = st.sampled_from(texts.REPORTING)
telling_nothing = st.sampled_from([each for each in texts.ALL if not each.tells])
junk = st.text(max_size=60) | st.sampled_from(["", " ", "\0", "1" * 40, "🤒" * 80, "0 0", "١", "a" * 1600])


def without(state: State, *, numbers: bool | None = None) -> State:
    """The state without what earlier releases did not know: whether a frame was called to mind, and more."""
    stack = tuple(replace(frame, reminded=False) for frame in state.stack)
    recent = tuple(replace(frame, reminded=False) for frame in state.recent)
    return replace(state, stack=stack, recent=recent, numbers=state.numbers if numbers is None else numbers)


class Chats(RuleBasedStateMachine):
    """Draws what happens next; `Chat` holds each turn to the laws."""

    @initialize(
        size=st.integers(1, 3),
        turned=st.integers(0, 2),
        start=st.sampled_from(STARTS),
        mum=st.sampled_from([SMS, TELEGRAM]),
        dad=st.sampled_from([SMS, TELEGRAM]),
    )
    def begin(self, size, turned, start, mum, dad):
        children = (*FAMILY[turned:], *FAMILY[:turned])[:size]
        self.chat = Chat(children=children, now=start, abilities=(mum, dad))

    # Parents ----------------------------------------------------------------------------------

    def say(self, who, sentence, turned):
        children = self.chat.children[turned:] + self.chat.children[:turned]
        if sentence.needs <= len(children):
            self.chat.text(who, sentence.of(children), tells=sentence.tells)

    @rule(who=parents, sentence=sentences, turned=st.integers(0, 2))
    def texts_anything(self, who, sentence, turned):
        self.say(who, sentence, turned)

    @rule(who=parents, sentence=telling, turned=st.integers(0, 2))
    def reports(self, who, sentence, turned):
        self.say(who, sentence, turned)

    @rule(who=parents, sentence=telling_nothing, turned=st.integers(0, 2))
    def answers_or_corrects(self, who, sentence, turned):
        self.say(who, sentence, turned)

    @rule(who=parents, first=telling, second=sentences, turned=st.integers(0, 2))
    def texts_two_things(self, who, first, second, turned):
        children = self.chat.children
        if max(first.needs, second.needs) <= len(children):
            moved = children[turned:] + children[:turned]
            self.chat.text(who, f"{first.of(children)}. {second.of(moved)}", tells=first.tells)

    @rule(who=parents, several=st.lists(st.sampled_from(texts.OPENING), min_size=3, max_size=5, unique=True))
    def leaves_much_open(self, who, several):
        for sentence in several:
            self.say(who, sentence, 0)

    @rule(first=telling, second=st.sampled_from(texts.WITHDRAWING), turned=st.integers(0, 2))
    def one_reports_and_the_other_takes_back(self, first, second, turned):
        self.say("dad", first, turned)
        self.say("mum", second, turned)

    @rule(draw=st.randoms(use_true_random=False))
    def an_hour_of_family_life(self, draw):
        """What mostly happens: reports, answers, second thoughts, by both parents; drawn in one go."""
        for _ in range(10):
            who, turned = draw.choice(["mum", "mum", "dad"]), draw.randrange(3)
            ask = self.chat.phones[who].state.ask
            if ask and ask.options and draw.random() < 0.5:
                number = draw.randrange(len(ask.options))
                if draw.random() < 0.5:
                    self.chat.press(who, ask.options[number], ask.token)
                else:
                    self.chat.text(who, str(number + 1))
                continue
            pool = draw.choice([texts.REPORTING, texts.REPORTING, texts.WITHDRAWING, texts.CORRECTING, texts.ALL])
            self.say(who, draw.choice(pool), turned)
            if draw.random() < 0.1:
                self.chat.text(who, "0")
            self.chat.wait(timedelta(minutes=draw.choice([0, 1, 5, 40])))

    @rule(who=parents, words=junk)
    def texts_junk(self, who, words):
        self.chat.text(who, words)

    @rule(who=parents, words=st.sampled_from(["", "maya is poorly today", "sick note"]))
    def sends_a_photo(self, who, words):
        self.chat.text(who, words, media=1)

    @rule(who=parents, number=st.integers(0, 9))
    def answers_by_number(self, who, number):
        self.chat.text(who, str(number))

    @rule(who=parents, number=st.integers(0, 7))
    def presses_a_button(self, who, number):
        ask = self.chat.phones[who].state.ask
        if ask and ask.options:
            self.chat.press(who, ask.options[number % len(ask.options)], ask.token)

    @rule(who=parents, number=st.integers(0, 7))
    def presses_an_old_button(self, who, number):
        ask = self.chat.stale.get(who)
        if ask and ask.options and ask.token != getattr(self.chat.phones[who].state.ask, "token", None):
            self.chat.press(who, ask.options[number % len(ask.options)], ask.token)

    @rule(who=parents, key=st.sampled_from(["", "yes", "nothing", "all"]))
    def presses_what_was_never_there(self, who, key):
        self.chat.press(who, key, "0")

    @rule(who=parents, number=st.integers(0, 7))
    def presses_under_an_older_question_what_the_newest_offers_too(self, who, number):
        ask = self.chat.phones[who].state.ask
        if ask and ask.options:
            self.chat.press(who, ask.options[number % len(ask.options)], str(int(ask.token) - 1))

    @rule(who=parents)
    def opts_out(self, who):
        self.chat.text(who, texts.STOP.words)

    # Time -------------------------------------------------------------------------------------

    @rule(minutes=st.integers(0, 50))
    def some_minutes_pass(self, minutes):
        self.chat.wait(timedelta(minutes=minutes))

    @rule(hours=st.integers(1, 30))
    def some_hours_pass(self, hours):
        self.chat.wait(timedelta(hours=hours))

    @rule(who=parents, back=st.integers(1, 5))
    def an_old_timer_goes_off(self, who, back):
        self.chat.due(who, str(self.chat.phones[who].state.rev - back))

    # The school -------------------------------------------------------------------------------

    @rule(who=parents, number=st.integers(0, 2))
    def the_school_chases(self, who, number):
        self.the_school_chases_about(who, number)

    def the_school_chases_about(self, who, number):
        child = self.chat.children[number % len(self.chat.children)]
        today = self.chat.now.date().isoformat()
        # The morning's chase cannot wait until the parent has answered something else.
        self.chat.push(who, "absence", {"who": [child.id], "days": [[today, today]]}, over=True)

    @rule(who=parents, number=st.integers(0, 2), sentence=st.sampled_from(texts.CORRECTING), turned=st.integers(0, 2))
    def a_chase_is_answered(self, who, number, sentence, turned):
        self.the_school_chases_about(who, number)
        self.say(who, sentence, turned)

    @rule(who=parents, number=st.integers(0, 2), what=st.sampled_from(["chase", "checkin", ""]))
    def the_school_expects(self, who, number, what):
        phone = self.chat.phones[who]
        phone.expects = what
        phone.expects_child = self.chat.children[number % len(self.chat.children)].id if what else None

    @rule(who=parents, flow=st.sampled_from(["", "no_such_flow"]))
    def an_unknown_flow_is_pushed(self, who, flow):
        self.chat.push(who, flow, {})

    @rule()
    def staff_confirm_what_is_on_record(self):
        self.chat.record.confirmed.update(self.chat.record.off())

    @rule(who=parents, speak=st.booleans())
    def staff_speak_or_are_done(self, who, speak):
        self.chat.phones[who].staff_speaking = speak

    @precondition(lambda self: any(phone.lead_holds for phone in self.chat.phones.values()))
    @rule()
    def the_lead_hands_back(self):
        for phone in self.chat.phones.values():
            phone.lead_holds = False

    # Deploys ----------------------------------------------------------------------------------

    @rule(who=parents)
    def a_release_starts_on_states_of_the_first(self, who):
        self.chat.deploy(who, as_schema_1(self.chat.phones[who].state))

    @rule(who=parents)
    def a_release_starts_on_states_of_the_second(self, who):
        before = self.chat.phones[who].state
        self.chat.deploy(who, as_schema_2(before))
        assert self.chat.phones[who].state == without(before, numbers=False)

    @rule(who=parents)
    def a_release_starts_on_states_of_the_third(self, who):
        before = self.chat.phones[who].state
        self.chat.deploy(who, as_schema_3(before))
        assert self.chat.phones[who].state == without(before, numbers=False)

    @rule(who=parents)
    def a_release_starts_on_states_of_the_fourth(self, who):
        before = self.chat.phones[who].state
        self.chat.deploy(who, as_schema_4(before))
        assert self.chat.phones[who].state == without(before)

    @rule(who=parents, data=st.data())
    def a_release_knows_other_slots(self, who, data):
        stored: dict[str, Json] = json.loads(json.dumps(dump(self.chat.phones[who].state)))
        self.chat.deploy(who, data.draw(aged(stored)))

    # Laws of all times ------------------------------------------------------------------------

    @invariant()
    def what_is_open_has_its_timer(self):
        if hasattr(self, "chat"):
            for phone in self.chat.phones.values():
                assert not phone.state.stack or (phone.wake and phone.wake[1].token == str(phone.state.rev))

    def teardown(self):
        if hasattr(self, "chat"):
            self.chat.run_out()


TestChats = Chats.TestCase
TestChats.settings = settings(
    max_examples=3000 if EXPLORES else 80,
    stateful_step_count=40,
    suppress_health_check=list(HealthCheck),
    # A chat of forty turns is shrunk for minutes; what broke is plain from its last turns.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
