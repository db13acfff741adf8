"""What a turn may know: a frozen picture of the sender, their children, the record and the school at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from conversations.acts import AbsenceKind
from school.rules.calendar import Calendar, Session


class Sender(StrEnum):
    """Who writes, as far as the school's records say."""

    CONTACT = "contact"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A child whom the sender may be told about or report, with the sender's rights for that child."""

    id: str
    first_name: str
    known_as: str
    surname: str = ""
    year: str = ""
    class_name: str = ""
    may_report: bool = True
    may_be_told: bool = True
    may_see_reasons: bool = True
    may_request_leave: bool = False
    lives_with: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What is on record for a child's session: whether it is this contact's own statement, and whether staff settled it.

    `kind` is given only where the sender may know it: for their own statement.
    """

    child: str
    day: date
    session: Session
    mine: bool
    kind: AbsenceKind | None = None
    confirmed: bool = False
    register_closed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFacts:
    """The school's own settings that conversations speak of. `short_name` is at most 20 characters."""

    short_name: str
    phone: str
    care_line: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that a turn may look at besides its state and what came in.

    `now` is the moment when the text first reached us or the provider (care rule 14), aware, in the school's
    own time zone. `children` are only those without a no-contact order against the sender. `staff_speaking`:
    a person holds this thread, so flows stay silent. `lead_holds`: the safeguarding lead holds it.
    `expects` is what the school last asked of this family outside a frame: "chase", "checkin" or "".
    """

    now: datetime
    thread: str
    sender: Sender
    calendar: Calendar
    school: SchoolFacts
    children: tuple[Child, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    office_open: bool = True
    office_opens: datetime | None = None
    staff_speaking: bool = False
    lead_holds: bool = False
    expects: str = ""
    expects_child: str | None = None
    unknown_replied_today: bool = False
    languages: tuple[str, ...] = ("en",)
    aliases: dict[str, str] = field(default_factory=dict)
