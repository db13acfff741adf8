"""A language that is begun has its four parts, each readable at once, and everything of the contract in order."""

from __future__ import annotations

import tomllib
from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from conversations.acts import Say
from conversations.checking.sayings import CONTEXT, english
from conversations.checking.scaffold import scaffold
from conversations.checking.sentences import read
from conversations.concepts import concepts, missing
from conversations.language import made
from conversations.speaking import Voice, draft, message_keys

SAYING = Say(key="all_clear.in_school", args={"names": (CONTEXT.children[0].id,)})


@pytest.mark.parametrize("code", ["pt", "tr", "uk"])
def test_a_begun_language_has_four_parts(code: str) -> None:
    assert sorted(scaffold(code)) == ["chats/README.md", "hears.txt", "lexicon.toml", "messages.po"]


def test_its_lexicon_has_every_usual_table_in_the_order_of_the_contract() -> None:
    text = scaffold("pt")["lexicon.toml"]
    table = tomllib.loads(text)
    have = [f"{section}.{key}" for section, entries in table.items() for key in entries]
    wanted = [each.name for each in concepts().values() if not each.rare and each.key != "any"]
    assert [name for name in have if name in set(wanted)] == wanted
    assert table["pack"]["ships"] is False
    assert table["pack"]["name"] == "português"
    assert table["languages"] == {"en": [], "pt": ["português"]}
    assert all(each.gloss in text for each in concepts().values() if not each.rare)
    assert {each.name for each in missing(table)} == {
        each.name for each in concepts().values() if each.required and each.section != "pack"
    }


def test_its_lexicon_can_be_compiled_and_heard_with_english() -> None:
    language = made("pt", tomllib.loads(scaffold("pt")["lexicon.toml"]))
    assert language.lexicon.topics.words >= {"poorly"}


@pytest.mark.parametrize(("code", "forms"), [("pt", 2), ("tr", 2), ("uk", 3), ("ga", 5)])
def test_its_messages_stand_under_their_english_words_with_room_for_each_plural(code: str, forms: int) -> None:
    text = scaffold(code)["messages.po"]
    catalogue = read_po(BytesIO(text.encode()), locale=code, abort_invalid=True)
    assert catalogue.num_plurals == forms
    keys = {each.id if isinstance(each.id, str) else each.id[0] for each in catalogue if each.id}
    assert keys == message_keys("en")
    for message in catalogue:
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            assert message.auto_comments == list(dict.fromkeys(english(key)))
            assert not any(message.string or ())
            flagged = f'#, python-brace-format\nmsgid "{key}"' in text
            assert flagged == ("{" in english(key)[0])
    assert "not yet read by a native speaker" in text.lower()


def test_what_has_no_words_yet_is_said_in_english_and_so_is_a_plural_of_which_one_form_is_missing() -> None:
    catalogue = read_po(BytesIO(scaffold("uk")["messages.po"].encode()), locale="uk", abort_invalid=True)
    in_english = Voice(lang="en", context=CONTEXT).render(SAYING)
    assert Voice(lang="uk", context=CONTEXT, words=draft(catalogue)).render(SAYING) == in_english
    message = catalogue["all_clear.in_school"]
    message.string = ("{names}.", "", "")
    assert Voice(lang="uk", context=CONTEXT, words=draft(catalogue)).render(SAYING) == in_english
    message.string = ("{names}.",) * 3
    assert Voice(lang="uk", context=CONTEXT, words=draft(catalogue)).render(SAYING) != in_english


def test_its_sentences_begin_with_an_example_that_is_no_sentence_yet() -> None:
    text = scaffold("pt")["hears.txt"]
    assert read(text) == []
    example = "\n".join(line.removeprefix("#     ") for line in text.splitlines() if line.startswith("#     "))
    assert [each.wanted for each in read(example)] == [["sickness  child=Sam  until=13 Nov"], ["nothing"]]
