"""Who may enter: staff, machines and their tokens. What each may do is the api's to say."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from school.calendars import calendar_of
from school.ledger import Entry, record
from school.records.access_queries import token_of, token_with, tokens_in, user_of, user_with_email, users_in
from school.records.base import new_id
from school.records.people import School
from school.records.staff import Token, User
from school.rules.worry_queue import READERS
from school.settings import settings_of
from school.staff_items import StaffNote, raise_items

ROLES = frozenset({"office", "teacher", "pastoral", "safeguarding_lead", "deputy", "head", "governor", "named_governor",
                   "administrator", "supply"})  # fmt: skip
# Supply staff are there for a day, and for nothing else (care rule 27).
SUPPLY = "supply"
# Who may read worrying texts, some of them or all, is the lead's or the head's to say and no administrator's.
GRANT_LEAD = frozenset({"safeguarding_lead", "head"})
GUARDED = READERS


class AccessRefused(ValueError):  # noqa: N818
    """The user or token cannot be made so; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who holds a token. `user_id` is None for a machine, whose `scopes` are all that it may."""

    school_id: str
    token_id: str
    name: str
    user_id: str | None = None
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


def add_user(
    session: Session,
    school_id: str,
    *,
    name: str,
    email: str,
    roles: Sequence[str],
    actor: str,
    now: datetime,
    granter_roles: Sequence[str] | None = None,
) -> User:
    """A new member of staff. `granter_roles` are those of the user who adds; None is the command line at set-up.

    Raises AccessRefused for a role that does not exist, an address that is taken, and a lead's role given by anyone
    but the lead or the head; from the command line only the school's first head or lead can be made so.
    """
    address = email.strip().lower()
    if not name.strip() or "@" not in address:
        raise AccessRefused("a user needs a name and an e-mail address")
    _refuse_roles(session, school_id, roles, granter_roles)
    if user_with_email(session, school_id, address) is not None:
        raise AccessRefused("there is a user with that e-mail address already")
    user = User(
        school_id=school_id,
        id=new_id(now),
        name=name.strip(),
        email=address,
        roles=sorted(set(roles)),
        ends_at=_end_of_day(session, school_id, now) if SUPPLY in roles else None,
        created_at=now,
    )
    session.add(user)
    session.flush()
    _record(session, school_id, actor, "add_user", "user", user.id, now, roles=list(user.roles))
    _tell_the_lead(session, user, before=(), now=now)
    return user


def set_roles(
    session: Session,
    user: User,
    roles: Sequence[str],
    *,
    actor: str,
    now: datetime,
    granter_roles: Sequence[str] | None = None,
) -> None:
    """Gives a user these roles instead of the ones before. Raises AccessRefused as `add_user` does."""
    before = tuple(user.roles)
    _refuse_roles(session, user.school_id, [role for role in roles if role not in before], granter_roles)
    if sorted(set(roles)) != sorted(before):
        user.roles = sorted(set(roles))
        user.ends_at = _end_of_day(session, user.school_id, now) if SUPPLY in roles else None
        _record(session, user.school_id, actor, "set_roles", "user", user.id, now, roles=list(user.roles))
        _tell_the_lead(session, user, before=before, now=now)


def _refuse_roles(session: Session, school_id: str, roles: Sequence[str], granter_roles: Sequence[str] | None) -> None:
    if unknown := sorted(set(roles) - ROLES):
        raise AccessRefused(f"there is no role {', '.join(unknown)}; there are {', '.join(sorted(ROLES))}")
    if SUPPLY in roles and set(roles) != {SUPPLY}:
        raise AccessRefused("supply staff have no other role")
    if not GUARDED & set(roles):
        return
    if granter_roles is None:
        # Who makes himself head could then make himself lead: after the first, neither comes from outside.
        there = {role for user in users_in(session, school_id) if user.active for role in user.roles}
        allowed = not there & set(roles) & GUARDED
    else:
        allowed = bool(GRANT_LEAD & set(granter_roles))
    if not allowed:
        raise AccessRefused("only the safeguarding lead or the head gives a role that may read worrying texts")


def _tell_the_lead(session: Session, user: User, *, before: Sequence[str], now: datetime) -> None:
    """Staff's list says who may now read worrying texts, so that it never happens unseen."""
    if "safeguarding_lead" in user.roles and "safeguarding_lead" not in before:
        note = StaffNote(school_id=user.school_id, why="lead_granted", detail={"user": user.id}, urgent=True)
        raise_items(session, [note], now=now)


