"""Panels before an action on a subscription: whose it is, what they have, and what they were last billed. Each is
read by itself, and what one cannot tell stays in its own panel."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from dashboard.actions.kinds import KINDS
from dashboard.actions.kinds.base import Fact
from dashboard.actions.kinds.subscription import FEW
from dashboard.actions.models import Act
from dashboard.actions.observation import Look
from dashboard.entities.subscriptions import invoices, presentation, references
from dashboard.flowtly import errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.web import error_messages
from dashboard.web.formatting import number, pill
from dashboard.web.panels import fact, flag
from dashboard.web.request import StaffRequest, kind_of, link

PARTS = ("organization-panel", "subscription-panel", "billed-panel", "invoices-panel")
Panel = dict[str, Any]


def read(request: StaffRequest, look: Look) -> dict[str, Panel]:
    panels = {
        "organization": _organization,
        "subscription": _subscription,
        "billed": _billed,
        "invoices": _invoices,
    }
    return {name: _drawn(request, look, draw) for name, draw in panels.items()}


def _drawn(request: StaffRequest, look: Look, draw: Callable[[StaffRequest, Look], Panel]) -> Panel:
    try:
        return draw(request, look)
    except errors.FlowtlyError as error:
        return {"error": error_messages.reading(error, request.get_full_path())}


def _organization(request: StaffRequest, look: Look) -> Panel:
    found = look.organization.get()
    kind, words = kind_of(found)
    facts = [
        fact(_("Name"), found.name),
        fact(_("Id"), request.organization.id, code=True),
        fact(_("Slug"), found.slug, code=True),
        fact(_("Kind"), words, pill="attention" if kind in {"suspended", "inactive"} else "neutral"),
        fact(_("Status"), found.status, pill=pill(found.status)),
        fact(_("Production-like"), flag(found, "productionLike")),
        fact(_("Demo"), flag(found, "demo")),
        _by_hand(found),
        fact(_("Stripe customer"), found.stripe_customer_id, code=True),
    ]
    return {"facts": facts}


def _by_hand(found: Organization) -> Fact:
    tone = "attention" if found.manual_billing else ""
    return fact(_("Manual billing"), flag(found, "manualBilling"), pill=tone)


def _subscription(request: StaffRequest, look: Look) -> Panel:
    found: Subscription | None = look.record.get()
    if found is None:
        return {"empty": _("Flowtly names no current subscription.")}
    catalog = look.beside["catalog"].value or [] if "catalog" in look.beside else []
    names = {each.id: each.name for each in catalog if each.id and each.name}
    opens = presentation.opens(found.id)
    return {
        "facts": _plan(request, found, names),
        "open": _("Open the subscription"),
        "url": link(request, "subscriptions:show", subscription_id=found.id) if opens else "",
    }


def _plan(request: StaffRequest, found: Subscription, names: Mapping[str, str]) -> list[Fact]:
    return [
        fact(_("Id"), found.id, code=True),
        fact(_("Plan"), found.type),
        fact(_("Status"), found.status, pill=pill(found.status)),
        fact(_("Active"), flag(found, "active")),
        *presentation.ending(found, request.user.time_zone),
        fact(_("Seats"), number(found.seats)),
        fact(_("Products"), things=references.read(found.raw.get("products"), names)),
        fact(_("Modules"), things=references.read(found.raw.get("modules"), names)),
        *presentation.discounts(found, request.user.time_zone),
    ]


def _billed(request: StaffRequest, look: Look) -> Panel:
    found = look.record.value
    address = presentation.address(request, found) if found else None
    if address is None:
        return {"empty": _("Flowtly names no address.")}
    if "facts" not in address:
        return {"empty": _("This address could not be read: %(iri)s") % {"iri": address["iri"]}}
    return {"facts": address["facts"], "url": address["url"], "open": _("Open this address")}


def _invoices(request: StaffRequest, look: Look) -> Panel:
    if look.record.value is None or "invoices" not in look.beside:
        return {"empty": _("No subscription, no invoices.")}
    found = look.beside["invoices"].get().items[:FEW]
    rows = [invoices.row(each, request.user.time_zone) for each in found]
    return {"rows": rows} if rows else {"empty": _("Flowtly has no invoices for this subscription.")}


def to_confirm(request: StaffRequest, look: Look, act: Act) -> list[Fact]:
    """Once more, shorter, where it is confirmed."""
    facts = [fact(_("Organization"), act.organization_name), fact(_("Id"), act.organization, code=True)]
    if look.organization.value is not None:
        facts.append(_by_hand(look.organization.value))
    if look.record.value is not None:
        facts += KINDS[act.kind].facts(look.record.value, request.user.time_zone)
    return [*facts, fact(_("Reason"), act.get_reason_display()), fact(_("Note"), act.note)]
