"""Names in Arabic and in Latin letters meet; small words written onto others come off, and nothing else does."""

from __future__ import annotations

import pytest

from conversations.hearing.affixes import Affixes
from conversations.hearing.normalise import key
from conversations.hearing.scripts import pattern, same

PAIRS = (
    "Yusuf يوسف|Youssef يوسف|Maya مايا|Layan ليان|Adam آدم|Sofia صوفيا|Jack جاك|Khaled خالد|Omar عمر|Leila ليلى"
    "|Muhammad محمد|Fatima فاطمة|Aisha عائشة|Hussein حسين|Noor نور|Zayn زين|Charlie تشارلي|Grace غريس|George جورج"
    "|Oliver أوليفر|Abdulrahman عبدالرحمن|Michael مايكل|James جيمس|Yahya يحيى|Mona منى|Ghaith غيث|Shahd شهد"
)


@pytest.mark.parametrize("pair", PAIRS.split("|"))
def test_a_name_is_the_same_in_both_scripts(pair: str) -> None:
    latin, arabic = (key(each) for each in pair.split())
    for word, name in ((latin, arabic), (arabic, latin)):
        look = pattern(name)
        assert look is not None
        assert same(word, look)


@pytest.mark.parametrize("pair", ["Adam عمر", "Layla لينا", "Mona من", "Sam سعال", "Omar امي", "Jack جنى", "Maya ما"])
def test_other_names_and_small_words_are_not(pair: str) -> None:
    latin, arabic = (key(each) for each in pair.split())
    look = pattern(latin)
    assert look is not None
    assert not same(arabic, look)


AFFIXES = Affixes(
    {
        "articles": ["ال"],
        "prefixes": {"و": "و", "ب": "ب", "لل": "ل", "ل": "ل"},
        "suffixes": {"ها": "ها", "ه": "ه"},
        "restored": {"ت": "ة"},
        "persons": {"ت": "ي"},
        "endings": ["وا"],
        "whole": ["اليوم"],
    },
    [key(word) for word in ("مدرسة", "اليوم", "حرارة", "بطن", "يحضر", "وجع")],
)


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("المدرسة", "مدرسة"),
        ("بالمدرسة", "ب مدرسة"),
        ("للمدرسة", "ل مدرسة"),
        ("واليوم", "و اليوم"),
        ("حرارتها", "حرارة ها"),
        ("بطنه", "بطن ه"),
        ("تحضر", "يحضر"),
        ("يحضروا", "يحضر"),
        ("وجع", "وجع"),
        ("الرحمن", "الرحمن"),
        ("وسام", "وسام"),
    ],
)
def test_small_words_come_off_where_a_known_word_is_left(word: str, parts: str) -> None:
    assert AFFIXES.split(key(word), lambda _: False) == tuple(key(part) for part in parts.split())


def test_a_name_stays_whole_behind_a_small_word() -> None:
    assert AFFIXES.split(key("وليلى"), {key("ليلى")}.__contains__) == (key("و"), key("ليلى"))
    assert AFFIXES.split(key("بطنه"), {key("بطنه")}.__contains__) == (key("بطنه"),)
