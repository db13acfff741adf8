"""How a language counts, by CLDR: which numbers share a plural form, and the header of a catalogue that says so."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache

from babel import Locale
from babel.messages.plurals import get_plural
from babel.plural import to_gettext

# What repeats in a language's counting repeats within a thousand.
MOST_COUNTED = 1000


def counts_as_cldr(code: str, plurals: int, expression: str) -> bool:
    """Whether a catalogue counts as CLDR does.

    We never speak of no children nor of half a one, so nought and fractions may have a form of their own or not.
    """
    try:
        form = gettext.c2py(expression)
    except ValueError:
        return False
    rule = Locale.parse(code).plural_form
    sizes = {len(set(shape(rule, 0))), len(set(shape(rule, 1))), len(rule.tags) + 1}
    return shape(form, 1) == shape(rule, 1) and plurals in sizes


def shape(form: Callable[[int], object], first: int) -> tuple[int, ...]:
    """Which numbers from `first` on go together, whatever the forms are called: each by the order it appears in."""
    seen: dict[object, int] = {}
    return tuple(seen.setdefault(form(number), len(seen)) for number in range(first, MOST_COUNTED + 1))


@cache
def header(code: str) -> str:
    """The Plural-Forms of a catalogue: the usual ones where they count as CLDR does, else CLDR's own."""
    usual = get_plural(code)
    if counts_as_cldr(code, usual.num_plurals, usual.plural_expr):
        return f"nplurals={usual.num_plurals}; plural={usual.plural_expr};"
    return f"{to_gettext(Locale.parse(code).plural_form).rstrip(';')};"
