"""Plays one transcript on its stage: each step happens, and what follows is told in the transcript's own lines."""

from __future__ import annotations

import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from http import HTTPStatus
from itertools import groupby
from typing import Any

from babel.dates import format_date

from bot.channels.simulator import Gone
from conversations.transcripts import Step, Transcript, reply_line
from howwasschool.play.acts import STAFF_ACTS, CannotPlay
from howwasschool.play.stage import LONDON, Stage, moment
from school.evidence_links import masked
from school.rules.sms import segments_of

# A grey square, as a photo of a card.
CARD = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAAAAACMmsGiAAAAEUlEQVR4nGM8wcDAwMSAQgAADzwA0OMOX98AAAAASUVORK5CYII=")
# What a phone sends: a document that is a picture, a letter, or something that nobody here can open.
FILES: Mapping[str, bytes] = {"picture": CARD, "letter": b"%PDF-1.4\n%%EOF\n", "sheet": b"PK\x03\x04"}
# An address that belongs to nobody.
STRANGER = {"sms": "+447700900999", "telegram": "5509999"}


# A report's reference, as `school.rules.references` makes it.
REFERENCE = re.compile(r"\(([0-9A-HJKMNP-TV-Z]{4})\)")
LINK = re.compile(r"https?://\S+$")

# With one contact (and no duty phone) nobody needs to be told who got a message.
ALONE = 2
# Items of the chase say whom they are about.
SAYS_WHOM = frozenset(
    {
        "unanswered_chase", "ring_now", "ring_only", "nobody_to_text", "late_overdue", "missing_afternoon", "ring_home",
        "n_due", "bereaved", "brake_held", "low_days", "leave", "barrier_absent", "leave_absent", "told_absent",
        "leave_undecided", "evidence", "evidence_unread",
    }
)  # fmt: skip


# Who can be texted no more is told with who still can.
OPTED_OUT = "opted_out"

# What became of a text that the school began and that did not go by itself.
UNSENT = {"merged": "went as one with another", "let_go": "let go", "fell_away": "not sent, it would be too late"}


