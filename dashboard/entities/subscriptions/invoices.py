"""Invoices of a subscription: a list of their own, read and paged by itself, and a picture of their totals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from dashboard.entities.subscriptions import chart
from dashboard.entities.subscriptions.money import amount, day
from dashboard.flowtly.calls import Filters
from dashboard.flowtly.resources.base import NO_FILTERS
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.subscriptions import Invoice
from dashboard.tables import table
from dashboard.web.formatting import as_it_is, https_url, label, number, other_fields, pill
from dashboard.web.request import StaffRequest

R = TypeVar("R", bound=Record)
PART = "invoices-panel"
SHOWN = 24  # two years of months
WORTHLESS = {"void", "uncollectible", "draft", "deleted"}  # nobody has paid these, or will


@dataclass(frozen=True)
class PlainList(Generic[R]):
    """List that takes no filters, as a list page needs it. `read` gives a page of so many rows."""

    read: Callable[[int, int], Page[R]]

    def list(self, page: int = 1, items: int = table.ROWS, filters: Filters = NO_FILTERS) -> Page[R]:
        return self.read(page, items)

    def filters(self) -> frozenset[str]:
        return frozenset()


def read(request: StaffRequest, subscription_id: str) -> dict[str, Any]:
    """Panel of invoices. A failure stays in it."""
    zone = request.user.time_zone
    plan = table.Plan(part=PART, columns=(), row=lambda invoice: row(invoice, zone))
    api = request.flowtly.subscriptions
    every = PlainList(lambda page, _items: api.invoices(subscription_id, page, SHOWN))
    found = table.read(request, every, plan)
    rows: list[Mapping[str, Any]] = found.rows
    falling = _newest_first(rows)
    return {
        "listing": found,
        "rows": rows,
        "has": {name: any(each[name] for each in rows) for name in ("due", "period", "quantity", "links")},
        "chart": chart.draw([each["bar"] for each in rows if each["bar"]]),
        "older": _("Show older") if falling else _("Show more"),
        "newer": _("Show newer") if falling else _("Show the ones before"),
        "latest": rows[0] if rows and falling and not found.previous_url else None,
    }


def row(invoice: Invoice, zone: str) -> dict[str, Any]:
    name = invoice.number or invoice.id or label(None)
    total, date = amount(invoice.total, invoice.currency), day(invoice.created, zone)
    return {
        "name": name,
        "status": label(invoice.status),
        "pill": pill(invoice.status),
        "total": total,
        "date": date,
        "due": day(invoice.due, zone) if invoice.due else None,
        "period": _period(invoice, zone),
        "quantity": number(invoice.quantity) if invoice.quantity is not None else "",
        "links": _links(invoice, name),
        "strange": _is_strange(invoice),
        "others": _as_it_came(invoice)
        if _is_strange(invoice)
        else other_fields(invoice) + _not_linked(invoice),
        "created": invoice.created,
        "bar": _bar(invoice, f"{date['text']}: {total}, {label(invoice.status)}", date["text"]),
    }


def _is_strange(invoice: Invoice) -> bool:
    """Whether it is of another shape than ours: then it is shown as it came, and not as dashes."""
    return bool(invoice.other) and invoice.total is None and invoice.created is None


def _as_it_came(invoice: Invoice) -> list[dict[str, str]]:
    said = {name: value for name, value in invoice.raw.items() if name != "id" and not name.startswith("@")}
    return [{"name": name, "value": as_it_is(value)} for name, value in said.items()]


def _links(invoice: Invoice, name: str) -> list[dict[str, str]]:
    pairs = [(_("Open"), invoice.hosted_invoice_url), (_("PDF"), invoice.invoice_pdf)]
    return [{"label": words, "of": name, "url": url} for words, it in pairs if (url := https_url(it))]


def _not_linked(invoice: Invoice) -> list[dict[str, str]]:
    """Addresses that are no links here stay readable."""
    pairs = [("hosted_invoice_url", invoice.hosted_invoice_url), ("invoice_pdf", invoice.invoice_pdf)]
    return [{"name": name, "value": url} for name, url in pairs if url and not https_url(url)]


def _period(invoice: Invoice, zone: str) -> str:
    if not (invoice.period_start or invoice.period_end):
        return ""
    return f"{day(invoice.period_start, zone)['text']} – {day(invoice.period_end, zone)['text']}"


def _bar(invoice: Invoice, title: str, date: str) -> chart.Bar | None:
    if invoice.total is None or invoice.created is None or not invoice.currency:
        return None
    pale = invoice.status in WORTHLESS
    return chart.Bar(invoice.created, invoice.total, invoice.currency.upper(), title, date, pale)


def _newest_first(rows: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these rows show that the list goes back in time. Its order is not published."""
    dates = [each["created"] for each in rows]
    return bool(dates) and None not in dates and dates == sorted(dates, reverse=True)
