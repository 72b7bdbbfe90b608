"""Acts that wait for a second person: who asked, what will happen, and what has changed since."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseLocation

from dashboard.actions import draft, observation, panels, second_person, warnings
from dashboard.actions.approvals import decide, forms, queue
from dashboard.actions.kinds import KINDS, Kind
from dashboard.actions.models import Act, State
from dashboard.audit import operations, unresolved
from dashboard.flowtly import errors
from dashboard.forms import pages
from dashboard.forms.tenant_check import Whose
from dashboard.web import error_messages, responses
from dashboard.web.request import StaffRequest, link, may, staff


@staff()
def index(request: StaffRequest) -> HttpResponse:
    """What waits for this person, what they wait for, and what was decided lately."""
    if not any(may(request, each) for each in queue.PERMISSIONS):
        return responses.forbidden(request, queue.PERMISSIONS[0])
    second_person.expire_due()
    context = {
        "for_me": queue.for_me(request),
        "mine": queue.mine(request),
        "decided": queue.decided(request),
        "hours": settings.SECOND_PERSON_HOURS,
    }
    return responses.page(request, "approvals/index.html", context)


@staff(post=True)
def show(request: StaffRequest, operation: str) -> HttpResponse:
    """One request. Whoever may do the act may decide about it, but for who asked."""
    if not any(may(request, each) for each in queue.PERMISSIONS):
        return responses.forbidden(request, queue.PERMISSIONS[0])
    second_person.expire_due()
    act = _found(request, operation)
    kind = KINDS[act.kind]
    if not may(request, kind.permission):
        return responses.forbidden(request, kind.permission)
    if act.state == State.SENT and (request.method != "POST" or request.POST.get("decide") == forms.APPROVE):
        return _to_proof(request, act)
    if act.state != State.WAITING:
        return _decided(request, act, kind)
    # What is decided on is what Flowtly says now, and nothing that was read before.
    request.flowtly = request.flowtly.live()
    return (_own if act.person_id == request.user.pk else _others)(request, act, kind)


def _found(request: StaffRequest, operation: str) -> Act:
    found = Act.objects.filter(pk=operation, organization=request.organization.id).exclude(asked_at=None)
    act = found.select_related("person", "decided_by").first()
    if act is None or not KINDS[act.kind].allowed:
        raise Http404
    return act


def _decided(request: StaffRequest, act: Act, kind: Kind) -> HttpResponse:
    form = None
    if request.method == "POST":
        form = forms.DecideForm.of(request, asked=act, whose=Whose())
        form.stop(forms.not_waiting(State(act.state).label))
    return _page(request, act, kind, form=form)


def _own(request: StaffRequest, act: Act, kind: Kind) -> HttpResponse:
    form = forms.WithdrawForm.of(request)
    if request.method == "POST":
        if request.POST.get("decide") != forms.WITHDRAW:
            form.stop(forms.not_ones_own())
        elif decide.withdraw(request, act, form):
            messages.success(request, _("Withdrawn. Nothing was sent."))
            return _go(request, draft.request_url(act))
    return _page(request, act, kind, Live.read(request, act, kind), form)


def _others(request: StaffRequest, act: Act, kind: Kind) -> HttpResponse:
    live = Live.read(request, act, kind)
    look = live.look
    form = forms.DecideForm.of(request, look.subscription.value, asked=act, whose=look.whose)
    if form.wants(forms.DECLINE):
        if decide.decline(request, act, form):
            messages.success(request, _("Declined. Nothing was sent."))
            return _go(request, draft.request_url(act))
    elif live.changed and second_person.void(act, live.changed):
        if request.method == "POST":
            form.stop(forms.void())
    elif form.wants(forms.APPROVE):
        if error := look.subscription.error:
            form.stop(error_messages.before_writing(error))
        elif decide.approve(request, act, form) or (form.late and act.state == State.SENT):
            return _to_proof(request, act)
    return _page(request, act, kind, live, form)


@dataclass(frozen=True)
class Live:
    """The record as it is at this moment, held against what it was when it was asked for."""

    look: observation.Look
    compared: list[dict[str, Any]]
    problem: error_messages.Problem | None = None

    @classmethod
    def read(cls, request: StaffRequest, act: Act, kind: Kind) -> "Live":
        look = observation.read(request, kind, act.record if kind.names_record else "", acting=True)
        error = look.subscription.error
        gone = isinstance(error, errors.NotFound)
        if error and not gone:
            return cls(look, [], error_messages.reading(error, draft.request_url(act)))
        if look.whose.unsure:
            return cls(look, [], look.whose.unsure)
        now = look.subscription.value.raw if look.subscription.value else {}
        return cls(look, second_person.compared(act.seen, now))

    @property
    def changed(self) -> list[dict[str, Any]]:
        return [one for one in self.compared if one["differs"]]


def _page(
    request: StaffRequest, act: Act, kind: Kind, live: Live | None = None, form: Any = None
) -> HttpResponse:
    act.refresh_from_db()
    own, open_ = act.person_id == request.user.pk, act.state == State.WAITING
    record = act.record or act.kind
    context = {
        "title": kind.say(kind.title, act),
        "act": act,
        "own": own,
        "open": open_,
        "tried": act.state == State.SENT,
        "row": queue.row(act, request.user.time_zone),
        "sentence": kind.say(kind.sentence, act),
        "since": kind.since,
        "ends": kind.ends,
        "button": kind.say(kind.button, act),
        "keep": kind.keep,
        "form": form,
        "live": live,
        "facts": panels.to_confirm(request, live.look, act)[:-2] if live else [],  # the reason stands above
        "warnings": warnings.of(request, kind, live.look, act) if live and open_ else [],
        "others": queue.who_could(act) if own and open_ else [],
        "doubts": unresolved.told(request, kind.entity, record) if open_ else [],
        "again_url": draft.again_url(act),
        "proof_url": draft.url(act, "proof"),
        "back_url": link(request, "approvals:index"),
    }
    status = form.status if form is not None else 200
    return responses.page(request, "approvals/show.html", context, parts=[pages.FORM_PART], status=status)


def _to_proof(request: StaffRequest, act: Act) -> HttpResponse:
    """The receipt, with its outcome where somebody is sending it just now."""
    if request.method == "POST":
        operations.await_result(act.pk, settings.PAGE_WRITE_TIMEOUT)
    return _go(request, draft.url(act, "proof"))


def _go(request: StaffRequest, url: str) -> HttpResponse:
    return HttpResponseLocation(url) if request.htmx else HttpResponseRedirect(url)
