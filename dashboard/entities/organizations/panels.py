"""The panels of the overview: what each asks of Flowtly and how it says the answer."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.audit import history
from dashboard.flowtly import errors
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.integrations import Kind, Status
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.standards import countries
from dashboard.upstream import connection
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import NOTHING, as_it_is, label, number, pill, when
from dashboard.web.request import StaffRequest, link, may

Answers = dict[str, Result[Any]]
Panel = dict[str, Any]

INTEGRATIONS: dict[Kind, str] = {
    "google-workspace": "Google Workspace",
    "microsoft-teams": "Microsoft Teams",
    "kontomatik": "Kontomatik",
}
# Part of the page → the answers it is drawn from.
NEEDS: dict[str, tuple[str, ...]] = {
    "identity-panel": ("organization",),
    "counts-panel": ("locations", "addresses", "clients"),
    "subscription-panel": ("subscriptions", "addresses"),
    "addresses-panel": ("addresses",),
    "integrations-panel": tuple(INTEGRATIONS),
    "changes-panel": (),
}
PARTS = tuple(NEEDS)
ADDRESSES_SHOWN = 4
CHANGES_SHOWN = 6


def read(request: StaffRequest, parts: Sequence[str]) -> dict[str, Panel]:
    """The panels asked for. All their calls are made at the same time, and each once however many panels want it."""
    calls = _calls(request)
    wanted = dict.fromkeys(name for part in parts for name in NEEDS[part])
    answers = gather({name: calls[name] for name in wanted}) if wanted else {}
    return {part.removesuffix("-panel"): {"id": part, **_DRAW[part](request, answers)} for part in parts}


def _calls(request: StaffRequest) -> dict[str, Callable[[], Any]]:
    api = request.flowtly
    return {
        "organization": lambda: connection.organization(api, request.organization.id, fresh=True),
        "subscriptions": lambda: api.subscriptions.list(),
        "addresses": lambda: api.addresses.list(),
        "locations": lambda: api.locations.list(items=1),
        "clients": lambda: api.clients.list(items=1),
        **{name: partial(api.integrations.status, name) for name in INTEGRATIONS},
    }


# --- who they are ---


def _identity(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Identity"), "wide": True}
    answer = answers["organization"]
    if answer.error:
        return panel | {"error": _problem(request, answer.error)}
    record: Organization = answer.value  # type: ignore[assignment]
    facts = [
        fact(_("Name"), record.name),
        fact(_("Slug"), record.slug, code=True),
        fact(_("Type"), record.type),
        fact(_("Status"), record.status, pill(record.status)),
        fact(_("Demo"), _said(record, "demo", record.demo)),
        fact(_("Production-like"), _said(record, "productionLike", record.production_like)),
        fact(_("Manual billing"), _said(record, "manualBilling", record.manual_billing)),
        fact(_("Stripe customer"), record.stripe_customer_id, code=True),
        fact(_("Users"), _users(record)),
        fact(_("Modules"), _names(record.organization_modules), code=True),
        moment(request, _("Created"), record.created_at),
        moment(request, _("Changed"), record.updated_at),
    ]
    return panel | {"columns": [facts[:6], facts[6:]], "notes": attention(record)}


def attention(record: Organization) -> list[str]:
    """What somebody should know before doing anything about money."""
    notes = []
    if record.manual_billing:
        notes.append(_("Billed by hand: coupons and cancelling may not change what this organization pays."))
    if not record.stripe_customer_id:
        notes.append(_("Flowtly names no Stripe customer: there may be nobody to charge or to discount."))
    return notes


def _users(record: Organization) -> str:
    if record.organization_users is None:
        return ""
    users, invited = len(record.organization_users), len(record.organization_user_invitations or ())
    if not invited:
        return number(users)
    text = ngettext("%(users)s, and %(n)s invitation", "%(users)s, and %(n)s invitations", invited)
    return text % {"users": number(users), "n": number(invited)}


def _names(references: tuple[Reference, ...] | None) -> str:
    return ", ".join(each.label or each.id or as_it_is(each.raw) for each in references or ())


# --- what they pay for ---


def _subscription(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Subscription"), "url": page_of(request, "subscriptions:index")}
    answer = answers["subscriptions"]
    if answer.error:
        return panel | {"error": _problem(request, answer.error)}
    records: list[Subscription] = answer.value.items  # type: ignore[union-attr]
    if not records:
        return panel | {"empty": _("This organization has no subscription.")}
    shown = _current(request, records)
    facts = [
        fact(_("Plan"), shown.type),
        fact(_("Status"), shown.status, pill(shown.status)),
        fact(_("Seats"), number(shown.seats)),
        fact(_("Products"), ", ".join(map(_thing, shown.products or ())), code=True),
        fact(_("Modules"), ", ".join(map(_thing, shown.modules or ())), code=True),
        fact(_("Billed to"), _billed_to(request, shown, answers["addresses"])),
        fact(_("Payment"), _("a payment method is set") if shown.payment_method else ""),
        moment(request, _("Since"), shown.created_at),
        fact(
            _("Id"), shown.id, code=True, url=page_of(request, "subscriptions:show", subscription_id=shown.id)
        ),
    ]
    more = len(records) - 1
    text = ngettext("%(n)s other subscription", "%(n)s other subscriptions", more) % {"n": number(more)}
    coupon = link(request, "acts:apply-coupon") if may(request, "act_money") else ""
    return panel | {"columns": [facts], "foot": text if more else "", "coupon_url": coupon}


def _current(request: StaffRequest, records: list[Subscription]) -> Subscription:
    """The one the organization itself calls current, else one that is active, else the first."""
    try:
        named = connection.organization(request.flowtly, request.organization.id).current_subscription
    except errors.FlowtlyError:
        named = None
    current = next((record for record in records if named and record.id == named.id), None)
    return current or next((record for record in records if record.active), records[0])


def _billed_to(request: StaffRequest, subscription: Subscription, addresses: Result[Any]) -> str:
    """The address, which comes as an object or as an IRI; then it may be among the organization's addresses."""
    named = subscription.organization_address
    if named is None:
        return ""
    if isinstance(named.raw, dict) and named.label:
        return in_a_line(Address.read(named.raw), request.organization.name)
    listed = addresses.value.items if addresses.value else []
    found = next((each for each in listed if each.id == named.id), None)
    return in_a_line(found, request.organization.name) if found else named.id


