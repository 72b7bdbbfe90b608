"""What becomes of a request: agreed to and sent, declined, withdrawn. Of all who decide at once, one does."""

import logging
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseError

from dashboard.actions import second_person
from dashboard.actions.approvals import forms
from dashboard.actions.models import Act, State
from dashboard.actions.submit import send
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest

log = logging.getLogger(__name__)


def approve(request: StaffRequest, act: Act, form: forms.DecideForm) -> bool:
    """Sends it, through the same door as if nobody had to agree. What came of it is in the act. The limit of acts in
    an hour counts for who asked: whoever agrees may agree to more."""

    def agreed() -> bool:
        return _kept(
            form,
            act,
            lambda: second_person.decided(act, State.SENT, request, "approve", form.said, outcome=""),
        )

    return send(request, act, form, agreed) is not None


def decline(request: StaffRequest, act: Act, form: forms.DecideForm) -> bool:
    if not form.declined():
        return False
    return _kept(form, act, lambda: second_person.decided(act, State.DECLINED, request, "decline", form.said))


def withdraw(request: StaffRequest, act: Act, form: forms.WithdrawForm) -> bool:
    if not form.ready():
        return False
    return _kept(
        form, act, lambda: second_person.decided(act, State.WITHDRAWN, request, "withdraw", form.said)
    )


def _kept(form: Any, act: Act, decide: Callable[[], bool]) -> bool:
    """Whether it was this word that counted. If not, the form says what it is instead."""
    try:
        if decide():
            return True
        form.late = True
        form.stop(forms.not_waiting(State(act.state).label))
    except DatabaseError:
        log.exception("A decision about act %s could not be kept.", act.pk)
        form.stop(error_messages.our_database())
    return False
