"""What a roster would change in a school's record: worked out before anything is written, and shown to a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from school.csv_table import Fault
from school.records.people import Address, Contact, Pupil, Right
from school.records.roster_queries import People
from school.roster_columns import RIGHTS
from school.roster_file import Roster, RosterContact, RosterPupil, RosterRight

NO_CONTACT = "no_contact"
# A file that would take away this share of the pupils is more likely half a file than a closing school.
MANY_LEAVE = 5
LEAST_TO_LEAVE = 10
# A phone that is no longer in the roster finds nobody and is kept, so that an opt-out is not forgotten with it.
NOT_IN_ROSTER = "not_in_roster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Rights that the roster would add, or a no-contact that it would lift: not done, but put before a person."""

    pupil: str
    contact: str
    added: tuple[str, ...] = ()
    lifts_no_contact: bool = False


@dataclass(slots=True, kw_only=True)
class Plan:
    """All that an import would do, by external ids, and what it leaves to a person."""

    is_first: bool
    pupils_added: list[RosterPupil] = field(default_factory=list)
    pupils_changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pupils_left: list[str] = field(default_factory=list)
    pupils_back: list[str] = field(default_factory=list)
    contacts_added: list[RosterContact] = field(default_factory=list)
    contacts_changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    contacts_gone: list[str] = field(default_factory=list)
    contacts_back: list[str] = field(default_factory=list)
    phones_added: list[tuple[str, str]] = field(default_factory=list)
    phones_gone: list[Address] = field(default_factory=list)
    phones_back: list[Address] = field(default_factory=list)
    rights_added: list[tuple[RosterRight, frozenset[str]]] = field(default_factory=list)
    rights_narrowed: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    rights_gone: list[Right] = field(default_factory=list)
    priorities: dict[tuple[str, str], int] = field(default_factory=dict)
    care_weeks: dict[tuple[str, str], str] = field(default_factory=dict)
    ring_first_stays: list[str] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)
    pupils_before: int = 0

    def __bool__(self) -> bool:
        """Whether anything would be written. What waits for a person is not."""
        return any(getattr(self, name) for name in _WRITTEN)

    @property
    def leaves_many(self) -> bool:
        """Whether so many would leave that somebody must say that it is meant."""
        return len(self.pupils_left) >= LEAST_TO_LEAVE and len(self.pupils_left) * MANY_LEAVE > self.pupils_before

    def counts(self) -> dict[str, int]:
        """How many of each, without those of which there are none."""
        return {name: len(getattr(self, name)) for name in (*_WRITTEN, "waiting") if getattr(self, name)}


_WRITTEN = (
    "pupils_added", "pupils_changed", "pupils_left", "pupils_back",
    "contacts_added", "contacts_changed", "contacts_gone", "contacts_back",
    "phones_added", "phones_gone", "phones_back",
    "rights_added", "rights_narrowed", "rights_gone", "priorities", "care_weeks",
)  # fmt: skip


def plan_roster(roster: Roster, people: People, *, today: date) -> Plan:
    """What `roster` would change among `people`; a pupil who is not in it leaves today.

    Care rule 12: a right is only ever added where the school has no pupil yet, or where pupil and contact are both
    new to it; a no-contact is set at once and lifted never. All other additions wait for a person.
    """
    plan = Plan(is_first=not people.pupils, notices=list(roster.notices))
    plan.pupils_before = sum(pupil.left_on is None for pupil in people.pupils.values())
    _pupils(plan, roster, people, today)
    _contacts(plan, roster, people)
    _phones(plan, roster, people)
    _rights(plan, roster, people)
    plan.notices.extend(_shared_phones(roster))
    plan.notices.extend(_ring_first_stays(plan))
    return plan


def _pupils(plan: Plan, roster: Roster, people: People, today: date) -> None:
    for external_id, pupil in roster.pupils.items():
        row = people.pupils.get(external_id)
        if row is None:
            plan.pupils_added.append(pupil)
            continue
        if changed := _changed_fields(pupil, row, roster.says):
            plan.pupils_changed[external_id] = changed
        # Who is rung first was chosen to be safe: a file sets it and never lifts it.
        if "ring_first" in roster.says and row.ring_first and not pupil.ring_first:
            plan.ring_first_stays.append(external_id)
        if row.left_on is not None and pupil.left_on is None:
            plan.pupils_back.append(external_id)
    plan.pupils_left = [
        external_id
        for external_id, row in people.pupils.items()
        if external_id not in roster.pupils and (row.left_on is None or row.left_on > today)
    ]


# Each field of a pupil, and the column that says it.
PUPIL_FIELDS = {
    "first_name": "first_name",
    "known_as": "known_as",
    "surname": "surname",
    "year": "year",
    "class_name": "class",
    "upn": "upn",
}


def _changed_fields(pupil: RosterPupil, row: Pupil, says: frozenset[str]) -> tuple[str, ...]:
    """The fields in which the roster differs; what it does not say is kept, and so is a UPN that it leaves empty."""
    names = [
        name
        for name, column in PUPIL_FIELDS.items()
        if column in says and getattr(pupil, name) != getattr(row, name) and (name != "upn" or pupil.upn)
    ]
    if "ring_first" in says and pupil.ring_first and not row.ring_first:
        names.append("ring_first")
    if pupil.left_on is not None and pupil.left_on != row.left_on:
        names.append("left_on")
    return tuple(names)


