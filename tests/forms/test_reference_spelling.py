"""How the API names another record is learnt field by field, and a refusal for it is nobody's trouble."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.audit.models import Entry, Phase
from tests.support.form_fields import fields_of
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

NEW, EDIT = "/o/org_1001/clients/new/", "/o/org_1001/clients/1/"


@pytest.fixture
def accounts(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    """Nothing tells how countries are named: no record has one, and there is no document."""
    sandbox.settings(docs="off")
    sandbox.faults("GET /clients(/search)?", {"replace": []})
    sandbox.faults("GET /clients/[^/]+", {"remove": ["tinCountry", "addressCountry"]})
    return signed_in("accounts")


def sent(sandbox: Sandbox, method: str, field: str) -> list[Any]:
    asked = [r for r in sandbox.requests() if r["method"] == method and "/clients" in r["path"]]
    return [r["body"].get(field) for r in asked]


STYLES = [
    {"iri_fields": "tinCountry", "code_fields": "addressCountry"},
    {"iri_fields": "addressCountry", "code_fields": "tinCountry"},
    {"iri_fields": "tinCountry,addressCountry", "code_fields": ""},
    {"iri_fields": "", "code_fields": "tinCountry,addressCountry"},
]


@pytest.mark.parametrize("type_errors", ["400", "422"])
@pytest.mark.parametrize("style", STYLES, ids=lambda style: style["iri_fields"] or "codes")
def test_each_country_is_sent_as_its_own_field_has_it(
    accounts: CheckedClient, sandbox: Sandbox, style: dict[str, str], type_errors: str
) -> None:
    sandbox.settings(**style, type_errors=type_errors)
    for field in ("tinCountry", "addressCountry"):
        sandbox.clear_requests()
        answer = accounts.send(EDIT, {field: "FR"})
        assert answer.status_code == 302, answer.content.decode()
        values = sent(sandbox, "PATCH", field)
        prefix = (sandbox.names["iris"] == "prefixed" and (sandbox.names["base_path"] or "/api")) or ""
        assert values[-1] == (f"{prefix}/countries/FR" if field in style["iri_fields"] else "FR")
        assert len(values) <= 2
        sandbox.clear_requests()
        assert accounts.send(EDIT, {field: "NL"}).status_code == 302
        assert len(sent(sandbox, "PATCH", field)) == 1, "what was taken is kept"


def test_both_attempts_are_on_the_log(accounts: CheckedClient, sandbox: Sandbox) -> None:
    sandbox.settings(iri_fields="tinCountry", code_fields="addressCountry")
    assert accounts.send(EDIT, {"tinCountry": "FR"}).status_code == 302
    outcomes = Entry.objects.filter(phase=Phase.OUTCOME).order_by("number").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused", "applied"]


def test_a_hint_stands_beside_what_it_is_about(accounts: CheckedClient, sandbox: Sandbox) -> None:
    violation = {"propertyPath": "dueDays", "message": "This value should be of type int.", "hint": "A hint."}
    sandbox.faults("PATCH /clients/1", {"status": 422, "body": {"violations": [violation]}})
    page = accounts.send(EDIT, {"dueDays": "3"}).content.decode()
    assert "This value should be of type int. A hint." in page


@pytest.mark.parametrize("field", ["defaultCost", "attributeSet"])
@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("/sets/7", "/sets/7"),
        ({"@id": "/sets/7", "name": "Seven"}, "/sets/7"),
        ({"id": 7}, "7"),
        ("7", "7"),
    ],
)
def test_other_references_are_shown_by_name_and_sent_only_when_touched(
    accounts: CheckedClient, sandbox: Sandbox, field: str, held: Any, shown: str
) -> None:
    sandbox.clear_faults()
    sandbox.faults("GET /clients/1", {"merge": {field: held}})
    page = accounts.get(EDIT).content.decode()
    (drawn,) = [each for each in fields_of(page) if each.name == field]
    assert drawn.value == shown
    assert accounts.send(EDIT, {field: shown, "invoiceComment": "Changed"}).status_code == 302
    assert sent(sandbox, "PATCH", field) == [None]
    accounts.send(EDIT, {field: "9"})
    assert sent(sandbox, "PATCH", field)[1] == ("/sets/9" if "/" in shown else "9")
