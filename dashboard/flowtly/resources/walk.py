"""From page to page to the end of a list, or to where it is clear that there is none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic

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
    """
    seen: set[str] = set()
    number, count, before = 1, 0, None
    for _ in range(most_pages):
        page = fetch(number)
        fresh = [record for record in page.items if not record.id or record.id not in seen]
        contents = [record.raw for record in page.items]
        repeated = bool(contents) and contents == before
        if repeated:
            fresh = []
        if forgetful:
            seen = {record.id for record in page.items}
        seen.update(record.id for record in fresh)
        count += len(fresh)
        following = page.next_page or number + 1
        if repeated or not page.items or page.has_more is False or page.total == count:
            yield Step(fresh, _all_there(page, count, repeated, asked))
            return
        if following <= number:
            yield Step(fresh, complete=False)
            return
        yield Step(fresh)
        number, before = following, contents
    yield Step([], complete=False)


def endless(fetch: Callable[[int], Page[R]], asked: int) -> Iterator[Step[R]]:
    """A walk through a list of any length that remembers no more than a page."""
    return walk(fetch, asked, MOST_PAGES_OF_A_STREAM, forgetful=True)


def _all_there(last: Page[R], count: int, repeated: bool, asked: int) -> bool:
    if last.total is not None:
        return count >= last.total
    # An API that ignores `page` gives the same again; if that fills the page asked for, there may be more.
    return last.next_page is None and not (repeated and len(last.items) == asked)
