"""Is it really them? An act without an id in its path reaches whoever the tenant header means.

So before it, a record is read under that same header. If it names this organization, the act may go out; if it
names another, nothing may; if none names any, a person has to type the organization's slug.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.utils.translation import gettext as _

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organizations
from dashboard.flowtly.resources.records import Reference, last_segment
from dashboard.forms.record import FlowtlyForm
from dashboard.forms.stopping import Stopped
from dashboard.web import error_messages
from dashboard.web.request import StaffRequest

FEW = 5  # rows: enough to see strangers among them, and no burden
# A list that this installation does not have, or may not read, says nothing about whose it is.
SILENT = (errors.Forbidden, errors.NotFound, errors.MethodNotAllowed, errors.BadIdentifier)


class NotThem(Stopped):
    """Flowtly's records are another organization's. Nothing may be sent."""


class NotSure(Stopped):
    """Nothing that could name the organization could be read. Nothing may be sent either."""


@dataclass(frozen=True)
class Confirmation:
    """`word` is what a person has to type, "" where a record has named the organization."""

    word: str = ""


def confirm(request: StaffRequest) -> Confirmation:
    """Whether the tenant that `request.flowtly` is set on is this organization. Raises NotThem or NotSure; where
    it returns, the act may be sent, if what is to be typed has been."""
    organization, failed, api = request.organization, None, request.flowtly.live()
    for source in SOURCES:
        try:
            named = is_named(organization.id, source(api))
        except SILENT:
            continue
        except errors.FlowtlyError as error:
            failed = error
            continue
        except Another as another:
            raise NotThem(_another(organization.id, another.found, request.id)) from None
        if named:
            return Confirmation()
    if failed is not None:
        raise NotSure(error_messages.before_writing(failed))
    return Confirmation(organization.slug or organization.id)


class Another(Exception):  # noqa: N818 - what was found, not a mistake
    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


def is_named(organization: str, names: Iterable[str]) -> bool:
    """True as soon as all that name one name this one; Another where any names another; False if none does."""
    found = {name for name in names if name}
    if others := found - {organization}:
        raise Another(min(others))
    return bool(found)


def owner(record: Any) -> str:
    """The id of the organization a record says it is of: by an IRI, by an id, or as an object; else ""."""
    reference = Reference.read(record.raw.get("organization"))
    return reference.id if isinstance(reference, Reference) else ""


def _owners(resource: Any) -> Iterator[str]:
    """List items may leave out whose they are; then one of them is read in full."""
    records = resource.list(items=FEW).items
    names = [owner(record) for record in records]
    yield from names
    if records and not any(names):
        yield owner(resource.get(records[0].id))


def _owner_of_footer(api: Flowtly) -> Iterator[str]:
    """Its path has no id either, and it may answer with the organization it is of."""
    try:
        path = urlsplit(api.organizations.mail_footer().iri or "").path
    except ValueError:
        return
    last = last_segment(path)
    if path.rpartition("/")[0].endswith(Organizations.path) and last not in Organizations.literals:
        yield last


# The cheapest first: nearly everybody has a subscription.
SOURCES: tuple[Callable[[Flowtly], Iterable[str]], ...] = (
    lambda api: _owners(api.subscriptions),
    lambda api: _owners(api.addresses),
    _owner_of_footer,
)


def _another(wanted: str, found: str, request_id: str) -> error_messages.Problem:
    text = _(
        "This page is about %(wanted)s, but what Flowtly answers with is of %(found)s. Nothing may be sent as long "
        "as that is so. Tell whoever runs the dashboard: the setting FLOWTLY_TENANT_FIELD may be wrong."
    )
    title = _("Nothing was sent: Flowtly answers for another organization")
    return error_messages.Problem(
        title, text % {"wanted": wanted, "found": found}, 503, "not-sent", request_id
    )


class WhoseForm(FlowtlyForm):
    """A form for such an act. It sends nothing to anybody else, and asks for the slug where nothing else tells;
    the slug is for us and is never sent. `class ClearForm(WhoseForm, ConfirmForm)` has both behaviours."""

    def fit(self) -> None:
        super().fit()
        if not hasattr(self, "word"):  # a form that is drawn again after a clash is fitted again
            self._ask()
        if self.word and "slug" not in self.fields:
            self.fields["slug"] = _slug_field(self.request.organization.name, self.word)

    def _ask(self) -> None:
        self.unsure: error_messages.Problem | None = None
        self.word = ""
        try:
            self.word = confirm(self.request).word
        except Stopped as stopped:
            self.problem = self.unsure = stopped.problem

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
