"""Who a text is about: the contact's own children by name or role, and everybody else who has a part in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from conversations.context import Context
from conversations.hearing.calls import Calls, joined, scripted
from conversations.hearing.exceptions import taken_out
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.likeness import SHORTEST_TYPO, alike, one_slip, sound
from conversations.hearing.normalise import Word
from conversations.hearing.pet_names import pet_of, short_of
from conversations.hearing.phrases import Hit, outermost
from conversations.hearing.word_names import only_a_word
from conversations.hearing.years import by_age, same_year, twins, year_number

# Own children by name, role or number; "he"; the writer; the household; anybody else; a name of nobody we know.
CHILD, PRONOUN, FIRST, WE, OTHER, UNKNOWN = "child", "pronoun", "first", "we", "other", "unknown"

# A word of so few letters that has a meaning of its own is no part of a name in two words.
SHORTEST_PART = 2


class Person(NamedTuple):
    """Somebody in a text: which words, of which kind, and for own children the ids that may be meant.

    `choices` holds each set of children that the words may mean, likeliest first: one where it is plain, none where
    it cannot be told. `rule` says how it was found.
    """

    first: int
    last: int
    kind: str
    choices: tuple[tuple[str, ...], ...]
    rule: str


def find_people(words: Sequence[Word], names: Calls, context: Context, lexicon: Lexicon) -> list[Person]:
    """Everybody whom a text mentions, in order and without overlaps; a name beats a role."""
    hits = outermost(lexicon.people.find(words), lambda _inner, _outer: False)
    roles = [person for hit in hits if (person := role(hit, words, context, lexicon)) is not None]
    roles = [of_year(person, words, context) if person.rule == "people.own" else person for person in roles]
    ours = {person.last for person in roles if person.kind == WE}
    with_us = lexicon.small.get("with_us", frozenset())
    roles = [
        # "We both fell asleep": the writer and another.
        each._replace(kind=WE, choices=())
        if each.rule in GROUPS
        and words[each.last - 1].norm in with_us
        and (each.first in ours or (each.first - 1 in ours and words[each.first - 1].norm in lexicon.small["light"]))
        else each
        for each in roles
    ]
    before = {"people.own", "people.sibling"}
    ends = {hit.last for hit in hits if hit.concept in before} if lexicon.owner_follows else set()
    mine = {at for at in ends if at < len(words) and follows_a_child(words, at, lexicon)}
    named = own_names(words, names, context, lexicon, {at for hit in hits for at in range(hit.first, hit.last)}, mine)
    # "His sister Maya": of our own children, and no third one.
    called = {each.first for each in named if each.kind == CHILD and each.rule != "name.bent"}
    roles = [person for person in roles if person.rule != "people.sibling" or person.last not in called]
    ours_end = {each.last for each in (*named, *roles) if each.kind in {CHILD, PRONOUN}}
    roles = [
        with_sibling(person, words, context, lexicon)
        if person.rule == "people.sibling" and person.first - 1 in ours_end
        else person
        for person in roles
    ]
    if lexicon.owner_follows:
        own = [*named, *(each for each in roles if each.kind == CHILD and each.rule.startswith(OWNERS))]
        whole = [owned(person, own, words, lexicon) for person in roles]
        # "The sister of Salma, the little one": a sister still, and no younger child of ours.
        ends = {mine.last for each, mine in zip(roles, whole, strict=True) if mine != each}
        roles = [each for each in whole if each.rule not in OF_AGE or each.first not in ends]
    # "the boys Ben and Theo": names stand, roles that they lie in do not; "her nan": the longer role stands.
    found: list[Person] = []
    held: set[int] = set()
    begins = {each.first for each in named}
    wide = [each for each in roles if each.kind == OTHER and each.last - each.first > 1]
    for person in sorted(
        [*named, *roles], key=lambda each: (each.rule[:4] != "name", each.first - each.last, each.first)
    ):
        if person.rule in OF_AGE and begins & {person.last, person.last + 1}:
            # "The big one, Leon": the name says who.
            continue
        inside = person.rule.startswith("name") and any(
            other.first < person.first and person.last <= other.last for other in wide
        )
        if not inside and held.isdisjoint(range(person.first, person.last)):
            found.append(person)
            held.update(range(person.first, person.last))
    found = taken_out(sorted(found), words, context, lexicon)
    return sorted(
        the_rest(person, found, context) if person.rule in LEFT and not person.choices else person for person in found
    )


# Roles that say which child by its age.
OF_AGE = ("people.eldest", "people.youngest")
# Words for our children that may follow whose they are: "tata dziewczynek".
OWNERS = ("people.pair", "people.all", "people.own")
GROUPS = frozenset({"people.pair", "people.all"})
# Words for those of our children who are not named.
LEFT = frozenset({"people.rest", "people.other_one"})


def the_rest(person: Person, found: Sequence[Person], context: Context) -> Person:
    """ "Only Oli is in, the rest are ill": the children who are not named; beside no name it is of other people.

    "The other one" is a child of ours only where one alone is left.
    """
    named = {each for other in found if other.rule.startswith("name") for choice in other.choices for each in choice}
    left = tuple(child.id for child in context.children if child.id not in named)
    fits = named and left and (person.rule == "people.rest" or len(left) == 1)
    return person._replace(kind=CHILD, choices=(left,)) if fits else person


def role(hit: Hit, words: Sequence[Word], context: Context, lexicon: Lexicon) -> Person | None:
    """A person without a name."""
    name = hit.concept.partition(".")[2]
    everyone = tuple(child.id for child in context.children)
    rule = f"people.{name}"
    if name in {"pronoun", "them", "first", "we", "other", "sibling", "rest"}:
        kind = {"pronoun": PRONOUN, "them": PRONOUN, "first": FIRST, "we": WE}.get(name, OTHER)
        return Person(hit.first, hit.last, kind, (), rule)
    if name == "own":
        return Person(hit.first, hit.last, CHILD, (everyone,) if len(everyone) == 1 else (), rule)
    if name == "pair" and any(word.norm in lexicon.small["twins"] for word in words[hit.first : hit.last]):
        pair = twins(context)
        return Person(hit.first, hit.last, CHILD, (pair,) if pair else (), rule)
    if name in {"pair", "all"}:
        number = next((int(word.norm) for word in words[hit.first : hit.last] if word.kind == "number"), None)
        number = 2 if name == "pair" else number
        if number in {None, len(everyone)} or len(everyone) == 1:
            return Person(hit.first, hit.last, CHILD, (everyone,), rule)
        return Person(hit.first, hit.last, CHILD, (), rule)
    if name == "eldest" and len(everyone) == 1:
        return Person(hit.first, hit.last, UNKNOWN, (), rule)  # "My eldest at the uni": the school has another.
    child = by_age(context, youngest=name == "youngest")
    if lexicon.gendered_ages and len(everyone) > 1:
        # "Cea mica" is the little girl, who may have a younger brother; nothing on record says which of them are girls.
        child = None
    return Person(hit.first, hit.last, CHILD, ((child.id,),) if child else (), rule)


def of_year(person: Person, words: Sequence[Word], context: Context) -> Person:
    """ "My year 4 child", "my son in Y2": the year tells which."""
    if person.choices:
        return person
    said = "".join(word.norm for word in words[max(0, person.first - 3) : person.last + 4])
    able = [
        child
        for child in context.children
        if (number := year_number(child)) is not None and f"year{number or 'r'}" in said
    ]
    able = able or [
        child for child in context.children if (year := year_number(child)) and re.search(rf"y{year}(?!\d)", said)
    ]
    return person._replace(choices=((able[0].id,),), rule="people.year") if len(able) == 1 else person


def owned(person: Person, named: Sequence[Person], words: Sequence[Word], lexicon: Lexicon) -> Person:
    """ "Brat Zosi jest chory": a relative with the child's bent name after it is one person, and not the child."""
    if person.kind != OTHER:
        return person
    owner = next(
        (
            each
            for each in named
            if each.first == person.last and (each.rule in {"name.bent", *OWNERS} or of(person, words, lexicon))
        ),
        None,
    )
    while owner and words[min(owner.last, len(words) - 1)].norm in lexicon.small["joins"]:
        another = [each for each in named if each.first == owner.last + 1 and each.rule == "name.bent"]
        if not another:
            break
        owner = another[0]  # "Brat Franka i Heli".
    before = words[person.first - 1].norm if person.first else ""
    after = words[owner.last].norm if owner and owner.last < len(words) else "."
    # "Tu mama Kuby, jest chory": who writes; the child is meant.
    if owner is None or before in lexicon.small["introduces"] or not after.isalnum() or after in lexicon.small["here"]:
        return person
    return Person(person.first, owner.last, OTHER, (), person.rule)


