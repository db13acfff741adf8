"""Reads `hears.txt`: sentences and what must be heard in each, in the notation that translators write."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from conversations.acts import Change, Clause, Days, Heard, Kind
from conversations.context import Child, Context, SchoolFacts, Sender
from conversations.doubt import Doubt
from school.rules.calendar import weekdays_only

LONDON = ZoneInfo("Europe/London")


class SentenceRefused(ValueError):  # noqa: N818  it says what happened
    """A line of `hears.txt` that cannot be read; `line` is its number."""

    def __init__(self, line: int, says: str) -> None:
        super().__init__(f"line {line}: {says}")
        self.line, self.says = line, says


@dataclass(slots=True)
class Sentence:
    """A sentence, the moment and family it is said in, and what must be heard."""

    line: int
    text: str
    context: Context
    wanted: list[str] = field(default_factory=list)


def family(names: str, now: datetime, *, asked: str = "") -> Context:
    """A contact with these children ("Sam/2, Leo/5": name and year) at this moment."""
    children = []
    for each in names.split(","):
        name, _, year = each.strip().partition("/")
        children.append(Child(id=name, first_name=name, known_as=name, surname="Ali", year=year))
    return Context(
        now=now,
        thread="t1",
        sender=Sender.CONTACT,
        calendar=weekdays_only(),
        school=SchoolFacts(short_name="Hill School", phone="01924 000000"),
        children=tuple(children),
        expects=asked,
        expects_child=children[0].id if asked else None,
    )


def read(text: str) -> list[Sentence]:
    """All sentences of a `hears.txt`; raises SentenceRefused."""
    found: list[Sentence] = []
    context = None
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("# today:"):
            context = _said_to(number, line)
        elif line.startswith("    "):
            if not found:
                raise SentenceRefused(number, "what is heard stands under its sentence, and there is none yet")
            found[-1].wanted.append(line.strip())
        elif line.strip() and not line.startswith("#"):
            if context is None:
                raise SentenceRefused(number, "no line '# today: …    children: …' stands above it")
            found.append(Sentence(line=number, text=line, context=context))
    return found


def _said_to(number: int, line: str) -> Context:
    fields = dict(part.split(": ", 1) for part in line[2:].split("    ") if ": " in part)
    try:
        now = datetime.strptime(fields["today"].strip(), "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)
        return family(fields["children"].strip(), now, asked=fields.get("asked", "").strip())
    except (KeyError, ValueError):
        raise SentenceRefused(
            number, "it must read like '# today: Tue 12 Nov 2024 07:31    children: Maya/4, Sam/2'"
        ) from None


def facts(heard: Heard) -> list[str]:
    """What was heard, in the notation of the file; reasons are written for every clause."""
    lines = [line for clause in heard.clauses if (line := of_clause(clause))]
    # What the gate asks hangs on learned weights, which are no translator's to mend.
    doubts = [doubt for doubt in heard.doubts if doubt is not Doubt.UNSURE]
    if doubts and lines:
        lines[0] += "".join(f"  ask={doubt}" for doubt in doubts)
    for name in ("command", "pick", "option", "answer"):
        value = getattr(heard, name)
        if value is not None:
            lines.append(f"{name}={value}")
    marks = [
        ("worry", heard.worry),
        ("pupil", heard.pupil_writes),
        ("red flag", heard.red_flag),
        ("no reply", heard.wants_no_reply),
    ]
    return lines + [name for name, is_set in marks if is_set]


def of_clause(clause: Clause) -> str:
    """One clause; "" where it only says that something is not so."""
    if clause.negated and not clause.mentions:
        return ""
    parts = [str(clause.topic) if clause.topic else "-"]
    named = [each for m in clause.mentions if m.kind is Kind.CHILDREN and m.role != "not" for each in children(m.value)]
    if named:
        parts.append("child=" + ",".join(sorted(set(named))))
    parts.extend("not=" + ",".join(children(m.value)) for m in clause.mentions if m.role == "not")
    for mention in clause.mentions:
        if mention.kind is Kind.UNKNOWN_NAME:
            parts.append("unknown")
        elif mention.kind is Kind.DAYS and isinstance(mention.value, Days):
            parts.append(of_days(mention.value, mention.role))
        elif mention.kind is Kind.TIME:
            parts.append(f"{mention.role}={mention.value:%H:%M}")
        elif mention.kind in {Kind.PART, Kind.MINUTES, Kind.REASON}:
            parts.append(f"{mention.kind}={mention.value}")
    if clause.change is not Change.ADDS:
        parts.append(f"change={clause.change}")
    return "  ".join(parts)


def children(value: object) -> list[str]:
    """The ids of a mention of children."""
    return [str(each) for each in value] if isinstance(value, tuple) else []


def of_days(days: Days, role: str) -> str:
    """Days as "12 Nov", "12 Nov - 15 Nov", or an end alone."""
    if days.open_ended:
        return "open"
    if days.first is None:
        return f"until={short(days.last)}"
    if role in {"since", "from"}:
        return f"{role}={short(days.first)}"
    return f"days={short(days.first)}" + (f" - {short(days.last)}" if days.last != days.first else "")


def short(day: date | None) -> str:
    """12 Nov."""
    return f"{day.day} {day:%b}" if day else ""


def differences(wanted: list[str], heard: list[str]) -> list[str]:
    """Facts wanted and not heard, or heard and not wanted; a reason counts only where the file names it."""
    if wanted == ["nothing"]:
        filing = ("sickness", "lateness", "appointment", "absence_other", "leave", "correction", "claims_present")
        return [line for line in heard if (line.split("  ")[0] in filing and "ask=" not in line) or line == "worry"]
    result: list[str] = []
    flags = {"worry", "pupil", "red flag", "no reply"}
    told = [line for line in wanted if line.split("  ")[0] not in flags]
    said = {part for line in wanted for part in line.split("  ")} & flags
    result.extend(f"not heard: {flag}" for flag in sorted(said - set(heard)))
    result.extend(f"heard: {line}" for line in heard if line in flags and line not in said)
    if not told:
        return result
    lines = [line for line in heard if line not in flags]
    if len(lines) != len(told):
        return [*result, f"heard {lines}"]
    for want, have in zip(told, lines, strict=True):
        want_facts, have_facts = set(want.split("  ")), set(have.split("  "))
        result.extend(f"not heard: {fact}" for fact in sorted(want_facts - have_facts))
        quiet = ("reason=",) if "reason=" not in want else ()
        result.extend(
            f"heard: {fact}" for fact in sorted(have_facts - want_facts) if not fact.startswith(quiet or ("\0",))
        )
    return result
