"""Arabic verbs that are past or to come as they are written: of a bare weekday behind one, which is meant is asked."""

from __future__ import annotations

from datetime import datetime

import pytest

from howwasschool.hear import played

NOW = datetime.fromisoformat("2026-06-11T08:56+01:00")


def heard(text: str) -> tuple[object, object]:
    """What is done with a text of Adam's and Sara's parent on a Thursday, and from which day on."""
    children = [{"name": f"{name} Darwish", "known_as": None, "class": "3A"} for name in ("Adam", "Sara")]
    record = {"id": "t", "lang": "ar", "text": text, "now": NOW.isoformat(), "children": children, "context": None}
    row = played(record).row()
    return row["act"], row["start"]


@pytest.mark.parametrize(
    "text",
    [
        "تغيّب آدم يوم الثلاثاء بسبب التهاب اللوزتين",
        "لم يحضر آدم الثلاثاء بسبب الحرارة",
        "أعتذر عن غياب آدم يوم الثلاثاء بسبب الحرارة",
        "سارة ما كانت بالمدرسة الثلاثاء والأربعاء لأنها مريضة",
    ],
)
def test_a_bare_weekday_behind_such_a_verb_is_asked_about(text: str) -> None:
    assert heard(text)[0] == "ask"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("ستغيب سارة يوم الثلاثاء، عندها عملية", "2026-06-16"),
        ("رح تغيب سارة يوم الثلاثاء عندها عملية", "2026-06-16"),
        ("تغيب آدم أمس بسبب الحرارة", "2026-06-10"),
        ("آدم تغيب اليوم بسبب الحرارة", "2026-06-11"),
        ("ما اجا آدم الثلاثاء كان مسخن", "2026-06-09"),
    ],
)
def test_what_names_its_day_or_its_tense_is_filed(text: str, day: str) -> None:
    assert heard(text) == ("file", day)
