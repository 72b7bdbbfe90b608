"""Approvals: who asked, what will happen, what has changed since, and what somebody else says to it."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from dashboard.actions import draft, observation, panels, problems, transitions
from dashboard.actions.approvals import forms, queue, requests, separation
from dashboard.actions.kinds import KINDS, AnyKind
from dashboard.actions.models import Act, State
from dashboard.actions.views import go, said_before, to_proof
from dashboard.audit import unresolved
from dashboard.flowtly import errors
from dashboard.forms import pages
from dashboard.forms.tenant_check import Whose
from dashboard.storage.database import spare
from dashboard.web import error_messages, responses
from dashboard.web.request import StaffRequest, link, may, staff


@staff()
def index(request: StaffRequest) -> HttpResponse:
    """What waits for this person, what they wait for, and what was decided lately."""
    if not any(may(request, each) for each in queue.PERMISSIONS):
        return responses.forbidden(request, queue.PERMISSIONS[0])
    _expire_due()
    context = {
        "for_me": queue.for_me(request),
        "mine": queue.mine(request),
        "decided": queue.decided(request),
        "hours": settings.SECOND_PERSON_HOURS,
    }
    return responses.page(request, "approvals/index.html", context)


@staff(post=True)
def show(request: StaffRequest, operation: str) -> HttpResponse:
    """One request. Whoever may do the action may decide about it, but for who asked."""
    if not any(may(request, each) for each in queue.PERMISSIONS):
        return responses.forbidden(request, queue.PERMISSIONS[0])
    _expire_due()
    found = Act.objects.filter(pk=operation, organization=request.organization.id).exclude(asked_at=None)
    act = found.select_related("person", "decided_by").first()
    if act is None or not KINDS[act.kind].allowed:
        raise Http404
    kind = KINDS[act.kind]
    if not may(request, kind.permission):
        return responses.forbidden(request, kind.permission)
    if act.state == State.SENT and (request.method != "POST" or request.POST.get("decide") == forms.APPROVE):
        return to_proof(request, act)
    if act.state != State.WAITING:
        return _decided(request, act, kind)
    # What is decided on is what Flowtly says now, and nothing that was read before.
    request.flowtly = request.flowtly.live()
    return (_own if act.person_id == request.user.pk else _others)(request, act, kind)


def _expire_due() -> None:
    with spare("That a request has expired"):
        transitions.expire_due()


def _decided(request: StaffRequest, act: Act, kind: AnyKind) -> HttpResponse:
    form = None
    if request.method == "POST":
        form = forms.DecideForm.of(request, asked=act, whose=Whose())
        form.stop(problems.not_waiting(act))
    return _page(request, act, kind, form=form)


def _own(request: StaffRequest, act: Act, kind: AnyKind) -> HttpResponse:
    form = forms.WithdrawForm.of(request)
    if request.method == "POST":
        if not form.wants(forms.WITHDRAW):
            form.stop(problems.not_ones_own())
        elif requests.withdraw(request, act, form):
            messages.success(request, _("Withdrawn. Nothing was sent."))
            return go(request, draft.request_url(act))
    return _page(request, act, kind, Live.read(request, act, kind), form)


def _others(request: StaffRequest, act: Act, kind: AnyKind) -> HttpResponse:
    live = Live.read(request, act, kind)
    look = live.look
    form = forms.DecideForm.of(request, look.record.value, asked=act, whose=look.whose)
    if form.wants(forms.DECLINE):
        if requests.decline(request, act, form):
            messages.success(request, _("Declined. Nothing was sent."))
            return go(request, draft.request_url(act))
    elif live.changed and request.method != "POST":
        with spare("That a request is void"):
            requests.void(act, live.changed)
    elif live.changed and requests.void(act, live.changed):
        form.stop(problems.void())
    elif form.wants(forms.APPROVE):
        if error := look.record.error:
            form.stop(error_messages.before_writing(error))
        elif requests.approve(request, act, form) or (form.late and act.state == State.SENT):
            return to_proof(request, act)
    return _page(request, act, kind, live, form)


@dataclass(frozen=True)
class Live:
    """The record as it is at this moment, held against what it was when it was asked for."""

    look: observation.Look
    compared: list[observation.FieldChange]
    problem: error_messages.Problem | None = None

    @classmethod
    def read(cls, request: StaffRequest, act: Act, kind: AnyKind) -> "Live":
        look = observation.read(request, kind, act.record if kind.names_record else "", acting=True)
        error = look.record.error
        if error and not isinstance(error, errors.NotFound):
            return cls(look, [], error_messages.reading(error, draft.request_url(act)))
        if look.whose.unsure:
            return cls(look, [], look.whose.unsure)
        now = look.record.value.raw if look.record.value else {}
        return cls(look, observation.compared(act.seen, now))

    @property
    def changed(self) -> list[observation.FieldChange]:
        return [one for one in self.compared if one.counts]


def _page(
    request: StaffRequest,
    act: Act,
    kind: AnyKind,
    live: Live | None = None,
    form: forms.Decision | None = None,
) -> HttpResponse:
    act.refresh_from_db()
    own, open_ = act.person_id == request.user.pk, act.state == State.WAITING
    in_hand = open_ and not own and separation.in_hand_of_asker(act, request.user)
    record = act.record or act.kind
    context = {
        **said_before(request, kind, act, live.look if live and open_ else None),
        "own": own,
        "open": open_,
        "tried": act.state == State.SENT,
        "in_hand": problems.in_hand_of_asker() if in_hand else None,
        "row": queue.row(act, request.user.time_zone),
        "form": form,
        "live": live,
        "facts": panels.to_confirm(request, live.look, act)[:-2] if live else [],  # the reason stands above
        "others": queue.who_could(act) if own and open_ else [],
        "doubts": unresolved.told(request, kind.entity, record) if open_ else [],
        "back_url": link(request, "approvals:index"),
    }
    status = form.status if form is not None else 200
    return responses.page(request, "approvals/show.html", context, parts=[pages.FORM_PART], status=status)
