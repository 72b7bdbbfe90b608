from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Unpack

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.entities.integrations import ids, requirements
from dashboard.entities.integrations.providers import SERVICES, Integration
from dashboard.flowtly import errors
from dashboard.flowtly.resources.integrations import Requirements
from dashboard.forms.fields import ExactField
from dashboard.forms.results import Refused, Result, Seen, Write
from dashboard.forms.tenant_check import TenantOptions, WhoseForm
from dashboard.web import error_messages
from dashboard.web.formatting import span, when
from dashboard.web.request import StaffRequest

TITLES: dict[str, dict[str, str | Promise]] = {
    "enroll": {
        "refused": gettext_lazy("Not enrolled"),
        "conflict": gettext_lazy("Not enrolled: Flowtly does not allow it as things are"),
        "unknown": gettext_lazy("We do not know whether this was enrolled"),
        "not-applied": gettext_lazy("Not enrolled: Flowtly failed"),
    },
    "setup": {
        "refused": gettext_lazy("Not set up"),
        "conflict": gettext_lazy("Not set up: Flowtly does not allow it as things are"),
        "unknown": gettext_lazy("We do not know whether the set-up has begun"),
        "not-applied": gettext_lazy("Not set up: Flowtly failed"),
    },
    "pull": {
        "refused": gettext_lazy("Nothing was pulled"),
        "conflict": gettext_lazy("Nothing was pulled: Flowtly does not allow it as things are"),
        "unknown": gettext_lazy("We do not know whether bank data is being pulled"),
        "not-applied": gettext_lazy("Nothing was pulled: Flowtly failed"),
    },
    "revoke": {
        "refused": gettext_lazy("Not revoked"),
        "conflict": gettext_lazy("Not revoked: Flowtly does not allow it as things are"),
        "unknown": gettext_lazy("We do not know whether the consent was revoked"),
        "not-applied": gettext_lazy("Not revoked: Flowtly failed"),
    },
}


class IntegrationForm(WhoseForm):
    """Action on an integration."""

    kind = ""

    def __init__(self, request: StaffRequest, record: Integration, **options: Unpack[TenantOptions]) -> None:
        self.too_often: errors.TooManyRequests | None = None
        super().__init__(request, record, **options)

    def complain(self, refused: Refused) -> None:
        super().complain(refused)
        self.too_often = refused.error if isinstance(refused.error, errors.TooManyRequests) else None

    def stop(self, problem: error_messages.Problem) -> None:
        title = TITLES[self.kind].get(problem.outcome, problem.title)
        wait = self.too_often.retry_after if self.too_often else None
        text = problem.text if wait is None else f"{problem.text} {self._until(wait)}"
        super().stop(replace(problem, title=str(title), text=text))

    def _until(self, seconds: float) -> str:
        at = datetime.now(UTC) + timedelta(seconds=seconds)
        return _("Try again in %(span)s, after %(when)s.") % {
            "span": span(seconds),
            "when": when(at, self.request.user.time_zone),
        }


class EnrollForm(IntegrationForm):
    """Form drawn from what Flowtly says it needs; where it does not say, a client id may be given."""

    kind = "enroll"

    def __init__(
        self,
        request: StaffRequest,
        record: Integration,
        *,
        needs: Requirements = requirements.PLAIN,
        **options: Unpack[TenantOptions],
    ) -> None:
        self.needs, self.service = needs, SERVICES[record.id]
        super().__init__(request, record, **options)

    def fit(self) -> None:
        kind = self.service.kind
        tenant = ExactField(
            label=(self.needs.tenant_id_label or "").strip() or str(self.service.tenant),
            max_length=255,
            widget=_id_box(32),
            validators=[partial(ids.refuse, ids.wrong_tenant, kind)],
        )
        tenant.widget.attrs["placeholder"] = self.needs.tenant_id_placeholder or ""
        fields = {"tenantId": tenant}
        needed = self.needs.client_id_required  # None where Flowtly does not say
        if needed is not False:
            help_text = str(self.service.client_help)
            if needed is None:
                help_text = _("%(help)s Flowtly does not say whether it is needed.") % {"help": help_text}
            fields["clientId"] = ExactField(
                label=str(self.service.client),
                help_text=help_text,
                max_length=255,
                required=bool(needed),
                widget=_id_box(40),
                validators=[partial(ids.refuse, ids.wrong_client, kind)],
            )
        self.fields.update(fields)
        super().fit()

    def full_clean(self) -> None:
        """It is sent whole, not as a change, so all of it is held to the rules."""
        record, self.record = self.record, None
        try:
            super().full_clean()
        finally:
            self.record = record

    @property
    def _api_names(self) -> dict[str, str]:
        """Flowtly speaks of the fields by its own names, which are settings."""
        return dict(zip(self.request.flowtly.names.enroll_fields, ("tenantId", "clientId"), strict=True))

    def _complain(self, path: str, message: str) -> None:
        super()._complain(self._api_names.get(path, path), message)

    def write(self, name: str = "") -> Write:
        labels = {own: self.label_of(field) for own, field in self._api_names.items()}
        return replace(super().write(name), labels=labels)

    def act(
        self, kind: str, call: Callable[[], Any], look: Callable[[], Seen] | None = None, **more: Any
    ) -> Result[Any] | None:
        """The answer may repeat what was sent."""
        typed = self.cleaned_data if self.is_valid() else {}
        sent = {own: typed[field] for own, field in self._api_names.items() if typed.get(field)}
        return super().act(kind, call, look, sent=sent, **more)


class SetupForm(IntegrationForm):
    kind = "setup"


class PullForm(IntegrationForm):
    kind = "pull"

    def stop(self, problem: error_messages.Problem) -> None:
        if self.too_often and problem.outcome == "refused":
            text = _(
                "The bank allows about four pulls in 24 hours, and they are used up. Flowtly says: %(words)s"
            )
            said = self.too_often.detail or _("no reason given")
            problem = replace(problem, text=text % {"words": said})
        super().stop(problem)


class RevokeForm(IntegrationForm):
    """Form that ends something for good, so the slug is typed in any case."""

    kind = "revoke"

    def _ask(self) -> None:
        super()._ask()
        organization = self.request.organization
        self.named, self.word = not self.word, self.word or organization.slug or organization.id

    def fit(self) -> None:
        super().fit()
        if self.named:
            text = _("This cannot be taken back. Type %(word)s to say you mean it.") % {"word": self.word}
            self.fields["slug"].help_text = text


def _id_box(size: int) -> forms.TextInput:
    plain = {"autocapitalize": "none", "spellcheck": "false"}
    return forms.TextInput(attrs={"size": size, **plain})
