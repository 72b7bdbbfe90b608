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

from dashboard.sandbox.names import FLIPPED, Names, Switches
from dashboard.sandbox.openapi import document
from tests.sandbox.calling import Caller

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
    max_examples=15,
    deadline=None,
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
    assert served == document(FLIPPED, Switches(settle=0.05))
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
