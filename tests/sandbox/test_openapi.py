"""The document against the server: what it promises is what is answered, whatever is sent."""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dashboard.sandbox.names import FLIPPED, Names, Switches, changed
from dashboard.sandbox.openapi import document
from tests.support.api_caller import Caller

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = document(Names(), Switches())
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = [(path, method) for path, methods in DOCUMENT["paths"].items() for method in methods]
TRIALS = settings(
    max_examples=12,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda part: str(part))
def test_an_operation_answers_as_documented_whatever_is_sent(caller: Caller, path: str, method: str) -> None:
    headers = {"Authorization": f"Bearer {caller.token}", "instance": "org_1001"}

    @TRIALS
    @given(case=SCHEMA[path][method.upper()].as_strategy())
    def answers_as_documented(case: Any) -> None:
        response = case.call(base_url=caller.sandbox.base_url, headers=headers)
        case.validate_response(response, checks=CHECKS)

    answers_as_documented()


def test_the_document_served_is_the_one_held_against_the_server(caller: Caller) -> None:
    assert caller.get("/docs.jsonopenapi").json == DOCUMENT


def test_the_document_speaks_the_other_names_too(flipped: Caller) -> None:
    served = flipped.get("/docs.jsonopenapi").json
    assert served == document(FLIPPED, Switches(settle=3600.0))
    assert "/api/subscriptions/apply-coupon" in served["paths"]


def test_the_document_is_found_in_each_of_its_places(caller: Caller) -> None:
    kind = "application/vnd.openapi+json"
    for path in ("/docs.jsonopenapi", "/docs.json"):
        assert caller.get(path).media_type == kind
    assert caller.get("/docs", Accept=kind).json["openapi"].startswith("3.1")
    assert caller.get("/docs", Accept="text/html").status == 406


def test_the_document_may_be_off_or_need_the_token(caller: Caller) -> None:
    stranger = Caller(caller.sandbox)
    assert stranger.get("/docs.jsonopenapi").status == 200
    caller.sandbox.settings(docs="token")
    assert stranger.get("/docs.jsonopenapi").status == 401
    assert caller.get("/docs.jsonopenapi").status == 200
    caller.sandbox.settings(docs="off")
    assert caller.get("/docs.jsonopenapi").status == 404


IDS = {
    "/organizations/{id}": "org_1001",
    "/organization-addresses/{id}": "addr_1001_1",
    "/configs/{id}": "mail:smtp.host",
    "/locations/{id}": 5,
    "/countries/{id}": "NL",
    "/languages/{id}": "nl",
    "/subscriptions/{id}": "sub_1001",
    "/subscriptions/{id}/invoices": "sub_1001",
    "/clients/{id}": 4,
    "/clients/{id}/documents": 4,
    "/client-contacts/{id}": 3,
    "/employees/{id}": "emp_001",
    "/currencies/{id}": "EUR",
}
VOICES: tuple[dict[str, str], ...] = (
    {"envelope": "hydra"},
    {"envelope": "plain", "discounts": "shown"},
    {"envelope": "array", "pictures": "shown"},
)


@pytest.mark.parametrize("voice", VOICES, ids=lambda voice: str(voice["envelope"]))
def test_every_record_that_exists_fits_the_document(caller: Caller, voice: dict[str, str]) -> None:
    caller.sandbox.settings(**voice)
    _check_all(caller, document(Names(), changed(Switches(), voice)), "", "instance")


def test_every_record_fits_the_document_under_the_other_names(flipped: Caller) -> None:
    _check_all(flipped, document(FLIPPED, Switches()), FLIPPED.base_path, FLIPPED.tenant_header)


def _check_all(caller: Caller, found: dict[str, Any], base: str, tenant_header: str) -> None:
    schema = schemathesis.openapi.from_dict(found)
    headers = {"Authorization": f"Bearer {caller.token}", tenant_header: "org_1001"}
    meeting = caller.get("/meetings?itemsPerPage=1", Accept="application/json").json[0]["id"]
    ids = IDS | {"/meetings/{id}": meeting}
    for path, methods in found["paths"].items():
        if "get" not in methods:
            continue
        local = path.removeprefix(base)
        parameters = {"id": ids[local]} if "{id}" in local else {}
        case = schema[path]["GET"].Case(path_parameters=parameters)
        response = case.call(base_url=caller.sandbox.origin, headers=headers)
        assert response.status_code == 200, path
        case.validate_response(response, checks=CHECKS)


@pytest.mark.parametrize("shape", ["problem", "hydra", "merged", "lexik", "html"])
def test_refusals_fit_the_document_in_each_shape(caller: Caller, shape: str) -> None:
    caller.sandbox.settings(errors=shape)
    schema = schemathesis.openapi.from_dict(document(Names(), Switches(errors=shape)))
    headers = {"Authorization": f"Bearer {caller.token}", "instance": "org_1001"}
    for path, sent in (
        ("/locations", headers),
        ("/locations", {}),
        ("/clients", {**headers, "instance": "x"}),
    ):
        case = schema[path]["POST"].Case(body={"name": ""}, media_type="application/json")
        response = case.call(base_url=caller.sandbox.origin, headers=sent)
        assert response.status_code in (401, 403, 422)
        case.validate_response(response, checks=CHECKS)
