"""Panels of the overview: what each asks of Flowtly and how it says the answer."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.audit import history
from dashboard.entities.organizations import subscription_panel
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.integrations import Kind, Status
from dashboard.flowtly.resources.organizations import Organization
from dashboard.flowtly.resources.pagination import Page
from dashboard.flowtly.resources.records import Record
from dashboard.standards.foreign_text import joined
from dashboard.upstream import connection
from dashboard.upstream.parallel import Result
from dashboard.web import panels
from dashboard.web.address_line import in_a_line
from dashboard.web.formatting import NOTHING, as_it_is, label, number, pill, record_name, reference_name
from dashboard.web.panels import Answers, Context, Panel, fact, flag, moment, page_of
from dashboard.web.request import StaffRequest

INTEGRATIONS: dict[Kind, str] = {
    "google-workspace": "Google Workspace",
    "microsoft-teams": "Microsoft Teams",
    "kontomatik": "Kontomatik",
}
ADDRESSES_SHOWN = 4
CHANGES_SHOWN = 6


def read(request: StaffRequest, parts: Sequence[str]) -> dict[str, Context]:
    return panels.read(request, PANELS, parts, _calls(request))


def _calls(request: StaffRequest) -> Mapping[str, Callable[[], object]]:
    api = request.flowtly
    return {
        "organization": lambda: connection.organization(api, request.organization.id, fresh=True),
        "subscriptions": lambda: api.subscriptions.list().items,
        "addresses": lambda: api.addresses.list(),
        "locations": lambda: api.locations.list(items=1),
        "clients": lambda: api.clients.list(items=1),
        **{name: partial(api.integrations.status, name) for name in INTEGRATIONS},
    }


# --- who they are ---


def _identity(request: StaffRequest, answers: Answers) -> Context:
    record: Organization = answers["organization"].get()
    facts = [
        fact(_("Name"), record_name(record.name)),
        fact(_("Slug"), record.slug, code=True),
        fact(_("Type"), record.type),
        fact(_("Status"), record.status, pill=pill(record.status)),
        fact(_("Demo"), flag(record, "demo")),
        fact(_("Production-like"), flag(record, "productionLike")),
        fact(_("Manual billing"), flag(record, "manualBilling")),
        fact(_("Stripe customer"), record.stripe_customer_id, code=True),
        fact(_("Users"), _users(record)),
        fact(_("Modules"), joined(map(reference_name, record.organization_modules or ())), code=True),
        moment(request, _("Created"), record.created_at),
        moment(request, _("Changed"), record.updated_at),
    ]
    return {"wide": True, "columns": [facts[:6], facts[6:]], "notes": _money_notes(record)}


def _money_notes(record: Organization) -> list[str]:
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


# --- where they are ---


def _addresses(request: StaffRequest, answers: Answers) -> Context:
    records: list[Address] = sorted(answers["addresses"].get().items, key=lambda each: each.type or "~")
    if not records:
        return {"empty": _no_addresses(answers["organization"].value)}
    facts = [
        fact(
            label(each.type) if each.type else _("Address"),
            in_a_line(each, request.organization.name),
            url=page_of(request, "addresses:edit", address_id=each.id),
        )
        for each in records[:ADDRESSES_SHOWN]
    ]
    more = len(records) - len(facts)
    return {"columns": [facts], "foot": _("and %(n)s more") % {"n": number(more)} if more else ""}


def _no_addresses(record: Organization | None) -> str:
    named = len(record.organization_addresses or ()) if record else 0
    if not named:
        return _("This organization has no addresses.")
    text = ngettext(
        "Flowtly lists no addresses, but the organization names %(n)s.",
        "Flowtly lists no addresses, but the organization names %(n)s.",
        named,
    )
    return text % {"n": number(named)}


# --- what they use and have ---


def _integrations(request: StaffRequest, answers: Answers) -> Context:
    if all(answers[name].error for name in INTEGRATIONS):
        answers[next(iter(INTEGRATIONS))].get()
    return {"columns": [[_integration(title, answers[name].value) for name, title in INTEGRATIONS.items()]]}


def _integration(title: str, status: Status | None) -> Context:
    if status is None:
        return fact(title, _("could not be read"), pill="attention")
    state = _state(status)
    return fact(title, state, pill=pill(state) or "neutral")


def _state(status: Status) -> str:
    """What the integration says of itself. No field of the answer is published, so the likely ones are tried,
    and an answer without any of them is shown as it is."""
    for name in ("status", "state"):
        if isinstance(status.raw.get(name), str):
            return str(status.raw[name])
    for name in ("connected", "enabled", "active"):
        if isinstance(status.raw.get(name), bool):
            return "connected" if status.raw[name] else "disconnected"
    return as_it_is(status.raw) if status.raw else _("Flowtly says nothing")


def _counts(request: StaffRequest, answers: Answers) -> Context:
    names = {"locations": _("locations"), "addresses": _("addresses"), "clients": _("clients")}
    if all(answers[name].error for name in names):
        answers["locations"].get()
    counts = [
        {
            "label": _("%(what)s: not read") % {"what": words} if answers[name].error else words,
            "value": _count(answers[name]),
            "url": page_of(request, f"{name}:index"),
        }
        for name, words in names.items()
    ]
    return {"counts": counts}


def _count(answer: Result[Page[Record]]) -> str:
    """The API's own total; without one what has come may be all or the beginning, and of a failed call nothing."""
    if answer.value is None:
        return NOTHING
    seen = len(answer.value.items)
    if answer.value.total is not None and answer.value.total >= seen:
        return number(answer.value.total)
    return _("at least %(n)s") % {"n": number(seen)} if seen else "0"


def _changes(request: StaffRequest, answers: Answers) -> Context:
    entries = history.of_organization(request.organization.id, CHANGES_SHOWN)
    return {"changes": history.told(entries, request.user.time_zone)}


PANELS = {
    "identity-panel": Panel(gettext_lazy("Identity"), _identity, ("organization",)),
    "counts-panel": Panel(gettext_lazy("Records"), _counts, ("locations", "addresses", "clients")),
    "subscription-panel": Panel(
        gettext_lazy("Subscription"),
        subscription_panel.draw,
        ("subscriptions", "addresses"),
        "subscriptions:index",
    ),
    "addresses-panel": Panel(
        gettext_lazy("Addresses"), _addresses, ("addresses", "organization"), "addresses:index"
    ),
    "integrations-panel": Panel(
        gettext_lazy("Integrations"), _integrations, tuple(INTEGRATIONS), "integrations:index"
    ),
    "changes-panel": Panel(gettext_lazy("Latest changes made here"), _changes),
}
PARTS = tuple(PANELS)
