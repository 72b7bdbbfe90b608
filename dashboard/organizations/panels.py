"""The panels of the overview: what each asks of Flowtly and how it says the answer."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard import connection, problems
from dashboard.flowtly import errors
from dashboard.flowtly.integrations import Status
from dashboard.flowtly.organizations import Organization
from dashboard.flowtly.subscriptions import Subscription
from dashboard.gather import Result, gather
from dashboard.http import StaffRequest, link
from dashboard.words import as_it_is, label, number, pill, when

PARTS = ("identity-panel", "counts-panel", "subscription-panel", "integrations-panel")

Calls = dict[str, Callable[[], Any]]


def read(request: StaffRequest, parts: Sequence[str]) -> dict[str, dict[str, Any]]:
    """The panels asked for, all their calls made at the same time."""
    calls = {part: _calls(request, part) for part in parts}
    results = gather({f"{part} {name}": call for part in parts for name, call in calls[part].items()})
    drawn = {}
    for part in parts:
        answers = {name: results[f"{part} {name}"] for name in calls[part]}
        drawn[part.removesuffix("-panel")] = {"id": part, **_DRAW[part](request, answers)}
    return drawn


def _calls(request: StaffRequest, part: str) -> Calls:
    api = request.flowtly
    if part == "identity-panel":
        return {"organization": lambda: connection.organization(api, request.organization.id, fresh=True)}
    if part == "subscription-panel":
        return {"subscriptions": lambda: api.subscriptions.list()}
    if part == "integrations-panel":
        return {
            "Google Workspace": api.integrations.google_workspace,
            "Microsoft Teams": api.integrations.microsoft_teams,
            "Kontomatik": api.integrations.kontomatik,
        }
    return {
        "locations": lambda: api.locations.list(items=1),
        "addresses": lambda: api.addresses.list(items=1),
        "clients": lambda: api.clients.list(items=1),
    }


def _identity(request: StaffRequest, answers: dict[str, Result[Organization]]) -> dict[str, Any]:
    answer = answers["organization"]
    panel: dict[str, Any] = {"title": _("Identity")}
    if answer.error or answer.value is None:
        return panel | {"error": _problem(request, answer.error)}
    record = answer.value
    zone = request.user.time_zone
    facts = [
        _fact(_("Name"), record.name),
        _fact(_("Slug"), record.slug),
        _fact(_("Type"), record.type),
        _fact(_("Status"), record.status, pill(record.status)),
        _fact(_("Demo"), _said(record, "demo", record.demo)),
        _fact(_("Production-like"), _said(record, "productionLike", record.production_like)),
        _fact(_("Manual billing"), _said(record, "manualBilling", record.manual_billing)),
        _fact(_("Stripe customer"), record.stripe_customer_id),
        _fact(_("Created"), when(record.created_at, zone)),
        _fact(_("Changed"), when(record.updated_at, zone)),
    ]
    return panel | {"facts": facts}


def _subscription(request: StaffRequest, answers: dict[str, Result[Any]]) -> dict[str, Any]:
    answer = answers["subscriptions"]
    panel: dict[str, Any] = {"title": _("Subscription")}
    if answer.error or answer.value is None:
        return panel | {"error": _problem(request, answer.error)}
    records: list[Subscription] = answer.value.items
    if not records:
        return panel | {"facts": [_fact(_("Subscriptions"), _("none"))]}
    current = next((record for record in records if record.active), records[0])
    return panel | {
        "facts": [
            _fact(_("Type"), current.type),
            _fact(_("Status"), current.status, pill(current.status)),
            _fact(_("Seats"), number(current.seats)),
            _fact(_("Since"), when(current.created_at, request.user.time_zone)),
        ]
    }


def _integrations(request: StaffRequest, answers: dict[str, Result[Status]]) -> dict[str, Any]:
    facts, failed = [], None
    for name, answer in answers.items():
        if answer.error or answer.value is None:
            failed = answer.error
            facts.append(_fact(name, _("could not be read"), "attention"))
        else:
            state = _state(answer.value)
            facts.append(_fact(name, state, pill(state) or "neutral"))
    if failed and all(answer.error for answer in answers.values()):
        return {"title": _("Integrations"), "error": _problem(request, failed)}
    return {"title": _("Integrations"), "facts": facts}


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


def _counts(request: StaffRequest, answers: dict[str, Result[Any]]) -> dict[str, Any]:
    shown = {
        "locations": (_("locations"), link(request, "locations:index")),
        "addresses": (_("addresses"), ""),
        "clients": (_("clients"), ""),
    }
    counts = [
        {"label": words, "value": _count(answers[name]), "url": url} for name, (words, url) in shown.items()
    ]
    failed = next((answer.error for answer in answers.values() if answer.error), None)
    if failed and all(answer.error for answer in answers.values()):
        return {"title": _("Records"), "error": _problem(request, failed)}
    return {"title": _("Records"), "counts": counts}


def _count(answer: Result[Any]) -> str:
    """The API's own total; without one only "at least" can be said, and of a failed call nothing."""
    if answer.value is None:
        return "?"
    if answer.value.total is not None:
        return number(answer.value.total)
    seen = len(answer.value.items)
    return _("at least %(n)s") % {"n": number(seen)} if seen else "0"


_DRAW: dict[str, Callable[[StaffRequest, dict[str, Result[Any]]], dict[str, Any]]] = {
    "identity-panel": _identity,
    "counts-panel": _counts,
    "subscription-panel": _subscription,
    "integrations-panel": _integrations,
}


def _fact(name: str, value: Any, color: str = "") -> dict[str, str]:
    return {"label": name, "value": label(value), "pill": color}


def _said(record: Organization, name: str, value: Any) -> Any:
    """A flag that the API leaves out is not the same as no."""
    return value if record.said(name) else _("Flowtly does not say")


def _problem(request: HttpRequest, error: errors.FlowtlyError | None) -> problems.Problem | None:
    return problems.reading(error, request.get_full_path()) if error else None
