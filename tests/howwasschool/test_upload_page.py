"""The one link that a text may hold: it opens a page for one file, once, tells a stranger nothing, and ends in time."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from PIL import Image
from sqlalchemy import delete, select, update
from starlette.testclient import TestClient

from bot.uploading import MOST_MISSES, Misses
from conversations.speaking import words
from howwasschool import wiring
from howwasschool.demo.made_up import LINES, MadeUp, make_up
from howwasschool.demo.people import BY_KEY
from howwasschool.settings import Settings
from howwasschool.wiring import House, Options, build
from school.evidence_links import LONGEST_LINK, TOKEN_LETTERS, link_of, masked, new_token
from school.pictures import LARGEST_FILE, read
from school.records.database import Database
from school.records.evidence import EvidenceFile, EvidenceRequest
from school.records.people import Address, Contact, Right
from school.records.staff import StaffItem

# A Tuesday in term: the made-up school's clock then stands at 08:12.
NOW = datetime(2026, 3, 3, 6, 0, tzinfo=UTC)
EIGHT = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
TEN = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
LETTER = b"%PDF-1.4\nDear school\n%%EOF\n"
EVIDENCE = "/api/v1/evidence-requests"
PRIVATE = re.compile(r"Maya|Joanne|Hart\b|dental|dentist|sick|4B")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A mother who was asked by a text that holds a link, and what the house makes of it."""

    house: House
    made_up: MadeUp
    text: str
    id: str

    @property
    def link(self) -> str:
        return self.text.rsplit(" ", 1)[1]

    @property
    def path(self) -> str:
        return "/e/" + self.link.rsplit("/", 1)[1]

    @property
    def page(self) -> TestClient:
        return TestClient(self.house.app)

    def get(self, **headers: str) -> httpx.Response:
        answer: httpx.Response = self.page.get(self.path, headers=headers)
        return answer

    def send(self, data: bytes, *, name: str = "IMG_0001.jpg") -> httpx.Response:
        answer: httpx.Response = self.page.post(self.path, files={"file": (name, data, "application/octet-stream")})
        return answer

    def read(self) -> dict[str, Any]:
        found: dict[str, Any] = ask(self.house, self.made_up.office, "GET", f"{EVIDENCE}/{self.id}").json()
        return found

    def heard(self) -> list[str]:
        """What has gone to her since she was asked."""
        self.house.settle()
        gone = [each.message for each in self.house.simulators["sms"].gone]
        hers = [each.text for each in gone if each.to == BY_KEY["joanne"].number]
        return hers[hers.index(self.text) + 1 :]

    def stands(self) -> EvidenceRequest:
        with self.house.database.read() as session:
            found = session.scalars(select(EvidenceRequest)).one()
            session.expunge(found)
        return found


def ask(house: House, secret: str, method: str, path: str, **more: Any) -> httpx.Response:
    client = TestClient(house.app, headers={"Authorization": f"Bearer {secret}"})
    answer: httpx.Response = client.request(method, path, **more)
    assert answer.is_success, answer.text
    return answer


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    wired = build(Settings.model_construct(), database, Options(rehearsal=True, public_url="https://texts.example"))
    yield wired
    wired.stop()


@pytest.fixture
def made_up(database: Database) -> MadeUp:
    """The demo's school, whose families have no chats here."""
    return school_of_texts(database)


def school_of_texts(database: Database) -> MadeUp:
    """The demo's school without its chats, which would be asked there."""
    made = make_up(database, now=NOW)
    with database.write() as session:
        session.execute(delete(Address).where(Address.channel == "telegram"))
    return made


@pytest.fixture
def asked(made_up: MadeUp, house: House) -> Asked:
    return asked_in(house, made_up)


def asked_in(house: House, made_up: MadeUp) -> Asked:
    assert house.rehearsing is not None
    house.rehearsing.set_clock(EIGHT)
    house.text("sms", LINES["sms"], BY_KEY["joanne"].number, "Maya has the dentist this afternoon at 2")
    [absence] = ask(house, made_up.office, "GET", "/api/v1/absences").json()["items"]
    with house.database.read() as session:
        contact = session.scalars(select(Contact.id).where(Contact.name == "Joanne Hart")).one()
    house.rehearsing.set_clock(TEN)
    body = {"absence": absence["id"], "contact": contact, "why": "The fifth Tuesday."}
    made = ask(house, made_up.office, "POST", EVIDENCE, json=body).json()
    house.settle()
    text = [each.message.text for each in house.simulators["sms"].gone][-1]
    return Asked(house=house, made_up=made_up, text=text, id=made["id"])


