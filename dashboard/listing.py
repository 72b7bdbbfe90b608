"""A list page: search, filters, order and pages that say no more than what the API really did.

The API ignores filters it does not know, so what was asked is held against what it announces. What it can do, it
does; for the rest all rows are read (up to a bound), kept for a minute, and sifted here, and the page says so.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard import problems
from dashboard.converters import is_identifier
from dashboard.flowtly import errors
from dashboard.words import label, number

ROWS = 30
MOST = 2000
KEPT = 60.0  # seconds

_kept: dict[tuple[str, str], tuple[float, Any]] = {}


@dataclass(frozen=True)
class Column:
    label: str | Promise
    order: str = ""  # the API's name of the field it can be sorted by
    numeric: bool = False


@dataclass(frozen=True)
class Filter:
    """A choice over one of the API's fields; `known` are the values worth offering before any row is seen."""

    name: str
    label: str | Promise
    known: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """What a list page offers. `search` is the API's field that the search box looks in."""

    part: str
    columns: tuple[Column, ...]
    row: Callable[[Any], Mapping[str, Any]]
    search: str = ""
    search_label: str | Promise = ""
    filters: tuple[Filter, ...] = ()


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
    rows: list[Mapping[str, Any]] = field(default_factory=list)
    range_text: str = ""
    previous_url: str = ""
    next_url: str = ""
    clear_url: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    filtered: bool = False
    error: problems.Problem | None = None

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

    def query(self, **other: str) -> str:
        """The query string of this list with something else about it; "" leaves a part out."""
        parts = {"q": self.q, **self.filters}
        if self.order:
            parts[f"order[{self.order}]"] = self.direction
        parts |= other
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
    first: int
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
        clear_url=request.path,
        hidden=[(f"order[{asked.order}]", asked.direction)] if asked.order else [],
        chips=_chips(request, plan, asked),
    )
    try:
        found = _find(resource, plan, asked, (key, plan.part))
    except errors.FlowtlyError as error:
        listing.error = problems.reading(error, request.get_full_path())
        listing.filters = _filters(plan, asked, [])
        return listing
    listing.rows = [plan.row(record) for record in found.items]
    listing.filters = _filters(plan, asked, found.items)
    listing.columns = [_column(column, asked, found) for column in plan.columns]
    listing.range_text = _range(found)
    listing.previous_url = asked.query(page=str(asked.page - 1)) if asked.page > 1 else ""
    listing.next_url = asked.query(page=str(asked.page + 1)) if found.more else ""
    listing.notes = found.notes
    return listing


def forget(key: str) -> None:
    """Something was written: rows read before are not shown again."""
    for kept in [kept for kept in list(_kept) if kept[0] == key]:
        _kept.pop(kept, None)


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
    )


def _find(resource: Any, plan: Plan, asked: Asked, key: tuple[str, str]) -> Found:
    wanted = asked.wanted(plan)
    if wanted and set(wanted) - (resource.filters() or frozenset()):
        return _sift(resource, plan, asked, key)
    page = resource.list(page=asked.page, items=ROWS, filters=wanted)
    announced = page.filters if page.filters is not None else (resource.filters() or frozenset())
    more = page.has_more if page.has_more is not None else _peek(resource, page, wanted)
    size = len(page.items)
    first = (asked.page - 1) * size + 1
    if page.total is not None and not more:
        first = page.total - size + 1
    found = Found(page.items, first, page.total, more, announced)
    if _ignored(page.items, plan, asked):
        found.notes.append(
            {
                "level": "warning",
                "text": _("Some of these rows do not match: Flowtly seems to ignore what was asked for."),
            }
        )
    return found


