"""Subscription panel of the overview: what the organization pays for."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.standards.foreign_text import joined
from dashboard.upstream.parallel import Result
from dashboard.web.address_line import in_a_line
from dashboard.web.formatting import number, pill, reference_name
from dashboard.web.panels import Answers, Context, fact, moment, organization_of, page_of
from dashboard.web.request import StaffRequest, link, may


def draw(request: StaffRequest, answers: Answers) -> Context:
    records: list[Subscription] = answers["subscriptions"].get()
    organization = organization_of(request)
    named = organization.current_subscription if organization else None
    if not records and named:
        text = _("Flowtly lists no subscription, but the organization names %(id)s as its current one.")
        return {"empty": text % {"id": named.id}}
    if not records:
        return {"empty": _("This organization has no subscription.")}
    shown = _current(records, named)
    page = page_of(request, "subscriptions:show", subscription_id=shown.id)
    facts = [
        fact(_("Plan"), shown.type),
        fact(_("Status"), shown.status, pill=pill(shown.status)),
        fact(_("Seats"), number(shown.seats)),
        fact(_("Products"), joined(map(reference_name, shown.products or ())), code=True),
        fact(_("Modules"), joined(map(reference_name, shown.modules or ())), code=True),
        fact(_("Billed to"), _billed_to(request, shown, answers["addresses"])),
        fact(_("Payment"), _("a payment method is set") if shown.payment_method else ""),
        moment(request, _("Since"), shown.created_at),
        fact(_("Id"), shown.id, code=True, url=page),
    ]
    more = len(records) - 1
    text = ngettext("%(n)s other subscription", "%(n)s other subscriptions", more) % {"n": number(more)}
    coupon = link(request, "acts:apply-coupon") if may(request, "act_money") else ""
    return {"columns": [facts], "foot": text if more else "", "coupon_url": coupon}


def _current(records: list[Subscription], named: Reference | None) -> Subscription:
    """Subscription that the organization itself calls current, else one that is active, else the first."""
    current = next((record for record in records if named and record.id == named.id), None)
    return current or next((record for record in records if record.active), records[0])


def _billed_to(request: StaffRequest, subscription: Subscription, addresses: Result[Page[Address]]) -> str:
    """Address, which comes as an object or as an IRI; then it may be among the organization's addresses."""
    named = subscription.organization_address
    if named is None:
        return ""
    if isinstance(named.raw, dict) and named.label:
        return in_a_line(Address.read(named.raw), request.organization.name)
    listed = addresses.value.items if addresses.value else []
    found = next((each for each in listed if each.id == named.id), None)
    return in_a_line(found, request.organization.name) if found else str(named.id)
