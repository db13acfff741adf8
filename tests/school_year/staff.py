"""The staff: registers, holds, all-clears, codes, leave, worries and what is told to everybody, through the API."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from tests.school_year.book import ASKED_BACK, LOST, REGISTER_CLOSES, UNANSWERED, UNSEEN, Book
from tests.school_year.door import Door, Refused, moment
from tests.school_year.families import Child, Family
from tests.school_year.plan import Day

CODES = {"sickness": "I", "appointment": "M", "other": "C", "absence_other": "C", "sent_home": "I", "leave": "G"}
NEWS = {
    "en": "the book fair is in the hall on Friday after school.",
    "pl": "kiermasz ksiazek w piatek po lekcjach.",
    "ur": "جمعہ کو اسکول کے بعد کتاب میلہ ہے۔",
    "ar": "معرض الكتاب يوم الجمعة بعد المدرسة.",
    "ro": "targul de carte este vineri dupa ore.",
}
CLOSURE = {
    "en": "we are closed today because of snow. Please keep everybody at home.",
    "pl": "szkola jest dzis zamknieta z powodu sniegu.",
    "ur": "برف کی وجہ سے اسکول آج بند ہے۔",
    "ar": "المدرسة مغلقة اليوم بسبب الثلج.",
    "ro": "scoala este inchisa azi din cauza zapezii.",
}
FIVE = 5


class Staff:
    """All staff of the school, one day after the other."""

    def __init__(self, door: Door, book: Book, families: list[Family], days: list[date], lots: random.Random) -> None:
        self._door, self._book, self._days, self._lots = door, book, days, lots
        self._children = [child for family in families for child in family.children]
        self._classes = sorted({child.class_name for child in self._children})
        self._family = {child.id: child.family for child in self._children}
        self._by_id = {child.id: child for child in self._children}
        self._open: dict[tuple[str, date, str], str] = {}
        self._listed: set[tuple[str, str, str]] = set()
        self.items_of: dict[date, set[str]] = {}

    # Registers --------------------------------------------------------------------------------

    def register(self, plan: Day, half: str, classes: Iterable[str], *, wrong: bool = False) -> None:
        """Teachers take the registers of these classes; `wrong`: nobody is in, as far as they know."""
        wanted = set(classes)
        codes = {}
        for child in self._children:
            if child.class_name in wanted:
                codes[child] = "N" if wrong else self._seen(plan, child, half)
        self.put(plan.day, half, codes)

    def _seen(self, plan: Day, child: Child, half: str) -> str:
        state = plan.states[child.key]
        here = "/" if half == "AM" else "\\"
        if state.trip:
            return "V"
        if half == "PM":
            return here if state.pm else "N"
        if state.slip or not state.am:
            return "N"
        at = self._door.now
        if state.comes is None:
            return here
        if moment(plan.day, state.comes) > at:
            return "N"
        return "L" if state.comes < REGISTER_CLOSES else "U"

    def put(self, day: date, half: str, codes: dict[Child, str]) -> None:
        """A sheet of marks; the book keeps which of them lack a reason."""
        if not codes:
            return
        sheet = [
            {"pupil": child.id, "date": day.isoformat(), "session": half, "code": code, "reason": "Looked again."}
            for child, code in codes.items()
        ]
        self._door.ask("office", "PUT", "/register-marks", json={"marks": sheet})
        for child, code in codes.items():
            key = (child.id, day, half)
            if code == "N":
                self._open[key] = code
            else:
                self._open.pop(key, None)

    def arrivals(self, plan: Day, children: list[Child]) -> None:
        """Children come late, and the office marks them."""
        late = self._door.now >= moment(plan.day, REGISTER_CLOSES)
        self.put(plan.day, "AM", dict.fromkeys(children, "U" if late else "L"))

    def put_right(self, plan: Day) -> None:
        """The office finds who sits in class, and says so to those who were alarmed."""
        slipped = [child for child in self._children if plan.states[child.key].slip]
        if slipped:
            self.put(plan.day, "AM", dict.fromkeys(slipped, "/"))
            for child in slipped:
                plan.states[child.key].slip = True
            self._door.ask("office", "POST", "/all-clears", json={"pupils": [child.id for child in slipped]})

    def code(self, plan: Day, half: str) -> None:
        """The office writes why, of those whose reason is known by now; some stay without."""
        codes = {}
        for child in self._children:
            state = plan.states[child.key]
            here = state.am if half == "AM" else state.pm
            if here or state.trip or (child.id, plan.day, half) not in self._open:
                continue
            told = bool(self._book.said.get((child.key, plan.day)))
            if told or self._lots.random() < 0.3:
                codes[child] = CODES.get(state.cause, "O")
        self.put(plan.day, half, codes)

    # What waits -------------------------------------------------------------------------------

    def look_at_holds(self, plan: Day) -> None:
        """On an ordinary day alerts that wait are let go, but for a class whose register is still to come."""
        for hold in self._door.ask("office", "GET", "/holds")["brake"]:
            if not plan.incident and hold["why"] not in ("class_unmarked", "no_marks"):
                self._door.ask("office", "POST", f"/holds/{hold['id']}/release")

    def read_items(self, day: date) -> None:
        """What was put before the office since yesterday: which marks are due, and about whom anything is known."""
        known = self.items_of.setdefault(day, set())
        for item in self._door.all_of("office", "/staff-items?open=true"):
            self._door.ask("office", "POST", f"/staff-items/{item['id']}/closing")
            known |= set(item["pupils"])
            if item["why"] == "n_due":
                for mark in item["detail"]["marks"]:
                    on, half = mark.split("/")
                    self._listed.update((pupil, on, half) for pupil in item["pupils"])

    def write_off(self, day: date) -> None:
        """What was listed as due becomes O by a person's hand, some of it only later."""
        for (pupil, on, half), _ in list(self._open.items()):
            if (pupil, on.isoformat(), half) in self._listed and self._lots.random() < 0.9:
                self.put(on, half, {self._by_id[pupil]: "O"})
        for pupil, on, half in self._open:
            age = sum(on < each <= day for each in self._days)
            if age >= FIVE and (pupil, on.isoformat(), half) not in self._listed:
                self._book.fault(UNSEEN, f"{self._by_id[pupil].key} {on} {half} on {day}")
                self._listed.add((pupil, on.isoformat(), half))

    def look_for_lost(self, plan: Day) -> None:
        """Whether each child of whom anybody said anything today stands on record or before staff."""
        rows = self._door.all_of("office", f"/absences?from={plan.day}&to={plan.day}")
        found = {row["pupil"]["id"] if isinstance(row["pupil"], dict) else row["pupil"] for row in rows}
        found |= self.items_of.get(plan.day, set())
        held = {item["pupil"]["id"] for item in self._door.ask("office", "GET", "/holds")["items"]}
        for child in self._children:
            for said in self._book.said.get((child.key, plan.day), ()):
                if said.expected is None and child.id not in found | held and said.seen not in (ASKED_BACK, UNANSWERED):
                    self._book.fault(LOST, f"[{said.seen}] {child.key} {plan.day}: {said.words}")

    # The head, the lead, and everybody ------------------------------------------------------------

    def decide(self) -> None:
        """The head decides what was asked: granted or refused."""
        refused = {"decision": "refused", "why": "ordinary"}
        for asked in self._door.ask("head", "GET", "/leave-requests?status=asked")["items"]:
            path, headers = f"/leave-requests/{asked['id']}/decision", {"If-Match": f'"{asked["version"]}"'}
            body = refused if self._lots.random() < 0.6 else {"decision": "granted"}
            try:
                self._door.ask("head", "POST", path, json=body, headers=headers)
            except Refused:
                # It has begun meanwhile: what has begun is never granted.
                self._door.ask("head", "POST", path, json=refused, headers=headers)

    def read_worries(self) -> None:
        """The lead reads, hands the thread back and lets the family go after a week."""
        for item in self._door.all_of("lead", "/safeguarding-items"):
            if item["status"] == "new":
                self._door.ask("lead", "POST", f"/safeguarding-items/{item['id']}/opening")
                continue
            if datetime.fromisoformat(item["at"]) + timedelta(days=7) > self._door.now:
                continue
            path = f"/safeguarding-items/{item['id']}/handing-back"
            self._door.ask("lead", "POST", path, headers={"If-Match": f'"{item["version"]}"'})
            for pupil in item["pupils"]:
                self._door.ask("lead", "POST", f"/holds/{pupil}/release")
                self._book.held.pop(self._family[pupil], None)

    def tell_all(self, kind: str) -> None:
        """A broadcast, approved by a second person."""
        body = {"kind": kind, "audience": {"to": "all"}, "texts": NEWS if kind == "news" else CLOSURE}
        made = self._door.ask("office", "POST", "/broadcasts", json=body)
        self._door.ask("deputy", "POST", f"/broadcasts/{made['id']}/approval")

    def send_update(self) -> None:
        """The half-term's figures, looked over and sent."""
        for row in self._door.all_of("office", "/attendance-updates"):
            if row["status"] == "prepared":
                headers = {"If-Match": f'"{row["version"]}"'}
                self._door.ask("office", "POST", f"/attendance-updates/{row['id']}/sending", headers=headers)

    def chase_by_hand(self, plan: Day) -> None:
        """A list of the wrong children: a class that is all in."""
        wrong = [child.id for child in self._children if child.class_name == self._classes[0]]
        self._door.ask("office", "POST", "/chases", json={"pupils": wrong, "session": "AM"})

    def enter_trip(self, plan: Day) -> None:
        """Trips are entered before school begins."""
        for name in plan.trips:
            body = {"date": plan.day.isoformat(), "kind": "trip", "class_name": name}
            self._door.ask("office", "POST", "/outings", json=body)

    def note_sent_home(self, plan: Day) -> None:
        """Children who were sent home ill."""
        for child in plan.sent_home:
            self._door.ask("office", "POST", "/notes", json={"pupil": child.id, "kind": "sent_home_ill"})

    @property
    def classes(self) -> list[str]:
        """All classes, in order."""
        return self._classes
