"""A form over one record of the API: what was shown, what was typed, and what came of it.

It carries two signed values. `operation` is a one-use id, so that a form acts once; `base` holds the values it was
drawn from, so that what others changed meanwhile is seen. Without both nothing is sent.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.core import signing
from django.http import HttpRequest, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from dashboard.audit import operations
from dashboard.flowtly import errors
from dashboard.forms import reverting, saving
from dashboard.forms.saving import Saved
from dashboard.upstream import outage
from dashboard.upstream.merge import MINE, THEIRS, Clash
from dashboard.web import drafts, error_messages
from dashboard.web.formatting import as_it_is, label

Form = TypeVar("Form", bound="FlowtlyForm")

BASE = "base"
AWAY = "away"  # beside the base, of a page that showed what was read before
# What a form carries beside what somebody typed.
CARRIED = {"operation", BASE, "csrfmiddlewaretoken"}
# API Platform names the field it could not read only in its sentence.
_FIELD_IN_WORDS = re.compile(r'"([A-Za-z_][\w.]*)" attribute')


class FlowtlyForm(forms.Form):
    """Its fields bear the API's own names.

    A field that is absent from the POST is left alone; one that is there and empty is cleared. A field that comes
    back just as it was shown counts as untouched: it is not sent, and a value there that would not pass
    today's rules does not stand in the way of changing another. A browser leaves an unticked box out, so a
    field of boxes comes with a hidden `<name>.present` that says it was there.
    """

    secret: frozenset[str] = frozenset()  # fields whose values are kept nowhere
    last_set: Mapping[str, Mapping[str, Any]] = {}  # field → who changed it here last, where that is told

    def __init__(
        self,
        request: HttpRequest,
        record: Any = None,
        *,
        typed: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
        told: error_messages.Problem | None = None,
    ) -> None:
        self.request: Any = request
        self.record = record
        self.problem: error_messages.Problem | None = told
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
            self.data: MultiValueDict[str, str] = MultiValueDict(
                {name: self._as_posted(name, data) for name in self.fields}
            )

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
        """What the form was drawn from is good for ever: at worst it clashes. Leave to act ends with a day."""
        try:
            path, base, clashed, *away_then = signing.loads(data.get(BASE, ""), salt=BASE)
        except (signing.BadSignature, ValueError, TypeError):
            return
        if path != self.request.path:
            return
        self.base, self.clashed = base, clashed
        known = operations.read(data.get("operation", ""))
        # A page of a Flowtly that was away gave no leave to act: what stood on it may have been long over.
        if known is not None and known[1:] == (self.request.user.pk, path) and not away_then:
            self.operation = known[0]

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The two signed values, anew for each drawing. After a clash the form stands on what was shown then."""
        clashed = {clash.name: clash.base for clash in self.clashes} or self.clashed
        away_now = [AWAY] if self.off else []
        base = signing.dumps([self.request.path, self.base, clashed, *away_now], salt=BASE, compress=True)
        operation = operations.new(self.request.user.pk, self.request.path)
        boxes = [(f"{name}.present", "1") for name in self.fields if self._may_be_left_out(name)]
        unkept = [(drafts.UNKEPT, name) for name in sorted(self.secret)]
        return [("operation", operation), (BASE, base), *boxes, *unkept]

    @property
    def off(self) -> bool:
        """Whether nothing can be sent now: Flowtly is away, and what is drawn may be of before."""
        return outage.told(self.request).off

    @property
    def digest(self) -> str:
        """Tells what was posted from anything else that might be, without keeping it."""
        posted = sorted((n, self.posted.getlist(n)) for n in self.posted if n not in CARRIED)
        return salted_hmac("forms.digest", json.dumps(posted), algorithm="sha256").hexdigest()

    # --- what was touched ---

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
        texts = ["" if v is None else _one_newline(str(v)) for v in values]
        return texts or ([] if self._may_be_left_out(name) else [""])

    def _as_posted(self, name: str, posted: QueryDict) -> list[str]:
        """What was posted for one of our own fields; for one that was not, as it was shown."""
        if name not in posted:
            emptied = self._may_be_left_out(name) and f"{name}.present" in posted
            return [] if emptied else self._shown[name]
        widget = self.fields[name].widget
        if isinstance(widget, forms.CheckboxInput):
            return ["on"] if widget.value_from_datadict(posted, MultiValueDict(), name) else []
        return [_one_newline(value) for value in posted.getlist(name)]

    @property
    def touched(self) -> list[str]:
        return [name for name in self.fields if self._differs(name)]

    def _differs(self, name: str) -> bool:
        """A browser sends what is chosen of many in the order of the choices, whatever the record's."""
        posted, shown = self.data.getlist(name), self._shown[name]
        return sorted(posted) != sorted(shown) if self._may_be_left_out(name) else posted != shown

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
        return {name: _spelt(value) for name, value in touched.items()}

    def fields_to_create(self) -> dict[str, Any]:
        """The fields of a new record: what was filled in."""
        filled = {name: _spelt(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in filled.items() if value is not None and value != []}

    def resolved(self) -> dict[str, str]:
        """What the person chose for the fields that clashed."""
        chosen = {name: self.posted.get(f"resolve.{name}", "") for name in self.fields}
        return {name: choice for name, choice in chosen.items() if choice in {MINE, THEIRS}}

    # --- sending ---

    def save(self, resource: Any) -> Saved[Any] | None:
        """Changes the record, or adds one, if the form was posted and is valid. None: draw the form again."""
        if not self._ready():
            return None
        return (saving.update if self.record is not None else saving.create)(self, resource)

    def delete(self, resource: Any) -> Saved[Any] | None:
        return saving.delete(self, resource) if self._ready() else None

    def act(
        self, kind: str, call: Callable[[], Any], look: Callable[[], saving.Seen] | None = None, **more: Any
    ) -> Saved[Any] | None:
        """Makes a call that is neither a change, a creation nor a deletion, if the form was posted and is valid."""
        return saving.act(self, kind, call, look, **more) if self._ready() else None

    def _ready(self) -> bool:
        if self.request.method != "POST":
            return False
        if not self.operation:
            gone = errors.GivenUp(request_id=self.request.id)
            self.problem = error_messages.form_too_old() if outage.alive() else error_messages.writing(gone)
            return False
        return self.is_valid()

    # --- what came of it ---

    def stop(self, problem: error_messages.Problem) -> None:
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
        self._stand_on(self.base_of(theirs), clashes)
        self.problem = error_messages.clash(len(clashes))

    def _stand_on(self, base: dict[str, Any], clashes: list[Clash]) -> None:
        """What this person did not touch, or gave up for theirs, shows theirs: else the next submit would take
        what was shown before for something typed, and undo what the other one did."""
        clashing = {clash.name for clash in clashes}
        given_up = {name for name, choice in self.resolved().items() if choice == THEIRS} - clashing
        typed = set(self.touched) - given_up
        self.base, self.clashes = base, clashes
        self.initial = {name: value for name in self.fields if (value := base.get(name)) is not None}
        self.fit(self.record)
        self._shown = {name: self._as_shown(name) for name in self.fields}
        for name in self.fields.keys() - typed:
            self.data.setlist(name, self._shown[name])

    def show_changed(self, theirs: Any) -> None:
        """The record is not any more what the person was shown and asked to confirm."""
        self.record, self.base = theirs, self.base_of(theirs)
        self.problem = error_messages.changed_meanwhile()

    def told(self) -> dict[str, Any]:
        """What this submit was told, for another submit of the same form."""
        texts = {name: [str(text) for text in texts] for name, texts in self.errors.items()}
        told: dict[str, Any] = {"errors": texts}
        if self.problem:
            told["problem"] = error_messages.as_data(self.problem)
        if self.clashes and not self.secret & {clash.name for clash in self.clashes}:
            kept = {name: value for name, value in self.base.items() if name not in self.secret}
            told |= {"base": kept, "clashes": [asdict(clash) for clash in self.clashes]}
        return told

    def tell_again(self, told: Mapping[str, Any]) -> None:
        if "problem" in told:
            self.problem = error_messages.of_data(told["problem"])
        if "clashes" in told:
            self._stand_on(told["base"], [Clash(**clash) for clash in told["clashes"]])
        for name, texts in told["errors"].items():
            for text in texts:
                self.add_error(name if name in self.fields else None, text)

    # --- drawing ---

    @property
    def outcome(self) -> error_messages.Problem | None:
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
        """The clashing fields, for the page on which somebody chooses. A form that comes back for another reason
        asks again, with what was chosen; what clashes anew is chosen anew."""
        chosen = {} if self.clashes or not self.is_bound else self.resolved()
        return [
            {
                "name": clash.name,
                "label": self.label_of(clash.name),
                "base": self.words(clash.name, clash.base),
                "theirs": self.words(clash.name, clash.theirs),
                "mine": self.words(clash.name, clash.mine),
                "chosen": chosen.get(clash.name, ""),
            }
            for clash in self.clashes or self._clashed_before()
        ]

    def _clashed_before(self) -> list[Clash]:
        mine = self.mine() if self.is_bound and self.is_valid() else {}
        return [
            Clash(name, base, self.base.get(name), mine.get(name, self.data.get(name)))
            for name, base in self.clashed.items()
            if name in self.touched
        ]

    def label_of(self, name: str) -> str:
        return str(self[name].label) if name in self.fields else name

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


def _spelt(value: Any) -> Any:
    """A cleaned value as JSON has it; what was emptied is null, and no more of many is none of them."""
    if value == "":
        return None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset | list | tuple):
        return [_spelt(each) for each in value]
    return str(value) if isinstance(value, UUID) else value


def _one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
