"""Fields for numbers, ids and e-mail addresses. What cannot be seen comes along when one is copied and means nothing in
it; so it is left out of what is entered."""

from typing import Any

from django import forms

from dashboard.standards.foreign_text import without_unseen


class _Exact:
    def to_python(self, value: Any) -> Any:
        return super().to_python(without_unseen(value) if isinstance(value, str) else value)  # type: ignore[misc]


class ExactField(_Exact, forms.CharField):
    pass


class ExactEmailField(_Exact, forms.EmailField):
    pass


class ExactIntegerField(_Exact, forms.IntegerField):
    pass
