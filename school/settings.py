"""What a school chooses for itself, typed and checked, from office hours to how long words are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.people import School

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
# Care rule 23: what the school starts goes between these, but for what cannot wait.
PROMPTS_FROM, PROMPTS_UNTIL = time(7, 30), time(19, 0)
PHONES = ("duty_phone", "lead_phone", "deputy_phone", "head_phone", "named_governor_phone")
PHONE = re.compile(r"\+[1-9]\d{6,14}")


class SettingRefused(ValueError):  # noqa: N818
    """A setting does not exist, or cannot have that value; the message names it and what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolSettings:
    """The choices that have a default. Times are local; see BOUNDS for what the numbers may be.

    office_opens, office_closes: when somebody reads messages, on school days (care rule 7).
    answer_within_minutes: how many minutes of office hours it takes, as a rule, until a person answers.
    retention_days: after so many days the words of a text are forgotten.
    past_report_days: how many school days back a parent's text may report an absence; older ones go to staff.
    future_report_days: how many days ahead one may; later ones go to staff.
    languages: the codes of the languages that parents of this school may choose, or "all" that are ready.
    chase, chase_after_minutes: whether unexplained absences are asked about, and how long after the register closes;
    chase_second_minutes, chase_staff_minutes: when the second contact is asked and when staff ring, from then.
    chase_repeats_question: whether who wrote of the day, and has not answered what we asked, is asked it once more when
    the child is missing (decision 45); else staff have their words at once, and nobody is asked twice (decision 51).
    brake_share_percent: more absent than this hold the alerts while the school has no usual share yet;
    brake_tell_minutes: after so long without a click the deputy, then the head is told.
    duty_phone, duty_after_minutes: who is told that something waits that nobody acknowledged, and how soon.
    worry_move_minutes: a worrying text that nobody opens goes to the deputy after so many school minutes, and after as
    many again to the head (care rule 8);
    lead_phone, deputy_phone, head_phone, named_governor_phone: who is told that something waits, without a word of it.
    sheet_at: when the continuity sheet is written on school days (care rule 28).
    supply_ends: when a supply worker's account ends, on the day for which it was made (care rule 27).
    figures_smallest_group: governors' figures hide what fewer pupils than this stand behind (care rule 27).
    back_today, back_today_at: whether 'back today?' is asked at the expected return, and when.
    gentle_staff_by: by when staff ring about a child who was ill yesterday and of whom nobody said anything today.
    broadcast_second_over: a message to more contacts than this is approved by somebody else than its writer.
    segment_tenths_of_pence: what an SMS segment costs the school, for previews, in tenths of a penny; 0: not said.
    care_week_a: the Monday of a week A, for children who live with each parent in turn.
    leave_question_hours: after so many office hours without an answer a question about leave is called to mind, once;
    0: never.
    leave_remind_days: so many school days before leave would begin the head is reminded of what is not decided.
    attendance_update: whether an update of days missed is prepared for staff on the first day of each half-term;
    update_below_percent: for families of those who attended less than this share of the half-term before;
    update_long_illness_days: so many school days of illness in a row are a reason to leave a child out of it.
    quiet_after_bereavement_days: for so long after a death in the family, and until staff lift it, no text counts the
    days of its children (care rule 17).
    support_remind_days: after so many school days an offer of support that nobody answered is called to mind, once and
    kindly; 0: never.
    evidence_wait_days: for so many days a family may send what staff asked to be shown;
    evidence_keep_days: after so many days what it sent is forgotten, whoever has looked at it or not.
    prompts, prompts_on, prompts_at: whether 'How was school?' is asked once a week, on which weekday, and when;
    prompts_by_sms: whether also by text message, which costs, where a family has no chat;
    prompts_low_days: so many hard days in a row about a child become a note for pastoral staff;
    prompts_smallest_group: trends hide what fewer answers than this stand behind.
    budget_sms, budget_telegram: so many texts a week the school starts with a family, by text message and by chat in
    all, but for what cannot wait (care rule 23); unasked_from, unasked_until: between which times of day they go.
    helper_most_days: for so many days at most somebody who helps a family may report its children.
    """

    office_opens: time = time(8, 0)
    office_closes: time = time(16, 0)
    answer_within_minutes: int = 60
    retention_days: int = 30
    past_report_days: int = 5
    future_report_days: int = 60
    languages: tuple[str, ...] = ("all",)
    chase: bool = True
    chase_repeats_question: bool = False
    chase_after_minutes: int = 10
    chase_second_minutes: int = 15
    chase_staff_minutes: int = 30
    brake_share_percent: int = 20
    brake_tell_minutes: int = 10
    duty_phone: str = ""
    duty_after_minutes: int = 3
    worry_move_minutes: int = 10
    lead_phone: str = ""
    deputy_phone: str = ""
    head_phone: str = ""
    named_governor_phone: str = ""
    sheet_at: time = time(9, 30)
    supply_ends: time = time(16, 30)
    figures_smallest_group: int = 5
    back_today: bool = True
    back_today_at: time = time(7, 45)
    gentle_staff_by: time = time(11, 0)
    broadcast_second_over: int = 60
    segment_tenths_of_pence: int = 0
    care_week_a: date = date(2026, 8, 31)
    leave_question_hours: int = 4
    leave_remind_days: int = 2
    attendance_update: bool = False
    update_below_percent: int = 95
    update_long_illness_days: int = 10
    quiet_after_bereavement_days: int = 30
    support_remind_days: int = 0
    evidence_wait_days: int = 14
    evidence_keep_days: int = 60
    prompts: bool = False
    prompts_on: str = "thursday"
    prompts_at: time = time(15, 45)
    prompts_by_sms: bool = False
    prompts_low_days: int = 3
    prompts_smallest_group: int = 5
    budget_sms: int = 2
    budget_telegram: int = 5
    helper_most_days: int = 90
    unasked_from: time = time(7, 30)
    unasked_until: time = time(19, 0)

    def __post_init__(self) -> None:
        if self.office_opens >= self.office_closes:
            raise SettingRefused("office_closes must be later than office_opens")
        for name, (least, most) in BOUNDS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise SettingRefused(f"{name} must be a whole number from {least} to {most}")
        if self.chase_second_minutes > self.chase_staff_minutes:
            raise SettingRefused("chase_staff_minutes must not be less than chase_second_minutes")
        switches = (
            self.chase,
            self.chase_repeats_question,
            self.back_today,
            self.prompts,
            self.prompts_by_sms,
            self.attendance_update,
        )
        if not all(isinstance(each, bool) for each in switches):
            raise SettingRefused(
                "chase, chase_repeats_question, back_today, prompts, prompts_by_sms, attendance_update: true or false"
            )
        if self.prompts_on not in WEEKDAYS:
            raise SettingRefused(f"prompts_on must be one of {', '.join(WEEKDAYS)}")
        self._check_hours()
        for name in PHONES:
            _refuse_phone(name, getattr(self, name))
        if self.care_week_a.weekday() != 0:
            raise SettingRefused("care_week_a must be a Monday")
        if not self.languages or not all(self.languages):
            raise SettingRefused("languages must name one language at least")

    def _check_hours(self) -> None:
        """Care rule 23: what the school starts goes by day."""
        if not PROMPTS_FROM <= self.prompts_at <= PROMPTS_UNTIL:
            raise SettingRefused("prompts_at must be a time from 07:30 to 19:00")
        if not PROMPTS_FROM <= self.back_today_at <= PROMPTS_UNTIL:
            raise SettingRefused("back_today_at must be a time from 07:30 to 19:00")
        if self.budget_sms > self.budget_telegram:
            raise SettingRefused("budget_telegram must not be less than budget_sms")
        if not PROMPTS_FROM <= self.unasked_from < self.unasked_until <= PROMPTS_UNTIL:
            raise SettingRefused("unasked_from and unasked_until must be times from 07:30 to 19:00, in order")

    @classmethod
    def loaded(cls, stored: Mapping[str, Any]) -> Self:
        """From what `School.settings` holds; names that this version does not know are passed over."""
        known = {each.name for each in fields(cls)}
        return cls(**{name: _read(name, value) for name, value in stored.items() if name in known})

    def stored(self) -> dict[str, Any]:
        """As `School.settings` keeps it: only what differs from the defaults."""
        default = asdict(SchoolSettings())
        return {name: _written(value) for name, value in asdict(self).items() if value != default[name]}


BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "answer_within_minutes": (5, 2400),
        "retention_days": (1, 3650),
        "past_report_days": (0, 60),
        "future_report_days": (1, 366),
        "chase_after_minutes": (0, 120),
        "chase_second_minutes": (1, 240),
        "chase_staff_minutes": (1, 240),
        "brake_share_percent": (1, 100),
        "brake_tell_minutes": (1, 60),
        "duty_after_minutes": (1, 60),
        "worry_move_minutes": (1, 60),
        "leave_question_hours": (0, 24),
        "leave_remind_days": (0, 30),
        "broadcast_second_over": (0, 100_000),
        "segment_tenths_of_pence": (0, 1_000),
        "update_below_percent": (1, 100),
        "update_long_illness_days": (1, 100),
        "quiet_after_bereavement_days": (0, 366),
        "support_remind_days": (0, 20),
        "evidence_wait_days": (1, 60),
        "evidence_keep_days": (1, 3650),
        "prompts_low_days": (2, 20),
        "prompts_smallest_group": (1, 100),
        "figures_smallest_group": (2, 100),
        "helper_most_days": (1, 366),
        "budget_sms": (0, 20),
        "budget_telegram": (0, 20),
    }
)


# What is kept as text and is more than that.
A_TIME, A_DAY, SOME_TEXT = (time, "a time such as 08:30"), (date, "a day such as 2026-08-31"), (str, "text")
KINDS: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "office_opens": A_TIME,
        "office_closes": A_TIME,
        "back_today_at": A_TIME,
        "sheet_at": A_TIME,
        "supply_ends": A_TIME,
        "gentle_staff_by": A_TIME,
        "care_week_a": A_DAY,
        **dict.fromkeys(PHONES, SOME_TEXT),
        "prompts_on": SOME_TEXT,
        "prompts_at": A_TIME,
        "unasked_from": A_TIME,
        "unasked_until": A_TIME,
    }
)


