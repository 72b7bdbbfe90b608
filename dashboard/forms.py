"""How a form becomes a call: only what somebody changed goes out, and what Flowtly says comes back to its field."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from dashboard import problems
from dashboard.flowtly import errors

R = TypeVar("R")
Form = TypeVar("Form", bound="FlowtlyForm")

# API Platform names the field it could not read only in its sentence.
_FIELD_IN_WORDS = re.compile(r'"([A-Za-z_][\w.]*)" attribute')


@dataclass(frozen=True)
class Saved(Generic[R]):
    record: R
    outcome: str  # "applied", or "unchanged" where nothing had to be sent


class FlowtlyForm(forms.Form):
    """A form over one record of the API. Its fields bear the API's own names.

    A field that is absent from the POST is left alone; one that is there and empty is cleared. A field that comes
    back just as it was shown counts as untouched: it is not sent, and a value there that would not pass
    today's rules does not stand in the way of changing another.
    """

    def __init__(
        self, data: QueryDict | None = None, *, record: Any = None, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.record = record
        self.problem: problems.Problem | None = None
        was = {name: record.raw.get(name) for name in self.base_fields} if record is not None else {}
        super().__init__(initial={**was, **(initial or {})})
        self.fit(record)
        self._shown = {name: self._as_shown(name) for name in self.fields}
        if data is not None:
            self.is_bound = True
            self.data = self._completed(data)

    @classmethod
    def of(cls: type[Form], request: HttpRequest, record: Any = None, **kwargs: Any) -> Form:
        return cls(request.POST if request.method == "POST" else None, record=record, **kwargs)

    def fit(self, record: Any) -> None:
        """A place to adapt the fields to the record, such as adding a choice that it already has."""

    # --- what was touched ---

    def _as_shown(self, name: str) -> list[str]:
        """What a browser sends back for a field that nobody touches."""
        field = self.fields[name]
        value = field.widget.format_value(field.prepare_value(self.get_initial_for_field(field, name)))
        values = value if isinstance(value, list | tuple) else [value]
        return ["" if v is None else _one_newline(str(v)) for v in values] or [""]

    def _completed(self, posted: QueryDict) -> MultiValueDict[str, str]:
        """What was posted for our own fields; what was not, as it was shown."""
        return MultiValueDict(
            {
                name: [_one_newline(v) for v in posted.getlist(name)] if name in posted else shown
                for name, shown in self._shown.items()
            }
        )

    @property
    def touched(self) -> list[str]:
        data: MultiValueDict[str, str] = self.data  # type: ignore[assignment]
        return [name for name, shown in self._shown.items() if data.getlist(name) != shown]

    def full_clean(self) -> None:
        """Only what was touched is held to the rules; a new record in full."""
        every = self.fields
        if self.is_bound and self.record is not None:
            self.fields = {name: every[name] for name in self.touched}
        try:
            super().full_clean()
        finally:
            self.fields = every

    def changes(self) -> dict[str, Any]:
        """What was changed, in the API's spelling, with null for what was cleared."""
        was = self.record.raw if self.record is not None else {}
        now = {name: self.cleaned_data[name] for name in self.touched if name in self.cleaned_data}
        now = {name: None if value in ("", []) else value for name, value in now.items()}
        return {name: value for name, value in now.items() if value != was.get(name)}

    # --- sending ---

    def submit(self, call: Callable[[dict[str, Any]], R]) -> Saved[R] | None:
        """Makes the call if the form was posted, is valid and changes something. None: draw the form again."""
        if not self.is_bound or not self.is_valid():
            return None
        changes = self.changes()
        if not changes and self.record is not None:
            return Saved(self.record, "unchanged")
        try:
            return Saved(call(changes), "applied")
        except errors.FlowtlyError as error:
            self.refuse(error)
            return None

    def refuse(self, error: errors.FlowtlyError) -> None:
        """Puts what Flowtly said on the fields it is about; the rest stands in the summary."""
        self.problem = problems.writing(error)
        for path, message in _complaints(error):
            name = re.split(r"[.\[]", path, maxsplit=1)[0]
            if name in self.fields:
                self.add_error(name, message)
            else:
                self.add_error(None, f"{path}: {message}" if path else message)

    # --- drawing ---

    @property
    def outcome(self) -> problems.Problem | None:
        return self.problem

    @property
    def status(self) -> int:
        """The page's: it was refused by Flowtly or by us, or it is a form to fill in."""
        if self.problem:
            return self.problem.status
        return 422 if self.is_bound and self.errors else 200

    @property
    def summary(self) -> list[dict[str, str]]:
        """Every complaint, with the field it leads to; "" where it is about the whole record."""
        if not self.is_bound:
            return []
        return [
            {
                "field_id": self[name].id_for_label if name in self.fields else "",
                "label": str(self[name].label) if name in self.fields else "",
                "text": str(text),
            }
            for name, texts in self.errors.items()
            for text in texts
        ]


def _complaints(error: errors.FlowtlyError) -> list[tuple[str, str]]:
    if error.violations:
        return [(violation.path, violation.message) for violation in error.violations]
    if isinstance(error, errors.BadRequest) and (named := _FIELD_IN_WORDS.search(error.detail)):
        return [(named[1], _("Flowtly does not take this value: %(words)s") % {"words": error.detail})]
    return []


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
