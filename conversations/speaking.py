"""From what is to be said to words: message keys, ids and dates become a text in the parent's language."""

from __future__ import annotations

import gettext
import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from io import BytesIO

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

from conversations.acts import Option, Say
from conversations.context import Child, Context
from conversations.stretches import Stretch

ENGLISH = "en"

# English as it is written here: '3 March' and no comma before 'and'.
_LOCALES = {ENGLISH: "en_GB"}

# More names than this are counted where the text would otherwise not fit its segment.
MOST_NAMED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A language to speak in, about one family: `render` and `label` are all that channels need.

    `briefly` counts children where more than two would be named, and leaves 'today' out of dates. `words` are a
    catalogue that is not (yet) the pack's own: a translator's draft.
    """

    lang: str
    context: Context
    briefly: bool = False
    words: gettext.GNUTranslations | None = None

    def render(self, say: Say) -> str:
        """The words of one Say, without its options. Raises KeyError for a message that no pack has."""
        first_in = say.args.get("first_in")
        if isinstance(first_in, str):
            # In both languages: who reads the one need not read the other.
            plain = Say(key=say.key, args={name: value for name, value in say.args.items() if name != "first_in"})
            return f"{Voice(lang=first_in, context=self.context).render(plain)} {self.render(plain)}"
        return self._message(say.key, _count(say.args)).format(**self._arguments(say.args))

    def label(self, option: Option) -> str:
        """The words of one option."""
        return self.render(option.label)

    def _message(self, key: str, count: int = 1) -> str:
        return _message(self.lang, key, count) if self.words is None else _found(self.words, key, count)

    def _arguments(self, args: Mapping[str, object]) -> dict[str, object]:
        school = self.context.school
        words: dict[str, object] = {
            "school": school.short_name,
            "phone": self._number(school.phone),
            "care_line": self._number(school.care_line),
        }
        for name, value in args.items():
            words[name] = self._word(name, value)
        return words

    def _days(self, sessions: int) -> str:
        """Sessions as days, to the half."""
        whole, half = divmod(sessions, 2)
        return f"{whole}{get_decimal_symbol(self._locale)}5" if half else str(whole)

    def _number(self, number: str) -> str:
        """A telephone number; where text runs from the right, only hard spaces keep its groups in order."""
        return number.replace(" ", "\u00a0") if runs_left(self._locale) else number

    def _word(self, name: str, value: object) -> object:
        if name == "names" and isinstance(value, tuple):
            return self._names(value)
        if name == "facts" and isinstance(value, tuple):
            return " ".join(self.render(fact) for fact in value)
        if name == "days" and isinstance(value, tuple):
            return self._list(self._stretch(each) for each in value)
        if name.endswith("_days") and isinstance(value, int):
            return self._days(value)
        if name == "question" and isinstance(value, tuple):
            return self._question(*value)
        if name == "language":
            # CLDR has no names in a second script of a language.
            shown_in = ENGLISH if "_" in self.lang else self._locale
            return Locale.parse(str(value)).get_display_name(shown_in) or value
        if isinstance(value, datetime):
            return f"{self._date(value.date())} {self._time(value.time())}"
        if isinstance(value, date):
            return self._when(value)
        if isinstance(value, time):
            return self._time(value)
        return value

    def _question(self, number: int, topic: str) -> str:
        """The question of the week; the class's own topic where a teacher wrote it in this language."""
        words = self.context.topics.get(topic, {}).get(self.lang)
        return self._message("day.topic").format(topic=words) if words else self._message(f"day.question_{number}")

    # Names ------------------------------------------------------------------------------------

    def _names(self, ids: tuple[str, ...]) -> str:
        if self.briefly and len(ids) > MOST_NAMED:
            return self._message("children", len(ids)).format(count=len(ids))
        children = [child for child in self.context.children if child.id in ids]
        return self._list(self._name(child) for child in children)

    def _name(self, child: Child) -> str:
        """The known-as name; with the class where two children of the family share it."""
        same = [each for each in self.context.children if each.known_as == child.known_as]
        return f"{child.known_as} ({child.class_name})" if len(same) > 1 and child.class_name else child.known_as

    def _list(self, words: Iterable[str]) -> str:
        given, own = list(words), _own(self.lang)
        if own.last_join and len(given) > 1:
            return f"{', '.join(given[:-1])} {own.last_join} {given[-1]}"
        return str(format_list(given, locale=self._locale)) if given else ""

    # Days and times ---------------------------------------------------------------------------

    @property
    def _locale(self) -> str:
        return _LOCALES.get(self.lang, self.lang)

    def _stretch(self, stretch: Stretch) -> str:
        if stretch.last is None:
            return self._message("when.from").format(day=self._date(stretch.first))
        if stretch.first == stretch.last:
            return self._when(stretch.first)
        same_month = (stretch.first.year, stretch.first.month) == (stretch.last.year, stretch.last.month)
        first = self._date(stretch.first, pattern="EEE d" if same_month else "EEE d MMM")
        return self._message("when.range").format(first=first, last=self._date(stretch.last))

    def _when(self, day: date) -> str:
        today = self.context.now.date()
        key = {today: "when.today", today + timedelta(days=1): "when.tomorrow"}.get(day, "when.on")
        return self._message("when.on" if self.briefly else key).format(day=self._date(day))

    def _date(self, day: date, *, pattern: str = "EEE d MMM") -> str:
        if abs((day - self.context.now.date()).days) > 180:
            pattern += " y"
        own = _own(self.lang)
        if own.weekdays:
            month = f" {own.months[day.month - 1]}" if "M" in pattern else ""
            year = f" {day.year}" if "y" in pattern else ""
            return f"{own.weekdays[day.weekday()]} {day.day}{month}{year}"
        return _plain_spaces(format_date(day, pattern, locale=self._locale))

    def _time(self, at: time) -> str:
        return _plain_spaces(format_time(at, "HH:mm", locale=self._locale))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnWords:
    """What a catalogue says instead of CLDR: short weekdays from Monday, short months, the word before a last name."""

    weekdays: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    last_join: str = ""