def close_user(session: Session, user: User, *, actor: str, now: datetime) -> None:
    """The user may enter no more: none of the user's tokens opens anything."""
    if user.active:
        user.active = False
        _record(session, user.school_id, actor, "close_user", "user", user.id, now)


def let_in_again(session: Session, user: User, *, actor: str, now: datetime) -> None:
    """Supply staff are back for another day: until its end they may enter, with new keys.

    Raises AccessRefused for who is no supply staff, may enter no more, or where the day's time has passed.
    """
    if SUPPLY not in user.roles or not user.active:
        raise AccessRefused("only supply staff who may enter are let in for a day")
    user.ends_at = _end_of_day(session, user.school_id, now)
    for token in tokens_in(session, user.school_id):
        if token.user_id == user.id:
            revoke(session, token, actor=actor, now=now)
    _record(session, user.school_id, actor, "let_in_again", "user", user.id, now)


def _end_of_day(session: Session, school_id: str, now: datetime) -> datetime:
    """When supply staff may enter no more: the school's own time of the same day."""
    calendar, settings = calendar_of(session, school_id), settings_of(session.get_one(School, school_id))
    ends = calendar.moment(calendar.local(now).date(), settings.supply_ends).astimezone(UTC)
    if ends <= now:
        raise AccessRefused(f"supply accounts end at {settings.supply_ends:%H:%M}, and it is later than that")
    return ends


def find_user(session: Session, school_id: str, user_id: str) -> User | None:
    """One user of this school."""
    return user_of(session, school_id, user_id)


def find_user_by_email(session: Session, school_id: str, email: str) -> User | None:
    """The user with that address, in any capitals."""
    return user_with_email(session, school_id, email.strip())


def users(session: Session, school_id: str) -> list[User]:
    """The school's users by name."""
    return users_in(session, school_id)


def make_token(
    session: Session,
    school_id: str,
    *,
    name: str,
    actor: str,
    now: datetime,
    user_id: str | None = None,
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> tuple[Token, str]:
    """A token and its secret, which is shown once and kept nowhere. A user's token may narrow the roles by scopes.

    Raises AccessRefused for a machine without scopes, and for a user who is not of this school.
    """
    if user_id is None and not scopes:
        raise AccessRefused("a machine's token needs the scopes that it may use")
    if user_id is not None and user_of(session, school_id, user_id) is None:
        raise AccessRefused("there is no such user")
    # 256 bits: no salt and no slow hash are needed for what nobody can guess.
    secret = secrets.token_urlsafe(32)
    token = Token(
        school_id=school_id,
        id=new_id(now),
        name=name,
        user_id=user_id,
        secret_hash=_hash(secret),
        scopes=list(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    session.add(token)
    session.flush()
    _record(session, school_id, actor, "make_token", "token", token.id, now, scopes=list(scopes))
    return token, secret


def who_has(session: Session, secret: str, *, now: datetime) -> Identity | None:
    """Who holds this secret; None where it is unknown, revoked or expired, or its user may enter no more."""
    found = token_with(session, _hash(secret))
    if found is None:
        return None
    token, user = found
    if token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.user_id is not None and (user is None or not may_enter(user, now=now)):
        return None
    return Identity(
        school_id=token.school_id,
        token_id=token.id,
        name=user.name if user is not None else token.name,
        user_id=token.user_id,
        roles=tuple(user.roles) if user is not None else (),
        scopes=tuple(token.scopes),
    )


def may_enter(user: User, *, now: datetime) -> bool:
    """Whether the user's keys open anything at this moment."""
    return user.active and (user.ends_at is None or now < user.ends_at)


def find_token(session: Session, school_id: str, token_id: str) -> Token | None:
    """One token of this school."""
    return token_of(session, school_id, token_id)


def tokens(session: Session, school_id: str) -> list[Token]:
    """The school's tokens, oldest first."""
    return tokens_in(session, school_id)


def revoke(session: Session, token: Token, *, actor: str, now: datetime) -> None:
    """The token opens nothing from now on. Revoking it again changes nothing."""
    if token.revoked_at is None:
        token.revoked_at = now
        _record(session, token.school_id, actor, "revoke_token", "token", token.id, now)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _record(
    session: Session,
    school_id: str,
    actor: str,
    verb: str,
    subject: str,
    subject_id: str,
    now: datetime,
    **detail: object,
) -> None:
    entry = Entry(school_id=school_id, actor=actor, verb=verb, subject=subject, subject_id=subject_id, detail=detail)
    record(session, entry, now=now)