class Player:
    """One transcript under way."""

    def __init__(self, transcript: Transcript, stage: Stage) -> None:
        self._transcript = transcript
        self._stage = stage
        self._last: dict[str, Gone] = {}
        self._absences: dict[str, tuple[Any, ...]] = {}
        self._items: set[str] = set()
        self._closed: set[str] = set()
        self._held: dict[str, str] = {}
        self._references: dict[str, int] = {}
        self._days: dict[str, str] = {}
        self._asked: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._waits: dict[str, tuple[Any, ...]] = {}
        self._steps: dict[str, int] = {}
        self._shown: dict[str, str] = {}
        self._names = {id_: name for name, id_ in stage.cast.pupils.items()}

    def play(self) -> list[list[str]]:
        """What followed each step, in order."""
        # What setting the school up left behind is no part of the conversation.
        self._effects()
        return [self._step(step) for step in self._transcript.steps]

    def _step(self, step: Step) -> list[str]:
        self._stage.move(moment(step.day, step.at))
        if step.text is not None:
            self._send(step, step.text)
        else:
            self._act(step)
        assert self._stage.house.rehearsing is not None  # noqa: S101  a stage is a rehearsal
        self._stage.house.rehearsing.settle()
        return [*self._replies(step), *self._effects()]

    # What happens -----------------------------------------------------------------------------

    def _address(self, who: str) -> str:
        if who == "stranger":
            return STRANGER[self._transcript.channel]
        if who not in self._stage.cast.addresses:
            raise CannotPlay(f"there is no contact @{who}")
        return self._stage.cast.addresses[who]

    def _send(self, step: Step, text: str, *, id: str = "", media: int = 0, file: bytes | None = None) -> None:  # noqa: A002
        words = text.replace("\\0", "\0").replace("\\n", "\n")
        words = words.replace("CODE", self._stage.cast.codes[-1]) if self._stage.cast.codes else words
        phone = self._stage.phone
        said = phone.text(self._stage.line, self._address(step.who), words, id=id, media=media, file=file)
        self._stage.house.inbox.take([said])

    def _act(self, step: Step) -> None:
        verb, _, rest = step.action.partition(" ")
        if verb == "wait":
            return
        if verb == "deploy":
            self._stage.deploy()
        elif verb == "press":
            self._press(step, rest)
        elif verb == "photo":
            self._send(step, rest, media=1)
        elif verb in FILES:
            self._send(step, rest, media=1, file=FILES[verb])
        elif verb == "upload":
            self._upload(step, rest)
        elif verb == "twice":
            for _ in range(2):
                self._send(step, rest, id=f"twice-{step.day}-{step.at}")
        elif verb in STAFF_ACTS:
            STAFF_ACTS[verb](self._stage, step, rest)
        elif verb == "confirm":
            self._confirm(step.day, rest)
        elif verb == "reply":
            self._reply(step, rest)
        else:
            raise CannotPlay(f"nobody knows how to [{step.action}]")

    def _upload(self, step: Step, what: str) -> None:
        """`[upload picture]`: by the last link that stood in a text to that contact; `… in vain`: it is not taken."""
        name, _, vain = what.partition(" ")
        link = self._links.get(self._address(step.who))
        if link is None:
            raise CannotPlay("there is no link in any text")
        status = self._stage.upload(link, FILES[name])
        if status not in ((HTTPStatus.NOT_FOUND, HTTPStatus.UNSUPPORTED_MEDIA_TYPE) if vain else (HTTPStatus.OK,)):
            raise CannotPlay(f"the page answered {status}")

    def _press(self, step: Step, label: str) -> None:
        """Presses a button of the last message that had any; 'old' presses one of the message before it."""
        gone = self._last.get(self._address(step.who))
        label, _, old = label.partition(" of an old question")
        data = next((data for name, data in gone.message.buttons if name == label), None) if gone else None
        if data is None:
            raise CannotPlay(f"there is no button [{label}]")
        del old
        phone = self._stage.phone
        self._stage.house.inbox.take([phone.press(self._stage.line, self._address(step.who), data)])

    def _confirm(self, day: date, rest: str) -> None:
        """`[confirm Maya I]`: the office confirms what stands about a child's day with a code."""
        name, _, code = rest.partition(" ")
        for row in self._rows():
            if row["pupil"] == self._stage.cast.pupils.get(name) and row["date"] == day.isoformat():
                self._stage.ask(
                    "office",
                    "PATCH",
                    f"/absences/{row['id']}",
                    json={"code": code},
                    headers={"If-Match": f'"{row["version"]}"'},
                )

    def _reply(self, step: Step, words: str) -> None:
        """`[reply …]`: the office writes in the thread of that contact."""
        threads = self._stage.ask("office", "GET", "/threads")["items"]
        contact = self._address(step.who)
        found = [each for each in threads if contact in str(each)] or threads
        self._stage.ask(
            "office",
            "POST",
            f"/threads/{found[0]['id']}/messages",
            json={"words": words},
            headers={"Idempotency-Key": f"{step.day}-{step.at}"},
        )

    # What follows -----------------------------------------------------------------------------

    def _replies(self, step: Step) -> list[str]:
        lines = []
        for gone in self._stage.new_messages():
            message = gone.message
            if message.buttons:
                self._last[message.to] = gone
            if found := LINK.search(message.text):
                self._links[message.to] = found[0]
            segments = segments_of(message.text) if self._transcript.channel == "sms" else 1
            line = reply_line(self._plain(message.text), segments, [label for label, _ in message.buttons])
            lines.append(line.replace("< ", f"< {self._whose(message.to, step)}", 1))
        return lines

    def _plain(self, words: str) -> str:
        """References end in chance; in a transcript they are numbered. A link is shown without its token."""
        words = masked(words)
        return REFERENCE.sub(
            lambda found: f"(REF{self._references.setdefault(found[1], len(self._references) + 1)})", words
        )

    def _whose(self, address: str, step: Step) -> str:
        """Who got it, where that is not the one who acts."""
        names = {at: who for who, at in self._stage.cast.addresses.items()} | {self._stage.cast.duty: "duty"}
        who = names.get(address, "stranger")
        return "" if who in (step.who, "stranger") or len(names) <= ALONE else f"@{who} "

    def _rows(self) -> Sequence[Mapping[str, Any]]:
        rows: list[Mapping[str, Any]] = []
        after = ""
        while True:
            page = self._stage.ask("office", "GET", f"/absences?limit=200{after}")
            rows += page["items"]
            following = page.get("next")
            if not following:
                return rows
            after = f"&after={following}"

    def _effects(self) -> list[str]:
        changed = []
        for row in self._rows():
            shown = (row["status"], row["kind"], row["reason_category"], row["code"] or row["proposed_code"])
            if self._absences.get(row["id"]) != shown:
                self._absences[row["id"]] = shown
                changed.append(row)
        lines = _absence_lines(changed, self._names, self._absences)
        # Hard days in a row are shown to pastoral staff alone.
        reader = "pastoral" if ("prompts", "true") in self._transcript.settings else "office"
        for who, path, told in (
            (reader, "/staff-items", "to a person"),
            ("lead", "/safeguarding-items", "to the lead"),
        ):
            for item in self._stage.ask(who, "GET", path)["items"]:
                if item["id"] not in self._items:
                    self._items.add(item["id"])
                    lines.append(f"* {told}: {self._item(item)}")
                if item.get("why") == OPTED_OUT and item["closed_at"] and item["id"] not in self._closed:
                    self._closed.add(item["id"])
                    lines.append(f"* no more for a person: {OPTED_OUT}")
        return lines + self._told_days() + self._leave() + self._support() + self._evidence() + self._rest()

    def _rest(self) -> list[str]:
        return self._holds() + self._unasked()

    def _evidence(self) -> list[str]:
        """What staff asked to be shown, and what came of it."""
        lines = []
        for row in self._stage.ask("office", "GET", "/evidence-requests?limit=200")["items"]:
            kinds = " ".join(str(each["content_type"] or each["status"]) for each in row["files"])
            stands = f"{row['status']}: {' '.join(self._names[each] for each in row['pupils'])} {kinds}".rstrip()
            if self._shown.get(row["id"]) != stands:
                self._shown[row["id"]] = stands
                lines.append(f"* evidence {stands}")
        return lines

    def _told_days(self) -> list[str]:
        """What was answered to 'How was school?', where the school asks it."""
        if ("prompts", "true") not in self._transcript.settings:
            return []
        now = {}
        for prompt in self._stage.ask("pastoral", "GET", "/prompts")["items"]:
            for child in prompt["children"]:
                if child["answered_at"] is not None:
                    told = f"{self._names[child['pupil']['id']]} {child['mood'] or 'in words'}"
                    now[prompt["id"] + told] = f"* told of the day: {told}"
        new = [line for key, line in now.items() if key not in self._days]
        self._days = now
        return new

    def _item(self, item: Mapping[str, Any]) -> str:
        """What it is; of the chase, whom it is about, and which role was told of a hold."""
        why = str(item.get("why") or item.get("category"))
        if why == OPTED_OUT:
            return self._stopped(item)
        if why not in SAYS_WHOM:
            return why
        names = [self._names[each] for each in item["pupils"] if each in self._names]
        role = item["detail"].get("role")
        return " ".join([f"{why}:", *names, *([str(role)] if role else [])]).rstrip(":")

    def _stopped(self, item: Mapping[str, Any]) -> str:
        """Who can be texted no more, and who still can about the same children."""
        detail = item["detail"]
        others = [name for name, id_ in self._stage.cast.contacts.items() if id_ in detail["others"]]
        left = [*detail["still_by"], *others]
        alone = sorted(self._names[each] for each in detail["out_of_reach"])
        return f"{OPTED_OUT}, " + (f"nobody else for {' '.join(alone)}" if alone else f"still {' '.join(left)}")

    def _leave(self) -> list[str]:
        """Requests for leave that are new, decided or taken back: whom, how many sessions, the days and what for."""
        lines = []
        for row in self._stage.ask("head", "GET", "/leave-requests?limit=200")["items"]:
            if self._asked.get(row["id"]) == row["status"]:
                continue
            self._asked[row["id"]] = row["status"]
            names = " ".join(self._names[each["id"]] for each in row["pupils"])
            granted = sum(bool(each["granted"]) for each in row["sessions"])
            told = "" if row["status"] == "asked" else f", {granted} granted"
            sessions = f"{len(row['sessions'])} sessions from {row['first']} to {row['last']}"
            lines.append(f"* leave {row['status']}: {names} {sessions} {row['reason'] or ''}".rstrip() + told)
        return lines

    def _unasked(self) -> list[str]:
        """What waits for a family, and what went as one or was not sent at all, where the transcript is of budgets."""
        if not any(name.startswith("budget") for name, _ in self._transcript.settings):
            return []
        lines = []
        for row in self._stage.ask("office", "GET", "/unasked-texts?limit=200")["items"]:
            stands = (row["status"], row["why"], row["goes_at"])
            if self._waits.get(row["id"]) == stands:
                continue
            self._waits[row["id"]] = stands
            if row["status"] == "waiting" and row["why"]:
                at = datetime.fromisoformat(row["goes_at"]).astimezone(LONDON)
                lines.append(f"* waits ({row['why']}): {row['what']} until {at:%a} {at.day} {at:%b %H:%M}")
            elif row["status"] in UNSENT:
                lines.append(f"* {UNSENT[row['status']]}: {row['what']}")
        return lines

    def _support(self) -> list[str]:
        """What was written down in cases of support, step by step; the consent with its very words."""
        lines = []
        for row in self._stage.ask("pastoral", "GET", "/support-cases?limit=200")["items"]:
            offers = {each["id"]: each for each in row["offers"]}
            new = row["steps"][self._steps.get(row["id"], 0) :]
            lines += [f"* support: {each['kind']} {self._about(row, offers.get(each['about'] or ''))}" for each in new]
            self._steps[row["id"]] = len(row["steps"])
        return lines

    def _about(self, row: Mapping[str, Any], offer: Mapping[str, Any] | None) -> str:
        names = " ".join(self._names[each["id"]] for each in row["pupils"])
        if offer is None:
            return names
        consent = offer["consent"]
        said = "" if consent is None else f", said '{consent['said']}' to '{self._plain(consent['asked'])}'"
        ended = ", no more" if consent and consent["ended_at"] else ""
        chosen = f" {offer['chosen'][:16]}" if offer["chosen"] else ""
        return f"{names}: {offer['kind']}{chosen}{said}{ended}".replace("\n", " / ")

    def _holds(self) -> list[str]:
        """Alerts that wait, and those that do no more; a class of one or two is never held."""
        if not self._transcript.classmates:
            return []
        now = {
            each["id"]: " ".join(filter(None, (each["why"], each["class_name"])))
            for each in self._stage.ask("office", "GET", "/holds")["brake"]
        }
        lines = [f"* held: {what}" for each, what in now.items() if each not in self._held]
        lines += [f"* no longer held: {what}" for each, what in self._held.items() if each not in now]
        self._held = now
        return lines


