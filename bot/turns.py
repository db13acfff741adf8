"""The turns of a set of threads: contexts in, turns in order, then effects, replies, wakes and states as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from bot import effects, replies, unasked
from bot.contexts import Scene, held_among, scenes
from bot.effects import Outcome
from bot.joins import join
from bot.links import Links
from bot.replies import Answered
from conversations.acts import Command, Due, Heard, Incoming, OptedIn, Press, Push, Say, Text, Turn
from conversations.context import Context, Sender, after
from conversations.flows import how_was_school
from conversations.hearing import hear
from conversations.language import Language, load
from conversations.pushing import stands_aside
from conversations.shaping import Abilities
from conversations.state import Ask, State, dump
from conversations.state import load as load_state
from conversations.turn import turn
from conversations.unsettled import Unsettled, dumped, loaded, unsettled, until_of
from school import broadcasts
from school.records import queues
from school.records.queues import ThreadRow, Waiting
from school.rules.sms import segments_of
from school.staff_items import StaffNote, raise_items
from school.threads import STAFF_WORDS
from school.unasked import Verdict

# A push that came while the parent was in the middle of something is tried again then.
PUSH_AGAIN = timedelta(minutes=10)
ENGLISH = "en"

# Pushes whose words are written already, as the message of the same id, and what they are for.
_OWN_WORDS = {STAFF_WORDS: "staff", broadcasts.FLOW: broadcasts.PURPOSE}
# The opting out and in of a channel is a command whatever its words are.
_COMMANDS = {"stop": Command.STOP, "left": Command.STOP, "start": Command.START}


def inbox_change(
    row: Waiting,
    *,
    status: str,
    tries: int,
    available_at: datetime,
    handled_at: datetime | None,
    error: str = "",
) -> dict[str, Any]:
    """How an inbox row ends, or when it is tried again, as `queues.save_inbox` takes it."""
    return {
        "of_school": row.school_id,
        "of_row": row.id,
        "status": status,
        "tries": tries,
        "error": error[:100],
        "available_at": available_at,
        "handled_at": handled_at,
    }


@dataclass(slots=True, kw_only=True)
class Progress:
    """One thread under way in a set: what changes from turn to turn."""

    scene: Scene
    thread: ThreadRow
    state: State
    context: Context
    links: Links
    unsettled: tuple[Unsettled, ...] = ()
    turns: list[Answered] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    inbox: list[dict[str, Any]] = field(default_factory=list)
    staff_words: list[dict[str, Any]] = field(default_factory=list)
    bodies: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)


class Turns:
    """Gives turns. `abilities` by channel are what its screens can show, `packs` the languages that are spoken.

    `address`: where the outside reaches us, "" where no text may hold a link.
    """

    def __init__(self, abilities: Mapping[str, Abilities], *, packs: tuple[str, ...], address: str = "") -> None:
        self._abilities = dict(abilities)
        self._packs = packs
        self._address = address

    def _language(self, code: str) -> Language:
        return load(code if code.partition("_")[0] in self._packs else ENGLISH)

    def take(
        self,
        session: Session,
        threads: Sequence[ThreadRow],
        waiting: Mapping[tuple[str, str], Sequence[Waiting]],
        *,
        now: datetime,
    ) -> bool:
        """Handles all that waits in these locked threads and is due, in order; whether anything is to be sent."""
        joined = join(session, threads, waiting, now=now)
        under_way = self._begin(session, threads, now=now, prompting=_prompting(threads, waiting))
        verdicts = unasked.admitted(session, self._unasked(under_way, waiting, now=now), now=now)
        for key, progress in under_way.items():
            rows = waiting.get(key, ())
            progress.verdicts = {row.id: verdicts[row.id] for row in rows if row.id in verdicts}
            for row in unasked.in_order(rows, progress.verdicts):
                if row.available_at > now:
                    # Texts are handled in order, so what came later waits behind it; a push stands aside.
                    if row.kind == "push":
                        continue
                    break
                self._one(progress, row, joined=joined.get(row.id), now=now)
        return self._settle(session, list(under_way.values()), now=now)

    def _unasked(
        self,
        under_way: Mapping[tuple[str, str], Progress],
        waiting: Mapping[tuple[str, str], Sequence[Waiting]],
        *,
        now: datetime,
    ) -> list[unasked.Push]:
        """What is due in these threads of all that counts in a family's budget."""
        found = []
        for key, progress in under_way.items():
            for row in waiting.get(key, ()):
                if unasked.is_unasked(row) and row.available_at <= now:
                    ready = row.payload.get("flow") in _OWN_WORDS
                    push = _incoming(row)
                    busy = not ready and isinstance(push, Push) and stands_aside(progress.state, push, progress.context)
                    found.append(unasked.Push(row=row, busy=busy, words=row.body if ready else None))
        return found

    def wake(
        self, session: Session, threads: Sequence[ThreadRow], tokens: Mapping[tuple[str, str], str], *, now: datetime
    ) -> bool:
        """Tells these locked threads that their time has run out."""
        under_way = self._begin(session, threads, now=now)
        held = held_among(session, {key: each.context for key, each in under_way.items()})
        for key, progress in under_way.items():
            progress.context = replace(progress.context, held=key in held)
            self._turn(progress, Due(id="", token=tokens[key]), None, at=now)
            # A wake that is out of date is gone all the same: the state's own timer is set anew below.
        return self._settle(session, list(under_way.values()), now=now, woken=True)

    def _begin(
        self, session: Session, threads: Sequence[ThreadRow], *, now: datetime, prompting: frozenset[str] = frozenset()
    ) -> dict[tuple[str, str], Progress]:
        found = {}
        for key, scene in scenes(session, threads, now=now, packs=self._packs, prompting=prompting).items():
            state = load_state(scene.thread.state)
            if not scene.thread.state:
                state = replace(
                    state,
                    lang=scene.family.language or scene.thread.language,
                    numbers=_by_number(scene),
                )
            # Whose language has no pack (yet) is heard and answered in English, and never left without an answer.
            state = replace(state, lang=self._language(state.lang).code)
            thread = replace(scene.thread, contact_id=scene.family.contact_id or scene.thread.contact_id)
            links = Links(address=self._address)
            told = loaded(scene.thread.unsettled)
            found[key] = Progress(
                scene=scene, thread=thread, state=state, context=scene.context, links=links, unsettled=told
            )
        return found

    # One turn ---------------------------------------------------------------------------------

    def _one(self, progress: Progress, row: Waiting, *, joined: bool | None, now: datetime) -> None:
        done = inbox_change(row, status="handled", tries=row.tries + 1, available_at=row.available_at, handled_at=now)
        verdict = progress.verdicts.get(row.id)
        if verdict is not None and not verdict.goes:
            if verdict.again is not None:
                done = inbox_change(row, status="waiting", tries=row.tries, available_at=verdict.again, handled_at=None)
        elif row.kind == "push" and row.payload.get("flow") in _OWN_WORDS:
            progress.bodies[row.id] = row.body or ""
            progress.staff_words.append(
                replies.queued(
                    progress.thread,
                    row.id,
                    message_at=row.at,
                    inbox_id=row.id,
                    now=now,
                    segments=segments_of(row.body) if row.body and progress.thread.channel == "sms" else 1,
                    purpose=_OWN_WORDS[str(row.payload["flow"])],
                )
            )
        elif row.kind == "push" and _useless(row, now):
            # It came too late to be of use: nothing is said.
            pass
        elif joined is not None:
            said = Say(key="joined" if joined else "join_failed")
            progress.turns.append(Answered(turn=Turn(state=progress.state, says=(said,)), inbox_id=row.id))
            if row.kind == "start":
                # The link that joins says START as well: who had left the chat is written to again.
                progress.outcomes.append(Outcome(scene=progress.scene, effect=OptedIn(), at=row.at))
        else:
            incoming = _incoming(row)
            before = progress.state.rev
            # What the school starts is said at this moment, however long it had to wait.
            self._turn(progress, incoming, row, at=now if isinstance(incoming, Push) else row.at)
            if isinstance(incoming, Push) and progress.state.rev == before and not _useless(row, now):
                done = inbox_change(
                    row, status="waiting", tries=row.tries, available_at=now + PUSH_AGAIN, handled_at=None
                )
        progress.inbox.append(done)

    def _turn(self, progress: Progress, incoming: Incoming, row: Waiting | None, *, at: datetime) -> None:
        context = replace(progress.context, now=progress.scene.house.calendar.local(at))
        hearer = _ordered(row) if row is not None and row.kind in _COMMANDS else hear
        context, token = progress.links.offered(context, incoming)
        made = turn(progress.state, incoming, context, self._language(progress.state.lang), hearer=hearer)
        progress.links.said(made, incoming.id, token)
        progress.state = made.state
        progress.turns.append(Answered(turn=made, inbox_id=row.id if row is not None else None, purpose=_purpose(row)))
        progress.outcomes.extend(Outcome(scene=progress.scene, effect=effect, at=at) for effect in made.effects)
        progress.unsettled = unsettled(progress.unsettled, made.state, made.effects, context)
        progress.context = after(progress.context, made.effects)
        if made.says and context.sender is Sender.UNKNOWN:
            progress.thread = replace(progress.thread, unknown_replied_at=at)
            progress.context = replace(progress.context, unknown_replied_today=True)

    # Afterwards -------------------------------------------------------------------------------

    def _settle(self, session: Session, under_way: Sequence[Progress], *, now: datetime, woken: bool = False) -> bool:
        messages: list[dict[str, Any]] = []
        outbox: list[dict[str, Any]] = []
        wakes: list[dict[str, Any]] = []
        looping: list[StaffNote] = []
        for progress in under_way:
            said, sent = self._said(session, progress, looping, now=now)
            messages += said
            outbox += [*progress.staff_words, *sent]
            wakes += _wake(progress, sent, now=now)
            progress.links.settle(session, progress.thread.school_id, progress.thread.id)
            progress.thread = replace(
                progress.thread,
                state=dump(progress.state),
                rev=progress.state.rev,
                language=progress.state.lang,
                numbers_only=progress.state.numbers,
                unsettled=dumped(progress.unsettled),
                unsettled_until=until_of(progress.unsettled),
                last_at=progress.thread.last_at if woken else now,
            )
        queues.save_inbox(session, [row for progress in under_way for row in progress.inbox])
        queues.insert_messages(session, messages)
        queues.insert_outbox(session, outbox)
        queues.replace_wakes(session, [(each.thread.school_id, each.thread.id) for each in under_way], wakes)
        queues.save_threads(session, [each.thread for each in under_way])
        effects.apply(session, [outcome for progress in under_way for outcome in progress.outcomes], now=now)
        raise_items(session, looping, now=now)
        return bool(outbox)

    def _said(
        self, session: Session, progress: Progress, looping: list[StaffNote], *, now: datetime
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of what is said, several texts that the school starts as one, and what became of each of those."""
        abilities = self._abilities.get(progress.thread.channel)
        found = replies.replies(progress.scene, progress.turns, abilities) if abilities and progress.turns else []
        one = unasked.joined(
            found, progress.staff_words, progress.bodies, progress.verdicts.values(), channel=progress.thread.channel
        )
        progress.staff_words = one.words
        rows = self._rows(progress, one.replies, looping, now=now)
        if progress.verdicts:
            sent = {row["inbox_id"] for row in (*one.words, *rows[1])}
            said = sent | {each for each, into in one.into.items() if into in sent}
            thread = progress.thread
            unasked.settle(session, thread.school_id, progress.inbox, said, one.into, progress.verdicts, now=now)
        return rows

    def _rows(
        self, progress: Progress, found: Sequence[replies.Reply], looping: list[StaffNote], *, now: datetime
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The rows of these messages; none where two machines would go on for ever."""
        if not found:
            return [], []
        texts = [outbound.text for reply in found for outbound in reply.outbounds]
        was_looping = progress.thread.looping
        # What the school starts in the same words is no answer to a machine's: two chases are two children.
        may_go = True
        if any(reply.purpose == "reply" for reply in found):
            progress.thread, may_go = replies.guarded(progress.thread, texts, now=now)
        if not may_go:
            if not was_looping:
                looping.append(
                    StaffNote(
                        school_id=progress.thread.school_id,
                        why="looping",
                        thread_id=progress.thread.id,
                        contact_id=progress.thread.contact_id,
                    )
                )
            return [], []
        return replies.rows(progress.scene, found, now=now)


def _by_number(scene: Scene) -> bool:
    """Whether a thread begins by numbers alone, as its contact is asked elsewhere."""
    chosen = scene.family.numbers_only
    return scene.thread.numbers_only if chosen is None else chosen


def _prompting(threads: Sequence[ThreadRow], waiting: Mapping[tuple[str, str], Sequence[Waiting]]) -> frozenset[str]:
    """The schools in whose threads it is asked how school was, or is about to be."""
    open_ = {thread.school_id for thread in threads if how_was_school.NAME in str(thread.state)}
    due = {key[0] for key, rows in waiting.items() for row in rows if row.payload.get("flow") == how_was_school.NAME}
    return frozenset(open_ | due)


def _incoming(row: Waiting) -> Incoming:
    if row.kind == "press":
        return Press(id=row.id, token=str(row.payload.get("token", "")), key=str(row.payload.get("key", "")))
    if row.kind == "push":
        fills = row.payload.get("fills")
        return Push(
            id=row.id,
            flow=str(row.payload.get("flow", "")),
            fills=fills if isinstance(fills, dict) else {},
            over=bool(row.payload.get("over")),
        )
    return Text(id=row.id, text=row.body or "", media=row.media or 0, file=bool(row.payload.get("file")))


def _purpose(row: Waiting | None) -> str:
    """What is said to a push is for what the push is for; all else is a reply."""
    return str(row.payload.get("purpose") or "notice") if row is not None and row.kind == "push" else "reply"


def _useless(row: Waiting, now: datetime) -> bool:
    """Whether a push that had to stand aside has been overtaken by time."""
    until = row.payload.get("until")
    return isinstance(until, str) and datetime.fromisoformat(until) <= now


def _ordered(row: Waiting) -> Any:
    """A hearer for what a channel says by itself: it hears the command, whatever the words."""
    command = _COMMANDS[row.kind]

    def hearer(text: str, ask: Ask | None, language: Language, context: Context) -> Heard:
        del text, ask, language, context
        return Heard(command=command)

    return hearer


def _wake(progress: Progress, sent: Sequence[Mapping[str, Any]], *, now: datetime) -> list[dict[str, Any]]:
    """The thread's one timer, by the last turn; it counts from the sending of the last message."""
    last = progress.turns[-1].turn if progress.turns else None
    wake = last.wake if last is not None else None
    if wake is None or last is None:
        return []
    return [
        {
            "school_id": progress.thread.school_id,
            "thread_id": progress.thread.id,
            "token": wake.token,
            "after_seconds": int(wake.after.total_seconds()),
            "outbox_id": sent[-1]["id"] if sent else None,
            "set_at": now,
            "due_at": now + wake.after,
        }
    ]
