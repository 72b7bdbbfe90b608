"""A list page: search, filters, order and pages that say no more than what the API really did.

The API ignores filters it does not know, so what was asked is held against what it announces. What it can do, it
does; for the rest all rows are read (up to a bound), kept for a minute, and sifted here, and the page says so.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly import errors
from dashboard.upstream import list_cache
from dashboard.web import error_messages
from dashboard.web.converters import is_identifier
from dashboard.web.formatting import label, number
from dashboard.web.request import link, may

ROWS = 30
MOST = 2000
# The list pages that can be had as a file, and the file's name.
EXPORTED = {
    "home": "organizations",
    "addresses:index": "addresses",
    "clients:index": "clients",
    "configs:index": "configs",
    "locations:index": "locations",
    "meetings:index": "meetings",
    "reference:countries": "countries",
    "reference:languages": "languages",
    "subscriptions:index": "subscriptions",
}
FRESH = "fresh"  # asks for rows that are read now; no URL that is drawn has it


@dataclass(frozen=True)
class Column:
    label: str | Promise
    order: str = ""  # the API's name of the field it can be sorted by
    numeric: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice over one of the API's fields; `known` are the values worth offering before any row is seen, `words`
    says a value where a label does not."""

    name: str
    label: str | Promise
    known: tuple[str, ...] = ()
    words: Callable[[str], str] | None = None

    def worded(self, value: str) -> str:
        return self.words(value) if self.words else _worded(value)


@dataclass(frozen=True)
class Plan:
    """What a list page offers. `search` is the API's field that the search box looks in; `holds` tells whether a record
    is an answer to a search that looks in more than that; `carried` is what every URL of the list has besides."""

    part: str
    columns: tuple[Column, ...]
    row: Callable[[Any], Mapping[str, Any]]
    search: str = ""
    search_label: str | Promise = ""
    filters: tuple[Filter, ...] = ()
    holds: Callable[[Any, str], bool] | None = None
    carried: Mapping[str, str] = field(default_factory=dict)


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
    notes: list[dict[str, str]] = field(default_factory=list)
    filtered: bool = False
    error: error_messages.Problem | None = None

    @property
    def status(self) -> int:
        return self.error.status if self.error else 200


@dataclass(frozen=True)
class Asked:
    """What the query string asks for."""

    q: str
    filters: dict[str, str]
    order: str
    direction: str
    page: int
    fresh: bool = False
    carried: Mapping[str, str] = field(default_factory=dict)

    def query(self, **other: str) -> str:
        """The query string of this list with something else about it; "" leaves a part out."""
        parts = {"q": self.q, **self.filters}
        if self.order:
            parts[f"order[{self.order}]"] = self.direction
        parts |= {**self.carried, **other}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def wanted(self, plan: Plan) -> dict[str, str]:
        """The API's own filters that would answer it."""
        wanted = dict(self.filters)
        if self.q:
            wanted[plan.search] = self.q
        if self.order:
            wanted[f"order[{self.order}]"] = self.direction
        return wanted


@dataclass
class Found:
    """A page's worth of records, and how they were found."""

    items: list[Any]
    first: int | None  # the number of the first row, where it can be told
    total: int | None
    more: bool
    filters: frozenset[str]
    here: bool = False  # sifted here, not by the API
    notes: list[dict[str, str]] = field(default_factory=list)


def read(request: HttpRequest, resource: Any, plan: Plan, key: str = "") -> Listing:
    """The list that the request asks for. `key` says whose it is, for the rows that are kept a while."""
    asked = _asked(request, plan)
    listing = Listing(
        part=plan.part,
        base_url=request.path,
        q=asked.q,
        search_label=str(plan.search_label) if plan.search else "",
        filtered=bool(asked.q or asked.filters),
        clear_url=request.path + (f"?{urlencode(plan.carried)}" if plan.carried else ""),
        hidden=[(f"order[{asked.order}]", asked.direction)] if asked.order else [],
        chips=_chips(request, plan, asked),
    )
    try:
        found = _find(resource, plan, asked, key)
    except errors.FlowtlyError as error:
        listing.error = error_messages.reading(error, request.path + asked.query(page=str(asked.page)))
        listing.filters = _filters(plan, asked, [])
        return listing
    listing.rows = [{"id": record.id, **plan.row(record)} for record in found.items]
    listing.filters = _filters(plan, asked, found.items)
    listing.columns = [_column(column, asked, found) for column in plan.columns]
    listing.range_text = _range(found, asked.page)
    listing.previous_url = asked.query(page=str(asked.page - 1)) if asked.page > 1 else ""
    listing.next_url = asked.query(page=str(asked.page + 1)) if found.more else ""
    listing.notes = found.notes
    listing.export_url = export_url(request)
    return listing