def of(person: Person, words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether a role ends with the word that owners follow: "fratele lui".

    In Arabic an ending may say whose a sister is: after "ukhtuh", his sister, stands her own name.
    """
    ending = person.last - person.first > 1 and words[person.last - 2].norm in lexicon.small.get("of_no_more", ())
    return not ending and words[person.last - 1].norm in lexicon.small.get("of", ())


def with_sibling(person: Person, words: Sequence[Word], context: Context, lexicon: Lexicon) -> Person:
    """ "Chidinma and her brother": with two children, both; else the brother is somebody whom we cannot tell."""
    before = words[person.first - 1].norm if person.first else ""
    named = before in lexicon.small["joins"] and person.first > 1 and words[person.first - 2].kind == "word"
    if not named or len(context.children) < 2:
        return person
    everyone = tuple(child.id for child in context.children)
    return Person(person.first, person.last, CHILD, (everyone,) if len(everyone) == 2 else (), "name.sibling")


def follows_a_child(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a word behind "my son" can be his name, though it is a small word too: in Arabic Ali is "on me"."""
    after = words[at + 1].norm if at + 1 < len(words) else ""
    return not after or after in lexicon.small["verbs"] | lexicon.small["name_verbs"]


def own_names(
    words: Sequence[Word], names: Calls, context: Context, lexicon: Lexicon, taken: set[int], mine: set[int]
) -> list[Person]:
    """Names of the contact's children, however typed, and names that are nobody's; `mine` stand behind "my son"."""
    found: list[Person] = []
    at = 0
    while at < len(words):
        person = None
        if words[at].kind == "word" and not of_a_saint(words, at, lexicon):
            a_word = at not in mine and only_a_word(words, at, lexicon)
            if words[at].norm[0] in names.initials and not a_word:
                person = exact(words, at, names, context, lexicon)
            person = person or in_other_script(words, at, names, lexicon, a_word=a_word)
            person = person or resembling(words, at, names, lexicon, taken)
        if person is None:
            at += 1
            continue
        found.append(person)
        at = person.last
    return found


def of_a_saint(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """ "Her grommets are done at St James": a name behind a "St" is a hospital's, a church's or a school's."""
    return at > 0 and words[at - 1].norm in lexicon.small.get("saints", ())


def exact(words: Sequence[Word], at: int, names: Calls, context: Context, lexicon: Lexicon) -> Person | None:
    """A name as the school or the family writes it, over up to three words, with a surname that follows."""
    for length in (3, 2, 1):
        run = words[at : at + length]
        if len(run) < length or any(word.kind != "word" for word in run):
            continue
        form = "".join(word.norm for word in run)
        small = any(len(word.norm) <= SHORTEST_PART and word.norm in lexicon.known for word in run[1:])
        if run[0].norm in names.exact and length > 1 and (small or form not in names.exact):
            continue  # "Iulian a lipsit" is no Iuliana.
        ids = names.exact.get(form) or (names.exact.get(form[:-1]) if form.endswith("s") else None)
        rule = "name.exact"
        if ids is None:
            ids = names.loose.get(form) or (names.loose.get(form[:-1]) if form.endswith("s") else None)
            rule = "name.nickname"
        if form in names.bent and rule != "name.exact":
            rule = rule if ids else "name.bent"
            ids = tuple(dict.fromkeys((*(ids or ()), *names.bent[form])))
        if ids:
            last = at + length
            while last < len(words) and words[last].norm.removesuffix("s") in {
                s.removesuffix("s") for s in names.surnames
            }:
                last += 1
            ids = told_apart(ids, words[last : last + 4], context, lexicon)
            return Person(at, last, CHILD, tuple((each,) for each in ids), rule)
    return None


def in_other_script(words: Sequence[Word], at: int, names: Calls, lexicon: Lexicon, *, a_word: bool) -> Person | None:
    """A name that the school has in Latin letters, written in Arabic ones, or the other way round."""
    if not (names.scripts[True] or names.scripts[False]):
        return None
    for length in (2, 1):
        run = words[at : at + length]
        form = "".join(word.norm for word in run)
        if len(run) < length or any(word.kind != "word" for word in run):
            continue
        if length > 1 and any(len(word.norm) <= SHORTEST_PART and word.norm in lexicon.known for word in run):
            # Two small words that only sound like a name when they are read as one.
            continue
        ids = scripted(form, names)
        if ids and (length > 1 or not a_word):
            return Person(at, at + length, CHILD, tuple((each,) for each in ids), "name.script")
    return None


def told_apart(ids: tuple[str, ...], after: Sequence[Word], context: Context, lexicon: Lexicon) -> tuple[str, ...]:
    """Two children of one name, told apart by the class or year that follows."""
    if len(ids) < 2:
        return ids
    said = "".join(word.norm for word in after if word.norm not in lexicon.small["class"])
    named = [
        child.id
        for child in context.children
        if child.id in ids
        and ((child.class_name and said.startswith(joined(child.class_name))) or same_year(said, child))
    ]
    return tuple(named) if len(named) == 1 else ids


def resembling(words: Sequence[Word], at: int, names: Calls, lexicon: Lexicon, taken: set[int]) -> Person | None:
    """A short form or a slip of a child's name; else, where only a name can stand, a name that we do not know.

    Words with a meaning of their own are never taken for a slip, nor is a common first name: "Jake" is not "Jade".
    """
    word = words[at].norm
    bare = (
        word.removesuffix("s")
        if word not in lexicon.first_names and word.removesuffix("s") in lexicon.first_names
        else word
    )
    if at in taken or word in lexicon.known or word in lexicon.greetings or not word.isalpha():
        return (
            unknown(words, at, bare, lexicon, taken)
            if bare in lexicon.first_names and word not in lexicon.known
            else None
        )
    sounding = names.sounds.get(sound(word)) or (names.sounds.get(sound(word[:-1])) if word.endswith("s") else None)
    if sounding:
        return Person(at, at + 1, CHILD, tuple((each,) for each in sounding), "name.sound")
    if bare in lexicon.first_names:
        fits = short_of(bare, names.exact)
        fits = () if fits and any(each.norm in names.exact for each in words) else fits
        return Person(at, at + 1, CHILD, (fits,), "name.short") if fits else unknown(words, at, bare, lexicon, taken)
    pet = pet_of(word, {**names.exact, **names.loose}, lexicon.small.get("pet_endings", frozenset()))
    if pet:
        return Person(at, at + 1, CHILD, (pet,), "name.pet")
    close = [(ids, rule) for name, ids in names.exact.items() if (rule := alike(word, name))]
    ids = tuple(dict.fromkeys(each for found, _ in close for each in found))
    opens = (
        not at or words[at - 1].kind == "mark" or (at + 1 < len(words) and words[at + 1].norm in lexicon.small["verbs"])
    )
    if ids and (opens or close[0][1] != "name.slip" or not slips_from_a_word(word, lexicon)):
        return Person(at, at + 1, CHILD, tuple((each,) for each in ids), close[0][1])
    return unknown(words, at, word, lexicon, taken)


def slips_from_a_word(word: str, lexicon: Lexicon) -> bool:
    """Whether an ordinary word is as near as the name: "mayb" is "maybe" as likely as Maya."""
    near = (known for known in lexicon.known if known[0] == word[0] and abs(len(known) - len(word)) < 2)
    return any(len(known) >= SHORTEST_TYPO and one_slip(word, known) for known in near)


def unknown(words: Sequence[Word], at: int, word: str, lexicon: Lexicon, taken: set[int]) -> Person | None:
    """A name that is none of the children's: a common first name, or an unknown word where a name opens a clause."""
    before = words[at - 1].norm if at else "."
    if at in taken or word in lexicon.not_names or len(word) < 3 or before in lexicon.units:
        return None
    # "Kelsey-Mae" is one name.
    last = at + 3 if [each.norm for each in words[at + 1 : at + 2]] == ["-"] else at + 1
    after = words[last].norm if last < len(words) else ""
    if before in lexicon.small["before_name"] and word not in lexicon.known and after in lexicon.small["verbs"]:
        return Person(at, at + 1, UNKNOWN, (), "name.unknown")
    if before in lexicon.small["sure_titles"]:
        return Person(at, at + 1, OTHER, (), "people.titled")
    if word in lexicon.first_names:
        return Person(at, at + 1, UNKNOWN, (), "name.other") if before not in lexicon.small["titles"] else None
    opens = before in {".", ",", "!", "\n", ";", ":"} | lexicon.small["joins"] or before in lexicon.greetings
    if opens and after in lexicon.small["verbs"]:
        if before in lexicon.small["titles"] and asked(words, at, lexicon):
            # "Miss Fozia bimar hain?": a teacher is asked after; "miss, Guddu bimar hai" may be a child.
            return Person(at, last, OTHER, (), "people.titled")
        return Person(at, last, UNKNOWN, (), "name.unknown")
    return None


def asked(words: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether the clause around a word is a question."""
    marks = [place for place, word in enumerate(words) if word.kind == "mark"]
    first = max((place + 1 for place in marks if place < at), default=0)
    last = min((place for place in marks if place > at), default=len(words))
    ends = last < len(words) and words[last].norm == "?"
    return ends or any(word.norm in lexicon.small["asks"] for word in words[first:last])
