"""A page asked for ahead of a click: nothing is written down until somebody opens it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from dashboard.accounts.models import OpenedOrganization, Person
from dashboard.entity import entities
from tests.support.markup import CheckedClient, form_of
from tests.support.sandbox import Sandbox
from tests.support.url_patterns import url_patterns
from tests.web.test_policies import path_of

AHEAD = {"X-Ahead": "1"}
ORGANIZATION = "/o/org_1001/"
RECORD, LIST = f"{ORGANIZATION}locations/1/", f"{ORGANIZATION}locations/"
KEPT = "dashboard_cache_last_read"
RECORDS = [each.pages.record for each in entities() if each.pages.record]
TRACE = {OpenedOrganization._meta.label, "usersessions.UserSession", KEPT}
PATHS = {
    name: path_of(pattern, "org_1001")
    for name, pattern, _ in url_patterns()
    if name in RECORDS and pattern.startswith("o/")
}


@pytest.fixture
def person(sandbox: Sandbox, people: dict[str, Person]) -> CheckedClient:
    """An administrator, whose session is due to be written down."""
    client = CheckedClient()
    client.force_login(people["admin"])
    session = client.session
    session["used_at"] -= 300
    session.save()
    return client


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that our own database holds but the figures of calls, which are nobody's, and of what it has copies for an
    outage."""
    kept = [model for model in apps.get_models() if model._meta.managed and model._meta.app_label != "status"]
    held = {model._meta.label: list(model._default_manager.values()) for model in kept}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT cache_key FROM {KEPT} WHERE cache_key NOT LIKE '%%:ahead:%%'")
        held[KEPT] = [{"key": key} for (key,) in cursor.fetchall()]
    return held


def changed(before: dict[str, list[dict[str, Any]]]) -> set[str]:
    now = everything()
    return {name for name in now if now[name] != before[name]}


@pytest.mark.parametrize("mark", [AHEAD, {"Sec-Purpose": "prefetch;prerender"}], ids=["script", "browser"])
@pytest.mark.parametrize("name", PATHS)
def test_a_record_asked_ahead_leaves_no_trace(name: str, mark: dict[str, str], person: CheckedClient) -> None:
    before = everything()
    asked = person.get(PATHS[name], headers=mark)
    assert asked.status_code in {200, 302, 404}, name
    assert changed(before) == set()


def test_a_record_that_is_opened_leaves_one(person: CheckedClient) -> None:
    before = everything()
    person.get(RECORD)
    assert changed(before) >= TRACE


def test_what_was_asked_ahead_leaves_one_once_it_is_opened(person: CheckedClient) -> None:
    before = everything()
    page = person.get(RECORD, headers=AHEAD)["X-Request-Id"]
    answer = person.get(f"{ORGANIZATION}opened/", {"page": page})
    assert (answer.status_code, answer.content) == (204, b"")
    assert changed(before) >= TRACE


def test_only_its_reader_opens_it(person: CheckedClient, signed_in: Callable[[str], CheckedClient]) -> None:
    page = person.get(RECORD, headers=AHEAD)["X-Request-Id"]
    before = everything()
    signed_in("viewer").get(f"{ORGANIZATION}opened/", {"page": page})
    assert KEPT not in changed(before)


def test_a_page_over_no_record_is_not_given_ahead(person: CheckedClient, sandbox: Sandbox) -> None:
    for path in ("/approvals/", "/coupons/", "/audit/", "/status/", f"{ORGANIZATION}notes/locations/1/"):
        answer = person.get(path, headers=AHEAD)
        assert (answer.status_code, answer.content) == (204, b""), path


def test_messages_wait_for_a_page_that_is_opened(person: CheckedClient) -> None:
    person.post(RECORD, form_of(person.get(RECORD).content.decode()))  # nothing was changed
    for _ in range(2):
        person.get(RECORD, headers=AHEAD)
    assert 'data-outcome="unchanged"' in person.get(LIST).content.decode()
    assert 'data-outcome="unchanged"' not in person.get(LIST).content.decode()
