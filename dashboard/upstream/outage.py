"""Outage: whether Flowtly is away, and how this site finds out that it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from time import time

from django.core.cache import cache

from dashboard.flowtly import deadline, errors
from dashboard.storage.database import spare
from dashboard.upstream import connection

LOOK = 2.0  # seconds that a look at whether it answers may take
LATELY = 15.0  # seconds for which an answer counts
ANSWERED = "flowtly-answered"  # in the cache: when a process last found it back

_looking = Lock()


def since() -> datetime | None:
    """When it was missed first, where it is away."""
    return connection.connection().reach.away_since


def look() -> None:
    """Asks whether it answers, where that has not been done lately."""
    reach = connection.connection().reach
    if reach.missing or not reach.heard_within(LATELY):
        answers()


def alive() -> bool:
    """Whether Flowtly answers others, where one call was not answered."""
    reach = connection.connection().reach
    if reach.away_since:
        return False
    return not reach.missing or answers()


def answers() -> bool:
    """Whether Flowtly answers now. Asks it, one at a time in a process."""
    reach, asked_at = connection.connection().reach, time()
    if not _looking.acquire(timeout=deadline.at_most(LOOK)):
        return reach.away_since is None
    try:
        if reach.heard_within(time() - asked_at):  # somebody else has looked meanwhile
            return True
        with deadline.within(LOOK):
            connection.flowtly("").organizations.list(items=1)
    except errors.FlowtlyError:
        if reach.missing:
            reach.missed(sure=True)
    finally:
        _looking.release()
    return reach.away_since is None


def misplaced() -> bool:
    """Whether nothing of Flowtly's is at the address that is set: not even its list of organizations."""
    if connection.memory.get("asked organizations") is not None:  # it has been read
        return False
    try:
        with deadline.within(LOOK):
            connection.flowtly("").organizations.list(items=1)
    except (errors.NotFound, errors.MethodNotAllowed, errors.Unreadable):
        return True
    except errors.FlowtlyError:
        return False
    return False


@contextmanager
def watched() -> Iterator[None]:
    """Around a request. While it is away: if another process has had an answer since, this one asks again at once;
    and if this one has one, it tells the others."""
    api = connection.connection()
    since = api.reach.away_since
    if since:
        with spare("What other processes heard of Flowtly"):
            if cache.get(ANSWERED, 0.0) > since.timestamp():
                api.breaker.try_again()
    yield
    if since and api.reach.away_since is None:
        with spare("That Flowtly answers again"):
            cache.set(ANSWERED, time(), 3600)
