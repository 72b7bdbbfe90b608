"""What there is to look at before an act: whose it is, what they have, and what they were last billed. Each is read
by itself, and what one cannot tell stays in its own panel."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from dashboard.actions.inventory import COUNTED
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, Reason
from dashboard.actions.observation import FEW, Look
from dashboard.entities.subscriptions import invoices, presentation, references
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.web import error_messages
from dashboard.web.formatting import label, number, pill
from dashboard.web.request import StaffRequest, kind_of, link

PARTS = ("organization-panel", "subscription-panel", "billed-panel", "invoices-panel")


def calls(request: StaffRequest) -> dict[str, Callable[[str], Any]]:
    api = request.flowtly.subscriptions
    return {
        "invoices": lambda subscription_id: api.invoices(subscription_id, 1, FEW),
        "catalog": lambda subscription_id: api.catalog(items=100).items,
    }


def of(request: StaffRequest, look: Look) -> dict[str, Any]:
    return {
        "organization": _organization(request, look),
        "subscription": _subscription(request, look),
        "billed": _billed(request, look),
        "invoices": _invoices(request, look),
    }


def _organization(request: StaffRequest, look: Look) -> dict[str, Any]:
    found = look.organization.value
    if found is None:
        return _failed(request, look.organization.error)
    return {"facts": _of_organization(request, found)}


def _of_organization(request: StaffRequest, found: Organization) -> list[dict[str, Any]]:
    kind, words = kind_of(found)
    fact = presentation.fact
    return [
        fact(_("Name"), found.name),
        fact(_("Id"), request.organization.id, code=True),
        fact(_("Slug"), found.slug, code=True),
        fact(_("Kind"), words, pill="attention" if kind in {"suspended", "inactive"} else "neutral"),
        fact(_("Status"), found.status, pill=pill(found.status)),
        fact(_("Production-like"), presentation.flag(found, "productionLike")),
        fact(_("Demo"), presentation.flag(found, "demo")),
        _by_hand(found),
        fact(_("Stripe customer"), found.stripe_customer_id, code=True),
    ]


def _by_hand(found: Organization) -> dict[str, Any]:
    return presentation.fact(
        _("Manual billing"),
        presentation.flag(found, "manualBilling"),
        pill="attention" if found.manual_billing else "",
    )


def _subscription(request: StaffRequest, look: Look) -> dict[str, Any]:
    found = look.subscription.value
    if look.subscription.error:
        return _failed(request, look.subscription.error)
    if found is None:
        return {"empty": _("Flowtly names no current subscription.")}
    catalog = look.more["catalog"].value or [] if "catalog" in look.more else []
    names = {each.id: each.name for each in catalog if each.id and each.name}
    return {
        "facts": _plan(request, found, names),
        "open": _("Open the subscription"),
        "url": link(request, "subscriptions:show", subscription_id=found.id)
        if presentation.opens(found.id)
        else "",
    }


def _plan(request: StaffRequest, found: Subscription, names: dict[str, str]) -> list[dict[str, Any]]:
    fact = presentation.fact
    return [
        fact(_("Id"), found.id, code=True),
        fact(_("Plan"), found.type),
        fact(_("Status"), found.status, pill=pill(found.status)),
        fact(_("Active"), presentation.flag(found, "active")),
        fact(_("Seats"), number(found.seats)),
        fact(_("Products"), things=references.read(found.raw.get("products"), names)),
        fact(_("Modules"), things=references.read(found.raw.get("modules"), names)),
        *presentation.discounts(found, request.user.time_zone),
    ]


def _billed(request: StaffRequest, look: Look) -> dict[str, Any]:
    found = look.subscription.value
    address = presentation.address(request, found) if found else None
    if address is None:
        return {"empty": _("Flowtly names no address.")}
    if "facts" not in address:
        return {"empty": _("This address could not be read: %(iri)s") % {"iri": address["iri"]}}
    return {"facts": address["facts"], "url": address["url"], "open": _("Open this address")}


def _invoices(request: StaffRequest, look: Look) -> dict[str, Any]:
    if look.subscription.value is None or "invoices" not in look.more:
        return {"empty": _("No subscription, no invoices.")}
    answer = look.more["invoices"]
    if answer.error:
        return _failed(request, answer.error)
    zone = request.user.time_zone
    rows = [invoices.row(each, zone) for each in (answer.value.items if answer.value else [])[:FEW]]
    return {"rows": rows} if rows else {"empty": _("Flowtly has no invoices for this subscription.")}


def _failed(request: StaffRequest, error: Any) -> dict[str, Any]:
    return {"error": error_messages.reading(error, request.get_full_path())}


def belongings(found: Organization) -> list[dict[str, Any]]:
    """What clearing it would take, as numbers."""
    words = {
        "locations": _("Locations"),
        "clients": _("Clients"),
        "meetings": _("Meetings"),
        "addresses": _("Addresses"),
    }
    counts = [(words[name], found.raw.get(name)) for name in COUNTED]
    return [presentation.fact(word, number(n) if isinstance(n, int) else n) for word, n in counts]


# --- once more, shorter, where it is confirmed ---


def to_confirm(request: StaffRequest, look: Look, act: Act) -> list[dict[str, Any]]:
    found, whose = look.subscription.value, look.organization.value
    fact = presentation.fact
    facts = [fact(_("Organization"), act.organization_name), fact(_("Id"), act.organization, code=True)]
    if whose is not None:
        facts.append(_by_hand(whose))
    if found is not None and KINDS[act.kind].entity == "organizations":
        facts += belongings(found)
    elif found is not None:
        facts += [
            fact(_("Subscription"), found.id, code=True),
            fact(_("Plan"), found.type),
            fact(_("Seats"), number(found.seats)),
            fact(_("Status"), found.status, pill=pill(found.status)),
            *presentation.discounts(found, request.user.time_zone),
        ]
    return [*facts, fact(_("Reason"), str(label(Reason(act.reason).label))), fact(_("Note"), act.note)]