def _peek(resource: Any, page: Any, wanted: Mapping[str, str]) -> bool:
    """Whether there is another page, where the answer itself does not say. A full page is taken to have one;
    a shorter one may be the last, or the API may give fewer rows than asked, so the next one is looked at."""
    if not page.items or len(page.items) >= ROWS:
        return bool(page.items)
    following = resource.list(page=page.page + 1, items=ROWS, filters=wanted).items
    return bool(following) and [r.id for r in following] != [r.id for r in page.items]


def _sift(resource: Any, plan: Plan, asked: Asked, key: tuple[str, str]) -> Found:
    read_at, every = _kept.get(key, (0.0, None))
    if every is None or time.monotonic() - read_at > KEPT:
        read_at, every = time.monotonic(), resource.every(most=MOST)
        _kept[key] = (read_at, every)
    rows = [record for record in every.items if _matches(record, plan, asked)]
    if asked.order:
        rows.sort(key=lambda record: _sorting(record.raw.get(asked.order)), reverse=asked.direction == "desc")
    first = (asked.page - 1) * ROWS
    age = int(time.monotonic() - read_at)
    text = ngettext(
        "Flowtly cannot do this itself here, so all %(rows)s row was read %(age)s s ago and sifted here.",
        "Flowtly cannot do this itself here, so all %(rows)s rows were read %(age)s s ago and sifted here.",
        len(every.items),
    )
    notes = [{"level": "info", "text": text % {"rows": number(len(every.items)), "age": age}}]
    if not every.complete:
        text = _("Only the first %(rows)s rows were looked at; there are more that may match.")
        notes = [{"level": "warning", "text": text % {"rows": number(len(every.items))}}]
    shown = rows[first : first + ROWS]
    return Found(shown, first + 1, len(rows), first + ROWS < len(rows), frozenset(), here=True, notes=notes)


def _matches(record: Any, plan: Plan, asked: Asked) -> bool:
    if asked.q and asked.q.casefold() not in str(record.raw.get(plan.search, "")).casefold():
        return False
    return all(_same(record.raw.get(name), value) for name, value in asked.filters.items())


def _ignored(items: Sequence[Any], plan: Plan, asked: Asked) -> bool:
    """A row that says something else than what was asked for. One that does not say proves nothing."""
    for record in items:
        if asked.q and plan.search in record.raw and asked.q.casefold() not in _folded(record, plan):
            return True
        if any(name in record.raw and not _same(record.raw[name], v) for name, v in asked.filters.items()):
            return True
    return False


def _folded(record: Any, plan: Plan) -> str:
    return str(record.raw[plan.search]).casefold()


def _same(value: Any, asked: str) -> bool:
    return (str(value).lower() if isinstance(value, bool) else str(value)) == asked


def _sorting(value: Any) -> tuple[int, float, str]:
    """Numbers by size, then words by letter, then what is absent."""
    if value is None:
        return (2, 0, "")
    if isinstance(value, int | float):
        return (0, value, "")
    return (1, 0, str(value).casefold())


def _range(found: Found) -> str:
    if not found.items:
        return ""
    last = found.first + len(found.items) - 1
    if found.total is not None:
        return _("%(first)s–%(last)s of %(total)s") % {
            "first": number(found.first),
            "last": number(last),
            "total": number(found.total),
        }
    if found.more:
        return _("%(first)s–%(last)s of at least %(last)s") % {
            "first": number(found.first),
            "last": number(last),
        }
    return _("%(first)s–%(last)s, the last page") % {"first": number(found.first), "last": number(last)}


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
                    {"value": value, "label": _worded(value), "selected": value == now} for value in values
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
                    "label": f"{choice.label}: {_worded(value)}",
                    "remove_url": request.path + asked.query(**{choice.name: ""}),
                }
            )
    return chips


def url_of(pattern: str, record_id: str) -> str:
    """The URL of a row, from one made for the whole list with ID in it; "" for an id that no path can hold."""
    before, _id, after = pattern.rpartition("ID")
    return before + record_id + after if is_identifier(record_id) else ""


def forget_all() -> None:
    _kept.clear()
