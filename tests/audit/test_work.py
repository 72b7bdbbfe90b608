"""Work of the database for each page of the trail, counted in steps of its own machine: it does not grow with the
trail. A plan would not tell, for an index that half of the lines share is no scan either."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection as database

from dashboard.accounts.models import Person
from tests.support.audit import on_record
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

FEW, MANY = 60, 360  # writes; a page shows fifty
AUDIT = "/audit/"
# Whose page, and which; what is asked for is as seldom in a long trail as in a short one.
PAGES = {
    "newest": ("admin", AUDIT),
    "money": ("finance", AUDIT),
    "person": ("admin", f"{AUDIT}?person=viewer"),
    "organization": ("admin", f"{AUDIT}?organization=org_1002"),
    "record": ("admin", f"{AUDIT}?record=seldom"),
    "kind": ("admin", f"{AUDIT}?kind=delete"),
    "outcome": ("admin", f"{AUDIT}?outcome=refused"),
    "from": ("admin", f"{AUDIT}?from=2026-01-01"),
    "until": ("admin", f"{AUDIT}?to=2020-01-01"),
    "overview": ("admin", "/o/org_1001/"),
    "history": ("backoffice", "/o/org_1001/locations/1/"),
}
# Pages whose work still grows; the table only gets shorter.
GROWING = {"money", "person", "organization", "record", "kind", "outcome", "until", "overview", "history"}


@contextmanager
def steps() -> Iterator[list[int]]:
    """How many times a hundred steps of its machine SQLite takes."""
    taken = [0]

    def count() -> None:
        taken[0] += 1

    database.ensure_connection()
    database.connection.set_progress_handler(count, 100)
    try:
        yield taken
    finally:
        database.connection.set_progress_handler(None, 0)


def fill(people: dict[str, Person], writes: range) -> None:
    for number in writes:
        on_record(people["backoffice"], number)


def test_a_page_of_the_trail_costs_the_same_however_long_the_trail_is(
    sandbox: Sandbox, people: dict[str, Person], signed_in: Callable[[str], CheckedClient]
) -> None:
    seldom: dict[str, Any] = {
        "organization": "org_1002",
        "organization_name": "Maison",
        "record": "seldom",
        "kind": "delete",
    }
    on_record(people["viewer"], outcome="refused", **seldom)
    on_record(
        people["finance"], entity="subscriptions", kind="cancel", record="sub_1", organization="org_1003"
    )
    fill(people, range(FEW))
    few = work(signed_in)
    fill(people, range(FEW, MANY))
    grown = [
        f"{name}: {few[name]} to {many}"
        for name, many in work(signed_in).items()
        if name not in GROWING and many > 1.5 * few[name] + 10
    ]
    assert not grown, "\n".join(grown)


def work(signed_in: Callable[[str], CheckedClient]) -> dict[str, int]:
    found = {}
    for name, (who, path) in PAGES.items():
        client = signed_in(who)
        client.get(path)
        with steps() as taken:
            assert client.get(path).status_code == 200
        found[name] = taken[0]
    return found
