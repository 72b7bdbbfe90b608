from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from dashboard.audit import history, unresolved
from dashboard.entities.integrations import (
    actions,
    connection_state,
    forms,
    ids,
    pull_limit,
    requirements,
    status_card,
)
from dashboard.entities.integrations.providers import INTEGRATIONS, KONTOMATIK, SERVICES, Integration, status
from dashboard.flowtly import errors
from dashboard.forms import pages, tenant_check
from dashboard.forms.results import Saved
from dashboard.upstream.parallel import Result, gather
from dashboard.web import responses
from dashboard.web.request import StaffRequest, link, may, permission


@permission("view_integrations")
def index(request: StaffRequest) -> HttpResponse:
    """A card each; they are read at the same time, and what one of them cannot tell stays in its own."""
    parts = [each.card for each in INTEGRATIONS.values()]
    asked = responses.part_asked(request, parts)
    wanted = [each for each in INTEGRATIONS.values() if not asked or each.card == asked]
    answers = gather({each.id: status(request.flowtly, each) for each in wanted})
    shown = {
        each.id.replace("-", "_"): status_card.view_model(
            request, each, answers[each.id], again=bool(asked), acts=may(request, "change_integrations")
        )
        for each in wanted
    }
    return responses.page(request, "integrations/index.html", {"cards": shown}, parts=parts)


@permission("view_integrations", "change_integrations")
def enroll(request: StaffRequest, kind: str) -> HttpResponse:
    integration, acting = INTEGRATIONS[kind], may(request, "change_integrations")
    parts = [integration.card, requirements.PART]
    asked = responses.part_asked(request, parts) if request.method == "GET" else ""
    answers, whose = tenant_check.ask(
        request, _calls(request, integration, asked), acting=acting and not asked
    )
    context = _shown(request, integration, answers, acting=acting, again=bool(asked))
    if asked:
        return responses.page(request, "integrations/enroll.html", context, parts=parts)
    needs = answers["needs"].value or requirements.PLAIN
    before = _enrolled_with(request, answers["status"])
    form = forms.EnrollForm.of(request, integration, needs=needs, whose=whose, initial=before)
    if acting and isinstance(saved := actions.enroll(form, integration), Saved):
        return _enrolled(request, saved, form, integration)
    context |= {
        "save_label": _("Enroll %(name)s") % {"name": integration.name},
        "overview_url": link(request, "integrations:index"),
    }
    return pages.form_page(request, integration.name, form, "integrations/enroll.html", **context)


def _calls(request: StaffRequest, integration: Integration, asked: str) -> dict[str, Any]:
    service = SERVICES[integration.id]
    calls = {
        integration.card: ("status", status(request.flowtly, integration)),
        requirements.PART: ("needs", lambda: request.flowtly.integrations.requirements(service.kind)),
    }
    return dict([calls[asked]] if asked else calls.values())


def _shown(
    request: StaffRequest,
    integration: Integration,
    answers: Mapping[str, Result[Any]],
    *,
    acting: bool,
    again: bool,
) -> dict[str, Any]:
    shown: dict[str, Any] = {"can_enroll": acting}
    if "status" in answers:
        shown["card"] = status_card.view_model(
            request, integration, answers["status"], again=again, acts=acting
        )
    if "needs" in answers:
        shown["needs"] = requirements.panel_of(SERVICES[integration.id], answers["needs"], request.path)
    return shown


@permission("view_integrations")
def kontomatik(request: StaffRequest, kind: str) -> HttpResponse:
    asked = responses.part_asked(request, [KONTOMATIK.card])
    acting = may(request, "change_integrations")
    answer = gather({"status": status(request.flowtly, KONTOMATIK)})["status"]
    card = status_card.view_model(request, KONTOMATIK, answer, again=bool(asked), acts=acting)
    written = history.of_record(request.organization.id, "integrations", kind)
    context = {
        "card": card | {"actions": _actions(request, card.get("state")) if acting else []},
        "overview_url": link(request, "integrations:index"),
        "title": KONTOMATIK.name,
        "doubts": unresolved.told(request, "integrations", kind),
        "history": history.told(written, request.user.time_zone),
        "can_change": acting,
    }
    return responses.page(request, "integrations/kontomatik.html", context, parts=[KONTOMATIK.card])


@permission("change_integrations", "change_integrations")
def setup(request: StaffRequest) -> HttpResponse:
    """Begins a set-up; where only this answer names the address to sign in at, it is handed over at once."""
    form, now = _form(request, forms.SetupForm)
    handed = ""
    if isinstance(saved := actions.act_on_kontomatik(form), Saved):
        handed = connection_state.read(saved.record.raw).link
        if not handed or _shows(request, handed):
            text = _("The set-up has begun. Now the bank's customer has to sign in, in person.")
            return pages.done(request, saved, text, KONTOMATIK.page)
    notes = []
    if now and now.phase == connection_state.CONNECTED:
        notes = [_("It is connected. Another set-up asks the bank's customer for a new consent.")]
    return _confirm(
        request,
        form,
        _("Set up Kontomatik?"),
        sentences=[
            _("Flowtly prepares a sign-in at the bank. The bank's customer then signs in there, in person."),
            _("Nobody here ever asks for, types or keeps anything that opens a bank account."),
            _("The consent lasts up to 180 days and can be revoked at any time."),
        ],
        notes=notes,
        save_label=_("Set up Kontomatik"),
        keep_label=_("Leave it as it is"),
        handed=handed,
        handed_host=urlsplit(handed).hostname if handed else "",
    )