def export_url(request: HttpRequest) -> str:
    """Where the list on the screen can be had as a file, for whoever may and where there is such a place."""
    match = request.resolver_match
    if match is None or match.view_name not in EXPORTED or not may(request, "export"):
        return ""
    inside = hasattr(request, "organization")
    url = link(request, "exports:list" if inside else "exports:all", entity=EXPORTED[match.view_name])
    query = request.GET.copy()
    for name in ("page", FRESH):
        query.pop(name, None)
    return f"{url}?{query.urlencode()}" if query else url


def stream(request: HttpRequest, resource: Any, plan: Plan) -> Iterator[list[Any]]:
    """All records of the list that the request asks for, a page at a time, whichever of its pages is on the screen.
    Raises FlowtlyError, also where the API counts more than it gives: a part is never taken for the whole."""
    asked = _asked(request, plan)
    wanted = asked.wanted(plan)
    by_the_api = not set(wanted) - (resource.filters() or frozenset())
    for step in resource.stream(wanted if by_the_api else {}):
        yield step.items if by_the_api else [r for r in step.items if _matches(r, plan, asked, set())]
        if step.complete is False:
            raise errors.Truncated(method="GET", path=resource.path)


def forget(key: str) -> None:
    """Something was written: rows read before are not shown again."""
    list_cache.forget(key)


def _asked(request: HttpRequest, plan: Plan) -> Asked:
    order, direction = "", "asc"
    for column in plan.columns:
        said = request.GET.get(f"order[{column.order}]", "") if column.order else ""
        if said in {"asc", "desc"}:
            order, direction = column.order, said
    page = request.GET.get("page", "1")
    return Asked(
        q=request.GET.get("q", "").strip() if plan.search else "",
        filters={
            choice.name: value
            for choice in plan.filters
            if (value := request.GET.get(choice.name, "").strip())
        },
        order=order,
        direction=direction,
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        fresh=FRESH in request.GET,
        carried=plan.carried,
    )


def _find(resource: Any, plan: Plan, asked: Asked, key: str) -> Found:
    wanted = asked.wanted(plan)
    if wanted and set(wanted) - (resource.filters() or frozenset()):
        return _sift(resource, plan, asked, key)
    page = resource.list(page=asked.page, items=ROWS, filters=wanted)
    announced = page.filters if page.filters is not None else (resource.filters() or frozenset())
    found = _numbered(resource, page, wanted, announced)
    if _ignored(page.items, plan, asked):
        text = _("Some of these rows do not match: Flowtly seems to ignore what was asked for.")
        found.notes.append(note("warning", text))
    return found


def _numbered(resource: Any, page: Any, wanted: Mapping[str, str], announced: frozenset[str]) -> Found:
    """Where on the list a page's rows are, and whether more follow. The API may give fewer rows a page than asked
    for, say no total or a wrong one, offer a next page for ever, or give the same rows for every page."""
    found = Found(page.items, 1, page.total, False, announced)
    size, at_least = len(page.items), (page.page - 1) * len(page.items) + 1
    if not size:
        return found
    found.more = _goes_on(resource, page, wanted)
    if page.page > 1 and page.total is None:
        _hold_against_the_page_before(found, resource, page, wanted)
    elif page.page > 1:
        found.first = at_least if found.more or size >= ROWS else page.total - size + 1
    if found.total is None or found.first is None:
        return found
    last = found.first + size - 1
    if found.first < at_least or last > found.total:  # the total contradicts what has come
        found.first, found.total = (1 if page.page == 1 else None), None
    elif found.more is not (last < found.total):
        found.more = last < found.total and _follows(resource, page, wanted)
    return found


def _hold_against_the_page_before(found: Found, resource: Any, page: Any, wanted: Mapping[str, str]) -> None:
    """Without a total: how many rows a page has, and whether the API minds which one is asked for."""
    before = resource.list(page=page.page - 1, items=ROWS, filters=wanted).items
    fits = len(before) >= len(page.items)
    found.first = (page.page - 1) * len(before) + 1 if fits else None
    if _alike(before, page.items):
        text = _("These are the rows of the page before: Flowtly seems to ignore which page is asked for.")
        found.first, found.more = None, False
        found.notes.append(note("warning", text))


