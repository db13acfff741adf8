"""The first steps of hearing: people, phrases, times and days in the words of a text, before any scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from conversations.acts import Kind
from conversations.context import Context
from conversations.hearing.atoms import atoms
from conversations.hearing.both import days_and_people
from conversations.hearing.by_sex import by_sex
from conversations.hearing.calls import Calls
from conversations.hearing.clocks import Clock
from conversations.hearing.dates import find_days
from conversations.hearing.leftovers import loose
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import FIRST, Person, find_people
from conversations.hearing.normalise import Word, key
from conversations.hearing.other_days import Dated
from conversations.hearing.phrases import Hit, outermost
from conversations.hearing.postpositions import in_order
from conversations.hearing.putting_right import put_apart
from conversations.hearing.resolving import Moment
from conversations.hearing.segments import Found
from conversations.hearing.times import find_clocks
from conversations.hearing.word_names import verb_as_typed

# Phrases that say how a stretch is meant neither hide others nor are hidden.
MOODS = frozenset({
    "scope.question", "scope.request", "scope.hypothetical", "scope.reporting", "scope.past", "scope.story",
    "scope.recovery",
})  # fmt: skip

# A farewell that names a day is short, and the same words may say until when a child is off.
LONGEST_FAREWELL = 3


def moment_of(words: Sequence[Word], context: Context, lexicon: Lexicon) -> Moment:
    """When the text was written, and whether it tells of what is past."""
    return Moment(
        today=context.now.date(),
        now=context.now.time(),
        past=bool(past_places(words, lexicon)),
        calendar=context.calendar,
        future=any(word.norm in lexicon.small.get("future", ()) for word in words),
    )


def past_places(words: Sequence[Word], lexicon: Lexicon) -> frozenset[int]:
    """The words that are told in the past: after "was" up to "is" or a comma, and right before a "was"."""
    past, ahead = lexicon.small["past"], lexicon.small["ahead"]
    told, begin, done = False, 0, 0
    places: set[int] = set()
    for at, word in enumerate(words):
        before = words[at - 1].norm if at else ""
        # "Had the operation on Saturday" is past, "has had a cough" is not.
        if word.norm in lexicon.small["had"] and before not in lexicon.small["have"]:
            # "Off this week, he had his appendix out": what stands before it may be ahead.
            told = True
        if word.norm in past and before not in lexicon.small.get("unpast", ()):
            told = True
            near = range(max(0, at - 3), at)
            cut = max((each for each in near if words[each].norm in lexicon.small["breaks"]), default=-1)
            # "Not in until Monday as we were away": what stands before the "as" is not past.
            places.update(each for each in near if each > cut and words[each].kind != "mark")
        elif word.norm in ahead or word.kind == "mark" or leads_on(words, at, lexicon):
            told = False
        if told:
            places.add(at)
        if word.norm in lexicon.small["past_final"]:
            # Where the verb comes last, a "was" is told of the whole clause before it.
            places.update(range(max(begin, done), at + 1))
            done = at + 1
        if lexicon.small["past_final"] and told_behind(words, at, lexicon):
            places.update((at + 1, at + 2))
        if word.kind == "mark" or word.norm in ahead or word.norm in lexicon.small["breaks"]:
            begin = at + 1
    return frozenset(places)


def leads_on(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a new statement begins, or an "and" leads on to what is ahead: "była chora i w piątek nie przyjdzie"."""
    small = lexicon.small
    if words[at].norm in small["breaks"]:
        return True
    if words[at].norm not in small["joins"]:
        return False
    for word in words[at + 1 :]:
        if word.kind == "mark" or word.norm in small["breaks"] | small["joins"] | small["past"] | small["had"]:
            return False
        if word.norm in small["ahead"]:
            return True
    return False