def _refuse_phone(name: str, value: str) -> None:
    if value and not PHONE.fullmatch(value):
        raise SettingRefused(f"{name} must be a number such as +447700900123, or empty")


def settings_of(school: School) -> SchoolSettings:
    """The school's settings, defaults filled in. Raises SettingRefused where the row holds nonsense."""
    return SchoolSettings.loaded(school.settings)


def change_settings(
    session: Session, school: School, changes: Mapping[str, Any], *, actor: str, now: datetime
) -> SchoolSettings:
    """Changes some settings, all or none, and gives them all. Times may be "HH:MM". Raises SettingRefused."""
    known = {each.name for each in fields(SchoolSettings)}
    if unknown := sorted(set(changes) - known):
        raise SettingRefused(f"there is no setting {', '.join(unknown)}")
    before = settings_of(school)
    after = replace(before, **{name: _read(name, value) for name, value in changes.items()})
    if after != before:
        # What a later version stored stays: only what this one knows is replaced.
        kept = {name: value for name, value in school.settings.items() if name not in known}
        school.settings = kept | after.stored()
        changed = sorted(name for name in known if getattr(after, name) != getattr(before, name))
        entry = Entry(
            school_id=school.id,
            actor=actor,
            verb="change_settings",
            subject="school",
            subject_id=school.id,
            detail={"settings": changed},
        )
        record(session, entry, now=now)
    return after


def _read(name: str, value: Any) -> Any:
    kind, example = KINDS.get(name, (object, ""))
    if kind in (time, date) and isinstance(value, str):
        try:
            return time.fromisoformat(value) if kind is time else date.fromisoformat(value)
        except ValueError:
            raise SettingRefused(f"{name} must be {example}") from None
    if not isinstance(value, kind):
        raise SettingRefused(f"{name} must be {example}")
    return tuple(value) if name == "languages" and isinstance(value, list | tuple) else value


def _written(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
