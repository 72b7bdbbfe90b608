"""`make bench`: every figure that has a bound, measured side by side with what it is held against. Nothing fails: it
prints what holds and what does not."""

import argparse
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, suppress

from tests.bench import browser, crowds, pages, rendering, size, trail, writes
from tests.bench.figures import Figure, as_markdown, as_text
from tests.bench.measuring import load
from tests.bench.stage import Stage

# What has a bound before it has a page.
LATER = {
    "ledger of 200,000 acts over that of 200": "≤ 3 ×",
    "quality of 100,000 findings over that of 200": "≤ 3 ×",
    "/work/ of 300 organizations over that of 200 acts": "≤ 3 ×",
    "/work/, /portfolio/ and ledger, queries": "constant, ≤ 20",
}


def later(_stage: Stage) -> Iterator[Figure]:
    for what, bound in LATER.items():
        yield Figure(what, bound, "page does not exist yet")


ROWS: dict[str, Callable[[Stage], Iterator[Figure]]] = {
    "cpu": pages.page_that_calls_nothing,
    "list": pages.list_over_the_call,
    "overview": pages.overview_over_its_slowest_call,
    "form": pages.edit_form,
    "rows": rendering.thirty_rows,
    "patch": writes.patch_on_sqlite,
    "postgres": writes.patch_on_postgres,
    "fifty": crowds.fifty_people,
    "twohundred": crowds.two_hundred_people,
    "memory": crowds.memory,
    "size": size.a_hundred_thousand_clients,
    "browser": browser.in_a_browser,
    "trail": trail.a_million_lines,
    "hung": crowds.one_endpoint_hangs,
    "later": later,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=ROWS, help="this row; may be said more than once")
    parser.add_argument("--patience", type=float, default=1.0, help="so many times as many runs of each")
    parser.add_argument("--markdown", action="store_true", help="the table as docs have it")
    given = parser.parse_args()
    stage = Stage(given.patience)
    figures: list[Figure] = []
    began = load()
    with closing(stage), suppress(KeyboardInterrupt):  # what is known by then is printed all the same
        for name in given.only or ROWS:
            figures += _row(name, stage)
    print((as_markdown if given.markdown else as_text)(figures))
    print(f"\nAt the start {began}; at the end {load()}.")


def _row(name: str, stage: Stage) -> list[Figure]:
    """A row that cannot be measured says why and stops no other."""
    begun = time.perf_counter()
    figures: list[Figure] = []
    try:
        figures += ROWS[name](stage)
    except Exception as error:  # noqa: BLE001
        traceback.print_exc(limit=-2)
        figures.append(Figure(name, "", "could not be measured", None, repr(error)))
    print(f"{name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return figures


if __name__ == "__main__":
    main()
