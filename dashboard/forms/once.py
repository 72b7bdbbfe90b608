"""One-use form: what it does is done once, however often it is posted.

It carries a signed operation, good for one person, one page and a day. Whoever posts it first acts; whoever posts it
again is told what the first was told. What somebody had typed when their session ended is drawn again from a draft.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from dashboard.audit import operations
from dashboard.standards.foreign_text import can_be_seen
from dashboard.web import drafts, error_messages
from dashboard.web.request import StaffRequest

BASE = "base"
# What a form carries beside what somebody typed.
CARRIED = {"operation", BASE, "csrfmiddlewaretoken"}
# Kinds of input that a browser does not fill in by itself.
NEVER_FILLED_IN = {"hidden", "checkbox", "radio", "file"}
# Seconds that a second submit of a form over our own tables waits for the result of the first.
WAIT = 5.0


def with_one_newline(posted: QueryDict) -> QueryDict:
    """What was posted, with the ends of lines as they are counted while somebody types: a browser sends two characters
    for one."""
    found = posted.copy()
    for name, values in posted.lists():
        found.setlist(name, [one_newline(value) for value in values])
    return found


def one_newline(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class OnceForm(forms.Form):
    """`shown` are the values it is drawn with, `typed` what somebody typed before, `problem` what is said above it."""

    secret: frozenset[str] = frozenset()  # fields whose values are kept nowhere

    def __init__(
        self,
        request: StaffRequest,
        shown: Mapping[str, Any] | None = None,
        *,
        typed: QueryDict | None = None,
        problem: error_messages.Problem | None = None,
    ) -> None:
        self.request = request
        self.problem = problem
        posted = request.POST if request.method == "POST" else typed
        posted = with_one_newline(posted) if posted is not None else None
        self.posted = posted if posted is not None else QueryDict()
        self.operation = self._operation()
        super().__init__(posted, initial=dict(shown or {}))
        self.adapt()

    @classmethod
    def of(cls, request: StaffRequest, *args: Any, **kwargs: Any) -> Self:
        """The form that this request draws or submits; drawn with what had been typed, where the URL names a draft."""
        asked = {} if request.method == "POST" else drafts.asked(request)
        return cls(request, *args, **{**asked, **kwargs})

    def adapt(self) -> None:
        """`fit`, and what holds for every field: no browser fills in what was typed about another customer, and a text
        shows something."""
        self.fit()
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and field.strip and refuse_unseen not in field.validators:
                field.validators.append(refuse_unseen)
            if getattr(field.widget, "input_type", "") not in NEVER_FILLED_IN:
                field.widget.attrs.setdefault("autocomplete", "off")

    def fit(self) -> None:
        """A place to adapt the fields to who is asking and to what the form is over."""

    def _operation(self) -> str:
        known = operations.read(self.posted.get("operation", ""))
        return known[0] if known and known[1:] == (self.request.user.pk, self.request.path) else ""

    def ready(self) -> bool:
        """Whether it was posted, with leave to act, and is valid. Only then is there anything to do."""
        if self.request.method != "POST":
            return False
        if not self.operation:
            self.problem = self.no_leave()
            return False
        return self.is_valid()

    def no_leave(self) -> error_messages.Problem:
        return error_messages.form_too_old()

    # --- once, for forms over our own tables ---

    def first(self) -> bool:
        """Whether this submit is the one that acts."""
        return operations.claim(self.operation, self.request.user.pk)

    def concluded(self, result: dict[str, Any]) -> dict[str, Any]:
        """Keeps the result for a second submit. Never a password."""
        operations.conclude(self.operation, result)
        drafts.done(self.request, self.operation)
        return result

    def result_of_the_first(self) -> dict[str, Any]:
        return operations.await_result(self.operation, WAIT) or {}

    @property
    def digest(self) -> str:
        """Tells what was posted from anything else that might be, without keeping it."""
        posted = sorted((n, self.posted.getlist(n)) for n in self.posted if n not in CARRIED)
        return salted_hmac("forms.digest", json.dumps(posted), algorithm="sha256").hexdigest()

    # --- drawing ---

    @property
    def hidden(self) -> list[tuple[str, str]]:
        unkept = [(drafts.UNKEPT, name) for name in sorted(self.secret)]
        return [("operation", operations.new(self.request.user.pk, self.request.path)), *unkept]

    def label_of(self, name: str) -> str:
        return str(self[name].label) if name in self.fields else name

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
                "field_id": self[name].id_for_label or f"id_{name}_0" if name in self.fields else "",
                "label": str(self[name].label) if name in self.fields else "",
                "text": str(text),
            }
            for name, texts in self.errors.items()
            for text in texts
        ]


def refuse_unseen(text: object) -> None:
    if isinstance(text, str) and not can_be_seen(text):
        raise forms.ValidationError(_("Enter at least one character that can be seen."))
