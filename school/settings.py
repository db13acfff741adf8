"""What a school chooses for itself, typed and checked, from office hours to how long words are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, time
from types import MappingProxyType
from typing import Any, Self

from sqlalchemy.orm import Session

from school.ledger import Entry, record
from school.records.people import School


class SettingRefused(ValueError):  # noqa: N818
    """A setting does not exist, or cannot have that value; the message names it and what it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolSettings:
    """The choices that have a default. Times are local; see BOUNDS for what the numbers may be.

    office_opens, office_closes: when somebody reads messages, on school days (care rule 7).
    retention_days: after so many days the words of a text are forgotten.
    past_report_days: how many school days back a parent's text may report an absence; older ones go to staff.
    future_report_days: how many days ahead one may; later ones go to staff.
    languages: the codes of the languages that parents of this school may choose, or "all" that are ready.
    """

    office_opens: time = time(8, 0)
    office_closes: time = time(16, 0)
    retention_days: int = 30
    past_report_days: int = 5
    future_report_days: int = 60
    languages: tuple[str, ...] = ("all",)

    def __post_init__(self) -> None:
        if self.office_opens >= self.office_closes:
            raise SettingRefused("office_closes must be later than office_opens")
        for name, (least, most) in BOUNDS.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise SettingRefused(f"{name} must be a whole number from {least} to {most}")
        if not self.languages or not all(self.languages):
            raise SettingRefused("languages must name one language at least")

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
    {"retention_days": (1, 3650), "past_report_days": (0, 60), "future_report_days": (1, 366)}
)


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
    if name.startswith("office_") and isinstance(value, str):
        try:
            return time.fromisoformat(value)
        except ValueError:
            raise SettingRefused(f"{name} must be a time such as 08:30") from None
    if name.startswith("office_") and not isinstance(value, time):
        raise SettingRefused(f"{name} must be a time such as 08:30")
    return tuple(value) if name == "languages" and isinstance(value, list | tuple) else value


def _written(value: Any) -> Any:
    if isinstance(value, time):
        return value.isoformat("minutes")
    return list(value) if isinstance(value, tuple) else value
