"""Touched fields of a form: what was posted, held against what a browser sends back when nobody types."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.choices import flatten_choices
from django.utils.datastructures import MultiValueDict

from dashboard.forms.once import OnceForm, one_newline
from dashboard.web.error_messages import Problem
from dashboard.web.formatting import as_it_is
from dashboard.web.request import StaffRequest


class TouchedForm(OnceForm):
    """A field that is absent from the POST is left alone; one that is there and empty is cleared. A field that comes
    back as it was shown, or as a browser changes it by itself, counts as untouched. A browser leaves an unticked box
    out, so a field of boxes comes with a hidden `<name>.present` that says it was there."""

    def __init__(
        self,
        request: StaffRequest,
        shown: Mapping[str, Any] | None = None,
        *,
        typed: QueryDict | None = None,
        problem: Problem | None = None,
    ) -> None:
        super().__init__(request, shown, typed=typed, problem=problem)
        self._shown = {name: self._as_shown(name) for name in self.fields}
        if self.is_bound:
            self.data: MultiValueDict[str, str] = MultiValueDict(
                {name: self._as_posted(name, self.posted) for name in self.fields}
            )

    def adapt(self) -> None:
        """Gives each field a control that keeps its value, whatever that is."""
        super().adapt()
        for name, field in self.fields.items():
            value = field.prepare_value(self.get_initial_for_field(field, name))
            if isinstance(value, bool | dict | list) and not _is_tick(field.widget):
                self.initial[name] = as_it_is(value)
            elif isinstance(value, str) and "\r" in value:
                self.initial[name] = one_newline(value)
            shown, typed = self._as_shown(name), self.posted.getlist(name)
            if isinstance(field.widget, forms.TextInput) and any(map(_several_lines, [*shown, *typed])):
                field.widget = _text_area(field.widget)
            elif isinstance(field.widget, forms.Select):
                _keep_choosable(field, shown if self.request.method == "POST" else [*shown, *typed])

    def _may_be_left_out(self, name: str) -> bool:
        """Whether a browser says nothing of this field when nothing in it is ticked or chosen."""
        return not self.fields[name].widget.value_omitted_from_data({}, {}, name)

    def _as_shown(self, name: str) -> list[str]:
        """What a browser sends back for a field that nobody touches."""
        field = self.fields[name]
        value = field.prepare_value(self.get_initial_for_field(field, name))
        if isinstance(field.widget, forms.CheckboxInput):
            return ["on"] if field.widget.check_test(value) else []
        shown = field.widget.format_value(value)
        values = shown if isinstance(shown, list | tuple) else [shown]
        texts = ["" if v is None else one_newline(str(v)) for v in values]
        return texts or ([] if self._may_be_left_out(name) else [""])

    def _as_posted(self, name: str, posted: QueryDict) -> list[str]:
        """What was posted for one of our own fields; for one that was not, as it was shown."""
        if name not in posted:
            emptied = self._may_be_left_out(name) and f"{name}.present" in posted
            return [] if emptied else self._shown[name]
        widget = self.fields[name].widget
        if isinstance(widget, forms.CheckboxInput):
            return ["on"] if widget.value_from_datadict(posted, MultiValueDict(), name) else []
        return [str(value) for value in posted.getlist(name)]

    @property
    def touched(self) -> list[str]:
        return [name for name in self.fields if self._differs(name)]

    def _differs(self, name: str) -> bool:
        """A browser sends what is chosen of many in the order of the choices, whatever the record's."""
        back = partial(_sent_back, self.fields[name].widget)
        posted, shown = (list(map(back, texts)) for texts in (self.data.getlist(name), self._shown[name]))
        return sorted(posted) != sorted(shown) if self._may_be_left_out(name) else posted != shown


def _sent_back(widget: forms.Widget, text: str) -> str:
    """A text as a browser sends it back from this control (HTML Living Standard, value sanitization)."""
    text = text.replace("\0", "\ufffd")
    return text.replace("\n", "") if isinstance(widget, forms.TextInput) else text


def _is_tick(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.CheckboxInput) or getattr(widget, "allow_multiple_selected", False)


def _several_lines(text: str) -> bool:
    return "\n" in text or "\r" in text


def _text_area(box: forms.TextInput) -> forms.Textarea:
    attrs = {
        name: value for name, value in box.attrs.items() if name not in {"type", "size", "list", "inputmode"}
    }
    area = forms.Textarea(attrs={**attrs, "rows": 3})
    area.is_required = box.is_required
    return area


def _keep_choosable(field: forms.Field, texts: list[str]) -> None:
    """A browser sends the first choice where none is the record's."""
    holder: Any = field if isinstance(field, forms.ChoiceField) else field.widget
    flat: list[tuple[object, object]] = list(flatten_choices(holder.choices))
    offered = {"", *(str(key) for key, _words in flat)}
    if others := [(text, text) for text in texts if text not in offered]:
        holder.choices = [*holder.choices, *others]


def with_line_ends_of(before: object, text: str) -> str:
    """A browser knows one kind of line end; a text keeps the kind it had."""
    if isinstance(before, str) and "\r" in before:
        return text.replace("\n", "\r\n" if "\r\n" in before else "\r")
    return text
