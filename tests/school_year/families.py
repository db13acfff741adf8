"""The made-up school: its children, the adults who belong to them, and what each adult may do and know."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

# First names by the family's language; none is a word of a text of ours in any language.
NAMES = {
    "en": "Maisie Alfie Poppy Freddie Isla Archie Freya Theo Evie Oscar Phoebe Reuben Tilly Jasper Imogen Callum "
    "Harriet Toby Matilda Rory Esme Dexter Niamh Fergus Orla Kieran Bronwyn Dylan Tamsin Ewan Beatrix Lachlan Jemima "
    "Barnaby Cordelia Elliot Georgia Hamish Keziah Monty Ottilie Percy Rosalind Stanley Thea Wilfred Zara Kwame "
    "Adaeze Femi Tendai Chidi Amara Kofi Zainab Priya Arjun Meera Rohan Anika",
    "pl": "Kacper Zofia Jakub Hanna Szymon Oliwia Bartek Kinga Wojtek Agata Michal Justyna Tomek Weronika Pawel "
    "Dominika Igor Patrycja Marcel Natalia Filip Alicja",
    "ur": "Hamza Ayesha Bilal Mahnoor Danyal Hiba Usman Areeba Zohaib Iqra Faizan Laiba Talha Rabia Saad Noreen "
    "Ibrahim Sumaira",
    "ar": "Yousef Layan Khalid Salma Tariq Rania Omar Dalia Faris Hala Nabil Joud Ziad Lina Rami Nour Samir Reem",
    "ro": "Andrei Ioana Mihai Elena Razvan Bianca Stefan Daria Vlad Anca Radu Larisa Cosmin Raluca Horia Simona "
    "Matei Adina",
}
SHARES = (("en", 0.68), ("pl", 0.1), ("ur", 0.09), ("ar", 0.06), ("ro", 0.07))
SURNAMES = (
    "Ashdown Birchall Carrow Dunmore Eastwick Fairlamb Garside Hartnell Ingleby Jowett Kershaw Lockyer Marwood "
    "Netherby Oakshott Penhale Quennell Ridsdale Stannard Thirlwell Underhay Venables Wetherby Yarwood"
)
YEARS = ("R", "1", "2", "3", "4", "5", "6")
# What a roster says in a column each.
RIGHTS = ("may_report", "may_be_told", "may_see_reasons", "may_request_leave", "lives_with", "no_contact")
PARENT = frozenset(RIGHTS) - {"no_contact"}
OTHER_HOME = frozenset({"may_report", "may_be_told", "may_see_reasons"})
GRAN = frozenset({"may_report"})
BARRED = frozenset({"no_contact"})
# Ofcom keeps these for drama; the first are the school's own, the last are strangers'.
FIRST_NUMBER, LAST_NUMBER = 10, 980


@dataclass(slots=True, eq=False)
class Child:
    """A child; `key` is the roster's id, `id` what the house gave it."""

    key: str
    name: str
    surname: str
    class_name: str
    year: str
    family: str
    id: str = ""


@dataclass(slots=True, eq=False)
class Adult:
    """Somebody with a phone: rights by the child's key, and what they have done with their phone so far."""

    key: str
    kind: str
    number: str
    chat: str
    language: str
    family: str
    rights: dict[str, frozenset[str]]
    care_week: str = ""
    ring_only: bool = False
    stopped: bool = False
    quiet: bool = False
    wrong: bool = False

    @property
    def address(self) -> tuple[str, str]:
        """By which channel they write, and their address on it."""
        return ("telegram", self.chat) if self.chat else ("sms", self.number)

    def may(self, right: str, child: str) -> bool:
        """Whether the record gives them a right for a child; no contact outweighs all."""
        given = self.rights.get(child, frozenset())
        return right in given and "no_contact" not in given


@dataclass(slots=True, eq=False)
class Family:
    """Children who share their adults."""

    key: str
    language: str
    children: list[Child] = field(default_factory=list)
    adults: list[Adult] = field(default_factory=list)

    def teller(self, lots: random.Random, week: str) -> Adult:
        """Who of them writes to school in a week of the care arrangement; a gran now and then."""
        able = [each for each in self.adults if each.kind in ("first", "second", "other_home", "gran")]
        here = [each for each in able if each.care_week in ("", week)] or able
        weights = [{"first": 8, "second": 3, "other_home": 3, "gran": 1}[each.kind] for each in here]
        return lots.choices(here, weights)[0]


def made_up(size: int, lots: random.Random) -> list[Family]:
    """Families with so many children in all, one to three each."""
    families: list[Family] = []
    numbers = iter(range(FIRST_NUMBER, LAST_NUMBER))
    per_class = max(6, min(30, size // 7))
    classes = [f"{year}{letter}" for letter in "ABCDE" for year in YEARS][: max(1, round(size / per_class))]
    count = 0
    while count < size:
        language = lots.choices([code for code, _ in SHARES], [share for _, share in SHARES])[0]
        family = Family(key=f"F{len(families) + 1:04}", language=language)
        surname = lots.choice(SURNAMES.split())
        names = lots.sample(NAMES[language].split(), 3)
        for name in names[: min(size - count, lots.choices((1, 2, 3), (55, 35, 10))[0])]:
            count += 1
            class_name = classes[count % len(classes)]
            child = Child(f"P{count:04}", name, surname, class_name, class_name[0], family.key)
            family.children.append(child)
        family.adults = list(_adults(family, numbers, lots))
        families.append(family)
    return families


def _adults(family: Family, numbers: Iterator[int], lots: random.Random) -> Iterator[Adult]:
    two_homes = lots.random() < 0.2
    kinds = ["first"]
    kinds += ["other_home"] if two_homes else ["second"] * (lots.random() < 0.12)
    kinds += ["gran"] * (lots.random() < 0.04) + ["barred"] * (not two_homes and lots.random() < 0.04)
    shared = two_homes and lots.random() < 0.5
    given = {"first": PARENT, "second": PARENT, "other_home": OTHER_HOME, "gran": GRAN, "barred": BARRED}
    for kind in kinds:
        number = next(numbers)
        week = {"first": "A", "other_home": "B"}.get(kind, "") if shared else ""
        chatty = kind in ("first", "second", "other_home") and lots.random() < 0.3
        rights = {child.key: given[kind] for child in family.children}
        yield Adult(
            key=f"C{number:04}", kind=kind, number=f"+447700900{number:03}", chat=f"7{number:06}" if chatty else "",
            language=family.language, family=family.key, rights=rights, care_week=week,
            ring_only=kind == "first" and len(kinds) == 1 and lots.random() < 0.015,
        )  # fmt: skip


def roster(families: list[Family]) -> bytes:
    """The roster as a school would bring it, one row a child and adult."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = ("pupil_id", "first_name", "known_as", "surname", "class", "year", "contact_id", "contact_name", "phone")
    writer.writerow((*names, "language", "priority", *RIGHTS, "ring_only"))
    for family in families:
        for child in family.children:
            for place, adult in enumerate(family.adults, start=1):
                given = adult.rights[child.key]
                row = (child.key, child.name, child.name, child.surname, child.class_name, child.year, adult.key)
                rights = ["yes" if right in given else "no" for right in RIGHTS]
                ring = "yes" if adult.ring_only else "no"
                writer.writerow((*row, f"Adult {child.surname}", adult.number, adult.language, place, *rights, ring))
    return out.getvalue().encode()
