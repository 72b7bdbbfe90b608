"""Calls of a save: the record is read once, under the lock, and then changed. A page that is refused by our own form
reads it to draw the page, and one that Flowtly refuses does not read it again."""

import re
from collections.abc import Callable, Mapping

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

ORGANIZATION = "/o/org_1001"
# The page, the collection whose records it reads, what is typed, and what our own form refuses.
SAVES = [
    ("locations/1/", "/locations/1", {"name": "Noordkade"}, {"name": ""}),
    ("addresses/addr_1001_1/", "/organization-addresses/addr_1001_1", {"city": "Delft"}, {"city": ""}),
    ("clients/1/", "/clients/1", {"addressCity": "Delft"}, {"name": ""}),
    ("configs/session.timeout/", "/configs/session.timeout", {"value": "31"}, {"value": "half an hour"}),
]


def calls(sandbox: Sandbox, record: str) -> list[str]:
    return [r["method"] for r in sandbox.requests() if r["path"].endswith(record)]


@pytest.fixture
def submit(
    sandbox: Sandbox, people: object, signed_in: Callable[[str], CheckedClient]
) -> Callable[[str, Mapping[str, str]], int]:
    """Opens a page, types, submits, and forgets what was asked of the API to draw it."""

    def submit(page: str, typed: Mapping[str, str]) -> int:
        client = signed_in("admin")
        path = f"{ORGANIZATION}/{page}"
        drawn = client.get(path).content.decode()
        if "value" in typed:
            typed = {sandbox.names["config_value_field"]: typed["value"], "stored_as": "integer"}
        sandbox.clear_requests()
        return client.post(path, {**hidden_of(drawn), **typed}).status_code

    return submit


@pytest.mark.parametrize(("page", "record", "typed", "_refused"), SAVES)
def test_a_save_reads_once_and_changes_once(
    page: str,
    record: str,
    typed: dict[str, str],
    _refused: dict[str, str],
    sandbox: Sandbox,
    submit: Callable[[str, Mapping[str, str]], int],
) -> None:
    assert submit(page, typed) == 302
    assert calls(sandbox, record) == ["GET", "PATCH"]


@pytest.mark.parametrize(("page", "record", "_typed", "refused"), SAVES)
def test_what_our_own_form_refuses_is_read_to_be_drawn(
    page: str,
    record: str,
    _typed: dict[str, str],
    refused: dict[str, str],
    sandbox: Sandbox,
    submit: Callable[[str, Mapping[str, str]], int],
) -> None:
    assert submit(page, refused) == 422
    assert calls(sandbox, record) == ["GET"]


@pytest.mark.parametrize(("page", "record", "typed", "_refused"), SAVES)
def test_what_flowtly_refuses_is_drawn_from_what_was_read_under_the_lock(
    page: str,
    record: str,
    typed: dict[str, str],
    _refused: dict[str, str],
    sandbox: Sandbox,
    submit: Callable[[str, Mapping[str, str]], int],
) -> None:
    sandbox.faults(f"PATCH {record}", {"status": 403})
    assert submit(page, typed) == 422
    assert calls(sandbox, record) == ["GET", "PATCH"]


# What a save writes to our own database: each line is one commit.
COMMITS = [
    ["INSERT audit_operation", "INSERT audit_saving"],  # once, and alone
    [
        "INSERT audit_entry",
        "INSERT audit_known",
        "UPDATE audit_head",
        "INSERT audit_open",
    ],  # before it leaves
    ["INSERT audit_entry", "UPDATE audit_known", "UPDATE audit_head", "DELETE audit_open"],  # what came of it
    ["UPDATE audit_operation", "DELETE audit_saving"],  # told, and let go
]


@pytest.mark.django_db(transaction=True)
def test_a_save_asks_our_own_database_for_no_more_than_four_commits(
    sandbox: Sandbox, people: object, signed_in: Callable[[str], CheckedClient]
) -> None:
    client, path = signed_in("admin"), f"{ORGANIZATION}/locations/1/"
    for name in ("Noordkade", "Zuidkade"):  # the first finds no head
        carried = hidden_of(client.get(path).content.decode())
        with CaptureQueriesContext(connection) as asked:
            assert client.post(path, {**carried, "name": name}).status_code == 302
    commits: list[list[str]] = [[]]
    for statement in [query["sql"] for query in asked.captured_queries if "cache" not in query["sql"]]:
        if statement == "COMMIT":
            commits.append([])
        elif found := re.match(r'(INSERT|UPDATE|DELETE)[A-Z ]* "?(\w+)', statement):
            commits[-1].append(f"{found[1]} {found[2]}")
    assert [each for each in commits if each] == COMMITS
    assert len([query for query in asked.captured_queries if "cache" not in query["sql"]]) <= 30
