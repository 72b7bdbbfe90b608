"""Subscriptions, their invoices, and the acts that carry no id."""

import pytest

from tests.support.api_caller import Caller

APPLY, CLEAR = "/subscriptions/apply-coupon", "/subscriptions/clear-coupon"


def test_the_subscription_names_its_organization_and_embeds_its_address(caller: Caller) -> None:
    found = caller.get("/subscriptions/sub_1001").json
    assert found["organization"] == "/organizations/org_1001"
    assert found["organizationAddress"]["type"] == "billing"
    assert (found["status"], found["active"], found["awaiting"]) == ("active", True, False)
    listed = caller.get("/subscriptions").members
    assert listed[-1]["organizationAddress"] == "/organization-addresses/addr_1001_2"


def test_a_good_coupon_is_taken_and_nothing_shows_it(caller: Caller) -> None:
    before = caller.get("/subscriptions/sub_1001").json
    applied = caller.post(APPLY, {"coupon": "SPRING-30"})
    assert (applied.status, applied.json["@id"]) == (201, "/subscriptions/sub_1001")
    after = caller.get("/subscriptions/sub_1001").json
    assert before.pop("updatedAt") != after.pop("updatedAt")
    assert before == after


def test_the_discount_shows_where_the_switch_says_and_goes_when_cleared(caller: Caller) -> None:
    caller.sandbox.settings(discounts="shown")
    assert caller.post(APPLY, {"coupon": "EUR-500"}).json["discount"]["amountOff"] == 500
    assert caller.get("/subscriptions/sub_1001").json["discount"]["coupon"] == "EUR-500"
    assert "discount" not in caller.post(CLEAR, {}).json
    assert caller.post(CLEAR, {}).status == 201


@pytest.mark.parametrize(("code", "path", "words"), [
    ("nope", "coupon", "No such coupon: 'nope'"),
    ("spring-30", "coupon", "No such coupon: 'spring-30'"),
    (" SPRING-30", "coupon", "No such coupon: ' SPRING-30'"),
    ("WINTER-EXPIRED", "coupon", "This coupon has expired."),
    ("SOLD-OUT", "coupon", "This coupon has been redeemed the maximum number of times."),
    ("WELCOME", "", "This promotion code is for a first purchase only."),
    ("USD-15", "", "The coupon is in USD, the subscription is not."),
    ("", "coupon", "This value should not be blank."),
])  # fmt: skip
def test_a_coupon_is_refused_in_the_servers_words(caller: Caller, code: str, path: str, words: str) -> None:
    refused = caller.post(APPLY, {"coupon": code})
    assert refused.status == 422
    assert [(each["propertyPath"], each["message"]) for each in refused.json["violations"]] == [(path, words)]


def test_a_coupon_can_be_used_up(caller: Caller) -> None:
    assert caller.post(APPLY, {"coupon": "ONCE-ONLY"}).status == 201
    assert caller.post(APPLY, {"coupon": "ONCE-ONLY"}).status == 422


def test_only_who_pays_by_stripe_takes_coupons(caller: Caller) -> None:
    manual = caller.of("org_1003").post(APPLY, {"coupon": "SPRING-30"})
    assert (manual.status, manual.json["detail"]) == (409, "This organization is billed manually.")
    without = caller.of("org_1006").post(APPLY, {"coupon": "SPRING-30"})
    assert (without.status, without.json["detail"]) == (409, "This organization has no subscription.")


def test_cancelling_moves_the_status_once(caller: Caller) -> None:
    cancelled = caller.post("/subscriptions/sub_1001/cancel", {})
    assert (cancelled.status, cancelled.json["status"], cancelled.json["active"]) == (201, "cancelled", False)
    assert caller.post("/subscriptions/sub_1001/cancel", {}).status == 409
    assert "currentSubscription" not in caller.get("/organizations/org_1001").json
    assert caller.post("/subscriptions/none/cancel", {}).status == 404


def test_a_new_subscription_waits_and_then_is_active(caller: Caller) -> None:
    polder = caller.of("org_1006")
    sent = {"type": "team", "organizationAddress": "/organization-addresses/addr_1006_1", "seats": 3}
    made = polder.post("/subscriptions", sent)
    assert (made.status, made.json["status"], made.json["awaiting"]) == (201, "awaiting_payment", True)
    assert polder.get("/organizations/org_1006").json["currentSubscription"] == made.json["@id"]
    caller.sandbox.settings(settle=0)
    assert polder.get(made.json["@id"]).json["status"] == "active"
    assert polder.post(APPLY, {"coupon": "WELCOME"}).status == 201


def test_two_years_of_invoices_newest_first(caller: Caller) -> None:
    found = caller.get("/subscriptions/sub_1001/invoices")
    assert found.total == 25
    first = found.members[0]
    assert (first["status"], first["currency"], first["total"]) == ("open", "EUR", 4900 * 38)
    assert first["hosted_invoice_url"].startswith("https://")
    assert caller.get("/subscriptions/sub_1001_old/invoices").total == 0
    assert caller.get("/subscriptions/none/invoices").status == 404
    assert "invoice_pdf" not in caller.of("org_1003").get("/subscriptions/sub_1003/invoices").members[0]


def test_the_catalog_says_what_can_be_bought(caller: Caller) -> None:
    product = caller.get("/subscriptions/catalog").members[0]
    assert {"id", "name", "price", "currency", "interval"} <= set(product)
