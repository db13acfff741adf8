"""Every English text reads at ten years or less, with the longest names and in each of its plural forms.

The Flesch-Kincaid grade plus five years, syllables by syllapy's own list (`docs/decisions`, 40). Names, days and
numbers are known to who reads them, so that each is a word of one syllable. A text is measured as it is sent; one of
fewer than ten words says too little alone, so it is measured together with all the other short ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest
import syllapy

from conversations.checking.sayings import CHILDREN, CONTEXT, VALUES, catalogue, places

OLDEST = 10
# Fewer words than this are no measure: one long word more and the same sentence is three years older.
LEAST_WORDS = 10
# The last that one word may have in a short text, which is measured with others.
MOST_SYLLABLES = 3

BOTH = f"{CHILDREN[0].known_as} and {CHILDREN[1].known_as}"
SPAN = "from Wed 30 Sep to Fri 2 Oct"
FACTS: Mapping[str, str] = {
    "school": CONTEXT.school.short_name, "phone": CONTEXT.school.phone, "care_line": CONTEXT.school.care_line,
    "days": SPAN, "day": "on Wed 30 Sep", "facts": f"{BOTH} are off {SPAN}.", "language": "Polish",
    "question": "What was the most exciting thing they learned today?",
    "time": "11:30", "at": "12:45", "by": "11:30", "leaves": "11:30", "returns": "14:15", "opens": "8:00",
    "closes": "16:00",
}  # fmt: skip
# What is never sent alone, and in what it is sent.
CARRIERS = {"fact.": "receipt", "leave.fact": "leave.sure", "leave.why_": "leave.refused", "illness.": "illness"}
KNOWN = {word for text in (FACTS["school"], SPAN, BOTH, "Polish") for word in text.casefold().split()}
# A colon, a question and a full stop end a sentence for who reads it.
SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n")
WORD = re.compile(r"[A-Za-z0-9][\w'’:]*")


class Facts(dict[str, object]):
    """The facts of a message, as long as they come, about one child or about two."""

    def __init__(self, names: str) -> None:
        super().__init__({**VALUES, **FACTS, "names": names})

    def __missing__(self, name: str) -> object:
        raise AssertionError(f"this test knows no longest {name}: add it to FACTS")


def syllables(word: str) -> int:
    """How many a reader hears; a name, a day or a number is one."""
    plain = word.casefold().replace("’", "'").strip("':")
    if plain in KNOWN or not plain[:1].isalpha():
        return 1
    if plain.endswith("n't") and syllapy.count(plain[:-3]) and plain[-4] in "sd":
        # 'isn't' and 'didn't' have one more than 'is' and 'did'; 'can't' and 'won't' have not.
        return int(syllapy.count(plain[:-3])) + 1
    return max(1, int(syllapy.count(plain)))


def reading_age(text: str) -> float:
    """In years: the American grade that Flesch and Kincaid give, and five."""
    sentences = [each for each in SENTENCE.split(text) if WORD.search(each)]
    words = WORD.findall(text)
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5


def messages() -> Iterator[tuple[str, str]]:
    """Each message in each of its plural forms, with its facts, and in what carries it."""
    texts = {
        message.id if isinstance(message.id, str) else message.id[0]: message.string for message in catalogue("en")
    }
    for key, words in texts.items():
        if not key:
            continue
        forms = [words] if isinstance(words, str) else list(words or ())
        for form, names in zip(forms, (CHILDREN[0].known_as, BOTH), strict=False):
            text = form.format_map(Facts(names if len(forms) > 1 else BOTH))
            carrier = next((whole for part, whole in CARRIERS.items() if key.startswith(part)), None)
            if carrier is not None:
                text = str(texts[carrier]).format_map(Facts(BOTH) | {"facts": text})
            yield key, text


LONG = [(key, text) for key, text in messages() if len(WORD.findall(text)) >= LEAST_WORDS]
SHORT = [(key, text) for key, text in messages() if len(WORD.findall(text)) < LEAST_WORDS]


def test_every_message_is_measured_and_none_leaves_room_for_a_fact_unseen() -> None:
    keys = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue("en") if message.id}
    assert {key for key, _ in LONG + SHORT} == keys
    assert len(LONG) > len(SHORT) > 0
    assert not [text for _, text in LONG + SHORT if places(text)]


@pytest.mark.parametrize(("key", "text"), LONG, ids=[f"{key}-{number}" for number, (key, _) in enumerate(LONG)])
def test_a_child_of_ten_reads_every_text(key: str, text: str) -> None:
    assert reading_age(text) <= OLDEST, f"{key} at {reading_age(text):.1f}: {text}"


def test_a_child_of_ten_reads_the_short_ones_together() -> None:
    assert reading_age("\n".join(text for _, text in SHORT)) <= OLDEST


def test_no_short_text_has_a_long_word() -> None:
    long = {word for _, text in SHORT for word in WORD.findall(text) if syllables(word) > MOST_SYLLABLES}
    assert long == set()


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Your request for authorised absence is under consideration by the headteacher of the establishment.", 14),
        ("We regret to inform you that irregular attendance necessitates immediate communication with us.", 14),
    ],
)
def test_what_a_letter_would_say_is_seen_to_be_too_hard(text: str, least: int) -> None:
    assert reading_age(text) > least


@pytest.mark.parametrize(("word", "count"), [("isn't", 2), ("can't", 1), ("didn't", 2), ("school", 1), ("message", 2),
                                              ("Alexandra", 1), ("12:45", 1), ("temperature", 4)])  # fmt: skip
def test_syllables_are_those_that_are_heard(word: str, count: int) -> None:
    assert syllables(word) == count
