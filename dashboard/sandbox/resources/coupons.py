"""Coupons: applied to the current subscription, and cleared again."""

from dashboard.sandbox.call import NOBODY, Call, now
from dashboard.sandbox.declarations import Record, Route
from dashboard.sandbox.fields import Field, violations, written
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.refusals import Refusal, Violation, invalid
from dashboard.sandbox.resources.subscriptions import SUBSCRIPTIONS, billing_act
from dashboard.sandbox.rules import longest


def routes(names: Names) -> list[Route]:
    coupon = (Field(names.coupon_field, required=True, rules=(longest(255),)),)
    return [
        billing_act(names, "/subscriptions/apply-coupon", apply_coupon, coupon, (422,)),
        billing_act(names, "/subscriptions/clear-coupon", clear_coupon),
    ]


def apply_coupon(call: Call) -> Answer:
    asked = call.route.body or ()
    sent = written(asked, call.data(), call.reading())
    if found := violations(asked, sent):
        raise invalid(found)
    code = str(sent[call.names.coupon_field])
    record = _current(call)
    coupon = _usable_coupon(call, record, code)
    terms = {key: coupon[key] for key in ("percentOff", "amountOff", "currency") if key in coupon}
    record["discount"] = {"coupon": coupon["id"], **terms, "start": now()}
    record["updatedAt"] = now()
    coupon["timesRedeemed"] = coupon.get("timesRedeemed", 0) + 1
    call.store.replace(NOBODY, "coupons", coupon)
    call.store.replace(call.tenant, SUBSCRIPTIONS.kind, record)
    return call.item(SUBSCRIPTIONS, record)


def clear_coupon(call: Call) -> Answer:
    call.data()
    record = _current(call)
    record |= {"discount": None, "updatedAt": now()}
    call.store.replace(call.tenant, SUBSCRIPTIONS.kind, record)
    return call.item(SUBSCRIPTIONS, record)


def _current(call: Call) -> Record:
    """The subscription that an act without an id is about."""
    if call.organization.get("manualBilling"):
        raise Refusal(409, "This organization is billed manually.")
    iri = str(call.organization.get("currentSubscription") or "")
    found = call.store.get(call.tenant, SUBSCRIPTIONS.kind, iri.rsplit("/", 1)[-1])
    if found is None:
        raise Refusal(409, "This organization has no subscription.")
    others = call.store.all(call.tenant, SUBSCRIPTIONS.kind) if call.switches.coupons_go_to == "other" else []
    return next((each for each in others if each["id"] != found["id"]), found)


def _usable_coupon(call: Call, subscription: Record, code: str) -> Record:
    coupon = call.store.get(NOBODY, "coupons", code)
    if coupon is None:
        raise _refused(call, f"No such coupon: '{code}'")
    if coupon.get("expires") and coupon["expires"] < now():
        raise _refused(call, "This coupon has expired.")
    if (
        coupon.get("maxRedemptions") is not None
        and coupon.get("timesRedeemed", 0) >= coupon["maxRedemptions"]
    ):
        raise _refused(call, "This coupon has been redeemed the maximum number of times.")
    if coupon.get("firstPurchaseOnly") and call.store.children(
        call.tenant, "invoices", [subscription["id"]]
    ).get(subscription["id"]):
        raise invalid([Violation("", "This promotion code is for a first purchase only.", "")])
    if coupon.get("currency") and coupon["currency"] != subscription.get("_currency", "EUR"):
        message = f"The coupon is in {coupon['currency']}, the subscription is not."
        raise invalid([Violation("", message, "")])
    return coupon


def _refused(call: Call, message: str) -> Refusal:
    return invalid([Violation(call.names.coupon_field, message, "")])
