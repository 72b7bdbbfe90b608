"""People paste ids and slugs where one searches by name. Here these find their organization too."""

from typing import Any

from django.utils.translation import gettext as _

from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.organizations import Organization
from dashboard.tables import table
from dashboard.upstream.parallel import Result, gather
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import number
from dashboard.web.request import StaffRequest


def read(request: StaffRequest, plan: table.Plan) -> table.Listing:
    """The list by name, and before its rows the organization whose id or slug was asked for, if there is one.

    The id is asked for beside the list. Slugs are looked through only where neither gave anything: where Flowtly
    cannot filter by them, that takes reading every organization.
    """
    api, term = request.flowtly, request.GET.get("q", "").strip()
    calls: dict[str, Any] = {"list": lambda: table.read(request, api.organizations, plan)}
    if is_identifier(term):
        calls = {"one": lambda: api.organizations.get(term), **calls}
    answers = gather(calls)
    found: table.Listing = answers["list"].value  # type: ignore[assignment]
    if "one" in answers and not found.error and request.GET.get("page", "1") == "1":
        _add(request, found, plan, term, answers["one"])
    return found


def _add(
    request: StaffRequest, found: table.Listing, plan: table.Plan, term: str, answer: Result[Organization]
) -> None:
    record, notes = _by_id(term, answer)
    if record is None and not found.rows:
        record, more = _by_slug(request, plan, term)
        notes += more
    found.notes += notes
    if record is None or not _fits(request, plan, record):
        return
    row = plan.row(record)
    if row not in found.rows and row["id"] not in {each["id"] for each in found.rows}:
        found.rows.insert(0, row)
        found.range_text = found.range_text and _("one by its id, then %(range)s") % {
            "range": found.range_text
        }
    name = record.name or record.id
    words = (
        _("“%(term)s” is the id of %(name)s")
        if record.id == term
        else _("“%(term)s” is the slug of %(name)s")
    )
    found.notes.insert(0, table.note("info", words % {"term": term, "name": name}))


def _by_id(term: str, answer: Result[Organization]) -> tuple[Organization | None, list[dict[str, str]]]:
    if answer.value is not None and term in {answer.value.id, answer.value.slug}:
        return answer.value, []
    if answer.error is None or isinstance(answer.error, errors.NotFound | errors.BadIdentifier):
        return None, []
    return None, [_failed(_("Whether this is an id could not be looked up: %(reason)s"), answer.error)]


def _by_slug(
    request: StaffRequest, plan: table.Plan, term: str
) -> tuple[Organization | None, list[dict[str, str]]]:
    try:
        if "slug" in (request.flowtly.organizations.filters() or ()):
            return _with_slug(_asked(request.flowtly, term), term), []
        read = table.every_row(request.flowtly.organizations, plan, fresh=table.FRESH in request.GET)
    except errors.FlowtlyError as error:
        return None, [_failed(_("Whether this is a slug could not be looked up: %(reason)s"), error)]
    looked = {"rows": number(len(read.every.items)), "age": int(read.age)}
    text = _("Slugs were looked through here, in the %(rows)s organizations read %(age)s s ago.")
    if not read.every.complete:
        text = _("Slugs were looked through in the first %(rows)s organizations only; there are more.")
    query = request.GET.copy()
    query[table.FRESH] = "1"
    note = table.note("info" if read.every.complete else "warning", text % looked)
    return _with_slug(read.every.items, term), [note | table.again(f"?{query.urlencode()}")]


def _asked(api: Flowtly, term: str) -> list[Organization]:
    return api.organizations.list(filters={"slug": term}).items


def _with_slug(records: list[Organization], term: str) -> Organization | None:
    return next((record for record in records if record.slug == term), None)


def _fits(request: StaffRequest, plan: table.Plan, record: Organization) -> bool:
    """It is not shown against the filters that are on; what it does not say cannot contradict them."""
    asked = {choice.name: request.GET.get(choice.name, "").strip() for choice in plan.filters}
    return all(
        table.same(record.raw[name], value) for name, value in asked.items() if value and name in record.raw
    )


def _failed(words: str, error: errors.FlowtlyError) -> dict[str, str]:
    return table.note("warning", words % {"reason": error_messages.reading(error).text})
