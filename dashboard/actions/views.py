"""Look → Reason → Confirm → Proof, a page each. Every kind of act goes through the same four."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseLocation

from dashboard.actions import draft, follow_up, observation, panels, receipt, result, second_person, warnings
from dashboard.actions.forms import CODES_LIST, ActForm, ReasonForm
from dashboard.actions.kinds import KINDS, Kind
from dashboard.actions.models import Act, State
from dashboard.actions.submit import send
from dashboard.audit import operations, unresolved
from dashboard.audit.models import Outcome
from dashboard.entities.subscriptions import presentation
from dashboard.flowtly import errors
from dashboard.forms import pages
from dashboard.web import responses
from dashboard.web.request import StaffRequest, link, permission


@permission("act_money", "act_money")
def start(request: StaffRequest, kind: str, subscription_id: str = "") -> HttpResponse:
    """Look and Reason."""
    what = _kind(kind, subscription_id)
    again = draft.again(request, what)
    before = again.pop("before", None)
    form = ReasonForm.of(request, kind=what, **again)
    if form.ready():
        return go(request, draft.url(draft.made(request, form, subscription_id), "confirm"))
    if words := draft.wrong_before(before, request.flowtly.names.coupon_field):
        form.add_error("code", words)
    parts = [pages.FORM_PART, *panels.PARTS]
    look = observation.read(request, what, subscription_id, panels.calls(request))
    if what.names_record and isinstance(look.subscription.error, errors.NotFound):
        raise look.subscription.error
    named = Act(organization=request.organization.id, organization_name=request.organization.name)
    context = {
        "title": what.say(what.title, named),
        "form": form,
        "save_label": _("Go on"),
        "back_url": link(request, "subscriptions:index"),
        "warnings": warnings.of(request, what, look),
        "panels": panels.of(request, look),
        "codes": warnings.codes_used(20) if what.has_code else [],
        "codes_list": CODES_LIST,
        "doubts": _doubts(request, what, look),
        "kind": what,
    }
    return responses.page(request, "acts/start.html", context, parts=parts, status=form.status)


@permission("act_money", "act_money")
def confirm(request: StaffRequest, kind: str, operation: str, subscription_id: str = "") -> HttpResponse:
    """What will happen to whom, and the button that does it. Sent once: from then on this leads to the proof."""
    what = _kind(kind, subscription_id)
    act = draft.own(request, what, operation, subscription_id)
    if act.state != State.DRAFT:
        if request.method == "POST":
            operations.await_result(act.pk, settings.PAGE_WRITE_TIMEOUT)
        return go(request, draft.url(act, "proof"))
    look = observation.read(request, what, subscription_id, acting=True)
    if look.subscription.error:
        raise look.subscription.error
    draft.completed(act, look.subscription.value)
    form = ActForm.of(request, look.subscription.value, asked=act, whose=look.whose)
    if request.method == "POST" and (second_person.ask if what.needs_second else send)(request, act, form):
        return go(request, draft.url(act, "proof"))
    return responses.page(
        request,
        "acts/confirm.html",
        _to_confirm(request, what, act, look, form),
        parts=[pages.FORM_PART],
        status=form.status,
    )


def _to_confirm(
    request: StaffRequest, kind: Kind, act: Act, look: observation.Look, form: ActForm
) -> dict[str, Any]:
    act.refresh_from_db()
    return {
        "title": kind.say(kind.title, act),
        "form": form,
        "act": act,
        "tried": act.state != State.DRAFT,
        "may_again": _may_again(request, act),
        "sentence": kind.say(kind.sentence, act),
        "since": kind.since,
        "second": kind.needs_second,
        "button": kind.say(kind.ask if kind.needs_second else kind.button, act),
        "keep": kind.keep,
        "ends": kind.ends,
        "warnings": warnings.of(request, kind, look, act),
        "facts": panels.to_confirm(request, look, act),
        "back_url": draft.url(act),
        "again_url": draft.again_url(act),
        "proof_url": draft.url(act, "proof"),
        "keep_url": _home(request, act),
        "doubts": [] if act.state != State.DRAFT else _doubts(request, kind, look),
    }


@permission("act_money", "act_money")
def show_proof(request: StaffRequest, kind: str, operation: str, subscription_id: str = "") -> HttpResponse:
    """The receipt. While the outcome is not known, each look at it looks again."""
    what = _kind(kind, subscription_id)
    act = result.read(draft.of(request, what, operation, subscription_id))
    if act.state == State.DRAFT:
        if act.person_id != request.user.pk:
            raise Http404
        return go(request, draft.url(act, "confirm"))
    part = responses.part_asked(request, [receipt.PART])
    again = receipt.looking(request, act, part=bool(part))
    said = receipt.said(request, act)
    context: dict[str, Any] = {"said": said, "again": again, "back_url": _home(request, act)}
    if part:
        return responses.page(request, "acts/proof.html", context, parts=[receipt.PART])
    follow = follow_up.of(request, act)
    if follow.keep():
        messages.success(request, _("It is among the promised dates."))
        return go(request, draft.url(act, "proof"))
    context |= {
        "title": what.say(what.title, act),
        "act": act,
        "receipt": receipt.receipt(request, act, said),
        "follow": follow,
        "form": follow.form,
        "save_label": _("Remind me of it"),
        "again_url": draft.again_url(act) if _may_again(request, act) else "",
        "subscription_url": _subscription_url(request, act),
        "request_url": draft.request_url(act),
    }
    return responses.page(request, "acts/proof.html", context, parts=[pages.FORM_PART], status=follow.status)


def _kind(kind: str, subscription_id: str) -> Kind:
    if (subscription_id and not presentation.opens(subscription_id)) or not KINDS[kind].allowed:
        raise Http404
    return KINDS[kind]


def _may_again(request: StaffRequest, act: Act) -> bool:
    """Whether another attempt may begin as this one: where it is known that this one did nothing."""
    sent = act.state == State.SENT
    nothing = act.outcome not in {Outcome.APPLIED, *result.WAITS} if sent else act.state != State.WAITING
    return nothing and act.person_id == request.user.pk


def _home(request: StaffRequest, act: Act) -> str:
    if KINDS[act.kind].entity == "organizations":
        return link(request, "profile:index")
    return _subscription_url(request, act) or link(request, "subscriptions:index")


def _subscription_url(request: StaffRequest, act: Act) -> str:
    if KINDS[act.kind].entity != "subscriptions" or not presentation.opens(act.record):
        return ""
    return link(request, "subscriptions:show", subscription_id=act.record)


def _doubts(request: StaffRequest, kind: Kind, look: observation.Look) -> list[dict[str, Any]]:
    """What is not settled about the same subscription: until it is, nothing is sent."""
    record = look.subscription.value.id if look.subscription.value else kind.id
    return unresolved.told(request, kind.entity, record)


def go(request: StaffRequest, url: str) -> HttpResponse:
    return HttpResponseLocation(url) if request.htmx else HttpResponseRedirect(url)
