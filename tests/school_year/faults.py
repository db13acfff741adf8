"""Faults to plant in the house while a small year is played; each names the row of the table that must find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import Any

import pytest

import bot.effects
import bot.jobs
import bot.outbox
import school.chase
import school.people
import school.prompts
import school.reaching
import school.unasked
from school.records.chase_queries import roll
from tests.school_year.book import ASKED, BUDGET, FALSE, HELD, LEAK, PROMPTED, SECOND, STOPPED, UNSEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, which rows must say so, and how it is planted."""

    name: str
    says: str
    rows: tuple[str, ...]
    plant: Callable[[pytest.MonkeyPatch], None]


def _files_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bot.effects, "state_absences", lambda *_, **__: [])


def _no_brake(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(school.chase, "checked", lambda *_, **__: ())


def _asks_of_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(school.prompts, "present", roll)


def _bars_nobody(patch: pytest.MonkeyPatch) -> None:
    family = school.people._family

    def open_door(contacts: Any, rows: Any) -> Any:
        return family(contacts, {key: [(_all_rights(right), pupil) for right, pupil in found]
                                 for key, found in rows.items()})  # fmt: skip

    patch.setattr(school.people, "_family", open_door)


def _all_rights(right: Any) -> Any:
    may = ("may_report", "may_be_told", "may_see_reasons", "may_request_leave", "lives_with")
    return SimpleNamespace(
        contact_id=right.contact_id, priority=right.priority, no_contact=False, social_worker=False,
        **dict.fromkeys(may, True),
    )  # fmt: skip


def _forgets_marks(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(bot.jobs, "raise_due", lambda *_, **__: 0)


def _holds_nobody(patch: pytest.MonkeyPatch) -> None:
    for module in (school.reaching, school.chase):
        patch.setattr(module, "held_pupils", lambda *_: set())
    patch.setattr(bot.outbox, "ANSWERS", bot.outbox.ANSWERS | {"chase", "prompt", "notice", "broadcast", "back_today"})


def _no_cap(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(school.unasked, "first_of", lambda _count, groups, **_: len(groups))


def _never_stops(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(school.reaching._Reach, "_closed", lambda *_: None)
    look = bot.outbox._last_look
    patch.setattr(bot.outbox, "_last_look", lambda row, now: look(replace(row, opted_out=False), now))


GROUPS = (
    (
        Fault(
            name="files_nothing",
            says="What parents say is answered and not filed",
            rows=(ASKED, SECOND),
            plant=_files_nothing,
        ),
        Fault(name="asks_of_all", says="'How was school?' is about every child", rows=(PROMPTED,), plant=_asks_of_all),
        Fault(name="bars_nobody", says="An adult who is barred has every right", rows=(LEAK,), plant=_bars_nobody),
        Fault(name="forgets_marks", says="Marks that are due go before nobody", rows=(UNSEEN,), plant=_forgets_marks),
    ),
    (
        Fault(name="no_brake", says="The brake holds nothing", rows=(FALSE,), plant=_no_brake),
        Fault(name="holds_nobody", says="A worry holds no family", rows=(HELD,), plant=_holds_nobody),
        Fault(name="never_stops", says="STOP is overlooked", rows=(STOPPED,), plant=_never_stops),
        Fault(name="no_cap", says="A week's budget has no end", rows=(BUDGET,), plant=_no_cap),
    ),
)