def _goes_on(resource: Any, page: Any, wanted: Mapping[str, str]) -> bool:
    """Whether the API has another page. A full page of which it says nothing is taken to have one; a shorter one
    may be the last, or all that it gives at once, so the next one is looked at."""
    stuck = page.next_page is not None and page.next_page <= page.page
    if page.has_more and _may_be_last(page):
        return _follows(resource, page, wanted)
    if page.has_more is not None and not stuck:
        return bool(page.has_more)
    return (len(page.items) >= ROWS and not stuck) or _follows(resource, page, wanted)


def _may_be_last(page: Any) -> bool:
    """A shorter page that, with fuller ones before it, would make the total: if it claims a next one, is that so?"""
    before, size = page.page - 1, len(page.items)
    if not before or page.total is None or (page.total - size) % before:
        return False
    return bool(size < (page.total - size) // before <= ROWS)


def _follows(resource: Any, page: Any, wanted: Mapping[str, str]) -> bool:
    following = resource.list(page=page.page + 1, items=ROWS, filters=wanted).items
    return bool(following) and not _alike(following, page.items)


def _alike(some: Sequence[Any], others: Sequence[Any]) -> bool:
    return [record.id or record.raw for record in some] == [record.id or record.raw for record in others]


def _sift(resource: Any, plan: Plan, asked: Asked, key: str) -> Found:
    read = every_row(resource, plan, key, fresh=asked.fresh)
    every = read.every.items
    unsaid = {name for name in _fields(plan, asked) if not any(name in record.raw for record in every)}
    rows = [record for record in every if _matches(record, plan, asked, unsaid)]
    if asked.order:
        rows.sort(key=lambda record: _sorting(record.raw.get(asked.order)), reverse=asked.direction == "desc")
    first = (asked.page - 1) * ROWS
    notes = [_sifted(read, asked), *_silences(every, plan, asked, unsaid)]
    shown = rows[first : first + ROWS]
    return Found(shown, first + 1, len(rows), first + ROWS < len(rows), frozenset(), here=True, notes=notes)


def every_row(resource: Any, plan: Plan, key: str = "", *, fresh: bool = False) -> list_cache.Kept:
    """All rows of a list, as far as they are read, at most a minute old."""
    what = f"{getattr(resource, 'path', '')} {plan.part}"
    return list_cache.rows(key, what, lambda: resource.every(most=MOST), fresh=fresh)


def _fields(plan: Plan, asked: Asked) -> list[str]:
    """The fields that decide which rows are shown, and in which order."""
    return [*asked.filters, *([plan.search] if asked.q else []), *([asked.order] if asked.order else [])]


def again(query: str) -> dict[str, str]:
    """What a note about rows that were kept offers."""
    return {"url": query, "url_label": _("Read again")}


def _sifted(read: list_cache.Kept, asked: Asked) -> dict[str, str]:
    count, anew = len(read.every.items), again(asked.query(**{FRESH: "1"}))
    if not read.every.complete:
        text = _("Only the first %(rows)s rows were looked at; there are more that may match.")
        return note("warning", text % {"rows": number(count)}) | anew
    text = ngettext(
        "Flowtly cannot do this itself here, so all %(rows)s row was read %(age)s s ago and sifted here.",
        "Flowtly cannot do this itself here, so all %(rows)s rows were read %(age)s s ago and sifted here.",
        count,
    )
    return note("info", text % {"rows": number(count), "age": int(read.age)}) | anew


def _silences(every: Sequence[Any], plan: Plan, asked: Asked, unsaid: set[str]) -> list[dict[str, str]]:
    """List items may be partial. What none of them says cannot be sifted by; what some do not say leaves those out."""
    if not every:
        return []
    notes = []
    for name in _fields(plan, asked):
        missing = sum(name not in record.raw for record in every)
        if name in unsaid:
            text = _("No row of Flowtly's list says “%(field)s”, so these rows are not sifted by it.")
            notes.append(note("warning", text % {"field": _named(plan, name)}))
        elif missing and name != asked.order:
            text = ngettext(
                "%(n)s row does not say “%(field)s” and is left out.",
                "%(n)s rows do not say “%(field)s” and are left out.",
                missing,
            )
            notes.append(note("info", text % {"n": number(missing), "field": _named(plan, name)}))
    return notes


def _named(plan: Plan, name: str) -> str:
    """A field as the page calls it."""
    labels = {choice.name: choice.label for choice in plan.filters}
    columns = {column.order: column.label for column in plan.columns if column.order}
    return str(labels.get(name) or columns.get(name) or name)


def note(level: str, text: str) -> dict[str, str]:
    return {"level": level, "text": text}


def _matches(record: Any, plan: Plan, asked: Asked, unsaid: set[str]) -> bool:
    if asked.q and plan.search not in unsaid and not _holds(plan, record, asked.q):
        return False
    return all(
        same(record.raw.get(name), value) for name, value in asked.filters.items() if name not in unsaid
    )


def _ignored(items: Sequence[Any], plan: Plan, asked: Asked) -> bool:
    """A row that says something else than what was asked for. One that does not say proves nothing."""
    for record in items:
        if asked.q and (plan.holds or plan.search in record.raw) and not _holds(plan, record, asked.q):
            return True
        if any(name in record.raw and not same(record.raw[name], v) for name, v in asked.filters.items()):
            return True
    return False


def _holds(plan: Plan, record: Any, asked: str) -> bool:
    return plan.holds(record, asked) if plan.holds else contains(record.raw.get(plan.search), asked)


def contains(value: Any, term: str) -> bool:
    """Whatever the case and the accents: one API's search minds them, another's does not."""
    return _folded(term) in _folded(str(value or ""))


def _folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def same(value: Any, asked: str) -> bool:
    return (str(value).lower() if isinstance(value, bool) else str(value)) == asked


def _sorting(value: Any) -> tuple[int, float, str]:
    """Numbers by size, then words by letter, then what is absent."""
    if value is None:
        return (2, 0, "")
    if isinstance(value, int | float):
        return (0, value, "")
    return (1, 0, str(value).casefold())


def _range(found: Found, page: int) -> str:
    if not found.items:
        return ""
    count = len(found.items)
    if found.first is None:
        text = _("Page %(page)s, %(n)s rows") if found.more else _("Page %(page)s, the last: %(n)s rows")
        return text % {"page": number(page), "n": number(count)}
    numbers = {"first": number(found.first), "last": number(found.first + count - 1)}
    if found.total is not None:
        return _("%(first)s–%(last)s of %(total)s") % {**numbers, "total": number(found.total)}
    if found.more:
        return _("%(first)s–%(last)s of at least %(last)s") % numbers
    return _("%(first)s–%(last)s, the last page") % numbers


def _column(column: Column, asked: Asked, found: Found) -> dict[str, Any]:
    sortable = column.order and (found.here or f"order[{column.order}]" in found.filters)
    current = column.order and asked.order == column.order
    way = "desc" if current and asked.direction == "asc" else "asc"
    turned = replace(asked, order=column.order, direction=way)
    return {
        "label": column.label,
        "numeric": column.numeric,
        "sort_url": turned.query() if sortable else None,
        "sorted": {"asc": "ascending", "desc": "descending"}[asked.direction] if current else "",
    }


def _filters(plan: Plan, asked: Asked, items: Sequence[Any]) -> list[dict[str, Any]]:
    """Each filter with the values known, those seen on this page, and the one that is on."""
    drawn = []
    for choice in plan.filters:
        now = asked.filters.get(choice.name, "")
        seen = {_plain(record.raw.get(choice.name)) for record in items} - {""}
        values = [*choice.known, *sorted((seen | ({now} if now else set())) - set(choice.known))]
        drawn.append(
            {
                "name": choice.name,
                "label": choice.label,
                "value": now,
                "options": [
                    {"value": value, "label": choice.worded(value), "selected": value == now}
                    for value in values
                ],
            }
        )
    return drawn


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else ""


def _worded(value: str) -> str:
    return {"true": _("yes"), "false": _("no")}.get(value) or label(value)


def _chips(request: HttpRequest, plan: Plan, asked: Asked) -> list[dict[str, str]]:
    chips = []
    if asked.q:
        chips.append({"label": f"“{asked.q}”", "remove_url": request.path + asked.query(q="")})
    for choice in plan.filters:
        if value := asked.filters.get(choice.name):
            chips.append(
                {
                    "label": f"{choice.label}: {choice.worded(value)}",
                    "remove_url": request.path + asked.query(**{choice.name: ""}),
                }
            )
    return chips


def url_of(pattern: str, record_id: str) -> str:
    """The URL of a row, from one made for the whole list with ID in it; "" for an id that no path can hold."""
    before, _id, after = pattern.rpartition("ID")
    return before + record_id + after if is_identifier(record_id) else ""


def forget_all() -> None:
    list_cache.forget_all()
