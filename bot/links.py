"""The one link that a text of ours may hold: made for the push that asks for evidence, known to nobody before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from conversations.acts import Incoming, Push, Turn
from conversations.context import Context
from conversations.flows.notices import EVIDENCE_LINK
from school.evidence import FLOW
from school.evidence_links import hand_out, link_of, new_token


@dataclass(slots=True, kw_only=True)
class Links:
    """The links of one thread under way; `address` is where the outside reaches us, "" where no link may be sent."""

    address: str
    tokens: dict[str, str] = field(default_factory=dict)

    def offered(self, context: Context, incoming: Incoming) -> tuple[Context, str]:
        """The context with a new link where this push may say one, and its token."""
        if not self.address or context.is_chat or not (isinstance(incoming, Push) and incoming.flow == FLOW):
            return context, ""
        token = new_token()
        return replace(context, upload=link_of(self.address, token)), token

    def said(self, made: Turn, inbox_id: str, token: str) -> None:
        """Remembers the token of a link that this turn really says."""
        if token and any(say.key == EVIDENCE_LINK for say in made.says):
            self.tokens[inbox_id] = token

    def settle(self, session: Session, school_id: str, thread_id: str) -> None:
        """The links that were said open the page once this is committed."""
        for inbox_id, token in self.tokens.items():
            hand_out(session, school_id, thread_id, inbox_id, token)