def _absence_lines(
    rows: Sequence[Mapping[str, Any]], names: Mapping[str, str], shown: Mapping[str, tuple[Any, ...]]
) -> list[str]:
    """A line for each child, day and account: its sessions, the kind, the reason, the code."""

    def about(row: Mapping[str, Any]) -> tuple[Any, ...]:
        return row["date"], names[row["pupil"]], shown[row["id"]]

    lines = []
    for (day, name, (status, kind, reason, code)), group in groupby(
        sorted(rows, key=lambda row: str(about(row))), about
    ):
        sessions = " ".join(sorted(row["session"] for row in group))
        when = format_date(date.fromisoformat(day), "EEE d MMM", locale="en_GB")
        if status == "withdrawn":
            lines.append(f"* withdrawn: {name} {when} {sessions}")
            continue
        said = " ".join(filter(None, (kind, reason)))
        coded = f", {code} {'confirmed' if status == 'confirmed' else 'proposed'}" if code else ""
        lines.append(f"* {name} {when} {sessions}: {said}{coded}")
    return lines


def differences(transcript: Transcript, happened: Sequence[Sequence[str]]) -> list[str]:
    """What was expected and did not happen (-), and what happened unexpected (+), by step; [] where all is right."""
    found: dict[int, list[str]] = defaultdict(list)
    for number, (step, lines) in enumerate(zip(transcript.steps, happened, strict=True)):
        if list(step.expected) != list(lines):
            said = f"> {step.text}" if step.text is not None else f"[{step.action}]"
            found[number] = [
                f"  {step.day} {step.at:%H:%M} {said}",
                *(f"  - {line}" for line in step.expected if line not in lines),
                *(f"  + {line}" for line in lines if line not in step.expected),
            ]
            if sorted(step.expected) == sorted(lines):
                found[number].append("  the same lines, in another order")
    return [line for number in sorted(found) for line in found[number]]