def photo(kind: str = "JPEG") -> bytes:
    made = BytesIO()
    Image.new("RGB", (60, 40), (200, 40, 40)).save(made, kind)
    return made.getvalue()


# The page -------------------------------------------------------------------------------------


def test_the_text_that_asks_ends_in_a_link_and_only_its_hash_is_with_the_request(asked: Asked) -> None:
    assert re.search(rf" https://texts\.example/e/[0-9A-Za-z]{{{TOKEN_LETTERS}}}$", asked.text)
    kept = asked.stands()
    token = asked.path.removeprefix("/e/")
    assert kept.link_hash is not None
    assert token not in str({each.name: getattr(kept, each.name) for each in EvidenceRequest.__table__.columns})


def test_staff_read_the_text_without_what_would_open_the_page(asked: Asked) -> None:
    token = asked.path.removeprefix("/e/")
    assert asked.read()["words"].endswith("https://texts.example/e/…")
    threads = ask(asked.house, asked.made_up.office, "GET", "/api/v1/threads").json()["items"]
    for each in threads:
        said = ask(asked.house, asked.made_up.office, "GET", f"/api/v1/threads/{each['id']}/messages").text
        assert token not in said
    assert token not in ask(asked.house, asked.made_up.lead, "GET", "/api/v1/changes?limit=200").text


def test_a_stranger_with_the_link_learns_the_schools_name_and_no_more(asked: Asked) -> None:
    shown = asked.get()
    assert shown.status_code == 200
    assert asked.made_up.name in shown.text
    assert PRIVATE.search(shown.text) is None
    assert "<script" not in shown.text
    headers = shown.headers
    assert (headers["cache-control"], headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "noindex" in headers["x-robots-tag"]
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert "set-cookie" not in headers


def test_looking_uses_nothing_up_however_often_and_with_whatever_verb(asked: Asked) -> None:
    for _ in range(5):
        assert asked.get().status_code == 200
        assert asked.page.head(asked.path).status_code == 200
    assert asked.send(photo()).status_code == 200


@pytest.mark.parametrize(
    ("code", "direction"),
    [("pl", "ltr"), ("ur_Latn", "ltr"), ("ar", "rtl"), ("ro", "ltr"), ("pt", "ltr"), ("uk", "ltr")],
)
def test_the_page_is_in_the_contacts_language(house: House, made_up: MadeUp, code: str, direction: str) -> None:
    # Urdu at home and a text in Latin letters: she reads those.
    with house.database.write() as session:
        session.execute(update(Contact).values(language=code.partition("_")[0]))
    shown = asked_in(house, made_up).get()
    assert f'<html lang="{code.replace("_", "-")}" dir="{direction}">' in shown.text
    assert words(code, "upload.label") in shown.text


def test_a_link_that_is_over_is_told_in_the_browsers_language_as_one_that_never_was(asked: Asked) -> None:
    assert asked.send(photo()).status_code == 200
    over = asked.get(**{"Accept-Language": "pl-PL,pl;q=0.9,en;q=0.5"})
    never = asked.page.get(f"/e/{new_token()}", headers={"Accept-Language": "pl"})
    junk = asked.page.get("/e/x", headers={"Accept-Language": "pl"})
    assert over.status_code == never.status_code == junk.status_code == 404
    assert over.text == never.text == junk.text
    assert words("pl", "upload.ended") in over.text
    assert asked.made_up.name not in over.text


# Sending --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "kind"), [(photo(), "image/jpeg"), (photo("PNG"), "image/jpeg"), (LETTER, "application/pdf")]
)
def test_a_file_is_kept_as_one_that_came_by_chat_thanked_by_text_and_shown_to_staff(
    asked: Asked, data: bytes, kind: str
) -> None:
    done = asked.send(data)
    assert done.status_code == 200
    assert "We have what you sent" in done.text
    shown = asked.read()
    [file] = shown["files"]
    assert (shown["status"], file["status"], file["channel"], file["content_type"]) == (
        "received", "kept", "page", kind,
    )  # fmt: skip
    assert asked.heard() == ["Thank you. We have what you sent, and a person at school will look at it."]
    with asked.house.database.read() as session:
        assert session.scalars(select(StaffItem.why).where(StaffItem.why.like("evidence%"))).all() == ["evidence"]
    looks = f"{EVIDENCE}/{asked.id}/files/{file['id']}/looks"
    assert ask(asked.house, asked.made_up.office, "POST", looks).content[:4] in (b"\xff\xd8\xff\xe0", b"%PDF")
    rows = ask(asked.house, asked.made_up.lead, "GET", "/api/v1/changes?limit=200").json()["items"]
    verbs = [(each["verb"], each["actor"].partition(":")[0]) for each in rows if each["subject"] == "evidence_request"]
    assert verbs == [
        ("ask_for_evidence", "user"), ("send_evidence", "contact"), ("keep_evidence", "system"),
        ("look_at_evidence", "user"),
    ]  # fmt: skip


