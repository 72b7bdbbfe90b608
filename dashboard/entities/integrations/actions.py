"""Actions on an integration, and how a second look tells whether one was done."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial

from django.utils.translation import gettext as _

from dashboard.audit.models import Outcome
from dashboard.entities.integrations import connection_state, labels
from dashboard.entities.integrations.connection_state import CONNECTED, OFF, WAITING, ConnectionState
from dashboard.entities.integrations.forms import EnrollForm, IntegrationForm
from dashboard.entities.integrations.providers import KONTOMATIK, Integration, status
from dashboard.flowtly import errors
from dashboard.flowtly.resources.integrations import Integrations, Status
from dashboard.forms.results import Result, Seen

Verdict = Callable[[ConnectionState, ConnectionState], Outcome]


def enroll(form: EnrollForm, integration: Integration) -> Result[Status] | None:
    def call() -> Status:
        typed = form.cleaned_data
        api: Integrations = form.request.flowtly.integrations
        return api.enroll(form.service.kind, typed["tenantId"], typed.get("clientId") or None)

    return _act(form, integration, call, _moved_to(WAITING, CONNECTED))


def act_on_kontomatik(form: IntegrationForm) -> Result[Status] | None:
    call, verdict = KONTOMATIK_ACTIONS[form.kind]
    return _act(form, KONTOMATIK, partial(call, form.request.flowtly.integrations), verdict)


def _act(
    form: IntegrationForm, integration: Integration, call: Callable[[], Status], verdict: Verdict
) -> Result[Status] | None:
    """Notes the state right before it is sent, within the lock; a state that cannot be read stops nobody, but then
    a lost answer stays in doubt."""
    read = status(form.request.flowtly, integration)
    before: list[ConnectionState] = []

    def call_after_a_look() -> Status:
        with suppress(errors.FlowtlyError):
            before.append(connection_state.read(read().raw))
        return call()

    def look_again() -> Seen:
        record = read()
        now = connection_state.read(record.raw)
        outcome = verdict(before[0], now) if before else Outcome.UNKNOWN
        return Seen(outcome, record, {_("State"): labels.state_text(now)})

    return form.act(form.kind, call_after_a_look, look_again)


def _moved_to(*phases: str) -> Verdict:
    """It was done where the state has moved there since; where it stands just as it did, it does not show."""

    def verdict(before: ConnectionState, now: ConnectionState) -> Outcome:
        if now.phase in phases and now.phase != before.phase:
            return Outcome.APPLIED
        unmoved = before == now and before.phase not in phases
        return Outcome.NOT_APPLIED if unmoved else Outcome.UNKNOWN

    return verdict


def _pulled(before: ConnectionState, now: ConnectionState) -> Outcome:
    """A pull moves no state. A later time of the last one shows it."""
    if now.last_pull and (before.last_pull is None or now.last_pull > before.last_pull):
        return Outcome.APPLIED
    return Outcome.UNKNOWN


KONTOMATIK_ACTIONS: Mapping[str, tuple[Callable[[Integrations], Status], Verdict]] = {
    "setup": (Integrations.setup_kontomatik, _moved_to(WAITING, CONNECTED)),
    "pull": (Integrations.pull_kontomatik, _pulled),
    "revoke": (Integrations.revoke_kontomatik, _moved_to(OFF)),
}
