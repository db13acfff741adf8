"""The language of a thread: asked for, offered once, and never in the way of a report in another one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pytest

from conversations.acts import AbsenceStated, Heard, LanguageSet, NeedsPerson, Text, Turn, WorryHeard
from conversations.checking.sentences import LONDON, family
from conversations.choosing import listen, offered, spoken_in
from conversations.context import Context
from conversations.hearing import hear
from conversations.language import NoSuchLanguage, load, vocabulary_of
from conversations.speaking import Voice
from conversations.state import State, dump
from conversations.state import load as load_state
from conversations.turn import turn

MORNING = datetime(2024, 11, 12, 9, 31, tzinfo=LONDON)
CONTEXT = replace(family("Maya/4, Sam/2", MORNING), languages=("en", "pl", "ro", "ur"))
POORLY = {
    "en": "Maya is ill today and won't be in school",
    "pl": "Maya jest dzisiaj chora i nie przyjdzie do szkoły",
    "ro": "Maya este bolnavă astăzi și nu vine la școală",
    "ur": "مایا بیمار ہے آج سکول نہیں آئے گی",
}


def texted(text: str, *, lang: str = "en", state: State | None = None, context: Context = CONTEXT) -> Turn:
    """One turn of a text, from a state that went through JSON."""
    before = load_state(json.loads(json.dumps(dump(state or State(lang=lang)))))
    return turn(before, Text(id="m", text=text), context, load(before.lang))


def words(made: Turn, context: Context = CONTEXT) -> str:
    """All that is said."""
    voice = Voice(lang=made.state.lang, context=context)
    return " ".join(voice.render(say) for say in made.says)


def kinds(made: Turn) -> set[type]:
    """What sort of thing was put on record."""
    return {type(effect) for effect in made.effects}


@pytest.mark.parametrize("thread", sorted(POORLY))
@pytest.mark.parametrize("text", sorted(POORLY))
def test_a_report_is_filed_whatever_language_the_thread_is_in(thread: str, text: str) -> None:
    made = texted(POORLY[text], lang=thread)
    assert {(each.child, each.day) for each in made.effects if isinstance(each, AbsenceStated)} == {
        ("Maya", MORNING.date())
    }
    assert made.state.lang.partition("_")[0] == thread


@pytest.mark.parametrize("text", ["pl", "ro", "ur"])
def test_a_language_is_offered_after_the_receipt_in_both_languages_and_taken_by_its_number(text: str) -> None:
    made = texted(POORLY[text])
    assert [say.key for say in made.says] == ["receipt", "language.offer"]
    assert load(text).name.lower() in words(made).lower()
    assert words(made).endswith("reply 8.")
    taken = texted("8", state=made.state)
    assert LanguageSet(language=text) in taken.effects
    assert taken.state.lang == text
    assert [say.key for say in taken.says] == ["language_set"]
    assert taken.state.offered == ""


def test_a_language_is_offered_once() -> None:
    made = texted(POORLY["pl"])
    again = texted("Sam też jest dzisiaj chory i nie przyjdzie do szkoły", state=made.state)
    assert AbsenceStated in kinds(again)
    assert [say.key for say in again.says] == ["receipt"]
    other = texted("Sam nu vine mâine la școală, e bolnav", state=again.state)
    assert other.says[-1].key == "language.offer"


def test_no_language_is_offered_beside_a_question() -> None:
    made = texted("jest dzisiaj chora i nie przyjdzie do szkoły")
    assert made.state.ask is not None
    assert made.state.offered == ""
    assert made.says[-1].options


def test_no_language_is_offered_that_the_school_does_not_write() -> None:
    alone = replace(CONTEXT, languages=("en",))
    made = texted(POORLY["pl"], context=alone)
    assert not any(say.key == "language.offer" for say in made.says)
    assert AbsenceStated not in kinds(made)


def test_a_number_takes_nothing_where_nothing_was_offered() -> None:
    assert LanguageSet not in kinds(texted("8"))


@pytest.mark.parametrize(
    ("text", "thread", "chosen"),
    [
        ("po polsku", "en", "pl"),
        ("chcę po polsku, proszę", "en", "pl"),
        ("in Polish please", "en", "pl"),
        ("اردو", "en", "ur"),
        ("Romanian please", "en", "ro"),
        ("in English please", "pl", "en"),
        ("po angielsku", "pl", "en"),
        ("English", "ur", "en"),
        ("po polsku", "ro", "pl"),
    ],
)
def test_a_language_is_changed_by_asking(text: str, thread: str, chosen: str) -> None:
    made = texted(text, lang=thread)
    assert made.effects == (LanguageSet(language=chosen),)
    assert made.state.lang == chosen
    assert [say.key for say in made.says] == ["language_set"]


def test_a_language_that_we_do_not_write_goes_to_a_person() -> None:
    made = texted("in Tamil please")
    assert [each.why for each in made.effects if isinstance(each, NeedsPerson)] == ["language"]
    assert made.state.lang == "en"


@pytest.mark.parametrize("text", ["mąż mnie bije i boję się o dzieci", "tata ne bate, mi-e frica"])
def test_a_worry_is_heard_in_the_other_language_and_gets_no_offer(text: str) -> None:
    made = texted(text)
    assert WorryHeard in kinds(made)
    assert not any(say.key == "language.offer" for say in made.says)


def test_a_worry_in_the_thread_s_own_language_is_not_lost_for_another() -> None:
    def hearer(text: str, ask: object, language: object, context: object) -> Heard:
        return Heard(worry="violence") if language is load("en") else hear(text, None, load("pl"), CONTEXT)

    assert listen(hearer, POORLY["pl"], None, load("en"), CONTEXT).worry == "violence"


@pytest.mark.parametrize(
    "text",
    ["", "8", "ok", "Maya", "Maya Sam", "xyzzy", "Maya has a temp", "will be in late, the bus is late", "👍", "no"],
)
def test_ordinary_english_is_no_other_language(text: str) -> None:
    assert spoken_in(text, load("en"), CONTEXT) is None
    assert listen(hear, text, None, load("en"), CONTEXT).target is None


def test_one_strange_word_among_ours_offers_nothing() -> None:
    heard = listen(hear, "Maya is poorly today, dziękuję", None, load("en"), CONTEXT)
    assert heard.target is None
    assert heard.clauses


def test_a_school_writes_what_it_chose_of_what_there_is() -> None:
    assert offered(("all",), ("en", "pl")) == ("en", "pl")
    assert offered(("en", "xx"), ("en", "pl")) == ("en",)


def test_a_language_without_a_pack_has_no_words() -> None:
    with pytest.raises(NoSuchLanguage):
        vocabulary_of("xx")
