"""What is kept for a time, and no longer."""

from collections.abc import Callable

import pytest

from dashboard.flowtly import Flowtly, errors
from dashboard.upstream import cache, connection, reference_lists
from dashboard.upstream.cache import Store
from tests.support.sandbox import Sandbox


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_value_is_gone_when_its_time_is_up_however_often_it_is_asked_for() -> None:
    clock = Clock()
    store: Store[str, int] = Store(60.0, 10, clock)
    store.set("one", 1)
    clock.now += 59.9
    assert store.get("one") == 1
    clock.now += 0.1
    assert store.get("one") is None


def test_what_was_not_asked_for_longest_makes_room() -> None:
    store: Store[int, str] = Store(60.0, 3)
    for number in range(3):
        store.set(number, "kept")
    assert store.get(0)
    store.set(3, "kept")
    assert [store.get(number) for number in range(4)] == ["kept", None, "kept", "kept"]


def test_some_are_forgotten_and_all_are() -> None:
    store: Store[str, int] = Store(60.0, 10)
    for key in ("a1", "a2", "b1"):
        store.set(key, 1)
    store.forget(lambda key: key.startswith("a"))
    assert [store.get(key) for key in ("a1", "a2", "b1")] == [None, None, 1]
    cache.forget_all()
    assert store.get("b1") is None


@pytest.fixture
def api(sandbox: Sandbox, an_organization: str) -> Callable[[], Flowtly]:
    def made() -> Flowtly:
        api = connection.flowtly("cache-test")
        return api.within(api.organizations.tenant(an_organization))

    return made


def lists(sandbox: Sandbox, path: str) -> int:
    return sum(each["path"].endswith(path) for each in sandbox.requests())


def test_a_list_to_choose_from_is_read_once_for_each_organization(
    sandbox: Sandbox, api: Callable[[], Flowtly]
) -> None:
    first = reference_lists.listed(api().countries, "org_1")
    pages = lists(sandbox, "/countries")
    assert first
    assert reference_lists.listed(api().countries, "org_1") == first
    assert lists(sandbox, "/countries") == pages
    reference_lists.listed(api().countries, "org_2")
    assert lists(sandbox, "/countries") == 2 * pages
    connection.forget()
    reference_lists.listed(api().countries, "org_1")
    assert lists(sandbox, "/countries") == 3 * pages


def test_one_that_is_not_there_is_empty_and_not_asked_for_again(
    sandbox: Sandbox, api: Callable[[], Flowtly]
) -> None:
    sandbox.faults("GET /currencies", {"status": 404})
    assert [reference_lists.listed(api().currencies, "org_1") for _ in range(2)] == [(), ()]
    assert lists(sandbox, "/currencies") == 1


def test_one_that_could_not_be_read_is_asked_for_again(sandbox: Sandbox, api: Callable[[], Flowtly]) -> None:
    sandbox.faults("GET /countries", {"status": 500}, times=1)
    with pytest.raises(errors.ServerError):
        reference_lists.listed(api().countries, "org_1")
    assert reference_lists.listed(api().countries, "org_1")