@permission("change_integrations", "change_integrations")
def pull(request: StaffRequest) -> HttpResponse:
    form, now = _form(request, forms.PullForm)
    if isinstance(saved := actions.act_on_kontomatik(form), Saved):
        text = _("Flowtly has taken the request. Fresh bank data may take some minutes.")
        return pages.done(request, saved, text, KONTOMATIK.page)
    return _confirm(
        request,
        form,
        _("Pull bank data?"),
        sentences=[
            _("Asks the bank for what is new since the last pull."),
            _(
                "Banks allow about four pulls in 24 hours. One too many is refused, and nothing is lost by it."
            ),
        ],
        notes=pull_limit.notes(request, now),
        facts=pull_limit.facts(request, now),
        save_label=_("Pull bank data"),
        keep_label=_("Do not pull now"),
    )


@permission("change_integrations", "change_integrations")
def revoke(request: StaffRequest) -> HttpResponse:
    form, now = _form(request, forms.RevokeForm)
    if isinstance(saved := actions.act_on_kontomatik(form), Saved):
        text = _("The consent is revoked. To connect again, set it up anew.")
        return pages.done(request, saved, text, KONTOMATIK.page)
    notes = []
    if now and now.phase not in {connection_state.CONNECTED, connection_state.UNKNOWN}:
        notes = [_("Flowtly shows no consent that is in force, so there may be nothing to revoke.")]
    return _confirm(
        request,
        form,
        _("Revoke the consent?"),
        sentences=[
            _("Ends the bank's consent for good: no bank data comes in any more."),
            _("Only a new set-up, with the bank's customer signing in again, brings it back."),
        ],
        notes=notes,
        save_label=_("Revoke the consent"),
        keep_label=_("Keep the consent"),
        danger=True,
    )


def _form(
    request: StaffRequest, kind: type[forms.IntegrationForm]
) -> tuple[Any, connection_state.ConnectionState | None]:
    answers, whose = tenant_check.ask(request, {"status": status(request.flowtly, KONTOMATIK)}, acting=True)
    now = answers["status"].value
    return kind.of(request, KONTOMATIK, whose=whose), connection_state.read(now.raw) if now else None


def _confirm(
    request: StaffRequest, form: forms.IntegrationForm, title: str, **context: object
) -> HttpResponse:
    context |= {"back_url": link(request, KONTOMATIK.page), "back_label": KONTOMATIK.name}
    return pages.form_page(request, title, form, "integrations/act.html", **context)


def _actions(request: StaffRequest, now: connection_state.ConnectionState | None) -> Sequence[dict[str, Any]]:
    """Actions that the state allows; about a state that is not known, every one."""
    phase = now.phase if now else connection_state.UNKNOWN
    begin = {"url": link(request, "integrations:setup"), "label": _("Set up Kontomatik")}
    ask = {"url": link(request, "integrations:pull"), "label": _("Pull bank data")}
    end = {"url": link(request, "integrations:revoke"), "label": _("Revoke the consent")}
    shown = {
        connection_state.CONNECTED: [ask, begin | {"label": _("Set up anew")}, end],
        connection_state.WAITING: [begin | {"label": _("Set up anew")}, end],
        connection_state.UNKNOWN: [begin, ask, end],
    }.get(phase, [begin])
    waits = phase == connection_state.WAITING
    return [{**each, "quiet": waits or bool(number)} for number, each in enumerate(shown)]


def _enrolled_with(request: StaffRequest, answer: Result[Any]) -> dict[str, str]:
    """The ids it was enrolled with before, to begin with; a form that is posted brings its own."""
    if request.method == "POST" or answer.value is None:
        return {}
    tenant, client = request.flowtly.names.enroll_fields
    raw = answer.value.raw
    found = {"tenantId": raw.get(tenant), "clientId": raw.get(client)}
    return {name: value for name, value in found.items() if isinstance(value, str)}


def _enrolled(
    request: StaffRequest, saved: Saved[Any], form: forms.EnrollForm, integration: Integration
) -> HttpResponse:
    text = _("Flowtly has taken the enrolment of %(name)s.") % {"name": integration.name}
    answer = pages.done(request, saved, text, integration.page)
    for doubt in ids.doubts(integration.id, form.cleaned_data):
        messages.info(request, _("%(doubt)s It was sent as it is.") % {"doubt": doubt})
    return answer


def _shows(request: StaffRequest, address: str) -> bool:
    """Whether the page that comes next will show the address."""
    try:
        return connection_state.read(status(request.flowtly, KONTOMATIK)().raw).link == address
    except errors.FlowtlyError:
        return False
