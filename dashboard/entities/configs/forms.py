from typing import Any, Unpack, cast

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.audit.models import Entry, Phase
from dashboard.audit.trail import MASK
from dashboard.entities.configs import config_values
from dashboard.flowtly.resources.configs import Config
from dashboard.forms import reverting
from dashboard.forms.record import FlowtlyForm, FormOptions
from dashboard.upstream import redaction
from dashboard.upstream.merge import Clash
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest

STORED_AS, DRAWN_AS, CLEAR = "stored_as", "drawn_as", "clear_value"
PLAIN_TEXT = {"spellcheck": "false"}


class TypedText(str):
    """Text that somebody typed, where a value of any kind could stand."""


class ValueField(forms.Field):
    """Value of any kind, as a text. What kind it is to be is the form's to say, so it is the form that reads it."""

    def prepare_value(self, value: object) -> str:
        return value if isinstance(value, TypedText) else config_values.shown(value)

    def clean(self, value: object) -> object:
        return value

    def bound_data(self, data: str | None, initial: object) -> TypedText:
        return TypedText(data or "")

    def draw(self, kind: str, text: str, *, roomy: bool = False) -> None:
        self.help_text = _HELP.get(kind, "")
        self.widget = _widget(kind, text, roomy=roomy)
        self.widget.is_required = False


class ConfigForm(FlowtlyForm):
    """Form over one value, edited by its kind. The field bears the name that the API has for it, which a setting says:
    see `form_for`. The kind is never sent; a value goes as what it is."""

    value_name = ""
    use_required_attribute = False  # a text may be empty

    def __init__(self, request: StaffRequest, record: Config, **options: Unpack[FormOptions]) -> None:
        typed = self._with_its_kind(request, options.get("typed"))
        posted = request.POST if request.method == "POST" else typed
        self._chosen = posted.get(STORED_AS, "") if posted is not None else ""
        options["typed"] = typed
        super().__init__(request, record, **options)

    def _with_its_kind(self, request: StaffRequest, typed: QueryDict | None) -> QueryDict | None:
        """A value that is put back is put back as the kind it was."""
        write = request.GET.get(reverting.PARAMETER, "")
        if typed is None or STORED_AS in typed or not write:
            return typed
        entry = Entry.objects.filter(write=write, phase=Phase.INTENT).first()
        before = (entry.changes if entry else {}).get(self.value_name, [None])[0]
        typed = typed.copy()
        typed[STORED_AS] = redaction.kind_of(before)
        return typed

    def fit(self) -> None:
        value = self.initial.get(self.value_name)
        self.kind = redaction.kind_of(value)
        self.initial[STORED_AS] = self.kind
        self.drawn = self._chosen if self._chosen in config_values.KINDS else self.kind
        field = self.fields[self.value_name]
        assert isinstance(field, ValueField)
        field.draw(self.drawn, config_values.shown(value), roomy=self.drawn != self.kind)

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [*super().hidden, (DRAWN_AS, self.drawn)]

    @property
    def touched(self) -> list[str]:
        """Value and kind are one: whoever touches either has touched both."""
        return [self.value_name, STORED_AS] if super().touched else []

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and self.touched and self.value_name in self.cleaned_data:
            self._read(self.data.get(STORED_AS) or "", str(self.data.get(self.value_name) or ""))

    def _read(self, kind: str, text: str) -> None:
        if kind not in config_values.KINDS:
            return
        if kind != "null" and kind != self.posted.get(DRAWN_AS, self.kind):
            words = _("It is to be kept as another type now: %(type)s. Check the value, then save once more.")
            self.add_error(self.value_name, words % {"type": config_values.KINDS[kind]})
        elif kind == self.kind == "null" and text:
            self.add_error(STORED_AS, _("Choose what kind of value this is."))
        else:
            self._take(kind, text)

    def _take(self, kind: str, text: str) -> None:
        try:
            value = config_values.read(kind, text, self.base.get(self.value_name))
        except config_values.Unfit as why:
            self.add_error(self.value_name, str(why))
            return
        self.cleaned_data[self.value_name] = value
        if redaction.holds_one({self.value_name: value}):
            self.secret = frozenset({self.value_name})  # it becomes one now: not to be kept from here on

    def mine(self) -> dict[str, Any]:
        taken = self.touched and self.value_name in self.cleaned_data
        return {self.value_name: self.cleaned_data[self.value_name]} if taken else {}

    def show_clashes(self, theirs: Config, clashes: list[Clash]) -> None:
        if not redaction.is_secret(theirs):
            super().show_clashes(theirs, clashes)
            return
        self.problem = error_messages.Problem(
            _("Not saved: somebody else changed this meanwhile"),
            _("Nothing was sent. It looks like a secret now and is not shown any more: open its page anew."),
            409,
            "conflict",
        )

    def words(self, name: str, value: object) -> str:
        if value == MASK or redaction.is_hidden(value):
            return MASK
        return config_values.short(value) if name == self.value_name else super().words(name, value)


