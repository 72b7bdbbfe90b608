"""Query of a list page: what it offers (`Plan`), and what its query string asks for."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from dashboard.standards import spellings
from dashboard.web.formatting import label

FRESH = "fresh"  # asks for rows that are read now; no URL that is drawn has it


class Row(Protocol):
    """A record, as far as a list page looks into it."""

    @property
    def id(self) -> str: ...
    @property
    def raw(self) -> Mapping[str, Any]: ...


class Page(Protocol):
    """A page of rows as the API gives it, see `flowtly.resources.pagination`."""

    @property
    def items(self) -> Sequence[Any]: ...
    @property
    def total(self) -> int | None: ...
    @property
    def page(self) -> int: ...
    @property
    def next_page(self) -> int | None: ...
    @property
    def has_more(self) -> bool | None: ...
    @property
    def filters(self) -> frozenset[str] | None: ...


class Source(Protocol):
    """Where rows come from: a resource of the client, or what behaves as one."""

    def filters(self) -> frozenset[str] | None: ...
    def list(self, *, page: int, items: int, filters: Mapping[str, Any]) -> Page: ...


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
        if self.words:
            return self.words(value)
        return {"true": _("yes"), "false": _("no")}.get(value) or label(value)


@dataclass(frozen=True)
class Plan:
    """What a list page offers. `search` is the API's field that the search box looks in; `holds` tells whether a record
    is an answer to a search that looks in more than that; `carried` is what every URL of the list has besides; `folds`
    that the source finds a text whatever its case and accents, which of Flowtly nobody knows."""

    part: str
    columns: tuple[Column, ...]
    row: Callable[[Any], Mapping[str, Any]]
    search: str = ""
    search_label: str | Promise = ""
    filters: tuple[Filter, ...] = ()
    holds: Callable[[Any, str], bool] | None = None
    carried: Mapping[str, str] = field(default_factory=dict)
    folds: bool = False

    def label_of(self, name: str) -> str:
        """A field as the page calls it."""
        labels = {choice.name: choice.label for choice in self.filters}
        columns = {column.order: column.label for column in self.columns if column.order}
        return str(labels.get(name) or columns.get(name) or name)


@dataclass(frozen=True)
class Query:
    """What the query string asks for."""

    q: str
    filters: dict[str, str]
    order: str
    direction: str
    page: int
    fresh: bool = False
    carried: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, request: HttpRequest, plan: Plan) -> "Query":
        said = request.GET
        ways = {
            column.order: said.get(f"order[{column.order}]", "") for column in plan.columns if column.order
        }
        order = next((name for name, way in reversed(ways.items()) if way in {"asc", "desc"}), "")
        values = {choice.name: said.get(choice.name, "").strip() for choice in plan.filters}
        page = said.get("page", "1")
        return cls(
            q=said.get("q", "").strip() if plan.search else "",
            filters={name: value for name, value in values.items() if value},
            order=order,
            direction=ways.get(order, "asc"),
            page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
            fresh=FRESH in said,
            carried=plan.carried,
        )

    def url(self, **other: str) -> str:
        """The query string of this list with something else about it; "" leaves a part out."""
        parts = {"q": self.q, **self.filters}
        if self.order:
            parts[f"order[{self.order}]"] = self.direction
        parts |= {**self.carried, **other}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    def wanted(self, plan: Plan, announced: Collection[str]) -> dict[str, str | list[str]] | None:
        """The API's own filters that answer it; None where it has not all of them. A value with several spellings is
        asked for in each."""
        wanted: dict[str, str | list[str]] = {}
        for name, value in self.filters.items():
            several = spellings.of_state(value)
            wanted |= {f"{name}[]": list(several)} if len(several) > 1 else {name: value}
        if self.q:
            wanted[plan.search] = self.q
        if self.order:
            wanted[f"order[{self.order}]"] = self.direction
        return wanted if wanted.keys() <= set(announced) else None

    @property
    def asks(self) -> bool:
        """Whether it asks for anything but a page."""
        return bool(self.q or self.filters or self.order)

    def fields(self, plan: Plan) -> list[str]:
        """The fields that decide which rows are shown, and in which order."""
        return [*self.filters, *filter(None, [plan.search if self.q else "", self.order])]
