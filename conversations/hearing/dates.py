"""Days of absence in a text: a small grammar over the letters of `atoms`, in two passes, days first, then spans."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from datetime import date, timedelta
from typing import TypeAlias

from conversations.hearing import single_days as days
from conversations.hearing import stretches as spans
from conversations.hearing.atoms import EITHER, Atom
from conversations.hearing.resolving import Moment, Pin, Span, following
from conversations.hearing.single_days import Reading
from school.rules.calendar import CalendarEnds

Rule: TypeAlias = "tuple[str, re.Pattern[str], Callable[[list[Atom], Moment], Reading]]"


def rules(*table: tuple[str, str, Callable[[list[Atom], Moment], Reading]]) -> tuple[Rule, ...]:
    """The rules of one pass, compiled, in the order in which they are tried."""
    return tuple((name, re.compile(pattern), made) for name, pattern, made in table)


# Letters that by themselves say nothing of days.
SILENT = frozenset("._!,-/&jp")
NUMBER = "[ONo]"
# A weekday before its date: "next Tuesday, 10 February".
NAMED_DAY = "(?:[ntlg]j?)?W[gnl]?"
JOIN = "j*[-TUJ&,]+[jWU,]*"
LISTED = "W(?:[,j]*[&,][,j]*W)+[,j]*"
COUNT = "(?:[Nfc]j*e|[Nfa]d|[Nfc][vw]|a?y|[Nc]y|aw|Nj*h|Q)"
FIRST_PASS = rules(
    ("date.before", "Y(?:[Nac]?[edvw]|[Nac]?y)", days.before),
    ("date.ahead_weekday", "Hw[,j]*W|W[,j]*Hw", days.weekday_week_ahead),
    ("date.ahead_weekday", "H(?:[Nc][vw]|y)[,j]*W|W[,j]*H(?:[Nc][vw]|y)", days.weekday_weeks_ahead),
    ("date.ahead", "H(?:[Nac]?[edvw]|[Nac]?y)", days.ahead),
    ("date.ahead_of", "(?<![pSIl])[Nac][vw]D|(?<![pSIl])a?yD", days.ahead_of),
    ("date.every", "j?aW|VW|V[de]", days.any_week),
    ("date.month_list", f"{LISTED}{NUMBER}(?:{JOIN}{NUMBER})+j*M", days.weekdays_dated),
    ("date.month_list", f"(?:W,?)?[bFI]?j*{NUMBER}(?:(?:{JOIN}|(?<=O)){NUMBER})+j*M", days.month_list),
    ("date.month_list", f"Mj*{NUMBER}(?:j*[-TU&]+j*{NUMBER})+(?![ehmvwdM])", days.month_list),
    ("date.day_month", f"(?:{NAMED_DAY}[,j]*)?{NUMBER}[jFI]*M(?:,?N)?", days.day_and_month),
    ("date.day_month", f"(?:{NAMED_DAY}[,j]*)?Mj*{NUMBER}(?![ehmvwd])(?:,?N)?", days.day_and_month),
    ("date.figures_range", f"{LISTED}N-X", days.weekdays_dated),
    ("date.figures_range", "[FI]?j*N-X|[FI]j*Nj*[TU]j*X", days.figures_range),
    ("date.figures", f"(?:{NAMED_DAY}[,j]*)?X", days.in_figures),
    ("date.of_month", "[Oo]j*[nt]q", days.of_month),
    ("date.weekdays_numbers", "W[,j]*[ON](?:[&,j]+W[,j]*[ON])+(?![ehmvwdM])", days.weekdays_and_numbers),
    ("date.weekday_number", "Wj*O|W,?j+N(?![ehmvwd])", days.weekday_and_number),
    ("date.weekday_number", "W,?N(?![ehmvwdqyMN/])", days.weekday_with_number),
    ("date.day_number", "3", days.ordinal),
    ("date.ordinals", "O(?:(?:j*[-TU&,]+j*)?O)+", days.bare_ordinals),
    ("date.ordinal", "(?<=[jFIUBSK&T-])O(?![.dewA])|^O(?![.dew])|O(?=$|!|,)", days.ordinal),
    (
        "date.weekdays_of_week",
        "[ntl]w[,j]*W(?:[-TU&,]+j*W)*|W(?:j*[-TUJ&,]+j*W)*[ng]?[jFI]*(?:[ntl]w|w[ntlg])",
        days.weekdays_of_week,
    ),
    ("date.weekday_week", "a?wj+W|(?<!I)(?<!Ij)W[,j]*a?w(?![-e])", days.weekday_week),
    (
        "date.since_or_from",
        # "Ill since Saturday and still not right": an "and" with a word behind it begins no list of days.
        f"(?<![BK~])(?<![BK~]j)Ij*[tlg]?W(?![-TUJngl]|&(?![.!]|$)|[,j]*{COUNT})",
        days.weekday_since_or_from,
    ),
    ("date.either", "[BU]i?[jpP%]*W&[j%]*W(?![-TU&]|,j*W)", days.weekdays_until_either),
    ("date.weekday_range", "[ntlg]?W[,j]*[-TUJ]j*[tg]?W", days.weekday_range),
    ("date.weekday_list", "(?<!U)(?<!Uj)(?<!Ujj)(?:W(?:[&-]j*W)+l|[ntlg]?W(?:[,&-]+j*W)+)", days.weekday_list),
    ("date.weekday_list", "(?<![SUnlt])(?<!Sj)WW+(?![-TUngl]|&[j%]*[ntlg]?[WDP])", days.weekdays_side_by_side),
    ("date.weekday", "(?<!S)(?<!Sj)(?<!S[tlg])(?:[ntlg]j?W|W[gnl](?!j?[wWxM])|Wg?)", days.one_weekday),
    ("date.relative", "D", days.relative),
)
SECOND_PASS = rules(
    ("days.week_beginning", "zj*x(?:[,j]*Aj*w)?", spans.week_beginning),
    ("days.week_beginning", "(?<![aNc])[jp]*wj*[FIs]j*x", spans.week_beginning),
    ("days.first_week", "1M", spans.first_week_of),
    ("days.until_end_of_week", "[UJ][jp]*Ej*[nt]?w|U[jp]*nw|(?:U|K[.%j]{0,3}Y)[jp]*k", spans.until_end_of_week),
    ("days.until_end_of_month", "U[jp]*Ej*(?:t?q|M)", spans.until_end_of_month),
    ("days.back_week", "[BK][UT]?j*(?:Z|nw|k)", spans.back_after),
    ("days.duration", "x[,j]*pj*w(?![nlg])", spans.duration),
    ("days.duration_from", f"[FI]j*x[,j]*p?{COUNT}", spans.duration_from),
    ("days.rest_of_week", "(?<![nl])[jp]*[rA]j*t?w|tw|pw|[jp]+r?w(?=$|!|,)", spans.rest_of_week),
    ("days.rest_of_week", "(?<![nlN])w(?:A?t(?![A-Zx])|A(?=$|!|,))", spans.rest_of_week),
    ("days.other_week", "A?j*(?:[nl]A?w|w[nlg](?!j?W)|Z)", spans.other_week),
    ("days.since", "Sj*(?:[tlg]?W|x|lw)", spans.since),
    ("days.about", "p?N-N[ev]", spans.about),
    ("days.since_count", f"[SI]j*{COUNT}", spans.since_count),
    ("days.duration_ahead", f"=[j.]{{0,2}}{COUNT}(?:[.j]{{0,3}}[FIs]j*x)?|x[,j]*={COUNT}", spans.duration),
    ("days.duration_from", f"p?j*[nl]?{COUNT}[.j]{{0,3}}[FIs]j*x(?!j*[-TU]i?j*x)", spans.duration),
    ("days.duration", f"x[,j]*p{COUNT}|[lnp]j*{COUNT}", spans.duration),
    ("days.duration", COUNT, spans.duration),
    ("days.until", "[KG][.%j]{0,3}U(?:j*ix|j*xi)", spans.until),
    ("days.not_back_until", "K[.%j]{0,3}[UY]j*i?x", spans.until_back),
    ("days.not_in_until", "G[.%j]{0,3}[UY]j*i?x", spans.until_or_back),
    ("days.span", "[FI]?j*xi?[-TUJ]i?j*xi?|bj*x&j*x|[FI]?j*xU+i?x", spans.span),
    ("days.until", "Ui?j*xi?|ij*x|xi", spans.until),
    ("days.to_or_on", "Jj*i?x", spans.to_or_on),
    ("days.back_either", "[BU]i?[jpP%]*x&[j%]*x|[BU][jpP%]*x%x", days.until_either),
    ("days.back", "B[jpFPI%]*x", spans.until_back),
    ("days.several", "Ij*x(?:&j*x)+", spans.several),
    ("days.since_or_from", "Ij*x", spans.since_or_from),
    ("days.following", r"x[,&]+j*\^", spans.and_following),
    ("days.several", "x(?:[,&]+j*x)+", spans.several),
    ("days.likely", "%j*[xs]", spans.likely),
    ("days.from", "Fj*x", spans.starting),
    ("days.while", "u", spans.while_open),
)


def reduced(
    found: list[Atom], table: Sequence[Rule], moment: Moment, past: Set[int], names: dict[int, str]
) -> list[Atom]:
    """The atoms after one pass: what a rule matched becomes one atom, "x" for a day and "s" for a span."""
    text = "".join(atom.letter for atom in found)
    if SILENT.issuperset(text):
        return found
    for name, pattern, made in table:
        place = 0
        while match := pattern.search(text, place):
            first, last = match.span()
            told = found[first].first in past or found[last - 1].first in past
            reading = made(found[first:last], moment if moment.past == told else replace(moment, past=told))
            if reading is None:
                place = max(last, first + 1)
                continue
            letter = "x" if isinstance(reading, Pin) else "s"
            names[found[first].first] = name
            found[first:last] = [Atom(letter, found[first].first, found[last - 1].last, reading)]
            text = text[:first] + letter + text[last:]
            place = first + 1
    return found


def same_weekday(found: list[Atom], names: dict[int, str], moment: Moment) -> list[Atom]:
    """ "The operation was on Tuesday, so from Tuesday she's off": a weekday named again is the day that it was."""
    bare = [each for each in found if isinstance(each.value, Pin) and names.get(each.first) == "date.weekday"]
    gone = {each.value.day.weekday(): each.value for each in bare if each.value.day < moment.today}  # type: ignore[attr-defined]
    again = {each.first: gone.get(each.value.day.weekday()) for each in bare}  # type: ignore[attr-defined]
    for each in bare:
        again[each.first] = again[each.first] or of_the_date(each, found, names)
    told = [each._replace(value=again.get(each.first) or each.value) for each in found]
    return [list_of_the_date(each, told, names) for each in told]


def weekday_told(found: list[Atom], moment: Moment) -> list[Atom]:
    """ "Today Thursday and Friday", "tomorrow, Monday": a weekday right behind the day that it is says nothing more.

    A small word may stand between them: "kal yani mangal".
    """
    result: list[Atom] = []
    for atom in found:
        gap = 2 if len(result) > 1 and result[-1].letter in ",j" else 1
        day = result[-gap] if len(result) >= gap else None
        named = atom.value if atom.letter == "W" and day is not None and day.letter == "D" else None
        offset = day.value if named is not None and day is not None else None
        if isinstance(offset, int) and day and (moment.today + timedelta(days=offset)).weekday() == named:
            result[-gap:] = [day._replace(last=atom.last)]
            continue
        result.append(atom)
    return result


def weekday_after(found: list[Atom], names: dict[int, str], today: date) -> list[Atom]:
    """ "Friday next week and the Monday after": a bare weekday added to a later day is the first one after that day.

    "Off yesterday and on Friday": one added to a day that is past is past as well.
    """
    result = list(found)
    for at, atom in enumerate(found):
        before = at - 1
        while before > 0 and found[before].letter == "j":
            before -= 1
        if before < 1 or found[before].letter != "&" or found[before].value == EITHER:
            continue
        day, bare = found[before - 1].value, names.get(atom.first) == "date.weekday"
        if not bare or not isinstance(atom.value, Pin) or not isinstance(day, Pin):
            continue
        if day.day < today < atom.value.day:
            result[at] = atom._replace(value=Pin(day=atom.value.day - timedelta(days=7)))
        elif today <= day.day and atom.value.day < day.day and not day.others and not atom.value.others:
            result[at] = atom._replace(value=Pin(day=following(atom.value.day.weekday(), day.day)))
    return result


# The rules that name a day of a month.
DATED = frozenset({"date.day_month", "date.figures", "date.weekday_number"})


def of_the_date(weekday: Atom, found: list[Atom], names: dict[int, str]) -> Pin | None:
    """ "On 15 May, that is Friday": a bare weekday after a date on it, in one sentence, is that date."""
    before = date_before(weekday, found, names)
    return before if before and before.day.weekday() == weekday.value.day.weekday() else None  # type: ignore[attr-defined]


def date_before(atom: Atom, found: list[Atom], names: dict[int, str]) -> Pin | None:
    """The last date of a month that is named before an atom in its sentence."""
    for each in reversed(found[: found.index(atom)]):
        if each.letter == "!":
            return None
        if names.get(each.first) in DATED and isinstance(each.value, Pin):
            return each.value
    return None


def list_of_the_date(atom: Atom, found: list[Atom], names: dict[int, str]) -> Atom:
    """ "We fly on Thursday 18th so she's off Thurs and Fri": weekdays that begin with that date's are of its week."""
    if names.get(atom.first) not in {"date.weekday_list", "date.weekday_range"}:
        return atom
    said, before = atom.value, date_before(atom, found, names)
    if before is None:
        return atom
    if not isinstance(said, Span) or said.first is None or said.last is None or said.others or said.gaps:
        return atom
    later = before.day - said.first
    if later.days <= 0 or later.days % 7:
        return atom
    return atom._replace(value=replace(said, first=before.day, last=said.last + later))


# No absence is told by text over more than a school year; "1/1 to 1/1/9999" is junk.
LONGEST = 400


def endless(span: Span) -> bool:
    """Whether a span is longer than any that could be meant."""
    return span.first is not None and span.last is not None and (span.last - span.first).days > LONGEST


def find_days(found: list[Atom], moment: Moment, past: Set[int]) -> list[tuple[Atom, Span, str]]:
    """Every statement of days in a text: where it stands, what it says, and the rule's id.

    `past` are the words that are told in the past: "was off Monday" is the Monday before.
    """
    names: dict[int, str] = {}
    try:
        found = weekday_told(found, moment)
        found = same_weekday(reduced(found, FIRST_PASS, moment, past, names), names, moment)
        found = weekday_after(found, names, moment.today)
        found = reduced(found, SECOND_PASS, moment, past, names)
    except (CalendarEnds, OverflowError):
        return []
    result = []
    for atom in found:
        value = atom.value
        if isinstance(value, Pin):
            others = tuple((other, other) for other in value.others)
            value = Span(first=value.day, last=value.day, others=others)
        if isinstance(value, Span) and value.role and not endless(value):
            result.append((atom, value, names.get(atom.first, "date")))
    return result
