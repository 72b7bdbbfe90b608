"""One reader for the three envelopes in which API Platform delivers a list.

`hydra:member` (up to 3.4, and 4 with the prefix on), `member` (4), and a bare JSON array
(`application/json`): API Platform source. The view and the total may be missing from each.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urljoin, urlsplit

from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.strict_json import BadBody, listed

R = TypeVar("R", bound=Record)

_NUMBER = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of a list.

    `total` counts the whole list, None if the API does not say. `next_page` is the number to ask for next.
    `has_more` is None where neither view nor total tells. `filters` are the names this list announces in
    `search.mapping`, None if it announces nothing. `raw` is the answer's JSON.
    """

    items: list[R]
    total: int | None
    page: int
    next_page: int | None
    has_more: bool | None
    filters: frozenset[str] | None = None
    raw: Any = field(default=None, repr=False)


@dataclass(frozen=True)
class Every(Generic[R]):
    """All pages of a list, as far as they were read.

    `complete` is False if reading stopped at its limit or at something that does not end, or if the API
    counts more than it delivered. `read_at` is when reading began (aware, UTC).
    """

    items: list[R]
    complete: bool
    read_at: datetime


def read(data: object, record: Callable[[object], R], url: str, page: int, asked: int) -> Page[R]:
    """A page out of an answer's JSON; BadBody if it is no list.

    `url` is the absolute address of the list: a `next` link counts only if it leads there. `asked` is the
    page size asked for, which the API may have ignored or clamped.
    """
    members = _members(data)
    envelope: Mapping[str, Any] = data if isinstance(data, dict) else {}
    total = _total(envelope)
    view = _first(envelope, "hydra:view", "view")
    view = view if isinstance(view, dict) and view else None
    link = _first(view, "hydra:next", "next") if view else None
    next_page = _page_of(link, url) if isinstance(link, str) else None
    if next_page is not None:
        more: bool | None = True
    elif view is not None and link is None:
        more = False
    else:
        more = _more_by_total(total, page, len(members), asked)
    if next_page is None and more and link is None:
        next_page = page + 1
    items = [record(member) for member in members]
    return Page(items, total, page, next_page, more, _filters(envelope), data)


def _members(data: object) -> list[Any]:
    """The items; an envelope that has lost them is an error, not an empty list."""
    found: object = data
    if isinstance(data, dict) and not (data and listed(data) is not None):
        found = _first(data, "hydra:member", "member")
        if found is None and _total(data) == 0:
            return []
    if found == {}:
        return []
    members = listed(found)
    if members is None:
        raise BadBody("it is not a list")
    return members


def _total(envelope: Mapping[str, Any]) -> int | None:
    total = _first(envelope, "hydra:totalItems", "totalItems")
    return total if isinstance(total, int) and not isinstance(total, bool) and total >= 0 else None


def _more_by_total(total: int | None, page: int, delivered: int, asked: int) -> bool | None:
    """From what was delivered: a short page may be the last one, or all that a clamping API gives."""
    if delivered == 0:
        return False if total is not None else None
    if total is None:
        return None
    if page == 1 or delivered == asked:
        return page * delivered < total
    return False if page * delivered >= total else None


def _page_of(link: str, url: str) -> int | None:
    """The page a link asks for, if it leads to this very list."""
    try:
        here, there = urlsplit(url), urlsplit(urljoin(url, link))
        same = (here.scheme, here.hostname, here.port) == (there.scheme, there.hostname, there.port)
        pages = parse_qs(there.query, max_num_fields=100).get("page", [])
    except ValueError:
        return None
    # Where the base has a path the API may or may not repeat it in its links; the collection it must name.
    if not same or here.path.rsplit("/", 1)[-1] != there.path.rstrip("/").rsplit("/", 1)[-1]:
        return None
    return int(pages[-1]) if pages and _NUMBER.fullmatch(pages[-1]) and int(pages[-1]) > 0 else None


def _filters(envelope: Mapping[str, Any]) -> frozenset[str] | None:
    search = _first(envelope, "hydra:search", "search")
    entries = listed(_first(search, "hydra:mapping", "mapping")) if isinstance(search, dict) else None
    if entries is None:
        return None
    names = [entry.get("variable") for entry in entries if isinstance(entry, dict)]
    return frozenset(name for name in names if isinstance(name, str) and name)


def _first(data: Mapping[str, Any], *keys: str) -> object:
    return next((data[key] for key in keys if data.get(key) is not None), None)
