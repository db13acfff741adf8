"""Every failure has one shape, says what to do and repeats nothing personal."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from api import problems
from api.app import Settings, create_app
from api.problems import Problem, Problems
from school.records.database import Database, DatabaseBusy, DatabaseGone
from tests.api.made_up import NOW, Office, open_office, problem
from tests.canaries import WORDS


@pytest.mark.parametrize(
    ("method", "path", "content", "status", "code"),
    [
        ("GET", "/api/v1/nowhere", None, 404, "not-found"),
        ("GET", "/nowhere", None, 404, "not-found"),
        ("GET", "/api/v1/pupils/", None, 404, "not-found"),
        ("DELETE", "/api/v1/pupils", None, 405, "method-not-allowed"),
        ("GET", "/api/v1/pupils/nobody", None, 404, "not-found"),
        ("GET", "/api/v1/pupils/%00", None, 404, "not-found"),
        ("GET", "/api/v1/pupils?limit=0", None, 422, "invalid"),
        ("GET", "/api/v1/pupils?limit=201", None, 422, "invalid"),
        ("GET", "/api/v1/pupils?limit=99999999999999999999999", None, 422, "invalid"),
        ("GET", "/api/v1/pupils?limit=x", None, 422, "invalid"),
        ("GET", "/api/v1/pupils?q=%00", None, 422, "invalid"),
        ("GET", "/api/v1/pupils?after=%00", None, 422, "invalid"),
        ("GET", "/api/v1/pupils?after=Zm9v", None, 422, "invalid"),
        ("GET", "/api/v1/threads?after=MjAyNi85OTk5LTk5", None, 422, "invalid"),
        ("GET", "/api/v1/register-marks?from=0001-01-01", None, 422, "invalid"),
        ("GET", "/api/v1/register-marks?from=2026-09-14&to=2026-09-13", None, 422, "invalid"),
        ("GET", "/api/v1/register-marks?session=XX", None, 422, "invalid"),
        ("GET", "/api/v1/today?date=9999-12-31", None, 422, "invalid"),
        ("GET", "/api/v1/today?date=tomorrow", None, 422, "invalid"),
        ("GET", "/api/v1/changes?after=99999999999", None, 422, "invalid"),
        ("GET", "/api/v1/changes?after=-1", None, 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b"", 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b"{", 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b"\xff\xfe", 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b"[" * 100_000, 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b'{"marks": NaN}', 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b'{"marks": [], "more": "\\ud800"}', 422, "invalid"),
        ("PUT", "/api/v1/register-marks", b'{"marks": [' + b"9" * 5000 + b"]}", 422, "invalid"),
    ],
)
def test_what_cannot_be_understood_is_a_problem_of_one_shape(office, method, path, content, status, code):
    headers = {"Content-Type": "application/json"} if content is not None else {}
    response = office.client().request(method, path, content=content, headers=headers)
    assert response.status_code == status
    assert problem(response)["code"] == code


def test_a_fault_says_where_it_is_and_does_not_repeat_what_was_sent(office):
    sheet = {"marks": [{"pupil": WORDS, "date": WORDS, "session": WORDS, "code": WORDS, WORDS: 1}]}
    response = office.client().put("/api/v1/register-marks", json=sheet)
    said = problem(response)
    places = {fault["where"] for fault in said["faults"]}
    assert {"/marks/0/pupil", "/marks/0/date", "/marks/0/session", "/marks/0/code"} <= places
    assert WORDS not in str([fault["says"] for fault in said["faults"]])


def test_a_body_that_is_too_large_is_refused_unread(office):
    app = create_app(office.database, now=lambda: NOW, settings=Settings(largest_body=1000))
    headers = {"Authorization": f"Bearer {office.ours.secrets['office']}"}
    response = TestClient(app).put("/api/v1/register-marks", content=b" " * 1001, headers=headers)
    assert response.status_code == 413
    assert problem(response)["code"] == "too-large"


@pytest.mark.parametrize(("raised", "code"), [(DatabaseBusy, "busy"), (DatabaseGone, "unavailable")])
@pytest.mark.parametrize("path", ["/api/v1/me", "/api/v1/today", "/api/v1/absences"])
def test_a_database_that_is_locked_or_gone_is_503_and_says_when_to_come_back(sqlite_url, raised, code, path):
    class Ailing(Database):
        def read(self):
            raise raised("as it happens")

    app = create_app(Ailing(sqlite_url), now=lambda: NOW)
    response = TestClient(app).get(path, headers={"Authorization": "Bearer something"})
    assert response.status_code == 503
    assert problem(response)["code"] == code
    assert int(response.headers["retry-after"]) > 0


def test_a_file_that_is_no_database_is_503(tmp_path):
    path = tmp_path / "damaged.sqlite3"
    path.write_bytes(b"nothing of a database " * 1000)
    with closing(Database(f"sqlite:///{path}")) as database:
        client = TestClient(create_app(database, now=lambda: NOW))
        assert client.get("/health").status_code == 503
        response = client.get("/api/v1/me", headers={"Authorization": "Bearer something"})
    assert response.status_code == 503
    problem(response)


def test_while_another_process_writes_a_change_waits_and_then_is_503(sqlite_url, request):
    database = Database(sqlite_url)
    request.addfinalizer(database.close)
    office = open_office(database)
    client = office.client()
    thread = office.ours.ids["thread of Ada Okafor"]
    assert client.get(f"/api/v1/threads/{thread}").status_code == 200
    other = sqlite3.connect(str(make_url(sqlite_url).database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert client.get(f"/api/v1/threads/{thread}").status_code == 200
        response = client.post(f"/api/v1/threads/{thread}/taking")
        assert response.status_code == 503
        assert problem(response)["code"] == "busy"
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert client.post(f"/api/v1/threads/{thread}/taking").status_code == 200


def test_a_fault_of_our_own_is_500_without_a_word_of_what_was_sent(caplog):
    app = FastAPI()
    problems.install(app)

    @app.get("/fails")
    def fails() -> None:
        raise RuntimeError(WORDS)

    response = TestClient(app).get("/fails")
    assert response.status_code == 500
    assert problem(response)["code"] == "failed"
    assert WORDS not in response.text
    assert "RuntimeError at" in caplog.text
    assert WORDS not in caplog.text


def test_every_kind_has_a_code_of_its_own_and_a_sentence():
    assert len({kind.code for kind in Problems}) == len(Problems)
    for kind in Problems:
        assert kind.title.endswith(".")
        assert 400 <= kind.status < 600
        assert str(Problem(kind)) == kind.code


def test_nothing_of_an_office_is_needed_to_be_told_no(office: Office):
    assert problem(office.client("governor").get("/api/v1/pupils"))["code"] == "forbidden"
    assert problem(office.client("teacher").get("/api/v1/absences?kind=sickness"))["code"] == "reasons-hidden"
