"""Several of what is known, and others that somebody types beside them."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from dashboard.standards.foreign_text import joined

Choices = Sequence[tuple[str, str]]


class Boxes(forms.CheckboxSelectMultiple):
    """`free`: a box of text of the same name follows, for codes separated by commas."""

    template_name = "subscriptions/_many.html"
    free = True

    def get_context(self, name: str, value: object, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        known = [str(key) for key, _words in self.choices]
        typed = [each for each in context["widget"]["value"] if each and each not in known]
        place = self.id_for_label(context["widget"]["attrs"].get("id", ""), str(len(known)))
        return {
            **context,
            "free": self.free,
            "others": bool(known),
            "typed": ", ".join(typed),
            "place": place,
        }

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Where a complaint about the field leads: to its first box, of whatever kind."""
        return f"{id_}_{index or 0}" if id_ else ""


class ManyField(forms.MultipleChoiceField):
    widget = Boxes
    known: frozenset[str] = frozenset()

    def offer(self, choices: Choices, *, free: bool) -> None:
        self.choices, self.known = choices, frozenset(key for key, _words in choices)
        assert isinstance(self.widget, Boxes)
        self.widget.free = free

    def to_python(self, value: object) -> list[str]:
        return list(dict.fromkeys(self._parted(super().to_python(value))))

    def _parted(self, values: Iterable[str]) -> Iterable[str]:
        for value in values:
            parts = [value] if value in self.known else re.split(r"[,\n]", value)
            yield from filter(None, (part.strip() for part in parts))

    def validate(self, value: list[str]) -> None:
        """What is typed may be anything; boxes are those that were offered."""
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        strangers = [each for each in value if each not in self.known]
        if strangers and not (isinstance(self.widget, Boxes) and self.widget.free):
            raise forms.ValidationError(_("Not offered: %(values)s.") % {"values": joined(strangers)})
