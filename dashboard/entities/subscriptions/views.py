from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.audit import history, unresolved
from dashboard.entities.subscriptions import choices, invoices, presentation
from dashboard.entities.subscriptions.forms import METHODS_LIST, TYPES_LIST, SubscriptionForm
from dashboard.entities.subscriptions.money import amount, day, interval
from dashboard.flowtly.resources.subscriptions import Product, Subscription
from dashboard.forms import pages
from dashboard.forms.results import Saved
from dashboard.notes import panel
from dashboard.standards.foreign_text import joined
from dashboard.tables import table
from dashboard.upstream.parallel import Result, gather
from dashboard.web import responses
from dashboard.web.formatting import label, number, other_fields, pill, record_name
from dashboard.web.request import StaffRequest, link, may, permission

STATES = ("active", "awaiting_payment", "past_due", "cancelled")


@permission("view_subscriptions")
def index(request: StaffRequest) -> HttpResponse:
    plan = table.Plan(
        part="subscriptions-list",
        columns=(
            table.Column(gettext_lazy("Type"), order="type"),
            table.Column(gettext_lazy("Status"), order="status"),
            table.Column(gettext_lazy("Seats"), order="seats", numeric=True),
            table.Column(gettext_lazy("Since"), order="createdAt"),
            table.Column(gettext_lazy("Active")),
            table.Column(gettext_lazy("Awaiting")),
            table.Column(gettext_lazy("Id")),
        ),
        row=row_with(link(request, "subscriptions:show", subscription_id="ID"), request.user.time_zone),
        filters=(
            table.Filter("status", gettext_lazy("Status"), STATES),
            table.Filter("type", gettext_lazy("Type")),
        ),
    )
    found = table.read(request, request.flowtly.subscriptions, plan, request.organization.id)
    context = {
        "listing": found,
        "catalog_url": link(request, "subscriptions:catalog"),
        "new_url": link(request, "subscriptions:new") if may(request, "change_subscriptions") else "",
        "apply_url": link(request, "acts:apply-coupon") if may(request, "act_money") else "",
        "clear_url": link(request, "acts:clear-coupon") if may(request, "act_money") else "",
    }
    return responses.page(
        request, "subscriptions/index.html", context, parts=[plan.part], status=found.status
    )


@permission("change_subscriptions", "change_subscriptions")
def new(request: StaffRequest) -> HttpResponse:
    around, whose = choices.read(request)
    form = SubscriptionForm.of(request, around=around, whose=whose)
    if isinstance(saved := form.save(choices.AsSent(request.flowtly)), Saved):
        text = _("Created a subscription for %(name)s.") % {"name": request.organization.name}
        if presentation.opens(saved.record.id):
            return pages.done(request, saved, text, "subscriptions:show", subscription_id=saved.record.id)
        return pages.done(request, saved, text, "subscriptions:index")
    return pages.form_page(
        request,
        _("New subscription for %(name)s") % {"name": request.organization.name},
        form,
        "subscriptions/new.html",
        save_label=_("Create subscription"),
        back_url=link(request, "subscriptions:index"),
        addresses_url=link(request, "addresses:index"),
        around=around,
        types_list=TYPES_LIST,
        methods_list=METHODS_LIST,
    )


@permission("view_subscriptions")
def show(request: StaffRequest, subscription_id: str) -> HttpResponse:
    """Read only: the API cannot change a subscription."""
    parts = [invoices.PART]
    if responses.part_asked(request, parts):
        part = {"invoices": invoices.read(request, subscription_id)}
        return responses.page(request, "subscriptions/show.html", part, parts=parts)
    api = request.flowtly.subscriptions
    answers = gather(
        {
            "subscription": lambda: api.get(subscription_id),
            "catalog": lambda: api.catalog(items=100).items,
            "invoices": lambda: invoices.read(request, subscription_id),
        }
    )
    record: Subscription = answers["subscription"].get()
    context = {
        **_shown(request, record, answers["catalog"]),
        **_done_here(request, subscription_id),
        "invoices": answers["invoices"].value,
    }
    return responses.page(request, "subscriptions/show.html", context, parts=parts)


