"""Names that nobody can see: refused where they are entered, and said where Flowtly has them."""

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from dashboard.standards.foreign_text import can_be_seen
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

ORGANIZATION = "/o/org_1001"
UNSEEN = ["\u200b", "\u00a0", " \u2060\u200d ", "\u3164", "\u2800", "\u202e", "\ufeff\u00ad"]
# The page, a field of it that is a name or another text, and what else it takes.
FIELDS = [
    ("/locations/1/", "name"),
    ("/locations/new/", "name"),
    ("/addresses/addr_1001_1/", "name"),
    ("/addresses/addr_1001_1/", "city"),
    ("/clients/1/", "name"),
    ("/clients/1/", "vatNumber"),
    ("/clients/1/contacts/1/", "name"),
    ("/clients/1/contacts/1/", "title"),
]


@pytest.fixture
def admin(sandbox: Sandbox, people: object, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("admin")


@pytest.mark.parametrize("typed", UNSEEN, ids=ascii)
@pytest.mark.parametrize(("page", "name"), FIELDS)
def test_a_text_of_nothing_that_can_be_seen_is_refused_at_its_field(
    page: str, name: str, typed: str, admin: CheckedClient, sandbox: Sandbox
) -> None:
    answer = admin.send(f"{ORGANIZATION}{page}", {name: typed})
    if not typed.strip() and name in {"vatNumber", "title"}:  # plain blanks clear a field that may be empty
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert f'id="id_{name}_error"' in answer.content.decode()
    assert [
        r for r in sandbox.requests() if r["method"] in {"PATCH", "POST"} and "login" not in r["path"]
    ] == []


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        *((each, False) for each in ["", *UNSEEN]),
        *((each, True) for each in ["a", " \u200ba", "\u0645", "·", "🧾"]),
    ],
)  # fmt: skip
def test_what_can_be_seen(text: str, seen: bool) -> None:
    assert can_be_seen(text) is seen


# Where a record's name stands: the page, the call that gives it, what is asked to be drifted in it.
SHOWN = [
    ("/o/org_1001/locations/", "GET /locations", "merge_members", {"id": 41}, "41"),
    ("/o/org_1001/locations/1/", "GET /locations/1", "merge", {}, "1"),
    ("/o/org_1001/clients/", "GET /clients", "merge_members", {"id": 41}, "41"),
    ("/o/org_1001/clients/1/", "GET /clients/1", "merge", {}, "1"),
    ("/o/org_1001/clients/1/documents/", "GET /clients/1", "merge", {}, "1"),
    ("/o/org_1001/clients/1/contacts/1/", "GET /client-contacts/1", "merge", {"email": ""}, "1"),
    ("/o/org_1001/addresses/", "GET /organization-addresses", "merge_members", {"id": "addr_9"}, "addr_9"),
    ("/o/org_1001/addresses/addr_1001_1/", "GET /organization-addresses/addr_1001_1", "merge", {}, "addr_1001_1"),
    ("/o/org_1001/addresses/addr_1001_2/delete/", "GET /organization-addresses/.*_2", "merge", {}, "addr_1001_2"),
    ("/", "GET /organizations", "merge_members", {"id": "org_9"}, "org_9"),
    ("/o/org_1001/", "GET /organizations/org_1001", "merge", {}, "org_1001"),
    ("/o/org_1001/find/?q=%2Flocations%2F1&page=1", "GET /locations/1", "merge", {"id": 1}, "1"),
]  # fmt: skip


@pytest.mark.parametrize("name", ["  ", "\u00a0", "\u200b\u2060"], ids=ascii)
@pytest.mark.parametrize(("page", "call", "how", "more", "identifier"), SHOWN)
def test_a_record_whose_name_cannot_be_seen_is_shown_with_its_id(
    page: str, call: str, how: str, more: dict[str, Any], identifier: str, name: str, admin: CheckedClient,
    sandbox: Sandbox,
) -> None:  # fmt: skip
    sandbox.faults(call, {how: {"name": name, **more}})
    headers = {"HX-Request": "true", "HX-Target": "find-results"} if "/find/" in page else {}
    text = unescape(admin.get(page, headers=headers).content.decode())
    assert f"(no visible name) {identifier}" in text