def told_behind(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """ "He fell Friday, his arm hurts": where the verb comes last, one word behind a past one is of its clause."""
    small = lexicon.small
    done = at > 0 and words[at].norm in small["present"] and words[at - 1].norm in small.get("done", ())
    if not done and words[at].norm not in small["past_final"]:
        return False
    ends = small["breaks"]
    last = next((n for n in range(at + 1, len(words)) if words[n].kind == "mark" or words[n].norm in ends), len(words))
    tail = [word.norm for word in words[at + 1 : last] if word.norm not in small["on_days"]]
    return len(tail) == 1 and tail[0] not in small["present"] | small["ahead"] | small["past_final"]


# How far from a since an illness may stand: "kaszle już od poniedziałku", "od poniedziałku strasznie kaszle".
BESIDE = 2
OPERATED = "sickness.medical_other"


def lasting_places(
    words: Sequence[Word], small: Sequence[Hit], hits: Sequence[Hit], lexicon: Lexicon
) -> frozenset[int]:
    """Where one word is since as well as from, those beside an illness, with nothing ahead told in their clause.

    "Kaszle od poniedziałku, nie przyjdzie" is since Monday; "nie będzie go od poniedziałku" is from Monday on.
    """
    ahead, ends = lexicon.small.get("future", frozenset()), lexicon.small["breaks"] | lexicon.small["joins"]
    cuts = [at for at, word in enumerate(words) if word.kind == "mark" or word.norm in ends]
    ill = [hit for hit in hits if hit.concept.startswith("sickness.")]
    places = set()
    for at in (hit.first for hit in small if hit.concept == "calendar.since_or_from"):
        begin = max((cut for cut in cuts if cut < at), default=-1) + 1
        end = min((cut for cut in cuts if cut > at), default=len(words))
        near = [hit for hit in ill if begin <= hit.first and hit.last <= end]
        # "Od piątku idzie na zabieg": an operation may be ahead.
        beside = any(
            0 <= at - hit.last <= BESIDE or (0 <= hit.first - at - 2 <= BESIDE and hit.concept != OPERATED)
            for hit in near
        )
        if beside and not any(word.norm in ahead for word in words[begin:end]):
            places.add(at)
    return frozenset(places)


def find(words: Sequence[Word], context: Context, lexicon: Lexicon, names: Calls, moment: Moment) -> Found:
    """All people, phrases, times and days."""
    people = by_sex(find_people(words, names, context, lexicon), words, context, lexicon)
    places = {person.first: person.last for person in people}
    hits = outermost(lexicon.topics.find(words, places), stays)
    over = covering(hits)
    hits = [hit for hit in hits if not cut_short(hit, over) and not elided(hit, words, lexicon)]
    named = {at for each in people if each.rule.startswith("name") for at in range(each.first, each.last)}
    # "Ellie-May not in today": the name is no "may", and Sahar is no magic.
    hits = [
        hit for hit in hits if hit.concept not in ("scope.hypothetical", "worry.disclosure") or hit.first not in named
    ]
    hits = [hit for hit in hits if not only_named(hit, people)]
    people = [person for person in people if not swallowed(person, hits, words, lexicon)]
    over = covering(hits)
    small = [hit for hit in lexicon.days.find(words, places) if not inside(hit, over.get(hit.first, ()))]
    months = [hit for hit in small if hit.concept.startswith("month.")]
    small = [hit for hit in small if not (hit in months and verb_as_typed(words, hit.first, lexicon))]
    small, people = days_and_people(small, people, hits, words, (context, lexicon))
    greeted = (hit for hit in hits if hit.concept == "talk.smalltalk" and hit.last - hit.first > 1)
    greetings = {at for hit in greeted for at in range(hit.first, hit.last)} | own_verbs(words, people, lexicon)
    clocks = find_clocks(words, small, lexicon, greetings)
    hits = [due(hit, clocks) for hit in hits if hit.concept != DUE or due(hit, clocks) is not hit]
    hits = [hit for hit in hits if not of_minutes(hit, words, clocks)]
    taken = {at for clock in clocks if clock.kind is not Kind.PART for at in range(clock.first, clock.last)}
    called = (person for person in people if person.rule.startswith(("name", "people.all", "people.pair")))
    taken |= {at for person in called for at in range(person.first, person.last)}
    days = [
        (atom.first, atom.last, said, rule)
        for atom, said, rule in find_days(
            in_order(put_apart(atoms(words, small, lexicon, taken), words, hits, people, lexicon), words, lexicon),
            moment,
            past_places(words, lexicon) | lasting_places(words, small, hits, lexicon),
        )
    ]
    days = [of_either_tense(each, words, lexicon, moment) for each in days]
    that_day = [hit for hit in small if hit.concept in THAT_DAY]
    days = [each for each in days if not of_that_day(each, days, that_day, moment)]
    used = {at for first, last, _, _ in days for at in range(first, last)}
    used |= {at for clock in clocks for at in range(clock.first, clock.last)}
    used |= {at for person in people for at in range(person.first, person.last)}
    return Found(
        words=words,
        hits=hits,
        people=people,
        days=days,
        clocks=clocks,
        small=lexicon.small,
        loose=loose(words, small, used, lexicon),
        nights=tuple(hit.last for hit in small if hit.concept == "day.night_before"),
        today=moment.today,
        subject_after=lexicon.subject_after,
    )


def covering(hits: Sequence[Hit]) -> dict[int, list[Hit]]:
    """For each word the phrases that have it."""
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        for at in range(hit.first, hit.last):
            found.setdefault(at, []).append(hit)
    return found


WEEK = timedelta(days=7)


def of_either_tense(dated: Dated, words: Sequence[Word], lexicon: Lexicon, moment: Moment) -> Dated:
    """ "تغيب آدم الثلاثاء": without its mark the verb is "was away" or "is to be", and either Tuesday may be meant."""
    first, last, said, rule = dated
    small = lexicon.small
    either, ahead = small["either_tense"], small["ahead"] - small["prepositions"] - small["not"]
    bare = rule.startswith("date.weekday") and said.role == "on" and not said.others
    if not (either and bare and said.first and said.last and said.first > moment.today):
        return dated
    begin = max((at + 1 for at in range(first) if words[at].kind == "mark"), default=0)
    told = [at for at in range(begin, first) if key(words[at].typed) in either]
    if not told or ahead & {word.norm for word in words[max(begin, told[0] - 1) : last + 1]}:
        return dated
    return first, last, replace(said, others=((said.first - WEEK, said.last - WEEK),)), rule


THAT_DAY = frozenset({"part.all", "calendar.that_day"})


def of_that_day(dated: Dated, days: Sequence[Dated], that_day: Sequence[Hit], moment: Moment) -> bool:
    """Whether "today" is a later day that was named: in Arabic "that day" and "the whole day" have "today" in them."""
    first, last, said, _ = dated
    if said.first != moment.today:
        return False
    whole = any(hit.first <= first and last <= hit.last for hit in that_day)
    later = (each[2].first for each in days if each[0] < first)
    return whole and any(day is not None and day > moment.today for day in later)


# "In at", "there by": an arrival only where an hour follows.
DUE = "say.due"


def due(hit: Hit, clocks: Sequence[Clock]) -> Hit:
    """A phrase that wants an hour after it, as an arrival once it has one; any other as it is."""
    timed = any(hit.last - 1 <= clock.first <= hit.last + 1 for clock in clocks if clock.kind is not Kind.PART)
    return hit._replace(concept="say.arriving") if hit.concept == DUE and timed else hit


def of_minutes(hit: Hit, words: Sequence[Word], clocks: Sequence[Clock]) -> bool:
    """Whether a figure that may be a temperature counts minutes: "we waited 40 minutes"."""
    if hit.concept != "sickness.fever" or any(word.kind != "number" for word in words[hit.first : hit.last]):
        return False
    return any(clock.first <= hit.first < clock.last for clock in clocks if clock.kind is Kind.MINUTES)


def stays(inner: Hit, outer: Hit) -> bool:
    """Whether a phrase counts although it lies in a longer one: a worry is only outdone by what is known to be none."""
    if inner.concept in MOODS or outer.concept in MOODS or vague(inner, outer):
        return True
    if inner.concept.startswith(("worry.", "red_flag.")):
        return not outer.concept.startswith("worry_not.")
    return outer.concept.startswith(("worry.", "worry_not.", "red_flag.", "talk.pupil"))


def vague(inner: Hit, outer: Hit) -> bool:
    """Whether the longer phrase only says that there is something: "has a tummy bug" around "tummy bug"."""
    table, _, name = outer.concept.partition(".")
    return name == "unspecified" and inner.concept.startswith(f"{table}.")


def elided(hit: Hit, words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a word is a pronoun and a verb without their apostrophe: "Ill pick her up", "so ill drop him off"."""
    here = hit.last - 1
    if words[here].norm not in lexicon.small["elided"]:
        return False
    before = words[here - 1] if here else None
    opens = before is None or before.kind == "mark" or before.norm in lexicon.small["breaks"] | lexicon.small["joins"]
    after = words[hit.last] if hit.last < len(words) else None
    return opens and after is not None and after.kind == "word" and after.norm not in lexicon.small["after_elided"]


def own_verbs(words: Sequence[Word], people: Sequence[Person], lexicon: Lexicon) -> set[int]:
    """Small verbs right beside "I": the "am" of "I am" and "am I" is no morning."""
    beside = {at for person in people if person.kind == FIRST for at in (person.first - 1, person.last)}
    return {at for at in beside if 0 <= at < len(words) and words[at].norm in lexicon.small["light"]}


# What a child's name may mean as a word: Tuqa, Hala and Farah write like vomiting, a mouth ulcer and a wedding.
NEWS = ("sickness.", "absence_other.", "leave.", "appointment.")
SURE_NAMES = frozenset({"name.exact", "name.script"})


def only_named(hit: Hit, people: Sequence[Person]) -> bool:
    """Whether a phrase of news is nothing but the name of one of the children."""
    return hit.concept.startswith(NEWS) and any(
        person.rule in SURE_NAMES and person.choices and (hit.first, hit.last) == (person.first, person.last)
        for person in people
    )


def swallowed(person: Person, hits: Sequence[Hit], words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a role is only part of an illness: "both ends" are not both children, Arabic's migraine is no sister.

    "Au luat amandoi un virus": a word that only stands inside a phrase of others is still of both children.
    """
    between = {words[at].norm for at in range(person.first, person.last)} <= lexicon.topics.fillers
    return person.rule in {"people.pair", "people.all", "people.other", "people.sibling"} and any(
        hit.first <= person.first
        and person.last <= hit.last
        and hit.last - hit.first > person.last - person.first
        and hit.concept.startswith(("sickness.", "appointment.", "scope.idiom"))
        and "<who>" not in hit.phrase
        and not (between and words[person.first].norm not in hit.phrase)
        for hit in hits
    )


def cut_short(hit: Hit, over: Mapping[int, Sequence[Hit]]) -> bool:
    """Whether "she is in" only begins something longer: "she is in hospital", "in bed", "in agony".

    `over` are the phrases that have each word.
    """
    if (
        hit.concept == "say.absent"
        and hit.last - hit.first < 3
        and any(
            # "Bunking off again", "told off yesterday": the "off" belongs to what stands before it.
            other.first < hit.first < other.last < hit.last + 1
            and other.concept in {"scope.idiom", "claims_present.words"}
            for other in over.get(hit.first, ())
        )
    ):
        return True
    return hit.concept in {"claims_present.words", "say.present", "say.late", "say.arriving"} and any(
        hit.first < other.first < hit.last < other.last
        and other.concept.startswith(("scope.idiom", "sickness.", "appointment.", "leave.", "absence_other."))
        for other in over.get(hit.last, ())
    )


def inside(hit: Hit, topics: Sequence[Hit]) -> bool:
    """Whether a word of dates is only part of a phrase about something else: "bad back", "24 hour bug".

    `topics` are the phrases that have its first word.
    """
    if any(t.concept == "scope.hypothetical" and t.first <= hit.first < hit.last < t.last for t in topics):
        return True
    if hit.concept.startswith(("weekday.", "time.", "day.yesterday")) and any(
        t.first <= hit.first < hit.last <= t.last
        and (t.concept == "scope.idiom" or (t.concept == "talk.smalltalk" and t.last - t.first > LONGEST_FAREWELL))
        for t in topics
    ):
        # "Sorry to text on a Sunday" is manners, "the second hour" of lessons no time; "till Monday" may be a day.
        # "The same as yesterday" is about today.
        return True
    return any(
        topic.first <= hit.first
        and hit.last <= topic.last
        and (hit.first, hit.last) != (topic.first, topic.last)
        and hit.concept.startswith(("calendar.back", "calendar.hours", "calendar.days", "calendar.weeks"))
        and topic.concept.startswith(("sickness.", "scope.idiom", "appointment."))
        for topic in topics
    )
