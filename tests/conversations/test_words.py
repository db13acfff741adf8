"""What each language says: every message, with the same facts in it, in the plurals of its own, within its segments."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import resources

import pytest

from conversations.checking.sayings import (
    CHILDREN,
    CONTEXT,
    PAGE,
    catalogue,
    english,
    forms,
    is_too_long,
    places,
    said,
    say,
    sent,
)
from conversations.flows.notices import EVIDENCE_LINK
from conversations.speaking import Voice, message_keys

PACKS = sorted(folder.name for folder in resources.files("locales").iterdir() if (folder / "messages.po").is_file())
LOOKS_LIKE_A_LINK = re.compile(r"://|www\.|\w\.(?:uk|com|org|net|gov)\b", re.IGNORECASE)
OTHERS = [code for code in PACKS if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_a_pack_has_every_message_with_the_same_facts_in_every_plural(code: str) -> None:
    assert message_keys(code) == message_keys("en")
    for key in message_keys("en"):
        wanted = places(english(key)[0])
        plural = len(english(key)) > 1
        assert len(forms(catalogue(code), key)) == (catalogue(code).num_plurals if plural else 1), key
        # A form that only ever speaks of one or two may leave the number out.
        assert all(
            words and places(words) | {"count"} == wanted | {"count"} for words in forms(catalogue(code), key)
        ), key


@pytest.mark.parametrize("code", OTHERS)
def test_a_pack_says_until_a_native_speaker_has_read_it(code: str) -> None:
    assert "not yet read by a native speaker" in (catalogue(code).header_comment or "").lower()


@pytest.mark.parametrize("code", PACKS)
def test_every_message_can_be_said_of_any_number_of_children(code: str) -> None:
    voice = Voice(lang=code, context=CONTEXT)
    for name, each in said().items():
        for count in range(1, 5):
            args = {**each.args, "names": tuple(child.id for child in CHILDREN[:count])} if each.args else {}
            words = voice.render(replace(each, args=args))
            assert words.strip()
            assert "{" not in words, name


@pytest.mark.parametrize("code", PACKS)
def test_a_number_is_said_where_children_are_counted(code: str) -> None:
    voice = Voice(lang=code, context=CONTEXT, briefly=True)
    assert {
        count for count in (3, 4) if str(count) in voice.render(say("fact.off", tuple(c.id for c in CHILDREN[:count])))
    }


@pytest.mark.parametrize("code", PACKS)
def test_every_message_keeps_to_its_segments(code: str) -> None:
    found = {name: sent(Voice(lang=code, context=CONTEXT), name) for name in said()}
    assert {
        f"{name} ({len(each.text)}): {each.text}" for name, each in found.items() if is_too_long(name, each)
    } == set()


def test_every_english_message_about_one_child_is_one_segment_and_two_about_leave() -> None:
    counted = {name: sent(Voice(lang="en", context=CONTEXT), name).segments for name in said()}
    assert [
        name
        for name, segments in counted.items()
        if segments > 1 + name.startswith(("leave.", EVIDENCE_LINK)) and not (segments == 2 and name.endswith(" 2"))
        if not name.startswith(PAGE)
    ] == []


@pytest.mark.parametrize("code", PACKS)
def test_the_asking_for_evidence_alone_holds_a_link_and_nothing_that_is_sent_has_one_written_in_it(code: str) -> None:
    with_room = {
        key for key in message_keys(code) if any("link" in places(each) for each in forms(catalogue(code), key))
    }
    assert with_room == {EVIDENCE_LINK}
    written = {
        key for key in message_keys(code) for each in forms(catalogue(code), key) if LOOKS_LIKE_A_LINK.search(each)
    }
    assert written == set()
    # It stands last, behind a blank: no phone takes a full stop for its last letter.
    assert forms(catalogue(code), EVIDENCE_LINK)[0].endswith(" {link}")
