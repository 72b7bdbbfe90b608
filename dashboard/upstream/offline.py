"""What each person last read of Flowtly, for while it does not answer.

The bodies of reads are kept in a cache that all processes share, per person: nobody is shown what somebody else has
read. Only a page that reads is ever answered with one, so nothing is written on the strength of it; exports, the look
at whose data it is, and every second look at a write ask `Flowtly.live()`.
"""

import json
import logging
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from contextvars import ContextVar
from datetime import UTC, datetime
from hashlib import sha256
from operator import itemgetter
from threading import Lock
from typing import Any, Generic, TypeVar

from django.core.cache import caches
from django.db import transaction
from django.http import HttpRequest

from dashboard.flowtly import errors
from dashboard.flowtly.calls import Answer, Call
from dashboard.flowtly.health import silent
from dashboard.flowtly.resources.configs import Config, Configs
from dashboard.flowtly.resources.search_filters import essence
from dashboard.storage.cache import SharedCache
from dashboard.storage.database import spare
from dashboard.upstream.cache import Store
from dashboard.upstream.redaction import guard, holds_one

LIFE = 12 * 3600
REWRITTEN_EVERY = 60.0  # seconds; what has changed is written at once
OPENED_WITHIN = 60  # seconds; the script keeps a page for ten
LARGEST = 256 * 1024  # of a body, as JSON
MOST_OF_A_PAGE = 40
MEMBERS = ("hydra:member", "member")
_AHEAD = "ahead"

T = TypeVar("T")

log = logging.getLogger(__name__)

# What this process has written: a digest, by key.
_written: Store[str, bytes] = Store(REWRITTEN_EVERY, 5000)

# Set within threads that serve a page, which leave the database to the page's own.
_beside: ContextVar["Beside[Any] | None"] = ContextVar("lastread_beside", default=None)
# Set while nothing is asked and only what was kept is given.
_instead: ContextVar[errors.FlowtlyError | None] = ContextVar("lastread_instead", default=None)
_of_the_page: ContextVar["Reads | None"] = ContextVar("lastread_of_the_page", default=None)


class Reads:
    """The reads of one request, of an API as `api` names it and its account. `alive` tells, if one call was not
    answered, whether others would be."""

    def __init__(self, api: str, whose: str, alive: Callable[[], bool]) -> None:
        self.oldest: datetime | None = None
        self._api = api
        self._whose = whose
        self._alive = alive
        self._lock = Lock()
        self._answers: dict[str, tuple[Call, Answer, float]] = {}

    def read(self, call: Call, tenant: str | None, ask: Callable[[], Answer]) -> Answer:
        key = self._key(call, tenant)
        if failure := _instead.get():
            return self._kept(key, failure)
        try:
            answer = ask()
        except errors.FlowtlyError as failure:
            if here := _beside.get():
                here.failure = failure
                raise
            if not self.stands_in(failure):
                raise
            return self._kept(key, failure)
        if call.expects != "bytes":
            with self._lock:
                if len(self._answers) < MOST_OF_A_PAGE:
                    self._answers[key] = call, answer, _now()
        return answer

    def stands_in(self, failure: errors.FlowtlyError) -> bool:
        """Whether Flowtly is away, and not only this one thing of it."""
        if isinstance(failure, errors.CannotConnect | errors.GivenUp):
            return True
        caused = isinstance(
            failure, errors.OutOfTime | errors.Busy | errors.KindGivenUp | errors.SignInFailed
        )
        return (silent(failure) or caused) and not self._alive()

    def keep(self, ahead: str = "") -> None:
        """At the end of a request, once for all that it has read. Whatever goes wrong here is nobody's trouble."""
        try:
            due = [kept for key, read in self._answers.items() if (kept := _due(key, *read, ahead))]
            if due and ahead:
                _write([(ahead, due)], OPENED_WITHIN)
            elif due:
                _write(due)
        except Exception:
            log.exception("What was read could not be kept.")

    def _key(self, call: Call, tenant: str | None) -> str:
        what = [tenant if call.scoped else None, call.path, call.query, call.expects]
        # What the API says of itself is everybody's.
        whose = self._whose if call.expects != "anything" else ""
        return sha256(json.dumps([self._api, whose, what]).encode()).hexdigest()

    def _kept(self, key: str, failure: errors.FlowtlyError) -> Answer:
        try:
            read_at, body = caches["last_read"].get(key) or (0.0, b"")
            data = json.loads(zlib.decompress(body)) if body else None
        except Exception:
            log.exception("What was read before could not be had.")
            data = None
        if data is None:
            raise failure
        moment = datetime.fromtimestamp(read_at, UTC)
        with self._lock:
            self.oldest = min(self.oldest or moment, moment)
        return Answer(200, data, None, failure.request_id)


