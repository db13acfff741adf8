"""`howwasschool hear`: says what the house would do with texts, through the product's own turn."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from conversations.acts import AbsenceStated, Reading, Text, Turn
from conversations.context import Child, Context, SchoolFacts, Sender
from conversations.explaining import because, done, why_a_person, why_asked
from conversations.hearing import hear as hear_text
from conversations.judging import Judgement, judge, state_for
from conversations.language import Language, NoSuchLanguage, load, shipped
from conversations.speaking import Voice
from conversations.state import State
from conversations.turn import turn
from school.rules.calendar import Session, weekdays_only
from school.rules.proposals import KINDS, propose

LONDON = ZoneInfo("Europe/London")
SCHOOL = SchoolFacts(short_name="School", phone="01632 960000", care_line="01632 960999")
ENGLISH = "en"


class RecordRefused(click.ClickException):
    """A line of the input is not a record; the message names the line and what it lacks."""


@click.command()
@click.option("--in", "source", type=click.File(encoding="utf-8"), default="-", help="JSON Lines; standard input.")
@click.option("--out", "target", type=click.File("w", encoding="utf-8"), default="-", help="Standard output.")
@click.option("--explain", is_flag=True, help="Text for a school officer instead of JSON Lines.")
def hear(source: TextIO, target: TextIO, explain: bool) -> None:
    """Reads texts with their moment and children, and writes what would be done with each, and why."""
    for number, record in _records(source):
        try:
            words = explained(record) if explain else json.dumps(heard(record), ensure_ascii=False)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise RecordRefused(
                f"line {number}: {type(error).__name__}; a record has id, text, now and children (name, known_as)"
            ) from None
        target.write(words + "\n")


def _records(source: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError:
            raise RecordRefused(f"line {number} is no JSON") from None
        if not isinstance(record, dict):
            raise RecordRefused(f"line {number} is no JSON object")
        yield number, record


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One record and the turn that was made of it. `names` are the children's full names by id."""

    record: Mapping[str, Any]
    before: State
    context: Context
    language: Language
    names: Mapping[str, str]
    made: Turn

    @property
    def text(self) -> str:
        """The parent's words."""
        return str(self.record["text"])

    def row(self) -> dict[str, Any]:
        """What would be done, in the shape of `docs/hearing.md`."""
        judgement = judge(self.made, self.before)
        return _row(str(self.record["id"]), judgement, self.made, self.context, self.names)


def heard(record: Mapping[str, Any]) -> dict[str, Any]:
    """What would be done with one record, in the shape of `docs/hearing.md`."""
    return played(record).row()


def played(record: Mapping[str, Any]) -> Played:
    """One record through the product's own turn."""
    before, context, language, names = case_of(record)
    made = turn(before, Text(id="m", text=str(record["text"])), context, language)
    return Played(record=record, before=before, context=context, language=language, names=names, made=made)


def case_of(record: Mapping[str, Any]) -> tuple[State, Context, Language, dict[str, str]]:
    """The state, picture and language in which a record's text is heard, and its children's full names by id."""
    context, names = _context(record)
    language = _language(str(record.get("lang") or ENGLISH))
    meant = next((key for key, name in names.items() if name == record.get("context_child")), None)
    before, context = state_for(record.get("context"), meant, context, lang=language.code)
    return before, context, language, names


def _language(code: str) -> Language:
    try:
        return load(code)
    except NoSuchLanguage:
        return load(ENGLISH)


def _context(record: Mapping[str, Any]) -> tuple[Context, dict[str, str]]:
    now = datetime.fromisoformat(record["now"])
    closed = [date.fromisoformat(day) for day in (record.get("calendar") or {}).get("closed", ())]
    names = {f"c{number}": str(child["name"]) for number, child in enumerate(record["children"])}
    children = tuple(
        Child(
            id=f"c{number}",
            first_name=str(child["name"]).split()[0],
            known_as=str(child.get("known_as") or str(child["name"]).split()[0]),
            surname=str(child["name"]).split()[-1],
            class_name=str(child.get("class") or ""),
            may_request_leave=True,
        )
        for number, child in enumerate(record["children"])
    )
    context = Context(
        now=now.astimezone(LONDON) if now.tzinfo else now.replace(tzinfo=LONDON),
        thread="t",
        sender=Sender.CONTACT,
        calendar=weekdays_only(closed),
        school=SCHOOL,
        children=children,
        languages=shipped(),
    )
    return context, names


# Rows ----------------------------------------------------------------------------------------


