"""Lookup by id or slug in the list of organizations: people paste these where one searches by name."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from dashboard.flowtly import errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.tables import filtering, table
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import number, record_name
from dashboard.web.request import StaffRequest


def read(request: StaffRequest, plan: table.Plan) -> table.Listing:
    """List by name, and before its rows the organization whose id or slug was asked for, if there is one.

    The id is asked for beside the list. Slugs are looked through only where neither gave anything: where Flowtly
    cannot filter by them, that takes reading every organization."""
    api, term = request.flowtly, request.GET.get("q", "").strip()
    calls: dict[str, Callable[[], object]] = {"list": lambda: table.read(request, api.organizations, plan)}
    if is_identifier(term):
        calls = {"one": lambda: api.organizations.find(term), **calls}
    answers = gather(calls)
    found: table.Listing = answers["list"].get()
    if "one" in answers and not found.error and request.GET.get("page", "1") == "1":
        _add(request, found, plan, term, answers["one"])
    return found


def _add(
    request: StaffRequest, found: table.Listing, plan: table.Plan, term: str, answer: Result[Organization]
) -> None:
    record = _by_id(found, term, answer)
    if record is None and not found.rows:
        record = _by_slug(request, found, plan, term)
    if record is None or not _fits(request, plan, record):
        return
    row = plan.row(record)
    if row["id"] not in {each["id"] for each in found.rows}:
        found.rows.insert(0, row)
        range_text = {"range": found.range_text}
        found.range_text = found.range_text and _("one by its id, then %(range)s") % range_text
    by_id = record.id == term
    text = _("“%(term)s” is the id of %(name)s") if by_id else _("“%(term)s” is the slug of %(name)s")
    found.notes.insert(
        0, table.note("info", text % {"term": term, "name": record_name(record.name, record.id)})
    )


def _by_id(found: table.Listing, term: str, answer: Result[Organization]) -> Organization | None:
    if answer.value is not None and (term == answer.value.id or _has_slug(answer.value, term)):
        return answer.value
    if answer.error and not isinstance(answer.error, errors.NotFound | errors.BadIdentifier):
        _note_failure(found, _("Whether this is an id could not be looked up: %(reason)s"), answer.error)
    return None


def _by_slug(request: StaffRequest, found: table.Listing, plan: table.Plan, term: str) -> Organization | None:
    organizations = request.flowtly.organizations
    try:
        if "slug" in (organizations.filters() or ()):
            return _with_slug(organizations.list(filters={"slug": term.lower()}).items, term)
        read = filtering.every_row(organizations, plan, fresh=table.FRESH in request.GET)
    except errors.FlowtlyError as error:
        _note_failure(found, _("Whether this is a slug could not be looked up: %(reason)s"), error)
        return None
    looked = {"rows": number(len(read.every.items)), "age": int(read.age)}
    text = _("Slugs were looked through here, in the %(rows)s organizations read %(age)s s ago.")
    if not read.every.complete:
        text = _("Slugs were looked through in the first %(rows)s organizations only; there are more.")
    query = request.GET.copy()
    query[table.FRESH] = "1"
    note = table.note("info" if read.every.complete else "warning", text % looked)
    found.notes.append(note | filtering.again(f"?{query.urlencode()}"))
    return _with_slug(read.every.items, term)


def _with_slug(records: list[Organization], term: str) -> Organization | None:
    return next((record for record in records if _has_slug(record, term)), None)


def _has_slug(record: Organization, term: str) -> bool:
    """Slugs are of small letters; people paste them in capitals too."""
    return (record.slug or "").lower() == term.lower()


def _fits(request: StaffRequest, plan: table.Plan, record: Organization) -> bool:
    """It is not shown against the filters that are on; what it does not say cannot contradict them."""
    asked = {choice.name: request.GET.get(choice.name, "").strip() for choice in plan.filters}
    return all(
        filtering.same(record.raw[name], value)
        for name, value in asked.items()
        if value and name in record.raw
    )


def _note_failure(found: table.Listing, text: str, error: errors.FlowtlyError) -> None:
    found.notes.append(table.note("warning", text % {"reason": error_messages.reading(error).text}))
