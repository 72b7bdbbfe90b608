"""Forms of an action: why it shall be done, and the confirmation that sends it."""

import json
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions import warnings
from dashboard.actions.coupon_code import MEANT, AsksCode, CodeField
from dashboard.actions.kinds import KINDS, AnyKind
from dashboard.actions.models import Act, Reason
from dashboard.flowtly.resources.records import Record
from dashboard.forms.confirm import ConfirmForm
from dashboard.forms.record import FlowtlyForm
from dashboard.forms.tenant_check import WhoseForm
from dashboard.standards.foreign_text import isolated, trimmed
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest

CODES_LIST = "codes-used-here"
ONCE_MORE = "once_more"
PLAIN = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class ReasonForm(AsksCode, FlowtlyForm):
    """Why. It sends nothing: what it is given becomes an action that can then be confirmed."""

    code = CodeField(
        label=gettext_lazy("Coupon code"),
        max_length=255,
        help_text=gettext_lazy("A coupon's id or a promotion code, in capitals and small letters just so."),
        widget=forms.TextInput(attrs={**PLAIN, "list": CODES_LIST, "size": 32}),
    )
    reason = forms.ChoiceField(  # type: ignore[assignment]  # Django takes fields out of the class
        label=gettext_lazy("Reason"), choices=[("", gettext_lazy("Choose one")), *Reason.choices]
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        help_text=gettext_lazy(
            "What you would want to know of it in a year: who asked, and what was agreed."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(
        self, request: StaffRequest, record: Record | None = None, *, kind: AnyKind, **kwargs: Any
    ) -> None:
        self.kind = kind
        super().__init__(request, record, **kwargs)

    @property
    def entity(self) -> str:
        return self.kind.entity

    def fit(self) -> None:
        if not self.kind.has_code:
            self.fields.pop("code", None)
        super().fit()
        typed = trimmed(self.posted.get(MEANT) or self.posted.get("code", ""))
        if before := warnings.applied_lately(typed, self.request.organization.id) if typed else None:
            self.fields[ONCE_MORE] = forms.BooleanField(
                label=_("Apply %(code)s once more") % {"code": typed},
                help_text=warnings.applied_before(self.request.user.time_zone, before),
                error_messages={"required": _("Tick this if they are to have it once more.")},
            )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned.pop(ONCE_MORE, None)
        return cleaned


class ActForm(WhoseForm, ConfirmForm):
    """Sends an action that was given its reason, if the record is still what was shown. The code in it is for
    reading: what is sent is the action's own."""

    def __init__(
        self,
        request: StaffRequest,
        record: Record | None = None,
        *,
        asked: Act,
        **kwargs: Any,
    ) -> None:
        self.asked, self.kind = asked, KINDS[asked.kind]
        super().__init__(request, record, **kwargs)

    @property
    def entity(self) -> str:
        return self.kind.entity

    @property
    def digest(self) -> str:
        """What is sent is in the action, whichever form sends it."""
        return salted_hmac("acts.digest", self.asked.id, algorithm="sha256").hexdigest()

    def reason(self) -> str:
        return reason_of(self.asked)

    def name_of(self, record: Record) -> str:
        return self.asked.record_name or record.id

    def _ask(self) -> None:
        super()._ask()
        self.named = not self.word
        if self.kind.types_slug:
            self.word = self.request.organization.slug or self.request.organization.id

    def fit(self) -> None:
        if self.kind.has_code:
            self.fields["code"] = _code_field()
            self.initial["code"] = isolated(self.asked.code)
        super().fit()
        if "slug" in self.fields and self.named:
            text = _("This cannot be taken back. Type %(word)s to say you mean it.")
            self.fields["slug"].help_text = text % {"word": self.word}

    def ready(self) -> bool:
        """Whether it was posted, is whole, and is about the right organization; from then on it goes by the action's
        own id, so that it is sent once whatever form sends it."""
        if not super().ready():
            return False
        self.operation = self.asked.id
        return True

    def _complain(self, path: str, message: str) -> None:
        super()._complain("code" if path == self.request.flowtly.names.coupon_field else path, message)

    def stop(self, problem: error_messages.Problem) -> None:
        titles = {
            "refused": self.kind.say(self.kind.refused, self.asked),
            "unknown": self.kind.say(self.kind.unknown, self.asked),
            "not-applied": _("Not done: Flowtly failed"),
        }
        super().stop(replace(problem, title=titles.get(problem.outcome, problem.title)))


def reason_of(act: Act, **more: str) -> str:
    """As a line of the trail keeps it, to be read in any language; `more` are people, by name."""
    return json.dumps({"reason": act.reason, "note": act.note, **more}, ensure_ascii=False)


def _code_field() -> forms.CharField:
    return forms.CharField(
        label=_("Coupon code"), widget=forms.TextInput(attrs={"readonly": True, "size": 32, "class": "off"})
    )
