"""The interface as described is the interface as it is."""

from __future__ import annotations

import re
from contextlib import closing
from html.parser import HTMLParser
from typing import Any

import hypothesis
import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, Phase
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api.description import TAGS
from api.problems import MEDIA_TYPE, Problems
from school.records.database import Database
from tests.api.made_up import Office, open_office

DESCRIPTION = "/api/v1/openapi.json"
# interface.md: the resources of the first part.
PROMISED = {
    "/api/v1/today", "/api/v1/pupils", "/api/v1/pupils/{pupil_id}/contacts", "/api/v1/contacts", "/api/v1/absences",
    "/api/v1/absences/{absence_id}", "/api/v1/absences/{absence_id}/withdrawal", "/api/v1/register-marks",
    "/api/v1/safeguarding-items", "/api/v1/threads", "/api/v1/threads/{thread_id}/messages", "/api/v1/changes",
    "/api/v1/users", "/api/v1/tokens", "/api/v1/me", "/health", "/rehearsal/clock", "/rehearsal/sent",
}  # fmt: skip


@pytest.fixture
def described(office: Office) -> dict[str, Any]:
    found: dict[str, Any] = office.client(None).get(DESCRIPTION).json()
    return found


def operations(described: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, each) for path, methods in described["paths"].items() for method, each in methods.items()]


def test_every_route_is_described_and_every_promised_one_is_there(office, described):
    routes = {
        (route.path, method.lower())
        for route in office.app.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods or ()
    }
    assert {(path, method) for path, method, _ in operations(described)} == routes
    assert set(described["paths"]) >= PROMISED


def test_every_operation_says_what_it_does_what_it_asks_for_and_how_it_fails(described):
    kinds = {kind.status for kind in Problems}
    for path, method, operation in operations(described):
        assert operation["summary"], (path, method)
        assert operation["description"], (path, method)
        assert set(operation["tags"]) <= set(TAGS), (path, method)
        failures = {status: each for status, each in operation["responses"].items() if status >= "400"}
        for status, failure in failures.items():
            if (path, status) != ("/health", "503"):
                assert set(failure["content"]) == {MEDIA_TYPE}, (path, method, status)
            assert int(status) in kinds
        if operation["security"]:
            assert {"401", "403", "422", "503"} <= set(failures), (path, method)
        if "{" in path:
            assert "404" in failures, (path, method)
        if method != "get":
            assert "413" in failures, (path, method)


def test_the_description_names_no_framework_shape_and_has_no_loose_end(described):
    text = str(described)
    assert "HTTPValidationError" not in text
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in described["components"]["schemas"], name


class Links(HTMLParser):
    """What a page points at, and what it fetches."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.targets: set[str] = set()
        self.fetched: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Notes ids, links and sources."""
        values = {name: value or "" for name, value in attrs}
        self.anchors.add(values.get("id", ""))
        if tag == "a":
            self.targets.add(values["href"])
        if "src" in values or tag in {"link", "script", "iframe"}:
            self.fetched.add(values.get("src") or values.get("href") or tag)


def test_the_page_shows_every_operation_and_fetches_nothing(office, described):
    page = office.client(None).get("/api/v1/docs").text
    links = Links(page)
    for path, _, operation in operations(described):
        assert path in page
        assert operation["summary"].replace("'", "&#39;") in page
    assert links.fetched == set()
    assert {target.removeprefix("#") for target in links.targets if target.startswith("#")} <= links.anchors
    assert {target for target in links.targets if not target.startswith("#")} == {"openapi.json"}


# Fuzzing ----------------------------------------------------------------------------------------


def fuzz(office: Office, role: str, examples: int) -> int:
    """Sends what the description allows and what it does not, and looks at each answer; gives how many it sent."""
    schema = schemathesis.openapi.from_asgi(DESCRIPTION, office.app)
    headers = {"Authorization": f"Bearer {office.ours.secrets[role]}"}
    known = sorted(office.ours.ids.values())
    sent = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[union-attr]
        if operation.path.endswith("/stream"):
            continue

        @hypothesis.settings(
            max_examples=examples,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(), which=hypothesis.strategies.sampled_from([None, *known]))
        def send(case, which):
            nonlocal sent
            sent += 1
            # An id that is really there leads further in than any made-up one.
            if which is not None and case.path_parameters:
                case.path_parameters = dict.fromkeys(case.path_parameters, which)
            response = case.call(headers=headers)
            assert response.status_code < 500, f"{case.method} {case.path}: {response.status_code}"
            # A day before the school's time, or a cursor of another list, fits any schema and is refused all the same.
            case.validate_response(response, headers=headers, excluded_checks=[positive_data_acceptance])

        send()
    return sent


@pytest.mark.parametrize("role", ["office", "safeguarding_lead", "administrator"])
def test_whatever_is_sent_is_answered_as_described(sqlite_url, role):
    with closing(Database(sqlite_url)) as database:
        assert fuzz(open_office(database), role, examples=30) > 300


def test_whatever_is_sent_is_answered_as_described_on_postgresql(postgres_url):
    with closing(Database(postgres_url)) as database:
        assert fuzz(open_office(database), "office", examples=30) > 300
