"""Names in Cyrillic and in Latin letters meet, bent or not; a word that only looks like a name stays a word."""

from __future__ import annotations

from datetime import datetime

import pytest

from conversations.hearing.calls import calls
from conversations.hearing.cyrillic import MOST_SPELLINGS, respelt
from conversations.hearing.names import CHILD, find_people
from conversations.hearing.normalise import key
from conversations.language import load
from tests.conversations.hearing.sentences import LONDON, family

NOW = datetime(2024, 11, 12, 7, 31, tzinfo=LONDON)
PAIRS = (
    "Danylo Данило|Mariia Марія|Sofiia Софія|Oleksandr Олександр|Yevhen Євген|Illia Ілля|Daria Дар'я|Olha Ольга"
    "|Vasyl Василь|Khrystyna Христина|Andrii Андрій|Nataliia Наталія|Yelyzaveta Єлизавета|Bohdan Богдан"
)


def named(text: str, children: str, code: str = "uk") -> set[str]:
    lexicon, context = load(code).lexicon, family(children, NOW)
    people = find_people(lexicon.words(text), calls(context, lexicon), context, lexicon)
    return {each for person in people if person.kind == CHILD for choice in person.choices for each in choice}


@pytest.mark.parametrize("pair", PAIRS.split("|"))
def test_a_name_is_the_same_in_both_scripts(pair: str) -> None:
    latin, cyrillic = (key(each) for each in pair.split())
    assert cyrillic in respelt(latin)
    assert latin in respelt(cyrillic)


def test_a_third_script_is_none_of_them_and_no_name_has_too_many_spellings() -> None:
    assert respelt(key("مايا")) == frozenset()
    assert len(respelt("ihihihihihihihihihih")) <= MOST_SPELLINGS


@pytest.mark.parametrize(
    ("children", "text", "meant"),
    [
        # Names that no table has.
        ("Liubomyr/4, Orysia/2", "у Любомира температура", {"Liubomyr"}),
        ("Liubomyr/4, Orysia/2", "Любомирові погано", {"Liubomyr"}),
        ("Liubomyr/4, Orysia/2", "Орисю нудить", {"Orysia"}),
        ("Любомир/4, Орися/2", "Orysia is ill", {"Орися"}),
        ("Danylo/4, Mariia/2", "у Данила кашель, у Марійки також", {"Danylo", "Mariia"}),
        ("Tom/4, Oliver/2", "у Олівера температура, тому не прийде", {"Oliver"}),
        ("Sam/4, Oliver/2", "Олівер сам не дійде", {"Oliver"}),
    ],
)
def test_a_bent_name_in_the_other_script_is_found(children: str, text: str, meant: set[str]) -> None:
    assert named(text, children) == meant


def test_a_language_that_bends_no_names_in_those_letters_is_left_alone() -> None:
    assert named("у Любомира температура", "Liubomyr/4, Orysia/2", code="en") == set()
