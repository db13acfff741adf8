"""Users and tokens as they are looked up."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from school.records.staff import Token, User


def token_with(session: Session, secret_hash: str) -> tuple[Token, User | None] | None:
    """The token of a secret, in whichever school it is, and its user where it is a person's."""
    wanted = (
        select(Token, User)
        .outerjoin(User, (User.school_id == Token.school_id) & (User.id == Token.user_id))
        .where(Token.secret_hash == secret_hash)
    )
    found = session.execute(wanted).first()
    return None if found is None else (found[0], found[1])


def token_of(session: Session, school_id: str, token_id: str) -> Token | None:
    """One token of this school."""
    return session.get(Token, (school_id, token_id))


def tokens_in(session: Session, school_id: str) -> list[Token]:
    """The school's tokens, oldest first; their secrets are nowhere."""
    return list(session.scalars(select(Token).where(Token.school_id == school_id).order_by(Token.id)))


def user_of(session: Session, school_id: str, user_id: str) -> User | None:
    """One user of this school."""
    return session.get(User, (school_id, user_id))


def user_with_email(session: Session, school_id: str, email: str) -> User | None:
    """The user with that address, however it is capitalised: addresses are stored in small letters."""
    return session.scalars(select(User).where(User.school_id == school_id, User.email == email.lower())).first()


def users_in(session: Session, school_id: str) -> list[User]:
    """The school's users by name."""
    return list(session.scalars(select(User).where(User.school_id == school_id).order_by(User.name, User.id)))
