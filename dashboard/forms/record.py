"""Form over one record of the API: what was shown, what was typed, and the result of saving it.

Beside its operation it carries, signed, the `base`: the values it was drawn from, so that what others changed meanwhile
is seen, and so that a submit needs no reading of the record before the lock. Without both nothing is sent.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Self, TypedDict, TypeVar
from uuid import UUID

from django.http import QueryDict

from dashboard.flowtly import errors
from dashboard.flowtly.client import page_reserve
from dashboard.flowtly.resources.records import Record
from dashboard.forms import reverting, saving, signed_base
from dashboard.forms.once import BASE
from dashboard.forms.results import Changes, Clashed, Refused, Result, Saved, Seen, Unknown, Write
from dashboard.forms.touched import TouchedForm, with_line_ends_of
from dashboard.standards.foreign_text import can_be_seen
from dashboard.upstream import outage
from dashboard.upstream.merge import MINE, THEIRS, Clash
from dashboard.web import away, drafts, error_messages
from dashboard.web.formatting import as_it_is, label
from dashboard.web.request import StaffRequest

R = TypeVar("R", bound=Record)


class FormOptions(TypedDict, total=False):
    """What a form may be made with besides its request and its record."""

    typed: QueryDict | None
    initial: Mapping[str, Any] | None
    problem: error_messages.Problem | None
    resource: Any
    unread: bool


class FlowtlyForm(TouchedForm):
    """Its fields bear the API's own names.

    What nobody touched is not sent, and a value there that would not pass today's rules does not stand in the way of
    changing another.
    """

    last_set: Mapping[str, Mapping[str, Any]] = {}  # field → who changed it here last, where that is told

    def __init__(
        self,
        request: StaffRequest,
        record: Any = None,
        *,
        typed: QueryDict | None = None,
        initial: Mapping[str, Any] | None = None,
        problem: error_messages.Problem | None = None,
        resource: Any = None,
        unread: bool = False,
    ) -> None:
        self.request = request
        self.record, self.resource, self._unread = record, resource, unread
        self.clashes: list[Clash] = []
        self.clashed: dict[str, Any] = {}
        self.base = self.base_of(record) if record is not None else {}
        if signed := signed_base.read(request, request.POST if request.method == "POST" else typed):
            self.base, self.clashed, self._away = signed
        shown = {name: self.base.get(name) for name in self.base_fields} if record is not None else {}
        shown = {**(initial or {}), **{k: v for k, v in shown.items() if v is not None}}
        super().__init__(request, shown, typed=typed, problem=problem)
        if not signed or self._away:
            self.operation = ""

    @classmethod
    def of(cls, request: StaffRequest, record: Any = None, **kwargs: Any) -> Self:
        """The form that this request draws or submits; drawn with what somebody had typed before their session
        ended, or with the old values of a change that is to be taken back, where the URL asks for that."""
        back = {} if request.method == "POST" else reverting.asked(request, record, cls)
        return super().of(request, record, **{**back, **kwargs})

    @classmethod
    def over(
        cls, request: StaffRequest, resource: Any, identifier: str, *, read: Any = None, **kwargs: Any
    ) -> Self:
        """The form over a record by its id. A submit carries what was shown and does not read the record: saving
        does so once, under the lock. `read` is the record where the view has read it."""
        if read is None and (shown := signed_base.shown_record(request, resource, identifier)) is not None:
            return cls(request, shown, resource=resource, unread=True, **kwargs)
        return cls.of(request, read or resource.get(identifier), resource=resource, **kwargs)

    def current(self) -> Any:
        """The record as it is now, to draw beside the form: read where the submit has not needed it. Where that fails
        and the form has something to say already, the record as it was shown."""
        if self._unread:
            self._unread = False
            try:
                with page_reserve():
                    self.record = self.resource.get(self.record.id)
            except errors.FlowtlyError:
                if self.problem is None:
                    raise
        return self.record

    # --- whose, and what for ---

    @property
    def entity(self) -> str:
        """The word for it everywhere: the URL's namespace."""
        match = self.request.resolver_match
        return str(match.namespace) if match else ""

    @property
    def organization_id(self) -> str:
        return self.request.organization.id if hasattr(self.request, "organization") else ""

    def name_of(self, record: Any) -> str:
        name = str(getattr(record, "name", None) or "")
        return name if can_be_seen(name) else str(record.id)

    def name_of_fields(self, fields: Mapping[str, Any]) -> str:
        return str(fields.get("name") or "")

    def reason(self) -> str:
        """Why it is done, where the form asks for that."""
        return ""

    def base_of(self, record: Any) -> dict[str, Any]:
        """The values this form is drawn from, in the API's spelling."""
        return {name: record.raw[name] for name in self.base_fields if name in record.raw}

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """The signed values, anew for each drawing. After a clash the form stands on what was shown then."""
        clashed = {clash.name: clash.base for clash in self.clashes} or self.clashed
        base = signed_base.dumps(self.request, self.base, clashed, away=self.off)
        boxes = [(f"{name}.present", "1") for name in self.fields if self._may_be_left_out(name)]
        return [*super().hidden, (BASE, base), *boxes]

    @property
    def off(self) -> bool:
        """Whether nothing can be sent now: Flowtly is away, and what is drawn may be of before."""
        return away.told(self.request).off

    def no_leave(self) -> error_messages.Problem:
        gone = errors.GivenUp(request_id=self.request.id)
        return error_messages.form_too_old() if outage.alive() else error_messages.writing(gone)

    # --- what was typed ---

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
        return {name: _spelt(value, self.base.get(name)) for name, value in touched.items()}

    def fields_to_create(self) -> dict[str, Any]:
        """The fields of a new record: what was filled in."""
        filled = {name: _spelt(value) for name, value in self.cleaned_data.items()}
        return {name: value for name, value in filled.items() if value is not None and value != []}

    def resolved(self) -> dict[str, str]:
        """What the person chose for the fields that clashed."""
        chosen = {name: self.posted.get(f"resolve.{name}", "") for name in self.fields}
        return {name: choice for name, choice in chosen.items() if choice in {MINE, THEIRS}}

    # --- sending ---

    def save(self, resource: Any = None) -> Result[Any] | None:
        """Changes the record, or adds one, if the form was posted and is valid. None: draw it as it is."""
        resource = resource or self.resource
        if not self.ready():
            return None
        if self.record is None:
            fields = self.fields_to_create()
            return self.apply(saving.create(self.write(self.name_of_fields(fields)), resource, fields))
        changed = Changes(self.base, self.mine(), self.resolved(), self.clashed)
        return self._there(saving.update(self.write(), resource, changed))

    def delete(self) -> Result[Any] | None:
        return self._there(saving.delete(self.write(), self.resource, self.base)) if self.ready() else None

    def _there(self, result: Result[R]) -> Result[R]:
        """A record that is gone has no form any more: NotFound, as for whoever opens its page."""
        not_sent = isinstance(result, Refused) and result.problem.outcome == "not-sent"
        if not_sent and isinstance(error := getattr(result, "error", None), errors.NotFound):
            raise error
        return self.apply(result)

    def act(
        self, kind: str, call: Callable[[], Any], look: Callable[[], Seen] | None = None, **more: Any
    ) -> Result[Any] | None:
        """Makes a call that is neither a change, a creation nor a deletion, if the form was posted and is valid."""
        return (
            self.apply(saving.act(self.write(), kind, call, look, base=self.base, **more))
            if self.ready()
            else None
        )

    def write(self, name: str = "") -> Write:
        """What saving needs to know of this form."""
        return Write(
            trail=self.request.trail,
            operation=self.operation,
            posted=self.digest,
            person=self.request.user.pk,
            request_id=self.request.id,
            entity=self.entity,
            organization=self.organization_id,
            reason=self.reason(),
            record=self.record.id if self.record is not None else "",
            name=self.name_of(self.record) if self.record is not None else name,
            secret=frozenset(self.secret),
            unsaid=self._unsaid(),
            labels={name: self.label_of(name) for name in self.fields},
            words=self.words,
            prove=self.request.flowtly.prove,
        )

    def _unsaid(self) -> frozenset[str]:
        typed = {str(self.data.get(name) or "") for name in self.secret}
        return frozenset({each for text in typed for each in (text, text.strip())} - {""})

    # --- the result ---

    def apply(self, result: Result[R]) -> Result[R]:
        """Takes over what the page has to say of it."""
        match result:
            case Saved():
                drafts.done(self.request, self.operation)
            case Clashed() if result.clashes:
                self._read_as(result.theirs)
                self.show_clashes(result.theirs, list(result.clashes))
            case Clashed():
                if result.theirs is not None:
                    self._read_as(result.theirs)
                self.show_changed(result.theirs)
            case Refused() | Unknown():
                self._read_as(result.record)
                if isinstance(result, Refused):
                    self.complain(result)
                self.stop(result.problem)
        return result

    def _read_as(self, record: Record | None) -> None:
        if record is not None and self.record is not None and record.id == self.record.id:
            self.record, self._unread = record, False

    def stop(self, problem: error_messages.Problem) -> None:
        self.problem = problem

    def complain(self, refused: Refused) -> None:
        """Puts what Flowtly said on the fields it is about; the rest stands in the summary."""
        for path, message in refused.complaints:
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
        self.adapt()
        self._shown = {name: self._as_shown(name) for name in self.fields}
        for name in self.fields.keys() - typed:
            self.data.setlist(name, self._shown[name])

    def show_changed(self, theirs: Any) -> None:
        """The record is not any more what the person was shown and asked to confirm."""
        if theirs is not None:
            self.record, self.base = theirs, self.base_of(theirs)
        self.problem = error_messages.changed_meanwhile()

    # --- drawing ---

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

    def words(self, name: str, value: object) -> str:
        """A value as this form shows it: a choice by its label."""
        if value is None:
            return label(None)
        choices = getattr(self.fields.get(name), "choices", ())
        return next((str(text) for key, text in choices if str(key) == str(value)), as_it_is(value))


def _spelt(value: object, before: object = None) -> object:
    """A cleaned value as JSON has it; what was emptied is null, and no more of many is none of them."""
    if isinstance(value, str):
        return with_line_ends_of(before, value) or None
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set | frozenset | list | tuple):
        return [_spelt(each) for each in value]
    return str(value) if isinstance(value, UUID) else value
