"""Lists, in each envelope, with and without what tells where they end."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.flowtly import Flowtly, errors
from tests.support.raw_server import Asked, RawServer, Wire, says

MEMBERS: list[Any] = [{"id": 1, "name": "Een"}, {"id": 2, "name": "Twee"}]

ENVELOPES: dict[str, Callable[[list[Any]], Any]] = {
    "hydra": lambda members: {"hydra:member": members, "hydra:totalItems": len(members)},
    "plain": lambda members: {"member": members, "totalItems": len(members)},
    "array": lambda members: members,
    "numbered": lambda members: {str(2 * at): member for at, member in enumerate(members)},
    "hydra numbered": lambda members: {"hydra:member": {str(at): each for at, each in enumerate(members)}},
    "no total": lambda members: {"hydra:member": members},
}


@pytest.mark.parametrize("envelope", ENVELOPES)
def test_a_list_is_read_from_each_envelope(envelope: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, ENVELOPES[envelope](MEMBERS))
    page = flowtly.locations.list()
    assert [item.name for item in page.items] == ["Een", "Twee"]
    assert page.total == (2 if envelope in ("hydra", "plain") else None)
    assert page.has_more is (False if envelope in ("hydra", "plain") else None)


@pytest.mark.parametrize(
    "empty", [[], {"hydra:member": []}, {"member": [], "totalItems": 0}, {"totalItems": 0}]
)
def test_an_empty_list_is_empty(empty: Any, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, empty)
    assert flowtly.locations.list().items == []


@pytest.mark.parametrize(
    "lost",
    [{"items": MEMBERS}, {"hydra:totalItems": 7}, {"hydra:member": "none"}, {"id": 1}, {"member": {"a": 1}}],
)
def test_an_envelope_that_lost_its_items_is_not_an_empty_list(
    lost: Any, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, lost)
    with pytest.raises(errors.Unreadable) as raised:
        flowtly.locations.list()
    assert raised.value.path == "/locations"


def test_items_that_are_no_objects_survive(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, ["/locations/3", 4, None, {"id": 5}])
    assert [item.id for item in flowtly.locations.list().items] == ["3", "4", "", "5"]


@pytest.mark.parametrize(
    ("link", "next_page"),
    [
        ("/locations?page=2", 2),
        ("?page=3&itemsPerPage=30", 3),
        ("/api/locations?page=2", 2),
        ("/organizations?page=2", None),
        ("//evil.example/locations?page=2", None),
        ("https://evil.example/locations?page=2", None),
        ("/locations?page=-1", None),
        ("/locations?page=0", None),
        ("/locations?page=2;drop", None),
        ("/locations?page=" + "9" * 50, None),
        ("/locations", None),
        ("http://[", None),
        (7, None),
    ],
)
def test_a_next_link_counts_only_if_it_leads_to_the_same_list(
    link: Any, next_page: int | None, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, {"hydra:member": MEMBERS, "hydra:view": {"hydra:next": link}})
    page = flowtly.locations.list()
    assert page.next_page == next_page
    assert page.has_more is (True if next_page else None)


def test_a_next_link_may_be_absolute_if_it_is_the_apis_own(server: RawServer, flowtly: Flowtly) -> None:
    link = f"{server.base_url}/locations?page=2"
    server.script = says(200, {"member": MEMBERS, "view": {"next": link}})
    assert flowtly.locations.list().next_page == 2


def test_a_view_without_a_next_link_is_the_last_page(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"member": MEMBERS, "totalItems": 62, "view": {"@id": "/locations?page=3"}})
    page = flowtly.locations.list(page=3)
    assert (page.has_more, page.next_page) == (False, None)


@pytest.mark.parametrize(
    ("page", "asked", "delivered", "total", "more"),
    [
        (1, 30, 30, 65, True),
        (1, 30, 10, 65, True),  # clamped to ten
        (1, 30, 30, 30, False),
        (2, 30, 30, 65, True),
        (3, 30, 5, 65, None),  # the last of three pages, or the third of thirteen
        (3, 5, 5, 15, False),
        (9, 30, 0, 65, False),
        (1, 30, 30, None, None),
        (1, 30, 0, None, None),
    ],
)
def test_without_a_view_what_was_delivered_tells_whether_there_is_more(
    page: int,
    asked: int,
    delivered: int,
    total: int | None,
    more: bool | None,
    server: RawServer,
    flowtly: Flowtly,
) -> None:
    envelope: dict[str, Any] = {"member": [{"id": at} for at in range(delivered)]}
    server.script = says(200, envelope | ({} if total is None else {"totalItems": total}))
    found = flowtly.locations.list(page=page, items=asked)
    assert found.has_more is more
    assert found.next_page == (page + 1 if more else None)


@pytest.mark.parametrize("total", [-1, "7", True, 1.5, None])
def test_a_total_that_is_none_is_not_known(total: Any, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"member": MEMBERS, "totalItems": total})
    assert flowtly.locations.list().total is None


def test_filters_and_paging_are_asked_for_as_php_reads_them(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, [])
    flowtly.clients.list(2, 50, {"status": ["active", "new"], "order[name]": "asc", "name": "A&B é"})
    assert parse_qs(urlsplit(server.asked[0].target).query) == {
        "page": ["2"],
        "itemsPerPage": ["50"],
        "status[]": ["active", "new"],
        "order[name]": ["asc"],
        "name": ["A&B é"],
    }


class Shelf:
    """A list of so many records, delivered in one of the ways an API may have."""

    def __init__(
        self, count: int, size: int, total: bool = True, view: bool = True, bare: bool = False
    ) -> None:
        self.count, self.size, self.total, self.view, self.bare = count, size, total, view, bare

    def __call__(self, asked: Asked, wire: Wire) -> None:
        query = parse_qs(urlsplit(asked.target).query)
        page, size = int(query["page"][0]), min(self.size, int(query["itemsPerPage"][0]))
        start = (page - 1) * size
        members = [{"id": at} for at in range(start, min(start + size, self.count))]
        says(200, members if self.bare else self._enveloped(members, page, start + size))(asked, wire)

    def _enveloped(self, members: list[Any], page: int, end: int) -> dict[str, Any]:
        envelope: dict[str, Any] = {"member": members}
        if self.total:
            envelope["totalItems"] = self.count
        if self.view:
            envelope["view"] = {"next": f"/locations?page={page + 1}"} if end < self.count else {"first": "x"}
        return envelope


@pytest.mark.parametrize("size", [7, 30, 1000])
@pytest.mark.parametrize(
    "form",
    [{}, {"total": False}, {"view": False}, {"total": False, "view": False}, {"bare": True}],
)
def test_every_page_is_read_however_the_list_is_delivered(
    size: int, form: dict[str, bool], server: RawServer, flowtly: Flowtly
) -> None:
    server.script = Shelf(120, size, **form)
    found = flowtly.locations.every()
    assert [item.id for item in found.items] == [str(at) for at in range(120)]
    assert found.complete
    assert found.read_at.tzinfo is not None


def test_reading_stops_at_the_most_that_was_asked_for(server: RawServer, flowtly: Flowtly) -> None:
    server.script = Shelf(120, 30)
    found = flowtly.locations.every(most=50)
    assert len(found.items) == 50
    assert not found.complete
    assert len(server.asked) == 2
    exact = flowtly.locations.every(most=120)
    assert (len(exact.items), exact.complete) == (120, True)


@pytest.mark.parametrize("envelope", [{"next": "/locations?page=1"}, {"next": "/locations?page=2"}])
def test_a_next_link_that_never_ends_is_noticed(
    envelope: dict[str, str], server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, {"member": MEMBERS, "view": envelope})
    found = flowtly.locations.every()
    assert len(found.items) == 2
    assert not found.complete
    assert len(server.asked) <= 3


def test_a_list_that_goes_on_for_ever_is_given_up(server: RawServer, flowtly: Flowtly) -> None:
    server.script = Shelf(10**9, 1, total=False)
    found = flowtly.locations.every(most=10**6)
    assert not found.complete
    assert len(server.asked) == 200


def test_an_api_that_ignores_the_page_is_not_asked_for_ever(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, MEMBERS)
    found = flowtly.locations.every()
    assert (len(found.items), found.complete) == (2, True)
    server.script = says(200, [{"id": at} for at in range(100)])
    full = flowtly.locations.every()
    assert (len(full.items), full.complete) == (100, False)


def test_fewer_records_than_the_api_counts_are_not_all(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"member": MEMBERS, "totalItems": 9, "view": {"first": "x"}})
    assert not flowtly.locations.every().complete


def test_a_record_that_slips_to_the_next_page_comes_once(server: RawServer, flowtly: Flowtly) -> None:
    first = {"member": [{"id": 1}, {"id": 2}], "view": {"next": "/locations?page=2"}}
    server.then(says(200, first), says(200, {"member": [{"id": 2}, {"id": 3}], "view": {"first": "x"}}))
    assert [item.id for item in flowtly.locations.every().items] == ["1", "2", "3"]
