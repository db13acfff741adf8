"""A hidden figure cannot be worked out from what is shown beside it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from school.rules.suppression import hidden, hidden_counts


@pytest.mark.parametrize(
    ("sizes", "least", "out"),
    [
        ({"4B": 10, "2A": 12}, 5, set()),
        ({"4B": 3, "2A": 12}, 5, {"4B", "2A"}),
        ({"4B": 3, "2A": 12, "5C": 20}, 5, {"4B", "2A"}),
        ({"4B": 3, "2A": 4, "5C": 20}, 5, {"4B", "2A"}),
        ({"4B": 1, "2A": 1, "5C": 20}, 5, {"4B", "2A", "5C"}),
        ({"4B": 0, "2A": 12}, 5, set()),
        ({}, 5, set()),
    ],
)
def test_small_groups_are_hidden_and_one_more_where_the_total_would_tell(sizes, least, out):
    assert hidden(sizes, least=least) == out


@given(
    sizes=st.dictionaries(st.text("ABCDE", min_size=1, max_size=2), st.integers(0, 40), max_size=10),
    least=st.integers(1, 20),
)
def test_what_is_missing_from_the_total_is_never_one_group_nor_less_than_the_least(sizes, least):
    out = hidden(sizes, least=least)
    shown = {group: size for group, size in sizes.items() if group not in out}
    assert all(size >= least or size == 0 for size in shown.values())
    missing = [sizes[group] for group in out]
    everybody = {group for group, size in sizes.items() if size} == out
    assert not missing or everybody or (len(missing) > 1 and sum(missing) >= least)


GROUPS = st.dictionaries(
    st.text("ABCDE", min_size=1, max_size=2),
    st.integers(0, 40).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))),
    max_size=8,
)


@given(groups=GROUPS, least=st.integers(2, 10))
def test_a_count_that_tells_of_a_child_is_hidden_and_cannot_be_worked_out_from_the_total(groups, least):
    counts = {group: count for group, (count, _) in groups.items()}
    sizes = {group: size for group, (_, size) in groups.items()}
    out = hidden_counts(counts, sizes, least=least)
    for group in counts.keys() - out:
        assert counts[group] == 0 or (counts[group] >= least and sizes[group] - counts[group] >= least)
    if out and out != counts.keys():
        missing = [counts[group] for group in out]
        assert len(missing) > 1
        assert sum(missing) >= least
        assert set(missing) != {1}, "the sum would say that each is one"
        assert set(missing) != {least - 1}, "the sum would say that each is as many as can be hidden"