def _thing(value: Any) -> str:
    """A product or a module: a code, an IRI or an object."""
    named = Reference.read(value)
    return (named.label or named.id) if isinstance(named, Reference) else as_it_is(value)


# --- where they are ---


def _addresses(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Addresses"), "url": page_of(request, "addresses:index")}
    answer = answers["addresses"]
    if answer.error:
        return panel | {"error": _problem(request, answer.error)}
    records: list[Address] = sorted(answer.value.items, key=lambda each: each.type or "~")  # type: ignore[union-attr]
    if not records:
        return panel | {"empty": _("This organization has no addresses.")}
    facts = [
        fact(
            label(each.type) if each.type else _("Address"),
            in_a_line(each, request.organization.name),
            url=page_of(request, "addresses:edit", address_id=each.id),
        )
        for each in records[:ADDRESSES_SHOWN]
    ]
    more = len(records) - len(facts)
    return panel | {"columns": [facts], "foot": _("and %(n)s more") % {"n": number(more)} if more else ""}


def in_a_line(address: Address, of: str = "") -> str:
    """An address as one writes it in a line; a name that is that of the organization it is `of` goes without saying."""
    name = address.name if address.name != of else ""
    place = " ".join(filter(None, [address.post_code, address.city]))
    country = countries.name(address.country) if address.country else ""
    return ", ".join(filter(None, [name, address.street, place, country])) or address.id


# --- what they use and have ---


def _integrations(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Integrations"), "url": page_of(request, "integrations:index")}
    asked = {name: answers[name] for name in INTEGRATIONS}
    if all(answer.error for answer in asked.values()):
        return panel | {"error": _problem(request, next(iter(asked.values())).error)}
    facts = []
    for name, answer in asked.items():
        if answer.error or answer.value is None:
            facts.append(fact(INTEGRATIONS[name], _("could not be read"), "attention"))
        else:
            state = _state(answer.value)
            facts.append(fact(INTEGRATIONS[name], state, pill(state) or "neutral"))
    return panel | {"columns": [facts]}


def _state(status: Status) -> Any:
    """What the integration says of itself. No field of the answer is published, so the likely ones are tried,
    and an answer without any of them is shown as it is."""
    for name in ("status", "state"):
        if isinstance(status.raw.get(name), str):
            return status.raw[name]
    for name in ("connected", "enabled", "active"):
        if isinstance(status.raw.get(name), bool):
            return "connected" if status.raw[name] else "disconnected"
    return as_it_is(status.raw) if status.raw else _("Flowtly says nothing")


def _counts(request: StaffRequest, answers: Answers) -> Panel:
    panel: Panel = {"title": _("Records")}
    shown = {
        "locations": (_("locations"), "locations:index"),
        "addresses": (_("addresses"), "addresses:index"),
        "clients": (_("clients"), "clients:index"),
    }
    if all(answers[name].error for name in shown):
        return panel | {"error": _problem(request, answers["locations"].error)}
    counts = [
        {
            "label": _("%(what)s: not read") % {"what": words} if answers[name].error else words,
            "value": _count(answers[name]),
            "url": page_of(request, url),
        }
        for name, (words, url) in shown.items()
    ]
    return panel | {"counts": counts}


def _count(answer: Result[Any]) -> str:
    """The API's own total; without one what has come may be all or the beginning, and of a failed call nothing."""
    if answer.value is None:
        return NOTHING
    seen = len(answer.value.items)
    if answer.value.total is not None and answer.value.total >= seen:
        return number(answer.value.total)
    return _("at least %(n)s") % {"n": number(seen)} if seen else "0"


def _changes(request: StaffRequest, answers: Answers) -> Panel:
    entries = history.of_organization(request.organization.id, CHANGES_SHOWN)
    return {"title": _("Latest changes made here"), "changes": history.told(entries, request.user.time_zone)}


_DRAW: dict[str, Callable[[StaffRequest, Answers], Panel]] = {
    "identity-panel": _identity,
    "counts-panel": _counts,
    "subscription-panel": _subscription,
    "addresses-panel": _addresses,
    "integrations-panel": _integrations,
    "changes-panel": _changes,
}


# --- how a fact is said ---


def fact(name: str, value: Any, color: str = "", *, code: bool = False, url: str = "") -> dict[str, Any]:
    return {"label": name, "value": label(value), "pill": color, "code": code and bool(value), "url": url}


def moment(request: StaffRequest, name: str, value: datetime | None) -> dict[str, Any]:
    exact = value.isoformat() if isinstance(value, datetime) else ""
    return fact(name, when(value, request.user.time_zone)) | {"exact": exact}


def page_of(request: StaffRequest, name: str, **kwargs: str) -> str:
    """The page of this name, "" where there is none or an id does not fit one."""
    if not all(map(is_identifier, kwargs.values())):
        return ""
    try:
        return link(request, name, **kwargs)
    except NoReverseMatch:
        return ""


def _said(record: Organization, name: str, value: Any) -> Any:
    """A flag that the API leaves out is not the same as no."""
    return value if record.said(name) else _("Flowtly does not say")


def _problem(request: HttpRequest, error: errors.FlowtlyError | None) -> error_messages.Problem | None:
    return error_messages.reading(error, request.get_full_path()) if error else None
