"""A form over one record of the API: what was shown, what was typed, and what came of it.

It carries two signed values. `operation` is a one-use id, so that a form acts once; `base` holds the values it was
drawn from, so that what others changed meanwhile is seen. Without both nothing is sent.
"""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from dashboard import problems, writing
from dashboard.audit import drafts, operations, reverting
from dashboard.flowtly import errors
from dashboard.merge import MINE, THEIRS, Clash
from dashboard.words import as_it_is, label
from dashboard.writing import Saved

Form = TypeVar("Form", bound="FlowtlyForm")

BASE = "base"
# API Platform names the field it could not read only in its sentence.
_FIELD_IN_WORDS = re.compile(r'"([A-Za-z_][\w.]*)" attribute')


class FlowtlyForm(forms.Form):
    """Its fields bear the API's own names.

    A field that is absent from the POST is left alone; one that is there and empty is cleared. A field that comes
    back just as it was shown counts as untouched: it is not sent, and a value there that would not pass
    today's rules does not stand in the way of changing another.
    """

    secret: frozenset[str] = frozenset()  # fields whose values are kept nowhere

    def __init__(
        self,
        request: HttpRequest,
        record: Any = None,
        *,
        typed: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
        told: problems.Problem | None = None,
    ) -> None:
        self.request: Any = request
        self.record = record
        self.problem: problems.Problem | None = told
        self.clashes: list[Clash] = []
        self.clashed: dict[str, Any] = {}
        self.operation = ""
        self.base = self.base_of(record) if record is not None else {}
        data = request.POST if request.method == "POST" else typed
        if data is not None:
            self._recognize(data)
        fields = {name: self.base.get(name) for name in self.base_fields} if record is not None else {}
        super().__init__(initial={**(initial or {}), **{k: v for k, v in fields.items() if v is not None}})
        self.fit(record)
        self._shown = {name: self._as_shown(name) for name in self.fields}
        if data is not None:
            self.is_bound = True
            self.posted = data
            self.data = self._completed(data)

    @classmethod
    def of(cls: type[Form], request: HttpRequest, record: Any = None, **kwargs: Any) -> Form:
        """The form that this request draws or submits; drawn with what somebody had typed before their session
        ended, or with the old values of a change that is to be taken back, where the URL asks for that."""
        if request.method != "POST":
            back = reverting.asked(request, record, cls)
            kwargs = {**back, **drafts.asked(request, record, cls), **kwargs}
        return cls(request, record, **kwargs)

    def fit(self, record: Any) -> None:
        """A place to adapt the fields to the record, such as adding a choice that it already has."""

    # --- whose, and what for ---

    @property
    def entity(self) -> str:
        """The word for it everywhere: the URL's namespace."""
        return str(self.request.resolver_match.namespace)

    @property
    def organization_id(self) -> str:
        return self.request.organization.id if hasattr(self.request, "organization") else ""

    def name_of(self, record: Any) -> str:
        return str(getattr(record, "name", None) or record.id)

    def name_of_fields(self, fields: Mapping[str, Any]) -> str:
        return str(fields.get("name") or "")

    def reason(self) -> str:
        """Why it is done, where the form asks for that."""
        return ""

    def base_of(self, record: Any) -> dict[str, Any]:
        """The values this form is drawn from, in the API's spelling."""
        return {name: record.raw[name] for name in self.base_fields if name in record.raw}

    # --- the signed values ---

    def _recognize(self, data: QueryDict) -> None:
        known = operations.read(data.get("operation", ""))
        try:
            path, base, clashed = signing.loads(data.get(BASE, ""), salt=BASE, max_age=operations.LIVES)
        except (signing.BadSignature, ValueError, TypeError):
            return
        mine = (self.request.user.pk, self.request.path)
        if known is None or known[1:] != mine or path != self.request.path:
            return
        self.operation, self.base, self.clashed = known[0], base, clashed

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The two signed values, anew for each drawing. After a clash the form stands on what was shown then."""
        clashed = {clash.name: clash.base for clash in self.clashes} or self.clashed
        base = signing.dumps([self.request.path, self.base, clashed], salt=BASE, compress=True)
        return [("operation", operations.new(self.request.user.pk, self.request.path)), (BASE, base)]

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

    def mine(self) -> dict[str, Any]:
        """What this person touched, in the API's spelling, with null for what was cleared."""
        touched = {name: self.cleaned_data[name] for name in self.touched if name in self.cleaned_data}
        return {name: _or_null(value) for name, value in touched.items()}

    def fields_to_create(self) -> dict[str, Any]:
        """The fields of a new record: what was filled in."""
        filled = {name: _or_null(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in filled.items() if value is not None}

    def resolved(self) -> dict[str, str]:
        """What the person chose for the fields that clashed."""
        chosen = {name: self.posted.get(f"resolve.{name}", "") for name in self.fields}
        return {name: choice for name, choice in chosen.items() if choice in {MINE, THEIRS}}

    # --- sending ---

    def save(self, resource: Any) -> Saved[Any] | None:
        """Changes the record, or adds one, if the form was posted and is valid. None: draw the form again."""
        if not self._ready():
            return None
        return (writing.update if self.record is not None else writing.create)(self, resource)

    def delete(self, resource: Any) -> Saved[Any] | None:
        return writing.delete(self, resource) if self._ready() else None

    def _ready(self) -> bool:
        if self.request.method != "POST":
            return False
        if not self.operation:
            self.problem = problems.form_too_old()
            return False
        return self.is_valid()

    # --- what came of it ---

    def stop(self, problem: problems.Problem) -> None:
        self.problem = problem

    def complain(self, error: errors.FlowtlyError) -> None:
        """Puts what Flowtly said on the fields it is about; the rest stands in the summary."""
        for path, message in _complaints(error):
            self._complain(path, message)

    def _complain(self, path: str, message: str) -> None:
        name = re.split(r"[.\[]", path, maxsplit=1)[0]
        if name in self.fields:
            self.add_error(name, message)
        else:
            self.add_error(None, f"{path}: {message}" if path else message)

    def show_clashes(self, theirs: Any, clashes: list[Clash]) -> None:
        """Base, theirs and mine side by side; the form then stands on what theirs is now."""
        self.clashes = clashes
        self.base = self.base_of(theirs)
        self.problem = problems.clash(len(clashes))

    def show_changed(self, theirs: Any) -> None:
        """The record is not any more what the person was shown and asked to confirm."""
        self.record, self.base = theirs, self.base_of(theirs)
        self.problem = problems.changed_meanwhile()

    def told(self) -> dict[str, Any]:
        """What this submit was told, for another submit of the same form."""
        problem = problems.as_data(self.problem) if self.problem else None
        texts = {name: [str(text) for text in texts] for name, texts in self.errors.items()}
        return {"problem": problem, "errors": texts}

    def tell_again(self, told: Mapping[str, Any]) -> None:
        self.problem = problems.of_data(told["problem"]) if told.get("problem") else problems.clash(1)
        for name, texts in told.get("errors", {}).items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)

    # --- drawing ---

    @property
    def outcome(self) -> problems.Problem | None:
        return self.problem

    @property
    def status(self) -> int:
        """The page's: refused by Flowtly or by us, or a form to fill in."""
        if self.request.method != "POST":
            return 200
        return self.problem.status if self.problem else 422 if self.errors else 200

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

    @property
    def conflicts(self) -> list[dict[str, str]]:
        """The clashing fields, for the page on which somebody chooses."""
        return [
            {
                "name": clash.name,
                "label": str(self[clash.name].label) if clash.name in self.fields else clash.name,
                "base": self.words(clash.name, clash.base),
                "theirs": self.words(clash.name, clash.theirs),
                "mine": self.words(clash.name, clash.mine),
            }
            for clash in self.clashes
        ]

    def words(self, name: str, value: Any) -> str:
        """A value as this form shows it: a choice by its label."""
        if value is None:
            return label(None)
        choices = getattr(self.fields.get(name), "choices", ())
        return next((str(text) for key, text in choices if str(key) == str(value)), as_it_is(value))


class ConfirmForm(FlowtlyForm):
    """A form without fields, over the whole record: it is asked for what was shown, or not at all."""

    def base_of(self, record: Any) -> dict[str, Any]:
        return {key: value for key, value in record.raw.items() if not key.startswith("@")}


def _complaints(error: errors.FlowtlyError) -> list[tuple[str, str]]:
    if error.violations:
        return [(violation.path, violation.message) for violation in error.violations]
    if isinstance(error, errors.BadRequest) and (named := _FIELD_IN_WORDS.search(error.detail)):
        return [(named[1], _("Flowtly does not take this value: %(words)s") % {"words": error.detail})]
    return []


def _or_null(value: Any) -> Any:
    return None if value in ("", []) else value


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
