"""Subscriptions (published reference: list, create, read, cancel, invoices, coupons, catalog)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from dashboard.flowtly.calls import Call
from dashboard.flowtly.resources.base import NO_FILTERS, Creates, Gets, Lists
from dashboard.flowtly.resources.iris import LITERALS
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import (
    Record,
    Reference,
    entries,
    flag,
    integer,
    mapping,
    moment,
    reference,
    stamp,
    text,
)


@dataclass(frozen=True)
class Subscription(Record):
    """No published field shows a discount. `organization_address` comes as an object or as an IRI."""

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "status": frozenset(
            [
                "active",
                "awaiting",
                "awaiting_payment",
                "past_due",
                "trial",
                "trialing",
                "unpaid",
                "cancelled",
                "canceled",
            ]
        ),
    }

    published: ClassVar[bool] = True
    refers_to: ClassVar[Mapping[str, str]] = {
        "organizationAddress": "/organization-addresses",
        "paymentMethod": "",
    }
    iris: ClassVar[frozenset[str]] = frozenset({"organizationAddress"})

    organization: Reference | None = reference()
    organization_address: Reference | None = reference()
    type: str | None = text()
    payment_method: Reference | None = reference()
    products: tuple[Any, ...] | None = entries()
    seats: int | None = integer()
    modules: tuple[Any, ...] | None = entries()
    status: str | None = text()
    external_id: str | None = text()
    metadata: Mapping[str, Any] | None = mapping()
    created_at: datetime | None = moment()
    updated_at: datetime | None = moment()
    active: bool | None = flag()
    awaiting: bool | None = flag()


@dataclass(frozen=True)
class Ending(Record):
    """What a subscription says of its end, if it is cancelled at the end of what is paid for: its status stays as it
    was until then. All fields are assumed, after Stripe's."""

    at_period_end: bool | None = flag("cancelAtPeriodEnd", "cancel_at_period_end")
    ends: datetime | None = stamp("cancelAt", "cancel_at")
    period_end: datetime | None = stamp("currentPeriodEnd", "current_period_end")

    @property
    def is_set(self) -> bool:
        return bool(self.at_period_end or self.ends)

    @property
    def day(self) -> datetime | None:
        """When it ends, if that is said."""
        return self.ends or (self.period_end if self.at_period_end else None)


@dataclass(frozen=True)
class Invoice(Record):
    """All fields are assumed, after Stripe's. `total` is in minor units of `currency`."""

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "status": frozenset({"draft", "open", "paid", "uncollectible", "void"}),
    }

    number: str | None = text()
    status: str | None = text()
    total: int | None = integer("total", "totalAmount")
    currency: str | None = text()
    created: datetime | None = stamp("created", "createdAt")
    due: datetime | None = stamp("due_date", "dueDate", "due")
    period_start: datetime | None = stamp("period_start", "periodStart")
    period_end: datetime | None = stamp("period_end", "periodEnd")
    quantity: int | None = integer("quantity", "seats")
    hosted_invoice_url: str | None = text("hosted_invoice_url", "hostedInvoiceUrl")
    invoice_pdf: str | None = text("invoice_pdf", "invoicePdf")


@dataclass(frozen=True)
class Product(Record):
    """An item of the catalog. All fields are assumed; `price` is in minor units of `currency`."""

    name: str | None = text("name", "title")
    price: int | None = integer("price", "unit_amount", "unitAmount")
    currency: str | None = text()
    interval: str | None = text("interval", "billingInterval")


class Subscriptions(Lists[Subscription], Gets[Subscription], Creates[Subscription]):
    path = "/subscriptions"
    literals = LITERALS["subscriptions"]
    creates = ("type", "organizationAddress", "paymentMethod", "products", "seats", "modules")
    record = Subscription

    def cancel(self, record_or_id: Subscription | str) -> Subscription:
        return self._act(f"{self._path_of(record_or_id)}/cancel", {})

    def invoices(self, record_or_id: Subscription | str, page: int = 1, items: int = 30) -> Page[Invoice]:
        return self._list(f"{self._path_of(record_or_id)}/invoices", Invoice, NO_FILTERS, page, items)

    def apply_coupon(self, code: str) -> Subscription:
        """To the tenant's subscription: no id in the path. The field (`Names.coupon_field`) is assumed."""
        return self._act(f"{self.path}/apply-coupon", {self._flowtly.names.coupon_field: code})

    def clear_coupon(self) -> Subscription:
        """From the tenant's subscription: the path has no id."""
        return self._act(f"{self.path}/clear-coupon", {})

    def catalog(self, page: int = 1, items: int = 30) -> Page[Product]:
        return self._list(f"{self.path}/catalog", Product, NO_FILTERS, page, items)

    def _act(self, path: str, body: Mapping[str, object]) -> Subscription:
        return self._record(self._flowtly.send(Call("POST", path, body=body)))
