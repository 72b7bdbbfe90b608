"""Each resource: what it lists, what it lets be made and changed, and what it refuses."""

from typing import Any

import pytest

from tests.support.api_caller import Caller

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


def test_organizations_are_partial_in_a_list_and_whole_by_themselves(caller: Caller) -> None:
    listed = caller.get("/organizations").members[0]
    assert set(listed) == {"@id", "@type", "id", "type", "status", "name", "slug", "instance"}
    whole = caller.get("/organizations/org_1001").json
    assert whole["organizationAddresses"] == [f"/organization-addresses/addr_1001_{n}" for n in (1, 2, 3)]
    assert whole["currentSubscription"] == "/subscriptions/sub_1001"
    assert (whole["demo"], whole["manualBilling"], whole["productionLike"]) == (False, False, True)
    assert "instance" not in whole


def test_an_organization_can_be_made_and_worked_in_at_once(caller: Caller) -> None:
    made = caller.post("/organizations", {"name": "Brood & Zo", "type": "demo"})
    assert (made.status, made.json["slug"], made.json["demo"]) == (201, "brood-zo", True)
    again = caller.post("/organizations", {"name": "Brood & Zo"})
    assert again.json["slug"] != "brood-zo"
    fresh = caller.of(made.json["id"])
    assert fresh.post("/locations", {"name": "Winkel"}).json["id"] == 1
    assert [each["id"] for each in fresh.get("/languages").members] == ["en"]
    instance = caller.get("/organizations?name=Brood").members[0]["instance"]
    assert caller.of(instance).get("/locations").total == 1


def test_kinds_of_organizations_differ(caller: Caller) -> None:
    manual = caller.get("/organizations/org_1003").json
    assert manual["manualBilling"] is True
    assert "stripeCustomerId" not in manual
    assert caller.get("/organizations/org_1005").json["status"] == "suspended"
    assert caller.get("/organizations/org_1004").json["demo"] is True
    assert "currentSubscription" not in caller.get("/organizations/org_1006").json


@pytest.mark.parametrize("word", ["logo", "icon"])
def test_a_picture_is_kept_and_served(caller: Caller, word: str) -> None:
    kept = caller.upload(f"/organizations/{word}", "file", PNG)
    assert (kept.status, kept.json["id"]) == (201, "org_1001")
    served = caller.of(None).get(kept.headers["content-location"])
    assert (served.status, served.media_type, served.body) == (200, "image/png", PNG)
    assert f"{word}Url" not in caller.get("/organizations/org_1001").json
    caller.sandbox.settings(pictures="shown")
    assert caller.get("/organizations/org_1001").json[f"{word}Url"].endswith(kept.headers["content-location"])
    assert caller.get("/uploads/none").status == 404


def test_a_picture_has_to_be_one(caller: Caller) -> None:
    assert caller.upload("/organizations/logo", "file", b"<svg/>").paths == ["file"]
    assert caller.upload("/organizations/logo", "picture", PNG).paths == ["file"]
    assert caller.upload("/organizations/logo", "file", PNG + b"\0" * 3_000_000).status == 422
    assert caller.post("/organizations/logo", {"file": "x"}).status == 415


def test_the_mail_footer_is_read_and_changed(caller: Caller) -> None:
    footer = caller.get("/organizations/mail-footer").json
    assert (footer["id"], footer["mailFooter"][:3]) == ("org_1001", "<p>")
    changed = caller.patch("/organizations/mail-footer", {"mailFooter": "<b>ø</b>", "name": "Hijacked"}).json
    assert (changed["mailFooter"], changed["name"]) == ("<b>ø</b>", "Kwelgeest Groep")
    assert "mailFooter" not in caller.patch("/organizations/mail-footer", {"mailFooter": None}).json


ADDRESS = {
    "type": "correspondence", "name": "Magazijn", "street": "Kade 1", "city": "Zwolle", "postCode": "8011 PK",
    "country": "NL",
}  # fmt: skip


def test_an_address_is_made_changed_and_deleted(caller: Caller) -> None:
    made = caller.post("/organization-addresses", ADDRESS)
    assert (made.status, made.json["organization"]) == (201, "/organizations/org_1001")
    path = made.json["@id"]
    assert caller.patch(path, {"city": "Meppel", "email": "post@x.example"}).json["city"] == "Meppel"
    assert caller.delete(path).status == 204
    assert caller.get(path).status == 404
    assert caller.delete(path).status == 404


def test_an_address_in_use_stays(caller: Caller) -> None:
    assert caller.delete("/organization-addresses/addr_1001_2").status == 409


def test_a_tax_number_without_its_country_is_about_the_whole_address(caller: Caller) -> None:
    refused = caller.post("/organization-addresses", {**ADDRESS, "tin": "NL123456782B01"})
    assert (refused.status, refused.paths) == (422, [""])


@pytest.mark.parametrize("value", ["text", 5, 0.5, True, ["a"], {"a": 1}, '{"json": "in text"}'])
def test_a_config_takes_any_json(caller: Caller, value: Any) -> None:
    assert caller.patch("/configs/mail:smtp.host", {"value": value}).json["value"] == value
    assert caller.get("/configs/mail%3Asmtp.host").json["value"] == value


def test_a_config_can_be_cleared_and_the_list_may_need_keys(caller: Caller) -> None:
    assert "value" not in caller.patch("/configs/currency", {"value": None}).json
    caller.sandbox.settings(config_listing="keyed")
    assert caller.get("/configs").status == 400
    assert [each["id"] for each in caller.get("/configs?keys[]=theme").members] == ["theme"]


