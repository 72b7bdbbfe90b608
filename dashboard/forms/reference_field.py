"""Reference field: a record of another collection, typed by its code or its IRI, and sent as the API spells it."""

from typing import Any

from django import forms

from dashboard.flowtly.resources.records import Reference
from dashboard.flowtly.resources.references import CODE, Spelling


class ReferenceField(forms.CharField):
    """For a collection that cannot be listed here. It shows the IRI where the API gives one, or an object with one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"size": 24, "spellcheck": "false"}), **kwargs)
        self.spelling = CODE

    def offer(self, datalist: str, spelling: Spelling) -> None:
        self.spelling = spelling
        self.widget.attrs["list"] = datalist

    def prepare_value(self, value: object) -> object:
        read = Reference.read(value)
        return (read.iri or read.id) if read and isinstance(value, dict) else value

    def clean(self, value: object) -> str:
        typed = str(super().clean(value))
        return typed if "/" in typed or not typed else self.spelling.of(typed)
