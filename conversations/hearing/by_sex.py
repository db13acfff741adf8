"""Which of several children a word means that says boy or girl, where their given names tell which of them are.

"The girls are ill", "my son", "cea mică": with Leo and Maya on record, each is plain to whoever knows the two names. So
is the "she" of "Leo is over it, Maya has it now, so she's off"; a "she" alone names nobody. The record holds no child's
sex, so `locales/given_names.toml` lists names that are practically always a boy's or a girl's. Where one child's name
is not on it, nothing is told by it, and who is meant is asked.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from importlib import resources

from conversations.context import Child, Context
from conversations.hearing.lexicon import Lexicon
from conversations.hearing.names import CHILD, GROUPS, OF_AGE, OTHER, PRONOUN, UNKNOWN, Person
from conversations.hearing.normalise import Word, key
from conversations.hearing.years import by_age, year_number

BOY, GIRL = "boy", "girl"
# The rule by which a "he" is one of the children.
HE_OR_SHE = "name.he_or_she"
TWO = 2
# So many letters may be written onto the front of a word.
MOST_WRITTEN_ON = 2


def by_sex(people: Sequence[Person], words: Sequence[Word], context: Context, lexicon: Lexicon) -> list[Person]:
    """The people of a text, where a word for a boy or a girl means those of the children who can be meant by it."""
    if len(context.children) < TWO or any(person.kind == UNKNOWN for person in people):
        # "My daughter Amira" is no Maya.
        return [*people]
    sexes = [sex_of(child) for child in context.children]
    if None in sexes:
        return [*people]
    result: list[Person] = []
    for person in people:
        said = said_sex(person, words, lexicon)
        able = [child for child, sex in zip(context.children, sexes, strict=True) if sex == said]
        if said is None:
            result.append(person)
        elif person.kind == PRONOUN:
            result.append(he_or_she(person, able, result))
        else:
            meant = told(person, words, able, context)
            stands = meant.choices == person.choices or fits(meant, people, words, context, lexicon)
            result.append(meant if stands else person)
    return result


def he_or_she(person: Person, able: Sequence[Child], before: Sequence[Person]) -> Person:
    """ "Leo is over it, Maya has it now, so he's back in and she isn't": each who was named, where nobody else was.

    Behind his own name he is who he was, and the sentence is left as it is; behind somebody else's he may be that man.
    """
    named = [each for each in before if each.kind == CHILD and each.choices]
    meant = ((able[0].id,),) if len(able) == 1 else ()
    plain = person.rule == "people.pronoun" and not any(each.kind == OTHER for each in before)
    same = bool(named) and named[-1].choices == meant and named[-1].rule != HE_OR_SHE
    told_of = {child for each in named for choice in each.choices for child in choice}
    if not meant or not plain or same or meant[0][0] not in told_of:
        # "Sam isn't well, keeping her home": of Sam still, whatever the name tells.
        return person
    return person._replace(kind=CHILD, choices=meant, rule=HE_OR_SHE)


def fits(meant: Person, people: Sequence[Person], words: Sequence[Word], context: Context, lexicon: Lexicon) -> bool:
    """Whether nothing else in a text speaks against whom a word for a boy or a girl would mean."""
    if meant.rule in GROUPS:
        return True
    if context.expects_child and meant.choices != ((context.expects_child,),):
        # The school asked about another.
        return False
    after = words[meant.last] if meant.last < len(words) else None
    called = [each for each in people if each.rule.startswith("name")]
    if any(each.rule in GROUPS and each.choices and each.first < meant.first for each in people):
        # "Both are late, the little madam lost a shoe".
        return False
    if meant.rule in OF_AGE and any(each.first > meant.first or context.expects == "child" for each in called):
        # "The little one fell, so I'll drop Anca off at ten": who is not called by name is no pupil.
        return False
    if after is None or after.kind == "mark":
        # "I am her gran, beta": so the reader is addressed.
        return not called
    known = lexicon.known | lexicon.small["verbs"] | lexicon.small["name_verbs"]
    strange = after.kind == "word" and after.norm not in known
    several = after.norm in lexicon.small.get("many", frozenset())
    return not several and not (strange and not any(each.first == meant.last for each in people))


def told(person: Person, words: Sequence[Word], able: Sequence[Child], context: Context) -> Person:
    """A role that says boy or girl with those who can be meant; none where that cannot be told."""
    if person.rule in GROUPS:
        number = next((int(word.norm) for word in words[person.first : person.last] if word.kind == "number"), None)
        fit = len(able) >= TWO and number in {None, len(able)}
        return person._replace(choices=(tuple(child.id for child in able),) if fit else ())
    if person.rule in OF_AGE:
        if len(able) == 1:
            return person._replace(choices=of_age(able[0], context, person))
        # "The elder girl" of two girls: their years tell.
        child = by_age(replace(context, children=tuple(able)), youngest=person.rule != OF_AGE[0]) if able else None
        return person._replace(choices=((child.id,),)) if child else person
    if person.rule == "people.own" and not person.choices:
        return person._replace(choices=((able[0].id,),) if len(able) == 1 else ())
    return person


def of_age(child: Child, context: Context, person: Person) -> tuple[tuple[str, ...], ...]:
    """ "The little girl" is the only girl; "the big girl" is one who is the eldest of all.

    "My big girl" of one who has an elder brother here may be of a sister at another school.
    """
    numbers = [year_number(each) for each in context.children]
    mine = year_number(child)
    elder = any(number is not None and mine is not None and number > mine for number in numbers)
    return () if elder and person.rule == OF_AGE[0] else ((child.id,),)


def said_sex(person: Person, words: Sequence[Word], lexicon: Lexicon) -> str | None:
    """Whether the words for somebody say boy or girl."""
    if person.rule.startswith("name") or person.kind not in {CHILD, PRONOUN}:
        return None
    forms = {key(word.typed) if word.typed else word.norm for word in words[person.first : person.last]}
    if lexicon.affixes is not None:
        # "Wal-saghira", and the little girl: small words are written onto the front.
        forms |= {form[cut:] for form in forms for cut in range(1, MOST_WRITTEN_ON + 1)}
    boy, girl = bool(forms & lexicon.small["boy_words"]), bool(forms & lexicon.small["girl_words"])
    return None if boy == girl else BOY if boy else GIRL


def sex_of(child: Child) -> str | None:
    """What a child's names tell; None where they are on no list, or one is a boy's and the other a girl's."""
    found = {sex for name in (child.first_name, child.known_as) if (sex := sex_of_name(name))}
    return found.pop() if len(found) == 1 else None


# As many names as a large school has, twice over.
@lru_cache(maxsize=4096)
def sex_of_name(name: str) -> str | None:
    """What a given name tells: a boy, a girl, or nothing. Of "Ella-Mae", the first part does where the whole is new."""
    names = given_names()
    whole = key(name)
    first = whole.replace("-", " ").partition(" ")[0]
    return names.get(whole) or names.get(first)


@cache
def given_names() -> Mapping[str, str]:
    """Each given name that tells a child's sex, folded; one that is listed as both, once folded, tells none."""
    text = resources.files("locales").joinpath("given_names.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    boys, girls = ({key(name) for name in table[column].split()} for column in ("boys", "girls"))
    return dict.fromkeys(boys - girls, BOY) | dict.fromkeys(girls - boys, GIRL)
