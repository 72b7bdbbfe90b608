"""Where the API's documentation leaves a name open, the sandbox can go by another."""

import json
import subprocess
import sys
from dataclasses import asdict

import pytest

from dashboard.sandbox.names import FLIPPED, Names
from tests.support.api_caller import Caller
from tests.support.sandbox import ROOT, printed_names, running_sandbox

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def test_every_name_has_another() -> None:
    one, other = asdict(Names()), asdict(FLIPPED)
    assert [name for name in one if one[name] == other[name]] == []


def test_names_are_printed_for_whoever_has_to_match_them() -> None:
    assert printed_names() == asdict(Names())
    assert printed_names("--flipped") == asdict(FLIPPED)
    assert printed_names("--flipped", "--coupon-field", "code")["coupon_field"] == "code"


def test_the_base_path_and_the_prefix_of_iris(flipped: Caller) -> None:
    page = flipped.get("/locations").json
    assert page["hydra:member"][0]["@id"] == "/api/locations/1"
    assert page["hydra:view"]["hydra:next"] == "/api/locations?page=2"
    assert page["@context"] == "/api/contexts/Location"
    flipped.sandbox.faults("GET /locations", {"status": 503}, times=1)
    assert flipped.get("/locations").status == 503


def test_the_tenant_goes_by_another_field_and_header(flipped: Caller) -> None:
    listed = flipped.get("/organizations").members[0]
    assert listed["databaseName"] == "kwelgeest_7f3a"
    assert "instance" not in listed
    assert flipped.of("kwelgeest_7f3a").get("/locations").total == 64
    assert flipped.of(None).get("/locations", instance="org_1001").status == 403


def test_bodies_go_by_other_fields(flipped: Caller) -> None:
    assert flipped.post("/subscriptions/apply-coupon", {"couponCode": "SPRING-30"}).status == 200
    assert flipped.post("/subscriptions/apply-coupon", {"coupon": "SPRING-30"}).paths == ["couponCode"]
    assert flipped.upload("/organizations/logo", "image", PNG).status == 200
    assert flipped.upload("/organizations/logo", "file", PNG).paths == ["image"]
    assert flipped.patch("/configs/currency", {"content": "USD"}).json["content"] == "USD"
    assert flipped.patch("/organizations/mail-footer", {"footerHtml": "x"}).json["footerHtml"] == "x"
    teams = {"externalTenant": "3f2504e0-4f89-41d3-9a0c-0305e82c3301"}
    assert flipped.post("/integrations/microsoft-teams/enroll", teams).status == 201


def test_records_are_spelled_otherwise(flipped: Caller) -> None:
    assert flipped.get("/employees/emp_001").json["fullName"]
    assert flipped.get("/clients/search?query=zuivel").total < 400
    assert flipped.get("/clients/search?q=zuivel").total == 400
    assert {"hostedInvoiceUrl", "totalAmount"} <= set(
        flipped.get("/subscriptions/sub_1001/invoices").members[0]
    )
    assert {"title", "unitAmount"} <= set(flipped.get("/subscriptions/catalog").members[0])
    address = flipped.get("/organization-addresses").members[0]
    assert (address["type"], address["country"]) == ("seat", "/api/countries/NL")


def test_elements_swap_between_iris_and_objects(flipped: Caller) -> None:
    organization = flipped.get("/organizations/org_1001").json
    assert organization["organizationAddresses"][0]["id"] == "addr_1001_1"
    assert flipped.get("/clients/1").json["clientContacts"] == ["/api/client-contacts/1"]
    assert isinstance(flipped.get("/subscriptions/sub_1001").json["organizationAddress"], str)


def test_a_country_is_an_iri_where_it_is_written_as_one(flipped: Caller) -> None:
    path = "/organization-addresses/addr_1001_1"
    assert flipped.patch(path, {"country": "/api/countries/DK"}).json["country"] == "/api/countries/DK"
    assert flipped.patch(path, {"country": "DK"}).status == 400


@pytest.mark.parametrize(
    "arguments", [["--envelope", "xml"], ["--iris", "none"], ["--port", "x"], ["--what"]]
)
def test_a_switch_that_is_not_understood_ends_in_words(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "dashboard.sandbox", *arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "usage:" in ended.stderr


def test_prefixed_iris_without_a_base_path_exist_too() -> None:
    with running_sandbox("--iris", "prefixed", "--clients", "1", "--employee-name", "name") as sandbox:
        caller = Caller(sandbox).signed_in()
        assert caller.get("/locations/1").json["@id"] == "/api/locations/1"
        assert json.loads(caller.get("/employees/emp_001").body)["name"]
