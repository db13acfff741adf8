"""What parents text in random chats: sentences with places for names, and what each tells the school."""

from __future__ import annotations

from dataclasses import dataclass

from conversations.context import Child


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A text with `{one}` and `{two}` for children, and what must come of it.

    `tells`: "absence" must end stated or with a person, "leave" asked of the head or with a person, "person" must reach
    one in the same turn; "" may pass.
    """

    words: str
    tells: str = ""

    @property
    def needs(self) -> int:
        """How many children a family must have for it."""
        return 2 if "{two}" in self.words else 1

    def of(self, children: tuple[Child, ...]) -> str:
        """The text about these children, the first and the second of them."""
        names = [child.known_as for child in children]
        return self.words.format(one=names[0], two=names[-1])


REPORTS = """
{one} is poorly today
{one} is poorly, back thursday
{one} wont be in shes been sick all night
Hi, {one} has a temperature so is staying at home today and tomorrow. Thanks
poorly today
been up all night with a tummy bug, not coming in
not coming in today
{one} not in today
sick again
both off with a cold
{one} is off until friday with flu
{one} has chicken pox, off all week
{one} was off yesterday with a headache
{one} isnt well and {two} has the dentist at 10
{one} has a bug, {two} is fine
{one} and {two} are both poorly today
{one} poorly today, {two} off tomorrow for a hospital appointment
{one} will be late, bus didnt come
running 20 mins late
{one} in at 10 today, overslept
stuck in traffic {one} will be there by half 9
{one} has the dentist at 2pm today
dentist tomorrow morning for {one}
{one} has an orthodontist appointment on thursday
picking {one} up at 1:30 for a hospital appointment
hospital appointment on the 12th for {one} at 9.15, back by lunch
{one} off monday to wednesday with an ear infection
{one} still poorly, not in tomorrow either
still poorly
{one} went home ill yesterday and is still not right, staying off
{one} off with anxiety today
{one} has broken her arm, at a&e now
{one} wont be in this afternoon, feeling sick
{one} off this morning with tummy ache will be in after lunch
is it ok if {one} stays off today, bad cough
{one} may be off tomorrow if no better
our car broke down so {one} cant get in
{one} is off next monday for an operation
{one} poorly on saturday
{one} off 3rd to 5th march chest infection
{one} wont be in for 3 days, tonsillitis
Jack is poorly today
{one} and Jack have been sick, neither in today
{one} has a sore throat and a cough and didnt sleep so i am keeping her home, she has eaten nothing since sunday
grandad passed away last night so {one} wont be in
{one} is poorly tomorrow or maybe thursday
48 hours off for {one}, sickness bug
{one} off sick, back on the 9th
"""

FOR_A_PERSON = """
{one} is in school, i dropped her off myself
can someone ring me please
nan is picking {one} up from school today
is {one} in school?
my new number is 07700 900123
we are moving to leeds, {one} is leaving at easter
what is {one}'s attendance
{one} is being bullied and wont come in
wrong number mate
how long should {one} stay off with chicken pox
person
"""

# Told to the head once it is confirmed; what has begun, or may not be asked for by this parent, is for a person.
LEAVE = """
can we have 16th-20th march off for a wedding
can {one} have 19 and 20 march off for a wedding in leeds
we are going to pakistan from 20th march for two weeks
can i request leave for {one}
{one} was off yesterday, we were away on holiday
requesting leave for friday 20 march, family wedding
{one} will be off for eid on 19 and 20 march
its eid on friday so {one} wont be in
{one} will be off on friday for grandads funeral
"""

LEFT_OPEN = """
poorly today
running 20 mins late
dentist tomorrow
Jack is poorly today
{one} poorly on saturday
{two} off sunday with a cold
{one} is poorly tomorrow or thursday
not in today
"""

TAKEN_BACK = """
{one} is fine now, coming in after all
{one} is coming in today after all
{one} not poorly anymore, will be in
{one} is better and coming in tomorrow
"""

CORRECTIONS = """
i meant {one}
not {one}, {two}
sorry i meant thursday
sorry thursday not wednesday
i meant tomorrow
{one} is late not poorly
wrong child, it is {two}
{one} is fine now, coming in after all
shes better, will be in tomorrow
dentist cancelled, {one} is coming in
back wednesday now
actually off until friday
and tomorrow
and thursday as well
and {two}
{one} too
back thursday
"""

ANSWERS = """
1
2
3
9
0
yes
no
yeah
{one}
both
today
tomorrow
thursday
the second one
at 10
tummy bug
as well
instead
coming in
still off
someone else
"""

NOISE = """
numbers only
just numbers
words again
buttons again
thanks
thank you so much
ok
hi
good morning
?
??
help
👍
🤒
asdf qwer zxcv
no worries will do
whats for dinner today
is there football tonight?
{one} loves maths
hope you all have a lovely weekend
i am poorly today
lol
.
polish please
start
the dog was sick on the carpet
her brother is poorly
"""

WORRY = """
her dad hit her last night
{one} said she wants to die
{one} cant breathe properly and has a rash that wont fade
please dont reply, he reads my phone. he hit us
"""


def _sentences(lines: str, tells: str = "") -> tuple[Sentence, ...]:
    return tuple(Sentence(words=line, tells=tells) for line in lines.strip().splitlines())


REPORTING = _sentences(REPORTS, "absence")
CORRECTING = _sentences(CORRECTIONS)
ALL = (
    *REPORTING,
    *_sentences(LEAVE, "leave"),
    *_sentences(FOR_A_PERSON, "person"),
    *CORRECTING,
    *_sentences(ANSWERS),
    *_sentences(NOISE),
    *_sentences(WORRY, "person"),
)
OPENING = _sentences(LEFT_OPEN, "absence")
WITHDRAWING = _sentences(TAKEN_BACK)
STOP = Sentence(words="stop")
