from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from dashboard.sandbox.call import NOBODY, Call, now
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import creates, gets, lists
from dashboard.sandbox.refusals import Refusal
from dashboard.sandbox.resources.addresses import ADDRESSES
from dashboard.sandbox.rules import between, longest
from dashboard.sandbox.settling import forget, pending, settled

FACTS = (
    *read_only("id"),
    *read_only("organization", kind="iri"),
    Field("organizationAddress", "iri", required=True, collection="organization-addresses"),
    Field("type", required=True, rules=(longest(40),)),
    Field("paymentMethod", "iri", nullable=True),
    Field("products", "array"),
    Field("seats", "int", rules=(between(1, 100_000),)),
    Field("modules", "array"),
    *read_only("status"),
    *read_only("externalId", nullable=True),
    *read_only("metadata", kind="array"),
    *read_only("createdAt", "updatedAt", kind="date"),
    *read_only("active", "awaiting", kind="bool"),
)
DISCOUNT = read_only("discount", kind="object", nullable=True)
ENDING = (*read_only("cancelAtPeriodEnd", kind="bool"), *read_only("currentPeriodEnd", kind="date"))

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
        **pending({"status": "active", "active": True, "awaiting": False}),
    }
    return {**fresh, **record}


def complete(call: Call, records: list[Record], in_list: bool) -> None:
    shown = call.switches.discounts == "shown"
    embedded = (call.names.elements == "mixed") and not in_list
    for record in records:
        settled(record, call.switches.settle)
        if not shown:
            record.pop("discount", None)
        if call.switches.cancelled == "period-end":
            record.setdefault("cancelAtPeriodEnd", False)
            record.setdefault("currentPeriodEnd", period_end())
        else:
            record.pop("cancelAtPeriodEnd", None)
        if embedded:
            record["organizationAddress"] = _address(call, record["organizationAddress"])


def period_end() -> str:
    """Three weeks from today."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight + timedelta(days=21)).isoformat()


def _address(call: Call, iri: str) -> Record | str:
    found = call.store.get(call.tenant, ADDRESSES.kind, iri.rsplit("/", 1)[-1])
    return call.embedded(ADDRESSES, found) if found else iri


SUBSCRIPTIONS = Resource(
    path="/subscriptions",
    type="Subscription",
    fields=(*FACTS, *DISCOUNT, *ENDING),
    filters=(Filter("status", "status"), Filter("type", "type"), *orders("createdAt")),
    begin=begin,
    complete=complete,
)


INVOICE = (
    *read_only("id", "number", "status"),
    *read_only("total", kind="int"),
    *read_only("currency"),
    *read_only("created", kind="date"),
    *read_only("hosted_invoice_url", "invoice_pdf", nullable=True),
)
PRODUCT = (
    *read_only("id", "name"),
    *read_only("price", kind="int"),
    *read_only("currency", "interval"),
)


def invoices(names: Names) -> Resource:
    fields = _renamed(INVOICE, INVOICE_FIELDS[names.invoice_style])
    return Resource("/invoices", "SubscriptionInvoice", fields, output=True)


def catalog(names: Names) -> Resource:
    fields = _renamed(PRODUCT, PRODUCT_FIELDS[names.invoice_style])
    path, kind = "/subscriptions/catalog", "SubscriptionCatalogProductOutput"
    return Resource(path, kind, fields, shared=True, output=True)


def _renamed(fields: tuple[Field, ...], spelled: dict[str, str]) -> tuple[Field, ...]:
    return tuple(replace(field, name=spelled.get(field.name, field.name)) for field in fields)


def routes(names: Names) -> list[Route]:
    def bills(call: Call) -> Answer:
        subscription = call.record(SUBSCRIPTIONS)
        return call.page(invoices(names), parent=str(subscription["id"]))

    return [
        lists(SUBSCRIPTIONS),
        creates(SUBSCRIPTIONS),
        lists(catalog(names)),
        gets(SUBSCRIPTIONS),
        Route(
            "GET", "/subscriptions/{id}/invoices", bills, returns=invoices(names), many=True,
            refusals=(400, 404),
        ),
        billing_act(names, "/subscriptions/{id}/cancel", cancel, refusals=(404,)),
    ]  # fmt: skip


def billing_act(
    names: Names,
    path: str,
    act: Callable[[Call], Answer],
    body: tuple[Field, ...] = (),
    refusals: tuple[int, ...] = (),
) -> Route:
    return Route(
        "POST", path, act, status=names.act_status, returns=SUBSCRIPTIONS, body=body,
        refusals=(400, 409, 413, 415, *refusals),
    )  # fmt: skip


def cancel(call: Call) -> Answer:
    record = call.record(SUBSCRIPTIONS)
    call.data()
    settled(record, call.switches.settle)
    forget(record)
    if record["status"] == "cancelled":
        raise Refusal(409, "The subscription is already cancelled.")
    if call.switches.cancelled == "period-end":
        record |= {"cancelAtPeriodEnd": True, "updatedAt": now()}
        call.store.replace(call.tenant, SUBSCRIPTIONS.kind, record)
        return call.item(SUBSCRIPTIONS, record)
    record |= {"status": "cancelled", "active": False, "awaiting": False, "updatedAt": now()}
    call.store.replace(call.tenant, SUBSCRIPTIONS.kind, record)
    _no_longer_current(call, record)
    return call.item(SUBSCRIPTIONS, record)


def _no_longer_current(call: Call, record: Record) -> None:
    organization = dict(call.organization)
    if organization.get("currentSubscription") == f"/subscriptions/{record['id']}":
        organization["currentSubscription"] = None
        call.store.replace(NOBODY, "organizations", organization)