def test_the_first_file_ends_the_link(asked: Asked) -> None:
    assert asked.send(photo()).status_code == 200
    again = asked.send(LETTER)
    assert again.status_code == 404
    assert asked.get().status_code == 404
    assert len(asked.read()["files"]) == 1


@pytest.mark.parametrize(
    ("data", "status", "said"),
    [
        (b"\0" * (LARGEST_FILE + 1), 413, "too big"),
        (b"\0" * (3 * LARGEST_FILE), 413, "too big"),
        (b"PK\x03\x04 a sheet", 415, "open that file"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", 415, "screenshot"),
        (b"<html><script>alert(1)</script>", 415, "open that file"),
        (b"", 422, "choose a photo or PDF first"),
    ],
    ids=["large", "huge", "sheet", "heic", "page", "empty"],
)  # fmt: skip
def test_what_is_not_taken_is_answered_on_the_page_and_the_link_stands(
    asked: Asked, data: bytes, status: int, said: str
) -> None:
    refused = asked.send(data)
    assert refused.status_code == status
    assert said in refused.text
    assert 'type="file"' in refused.text
    assert PRIVATE.search(refused.text) is None
    assert asked.read()["files"] == []
    assert asked.heard() == []
    assert asked.send(photo()).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"data": {"file": "words"}},
        {"content": b"file=1", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"content": b"{}", "headers": {"Content-Type": "application/json"}},
        {"content": b"no parts at all", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"--x", "headers": {"Content-Type": "multipart/form-data"}},
        {"files": [("file", ("a", LETTER)), ("file", ("b", LETTER))]},
        {"files": {"other": ("a", LETTER)}},
        {},
    ],
)
def test_what_is_no_form_of_ours_is_refused_and_the_link_stands(asked: Asked, sent: dict[str, Any]) -> None:
    assert asked.page.post(asked.path, **sent).status_code in (415, 422)
    assert asked.get().status_code == 200
    assert asked.read()["files"] == []


