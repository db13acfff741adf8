"""The short reference of a report."""

from __future__ import annotations

from datetime import UTC, datetime

from school.records.base import new_id
from school.rules.references import LENGTH, reference_of


def test_a_reference_is_the_end_of_the_texts_id_in_letters_that_cannot_be_misheard() -> None:
    assert reference_of("01HZX3Q8Y4T0M5N6P7R8S97K2Q") == "7K2Q"
    found = {reference_of(new_id(datetime(2026, 3, 3, 8, minute, tzinfo=UTC))) for minute in range(50)}
    assert all(len(each) == LENGTH and each.isalnum() and each == each.upper() for each in found)
    assert not {letter for each in found for letter in each} & set("ILOU")
    assert len(found) > 45
