"""`hear --explain` reads as a school officer would tell it: what is done, by which words, and why it was asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from conversations.doubt import Doubt
from conversations.explaining import DOUBTS, gloss
from howwasschool.cli import main

MAYA = {"name": "Maya Ali", "known_as": "Maya", "class": "4B"}
SAM = {"name": "Sam Ali", "known_as": "Sam", "class": "2A"}


def explained(text: str, *children: dict[str, str], now: str = "2024-11-12T09:31:00+00:00", lang: str = "en") -> str:
    """What is said of one text."""
    record = {"id": "a", "lang": lang, "text": text, "now": now, "children": list(children or (MAYA,))}
    ran = CliRunner().invoke(main, ["hear", "--explain"], input=json.dumps(record) + "\n")
    assert ran.exit_code == 0, ran.output
    return ran.output


def test_what_is_filed_is_told_with_the_words_that_led_to_it() -> None:
    told = explained("Maya is poorly today, back Friday").splitlines()
    assert told[0] == "a: “Maya is poorly today, back Friday”"
    assert told[1] == "  Filed at once: sickness."
    assert "Maya Ali; Tue 12 Nov 2024 to Thu 14 Nov 2024; all day; reason: unspecified; proposed code I" in told[2]
    assert "  On record: Maya, Tue 12 Nov 2024 (AM, PM): sickness." in told
    assert "  “Maya” – whom it is about: Maya." in told
    assert "  “back Friday” – the last day away: Thu 14 Nov 2024." in told
    assert any("poorly" in line and "– sickness: ill, poorly" in line for line in told)
    assert told[-2].startswith("  We say: School: thank you.")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("poorly today", "it does not say which child is meant"),
        ("Maya might be ill today", "it says what may be, not what is"),
        ("is Maya off sick today?", "it is put as a question"),
    ],
)
def test_why_something_is_asked_is_told(text: str, why: str) -> None:
    told = explained(text, MAYA, SAM)
    assert "  Asked first: sickness." in told
    (line,) = (each for each in told.splitlines() if each.startswith("  Asked because"))
    assert why in line
    assert "1 " in told


def test_why_a_person_reads_it_is_told() -> None:
    assert "  To a person because it asks for a person." in explained("can somebody ring me please")
    assert "  Asked first: leave." in explained("we would like to go on holiday to Spain from 2 to 6 December")
    assert "  To a person because nothing of ours was heard in it." in explained("xyzzy plugh frotz gnusto rezrov")


def test_a_worry_says_only_that_it_is_the_lead_s() -> None:
    told = explained("her dad hits her")
    assert "For the safeguarding lead alone; nothing is filed: safeguarding." in told
    assert "“dad hits” – worry:" in told
    assert "To a person" not in told
    assert "On record" not in told


def test_the_json_of_the_same_record_is_unchanged_by_explaining(tmp_path: Path) -> None:
    record = {"id": "a", "text": "Maya is poorly", "now": "2024-11-12T07:31:00+00:00", "children": [MAYA]}
    source = tmp_path / "in.jsonl"
    source.write_text(json.dumps(record) + "\n", encoding="utf-8")
    ran = CliRunner().invoke(main, ["hear", "--in", str(source)])
    row = json.loads(ran.output)
    assert (row["act"], row["intent"], row["children"]) == ("file", "sickness", ["Maya Ali"])
    assert {"span", "concept", "rule"} == set(row["why"][0])


def test_a_record_that_is_none_is_refused_in_words() -> None:
    ran = CliRunner().invoke(main, ["hear", "--explain"], input='{"id": "a"}\n')
    assert ran.exit_code == 1
    assert "line 1" in ran.output


def test_every_doubt_has_words_and_every_concept_a_gloss() -> None:
    assert set(DOUBTS) == set(Doubt)
    assert gloss("sickness.gi").startswith("sickness: tummy bug")
    assert gloss("talk.nosuch") == "talk"
