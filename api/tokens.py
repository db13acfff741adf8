"""Keys for staff and machines: made, listed and revoked; a secret is shown once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field
from sqlalchemy.orm import Session

from api.access import Caller, Scope, Who
from api.problems import Problem, Problems, invalid, not_found
from api.routes import Routes
from api.shapes import Body, BodyId, Moment, Name, PathId, Shown
from school.access import GRANT_LEAD, GUARDED, AccessRefused, find_token, find_user, make_token, revoke, tokens
from school.records.staff import Token
from school.staff_items import StaffNote, raise_items

routes = Routes("/tokens", "tokens")

WORRIES = frozenset({Scope.SAFEGUARDING_READ, Scope.SAFEGUARDING_WRITE})


class NewToken(Body):
    """A key for a user, whose roles it has, narrowed to `scopes` where there are any; or for a machine by scopes."""

    name: Name
    user: BodyId | None = None
    scopes: Annotated[list[Scope], Field(max_length=len(Scope))] = Field(default_factory=list)
    expires_at: Moment | None = None


class ShownToken(Shown):
    """A key, without its secret: that is kept nowhere."""

    id: str
    name: str
    user: str | None
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class MadeToken(ShownToken):
    """A new key with its secret, which is shown this once."""

    secret: str


class Tokens(Shown):
    """All keys of the school, oldest first."""

    items: list[ShownToken]


def _show(token: Token) -> ShownToken:
    return ShownToken(
        id=token.id,
        name=token.name,
        user=token.user_id,
        scopes=list(token.scopes),
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
    )


@routes.get("", Scope.TOKENS_READ, summary="List tokens")
def list_tokens(who: Who) -> Tokens:
    """All keys of the school, those that open nothing any more too."""
    with who.reading() as session:
        return Tokens(items=[_show(token) for token in tokens(session, who.school_id)])


@routes.change("POST", "", Scope.TOKENS_WRITE, status=201, problems=[404], summary="Make a token")
def make(new: NewToken, who: Who) -> MadeToken:
    """A new key. Only the lead or the head makes one that opens worrying texts."""
    if new.expires_at is not None and new.expires_at <= who.now:
        raise invalid("/expires_at", "past", "That moment has passed.")
    with who.writing() as session:
        lets_in = _lets_in(session, who, new)
        if lets_in and not GRANT_LEAD & set(who.identity.roles):
            raise Problem(Problems.FORBIDDEN, "Only the safeguarding lead or the head may do that.")
        try:
            token, secret = make_token(
                session,
                who.school_id,
                name=new.name,
                actor=who.actor,
                user_id=new.user,
                scopes=[scope.value for scope in new.scopes],
                expires_at=new.expires_at,
                now=who.now,
            )
        except AccessRefused as refused:
            raise invalid("/scopes", "refused", str(refused)) from None
        if "safeguarding_lead" in lets_in:
            # The key to the lead's room is never cut unseen.
            note = StaffNote(school_id=who.school_id, why="lead_granted", detail={"token": token.id}, urgent=True)
            raise_items(session, [note], now=who.now)
    return MadeToken(**_show(token).model_dump(), secret=secret)


@routes.change("POST", "/{token_id}/revocation", Scope.TOKENS_WRITE, problems=[404], summary="Revoke a token")
def revoke_token(token_id: PathId, who: Who) -> ShownToken:
    """The key opens nothing from now on. Revoking it again changes nothing."""
    with who.writing() as session:
        token = find_token(session, who.school_id, token_id)
        if token is None:
            raise not_found()
        revoke(session, token, actor=who.actor, now=who.now)
    return _show(token)


def _lets_in(session: Session, who: Caller, new: NewToken) -> frozenset[str]:
    """Which of the roles that only the lead and the head give this key would have."""
    if new.user is None:
        return frozenset({"safeguarding_lead"} if WORRIES & set(new.scopes) else ())
    user = find_user(session, who.school_id, new.user)
    if user is None:
        raise not_found()
    return GUARDED & set(user.roles)