@permission("view_subscriptions")
def catalog(request: StaffRequest) -> HttpResponse:
    plan = table.Plan(
        part="catalog-list",
        columns=(
            table.Column(gettext_lazy("Product")),
            table.Column(gettext_lazy("Price"), numeric=True),
            table.Column(gettext_lazy("Interval")),
            table.Column(gettext_lazy("Currency")),
            table.Column(gettext_lazy("Id")),
            table.Column(gettext_lazy("Other fields")),
        ),
        row=product_row,
    )
    found = table.read(request, invoices.PlainList(request.flowtly.subscriptions.catalog), plan)
    context = {"listing": found, "back_url": link(request, "subscriptions:index")}
    return responses.page(
        request, "subscriptions/catalog.html", context, parts=[plan.part], status=found.status
    )


def _shown(request: StaffRequest, record: Subscription, catalog: Result[list[Product]]) -> dict[str, Any]:
    names = {product.id: product.name for product in catalog.value or [] if product.id and product.name}
    current = presentation.is_current(request, record)
    return {
        "back_url": link(request, "subscriptions:index"),
        "record": record,
        "title": presentation.title(record),
        "current": current,
        "acts": _acts(request, record, current=current),
        "status": {"label": label(record.status), "pill": pill(record.status)} if record.status else None,
        "seats": number(record.seats),
        "since": day(record.created_at, request.user.time_zone, "MMM y"),
        "facts": presentation.facts(request, record, names),
        "address": presentation.address(request, record),
        "metadata": presentation.metadata(record),
        "other_fields": presentation.others(record),
    }


def _acts(request: StaffRequest, record: Subscription, *, current: bool) -> list[dict[str, str]]:
    """What money can be moved from here: a coupon always means the current subscription."""
    if not may(request, "act_money"):
        return []
    coupons = [
        {"url": link(request, "acts:apply-coupon"), "label": _("Apply coupon")},
        {"url": link(request, "acts:clear-coupon"), "label": _("Clear coupon")},
    ]
    ends = record.status not in {"cancelled", "canceled"} and presentation.opens(record.id)
    cancel = link(request, "acts:cancel", subscription_id=record.id) if ends else ""
    return [
        *(coupons if current else []),
        *([{"url": cancel, "label": _("Cancel subscription")}] if cancel else []),
    ]


def _done_here(request: StaffRequest, subscription_id: str) -> dict[str, Any]:
    entries = history.of_record(request.organization.id, "subscriptions", subscription_id)
    return {
        "history": history.told(entries, request.user.time_zone),
        "doubts": unresolved.told(request, "subscriptions", subscription_id),
        "can_change": may(request, "change_subscriptions"),
        "notes": panel.read(request, "subscriptions", subscription_id),
    }


def row_with(url: str, zone: str) -> Callable[[Subscription], dict[str, Any]]:
    """A row's view model. The URL is made once for the list and holds ID where the id belongs."""

    def row(record: Subscription) -> dict[str, Any]:
        return {
            "url": table.url_of(url, record.id) if presentation.opens(record.id) else "",
            "url_label": _("(this id cannot be opened)"),
            "name": presentation.title(record),
            "status": label(record.status),
            "pill": pill(record.status),
            "seats": number(record.seats),
            "since": day(record.created_at, zone),
            "active": presentation.flag(record, "active"),
            "awaiting": presentation.flag(record, "awaiting"),
            "id": record.id or label(None),
        }

    return row


def product_row(product: Product) -> dict[str, Any]:
    return {
        "name": record_name(product.name, product.id),
        "price": amount(product.price, product.currency),
        "interval": interval(product.interval),
        "currency": label(product.currency),
        "id": product.id or label(None),
        "others": joined(joined(each.values(), ": ") for each in other_fields(product)),
    }
