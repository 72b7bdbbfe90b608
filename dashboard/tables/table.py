"""Table of a list page: rows, columns, filters and pages as the templates draw them, saying no more than what the API
really did.

The API ignores filters it does not know, so what was asked is held against what it announces. What it can do, it
does (`paging`); the rest is done here (`filtering`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dashboard.entity import entities
from dashboard.flowtly import errors
from dashboard.standards import spellings
from dashboard.tables import filtering, paging
from dashboard.tables.paging import ROWS, Found, Note, note
from dashboard.tables.query import FRESH, Column, Filter, Plan, Query, Row, Source
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.request import link, may

__all__ = ["FRESH", "ROWS", "Column", "Filter", "Listing", "Plan", "export_url", "note", "read", "url_of"]


@dataclass
class Listing:
    """What the templates draw."""

    part: str
    base_url: str
    q: str = ""
    search_label: str = ""
    filters: list[dict[str, Any]] = field(default_factory=list)
    chips: list[dict[str, str]] = field(default_factory=list)
    columns: list[dict[str, Any]] = field(default_factory=list)
    column_choices: list[dict[str, Any]] = field(default_factory=list)
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    range_text: str = ""
    previous_url: str = ""
    next_url: str = ""
    clear_url: str = ""
    export_url: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    filtered: bool = False
    error: error_messages.Problem | None = None

    @property
    def status(self) -> int:
        return self.error.status if self.error else 200


def read(request: HttpRequest, source: Source, plan: Plan, key: str = "") -> Listing:
    """The list that the request asks for. `key` says whose it is, for the rows that are kept a while."""
    query = Query.of(request, plan)
    listing = Listing(
        part=plan.part,
        base_url=request.path,
        q=query.q,
        search_label=str(plan.search_label) if plan.search else "",
        filtered=bool(query.q or query.filters),
        clear_url=request.path + (f"?{urlencode(plan.carried)}" if plan.carried else ""),
        hidden=[(f"order[{query.order}]", query.direction)] if query.order else [],
        chips=list(_chips(request.path, plan, query)),
    )
    try:
        found = _found(source, plan, query, key)
    except errors.FlowtlyError as error:
        listing.error = error_messages.reading(error, request.path + query.url(page=str(query.page)))
        listing.filters = [_filter(choice, query, []) for choice in plan.filters]
        return listing
    listing.rows = [{"id": record.id, **plan.row(record)} for record in found.items]
    listing.filters = [_filter(choice, query, found.items) for choice in plan.filters]
    listing.columns = [_column(column, query, found) for column in plan.columns]
    listing.range_text = paging.range_text(found, query.page)
    listing.previous_url = query.url(page=str(query.page - 1)) if query.page > 1 else ""
    listing.next_url = query.url(page=str(query.page + 1)) if found.more else ""
    listing.notes = found.notes
    listing.export_url = export_url(request)
    return listing


def export_url(request: HttpRequest) -> str:
    """Where the list on the screen can be had as a file, for whoever may and where there is such a place."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    name = next((each.name for each in entities() if each.plan and each.pages.list == here), "")
    if not name or not may(request, "export"):
        return ""
    inside = hasattr(request, "organization")
    url = link(request, "exports:list" if inside else "exports:all", entity=name)
    query = request.GET.copy()
    for parameter in ("page", FRESH):
        query.pop(parameter, None)
    return f"{url}?{query.urlencode()}" if query else url


def url_of(pattern: str, record_id: str) -> str:
    """The URL of a row, from one made for the whole list with ID in it; "" for an id that no path can hold."""
    before, _id, after = pattern.rpartition("ID")
    return before + record_id + after if is_identifier(record_id) else ""


def _found(source: Source, plan: Plan, query: Query, key: str) -> Found:
    wanted = query.wanted(plan, (source.filters() or frozenset()) if query.asks else frozenset())
    if wanted is None:
        # A source that cannot give all its rows announces every filter that its list offers.
        return filtering.read(cast(filtering.Whole, source), plan, query, key)
    found = paging.read(source, query.page, wanted)
    if filtering.ignored(found.items, plan, query):
        text = _("Some of these rows do not match: Flowtly seems to ignore what was asked for.")
        found.notes.append(note("warning", text))
    if query.q and not found.items and query.page == 1 and not plan.folds:
        text = _(
            "Flowtly searched for “%(term)s” as typed. It may not find other spellings, accents or capitals."
        )
        found.notes.append(note("info", text % {"term": query.q}))
    return found


def _column(column: Column, query: Query, found: Found) -> dict[str, Any]:
    sortable = column.order and (found.here or f"order[{column.order}]" in found.filters)
    current = column.order and query.order == column.order
    way = "desc" if current and query.direction == "asc" else "asc"
    turned = replace(query, order=column.order, direction=way)
    return {
        "label": column.label,
        "numeric": column.numeric,
        "sort_url": turned.url() if sortable else None,
        "sorted": {"asc": "ascending", "desc": "descending"}[query.direction] if current else "",
    }


def _filter(choice: Filter, query: Query, rows: Sequence[Row]) -> dict[str, Any]:
    """A filter with the values known, those seen on this page, and the one that is on."""
    now = spellings.state(query.filters.get(choice.name, ""))
    seen = {_plain(record.raw.get(choice.name)) for record in rows} | {now}
    values = dict.fromkeys(map(spellings.state, [*choice.known, *sorted(seen - {""})]))
    return {
        "name": choice.name,
        "label": choice.label,
        "value": now,
        "options": [
            {"value": value, "label": choice.worded(value), "selected": value == spellings.state(now)}
            for value in values
        ],
    }


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else ""


def _chips(path: str, plan: Plan, query: Query) -> Iterator[dict[str, str]]:
    if query.q:
        yield {"label": f"“{query.q}”", "remove_url": path + query.url(q="")}
    for choice in plan.filters:
        if value := query.filters.get(choice.name):
            url = path + query.url(**{choice.name: ""})
            yield {"label": f"{choice.label}: {choice.worded(value)}", "remove_url": url}
