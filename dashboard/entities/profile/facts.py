"""What the profile says of an organization: everything the API gives, whatever shape it comes in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.entities.profile import footer_fields
from dashboard.entities.profile.forms import LABELS
from dashboard.flowtly import errors
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.upstream import connection
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import as_it_is, label, number, pill, when
from dashboard.web.request import StaffRequest, link

Answers = dict[str, Result[Any]]
Panel = dict[str, Any]
Words = Mapping[str, str]

# Part of the page → the answers it is drawn from.
NEEDS: dict[str, tuple[str, ...]] = {
    "identity-panel": ("organization",),
    "belongings-panel": ("organization", "addresses", "subscriptions"),
    "pictures-panel": ("organization",),
    "footer-panel": ("footer",),
}
PARTS = tuple(NEEDS)
SHOWN = 24  # of many; the rest is a click away
# What an object may say of itself beside its name.
DETAILS = ("email", "role", "status", "type")
SEND = {"logo": gettext_lazy("Send a logo"), "icon": gettext_lazy("Send an icon")}
PICTURES = {"logo": "logoUrl", "icon": "iconUrl"}


def read(request: StaffRequest, parts: Sequence[str]) -> dict[str, Panel]:
    """The panels asked for, all calls made at the same time. What one of them cannot tell stays in its own panel."""
    api = request.flowtly
    calls: dict[str, Callable[[], Any]] = {
        "organization": lambda: connection.organization(api, request.organization.id, fresh=True),
        "addresses": lambda: api.addresses.list().items,
        "subscriptions": lambda: api.subscriptions.list().items,
        "footer": api.mail_footers.get,
    }
    wanted = dict.fromkeys(name for part in parts for name in NEEDS[part])
    answers = gather({name: calls[name] for name in wanted})
    return {part.removesuffix("-panel"): {"id": part, **_DRAW[part](request, answers)} for part in parts}


def _identity(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Identity")}
    record: Organization | None = answers["organization"].value
    if record is None:
        return panel | {"error": _problem(request, answers["organization"].error)}
    tenant = request.flowtly.names.tenant_field
    said = {name: value for name, value in record.other.items() if name not in {tenant, *PICTURES.values()}}
    facts = [
        fact(_("Name"), record.name),
        fact(_("Id"), record.id, code=True),
        fact(_("Slug"), record.slug, code=True),
        fact(_("Type"), record.type),
        fact(_("Status"), record.status, color=pill(record.status)),
        fact(_("Tenant (%(field)s)") % {"field": tenant}, request.flowtly.tenant, code=True),
        fact(_("Demo"), _flag(record, "demo", record.demo)),
        fact(_("Production-like"), _flag(record, "productionLike", record.production_like)),
        fact(_("Manual billing"), _flag(record, "manualBilling", record.manual_billing)),
        fact(_("Stripe customer"), record.stripe_customer_id, code=True),
        _current_subscription(request, record),
        fact(_("Database"), ", ".join(map(as_it_is, record.database_status or ())), code=True),
        _moment(request, _("Created"), record.created_at),
        _moment(request, _("Changed"), record.updated_at),
    ]
    return panel | {"columns": [facts[:7], facts[7:]], "other_fields": [
        {"name": name, "value": as_it_is(value)} for name, value in said.items()
    ]}  # fmt: skip


def _current_subscription(request: StaffRequest, record: Organization) -> dict[str, Any]:
    named = record.current_subscription
    url = page_of(request, ["subscriptions:show"], subscription_id=named.id) if named else ""
    return fact(_("Current subscription"), (named.label or named.id) if named else None, code=True, url=url)


# --- what belongs to it: as IRIs, as ids or as objects ---


def _belongings(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("What belongs to it")}
    record: Organization | None = answers["organization"].value
    if record is None:
        return panel | {"error": _problem(request, answers["organization"].error)}
    addresses: list[Address] = answers["addresses"].value or []
    subscriptions: list[Subscription] = answers["subscriptions"].value or []
    places = {each.id: ", ".join(filter(None, [label(each.type), each.city])) for each in addresses}
    plans = {each.id: ", ".join(filter(None, map(label, (each.type, each.status)))) for each in subscriptions}
    groups = [
        _group(request, _("Users"), record.organization_users),
        _group(request, _("Invitations"), record.organization_user_invitations),
        _group(request, _("Modules"), record.organization_modules),
        _group(
            request,
            _("Subscriptions"),
            record.subscriptions,
            ["subscriptions:show"],
            "subscription_id",
            plans,
        ),
        _group(
            request, _("Addresses"), record.organization_addresses, ["addresses:edit"], "address_id", places
        ),
        _group(
            request, _("Settings"), record.organization_configs, ["configs:edit", "configs:show"], "config_id"
        ),
    ]
    return panel | {"groups": groups}


def _group(
    request: StaffRequest,
    name: str,
    references: Iterable[Reference] | None,
    pages: Sequence[str] = (),
    argument: str = "",
    known: Words | None = None,
) -> dict[str, Any]:
    if references is None:
        return {"label": name, "count": "", "items": [], "more": [], "more_label": ""}
    items = [_item(request, each, pages, argument, known or {}) for each in references]
    more = len(items) - SHOWN
    words = ngettext("and %(n)s more", "and %(n)s more", max(more, 0)) % {"n": number(max(more, 0))}
    return {
        "label": name,
        "count": number(len(items)),
        "items": items[:SHOWN],
        "more": items[SHOWN:],
        "more_label": words if more > 0 else "",
    }


def _item(
    request: StaffRequest, reference: Reference, pages: Sequence[str], argument: str, known: Words
) -> dict[str, str]:
    """Its name if it has one, what else it says of itself, and its page here if there is one."""
    name = reference.label or reference.id or as_it_is(reference.raw)
    raw = reference.raw if isinstance(reference.raw, dict) else {}
    own = [
        label(raw[each]) for each in DETAILS if isinstance(raw.get(each), str) and raw[each] not in {"", name}
    ]
    return {
        "name": name,
        "is_code": "" if reference.label else "yes",
        "id": reference.id if reference.label else "",
        "detail": known.get(reference.id) or ", ".join(own),
        "url": page_of(request, pages, **{argument: reference.id}) if argument else "",
    }


# --- its pictures and its footer ---


def _pictures(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Logo and icon")}
    record: Organization | None = answers["organization"].value
    if record is None:
        return panel | {"error": _problem(request, answers["organization"].error)}
    return panel | {"pictures": [picture(request, what, record) for what in PICTURES]}


def picture(request: StaffRequest, what: str, record: Organization | None) -> dict[str, Any]:
    """`shown` where the record names one: it is then fetched by us, and drawn on both grounds."""
    return {
        "what": what,
        "label": str(LABELS[what]),
        "send": str(SEND[what]),
        "shown": bool(record and address_of(record, what)),
        "current_url": link(request, "profile:current", what=what),
        "url": link(request, "profile:picture", what=what),
    }


def address_of(record: Organization, what: str) -> str:
    value = record.raw.get(PICTURES[what])
    return value if isinstance(value, str) else ""


def _footer(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Mail footer"), "url": link(request, "profile:mail-footer")}
    record = answers["footer"].value
    if record is None:
        return panel | {"error": _problem(request, answers["footer"].error)}
    offered = footer_fields.offered(request.flowtly, record)
    texts = [text for name in offered if (text := record.raw.get(name))]
    return panel | {
        "preview_url": link(request, "profile:footer-preview") if texts else "",
        "empty": not texts,
    }


_DRAW: dict[str, Callable[[StaffRequest, Answers], Panel]] = {
    "identity-panel": _identity,
    "belongings-panel": _belongings,
    "pictures-panel": _pictures,
    "footer-panel": _footer,
}


# --- how a fact is said ---


def fact(name: str, value: Any, *, color: str = "", code: bool = False, url: str = "") -> dict[str, Any]:
    return {"label": name, "value": label(value), "pill": color, "code": code and bool(value), "url": url}


def _moment(request: StaffRequest, name: str, value: datetime | None) -> dict[str, Any]:
    exact = value.isoformat() if isinstance(value, datetime) else ""
    return fact(name, when(value, request.user.time_zone)) | {"exact": exact}


def _flag(record: Organization, name: str, value: Any) -> Any:
    """A flag that the API leaves out is not the same as no."""
    return value if record.said(name) else None


def page_of(request: StaffRequest, names: Sequence[str], **kwargs: str) -> str:
    """The page of the first of these names that there is; "" where there is none, or an id fits no page."""
    if not all(map(is_identifier, kwargs.values())):
        return ""
    for name in names:
        try:
            return link(request, name, **kwargs)
        except NoReverseMatch:
            continue
    return ""


def _problem(request: HttpRequest, error: errors.FlowtlyError | None) -> error_messages.Problem | None:
    return error_messages.reading(error, request.get_full_path()) if error else None