def test_a_body_is_not_kept_beyond_the_limit_while_it_comes(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    monkeypatch.setattr("bot.uploading.read", lambda data: kept.append(len(data)))

    def endless() -> Iterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(200):
            yield b"\0" * 100_000

    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert asked.page.post(asked.path, content=endless(), headers=headers).status_code == 413
    assert kept == []


def test_of_two_at_once_with_one_link_one_is_kept(asked: Asked) -> None:
    with ThreadPoolExecutor(6) as at_once:
        answers = list(at_once.map(lambda _: asked.send(photo()).status_code, range(6)))
    assert sorted(answers) == [200, 404, 404, 404, 404, 404]
    assert [each["status"] for each in asked.read()["files"]] == ["kept"]
    assert len(asked.heard()) == 1


def test_a_fault_before_the_commit_keeps_nothing_and_the_link_stands(
    asked: Asked, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(type(asked.house.database), "notify", lambda *_: 1 / 0)
        with caplog.at_level(logging.ERROR, logger="bot.uploading"):
            failed = asked.send(photo())
    assert failed.status_code == 500
    assert "try again" in failed.text
    caplog.clear()
    assert asked.read()["files"] == []
    assert asked.send(photo()).status_code == 200


# The end of a link ----------------------------------------------------------------------------


def ended(asked: Asked, how: str) -> None:
    path = f"{EVIDENCE}/{asked.id}/{how}"
    ask(asked.house, asked.made_up.office, "POST", path, json={}, headers={"If-Match": "*"})


def bereaved(asked: Asked) -> None:
    asked.house.text("sms", LINES["sms"], BY_KEY["joanne"].number, "Maya's grandad died, she won't be in tomorrow")


def days_later(asked: Asked) -> None:
    assert asked.house.rehearsing is not None
    asked.house.rehearsing.set_clock(TEN + timedelta(days=14))


def held(asked: Asked) -> None:
    asked.house.text("sms", LINES["sms"], BY_KEY["joanne"].number, "Maya's dad hit me last night")


def held_and_released(asked: Asked) -> None:
    held(asked)
    [pupil] = asked.read()["pupils"]
    released = ask(asked.house, asked.made_up.lead, "POST", f"/api/v1/holds/{pupil}/release").json()
    assert released["released"]


def rights(**values: bool) -> Callable[[Asked], None]:
    def lost(asked: Asked) -> None:
        with asked.house.database.write() as session:
            session.execute(update(Right).values(**values))

    return lost


@pytest.mark.parametrize(
    "ends",
    [
        lambda asked: ended(asked, "withdrawal"),
        lambda asked: ended(asked, "closing"),
        bereaved,
        days_later,
        held,
        held_and_released,
        rights(may_be_told=False),
        rights(may_see_reasons=False),
        rights(no_contact=True),
    ],
    ids=["withdrawn", "closed", "bereaved", "days", "held", "released", "not-told", "no-reasons", "no-contact"],
)
def test_the_link_ends_with_what_it_was_for(asked: Asked, ends: Callable[[Asked], None]) -> None:
    ends(asked)
    assert asked.get().status_code == 404
    assert asked.send(photo()).status_code == 404
    with asked.house.database.read() as session:
        assert session.scalars(select(EvidenceFile)).all() == []


def test_what_ends_while_a_file_is_on_its_way_ends_it(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:

    def slow(data: bytes) -> Any:
        ended(asked, "withdrawal")
        return read(data)

    monkeypatch.setattr("bot.uploading.read", slow)
    assert asked.send(photo()).status_code == 404
    assert asked.read()["files"] == []


# Strangers ------------------------------------------------------------------------------------


def test_who_tries_tokens_is_answered_no_more_for_a_while(asked: Asked) -> None:
    for _ in range(MOST_MISSES):
        assert asked.page.get(f"/e/{new_token()}").status_code == 404
    assert asked.page.get(f"/e/{new_token()}").status_code == 429
    assert asked.get().status_code == 429
    elsewhere = TestClient(asked.house.app, client=("192.0.2.7", 50000))
    assert elsewhere.get(asked.path).status_code == 200


def test_misses_are_counted_by_household_and_forgotten_in_time() -> None:
    at = [0.0]
    misses = Misses(clock=lambda: at[0])
    for number in range(MOST_MISSES):
        assert not misses.are_many("2001:db8::1")
        misses.count(f"2001:db8::{number:x}")
    assert misses.are_many("2001:db8::ffff")
    assert not misses.are_many("2001:db8:0:1::1")
    at[0] = 601.0
    assert not misses.are_many("2001:db8::1")


def test_no_log_line_holds_a_token(asked: Asked, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        asked.get()
        asked.send(b"")
        asked.send(photo())
        asked.get()
    # The test's own client logs what it asks; it is no part of the house.
    ours = [each.getMessage() for each in caplog.records if not each.name.startswith(("httpx", "httpcore"))]
    assert asked.path.removeprefix("/e/") not in str(ours)


# Where there is no link -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("public", "rehearsal", "address"),
    [
        ("https://texts.example", False, "https://texts.example"),
        ("http://texts.example", False, ""),
        (None, False, ""),
        ("http://127.0.0.1:9", True, "http://127.0.0.1:9"),
    ],
)
def test_a_live_house_sends_a_link_only_where_it_is_reached_by_https(
    public: str | None, rehearsal: bool, address: str
) -> None:
    assert wiring._address(Settings(public_url=public, _env_file=None), Options(rehearsal=rehearsal)) == address


def test_without_a_link_the_text_asks_to_show_it_at_the_office(database: Database, made_up: MadeUp) -> None:
    too_long = "https://" + "texts" * 8 + ".example"
    house = build(Settings.model_construct(), database, Options(rehearsal=True, public_url=too_long))
    asked = asked_in(house, made_up)
    assert asked.text.endswith("please show it at the office. If not, just tell us. There's no rush.")
    assert asked.stands().link_hash is None
    house.stop()


def test_a_link_is_no_longer_than_a_text_has_room_for() -> None:
    room = LONGEST_LINK - TOKEN_LETTERS - len("/e/")
    assert link_of("h" * room, new_token())
    assert link_of("h" * (room + 1), new_token()) == ""
    assert link_of("", new_token()) == ""


def test_tokens_are_letters_and_digits_of_more_than_128_bits_and_never_the_same() -> None:
    assert 62**TOKEN_LETTERS > 2**128
    drawn = {new_token() for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch(r"[0-9A-Za-z]+", each) for each in drawn)
    assert masked(f"here https://a.example/e/{drawn.pop()}") == "here https://a.example/e/…"
