"""Figures without a name, for those who look after the school as a whole."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from api.access import Scope, Who
from api.routes import Routes
from api.shapes import Shown
from school.governors_report import Group, governors_report

routes = Routes("/reports", "reports")


class GroupFigures(Shown):
    """One year group's figures, or the whole school's. Null: fewer stand behind it than may be told of."""

    year: str | None = Field(description="Null for the whole school.")
    pupils: int | None
    absence_percent: float | None
    persistent: int | None = Field(description="Pupils who missed a tenth of their sessions or more.")
    severe: int | None = Field(description="Those among them who missed half or more.")


class GovernorsReport(Shown):
    """Attendance by year group, of whole weeks."""

    period: Literal["year", "term"]
    first: date
    last: date
    smallest_group: int = Field(description="What fewer pupils than this stand behind is not shown.")
    groups: list[GroupFigures]


@routes.get("/governors", Scope.FIGURES_READ, summary="Figures for governors")
def governors(
    who: Who, period: Annotated[Literal["year", "term"], Query(description="The school year, or the term.")] = "year"
) -> GovernorsReport:
    """Attendance of this year or term by year group, up to the last week that is over.

    No name is in it, small numbers are not shown, nor what would let one be worked out from a total.
    """
    with who.reading() as session:
        report = governors_report(session, who.school_id, of_term=period == "term", now=who.now)
    return GovernorsReport(
        period=period,
        first=report.first,
        last=report.last,
        smallest_group=report.smallest,
        groups=[_show(group) for group in report.groups],
    )


def _show(group: Group) -> GroupFigures:
    per_mille = group.absence_per_mille
    return GroupFigures(
        year=group.year,
        pupils=group.pupils,
        absence_percent=None if per_mille is None else per_mille / 10,
        persistent=group.persistent,
        severe=group.severe,
    )