@contextmanager
def by(request: HttpRequest, api: str, alive: Callable[[], bool], ahead: str = "") -> Iterator[None]:
    """Around a request: if it is somebody's and only reads, what it reads is kept at its end. A page that was asked
    `ahead` of a click, by its request's id, has been read by nobody: what it reads waits until it is opened."""
    known = request.user.is_authenticated and request.method in {"GET", "HEAD"}
    reads = Reads(api, str(request.user.pk), alive) if known else None
    mark = _of_the_page.set(reads)
    try:
        yield
    finally:
        _of_the_page.reset(mark)
    if reads is not None:
        reads.keep(f"{_AHEAD}:{request.user.pk}:{ahead}" if ahead else "")


def opened(whose: str, page: str) -> None:
    """A page that was asked ahead is read now."""
    key = f"{_AHEAD}:{whose}:{page}"
    try:
        if due := caches["last_read"].get(key):
            _write([*due, (key, None)])
    except Exception:
        log.exception("What was read could not be kept.")


def of_the_page() -> Reads | None:
    return _of_the_page.get()


def oldest() -> datetime | None:
    """When the oldest of what this page was given instead of an answer had been read."""
    reads = _of_the_page.get()
    return reads.oldest if reads else None


class Beside(Generic[T]):
    """Something that is made in another thread for a page, in a context of its own. `failure`: a read of it that
    failed, whatever was made of that."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call
        self.failure: errors.FlowtlyError | None = None

    def __call__(self) -> T:
        _beside.set(self)
        return self._call()

    def instead(self) -> Callable[[], T] | None:
        """The same out of what was read before, if Flowtly is away; for the page's own thread."""
        reads = _of_the_page.get()
        if reads is None or self.failure is None or not reads.stands_in(self.failure):
            return None
        return self._as_read_before

    def _as_read_before(self) -> T:
        mark = _instead.set(self.failure)
        try:
            return self._call()
        finally:
            _instead.reset(mark)


def _now() -> float:
    return datetime.now(UTC).timestamp()


# What is kept of a read, by its key; None where it must be kept no more.
Kept = tuple[str, tuple[float, bytes] | None]


def _due(key: str, call: Call, answer: Answer, read_at: float, ahead: str) -> Kept | None:
    data = essence(answer.data) if call.expects == "anything" else answer.data
    body = json.dumps(data, separators=(",", ":")).encode()
    digest = sha256(body).digest()
    if _written.get(key) == digest:
        return None
    if not ahead:
        _written.set(key, digest)
    plain = without_secrets(call, data) if len(body) <= LARGEST else None
    if plain is None:  # and what was kept is of before
        return key, None
    if plain is not data:
        body = json.dumps(plain, separators=(",", ":")).encode()
    return key, (read_at, zlib.compress(body, 1))


def _write(due: Sequence[tuple[str, object]], life: int = LIFE) -> None:
    """All of a page at once, in an order that is the same for everybody: one wait where the database is busy."""
    cache = caches["last_read"]
    at_once = transaction.atomic() if isinstance(cache, SharedCache) else nullcontext()
    with spare("What was read"), at_once:
        for key, kept in sorted(due, key=itemgetter(0)):
            if kept is None:
                cache.delete(key)
            else:
                cache.set(key, kept, life)


def without_secrets(call: Call, data: object) -> object:
    """What may be kept of a body: of configs all but the values that look secret; nothing of any other that holds
    one."""
    if call.path.split("/")[1] != Configs.path.strip("/"):
        return None if holds_one(data) else data
    if isinstance(data, list):
        return _guarded(data)
    if not isinstance(data, dict):
        return None
    lists = [name for name in MEMBERS if isinstance(data.get(name), list)]
    if lists:
        return {**data, **{name: _guarded(data[name]) for name in lists}}
    return guard(Config.read(data), call.path.rpartition("/")[2]).raw


def _guarded(items: list[Any]) -> list[Any]:
    return [guard(Config.read(item)).raw if isinstance(item, dict) else str(item) for item in items]
