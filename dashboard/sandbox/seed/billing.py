"""The catalog, coupons, subscriptions, and two years of invoices."""

from datetime import UTC, datetime, timedelta
from itertools import repeat

from dashboard.sandbox.call import NOBODY
from dashboard.sandbox.names import Names
from dashboard.sandbox.resources.subscriptions import INVOICE_FIELDS, PRODUCT_FIELDS
from dashboard.sandbox.seed.organizations import Tenant
from dashboard.sandbox.sql import Record
from dashboard.sandbox.store import Store

PRODUCTS = (
    ("prod_starter", "Starter", 1900, "month"),
    ("prod_team", "Team", 4900, "month"),
    ("prod_team_year", "Team (yearly)", 49000, "year"),
    ("prod_enterprise", "Enterprise", 14900, "month"),
    ("prod_planning", "Planning module", 900, "month"),
)
MONTHS = 25
PRICE = 4900


def fill_shared(store: Store, names: Names) -> None:
    spelled = PRODUCT_FIELDS[names.invoice_style]
    products = [
        {"id": word, "name": name, "price": price, "currency": "EUR", "interval": interval}
        for word, name, price, interval in PRODUCTS
    ]
    store.insert_many(NOBODY, "subscriptions/catalog", [_spelled(each, spelled) for each in products])
    store.insert_many(NOBODY, "coupons", _coupons())


def _coupons() -> list[Record]:
    past = (datetime.now(UTC) - timedelta(days=40)).isoformat(timespec="seconds")
    return [
        {"id": "SPRING-30", "percentOff": 30},
        {"id": "Loyal-10", "percentOff": 10},
        {"id": "EUR-500", "amountOff": 500, "currency": "EUR"},
        {"id": "WINTER-EXPIRED", "percentOff": 20, "expires": past},
        {"id": "SOLD-OUT", "percentOff": 50, "maxRedemptions": 100, "timesRedeemed": 100},
        {"id": "USD-15", "amountOff": 1500, "currency": "USD"},
        {"id": "WELCOME", "percentOff": 25, "firstPurchaseOnly": True},
        {"id": "ONCE-ONLY", "percentOff": 5, "maxRedemptions": 1},
    ]


def fill(store: Store, tenant: Tenant, names: Names) -> None:
    if not tenant.subscribed:
        return
    word = tenant.id.removeprefix("org_")
    current = _subscription(tenant, word, f"sub_{word}")
    earlier = [_earlier(tenant, word)] if tenant.largest else []
    store.insert_many(tenant.id, "subscriptions", [*earlier, current])
    spelled = INVOICE_FIELDS[names.invoice_style]
    invoices = [_spelled(_invoice(tenant, word, month), spelled) for month in range(MONTHS)]
    store.insert_many(tenant.id, "invoices", invoices, repeat(str(current["id"])))


def _subscription(tenant: Tenant, word: str, subscription_id: str) -> Record:
    began = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30 * MONTHS)
    running = tenant.status == "active"
    return {
        "id": subscription_id,
        "organization": f"/organizations/{tenant.id}",
        "organizationAddress": f"/organization-addresses/addr_{word}_2",
        "type": "team",
        "paymentMethod": None if tenant.manual else f"/payment-methods/pm_{word}",
        "products": ["prod_team", "prod_planning"] if tenant.largest else ["prod_team"],
        "seats": _seats(tenant),
        "modules": ["crm", "invoicing", "planning"],
        "status": "active" if running else "past_due",
        "externalId": None if tenant.manual else f"sub_1N{word}Stripe",
        "metadata": [],
        "createdAt": began.isoformat(),
        "updatedAt": (began + timedelta(days=300)).isoformat(),
        "active": running,
        "awaiting": False,
    }


def _earlier(tenant: Tenant, word: str) -> Record:
    """The plan the largest organization had before."""
    ended = {"type": "starter", "products": ["prod_starter"], "seats": 5, "status": "cancelled"}
    return {**_subscription(tenant, word, f"sub_{word}_old"), **ended, "active": False}


def _seats(tenant: Tenant) -> int:
    return max(tenant.employees, 3)


def _invoice(tenant: Tenant, word: str, month: int) -> Record:
    """Newest first: one open, one lost on the way, the rest paid."""
    created = datetime.now(UTC).replace(hour=6, minute=0, second=0, microsecond=0) - timedelta(
        days=30 * month
    )
    status = {0: "open", 7: "void"}.get(month, "paid")
    invoice_id = f"in_{word}_{MONTHS - month:03}"
    url = None if tenant.manual else f"https://invoice.stripe.example/i/{invoice_id}"
    return {
        "id": invoice_id,
        "number": f"FL-{created.year}-{word}-{MONTHS - month:03}",
        "status": status,
        "total": PRICE * _seats(tenant),
        "currency": "EUR",
        "created": created.isoformat(),
        "hosted_invoice_url": url,
        "invoice_pdf": f"{url}/pdf" if url else None,
    }


def _spelled(record: Record, names: dict[str, str]) -> Record:
    return {names.get(name, name): value for name, value in record.items()}
