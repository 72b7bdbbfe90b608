from collections.abc import Callable
from dataclasses import replace

from dashboard.sandbox.call import NOBODY, Call, now
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, between, longest, read_only, violations, written
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import creates, gets, lists
from dashboard.sandbox.refusals import Refusal, Violation, invalid
from dashboard.sandbox.resources.addresses import ADDRESSES
from dashboard.sandbox.settling import settled, settles_at

FACTS = (
    read_only("id"),
    read_only("organization", "iri"),
    Field("organizationAddress", "iri", required=True, collection="organization-addresses"),
    Field("type", required=True, rules=(longest(40),)),
    Field("paymentMethod", "iri", nullable=True),
    Field("products", "array"),
    Field("seats", "int", rules=(between(1, 100_000),)),
    Field("modules", "array"),
    read_only("status"),
    read_only("externalId", nullable=True),
    read_only("metadata", "array"),
    read_only("createdAt", "date"),
    read_only("updatedAt", "date"),
    read_only("active", "bool"),
    read_only("awaiting", "bool"),
)
DISCOUNT = read_only("discount", "object", nullable=True)

INVOICE_FIELDS: dict[str, dict[str, str]] = {
    "stripe": {},
    "camel": {
        "total": "totalAmount",
        "created": "createdAt",
        "hosted_invoice_url": "hostedInvoiceUrl",
        "invoice_pdf": "invoicePdf",
    },
}
PRODUCT_FIELDS: dict[str, dict[str, str]] = {
    "stripe": {},
    "camel": {"name": "title", "price": "unitAmount", "interval": "billingInterval"},
}


def begin(call: Call, record: Record) -> Record:
    """A new subscription waits for its payment for a while, and becomes the current one if there is none."""
    organization = dict(call.organization)
    if not organization.get("currentSubscription"):
        organization["currentSubscription"] = f"/subscriptions/{record['id']}"
        call.store.replace(NOBODY, "organizations", organization)
    fresh = {
        "organization": f"/organizations/{call.tenant}",
        "products": [],
        "seats": 1,
        "modules": [],
        "metadata": [],
        "status": "awaiting_payment",
        "active": False,
        "awaiting": True,
        "createdAt": now(),
        "updatedAt": now(),
        "_settles": settles_at(call.switches.settle),
        "_then": {"status": "active", "active": True, "awaiting": False},
    }
    return {**fresh, **record}


def complete(call: Call, records: list[Record], in_list: bool) -> None:
    shown = call.switches.discounts == "shown"
    embedded = (call.names.elements == "mixed") and not in_list
    for record in records:
        settled(record)
        if not shown:
            record.pop("discount", None)
        if embedded:
            record["organizationAddress"] = _address(call, record["organizationAddress"])


def _address(call: Call, iri: str) -> Record | str:
    found = call.store.get(call.tenant, ADDRESSES.kind, iri.rsplit("/", 1)[-1])
    return call.embedded(ADDRESSES, found) if found else iri


SUBSCRIPTIONS = Resource(
    path="/subscriptions",
    type="Subscription",
    fields=(*FACTS, DISCOUNT),
    filters=(Filter("status", "status"), Filter("type", "type"), *orders("createdAt")),
    begin=begin,
    complete=complete,
)


def invoices(names: Names) -> Resource:
    return Resource(
        path="/invoices",
        type="SubscriptionInvoice",
        fields=_renamed(
            (
                read_only("id"),
                read_only("number"),
                read_only("status"),
                read_only("total", "int"),
                read_only("currency"),
                read_only("created", "date"),
                read_only("hosted_invoice_url", nullable=True),
                read_only("invoice_pdf", nullable=True),
            ),
            INVOICE_FIELDS[names.invoice_style],
        ),
    )


def catalog(names: Names) -> Resource:
    return Resource(
        path="/subscriptions/catalog",
        type="SubscriptionCatalogProductOutput",
        shared=True,
        fields=_renamed(
            (
                read_only("id"),
                read_only("name"),
                read_only("price", "int"),
                read_only("currency"),
                read_only("interval"),
            ),
            PRODUCT_FIELDS[names.invoice_style],
        ),
    )


def _renamed(fields: tuple[Field, ...], spelled: dict[str, str]) -> tuple[Field, ...]:
    return tuple(replace(field, name=spelled.get(field.name, field.name)) for field in fields)


def routes(names: Names) -> list[Route]:
    def bills(call: Call) -> Answer:
        subscription = call.record(SUBSCRIPTIONS)
        return call.page(invoices(names), parent=str(subscription["id"]))

    coupon = (Field(names.coupon_field, required=True, rules=(longest(255),)),)
    return [
        lists(SUBSCRIPTIONS),
        creates(SUBSCRIPTIONS),
        lists(catalog(names)),
        gets(SUBSCRIPTIONS),
        Route(
            "GET", "/subscriptions/{id}/invoices", bills, returns=invoices(names), many=True,
            refusals=(400, 404),
        ),
        _acts(names, "/subscriptions/{id}/cancel", cancel, (), (404,)),
        _acts(names, "/subscriptions/apply-coupon", apply_coupon, coupon, (422,)),
        _acts(names, "/subscriptions/clear-coupon", clear_coupon, ()),
    ]  # fmt: skip


def _acts(
    names: Names,
    path: str,
    act: Callable[[Call], Answer],
    body: tuple[Field, ...],
    refusals: tuple[int, ...] = (),
) -> Route:
    return Route(
        "POST", path, act, status=names.act_status, returns=SUBSCRIPTIONS, body=body,
        refusals=(400, 409, 413, 415, *refusals),
    )  # fmt: skip


def cancel(call: Call) -> Answer:
    record = call.record(SUBSCRIPTIONS)
    call.data()
    settled(record)
    for name in ("_settles", "_then"):
        record.pop(name, None)
    if record["status"] == "cancelled":
        raise Refusal(409, "The subscription is already cancelled.")
    record |= {"status": "cancelled", "active": False, "awaiting": False, "updatedAt": now()}
    call.store.replace(call.tenant, SUBSCRIPTIONS.kind, record)
    _no_longer_current(call, record)
    return call.item(SUBSCRIPTIONS, record)


def _no_longer_current(call: Call, record: Record) -> None:
    organization = dict(call.organization)
    if organization.get("currentSubscription") == f"/subscriptions/{record['id']}":
        organization["currentSubscription"] = None
        call.store.replace(NOBODY, "organizations", organization)


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
    return found


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
