"""Families at random, and a book of who may hear of whom that asks nothing of the product's own rules.

The book follows design.md, section 7: default deny; a right is a contact's for one child; whoever may have no contact
hears nothing of the child, nor does a phone that such a person shares; a helper whose last day has passed is somebody
without a right; a pupil is nobody's because a text names it.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy.orm import Session

from school.records.base import new_id
from school.records.people import Address, Contact, Pupil, Right

LANGUAGES = ("en", "en", "en", "pl", "ur", "ar", "ro")
CHANNELS = ("sms", "sms", "telegram")
CLASSES = 12
# Made of syllables that no language here has for a word; the number of a child makes it no other child's.
STARTS = ("Tolv", "Brax", "Quen", "Zeld", "Vorm", "Yask", "Plim", "Gwex", "Drul", "Kesk")
MIDDLES = ("a", "i", "o", "u", "e")
ENDS = ("bax", "dril", "fen", "gosk", "mivo", "nuxa", "pilt", "rovu", "tezk", "wimba", "zorp", "hulx")
NAMING = frozenset({"may_report", "may_be_told", "may_request_leave"})
ALL_OF_A_PARENT = ("may_report", "may_be_told", "may_see_reasons", "may_request_leave", "lives_with")
BARRED = ("no_contact", *ALL_OF_A_PARENT)
# Who helps until a date, and whose date was before the first day: that is nobody's right.
HELPER, HELPER_OVER = ("may_report", "helper"), ("may_report", "over")
UNTIL = {"helper": date(2100, 1, 1), "over": date(2026, 1, 4)}
# Rights as schools hold them: most parents have all, others a part, a few are on record and may have no contact.
KINDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (60, ALL_OF_A_PARENT),
    (10, ("may_report", "may_be_told")),
    (8, ("may_report",)),
    (8, ("may_be_told", "lives_with")),
    (6, ()),
    (5, HELPER),
    (5, HELPER_OVER),
    (8, BARRED),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An adult's phone: where they write from, and the children they may name when they write."""

    channel: str
    address: str
    language: str
    near: tuple[str, ...]


@dataclass(slots=True)
class Book:
    """Who there is. `answered[address]`: children a reply there may name; `told`: those of whom it may be told unasked.

    `children` maps a child's name to the pupil's id; `classes` a class to its pupils' ids.
    """

    people: list[Person] = field(default_factory=list)
    answered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    told: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    children: dict[str, str] = field(default_factory=dict)
    classes: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def names(count: int) -> list[str]:
    """So many first names that are no child's elsewhere and no word of a language."""
    made = [start + middle + end for end in ENDS for middle in MIDDLES for start in STARTS]
    if count > len(made):
        raise ValueError(f"there are names for {len(made)} children, not {count}")
    return made[:count]


def settle(session: Session, school_id: str, chance: random.Random, *, families: int, now: datetime) -> Book:
    """Writes so many families of up to three children and three adults, some in two homes or on one phone."""
    book = Book()
    free = iter(names(families * 2 + 3))
    serial = 0
    for family in range(families):
        pupils = {}
        for _ in range(chance.choice((1, 2, 2, 3))):
            name = next(free, None)
            if name is not None:
                pupils[name] = _pupil(session, school_id, name, chance, book, now)
        shared = chance.random() < 0.15
        at_address: dict[str, list[dict[str, tuple[str, ...]]]] = defaultdict(list)
        for number in range(chance.choice((1, 2, 2, 3))):
            serial += 1 if not (shared and number) else 0
            rights = {
                name: BARRED if shared and number and chance.random() < 0.3 else _kind(chance)
                for name in pupils
                if number == 0 or chance.random() < 0.85
            }
            person = _adult(session, school_id, f"{family}.{number}", serial, pupils, rights, chance, now)
            at_address[person.address].append(rights)
            book.people.append(person)
        for address, several in at_address.items():
            _write_down(book, address, several)
    session.flush()
    return book


def _kind(chance: random.Random) -> tuple[str, ...]:
    return chance.choices([kind for _, kind in KINDS], [weight for weight, _ in KINDS])[0]


def _write_down(book: Book, address: str, several: list[dict[str, tuple[str, ...]]]) -> None:
    """On a shared phone the narrower right counts, and none where one of them may have no contact."""
    for name in {name for rights in several for name in rights}:
        held = [set(rights[name]) for rights in several if name in rights and rights[name] != HELPER_OVER]
        if not held:
            continue
        common = set.intersection(*held)
        if any("no_contact" in each for each in held) or not common & NAMING:
            continue
        book.answered[address].add(name)
        if common & {"may_be_told", "may_request_leave"}:
            book.told[address].add(name)


def _pupil(session: Session, school_id: str, name: str, chance: random.Random, book: Book, now: datetime) -> str:
    number = chance.randrange(CLASSES)
    row = Pupil(
        school_id=school_id, id=new_id(now), external_id=name, first_name=name, known_as=name, surname="Example",
        year=str(number % 6 + 1), class_name=f"{number % 6 + 1}{'AB'[number // 6]}",
    )  # fmt: skip
    session.add(row)
    session.flush()
    book.children[name] = row.id
    book.classes[row.class_name].append(row.id)
    return row.id


def _adult(
    session: Session, school_id: str, key: str, serial: int, pupils: dict[str, str],
    rights: dict[str, tuple[str, ...]], chance: random.Random, now: datetime,
) -> Person:  # fmt: skip
    channel = CHANNELS[serial % len(CHANNELS)]
    address = f"+447700900{serial:03}" if channel == "sms" and serial < 1000 else f"5500{serial:05}"
    contact = Contact(
        school_id=school_id, id=new_id(now), external_id=key, name=f"Adult {key}", language=chance.choice(LANGUAGES)
    )
    session.add(contact)
    session.flush()
    session.add(Address(school_id=school_id, id=new_id(now), contact_id=contact.id, channel=channel, address=address))
    for name, held in rights.items():
        session.add(
            Right(
                school_id=school_id,
                contact_id=contact.id,
                pupil_id=pupils[name],
                priority=int(key.split(".")[1]) + 1,
                report_until=next((UNTIL[each] for each in held if each in UNTIL), None),
                **dict.fromkeys([each for each in held if each not in UNTIL], True),
            )
        )
    session.flush()
    return Person(channel=channel, address=address, language=contact.language, near=tuple(pupils))