def _contacts(plan: Plan, roster: Roster, people: People) -> None:
    for external_id, contact in roster.contacts.items():
        row = people.contacts.get(external_id)
        if row is None:
            plan.contacts_added.append(contact)
            continue
        # The language is the parent's own choice once they are on record.
        said = ("name", "ring_only") if "ring_only" in roster.says else ("name",)
        changed = [name for name in said if getattr(contact, name) != getattr(row, name)]
        if changed:
            plan.contacts_changed[external_id] = tuple(changed)
        if not row.active:
            plan.contacts_back.append(external_id)
    plan.contacts_gone = [
        external_id for external_id, row in people.contacts.items() if row.active and external_id not in roster.contacts
    ]


def _phones(plan: Plan, roster: Roster, people: People) -> None:
    wanted = {
        (_id(people.contacts.get(external_id)), phone): external_id
        for external_id, contact in roster.contacts.items()
        for phone in contact.phones
    }
    for external_id, contact in roster.contacts.items():
        for phone in contact.phones:
            row = people.phones.get((_id(people.contacts.get(external_id)), phone))
            if row is None:
                plan.phones_added.append((external_id, phone))
            elif row.quarantine_reason == NOT_IN_ROSTER:
                plan.phones_back.append(row)
    plan.phones_gone = [row for key, row in people.phones.items() if key not in wanted and row.quarantined_at is None]


def _id(contact: Contact | None) -> str:
    return "" if contact is None else contact.id


def _rights(plan: Plan, roster: Roster, people: People) -> None:
    kept: set[tuple[str, str]] = set()
    for said in roster.rights.values():
        pupil, contact = people.pupils.get(said.pupil), people.contacts.get(said.contact)
        row = people.rights.get((contact.id, pupil.id)) if pupil is not None and contact is not None else None
        if row is None:
            _new_right(plan, said, both_are_new=pupil is None and contact is None)
            continue
        kept.add((row.contact_id, row.pupil_id))
        _known_right(plan, said, row, roster.says)
    # A pupil who left keeps their contacts: somebody may still have to be rung. A no-contact is never forgotten.
    here = {pupil.id for external_id, pupil in people.pupils.items() if external_id in roster.pupils}
    plan.rights_gone = [
        row for key, row in people.rights.items() if key not in kept and not row.no_contact and row.pupil_id in here
    ]


def _new_right(plan: Plan, said: RosterRight, *, both_are_new: bool) -> None:
    given = said.rights - {NO_CONTACT}
    if plan.is_first or both_are_new:
        plan.rights_added.append((said, said.rights))
        return
    # On record without a right, so that staff see who asks to be let in; a no-contact holds at once.
    plan.rights_added.append((said, said.rights & {NO_CONTACT}))
    if given and NO_CONTACT not in said.rights:
        plan.waiting.append(Waiting(pupil=said.pupil, contact=said.contact, added=_in_order(given)))


def _known_right(plan: Plan, said: RosterRight, row: Right, says: frozenset[str]) -> None:
    key = (said.pupil, said.contact)
    have = frozenset(name for name in RIGHTS if getattr(row, name))
    added, removed = said.rights - have - {NO_CONTACT}, (have & says) - said.rights - {NO_CONTACT}
    # A right that goes and a no-contact that comes both let the contact do less: they hold at once.
    if narrowed := removed | ((said.rights - have) & {NO_CONTACT}):
        plan.rights_narrowed[key] = narrowed
    lifts = NO_CONTACT in (have & says) - said.rights
    if (added and NO_CONTACT not in said.rights) or lifts:
        plan.waiting.append(
            Waiting(pupil=said.pupil, contact=said.contact, added=_in_order(added), lifts_no_contact=lifts)
        )
    if "priority" in says and said.priority != row.priority:
        plan.priorities[key] = said.priority
    if "care_week" in says and said.care_week != row.care_week:
        plan.care_weeks[key] = said.care_week


def _in_order(names: frozenset[str]) -> tuple[str, ...]:
    return tuple(name for name in RIGHTS if name in names)


def _ring_first_stays(plan: Plan) -> Iterator[Fault]:
    for external_id in plan.ring_first_stays:
        problem = f"pupil {external_id} is still rung first: only a person lifts that"
        yield Fault(line=0, column="ring_first", problem=problem)


def _shared_phones(roster: Roster) -> Iterator[Fault]:
    """One number on two contacts is one thread with the narrower rights, which staff should know."""
    behind: dict[str, list[str]] = defaultdict(list)
    for contact in roster.contacts.values():
        for phone in contact.phones:
            behind[phone].append(contact.external_id)
    for contacts in behind.values():
        if len(contacts) > 1:
            problem = f"contacts {', '.join(contacts)} share a number: a child of both counts with the narrower rights"
            yield Fault(line=0, column="phone", problem=problem)
