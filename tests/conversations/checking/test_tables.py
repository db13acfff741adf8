"""What is wrong with the tables of a lexicon is said with its line, and what is right is passed over."""

from __future__ import annotations

import pytest

from conversations.checking.tables import check_tables
from conversations.concepts import concepts, known, missing, sections
from conversations.hearing.lexicon import DAYS, TOPICS, WHOLE
from conversations.language import table
from tests.conversations.checking.packs import begun, pack, says, small


def test_the_english_tables_have_nothing_wrong() -> None:
    findings, score = check_tables(pack())
    assert [str(each) for each in findings if each.fails] == []
    assert score.have == score.of > 90


def test_every_table_of_english_is_in_the_contract() -> None:
    unknown = [f"{section}.{name}" for section, entries in table("en").items() for name in entries
               if not known(section, name)]  # fmt: skip
    assert unknown == [], "add them to locales/concepts.toml"


def test_the_contract_has_nothing_that_english_lacks() -> None:
    decided = {"pack.own_words"}
    lacking = [
        concept.name
        for concept in concepts().values()
        if not concept.rare and concept.key != "any" and concept.name not in decided
        if concept.key not in table("en").get(concept.section, {})
    ]
    assert lacking == []
    assert [name for name in (*TOPICS, "people", *DAYS, *WHOLE) if name not in sections()] == []


def test_a_required_concept_without_words_fails() -> None:
    found, score = check_tables(small(day__tomorrow='"yarin"'))
    (finding,) = says(found, "day.yesterday is required")
    assert finding.fails
    assert finding.line
    assert says(found, "day.tomorrow is required") == []
    assert 0 < score.have < score.of
    assert len(missing(begun("tr").table)) > 90


@pytest.mark.parametrize(
    ("lists", "said"),
    [
        ({"day__tomorrow": '"(the|to yarin"'}, "this phrase cannot be read"),
        ({"day__tomorrow": '"<nosuch> gun"'}, "names <nosuch>"),
        ({"day__tomorrow": '"yarin", "dün"', "day__yesterday": '"dun"'}, "is in day.tomorrow and in day.yesterday"),
        ({"answer__yes": '"olur"', "answer__no": '"olur [mu]"'}, "is in answer.no and in answer.yes"),
        ({"answer__no": '"quit"'}, "carriers act on “quit”"),
        ({"worry__weapon": '"silah"', "worry_not__words": '"silah"'}, "is in worry.weapon and in worry_not.words"),
        ({"answer__no": '"undo that"'}, "“undo that” is answer.no here and command.undo in 'en'"),
    ],
)
def test_a_planted_fault_is_found_with_its_line(lists: dict[str, str], said: str) -> None:
    planted = small(**lists)
    found = says(check_tables(planted)[0], said)
    assert found
    assert all(each.fails and each.line for each in found)
    line = planted.files["lexicon.toml"].splitlines()[(found[0].line or 0) - 1]
    assert line.partition(" = ")[0] in {name.partition("__")[2] for name in lists}
    assert str(found[0]).startswith(f"locales/tr/lexicon.toml:{found[0].line}: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[appointment]\n", "[apointment]\n", "[apointment] is no section"),
        ("\ndental = []", "\ndentle = []", "appointment.dentle is no concept"),
    ],
)
def test_a_slip_in_the_name_of_a_table_is_found(old: str, new: str, said: str) -> None:
    lexicon = begun("tr").files["lexicon.toml"]
    assert old in lexicon
    (found,) = says(check_tables(begun("tr", lexicon=lexicon.replace(old, new)))[0], said)
    assert found.fails
    assert found.line


def test_the_same_words_may_stand_in_concepts_that_go_together() -> None:
    planted = small(
        appointment__place='"hastane"', appointment__medical='"hastane"', day__today='"bu sabah"', part__am='"bu sabah"'
    )
    assert says(check_tables(planted)[0], "cannot mean both") == []