def _row(
    record_id: str, judgement: Judgement, made: Turn, context: Context, names: Mapping[str, str]
) -> dict[str, Any]:
    first = judgement.readings[0] if judgement.readings else Reading(topic="none")
    question = ""
    if judgement.act == "ask" and made.says:
        question = Voice(lang=made.state.lang, context=context).render(made.says[-1])
    row = {"id": record_id, "act": judgement.act, **_item(first, made, context, names)}
    row["intent"] = judgement.intent
    row["question"] = question or None
    row["why"] = [
        {"span": list(each.span), "concept": each.concept, "rule": each.rule}
        for reading in made.readings
        for each in reading.evidence
    ]
    if len(judgement.readings) > 1:
        row["items"] = [_item(each, made, context, names) for each in judgement.readings]
    return row


def _item(reading: Reading, made: Turn, context: Context, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "intent": str(reading.topic),
        "children": [names[child] for child in reading.children],
        "start": reading.first.isoformat() if reading.first else None,
        "end": reading.last.isoformat() if reading.last else None,
        "part": reading.part.value if reading.part else None,
        "time": reading.at.strftime("%H:%M") if reading.at else None,
        "reason_category": _category(reading),
        "register_code": _code(reading, made, context),
        **({"minutes_late": reading.minutes_late} if reading.minutes_late else {}),
    }


def _category(reading: Reading) -> str | None:
    """A report whose reason nobody gave has the category that says so."""
    if reading.reason is None and reading.topic in KINDS:
        return "unspecified"
    return reading.reason


def _code(reading: Reading, made: Turn, context: Context) -> str | None:
    """The code that would be proposed for the first session of this report; None where staff choose."""
    if reading.topic not in KINDS or reading.first is None:
        return None
    stated = [
        effect
        for effect in made.effects
        if isinstance(effect, AbsenceStated) and effect.day == reading.first and effect.child in reading.children
    ]
    session = stated[0].session if stated else Session.AM
    missed = (
        session
        in context.calendar.missed_sessions(reading.first, leaves=stated[0].leaves_at, returns=stated[0].returns_at)
        if stated
        else True
    )
    proposal = propose(
        str(reading.topic),
        reading.reason,
        session=session,
        times=context.calendar.times_on(reading.first),
        missed=missed,
        arrives=reading.at if reading.topic == "lateness" else None,
        minutes_late=reading.minutes_late,
    )
    return proposal.code


# For an officer ------------------------------------------------------------------------------

ACTS = {
    "file": "Filed at once",
    "ask": "Asked first",
    "staff": "Passed to a person",
    "safeguarding": "For the safeguarding lead alone; nothing is filed",
    "command": "An order to the service",
    "answer": "Answered; nothing is filed",
    "none": "Nothing of ours; nothing is filed",
}


def explained(record: Mapping[str, Any]) -> str:
    """One record as a school officer reads it: what is done with the text, and which of its words led there."""
    case = played(record)
    row = case.row()
    listened = hear_text(case.text, case.before.ask, case.language, case.context)
    lines = [f"{row['id']}: “{case.text}”", f"  {ACTS[row['act']]}: {row['intent'].replace('_', ' ')}."]
    lines += [f"  {told}" for item in row.get("items") or [row] if (told := _told(item))]
    lines += [f"  On record: {each}." for each in done(case.made, case.context)]
    for each in because(case.text, listened, case.made, case.context):
        lines.append(f"  “{each.words}” – {each.means}.")
    if row["act"] != "safeguarding":
        lines += [f"  To a person because {why}." for why in why_a_person(case.made)]
    if row["question"] and (reasons := why_asked(listened, case.made)):
        lines.append(f"  Asked because {' and '.join(reasons)}.")
    voice = Voice(lang=case.made.state.lang, context=case.context)
    for say in case.made.says:
        options = "".join(f" / {number} {voice.label(each)}" for number, each in enumerate(say.options, start=1))
        lines.append(f"  We say: {voice.render(say)}{options}")
    return "\n".join(lines) + "\n"


def _told(item: Mapping[str, Any]) -> str:
    days = [f"{date.fromisoformat(day):%a} {date.fromisoformat(day).day} {date.fromisoformat(day):%b %Y}"
            for day in (item["start"], item["end"]) if day]  # fmt: skip
    parts = {"am": "morning", "pm": "afternoon", "all": "all day"}
    reason = str(item["reason_category"] or "").replace("_", " ")
    told = [
        " and ".join(item["children"]),
        " to ".join(dict.fromkeys(days)),
        parts.get(str(item["part"]), ""),
        str(item["time"] or ""),
        f"reason: {reason}" if reason else "",
        f"proposed code {item['register_code']}" if item["register_code"] else "",
    ]
    return "; ".join(each for each in told if each)
