"""Form of whoever decides: agree, or decline and say why. And the one that takes a request back."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions.forms import ActForm, reason_of
from dashboard.actions.models import Act
from dashboard.forms.record import FlowtlyForm
from dashboard.web import error_messages

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


def not_waiting(act: Act) -> error_messages.Problem:
    state = act.get_state_display().lower()
    text = _("It is %(state)s by now. What you typed is still here.") % {"state": state}
    return error_messages.Problem(_("Somebody has decided before you"), text, 409, "conflict")


def not_ones_own() -> error_messages.Problem:
    text = _("You asked for it yourself, so somebody else has to agree to it.")
    return error_messages.Problem(_("Nothing was sent"), text, 403, "not-sent")


def in_hand_of_asker() -> error_messages.Problem:
    text = _(
        "The person who asked may have changed your account, for example your password or your roles. Another "
        "person has to approve this request. You can decline it."
    )
    return error_messages.Problem(
        _("Nothing was sent: you cannot approve this request"), text, 403, "not-sent"
    )


def void() -> error_messages.Problem:
    text = _("It is not what it was when this was asked for, so nobody can agree to it any more. Ask anew.")
    return error_messages.Problem(_("Nothing was sent: the record has changed"), text, 409, "conflict")
