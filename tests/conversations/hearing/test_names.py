"""Whom a text is about: own children by name, misspelling, role or number, and never somebody else's child."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from conversations.acts import Kind, Topic
from conversations.context import Child, Context
from conversations.doubt import Doubt
from conversations.hearing import hear
from conversations.language import Language, load
from tests.conversations.hearing.sentences import LONDON, family

ENGLISH = load("en")
NOW = datetime(2024, 11, 12, 7, 31, tzinfo=LONDON)


def named(text: str, context: Context, language: Language = ENGLISH) -> set[str]:
    heard = hear(text, None, language, context)
    mentions = [mention for clause in heard.clauses for mention in clause.mentions]
    return {
        str(child)
        for mention in mentions
        if mention.kind is Kind.CHILDREN and mention.role == "" and isinstance(mention.value, tuple)
        for child in mention.value
    }


@pytest.mark.parametrize(
    ("children", "text", "meant"),
    [
        ("Maya/4, Samuel/2", "mya is ill", {"Maya"}),
        ("Maya/4, Samuel/2", "MAYAS poorly", {"Maya"}),
        ("Maya/4, Samuel/2", "sam is poorly", {"Samuel"}),
        ("Maya/4, Samuel/2", "samual is poorly", {"Samuel"}),
        ("Chi-Chi/4, Emeka/2", "chichi poorly", {"Chi-Chi"}),
        ("Chi-Chi/4, Emeka/2", "chi chi is poorly", {"Chi-Chi"}),
        ("Zoë/4, Seán/2", "zoe is ill", {"Zoë"}),
        ("Zoë/4, Seán/2", "sean is ill", {"Seán"}),
        ("Theo/7, Ben/9, Bella/11", "ben and theo are ill", {"Theo", "Ben"}),
        ("Theo/7, Ben/9, Bella/11", "all three are ill", {"Theo", "Ben", "Bella"}),
        ("Theo/7, Ben/9, Bella/11", "the kids are all ill", {"Theo", "Ben", "Bella"}),
        ("Theo/7, Ben/9, Bella/11", "my youngest is ill", {"Theo"}),
        ("Theo/7, Ben/9, Bella/11", "both are ill", set()),
        ("Theo/7, Ben/9", "twins are ill", {"Theo", "Ben"}),
        ("Theo/7, Ben/9", "my son is ill", set()),
        ("Theo/7, Ben/9", "one of the twins is ill", set()),
        ("Theo/7", "my son is ill", {"Theo"}),
        ("Mohammed/7, Aisha/9", "mo is ill", {"Mohammed"}),
        ("Aisha/9, Omar/3", "ayesha is ill", {"Aisha"}),
        ("Jade/9, Omar/3", "jake is ill", set()),
        ("Maya/4, Omar/3", "may be late, traffic", set()),
        ("Ben/4, Maya/3", "maya been ill all night", {"Maya"}),
        ("Will/4, Maya/3", "she will not be in, poorly", set()),
    ],
)
def test_the_children_that_a_text_names(children: str, text: str, meant: set[str]) -> None:
    assert named(text, family(children, NOW)) == meant


def test_two_children_of_one_first_name_raise_a_doubt_and_both_are_kept() -> None:
    context = family("Alex/4, Sam/2", NOW)
    twice = (
        Child(id="older", first_name="Alex", known_as="Alex", surname="Jones", year="6", class_name="6B"),
        Child(id="younger", first_name="Alexandra", known_as="Alex", surname="Reed", year="2", class_name="2A"),
    )
    context = replace(context, children=twice)
    heard = hear("alex is poorly", None, ENGLISH, context)
    (mention,) = [each for each in heard.clauses[0].mentions if each.kind is Kind.CHILDREN]
    assert not mention.sure
    assert {mention.value, *mention.alternatives} == {("older",), ("younger",)}
    assert Doubt.NAMES in heard.doubts


@pytest.mark.parametrize("text", ["alex 2A is poorly", "alex in year 2 is poorly"])
def test_class_or_year_tells_two_of_one_name_apart(text: str) -> None:
    children = (
        Child(id="older", first_name="Alex", known_as="Alex", year="6", class_name="6B"),
        Child(id="younger", first_name="Alexandra", known_as="Alex", year="2", class_name="2A"),
    )
    context = replace(family("Sam/2", NOW), children=children)
    assert named(text, context) == {"younger"}


def test_a_name_of_nobody_is_unknown_and_names_no_child() -> None:
    context = family("Sam/2, Leo/5", NOW)
    for text in ("Jake is ill", "Zarnish has a fever", "Oliwia won't be in today"):
        mentions = [m for clause in hear(text, None, ENGLISH, context).clauses for m in clause.mentions]
        assert Kind.UNKNOWN_NAME in {mention.kind for mention in mentions}, text
        assert Kind.CHILDREN not in {mention.kind for mention in mentions}, text


def test_a_learned_alias_is_a_name() -> None:
    context = replace(family("Sam/2, Leo/5", NOW), aliases={"Bubs": "Leo"})
    assert named("bubs is poorly", context) == {"Leo"}


def test_the_one_who_is_not_meant_is_kept_apart() -> None:
    context = family("Sam/2, Leo/5", NOW)
    (clause,) = hear("not Sam, Leo", None, ENGLISH, context).clauses
    roles = {mention.role: mention.value for mention in clause.mentions if mention.kind is Kind.CHILDREN}
    assert roles == {"": ("Leo",), "not": ("Sam",)}


def test_a_brother_of_two_children_of_ours_is_neither_of_them() -> None:
    context = family("Franek/4, Hela/2", NOW)
    heard = hear("Spóźnimy się, mały brat Franka i Heli ma gorączkę", None, load("pl"), context)
    mentions = [mention for clause in heard.clauses for mention in clause.mentions]
    assert not [mention for mention in mentions if mention.kind is Kind.CHILDREN and mention.role == ""]


def test_a_child_who_does_not_have_it_yet_is_left_out() -> None:
    context = family("Tomek/4, Piotrek/2", NOW)
    first = context.children[0].id
    heard = hear("Tomek wymiotował, Piotrek jeszcze nie", None, load("pl"), context)
    mentions = [mention for clause in heard.clauses for mention in clause.mentions]
    meant = [each.value for each in mentions if each.kind is Kind.CHILDREN and each.role == ""]
    assert meant == [(first,)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("ابني علي مريض", {"Ali"}), ("الولد علي عنده حرارة", {"Ali"}), ("سارة استفرغت علي وما رح تداوم", {"Sara"}),
        ("واحد من الولاد استفرغ", set()), ("واحد من التوأم عنده حرارة اليوم", set()),
        ("ولا واحد منهم جاي اليوم، التنين مسخنين", {"Ali", "Sara"}),
    ],
)  # fmt: skip
def test_ali_is_no_on_me_and_one_of_them_is_nobody_in_particular(text: str, meant: set[str]) -> None:
    assert named(text, family("Ali/4, Sara/2", NOW), load("ar")) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bachon mein se ek ko ulti hui hai", set()), ("دونوں میں سے ایک بیمار ہے", set()),
        ("dono mein se ek bhi nahi aye ga, bukhar hai", {"Hassan", "Sara"}),
    ],
)  # fmt: skip
def test_one_of_the_two_is_neither_and_not_one_is_both(text: str, meant: set[str]) -> None:
    assert named(text, family("Hassan/4, Sara/2", NOW), load("ur")) == meant


@pytest.mark.parametrize(
    ("code", "text", "meant"),
    [
        ("ur", "Ali ko chhor kar baqi dono bimar hain", {"Hassan", "Sara"}),
        ("ur", "علی کے علاوہ سب کو بخار ہے", {"Hassan", "Sara"}),
        ("ur", "sab bimar hain Ali ke siwa", {"Hassan", "Sara"}),
        ("en", "all the children are off except for Ali with a bug", {"Hassan", "Sara"}),
        ("en", "all off except Ali, flu", set()),
        ("en", "nothing wrong except Ali has a cough", {"Ali"}),
    ],
)
def test_one_who_is_taken_out_of_all_is_not_meant(code: str, text: str, meant: set[str]) -> None:
    assert named(text, family("Hassan/4, Sara/2, Ali/5", NOW), load(code)) == meant


@pytest.mark.parametrize(
    ("name", "text"),
    [("Hala", "حلا ما رح تداوم اليوم"), ("Farah", "فرح ما تقدر تجي اليوم"), ("Wesam", "وسام ما رح يداوم اليوم")],
)
def test_a_name_that_is_written_like_an_ailment_or_a_wedding_is_only_a_name(name: str, text: str) -> None:
    context = family(f"{name}/4, Sam/2", NOW)
    (clause,) = hear(text, None, load("ar"), context).clauses
    assert (clause.topic, named(text, context, load("ar"))) == (Topic.ABSENCE_OTHER, {name})


@pytest.mark.parametrize(
    ("code", "text", "meant"),
    [
        ("ro", "au luat amandoi un virus, nu vin", {"Hassan", "Sara"}),
        ("ro", "s-au umplut amandoi de bube, nu vin", {"Hassan", "Sara"}),
        ("en", "it's coming out of both ends, one of the twins is off", set()),
    ],
)
def test_both_inside_the_words_of_an_illness_are_both_unless_they_are_part_of_it(
    code: str, text: str, meant: set[str]
) -> None:
    assert named(text, family("Hassan/4, Sara/2", NOW), load(code)) == meant
