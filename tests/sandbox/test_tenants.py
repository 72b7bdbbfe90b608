import pytest

from tests.support.api_caller import Caller


def test_without_a_tenant_only_the_organizations_are_open(caller: Caller) -> None:
    nobody = caller.of(None)
    assert nobody.get("/organizations").status == 200
    assert nobody.get("/organizations/org_1001").status == 200
    for path in ("/locations", "/countries", "/organizations/mail-footer", "/subscriptions/catalog"):
        assert nobody.get(path).status == 403


def test_an_unknown_tenant_is_refused(caller: Caller) -> None:
    reply = caller.of("kwelgeest").get("/locations")
    assert reply.status == 403
    assert reply.json["detail"] == "Access to this instance is denied."


def test_the_header_takes_the_instance_and_the_id(caller: Caller) -> None:
    by_id = caller.of("org_1002").get("/organization-addresses").members
    by_instance = caller.of("berenice_c41d").get("/organization-addresses").members
    assert by_id == by_instance
    assert {each["organization"] for each in by_id} == {"/organizations/org_1002"}


def test_the_same_id_is_another_record_for_another_tenant(caller: Caller) -> None:
    ours, theirs = caller.get("/clients/1").json, caller.of("org_1002").get("/clients/1").json
    assert ours["id"] == theirs["id"]
    assert ours["name"] != theirs["name"]


def test_a_change_stays_with_its_tenant(caller: Caller) -> None:
    before = caller.of("org_1002").get("/locations/1").json
    assert caller.patch("/locations/1", {"name": "Elders"}).status == 200
    assert caller.of("org_1002").get("/locations/1").json == before


def test_another_tenants_record_cannot_be_referred_to(caller: Caller) -> None:
    sent = {
        "employee": "/employees/emp_038",
        "dateFrom": "2030-01-01T10:00:00Z",
        "dateTo": "2030-01-01T11:00:00Z",
    }
    assert caller.post("/meetings", sent).status == 201
    refused = caller.of("org_1002").post("/meetings", sent)
    assert refused.status == 400
    assert refused.json["detail"] == 'Item not found for "/employees/emp_038".'


def test_clearing_empties_one_tenant_and_leaves_its_billing(caller: Caller) -> None:
    assert caller.post("/organizations/clear", {}).status == 204
    for path in ("/clients", "/client-contacts", "/locations", "/meetings", "/employees"):
        assert caller.get(path).total == 0
    assert caller.get("/subscriptions").total == 2
    assert caller.get("/organization-addresses").total == 3
    assert caller.of("org_1002").get("/clients").total == 60
    assert "mailFooter" not in caller.get("/organizations/mail-footer").json


def test_numbers_are_not_used_again_after_clearing(caller: Caller) -> None:
    caller.post("/organizations/clear", {})
    assert caller.post("/locations", {"name": "Nieuw"}).json["id"] == 65


@pytest.mark.parametrize(("where", "in_list", "in_item"), [
    ("list", True, False), ("item", False, True), ("both", True, True),
])  # fmt: skip
def test_the_instance_is_shown_where_the_switch_says(
    caller: Caller, where: str, in_list: bool, in_item: bool
) -> None:
    caller.sandbox.settings(instance=where)
    assert ("instance" in caller.get("/organizations").members[0]) is in_list
    assert ("instance" in caller.get("/organizations/org_1001").json) is in_item
