"""Which figures of a small group are not shown, so that no child can be told from them nor worked out from totals."""

from __future__ import annotations

from collections.abc import Mapping


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
