"""`manage.py check_api`: Flowtly's own document against what is expected, and which settings to change."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import settings as now
from django.core.management import call_command

from dashboard.flowtly import Names
from dashboard.flowtly.contract.diff import Comparison, compare
from dashboard.flowtly.contract.document import Described
from dashboard.sandbox.names import FLIPPED
from dashboard.status.models import Compared
from dashboard.upstream import connection
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox, running_sandbox

DEFAULTS = {
    "FLOWTLY_LOGIN_PATH": "/login",
    "FLOWTLY_TENANT_HEADER": "instance",
    "FLOWTLY_TENANT_FIELD": "instance",
    "FLOWTLY_COUPON_FIELD": "coupon",
    "FLOWTLY_UPLOAD_FIELD": "file",
    "FLOWTLY_SEARCH_PARAMETER": "q",
    "FLOWTLY_ENROLL_FIELDS": ["tenantId", "clientId"],
    "FLOWTLY_CONFIG_FIELD": "value",
}


def check(*options: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_api", *options, stdout=out)
    except SystemExit as ended:
        return int(str(ended.code)), out.getvalue()
    return 0, out.getvalue()


def test_agrees_where_the_settings_are_right(sandbox: Sandbox, db: None) -> None:
    status, said = check()
    assert status == 0, said
    assert said.startswith("Agrees. 63 endpoints and ")
    assert f"FLOWTLY_TENANT_HEADER={sandbox.names['tenant_header']}: is what Flowtly says" in said


def test_names_every_setting_that_is_wrong_and_what_it_should_be(db: None, settings: Any) -> None:
    """The address too: the document is looked for where it usually is."""
    with running_sandbox("--flipped") as flipped:
        for name, value in {**DEFAULTS, "FLOWTLY_BASE_URL": flipped.origin}.items():
            setattr(settings, name, value)
        status, said = check()
    assert status == 1
    wrong = [line.split(None, 1)[1] for line in said.splitlines() if line.strip().startswith("wrong")]
    assert wrong == [
        f"FLOWTLY_BASE_URL={flipped.origin}: should be {flipped.origin}/api",
        f"FLOWTLY_LOGIN_PATH=/login: should be {FLIPPED.login_path}",
        f"FLOWTLY_TENANT_HEADER=instance: should be {FLIPPED.tenant_header}",
        f"FLOWTLY_TENANT_FIELD=instance: should be {FLIPPED.tenant_field}",
        f"FLOWTLY_COUPON_FIELD=coupon: should be {FLIPPED.coupon_field}",
        f"FLOWTLY_UPLOAD_FIELD=file: should be {FLIPPED.upload_field}",
        f"FLOWTLY_SEARCH_PARAMETER=q: should be {FLIPPED.search_parameter}",
        f"FLOWTLY_ENROLL_FIELDS=tenantId,clientId: should be {FLIPPED.enroll_fields}",
        f"FLOWTLY_CONFIG_FIELD=value: should be {FLIPPED.config_value_field}",
    ]
    assert "missing" not in said, "a wrong name is told once, not wherever it is used"
    assert f"FLOWTLY_FOOTER_FIELDS=: found by itself: {FLIPPED.footer_field}" in said


def test_what_is_described_with_its_class_is_told_as_not_said(sandbox: Sandbox, db: None) -> None:
    """Uploads and acts, as API Platform describes them; and the tenant header is in no document of its."""
    sandbox.settings(docs_bodies="class")
    status, said = check()
    assert status == 0, said
    for setting in ("UPLOAD_FIELD", "COUPON_FIELD", "TENANT_HEADER"):
        (line,) = [line for line in said.splitlines() if f"FLOWTLY_{setting}=" in line]
        assert line.split(None, 2)[:2] == ["not", "said"], line


def test_reads_a_document_behind_the_token(sandbox: Sandbox, db: None) -> None:
    sandbox.settings(docs="token")
    status, said = check("--json")
    assert status == 0
    assert json.loads(said)["address"] == f"{sandbox.base_url}/docs.jsonopenapi"
    assert "sandbox-" not in said


def test_says_that_it_could_not_compare(sandbox: Sandbox, db: None, settings: Any) -> None:
    sandbox.settings(docs="off")
    status, said = check()
    assert status == 2
    assert "Flowtly serves no description of itself at the usual addresses" in said
    sandbox.settings(docs="token")
    settings.FLOWTLY_LOGIN_PATH = "/sign-in-elsewhere"
    status, said = check()
    assert status == 2
    assert "FLOWTLY_LOGIN_PATH may be wrong" in said
    settings.FLOWTLY_BASE_URL = "http://127.0.0.1:9"
    status, said = check()
    assert status == 2
    assert "Flowtly did not answer" in said


def test_the_page_shows_the_last_result_and_makes_a_new_one(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], settings: Any
) -> None:
    admin = signed_in("admin")
    assert "It has not been compared yet" in admin.get("/status/").content.decode()
    settings.FLOWTLY_COUPON_FIELD = "voucher"
    connection.forget()
    assert signed_in("finance").send("/status/", {"compare": "1"}).status_code == 403
    assert admin.send("/status/", {"compare": "1"})["Location"] == "/status/"
    page = signed_in("viewer").get("/status/").content.decode()
    assert "1 difference" in page
    assert "FLOWTLY_COUPON_FIELD=voucher" in page
    assert f"should be {sandbox.names['coupon_field']}" in page
    assert "by admin" in page
    assert Compared.objects.count() == 1
    settings.FLOWTLY_BASE_URL = now.FLOWTLY_BASE_URL.replace("127.0.0.1", "localhost")
    connection.forget()
    assert "It has not been compared yet" in admin.get("/status/").content.decode(), "that was another API"


# A document as API Platform writes it: schemas by reference, collections made of several, a path in `servers`.


def schema(name: str) -> dict[str, Any]:
    return {"content": {"application/ld+json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}}


TEXT = {"type": "string"}
NEEDED = ["name", "country", "currency", "status", "tinType", "segment"]
SCHEMAS = {
    "Client": {
        "type": "object",
        "required": NEEDED,
        "properties": dict.fromkeys((*NEEDED, "colour", "dueDays"), TEXT),
    },
    "Clients": {
        "allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"properties": {"member": {"items": {"$ref": "#/components/schemas/Client"}}}},
        ]
    },
    "Base": {"properties": {"totalItems": {"type": "integer"}}},
    "Loop": {"$ref": "#/components/schemas/Loop"},
}
DOCUMENT = {
    "openapi": "3.1.0",
    "servers": [{"url": "/api"}],
    "paths": {
        "/organizations": {"get": {"parameters": [], "responses": {}}},
        "/clients": {
            "parameters": [{"$ref": "#/components/parameters/tenant"}],
            "get": {"responses": {"200": schema("Clients")}},
            "post": {"requestBody": schema("Client")},
        },
        "/clients/{identifier}": {"get": {"responses": {"200": schema("Client")}}},
        "/invoices/export": {"get": {}},
    },
    "components": {"parameters": {"tenant": {"name": "Instance", "in": "header"}}, "schemas": SCHEMAS},
}


def compared(document: dict[str, Any], prefix: str = "", base: str = "/api") -> Comparison:
    found = Described("https://api.example/api/docs.json", prefix, base, document)
    return compare(found, Names(), "https://api.example/api")


def test_reads_documents_as_api_platform_writes_them() -> None:
    found = compared(DOCUMENT)
    told = {(each.kind, each.where, each.field) for each in (*found.differences, *found.notes)}
    assert ("sent", "POST /clients", "vatNumber") in told
    assert ("needed", "POST /clients", "segment") in told
    assert ("endpoint", "POST /organizations/clear", "") in told
    assert ("optional", "GET /currencies", "") in told
    assert ("other", "GET /invoices/export", "") in told
    assert ("given", "GET /clients/{id}", "colour") in told
    assert ("type", "GET /clients/{id}", "dueDays") in told
    assert ("endpoint", "GET /clients/{id}", "") not in told, "its parameter goes by another name"
    verdicts = {name.setting: name.verdict for name in found.names}
    assert verdicts["tenant_header"] == "right", "headers are alike in any case"
    assert verdicts["coupon_field"] == "silent"


@pytest.mark.parametrize(
    "broken",
    [
        {"/organizations": []},
        {"/organizations": {"get": {"parameters": "?", "responses": [1], "requestBody": {"$ref": "#/x"}}}},
        {"/clients": {"post": {"requestBody": schema("Loop")}}},
        {"/clients": {"get": {"parameters": [None, {"$ref": 3}, {"in": "query"}]}}},
    ],
)
def test_no_document_makes_it_fail(broken: dict[str, Any]) -> None:
    assert not compared({"paths": broken, "components": DOCUMENT["components"]}).agrees
