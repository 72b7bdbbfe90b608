"""What is asked of Flowtly about an integration, and how it is told afterwards whether it was done."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.utils.translation import gettext as _

from dashboard.audit.models import Outcome
from dashboard.entities.integrations import state, words
from dashboard.entities.integrations.forms import ActForm, EnrollForm
from dashboard.entities.integrations.kinds import KONTOMATIK, Integration, status
from dashboard.entities.integrations.state import State
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.forms.results import Result, Seen

Told = Callable[[State, State], Outcome]


def enroll(form: EnrollForm, integration: Integration) -> Result[Record] | None:
    api = form.request.flowtly.integrations

    def call() -> Any:
        typed = form.cleaned_data
        return api.enroll(form.service.kind, typed["tenantId"], typed.get("clientId") or None)

    return _done(form, integration, call, _moved_to(state.WAITING, state.CONNECTED))


def set_up(form: ActForm) -> Result[Record] | None:
    call = form.request.flowtly.integrations.setup_kontomatik
    return _done(form, KONTOMATIK, call, _moved_to(state.WAITING, state.CONNECTED))


def pull(form: ActForm) -> Result[Record] | None:
    return _done(form, KONTOMATIK, form.request.flowtly.integrations.pull_kontomatik, _pulled)


def revoke(form: ActForm) -> Result[Record] | None:
    call = form.request.flowtly.integrations.revoke_kontomatik
    return _done(form, KONTOMATIK, call, _moved_to(state.OFF))


def _done(
    form: ActForm, integration: Integration, call: Callable[[], Any], told: Told
) -> Result[Record] | None:
    """Notes the state right before it is sent, within the lock; a state that cannot be read stops nobody, but then
    a lost answer stays in doubt."""
    read = status(form.request.flowtly, integration)
    before: list[State] = []

    def noted() -> Any:
        with suppress(errors.FlowtlyError):
            before.append(state.read(read().raw))
        return call()

    def look() -> Seen:
        record = read()
        now = state.read(record.raw)
        outcome = told(before[0], now) if before else Outcome.UNKNOWN
        return Seen(outcome, record, {_("State"): words.of(now)})

    return form.act(form.kind, noted, look)


def _moved_to(*phases: str) -> Told:
    """It was done where the state has moved there since; where it stands just as it did, it does not show."""

    def told(before: State, now: State) -> Outcome:
        if now.phase in phases and now.phase != before.phase:
            return Outcome.APPLIED
        unmoved = before == now and before.phase not in phases
        return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN

    return told


def _pulled(before: State, now: State) -> Outcome:
    """A pull moves no state. A later time of the last one shows it."""
    if now.last_pull and (before.last_pull is None or now.last_pull > before.last_pull):
        return Outcome.APPLIED
    return Outcome.UNKNOWN