def test_locations_have_every_kind_of_hours(caller: Caller) -> None:
    hours = [
        (each.get("officeOpenHour"), each.get("officeCloseHour")) for each in caller.get("/locations").members
    ]
    assert {(8, 17), (22, 6), (None, None), (8, None), (0, 24)} <= set(hours)
    made = caller.post("/locations", {"name": "Nacht", "officeOpenHour": 23, "officeCloseHour": 5})
    assert (made.status, made.json["id"]) == (201, 65)


def test_reference_lists_are_there(caller: Caller) -> None:
    assert caller.get("/countries").total == 249
    assert caller.get("/countries/DK").json["id"] == "DK"
    assert caller.get("/countries/XX").status == 404
    assert caller.get("/currencies/DKK").json["id"] == "DKK"
    assert caller.post("/languages", {"id": "pt-BR"}).status == 201
    assert [each["id"] for each in caller.get("/languages").members] == ["nl", "en", "de", "pt-BR"]
    assert caller.get("/languages/pt-BR").status == 200


@pytest.mark.parametrize(("switch", "path"), [
    ("contacts", "/client-contacts"), ("employees", "/employees"), ("currencies", "/currencies"),
    ("employees", "/employees/search"),
])  # fmt: skip
def test_what_an_installation_lacks_is_404(caller: Caller, switch: str, path: str) -> None:
    assert caller.get(path).status == 200
    caller.sandbox.settings(**{switch: False})
    assert caller.get(path).status == 404


def test_a_meeting_keeps_its_times_in_utc_and_its_status_to_itself(caller: Caller) -> None:
    sent = {
        "employee": "/employees/emp_002",
        "dateFrom": "2030-07-01T10:00:00+02:00",
        "dateTo": "2030-07-01T11:00:00+02:00",
    }
    made = caller.post("/meetings", {**sent, "status": "done"}).json
    assert (made["dateFrom"], made["status"]) == ("2030-07-01T08:00:00+00:00", "planned")
    changed = caller.patch(made["@id"], {"notes": "Æ", "employee": None}).json
    assert changed["notes"] == "Æ"
    assert "employee" not in changed
    assert caller.patch(made["@id"], {"dateTo": "2030-07-01T07:00:00Z"}).paths == ["dateTo"]
    assert caller.patch(made["@id"], {"dateTo": "whenever"}).status == 400


CLIENT = {
    "name": "Nieuw B.V.", "country": "/countries/NL", "currency": "/currencies/EUR", "status": "prospect",
    "tinType": "company",
}  # fmt: skip


def test_a_client_is_made_changed_and_found(caller: Caller) -> None:
    made = caller.post("/clients", CLIENT).json
    assert (made["id"], made["dueDays"], made["clientContacts"]) == (401, 14, [])
    changed = caller.patch("/clients/401", {"tin": "NL123456782B01", "tinCountry": "NL"}).json
    assert changed["tin"] == "NL123456782B01"
    assert [each["id"] for each in caller.get("/clients/search?q=nl123456782").members] == [401]
    assert caller.post("/clients", {**CLIENT, "country": "NL"}).status == 400
    assert caller.post("/clients", {**CLIENT, "currency": "/currencies/XXX"}).status == 400


def test_contacts_belong_to_their_client(caller: Caller) -> None:
    sent = {"client": "/clients/7", "type": "billing", "name": "Åse", "email": "aase@x.example"}
    made = caller.post("/client-contacts", sent)
    assert (made.status, made.json["position"]) == (201, 0)
    contacts = caller.get("/clients/7").json["clientContacts"]
    assert contacts[-1]["email"] == "aase@x.example"
    moved = caller.patch(made.json["@id"], {"client": "/clients/8"})
    assert moved.json["client"] == "/clients/8"
    assert caller.get("/clients/8").json["clientContacts"][-1]["name"] == "Åse"
    assert caller.delete(made.json["@id"]).status == 204
    caller.sandbox.settings(contacts=False)
    assert "clientContacts" not in caller.get("/clients/8").json


def test_a_clients_documents_are_its_own(caller: Caller) -> None:
    found = caller.get("/clients/4/documents").members
    assert {"id", "name", "mimeType", "size", "createdAt"} <= set(found[0])
    assert all(each["id"].startswith("doc_4_") for each in found)
    assert caller.get("/clients/9999/documents").status == 404


def test_employees_are_searched_by_name(caller: Caller) -> None:
    someone = caller.get("/employees/emp_001").json
    found = caller.get(f"/employees/search?q={someone['email']}").members
    assert [each["id"] for each in found] == ["emp_001"]


def test_some_tax_numbers_are_right_and_some_are_not(caller: Caller) -> None:
    clients = [
        each for page in range(1, 5) for each in caller.get(f"/clients?itemsPerPage=100&page={page}").members
    ]
    dutch = [each["tin"] for each in clients if each.get("tinCountry") == "NL"]
    right = [_dutch_number_holds(tin) for tin in dutch]
    assert 0.7 < sum(right) / len(right) < 0.99
    assert any("tin" not in each for each in clients)
    assert any(each.get("tin") != each.get("vatNumber") for each in clients if each.get("tinCountry") == "NL")


def _dutch_number_holds(tin: str) -> bool:
    digits = [int(letter) for letter in tin[2:11]]
    return (
        sum(digit * weight for digit, weight in zip(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11
        == 0
    )
