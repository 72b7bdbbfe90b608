"""Look → Reason → Confirm → Proof, a page each. Every kind of action goes through the same four; who may is said
where its URLs are."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseLocation

from dashboard.actions import draft, observation, outcome, panels, receipt, sentence, transitions, warnings
from dashboard.actions.approvals import requests
from dashboard.actions.follow_up import Proposal
from dashboard.actions.forms import CODES_LIST, ActForm
from dashboard.actions.kinds import KINDS, AnyKind
from dashboard.actions.models import Act, State
from dashboard.actions.observation import Look
from dashboard.actions.submit import send
from dashboard.audit import operations, unresolved
from dashboard.entities.subscriptions import presentation
from dashboard.flowtly import errors
from dashboard.forms import pages
from dashboard.web import responses
from dashboard.web.request import StaffRequest, link


def start(request: StaffRequest, kind: str, subscription_id: str = "") -> HttpResponse:
    """Look and Reason."""
    what = _kind(kind, subscription_id)
    form = draft.reason_form(request, what)
    if form.ready():
        return go(request, draft.url(draft.made(request, form, subscription_id), "confirm"))
    look = observation.read(request, what, subscription_id)
    error, of_subscription = look.record.error, what.entity == "subscriptions"
    if what.names_record and isinstance(error, errors.NotFound):
        raise error
    if look.record.value is None and not of_subscription:
        raise error or Http404
    named = Act(organization=request.organization.id, organization_name=request.organization.name)
    context = {
        "title": what.say(what.title, named),
        "form": form,
        "save_label": _("Go on"),
        "back_url": _list_url(request, what),
        "warnings": warnings.read(request, what, look),
        "sentence": what.say(what.sentence, named),
        "since": what.since,
        "panels": panels.read(request, look) if of_subscription else {},
        "facts": [] if of_subscription else what.facts(look.record.value, request.user.time_zone),
        "codes": warnings.codes_used(20) if what.has_code else [],
        "codes_list": CODES_LIST,
        "twins": _twins(request, what, look),
        "doubts": _unresolved(request, what, look),
        "kind": what,
    }
    parts = [pages.FORM_PART, *panels.PARTS]
    return responses.page(request, what.template, context, parts=parts, status=form.status)


def confirm(request: StaffRequest, kind: str, operation: str, subscription_id: str = "") -> HttpResponse:
    """What will happen to whom, and the button that does it. Sent once: from then on this leads to the proof."""
    what = _kind(kind, subscription_id)
    act = draft.find(request, what, operation, subscription_id, own=True)
    if act.state != State.DRAFT:
        return to_proof(request, act)
    look = observation.read(request, what, subscription_id, acting=True)
    record = look.record.get()
    draft.complete(act, record)
    form = ActForm.of(request, record, asked=act, whose=look.whose)
    if request.method == "POST" and (requests.ask if what.needs_second else send)(request, act, form):
        return go(request, draft.url(act, "proof"))
    act.refresh_from_db()
    twin = transitions.twin(act) if act.state == State.DRAFT else None
    context = {
        **said_before(request, what, act, look),
        "twins": [transitions.told(twin, request.user.time_zone)] if twin else [],
        "form": form,
        "tried": act.state != State.DRAFT,
        "may_again": _may_again(request, act),
        "second": what.needs_second,
        "facts": panels.to_confirm(request, look, act),
        "back_url": draft.url(act),
        "keep_url": _home(request, what, act),
        "doubts": _unresolved(request, what, look) if act.state == State.DRAFT else [],
    }
    if what.needs_second:
        context["button"] = what.say(what.ask, act)
    parts = [pages.FORM_PART]
    return responses.page(request, "acts/confirm.html", context, parts=parts, status=form.status)


def show_proof(request: StaffRequest, kind: str, operation: str, subscription_id: str = "") -> HttpResponse:
    """The receipt. While the outcome is not known, each look at it looks again."""
    what = _kind(kind, subscription_id)
    act = outcome.read(draft.find(request, what, operation, subscription_id))
    if act.state == State.DRAFT:
        return go(request, draft.url(act, "confirm"))
    part = responses.part_asked(request, [receipt.PART])
    again = receipt.look_again(request, act, part=bool(part))
    said = receipt.said(request, act)
    context: dict[str, Any] = {"said": said, "again": again, "back_url": _home(request, what, act)}
    if part:
        return responses.page(request, "acts/proof.html", context, parts=[receipt.PART])
    follow = Proposal(request, act)
    if follow.keep():
        messages.success(request, _("It is among the promised dates."))
        return go(request, draft.url(act, "proof"))
    context |= {
        "title": what.say(what.title, act),
        "act": act,
        "receipt": receipt.read(request, act, said),
        "follow": follow,
        "form": follow.form,
        "save_label": _("Remind me of it"),
        "again_url": draft.again_url(act) if _may_again(request, act) else "",
        "subscription_url": _subscription_url(request, what, act),
        "request_url": draft.request_url(act),
    }
    parts = [pages.FORM_PART]
    return responses.page(request, "acts/proof.html", context, parts=parts, status=follow.form.status)


def said_before(request: StaffRequest, kind: AnyKind, act: Act, look: Look | None) -> dict[str, Any]:
    """What whoever confirms it is told, and whoever decides about it."""
    return {
        "act": act,
        "title": kind.say(kind.title, act),
        "sentence": kind.say(kind.sentence, act),
        "since": kind.since,
        "button": kind.say(kind.button, act),
        "keep": kind.keep,
        "ends": kind.ends,
        "warnings": warnings.read(request, kind, look, act) if look else [],
        "once_more": bool(act.code and warnings.applied_lately(act.code, act.organization, but=act.pk)),
        "again_url": draft.again_url(act),
        "proof_url": draft.url(act, "proof"),
    }


def _kind(kind: str, subscription_id: str) -> AnyKind:
    if (subscription_id and not presentation.opens(subscription_id)) or not KINDS[kind].allowed:
        raise Http404
    return KINDS[kind]


def _twins(request: StaffRequest, kind: AnyKind, look: Look) -> list[dict[str, str]]:
    """The same request of somebody, where it can be told before a code is typed."""
    if kind.has_code:
        return []
    record = look.record.value.id if look.record.value else ""
    same = Act(kind=kind.id, organization=request.organization.id, record=record)
    found = transitions.twin(same)
    return [transitions.told(found, request.user.time_zone)] if found else []


def _may_again(request: StaffRequest, act: Act) -> bool:
    """Whether another attempt may begin as this one."""
    return sentence.status(act) in sentence.NOTHING_DONE and act.person_id == request.user.pk


def _home(request: StaffRequest, kind: AnyKind, act: Act) -> str:
    return _subscription_url(request, kind, act) or _list_url(request, kind)


def _list_url(request: StaffRequest, kind: AnyKind) -> str:
    return link(request, "subscriptions:index" if kind.entity == "subscriptions" else "profile:index")


def _subscription_url(request: StaffRequest, kind: AnyKind, act: Act) -> str:
    if kind.entity != "subscriptions" or not presentation.opens(act.record):
        return ""
    return link(request, "subscriptions:show", subscription_id=act.record)


def _unresolved(request: StaffRequest, kind: AnyKind, look: Look) -> list[dict[str, Any]]:
    """What is not settled about the same record: until it is, nothing is sent."""
    return unresolved.told(request, kind.entity, look.record.value.id if look.record.value else kind.id)


def to_proof(request: StaffRequest, act: Act) -> HttpResponse:
    """The receipt, with its outcome where somebody is sending it just now."""
    if request.method == "POST":
        operations.await_result(act.pk, settings.PAGE_WRITE_TIMEOUT)
    return go(request, draft.url(act, "proof"))


def go(request: StaffRequest, url: str) -> HttpResponse:
    return HttpResponseLocation(url) if request.htmx else HttpResponseRedirect(url)
