"""Two children with one illness and days of their own: a report for each, read back before it counts."""

from __future__ import annotations

import pytest

from tests.conversations.hearing.families import heard_of

NOW = "2026-02-02T08:00+00:00"


def row(text: str, lang: str) -> dict[str, object]:
    """What becomes of a text of a family with two children."""
    return heard_of(text, lang, NOW, "Leo", "Maya")


@pytest.mark.parametrize(
    ("lang", "text", "leo", "maya"),
    [
        ("en", "both got flu, Leo till wednesday and Maya the whole week", "02-04", "02-06"),
        ("en", "Leo till Thursday, Maya till tomorrow, both poorly", "02-05", "02-03"),
        ("en", "Both have colds. He is back Wednesday, she is back Thursday", "02-03", "02-04"),
        ("pl", "Leo do środy, Maya cały tydzień, oboje jelitówka", "02-04", "02-06"),
        (
            "ro",
            "Leo vine miercuri, Maya mai stă până vineri, au luat amândoi virusul ăla cu vărsături",
            "02-03",
            "02-06",
        ),
        ("ur", "Dono ko pait ka masla he. Leo aaj aur kal off, Maya sirf aaj", "02-03", "02-02"),
        ("ar", "ليو يرجع يوم الأربعاء وأخته مايا تبقى للجمعة، ثنينهن إنفلونزا", "02-03", "02-06"),
    ],
)
def test_each_has_days_of_their_own(lang: str, text: str, leo: str, maya: str) -> None:
    heard = row(text, lang)
    items = heard["items"]
    assert isinstance(items, list)
    ends = {item["children"][0].split()[0]: item["end"] for item in items if len(item["children"]) == 1}
    assert ends == {"Leo": f"2026-{leo}", "Maya": f"2026-{maya}"}


@pytest.mark.parametrize(
    "text",
    [
        "Both are poorly, Leo till Thursday",
        "Leo has a cold till Thursday, Maya has her party on Friday",
        "Leo is ill until Thursday. Maya is fine and in today",
    ],
)
def test_days_of_one_are_not_given_to_the_other(text: str) -> None:
    heard = row(text, "en")
    items = heard.get("items") or []
    assert isinstance(items, list)
    assert not [item for item in items if "Maya Kowal" in item["children"] and item["end"] > "2026-02-02"]
