"""Who may do what: scopes, the scopes of each role, and the door that every request passes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, TypeAlias

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.problems import Problem, Problems
from school.access import Identity, who_has
from school.records.database import Database
from school.rules.worry_queue import LEAD, READERS

# A bearer token of ours is 43 characters; what is longer than this is not worth a look at the database.
LONGEST_SECRET = 200


class Scope(StrEnum):
    """What a token may be allowed to do. A machine token lists its own; a user's follow from the user's roles."""

    TODAY_READ = "today:read"
    PUPILS_READ = "pupils:read"
    CONTACTS_READ = "contacts:read"
    CONTACTS_WRITE = "contacts:write"
    ABSENCES_READ = "absences:read"
    ABSENCES_WRITE = "absences:write"
    REASONS_READ = "reasons:read"
    MARKS_READ = "marks:read"
    MARKS_WRITE = "marks:write"
    THREADS_READ = "threads:read"
    THREADS_WRITE = "threads:write"
    ITEMS_READ = "items:read"
    ITEMS_WRITE = "items:write"
    CHASES_WRITE = "chases:write"
    NOTES_WRITE = "notes:write"
    PROMPTS_READ = "prompts:read"
    PROMPTS_WRITE = "prompts:write"
    TRENDS_READ = "trends:read"
    ANSWERS_READ = "answers:read"
    UPDATES_WRITE = "updates:write"
    LEAVE_READ = "leave:read"
    LEAVE_DECIDE = "leave:decide"
    EVIDENCE_READ = "evidence:read"
    EVIDENCE_WRITE = "evidence:write"
    SUPPORT_READ = "support:read"
    SUPPORT_WRITE = "support:write"
    BROADCASTS_READ = "broadcasts:read"
    BROADCASTS_WRITE = "broadcasts:write"
    COPIES_SIGN = "copies:sign"
    FIGURES_READ = "figures:read"
    SHEET_READ = "sheet:read"
    CHANGES_READ = "changes:read"
    SAFEGUARDING_READ = "safeguarding:read"
    SAFEGUARDING_WRITE = "safeguarding:write"
    USERS_READ = "users:read"
    USERS_WRITE = "users:write"
    TOKENS_READ = "tokens:read"
    TOKENS_WRITE = "tokens:write"
    REHEARSAL = "rehearsal"


class Door(StrEnum):
    """The two doors that ask for no scope. `OPEN` asks for nothing at all and is said out loud."""

    OPEN = "open"
    SIGNED_IN = "signed_in"


Access: TypeAlias = Scope | Door

_OFFICE = frozenset(
    {
        Scope.TODAY_READ, Scope.PUPILS_READ, Scope.CONTACTS_READ, Scope.CONTACTS_WRITE,
        Scope.ABSENCES_READ, Scope.ABSENCES_WRITE,
        Scope.REASONS_READ, Scope.MARKS_READ, Scope.MARKS_WRITE, Scope.THREADS_READ, Scope.THREADS_WRITE,
        Scope.ITEMS_READ, Scope.ITEMS_WRITE, Scope.CHANGES_READ, Scope.CHASES_WRITE, Scope.NOTES_WRITE,
        Scope.PROMPTS_READ, Scope.PROMPTS_WRITE,
        Scope.LEAVE_READ, Scope.UPDATES_WRITE, Scope.SHEET_READ, Scope.EVIDENCE_READ, Scope.EVIDENCE_WRITE,
        Scope.BROADCASTS_READ, Scope.BROADCASTS_WRITE,
    }
)  # fmt: skip
_WORRIES = frozenset({Scope.SAFEGUARDING_READ, Scope.SAFEGUARDING_WRITE})
# What makes school hard, in a family's own words, is for those who help, and not for every desk.
_SUPPORT = frozenset({Scope.SUPPORT_READ, Scope.SUPPORT_WRITE})
_PEOPLE = frozenset({Scope.USERS_READ, Scope.USERS_WRITE, Scope.TOKENS_READ, Scope.TOKENS_WRITE})

# How a child's day went, with its name, is for those who care for it; heads see numbers.
_DAYS = frozenset({Scope.TRENDS_READ, Scope.ANSWERS_READ})

# What is handed out about people is signed off by the lead or the head (care rule 9).
_ABOVE = frozenset({Scope.FIGURES_READ, Scope.COPIES_SIGN})

# Supply staff see and do what teachers do, until the end of the day (care rule 27).
_TEACHER = frozenset(
    {
        Scope.TODAY_READ, Scope.PUPILS_READ, Scope.ABSENCES_READ, Scope.MARKS_READ, Scope.MARKS_WRITE,
        Scope.NOTES_WRITE, Scope.PROMPTS_READ, Scope.PROMPTS_WRITE,
    }
)  # fmt: skip

# Each sees what it must and no more. Teachers see no reasons (care rule 27); worries are the lead's, and move on while
# the lead does not open them (rule 8).
BY_ROLE: Mapping[str, frozenset[Scope]] = MappingProxyType(
    {
        "office": _OFFICE,
        "teacher": _TEACHER,
        "supply": _TEACHER - {Scope.PROMPTS_WRITE},
        "pastoral": (_OFFICE | _DAYS | _SUPPORT) - {Scope.ABSENCES_WRITE, Scope.MARKS_WRITE, Scope.EVIDENCE_WRITE},
        "safeguarding_lead": _OFFICE
        | _DAYS
        | _WORRIES
        | _SUPPORT
        | {Scope.USERS_READ, Scope.USERS_WRITE, Scope.FIGURES_READ, Scope.COPIES_SIGN},
        # Deputy, head and the named governor stand in: they read the worries that came to them, and no others.
        "deputy": _OFFICE | _WORRIES | _SUPPORT | {Scope.TRENDS_READ, Scope.FIGURES_READ},
        # Leave is the head's to give, or whom the proprietor authorised (reg 11): a machine's token may be given it.
        "head": _OFFICE
        | _PEOPLE
        | _WORRIES
        | _SUPPORT
        | {Scope.TRENDS_READ, Scope.LEAVE_DECIDE, Scope.FIGURES_READ, Scope.COPIES_SIGN},
        "governor": frozenset({Scope.FIGURES_READ}),
        "named_governor": _WORRIES | {Scope.FIGURES_READ},
        "administrator": _PEOPLE | {Scope.PUPILS_READ, Scope.CONTACTS_READ, Scope.CHANGES_READ, Scope.REHEARSAL},
    }
)


def scopes_of(identity: Identity) -> frozenset[Scope]:
    """The scopes of a token: a machine's own; a user's by role, narrowed to the token's own where it lists any.

    A scope or role that is not known here grants nothing.
    """
    own = frozenset(scope for scope in Scope if scope in identity.scopes)
    if identity.user_id is None:
        return own
    by_role = frozenset(scope for role in identity.roles for scope in BY_ROLE.get(role, frozenset()))
    return by_role & own if identity.scopes else by_role


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is asking, when, and with what database: all that a handler needs to know of its request."""

    database: Database
    identity: Identity
    scopes: frozenset[Scope]
    now: datetime

    @property
    def school_id(self) -> str:
        """The caller's school: every query of a handler carries it."""
        return self.identity.school_id

    @property
    def actor(self) -> str:
        """The ledger's name for the caller."""
        return f"user:{self.identity.user_id}" if self.identity.user_id else f"token:{self.identity.token_id}"

    @property
    def author(self) -> str:
        """The id that records keep of who did it: the user's, or that of the machine's token."""
        return self.identity.user_id or self.identity.token_id

    def may(self, scope: Scope) -> bool:
        """Whether the token has that scope."""
        return scope in self.scopes

    @property
    def worry_roles(self) -> frozenset[str]:
        """As whom the caller reads worrying texts; a machine that was given the scope reads them as the lead."""
        return READERS & set(self.identity.roles) if self.identity.user_id else frozenset({LEAD})

    def is_lead(self, scope: Scope) -> bool:
        """Whether the caller has that scope as the safeguarding lead, and not only as one who stands in."""
        return self.may(scope) and LEAD in self.worry_roles

    def reading(self) -> AbstractContextManager[Session]:
        """A read-only look at the records."""
        return self.database.read()

    def writing(self) -> AbstractContextManager[Session]:
        """The request's one transaction, committed when the block ends: before the answer."""
        return self.database.write()


Clock: TypeAlias = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Where requests come in: it knows the database and the clock, and asks each for its token."""

    database: Database
    now: Clock

    def enter(self, header: str | None, access: Access) -> Caller | None:
        """The caller, or None at the open door; raises 401 without a valid token and 403 without the scope."""
        if access is Door.OPEN:
            return None
        caller = self.caller(header)
        if isinstance(access, Scope) and not caller.may(access):
            raise Problem(Problems.FORBIDDEN, f"It would need the scope {access.value}.")
        return caller

    def caller(self, header: str | None) -> Caller:
        """Who holds the token of this Authorization header; raises 401."""
        kind, _, secret = (header or "").partition(" ")
        secret = secret.strip()
        if kind.lower() != "bearer" or not secret.isascii() or not 0 < len(secret) <= LONGEST_SECRET:
            raise Problem(Problems.UNAUTHENTICATED)
        now = self.now()
        with self.database.read() as session:
            identity = who_has(session, secret, now=now)
        if identity is None:
            raise Problem(Problems.UNAUTHENTICATED)
        return Caller(database=self.database, identity=identity, scopes=scopes_of(identity), now=now)


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


Who: TypeAlias = Annotated[Caller, Depends(_caller)]
