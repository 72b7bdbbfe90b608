"""Follow-up that is proposed with a receipt: an action that shows nowhere shows on the next invoice, so somebody
should look then."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from babel.dates import format_date
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions import evidence
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, State
from dashboard.audit import operations
from dashboard.audit.models import Outcome
from dashboard.flowtly import errors
from dashboard.flowtly.resources.subscriptions import Invoice
from dashboard.forms.record import FlowtlyForm
from dashboard.notes import followups
from dashboard.notes.models import FollowUp
from dashboard.web.formatting import locale, number
from dashboard.web.request import StaffRequest, may

A_MONTH = timedelta(days=30)
FURTHEST = timedelta(days=730)


class FollowUpForm(FlowtlyForm):
    text = forms.CharField(label=gettext_lazy("To do"), max_length=500)
    due = forms.DateField(label=gettext_lazy("On"), widget=forms.DateInput(attrs={"type": "date"}))

    def clean_due(self) -> date:
        due: date = self.cleaned_data["due"]
        today = followups.today(self.request.user)
        if not today <= due <= today + FURTHEST:
            raise forms.ValidationError(_("Choose a day from today on, within two years."))
        return due


class Proposal:
    """The form, what it proposes, and what has been promised about the same record already."""

    def __init__(self, request: StaffRequest, act: Act) -> None:
        self.request, self.asked = request, act
        self.record = evidence.read(act).record
        self.offered = _worth_it(act) and may(request, "write_notes")
        self.why = ""
        initial: dict[str, Any] = {}
        if self.offered and request.method == "GET":
            due, self.why = next_invoice(_invoices(request, self.record), followups.today(request.user))
            initial = {"text": _text(act), "due": due}
        self.form = FollowUpForm.of(request, initial=initial)
        # What it is promised about.
        self.entity, self.name = "subscriptions", act.record_name if act.record == self.record else ""
        if not self.record:
            self.entity, self.record, self.name = "organizations", act.organization, act.organization_name

    @cached_property
    def promised(self) -> list[dict[str, str]]:
        open_ = FollowUp.objects.filter(
            organization=self.asked.organization, entity=self.entity, record=self.record, done_at=None
        )
        return [
            {
                "due": format_date(each.due, "d MMM y", locale=locale()),
                "exact": each.due.isoformat(),
                "who": str(each.person),
                "text": each.text,
            }
            for each in open_.select_related("person")
        ]

    def keep(self) -> bool:
        """Once, however often it is posted."""
        if not self.offered or not self.form.ready():
            return False
        if operations.claim(self.form.operation, self.request.user.pk):
            followups.promise(
                self.request,
                entity=self.entity,
                record=self.record,
                record_name=self.name,
                text=self.form.cleaned_data["text"],
                due=self.form.cleaned_data["due"],
            )
        return True


def _worth_it(act: Act) -> bool:
    done = act.state == State.SENT and act.outcome in (Outcome.APPLIED, Outcome.UNKNOWN)
    return done and KINDS[act.kind].entity == "subscriptions"


def _text(act: Act) -> str:
    if act.code:
        return _("Check the next invoice: is %(code)s on it?") % {"code": act.code}
    return _("Check the next invoice.")


def _invoices(request: StaffRequest, record: str) -> Sequence[Invoice]:
    """The latest two, as far as they can be read."""
    try:
        return request.flowtly.subscriptions.invoices(record, 1, 2).items if record else ()
    except errors.FlowtlyError:
        return ()


def next_invoice(found: Sequence[Invoice], today: date) -> tuple[date, str]:
    """When the next invoice is likely, and how that is known; else in a month."""
    known = {each.created.astimezone(UTC).date() for each in found if isinstance(each.created, datetime)}
    days = sorted(known, reverse=True)
    if len(days) > 1:
        apart = days[0] - days[1]
        likely = days[0] + apart
        if apart <= timedelta(days=400) and likely > today:
            text = _("The last two invoices are %(n)s days apart, so the next is likely on that day.")
            return likely, text % {"n": number(apart.days)}
    return today + A_MONTH, _("When the next invoice comes is not known: in a month, then.")
