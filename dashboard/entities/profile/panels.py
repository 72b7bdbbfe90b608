"""Panels of the profile: everything the API gives of an organization, whatever shape it comes in."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.audit import history
from dashboard.audit.models import Outcome
from dashboard.entities.profile import footer_fields
from dashboard.entities.profile.forms import LABELS
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.organizations import MailFooter, Organization
from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.subscriptions import Subscription
from dashboard.standards.foreign_text import joined
from dashboard.upstream import connection
from dashboard.web import panels
from dashboard.web.formatting import as_it_is, label, number, pill, reference_name
from dashboard.web.panels import Answers, Context, Panel, fact, moment, page_of
from dashboard.web.request import StaffRequest, link

SHOWN = 24  # of many; the rest is a click away
# What an object may say of itself beside its name.
DETAILS = ("email", "role", "status", "type")
SEND = {"logo": gettext_lazy("Send a logo"), "icon": gettext_lazy("Send an icon")}
PICTURES = {"logo": "logoUrl", "icon": "iconUrl"}
NO_NAMES: Mapping[str, str] = {}


def read(request: StaffRequest, parts: Sequence[str]) -> dict[str, Context]:
    api = request.flowtly
    calls: dict[str, Callable[[], object]] = {
        "organization": lambda: connection.organization(api, request.organization.id, fresh=True),
        "addresses": lambda: api.addresses.list().items,
        "subscriptions": lambda: api.subscriptions.list().items,
        "footer": api.mail_footers.get,
    }
    return panels.read(request, PANELS, parts, calls)


def _identity(request: StaffRequest, answers: Answers) -> Context:
    record: Organization = answers["organization"].get()
    tenant, current = request.flowtly.names.tenant_field, record.current_subscription
    facts = [
        fact(_("Name"), record.name),
        fact(_("Id"), record.id, code=True),
        fact(_("Slug"), record.slug, code=True),
        fact(_("Type"), record.type),
        fact(_("Status"), record.status, pill=pill(record.status)),
        fact(_("Tenant (%(field)s)") % {"field": tenant}, request.flowtly.tenant, code=True),
        fact(_("Demo"), record.demo),
        fact(_("Production-like"), record.production_like),
        fact(_("Manual billing"), record.manual_billing),
        fact(_("Stripe customer"), record.stripe_customer_id, code=True),
        fact(
            _("Current subscription"),
            current and (current.label or current.id),
            code=True,
            url=page_of(request, "subscriptions:show", subscription_id=current.id) if current else "",
        ),
        fact(_("Database"), joined(map(as_it_is, record.database_status or ())), code=True),
        moment(request, _("Created"), record.created_at),
        moment(request, _("Changed"), record.updated_at),
    ]
    shown = {tenant, *PICTURES.values()}
    others = [{"name": n, "value": as_it_is(value)} for n, value in record.other.items() if n not in shown]
    return {"columns": [facts[:7], facts[7:]], "other_fields": others}


# --- what belongs to it: as IRIs, as ids or as objects ---


def _belongings(request: StaffRequest, answers: Answers) -> Context:
    record: Organization = answers["organization"].get()
    addresses: list[Address] = answers["addresses"].value or []
    subscriptions: list[Subscription] = answers["subscriptions"].value or []
    places = {each.id: joined([label(each.type), each.city]) for each in addresses}
    plans = {each.id: joined(map(label, (each.type, each.status))) for each in subscriptions}

    def page(name: str, argument: str) -> Callable[[str], str]:
        return lambda record_id: page_of(request, name, **{argument: record_id})

    subscription, address = (
        page("subscriptions:show", "subscription_id"),
        page("addresses:edit", "address_id"),
    )
    groups = [
        _group(_("Users"), record.organization_users),
        _group(_("Invitations"), record.organization_user_invitations),
        _group(_("Modules"), record.organization_modules),
        _group(_("Subscriptions"), record.subscriptions, subscription, plans),
        _group(_("Addresses"), record.organization_addresses, address, places),
        _group(_("Settings"), record.organization_configs, page("configs:edit", "config_id")),
    ]
    return {"groups": groups}


def _group(
    name: str,
    references: Iterable[Reference] | None,
    page: Callable[[str], str] = lambda record_id: "",
    details: Mapping[str, str] = NO_NAMES,
) -> Context:
    if references is None:
        return {"label": name, "count": "", "items": []}
    items = [_item(each, page, details.get(each.id, "")) for each in references]
    more = items[SHOWN:]
    return {
        "label": name,
        "count": number(len(items)),
        "items": items[:SHOWN],
        "more": more,
        "more_label": ngettext("and %(n)s more", "and %(n)s more", len(more)) % {"n": number(len(more))},
    }


def _item(reference: Reference, page: Callable[[str], str], detail: str) -> dict[str, str]:
    """Its name if it has one, what else it says of itself, and its page here if there is one."""
    name = reference_name(reference)
    raw = reference.raw if isinstance(reference.raw, dict) else {}
    own = [raw[each] for each in DETAILS if isinstance(raw.get(each), str) and raw[each] not in {"", name}]
    return {
        "name": name,
        "is_code": "" if reference.label else "yes",
        "id": reference.id if reference.label else "",
        "detail": detail or joined(map(label, own)),
        "url": page(reference.id),
    }


# --- its pictures and its footer ---


def _pictures(request: StaffRequest, answers: Answers) -> Context:
    record: Organization = answers["organization"].get()
    return {"pictures": [picture(request, what, record) for what in PICTURES]}


def picture(request: StaffRequest, what: str, record: Organization) -> Context:
    """`shown` where the record names one: it is then fetched by us, and drawn on both grounds."""
    return {
        "what": what,
        "label": str(LABELS[what]),
        "send": str(SEND[what]),
        "shown": bool(address_of(record, what)),
        "sent": _sent(request, what),
        "current_url": link(request, "profile:current", what=what),
        "url": link(request, "profile:picture", what=what),
    }


def _sent(request: StaffRequest, what: str) -> Context | None:
    """The latest that was sent from here, unless it is known not to have arrived: a record need not name a picture."""
    entries = history.of_record(request.organization.id, "profile", what)
    sent = [entry for entry in entries if entry.outcome in {Outcome.APPLIED, Outcome.UNKNOWN}]
    return next(iter(history.told(sent[:1], request.user.time_zone)), None)


def address_of(record: Organization, what: str) -> str:
    value = record.raw.get(PICTURES[what])
    return value if isinstance(value, str) else ""


def _footer(request: StaffRequest, answers: Answers) -> Context:
    record: MailFooter = answers["footer"].get()
    texts = any(record.raw.get(name) for name in footer_fields.offered(request.flowtly, record))
    return {"preview_url": link(request, "profile:footer-preview") if texts else "", "empty": not texts}


PANELS = {
    "identity-panel": Panel(gettext_lazy("Identity"), _identity, ("organization",)),
    "belongings-panel": Panel(
        gettext_lazy("What belongs to it"), _belongings, ("organization", "addresses", "subscriptions")
    ),
    "pictures-panel": Panel(gettext_lazy("Logo and icon"), _pictures, ("organization",)),
    "footer-panel": Panel(gettext_lazy("Mail footer"), _footer, ("footer",), "profile:mail-footer"),
}
PARTS = tuple(PANELS)
