"""Staff who may enter, their roles, and the end of their entry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, not_found
from api.routes import Routes
from api.shapes import Body, Name, PathId, Shown, printable
from school.access import (
    GRANT_LEAD,
    GUARDED,
    AccessRefused,
    add_user,
    close_user,
    find_user,
    let_in_again,
    set_roles,
    users,
)
from school.records.staff import User

routes = Routes("/users", "users")


class Role(StrEnum):
    """The roles; what each may do is in the API's access rules."""

    OFFICE = "office"
    TEACHER = "teacher"
    PASTORAL = "pastoral"
    SAFEGUARDING_LEAD = "safeguarding_lead"
    DEPUTY = "deputy"
    HEAD = "head"
    GOVERNOR = "governor"
    NAMED_GOVERNOR = "named_governor"
    ADMINISTRATOR = "administrator"
    SUPPLY = "supply"


EmailAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"),
    AfterValidator(printable),
]
Roles = Annotated[list[Role], Field(max_length=len(Role))]


class NewUser(Body):
    """A member of staff."""

    name: Name
    email: EmailAddress
    roles: Roles


class NewRoles(Body):
    """The roles that a user has from now on."""

    roles: Roles


class ShownUser(Shown):
    """A member of staff who may enter, or could until now."""

    id: str
    name: str
    email: str
    roles: list[str]
    active: bool
    ends_at: datetime | None = Field(description="From then on they may not enter: supply staff, each for a day.")
    created_at: datetime


class Users(Shown):
    """All users of the school, by name."""

    items: list[ShownUser]


def _show(user: User) -> ShownUser:
    return ShownUser(
        id=user.id,
        name=user.name,
        email=user.email,
        roles=list(user.roles),
        active=user.active,
        ends_at=user.ends_at,
        created_at=user.created_at,
    )


@routes.get("", Scope.USERS_READ, summary="List users")
def list_users(who: Who) -> Users:
    """All users of the school, those whose entry has ended too."""
    with who.reading() as session:
        return Users(items=[_show(user) for user in users(session, who.school_id)])


@routes.change("POST", "", Scope.USERS_WRITE, status=201, problems=[403, 409], summary="Add a user")
def add(new: NewUser, who: Who) -> ShownUser:
    """A new member of staff. Only the lead or the head gives a role that may read worries."""
    with who.writing() as session:
        _refuse_lead(who, new.roles)
        try:
            user = add_user(
                session,
                who.school_id,
                name=new.name,
                email=new.email,
                roles=[role.value for role in new.roles],
                actor=who.actor,
                granter_roles=who.identity.roles,
                now=who.now,
            )
        except AccessRefused as refused:
            raise Problem(Problems.CONFLICT, _sentence(refused)) from None
    return _show(user)


@routes.change("PUT", "/{user_id}/roles", Scope.USERS_WRITE, problems=[403, 404, 409], summary="Change roles")
def change_roles(user_id: PathId, new: NewRoles, who: Who) -> ShownUser:
    """Gives a user these roles instead of the ones before. Nobody changes their own."""
    with who.writing() as session:
        user = _found(session, who, user_id)
        if user.id == who.identity.user_id:
            raise Problem(Problems.CONFLICT, "Somebody else must change your own roles.")
        _refuse_lead(who, (role for role in new.roles if role not in user.roles))
        try:
            set_roles(
                session,
                user,
                [role.value for role in new.roles],
                actor=who.actor,
                granter_roles=who.identity.roles,
                now=who.now,
            )
        except AccessRefused as refused:
            raise Problem(Problems.CONFLICT, _sentence(refused)) from None
    return _show(user)


@routes.change("POST", "/{user_id}/another-day", Scope.USERS_WRITE, problems=[404, 409], summary="Let supply staff in")
def another_day(user_id: PathId, who: Who) -> ShownUser:
    """Supply staff may enter until the end of today. Keys of earlier days open nothing: they need a new one."""
    with who.writing() as session:
        user = _found(session, who, user_id)
        try:
            let_in_again(session, user, actor=who.actor, now=who.now)
        except AccessRefused as refused:
            raise Problem(Problems.CONFLICT, _sentence(refused)) from None
    return _show(user)


@routes.change("POST", "/{user_id}/closing", Scope.USERS_WRITE, problems=[403, 404, 409], summary="End an entry")
def close(user_id: PathId, who: Who) -> ShownUser:
    """The user may enter no more, nor may any of the user's tokens."""
    with who.writing() as session:
        user = _found(session, who, user_id)
        if user.id == who.identity.user_id:
            raise Problem(Problems.CONFLICT, "Somebody else must end your own entry.")
        _refuse_lead(who, user.roles)
        close_user(session, user, actor=who.actor, now=who.now)
    return _show(user)


def _refuse_lead(who: Caller, roles: Iterable[str]) -> None:
    """Only the lead and the head decide who holds the keys to worrying texts, and who loses them."""
    if GUARDED & set(roles) and not GRANT_LEAD & set(who.identity.roles):
        raise Problem(Problems.FORBIDDEN, "Only the safeguarding lead or the head may do that.")


def _found(session: Session, who: Caller, user_id: str) -> User:
    user = find_user(session, who.school_id, user_id)
    if user is None:
        raise not_found()
    return user


def _sentence(refused: AccessRefused) -> str:
    return f"{str(refused)[:1].upper()}{str(refused)[1:]}."
