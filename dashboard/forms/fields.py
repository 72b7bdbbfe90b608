"""Form fields for numbers, ids and e-mail addresses.

Their controls keep what they are given: a browser's own for numbers and e-mails cut, blank or change it. What cannot be
seen comes along when such a value is copied and means nothing in it; so it is left out of what is entered.
"""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from dashboard.standards.foreign_text import without_unseen


class _Exact:
    def to_python(self, value: object) -> Any:
        seen = without_unseen(value) if isinstance(value, str) else ""
        # One of nothing that can be seen is for the form to refuse: it is not the same as none.
        return super().to_python(seen if seen.strip() else value)  # type: ignore[misc]


class ExactField(_Exact, forms.CharField):
    pass


class EmailField(_Exact, forms.EmailField):
    widget = forms.TextInput(attrs={"inputmode": "email", "autocapitalize": "none", "spellcheck": "false"})


class WholeNumberField(forms.IntegerField):
    """Whole number, typed in digits. A value of the record that is none is shown as it is."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 8})
    default_error_messages = {"invalid": gettext_lazy("Enter a whole number, for example 30.")}

    def to_python(self, value: object) -> int | None:
        """No separators: 1.000 and 1,000 are one number here and another there."""
        if value in self.empty_values:
            return None
        text = without_unseen(str(value)).strip()
        if not re.fullmatch(r"[+-]?[0-9]{1,40}", text):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return int(text)
