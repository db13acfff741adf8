"""The one kind reminder of a question about leave that nobody answered, in the school's hours, and never a second."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from conversations import filing
from conversations.acts import Say, Turn, Wake
from conversations.context import Context, Sender
from conversations.state import State
from conversations.talk import Talk, wake_of

KEY = "leave.reminder"


def remind(state: State, context: Context, message: str) -> Turn:
    """Asks the same once more. At night it waits for the morning; where nothing may be started, nothing is said."""
    if not context.office_open and context.office_opens is not None:
        after = timedelta(seconds=context.office_opens.timestamp() - context.now.timestamp())
        return Turn(state=state, wake=Wake(after=after, token=str(state.rev)))
    quiet = context.held or context.lead_holds or context.staff_speaking or context.sender is Sender.UNKNOWN
    if quiet or not context.office_open:
        silent = replace(state.stack[-1], reminded=True)
        kept = replace(state, rev=state.rev + 1, stack=(*state.stack[:-1], silent))
        return Turn(state=kept, wake=wake_of(kept, context))
    talk = Talk(state, context, message)
    frame = talk.asked
    if frame is None:
        # A release, or what changed meanwhile, asks something else: it is asked, and that is the reminder.
        filing.advance(talk)
        talk.stack = [replace(each, reminded=True) for each in talk.stack]
        return talk.finish()
    talk.put(replace(frame, reminded=True))
    talk.again = True
    talk.notices.append(Say(key=KEY))
    filing.advance(talk)
    return talk.finish()
