"""Lists of absentees, pasted from any information system, and the codes to copy back in its order."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.access import Scope, Who
from api.problems import Fault, Problem, Problems
from api.pupils import ShownPupil, show_pupil
from api.register_marks import SheetWritten
from api.routes import Routes
from api.shapes import Body, Day, Shown
from school.absentees import Line, mark_absentees, read_list
from school.registers import Marker, SheetRefused
from school.rules.calendar import Session
from school.rules.codes import ONE_KEY

routes = Routes("/absentees", "absentees")

# A large school's morning, with all that its information system puts beside a name.
LONGEST_LIST = 400_000


class Pasted(Body):
    """A list as it was copied, a child a line, in any order and with any columns."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_LIST)]
    date: Day
    session: Session


class PastedMarks(Pasted):
    """A list whose children are marked absent. Lines that are nobody's are refused unless they are left out."""

    leave_out_unknown: bool = False
    others_present_in: Annotated[list[str], Field(max_length=200)] = Field(
        default_factory=list, description="Classes whose other children are marked present."
    )


class ShownLine(Shown):
    """One line of the list, in its place. Nothing of its words is given back."""

    line: int
    pupil: ShownPupil | None
    why: Literal["nobody", "several"] | None = Field(description="Why the line is no child's.")
    several: list[str] = Field(description="The ids of the children that it could be.")
    absence: str | None
    reason_category: str | None
    proposed_code: str | None
    one_key: bool = Field(description="One key confirms the proposed code: I, M and L alone.")
    code: str = Field(description="The code to copy back: confirmed by staff, or in the register; else empty.")


class ShownList(Shown):
    """The list's lines, and its codes as a column to paste beside them."""

    lines: list[ShownLine]
    codes: str = Field(description="A line for each line of the list, in its order.")


@routes.change("POST", "/reading", Scope.ABSENCES_WRITE, summary="Read a pasted list")
def read(pasted: Pasted, who: Who) -> ShownList:
    """Whose each line is, what is known of that child's session, and the codes in the list's order. Changes nothing."""
    with who.reading() as session:
        lines = read_list(session, who.school_id, pasted.text, day=pasted.date, half=pasted.session)
    shown = [_show(line, reasons=who.may(Scope.REASONS_READ)) for line in lines]
    return ShownList(lines=shown, codes="\n".join(line.code for line in shown))


@routes.change("POST", "", Scope.MARKS_WRITE, summary="Mark those on a pasted list absent")
def mark(pasted: PastedMarks, who: Who) -> SheetWritten:
    """N for each child of the list who has no mark; with `others_present_in` all others of those classes present.

    A mark that stands already is left alone. Where a line is nobody's, nothing is written and each such line is named.
    """
    by = Marker(actor=who.actor, role=",".join(who.identity.roles)[:40] or "machine")
    with who.writing() as session:
        lines = read_list(session, who.school_id, pasted.text, day=pasted.date, half=pasted.session)
        faults = [_fault(line) for line in lines if line.why is not None]
        if faults and not pasted.leave_out_unknown:
            raise Problem(Problems.INVALID, faults=faults)
        try:
            written = mark_absentees(
                session,
                who.school_id,
                lines,
                day=pasted.date,
                half=pasted.session,
                others_present_in=pasted.others_present_in,
                by=by,
                now=who.now,
            )
        except SheetRefused as refused:
            (fault, *_) = refused.faults
            raise Problem(Problems.INVALID, faults=[Fault(where="/date", code=fault.code, says=fault.says)]) from None
    return SheetWritten(new=written.new, amended=written.amended, unchanged=written.unchanged)


def _fault(line: Line) -> Fault:
    says = "This line could be several children." if line.why == "several" else "This line is no child on roll."
    return Fault(where=f"/text/{line.number}", code=f"{line.why}-found", says=says)


def _show(line: Line, *, reasons: bool) -> ShownLine:
    absence = line.absence if reasons else None
    return ShownLine(
        line=line.number,
        pupil=show_pupil(line.pupil) if line.pupil is not None else None,
        why=line.why,
        several=list(line.several),
        absence=line.absence.id if line.absence is not None else None,
        reason_category=absence.reason_category if absence is not None else None,
        proposed_code=absence.proposed_code if absence is not None else None,
        one_key=absence is not None and absence.code is None and absence.proposed_code in ONE_KEY,
        code=line.code if reasons else "",
    )
