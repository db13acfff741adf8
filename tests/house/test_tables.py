"""Every table of a family's facts is keyed by school first, and what is remembered for ever holds no words."""

from __future__ import annotations

import importlib
import pkgutil

import pytest
from sqlalchemy import Table

import school.records
from school.records.base import Base

for module in pkgutil.iter_modules(school.records.__path__, "school.records."):
    importlib.import_module(module.name)

TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
# The school itself, keyed by its own id, and the one row about the whole database.
NOT_OF_A_SCHOOL = {"schools", "installation"}
OF_SCHOOLS = [table for table in TABLES if table.name not in NOT_OF_A_SCHOOL]


@pytest.mark.parametrize("table", OF_SCHOOLS, ids=lambda table: table.name)
def test_a_table_is_keyed_by_school_first(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "school_id"


@pytest.mark.parametrize("table", OF_SCHOOLS, ids=lambda table: table.name)
def test_no_row_can_point_into_another_school(table: Table) -> None:
    for constraint in table.foreign_key_constraints:
        first = constraint.elements[0]
        assert first.parent.name == "school_id", constraint.name
        assert first.column.name in {"school_id", "id" if first.column.table.name == "schools" else "school_id"}


def test_what_was_received_is_remembered_without_words_and_without_an_end() -> None:
    columns = set(Base.metadata.tables["received"].columns.keys())
    assert columns == {"school_id", "channel", "provider_id", "message_id", "at"}


def test_the_words_of_a_text_have_one_home_with_a_day_on_which_they_go() -> None:
    homes = [table.name for table in TABLES if "body" in table.columns]
    assert homes == ["messages"]
    assert not Base.metadata.tables["messages"].columns["purge_after"].nullable
