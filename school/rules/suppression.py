"""Which figures of a small group are not shown, so that no child can be told from them nor worked out from totals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def hidden(sizes: Mapping[str, int], *, least: int) -> frozenset[str]:
    """The groups whose figures are not shown beside a shown total: those below `least`, and then one more at least.

    A single hidden group could be worked out from the total and the others (secondary suppression, care rule 27), and
    so could several that are together still below `least`: the smallest shown ones are hidden with them.
    """
    ordered = sorted((group for group, size in sizes.items() if size), key=lambda group: (sizes[group], group))
    small = [group for group in ordered if sizes[group] < least]
    for group in ordered[len(small) :]:
        if not small or (len(small) > 1 and sum(sizes[each] for each in small) >= least):
            break
        small.append(group)
    return frozenset(small)


def hidden_counts(
    counts: Mapping[str, int], sizes: Mapping[str, int], *, least: int, also: frozenset[str] = frozenset()
) -> frozenset[str]:
    """The groups whose count is not shown beside a shown total of counts; `sizes` are the groups' own sizes.

    A count is not shown where it, or the rest of its group, is fewer than `least` but not nobody, and where it is the
    whole group: each would tell of a child. `also` are hidden for another reason. One hidden count alone, or some
    whose sum leaves one way only to fill them, could be worked out from the total: more are hidden until neither is so.
    """

    def is_small(group: str) -> bool:
        count, rest = counts[group], sizes[group] - counts[group]
        return count > 0 and (count < least or rest < least)

    secret = {group for group in counts if group in also or is_small(group)}
    shown = sorted(
        (group for group in counts if group not in secret), key=lambda each: (counts[each] == 0, counts[each], each)
    )
    while secret and shown and _can_be_worked_out([counts[group] for group in secret], least):
        secret.add(shown.pop(0))
    return frozenset(secret)


def _can_be_worked_out(counts: Sequence[int], least: int) -> bool:
    if len(counts) < 2 or sum(counts) < least:
        return True
    # All ones, or all as large as a hidden one can be: the sum alone says so.
    return set(counts) in ({1}, {least - 1})
