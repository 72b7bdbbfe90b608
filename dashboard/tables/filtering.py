"""Filtering here, of rows that the API cannot filter or order itself: all are read, up to a bound, and kept for a
minute. The page says so, and what the rows do not say."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.flowtly.resources.pagination import Every
from dashboard.standards import spellings
from dashboard.tables.paging import ROWS, Found, Note, note
from dashboard.tables.query import FRESH, Plan, Query, Row
from dashboard.upstream import list_cache
from dashboard.web.formatting import number

MOST = 2000


class Whole(Protocol):
    """A source that gives all its rows."""

    def every(self, *, most: int) -> Every[Any]: ...


def read(source: Whole, plan: Plan, query: Query, key: str) -> Found:
    """The page of the list that the query asks for, out of all rows."""
    read = every_row(source, plan, key, fresh=query.fresh)
    every = read.every.items
    unsaid = {name for name in query.fields(plan) if not any(name in record.raw for record in every)}
    rows = [record for record in every if matches(record, plan, query, unsaid)]
    if query.order:
        down = query.direction == "desc"
        rows.sort(key=lambda record: _sorting(record.raw.get(query.order)), reverse=down)
    first = (query.page - 1) * ROWS
    notes = [_filtered(read, query), *_silences(every, plan, query, unsaid)]
    shown = rows[first : first + ROWS]
    return Found(shown, first + 1, len(rows), first + ROWS < len(rows), frozenset(), here=True, notes=notes)


def every_row(source: Whole, plan: Plan, key: str = "", *, fresh: bool = False) -> list_cache.Kept:
    """All rows of a list, as far as they are read, at most a minute old. `key` says whose they are."""
    what = f"{getattr(source, 'path', '')} {plan.part}"
    return list_cache.rows(key, what, lambda: source.every(most=MOST), fresh=fresh)


def matches(record: Row, plan: Plan, query: Query, unsaid: Iterable[str] = ()) -> bool:
    """Whether a row is what was asked for, by the fields that the rows say anything of."""
    if query.q and plan.search not in unsaid and not _holds(plan, record, query.q):
        return False
    return all(
        same(record.raw.get(name), value) for name, value in query.filters.items() if name not in unsaid
    )


def ignored(rows: Sequence[Row], plan: Plan, query: Query) -> bool:
    """Whether a row says something else than what the API was asked for. One that does not say proves nothing."""
    return any(
        not matches(
            record, plan, query, {name for name in query.fields(plan) if not _says(record, plan, name)}
        )
        for record in rows
    )


def mentions(record: Row, term: str) -> bool:
    """Whether each word of the term is somewhere in what Flowtly told of the record."""
    texts = list(_texts(record.raw))
    return all(any(contains(text, word) for text in texts) for word in term.split())


def contains(value: object, term: str) -> bool:
    """Whatever the case, the accents and the blanks: one API's search minds them, another's does not."""
    return folded(term) in folded(str(value or ""))


def same(value: object, asked: str) -> bool:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return spellings.state(text) == spellings.state(asked)


def again(url: str) -> Note:
    """What a note about rows that were kept offers."""
    return {"url": url, "url_label": _("Read again")}


def _filtered(read: list_cache.Kept, query: Query) -> Note:
    count, anew = len(read.every.items), again(query.url(**{FRESH: "1"}))
    if not read.every.complete:
        text = _("Only the first %(rows)s rows were looked at; there are more that may match.")
        return note("warning", text % {"rows": number(count)}) | anew
    text = ngettext(
        "Flowtly cannot do this itself here, so all %(rows)s row was read %(age)s s ago and sifted here.",
        "Flowtly cannot do this itself here, so all %(rows)s rows were read %(age)s s ago and sifted here.",
        count,
    )
    return note("info", text % {"rows": number(count), "age": int(read.age)}) | anew


def _silences(every: Sequence[Row], plan: Plan, query: Query, unsaid: set[str]) -> Iterator[Note]:
    """List items may be partial. What none of them says cannot be filtered by; what some do not say leaves those
    out."""
    for name in query.fields(plan) if every else ():
        missing = sum(name not in record.raw for record in every)
        said: dict[str, str] = {"n": number(missing), "field": plan.label_of(name)}
        if name in unsaid:
            text = _("No row of Flowtly's list says “%(field)s”, so these rows are not sifted by it.")
            yield note("warning", text % said)
        elif missing and name != query.order:
            text = ngettext(
                "%(n)s row does not say “%(field)s” and is left out.",
                "%(n)s rows do not say “%(field)s” and are left out.",
                missing,
            )
            yield note("info", text % said)


def _says(record: Row, plan: Plan, name: str) -> bool:
    return name in record.raw or (name == plan.search and plan.holds is not None)


def _holds(plan: Plan, record: Row, term: str) -> bool:
    return plan.holds(record, term) if plan.holds else contains(record.raw.get(plan.search), term)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = [part for key, part in value.items() if not key.startswith("@")]
    if isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def folded(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())


def _sorting(value: object) -> tuple[int, float, str]:
    """Numbers by size, then words by letter, then what is absent."""
    if value is None:
        return (2, 0, "")
    if isinstance(value, int | float):
        return (0, value, "")
    return (1, 0, str(value).casefold())