@cache
def _own(lang: str) -> OwnWords:
    """A catalogue's `speaking.toml`, where it has one: a second script of a language that CLDR has not."""
    file = resources.files("locales").joinpath(lang, "speaking.toml")
    if not file.is_file():
        return OwnWords()
    words = tomllib.loads(file.read_text(encoding="utf-8"))
    return OwnWords(
        weekdays=tuple(words.get("weekdays", ())),
        months=tuple(words.get("months", ())),
        last_join=str(words.get("last_join", "")),
    )


@cache
def runs_left(locale: str) -> bool:
    """Whether a language is written from the right to the left; a script in the code decides."""
    return not locale.endswith("_Latn") and Locale.parse(locale).text_direction == "rtl"


def _count(args: Mapping[str, object]) -> int:
    names = args.get("names")
    return len(names) if isinstance(names, tuple) else 1


def _plain_spaces(text: str) -> str:
    """CLDR writes narrow and unbreakable blanks, which GSM-7 has not."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


# Catalogues ----------------------------------------------------------------------------------


def words(lang: str, key: str, **facts: str) -> str:
    """The words of a message that is about no family: what stands on a page. Raises KeyError for one that is none."""
    return _message(lang, key).format(**facts)


@cache
def _message(lang: str, key: str, count: int = 1) -> str:
    """A message's words in a language, English where the pack lacks them; KeyError where English does too."""
    return _found(_catalogue(lang), key, count)


def _found(words: gettext.GNUTranslations, key: str, count: int) -> str:
    found = words.ngettext(key, f"{key}.many", count)
    if found in (key, f"{key}.many"):
        found = words.gettext(key)
    if found == key:
        raise KeyError(key)
    return found


@cache
def _catalogue(lang: str) -> gettext.GNUTranslations:
    """The catalogue of a pack: compiled by the wheel's build, or here, in memory, in a checkout."""
    folder = resources.files("locales").joinpath(lang)
    compiled = folder.joinpath("messages.mo")
    if compiled.is_file():
        words = gettext.GNUTranslations(BytesIO(compiled.read_bytes()))
    else:
        with folder.joinpath("messages.po").open("rb") as source:
            words = _compiled(read_po(source, locale=lang, abort_invalid=True))
    if lang != ENGLISH:
        words.add_fallback(_catalogue(ENGLISH))
    return words


def draft(catalogue: Catalog) -> gettext.GNUTranslations:
    """A catalogue that is not the pack's own yet, for a `Voice`; what it has no words for is said in English."""
    words = _compiled(catalogue)
    words.add_fallback(_catalogue(ENGLISH))
    return words


def _compiled(catalogue: Catalog) -> gettext.GNUTranslations:
    """With what is translated whole: for a plural form without words Babel would write the message's own key."""
    unfinished = [each.id for each in catalogue if isinstance(each.string, tuple) and not all(each.string)]
    if unfinished:
        catalogue = deepcopy(catalogue)
        for each in unfinished:
            catalogue.delete(each)
    target = BytesIO()
    write_mo(target, catalogue)
    return gettext.GNUTranslations(BytesIO(target.getvalue()))


def message_keys(lang: str) -> frozenset[str]:
    """All message keys of a pack, as written."""
    with resources.files("locales").joinpath(lang, "messages.po").open("rb") as source:
        catalogue = read_po(source, locale=lang, abort_invalid=True)
    ids = (each.id if isinstance(each.id, str) else each.id[0] for each in catalogue if each.id)
    return frozenset(ids)
