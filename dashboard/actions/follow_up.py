"""A day to look at it again, proposed with every receipt: an act that shows nowhere shows on the next invoice."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions import receipt
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.audit import operations
from dashboard.audit.models import Outcome
from dashboard.flowtly import errors
from dashboard.forms.record import FlowtlyForm
from dashboard.notes import followups
from dashboard.notes.models import FollowUp
from dashboard.upstream.parallel import Result
from dashboard.web.formatting import locale, zones
from dashboard.web.request import StaffRequest, may

FURTHEST = timedelta(days=730)


class FollowUpForm(FlowtlyForm):
    text = forms.CharField(label=gettext_lazy("To do"), max_length=500)
    due = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        today = _today(self.request)
        if not today <= due <= today + FURTHEST:
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return due


class Follow:
    """The form, what it proposes, and what has been promised about the same record already."""

    def __init__(self, request: StaffRequest, act: Act) -> None:
        self.request, self.asked = request, act
        self.offered = _worth_it(act) and may(request, "write_notes")
        self.why = ""
        initial: dict[str, Any] = {}
        if self.offered and request.method == "GET":
            due, self.why = receipt.next_invoice(_invoices(request, act), _today(request))
            initial = {"text": _text(act), "due": due}
        self.form = FollowUpForm.of(request, initial=initial)
        entity, record = _about(act)
        about = FollowUp.objects.filter(organization=act.organization, entity=entity, record=record)
        self.promised = [_told(each) for each in about.filter(done_at=None).select_related("person")]

    @property
    def status(self) -> int:
        return self.form.status

    def keep(self) -> bool:
        """Once, however often it is posted."""
        if not self.offered or not self.form.ready():
            return False
        typed = self.form.cleaned_data
        if operations.claim(self.form.operation, self.request.user.pk):
            self._promise(typed["text"], typed["due"])
        return True

    def _promise(self, text: str, due: date) -> None:
        entity, record = _about(self.asked)
        name = self.asked.record_name if self.asked.record else self.asked.organization_name
        followups.promise(self.request, entity=entity, record=record, record_name=name, text=text, due=due)


def of(request: StaffRequest, act: Act) -> Follow:
    return Follow(request, act)


def _worth_it(act: Act) -> bool:
    done = act.state == State.SENT and act.outcome in (Outcome.APPLIED, Outcome.UNKNOWN)
    return done and KINDS[act.kind].entity == "subscriptions"


def _about(act: Act) -> tuple[str, str]:
    """The entity and the record that it is promised about."""
    return ("subscriptions", act.record) if act.record else ("organizations", act.organization)


def _told(promise: FollowUp) -> dict[str, str]:
    due = format_date(promise.due, "d MMM y", locale=locale())
    return {
        "due": due,
        "exact": promise.due.isoformat(),
        "who": promise.person.username,
        "text": promise.text,
    }


def _text(act: Act) -> str:
    if act.code:
        return _("Check the next invoice: is %(code)s on it?") % {"code": act.code}
    return _("Check the next invoice.")


def _invoices(request: StaffRequest, act: Act) -> Result[Any]:
    try:
        return Result(request.flowtly.subscriptions.invoices(act.record, 1, 2) if act.record else None)
    except errors.FlowtlyError as error:
        return Result(error=error)


def _today(request: Any) -> date:
    zone = request.user.time_zone
    return timezone.now().astimezone(ZoneInfo(zone if zone in zones() else settings.TIME_ZONE)).date()
