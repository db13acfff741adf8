"""Who is asking, and what they may do."""

from __future__ import annotations

from pydantic import Field

from api.access import Door, Who
from api.routes import Routes
from api.shapes import Shown

routes = Routes("/me", "me")


class Me(Shown):
    """The holder of the token."""

    school: str
    user: str | None = Field(description="Null for a machine's token.")
    token: str
    name: str
    roles: list[str]
    scopes: list[str]


@routes.get("", Door.SIGNED_IN, summary="Who am I?")
def me(who: Who) -> Me:
    """What this token is, and what it may do."""
    identity = who.identity
    return Me(
        school=identity.school_id,
        user=identity.user_id,
        token=identity.token_id,
        name=identity.name,
        roles=sorted(identity.roles),
        scopes=sorted(who.scopes),
    )
