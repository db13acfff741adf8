"""Setting a school up from the command line: schools, staff, keys, rosters, modes, and what is refused."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import pytest

from howwasschool.settings import PREFIX
from school.records.database import Database
from school.schools import schools
from school.settings import SchoolSettings, settings_of
from tests.canaries import FIRST_NAME
from tests.howwasschool.conftest import KEY, Command

ADD = ("school", "add", "Sample Primary", "--short-name", "Sample", "--phone", "01632 960000")
HEADER = (
    "pupil_id,first_name,known_as,surname,class,year,contact_id,contact_name,phone,language,priority,may_report,"
    "may_be_told,may_see_reasons,may_request_leave,lives_with,no_contact\n"
)
ROW = "P1,Maya,Maya,Hart,4B,4,C1,Joanne Hart,07700 900101,en,1,yes,yes,yes,yes,yes,no\n"


def roster(path: Path, *rows: str) -> str:
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return str(path)


def test_a_school_is_added_with_its_line_and_listed(command: Command) -> None:
    added = command(*ADD, "--line", "sms=+447700900000")
    assert added.exit_code == 0, added.output
    listed = command("school", "list", "--json")
    assert json.loads(listed.output) == {
        "id": added.output.strip(),
        "name": "Sample Primary",
        "short_name": "Sample",
        "lines": ["sms=+447700900000"],
    }


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--short-name", "x" * 21), "21 characters"),
        (("--line", "pigeon=Coo"), "pigeon"),
        (("--line", "sms"), "sms=+447700900000"),
    ],
)
def test_a_school_that_cannot_be_is_refused_in_words(sqlite_command: Command, more: tuple[str, ...], says: str) -> None:
    refused = sqlite_command(*ADD, *more)
    assert refused.exit_code != 0
    assert says in refused.output
    assert not sqlite_command("school", "list").output


def test_the_same_school_is_not_added_twice(sqlite_command: Command) -> None:
    sqlite_command(*ADD)
    assert "already" in sqlite_command(*ADD).output


def test_with_two_schools_one_must_be_named(sqlite_command: Command) -> None:
    sqlite_command(*ADD)
    sqlite_command("school", "add", "Other Primary", "--short-name", "Other", "--phone", "01632 960001")
    assert "Other, Sample" in sqlite_command("user", "list").output
    assert sqlite_command("user", "list", "--school", "Other").exit_code == 0


def test_every_setting_of_a_school_can_be_typed(sqlite_command: Command) -> None:
    sqlite_command(*ADD)
    typed = [f"{name}={_typed(value)}" for name, value in asdict(SchoolSettings()).items()]
    assert sqlite_command("school", "set", *typed).output == "Changed.\n"
    assert sqlite_command("school", "set", "prompts=true", "duty_phone=+447700900123").output == "Changed.\n"
    assert "true or false" in sqlite_command("school", "set", "prompts=perhaps").output


def _typed(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)


def test_a_schools_own_settings_are_changed_and_nonsense_is_refused(sqlite_command: Command) -> None:
    sqlite_command(*ADD)
    assert sqlite_command("school", "set", "office_opens=08:30", "retention_days=14").exit_code == 0
    assert "no setting" in sqlite_command("school", "set", "colour=blue").output
    assert "NAME=VALUE" in sqlite_command("school", "set", "colour").output


def test_a_school_that_is_added_keeps_words_for_as_long_as_the_installation_says_and_a_purge_says_what_it_does(
    sqlite_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}RETENTION_DAYS", "9")
    sqlite_command(*ADD)
    with Database(os.environ[f"{PREFIX}DATABASE_URL"]).read() as session:
        assert [settings_of(each).retention_days for each in schools(session)] == [9]
    would = sqlite_command("purge", "--dry-run").output
    assert would == "Sample: 0 texts would be forgotten, 0 worries kept until they are on file\n"
    assert sqlite_command("purge").output == "Sample: 0 texts forgotten, 0 worries kept until they are on file\n"


def test_the_continuity_sheet_is_written_to_a_file_that_its_owner_alone_may_read(
    sqlite_command: Command, tmp_path: Path
) -> None:
    sqlite_command(*ADD)
    out = tmp_path / "sheet.html"
    out.touch(0o644)
    written = sqlite_command("export", "sheet", "--out", str(out), "--day", "2026-11-23")
    assert written.exit_code == 0, written.output
    assert out.stat().st_mode & 0o777 == 0o600
    assert "Sample Primary: continuity sheet" in out.read_text(encoding="utf-8")


def test_staff_get_roles_and_keys_and_lose_them(command: Command) -> None:
    command(*ADD)
    added = command("user", "add", "Ann Whitlock", "--email", "ann@example.test", "--role", "safeguarding_lead")
    assert added.exit_code == 0, added.output
    secret = command("token", "add", "ann's", "--user", "ann@example.test").output.strip()
    assert len(secret) >= 40
    listed = command("token", "list").output
    assert secret not in listed
    key = listed.split(maxsplit=1)[0]
    assert command("token", "revoke", key).output == "Revoked.\n"
    assert "(over)" in command("token", "list").output
    assert command("user", "revoke", "ann@example.test").exit_code == 0
    assert "may not enter" in command("user", "list").output


def test_a_machines_key_has_the_scopes_it_was_given(sqlite_command: Command) -> None:
    sqlite_command(*ADD)
    assert sqlite_command("token", "add", "mis", "--scope", "absences:read").exit_code == 0
    assert sqlite_command("token", "add", "tests", "--role", "administrator").exit_code == 0
    listed = sqlite_command("token", "list").output
    assert "absences:read" in listed
    assert "rehearsal" in listed
    assert "needs the scopes" in sqlite_command("token", "add", "nothing").output
    assert "there is no scope" in sqlite_command("token", "add", "x", "--scope", "everything").output
    assert "no such user" in sqlite_command("token", "add", "x", "--user", "nobody@example.test").output


# Rosters -------------------------------------------------------------------------------------


def test_a_roster_is_previewed_taken_in_and_changes_nothing_the_second_time(command: Command, tmp_path: Path) -> None:
    command(*ADD)
    path = roster(tmp_path / "roster.csv", ROW)
    tried = command("import", "roster", path, "--dry-run")
    assert "1  pupils added" in tried.output
    assert "Nothing was changed." in tried.output
    assert "Taken in." in command("import", "roster", path).output
    assert "Nothing would change." in command("import", "roster", path).output


def test_every_fault_of_a_roster_is_named_by_line_and_column_and_nothing_is_taken_in(
    sqlite_command: Command, tmp_path: Path
) -> None:
    sqlite_command(*ADD)
    path = roster(tmp_path / "roster.csv", ROW, ROW.replace("P1", "P2").replace("07700 900101", FIRST_NAME))
    refused = sqlite_command("import", "roster", path)
    assert refused.exit_code == 1
    assert "line 3, column phone" in refused.output
    assert FIRST_NAME not in refused.output
    assert "nothing was taken in" in refused.output
    assert (
        "1  pupils added" in sqlite_command("import", "roster", roster(tmp_path / "good.csv", ROW), "--dry-run").output
    )


def test_a_map_names_the_columns_of_another_system(sqlite_command: Command, tmp_path: Path) -> None:
    sqlite_command(*ADD)
    path = tmp_path / "theirs.csv"
    path.write_text(HEADER.replace("first_name", "Forename") + ROW, encoding="utf-8")
    (tmp_path / "map.toml").write_text('[columns]\nfirst_name = "Forename"\n', encoding="utf-8")
    assert sqlite_command("import", "roster", str(path)).exit_code == 1
    taken = sqlite_command("import", "roster", str(path), "--map", str(tmp_path / "map.toml"))
    assert taken.exit_code == 0, taken.output


def test_a_second_roster_adds_no_right_and_says_what_waits(sqlite_command: Command, tmp_path: Path) -> None:
    sqlite_command(*ADD)
    narrow = ROW.replace("yes,yes,yes,yes,yes,no", "yes,no,no,no,yes,no")
    sqlite_command("import", "roster", roster(tmp_path / "first.csv", narrow))
    again = sqlite_command("import", "roster", roster(tmp_path / "second.csv", ROW))
    assert "would add may_be_told" in again.output


# Modes and schemas ---------------------------------------------------------------------------


def test_a_new_database_is_made_and_checked(command: Command) -> None:
    assert command("migrate", "--check").exit_code == 1
    assert command("migrate").exit_code == 0
    assert command("migrate", "--check").exit_code == 0


def test_neither_mode_starts_on_the_others_database(sqlite_command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}SECRET_KEY", KEY)
    assert sqlite_command("migrate", "--rehearsal").exit_code == 0
    refused = sqlite_command("serve")
    assert refused.exit_code == 1
    assert "made for a rehearsal" in refused.output


def test_serve_without_a_secret_names_the_setting(sqlite_command: Command) -> None:
    refused = sqlite_command("serve")
    assert refused.exit_code == 1
    assert "HOWWASSCHOOL_SECRET_KEY is missing" in refused.output
    assert not list(Path.cwd().glob("*.sqlite3"))


def test_work_is_for_postgresql(sqlite_command: Command) -> None:
    assert "on SQLite `serve` does the work" in sqlite_command("work").output


def test_a_database_that_is_gone_is_said_to_be_gone(
    no_settings: None, sqlite_command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{PREFIX}DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    refused = sqlite_command("school", "list")
    assert refused.exit_code == 1
    assert "The database is gone" in refused.output


# The doctor ----------------------------------------------------------------------------------


def test_the_doctor_finds_a_made_house_well(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"{PREFIX}SECRET_KEY", KEY)
    command("migrate", "--live")
    command(*ADD, "--line", "sms=+447700900000", "--care-line", "01632 960999")
    found = command("doctor")
    assert found.exit_code == 0, found.output
    assert "WRONG" not in found.output


def test_the_doctor_names_all_that_is_wrong(sqlite_command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "howwasschool migrate" in sqlite_command("doctor").output
    sqlite_command(*ADD)
    for name, value in {"ACCOUNT_SID": "AC1", "AUTH_TOKEN": "x", "FROM": "+447700900000"}.items():
        monkeypatch.setenv(f"{PREFIX}TWILIO_{name}", value)
    monkeypatch.setenv(f"{PREFIX}TWILIO_API_URL", "http://127.0.0.1:1")
    found = sqlite_command("doctor")
    assert found.exit_code == 1
    for fault in ("SECRET_KEY is missing", "PUBLIC_URL is missing", "lacks a line", "a care line", "Twilio cannot be"):
        assert any("WRONG" in line and fault in line for line in found.output.splitlines()), fault
