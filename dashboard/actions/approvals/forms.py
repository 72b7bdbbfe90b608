"""Form of whoever decides: agree, or decline and say why. And the one that takes a request back."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions.forms import ActForm, reason_of
from dashboard.forms.record import FlowtlyForm

APPROVE, DECLINE, WITHDRAW = "approve", "decline", "withdraw"


class Decision(FlowtlyForm):
    """What somebody says to a request."""

    late = False  # somebody else has decided first

    decision = forms.CharField(
        label=gettext_lazy("What you say to it"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Kept with it for good. To decline it, a reason is needed."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def wants(self, what: str) -> bool:
        return bool(self.request.method == "POST" and self.request.POST.get("decide") == what)

    @property
    def said(self) -> str:
        return str(self.data.get("decision") or "").strip()


class DecideForm(ActForm, Decision):
    """Sends the action if it is agreed to, by the same rules as if this person had asked for it. To decline it takes
    neither Flowtly nor the slug, but a reason."""

    def full_clean(self) -> None:
        super().full_clean()
        if not (self.is_bound and self.wants(DECLINE)):
            return
        self.errors.pop("slug", None)
        if not self.said:
            self.add_error("decision", _("Say why it is declined: whoever asked reads it."))

    def reason(self) -> str:
        """In the trail the line of the write names both."""
        asked, approved = self.asked.person.username, self.request.user.username
        return reason_of(self.asked, asked=asked, approved=approved, decision=self.said)

    def declined(self) -> bool:
        """Whether it was posted to decline it, and is whole."""
        return FlowtlyForm.ready(self)


class WithdrawForm(Decision):
    """Who asked may say why they ask no more."""

    def fit(self) -> None:
        self.fields["decision"].label = _("Why it is not wanted any more")
        self.fields["decision"].help_text = _("If you like.")
