"""Request to a second person, where policy says so. Nothing is sent: the action waits, with the record as it was seen,
until somebody else decides, its time is over, or the record is another one."""

from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from dashboard.actions import problems
from dashboard.actions.approvals import forms, separation
from dashboard.actions.forms import ActForm, reason_of
from dashboard.actions.models import Act, State
from dashboard.actions.observation import FieldChange
from dashboard.actions.submit import send
from dashboard.actions.transitions import move_on_record, said_on
from dashboard.audit.chain import as_kept
from dashboard.web.request import StaffRequest


def ask(request: StaffRequest, act: Act, form: ActForm) -> bool:
    """Whether it waits now. The confirmation is held to the same rules as if it were sent."""
    if not form.ready():
        return False
    now = timezone.now()
    waiting = {
        "state": State.WAITING,
        "asked_at": now,
        "expires_at": now + timedelta(hours=settings.SECOND_PERSON_HOURS),
        "seen": as_kept(dict(form.record.raw)) if form.record is not None else {},
    }
    with said_on(form):
        move_on_record(act, State.DRAFT, waiting, request, "request", reason=reason_of(act))
    return form.problem is None


def void(act: Act, changed: Sequence[FieldChange]) -> bool:
    """Ends one whose record has changed since it was asked for: nobody can agree to it any more."""
    differing = {one.name: [one.before, one.after] for one in changed}
    told = "; ".join(f"{one.name}: {one.before} → {one.after}" for one in changed)
    ended = {"state": State.VOID, "decided_at": timezone.now(), "decision": told}
    return move_on_record(act, State.WAITING, ended, None, "request-void", changes=differing)


def approve(request: StaffRequest, act: Act, form: forms.DecideForm) -> bool:
    """Sends it, through the same door as if nobody had to agree. What came of it is in the action. The limit of actions
    in an hour counts for who asked: whoever agrees may agree to more."""
    return send(request, act, form, lambda: _decide(request, act, form, State.SENT, "approve")) is not None


def decline(request: StaffRequest, act: Act, form: forms.DecideForm) -> bool:
    return form.declined() and _decide(request, act, form, State.DECLINED, "decline")


def withdraw(request: StaffRequest, act: Act, form: forms.WithdrawForm) -> bool:
    return form.ready() and _decide(request, act, form, State.WITHDRAWN, "withdraw")


def _decide(request: StaffRequest, act: Act, form: forms.Decision, state: State, what: str) -> bool:
    """Ends the waiting by somebody's word. Whether it was this word that counted: of all who decide at once, one
    does. If not, the form says what it is instead."""
    if state == State.SENT and separation.in_hand_of_asker(act, request.user):
        form.stop(problems.in_hand_of_asker())
        return False
    word = {"decided_by": request.user, "decided_at": timezone.now(), "decision": form.said}
    with said_on(form):
        if move_on_record(act, State.WAITING, {"state": state, **word}, request, what, reason=form.said):
            return True
        form.late = True
        form.stop(problems.not_waiting(act))
    return False