class Unseen(forms.Textarea):
    """Text area that takes a text and never draws it."""

    def format_value(self, value: object) -> str:
        return ""


class SecretForm(FlowtlyForm):
    """Form over a value that is set and never shown. The record it works on holds a mark in the value's place."""

    value_name = ""
    clear_value = forms.BooleanField(label=gettext_lazy("Clear it: nothing is set then"), required=False)

    def __init__(self, request: StaffRequest, record: Config, **options: Unpack[FormOptions]) -> None:
        self.secret = frozenset({self.value_name})
        super().__init__(request, record, **options)

    def fit(self) -> None:
        held = self.initial.get(self.value_name)
        self.kind = redaction.kind_of_hidden(held)
        if held is None:
            self.fields.pop(CLEAR, None)

    def full_clean(self) -> None:
        super().full_clean()
        text = self.data.get(self.value_name) or "" if self.is_bound else ""
        if text and self._clears():
            self.add_error(CLEAR, _("Either type a new value or clear it, not both."))
        elif text:
            self._take(str(text))

    def _take(self, text: str) -> None:
        kind = "text" if self.kind in ("null", "boolean") else self.kind
        try:
            self.cleaned_data[self.value_name] = config_values.read(kind, text)
        except config_values.Unfit:
            words = _("This is not of the type it has: %(type)s.") % {"type": config_values.KINDS[kind]}
            self.add_error(self.value_name, words)

    def _clears(self) -> bool:
        return CLEAR in self.fields and bool(self.data.get(CLEAR))

    def mine(self) -> dict[str, Any]:
        if self._clears():
            return {self.value_name: None}
        typed = bool(self.data.get(self.value_name)) and self.value_name in self.cleaned_data
        return {self.value_name: self.cleaned_data[self.value_name]} if typed else {}

    def show_clashes(self, theirs: Config, clashes: list[Clash]) -> None:
        """Nobody can choose between two values that nobody is shown."""
        self._stand_on(self.base_of(theirs), [])
        self.problem = error_messages.Problem(
            _("Not saved: somebody else set this meanwhile"),
            _("Nothing was sent. If yours is to take its place, type it again and save."),
            409,
            "conflict",
        )

    def words(self, name: str, value: object) -> str:
        if name != self.value_name:
            return super().words(name, value)
        return MASK if value == MASK else secret_status(value)


def secret_status(value: object) -> str:
    return _("not set") if value is None else _("set, not shown")


def form_for(record: Config, name: str, *, secret: bool = False) -> type[ConfigForm] | type[SecretForm]:
    """Form class for this config, its field named as the API names it."""
    if secret or redaction.is_secret(record):
        text = _("Leave it empty to keep what is set. What you type is not shown again, here or anywhere.")
        widget = Unseen(attrs={"rows": 3, **PLAIN_TEXT})
        unseen = forms.CharField(
            label=_("New value"), required=False, strip=False, help_text=text, widget=widget
        )
        parts = {"value_name": name, name: unseen, "field_order": [name, CLEAR]}
        return cast(type[SecretForm], type("SecretForm", (SecretForm,), parts))
    kind = forms.ChoiceField(label=_("Type"), choices=list(config_values.KINDS.items()))
    value = ValueField(label=_("Value"))
    parts = {"value_name": name, name: value, STORED_AS: kind}
    return cast(type[ConfigForm], type("ConfigForm", (ConfigForm,), parts))


_HELP = {
    "list": gettext_lazy("In JSON, such as [1, 2, 3]."),
    "object": gettext_lazy('In JSON, such as {"digits": 2}.'),
    "json": gettext_lazy("Flowtly keeps this JSON within a text. It is checked here and put back into one."),
    "decimal": gettext_lazy("With a point, such as 0.21."),
    "null": gettext_lazy("Nothing is set. To set a value, type it and choose its type."),
}


def _widget(kind: str, text: str, *, roomy: bool) -> forms.Widget:
    if kind == "boolean":
        return forms.Select(choices=[("", "—"), ("true", _("yes")), ("false", _("no"))])
    if kind in ("integer", "decimal"):
        return forms.TextInput(attrs={"size": 16, "inputmode": "decimal"})
    if roomy or kind in config_values.IN_JSON or "\n" in text or len(text) > config_values.SHORT:
        rows = min(24, max(4, text.count("\n") + 2))
        return forms.Textarea(attrs={"rows": rows, **PLAIN_TEXT})
    return forms.TextInput()
