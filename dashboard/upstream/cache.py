"""Cache: the one place where something read of Flowtly is kept for a time.

Each store is of one process, for what is cheap to read again: a change made through another process shows here once
the time is up. Whoever keeps something asks for no more than `get` and `set`, so that a store may as well be shared.
"""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from cachetools import TTLCache

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Store(Generic[K, V]):
    """Keeps at most `most` values for `seconds` each; then the ones that were not asked for longest go. Thread-safe.

    `clock` is monotonic, in seconds.
    """

    def __init__(self, seconds: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._kept: TTLCache[K, V] = TTLCache(most, seconds, clock)
        self._lock = Lock()
        _stores.add(self)

    def get(self, key: K) -> V | None:
        with self._lock:
            return self._kept.get(key)

    def set(self, key: K, value: V) -> None:
        with self._lock:
            self._kept[key] = value

    def forget(self, which: Callable[[K], bool] = lambda _key: True) -> None:
        with self._lock:
            for key in [key for key in self._kept if which(key)]:
                del self._kept[key]


_stores: WeakSet["Store[Any, Any]"] = WeakSet()


def forget_all() -> None:
    """Starts anew, as a process does."""
    for store in list(_stores):
        store.forget()
