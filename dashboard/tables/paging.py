"""Paging: where on the list a page's rows are, and whether more follow, held against what really came.

The API may give fewer rows a page than asked for, say no total or a wrong one, offer a next page for ever, or give the
same rows for every page.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dashboard.flowtly.calls import Filters
from dashboard.tables.query import Page, Row, Source
from dashboard.web.formatting import number

ROWS = 30
Note = dict[str, str]


@dataclass
class Found:
    """A page's worth of records, and how they were found."""

    items: Sequence[Row]
    first: int | None  # the number of the first row, where it can be told
    total: int | None
    more: bool
    filters: frozenset[str]
    here: bool = False  # filtered here, not by the API
    notes: list[Note] = field(default_factory=list)


def note(level: str, text: str) -> Note:
    return {"level": level, "text": text}


def read(source: Source, page_number: int, wanted: Filters) -> Found:
    """A page of the list as the API filters and orders it."""
    page = source.list(page=page_number, items=ROWS, filters=wanted)
    announced = page.filters if page.filters is not None else (source.filters() or frozenset())
    found = Found(page.items, 1, page.total, False, announced)
    size, at_least = len(page.items), (page.page - 1) * len(page.items) + 1
    if not size:
        return found
    found.more = _goes_on(source, page, wanted)
    if page.page > 1 and found.total is not None:
        found.first = at_least if found.more or size >= ROWS else found.total - size + 1
    elif page.page > 1:
        _hold_against_the_page_before(found, source, page, wanted)
    if found.total is None or found.first is None:
        return found
    last = found.first + size - 1
    if found.first < at_least or last > found.total:  # the total contradicts what has come
        found.first, found.total = (1 if page.page == 1 else None), None
    elif found.more is not (last < found.total):
        found.more = last < found.total and _follows(source, page, wanted)
    return found


def range_text(found: Found, page: int) -> str:
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


def _hold_against_the_page_before(found: Found, source: Source, page: Page, wanted: Filters) -> None:
    """Without a total: how many rows a page has, and whether the API minds which one is asked for."""
    before = source.list(page=page.page - 1, items=ROWS, filters=wanted).items
    fits = len(before) >= len(page.items)
    found.first = (page.page - 1) * len(before) + 1 if fits else None
    if _alike(before, page.items):
        text = _("These are the rows of the page before: Flowtly seems to ignore which page is asked for.")
        found.first, found.more = None, False
        found.notes.append(note("warning", text))


def _goes_on(source: Source, page: Page, wanted: Filters) -> bool:
    """Whether the API has another page. A full page of which it says nothing is taken to have one; a shorter one
    may be the last, or all that it gives at once, so the next one is looked at."""
    stuck = page.next_page is not None and page.next_page <= page.page
    if page.has_more and _may_be_last(page):
        return _follows(source, page, wanted)
    if page.has_more is not None and not stuck:
        return page.has_more
    return (len(page.items) >= ROWS and not stuck) or _follows(source, page, wanted)


def _may_be_last(page: Page) -> bool:
    """A shorter page that, with fuller ones before it, would make the total: if it claims a next one, is that so?"""
    before, size = page.page - 1, len(page.items)
    if not before or page.total is None or (page.total - size) % before:
        return False
    return size < (page.total - size) // before <= ROWS


def _follows(source: Source, page: Page, wanted: Filters) -> bool:
    following = source.list(page=page.page + 1, items=ROWS, filters=wanted).items
    return bool(following) and not _alike(following, page.items)


def _alike(some: Sequence[Row], others: Sequence[Row]) -> bool:
    return [record.id or record.raw for record in some] == [record.id or record.raw for record in others]
