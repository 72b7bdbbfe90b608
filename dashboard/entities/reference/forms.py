from collections.abc import Mapping, Sequence
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext as _

from dashboard.audit.models import Operation
from dashboard.entities.reference import language_names
from dashboard.flowtly.resources.reference import Language
from dashboard.forms.record import FlowtlyForm, FormOptions
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest


class LanguageForm(FlowtlyForm):
    """Form that confirms one language, chosen on the page before. `there` are the codes that the organization has."""

    id = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(
        self,
        request: StaffRequest,
        record: Language | None = None,
        *,
        there: Sequence[str] = (),
        **options: Unpack[FormOptions],
    ) -> None:
        self.there = there
        super().__init__(request, record, **options)

    def name_of_fields(self, fields: Mapping[str, Any]) -> str:
        return language_names.named(str(fields.get("id") or ""))

    def clean_id(self) -> str:
        code = str(self.cleaned_data["id"])
        if not language_names.CODE.fullmatch(code):
            raise forms.ValidationError(_("“%(code)s” is no code of a language.") % {"code": code})
        return code

    def ready(self) -> bool:
        """One that is there is not sent. Who submits this very form again is shown what came of it instead."""
        ready = super().ready()
        code = self.cleaned_data.get("id", "") if ready else ""
        if not ready or not any(language_names.same(code, each) for each in self.there):
            return ready
        if Operation.objects.filter(pk=self.operation).exists():
            return True
        self.problem = already_there(code)
        return False


def already_there(code: str) -> error_messages.Problem:
    text = _("The organization has %(language)s. Nothing was sent.") % {
        "language": language_names.named(code)
    }
    return error_messages.Problem(_("This language is there already"), text, 422)
