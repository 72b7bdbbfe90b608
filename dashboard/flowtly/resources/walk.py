"""From page to page to the end of a list, or to where it is clear that there is none."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Generic

from dashboard.flowtly.bulkhead import yielding
from dashboard.flowtly.resources.pagination import Page, R

MOST_PAGES = 200
MOST_PAGES_OF_A_STREAM = 100_000


@dataclass(frozen=True)
class Step(Generic[R]):
    """The records of one page that no page before had. `complete` is None until the walk has ended."""

    items: list[R]
    complete: bool | None = None


def walk(
    fetch: Callable[[int], Page[R]], asked: int, most_pages: int = MOST_PAGES, *, forgetful: bool = False
) -> Iterator[Step[R]]:
    """Pages as `fetch` gives them by number, each record once, though pages may shift meanwhile.

    `complete` is False if the list does not end, or if the API counts more than it gave. `asked` is the
    page size asked for. A `forgetful` walk remembers no more than the page before, for lists of any length.

    A record that is deleted from what was read moves the others forward, one of them past the place that is read
    next. It is in the page before then, which is read again where the total has shrunk, and by a forgetful walk
    also where there is none.
    """
    seen: set[str] = set()
    count, lost, last, number = 0, False, None, 1
    for _ in range(most_pages):
        with yielding() if last else nullcontext():  # nobody looks at these pages one by one
            page = fetch(number)
        repeated = last is not None and bool(page.items) and _contents(page) == _contents(last)
        moved: list[R] = []
        if last is not None and not repeated and _may_have_moved(last, page, unless_counted=forgetful):
            with yielding():
                again = fetch(last.page)
            moved = [record for record in again.items if record.id and record.id not in seen]
            lost = lost or len(moved) == len(again.items) > 0
            seen.update(record.id for record in moved)
        fresh = [] if repeated else [one for one in page.items if not one.id or one.id not in seen]
        if forgetful:
            seen = {record.id for record in page.items}
        seen.update(record.id for record in fresh)
        count += len(fresh)  # those that moved are counted by those that are gone
        following = page.next_page or number + 1
        if repeated or not page.items or page.has_more is False or page.total == count:
            yield Step(moved + fresh, not lost and _all_there(page, count, repeated, asked))
            return
        if following <= number:
            yield Step(moved + fresh, complete=False)
            return
        yield Step(moved + fresh)
        number, last = following, page
    yield Step([], complete=False)


def endless(fetch: Callable[[int], Page[R]], asked: int) -> Iterator[Step[R]]:
    """A walk through a list of any length that remembers no more than a page."""
    return walk(fetch, asked, MOST_PAGES_OF_A_STREAM, forgetful=True)


def _all_there(last: Page[R], count: int, repeated: bool, asked: int) -> bool:
    if last.total is not None:
        return count >= last.total
    # An API that ignores `page` gives the same again; if that fills the page asked for, there may be more.
    return last.next_page is None and not (repeated and len(last.items) == asked)


def _may_have_moved(before: Page[R], page: Page[R], *, unless_counted: bool) -> bool:
    if before.total is None or page.total is None:
        return unless_counted
    return page.total < before.total


def _contents(page: Page[R]) -> list[object]:
    return [record.raw for record in page.items]
