"""What one process has learnt of Flowtly all know, and what one has written none shows as it was before."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache as shared_cache

from dashboard.upstream import cache, connection
from dashboard.upstream.memory import LASTING, Memory
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def process(db: None, clock: Clock) -> Callable[..., Memory]:
    return lambda identity="api": Memory(lambda: identity, clock)


def learns(memory: Memory, key: str, value: object, *seconds: float) -> None:
    with memory.shared():
        memory.set(key, value, *seconds)


def knows(memory: Memory, key: str) -> Any:
    with memory.shared():
        return memory.get(key)


class TestFacts:
    def test_are_known_to_every_process_from_the_next_request_on(
        self, process: Callable[..., Memory]
    ) -> None:
        one, other = process(), process()
        assert knows(other, "a") is None
        learns(one, "a", frozenset({"x"}))
        assert knows(other, "a") == knows(process(), "a") == frozenset({"x"})

    def test_are_kept_though_two_wrote_at_once(self, process: Callable[..., Memory]) -> None:
        one, other = process(), process()
        with one.shared(), other.shared():
            one.set("a", 1)
            other.set("b", 2)
        for memory in (one, other, one):
            knows(memory, "a")
        assert [knows(process(), key) for key in ("a", "b")] == [1, 2]

    def test_are_kept_though_another_has_overwritten_them(self, process: Callable[..., Memory]) -> None:
        one = process()
        learns(one, "a", 1)
        shared_cache.clear()
        knows(one, "a")
        assert knows(process(), "a") == 1

    def test_that_change_are_overwritten(self, process: Callable[..., Memory]) -> None:
        one, other = process(), process()
        learns(one, "a", "before")
        learns(other, "a", "after")
        assert knows(one, "a") == "after"

    def test_have_their_time_in_all_of_them(self, process: Callable[..., Memory], clock: Clock) -> None:
        one, other = process(), process()
        learns(one, "a", 1, 600.0)
        learns(one, "b", 1)
        clock.now += 599
        assert knows(other, "a") == 1
        clock.now += 1
        assert [knows(memory, "a") for memory in (one, other, process())] == [None] * 3
        clock.now += LASTING / 2
        assert knows(process(), "b") == 1

    def test_of_one_api_are_not_those_of_another(self, process: Callable[..., Memory]) -> None:
        learns(process("one"), "a", 1)
        assert knows(process("other"), "a") is None

    def test_are_lived_without_where_the_cache_is_away(
        self, process: Callable[..., Memory], settings: Any
    ) -> None:
        settings.CACHES = {
            **settings.CACHES,
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "redis://127.0.0.1:9",
            },
        }
        one = process()
        learns(one, "a", 1)
        assert knows(one, "a") == 1


def another_process() -> None:
    """As another worker begins that answers the next page: it has read nothing itself."""
    connection.memory.forget_here()
    connection.connection().close()
    connection.connection.cache_clear()
    cache.forget_all()


FOOTER = "/o/{}/profile/mail-footer/"


def test_a_name_that_one_worker_has_met_is_offered_by_the_next(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
) -> None:
    admin, name = signed_in("admin"), sandbox.names["footer_field"]
    assert f'name="{name}"' not in admin.get(FOOTER.format("org_1006")).content.decode()
    assert f'name="{name}"' in admin.get(FOOTER.format("org_1001")).content.decode()
    for _ in range(2):
        another_process()
        assert f'name="{name}"' in admin.get(FOOTER.format("org_1006")).content.decode()


LEARNT: list[tuple[str, Callable[[], object]]] = [
    ("clients/", lambda: connection.connection().learnt.filters("/clients")),
    ("clients/1/", lambda: connection.connection().learnt.memory.get("seen Client.country")),
    ("clients/1/", lambda: connection.memory.get("words org_1001 status")),
    ("locations/", lambda: connection.memory.get("asked locations")),
    ("locations/", lambda: connection.connection().learnt.tenant("org_1001")),
]


@pytest.mark.parametrize(("page", "fact"), LEARNT)
def test_whatever_one_worker_learns_the_next_one_knows(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], page: str, fact: Callable[[], object]
) -> None:
    admin = signed_in("admin")
    admin.get(f"/o/org_1001/{page}")
    known = fact()
    another_process()
    admin.get("/people/")
    assert known is not None or sandbox.settings()["envelope"] == "array"
    assert fact() == known


def test_what_one_worker_writes_no_other_shows_as_it_was(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
) -> None:
    """Each worker keeps what it has read for a while, so each has to be told."""
    admin, path = signed_in("admin"), "/o/org_1001/languages/new/"
    choices = "/o/org_1001/clients/new/"
    assert 'value="sv"' not in admin.get(choices).content.decode()
    at, kept = connection.memory.get("written org_1001"), connection._organizations.get("org_1001")
    assert (at, kept is None) == (None, False)
    writer = Memory(connection.memory._identity)
    writer._begun = connection.memory._begun
    with writer.shared():
        writer.written("org_1001")
    sandbox.faults("GET /languages", {"replace": [{"id": "sv"}]})
    assert 'value="sv"' in admin.get(choices).content.decode(), path
