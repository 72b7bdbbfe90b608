"""Tenant check in a form: what it found in words, and the slug that is asked for where nothing else tells."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Unpack

from django import forms
from django.utils.translation import gettext as _

from dashboard.flowtly import errors
from dashboard.forms.record import FlowtlyForm, FormOptions
from dashboard.upstream import tenant_check
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest


@dataclass(frozen=True)
class Whose:
    """`word` is what a person has to type, "" where a record has named the organization. `unsure` says why nothing
    may be sent at all; `other` where that is because the records are another organization's for sure."""

    word: str = ""
    unsure: error_messages.Problem | None = None
    other: bool = False


NOTHING_TO_TYPE = Whose()


def check(request: StaffRequest) -> Whose:
    """Whether the tenant that `request.flowtly` is set on is this organization."""
    organization = request.organization
    found = tenant_check.check(request.flowtly, organization.id)
    if found.another:
        another = errors.AnotherTenant(wanted=organization.id, found=found.another, request_id=request.id)
        return Whose(unsure=error_messages.writing(another), other=True)
    if found.failure is not None:
        return Whose(unsure=error_messages.before_writing(found.failure))
    return Whose("" if found.named else organization.slug or organization.id)


def ask(
    request: StaffRequest, calls: Mapping[str, Callable[[], Any]], *, acting: bool = False
) -> tuple[dict[str, Result[Any]], Whose]:
    """Several things asked of Flowtly at once for a page, whose data it is among them where somebody may act; it takes
    as long as the slowest. The check runs here, last of all, so that its words are in the reader's language."""
    checks = {"whose": lambda: check(request)} if acting else {}
    answers = gather({**calls, **checks}) if calls or checks else {}
    found = answers.pop("whose").value if acting else None
    return answers, found or Whose()


class TenantOptions(FormOptions, total=False):
    whose: Whose | None


class WhoseForm(FlowtlyForm):
    """A form for an act whose path has no id. It sends nothing to anybody else, and asks for the slug where nothing
    else tells; the slug is for us and is never sent. `class ClearForm(WhoseForm, ConfirmForm)` has both behaviours.

    `whose` is what the check found where it was made beside other calls.
    """

    def __init__(
        self,
        request: StaffRequest,
        record: Any = None,
        *,
        whose: Whose | None = None,
        **options: Unpack[FormOptions],
    ) -> None:
        self.found = whose
        super().__init__(request, record, **options)

    def fit(self) -> None:
        super().fit()
        if not hasattr(self, "word"):  # a form that is drawn again after a clash is fitted again
            self._ask()
        if self.word and "slug" not in self.fields:
            self.fields["slug"] = _slug_field(self.request.organization.name, self.word)

    def _ask(self) -> None:
        found = self.found or check(self.request)
        self.word, self.unsure = found.word, found.unsure
        self.problem = self.unsure or self.problem

    def full_clean(self) -> None:
        """The slug is held to its rule even where nobody touched the field."""
        super().full_clean()
        if self.is_bound and self.word and str(self.data.get("slug") or "").strip() != self.word:
            self.errors.pop("slug", None)
            self.add_error("slug", _("This is not the slug of this organization."))

    def mine(self) -> dict[str, Any]:
        return self._without_slug(super().mine())

    def fields_to_create(self) -> dict[str, Any]:
        return self._without_slug(super().fields_to_create())

    def ready(self) -> bool:
        return self.unsure is None and super().ready()

    def _without_slug(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in fields.items() if not (self.word and name == "slug")}


def _slug_field(name: str, word: str) -> forms.CharField:
    return forms.CharField(
        label=_("Slug of %(name)s") % {"name": name},
        help_text=_("No record that Flowtly gives names this organization. Type %(word)s to say you mean it.")
        % {"word": word},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
