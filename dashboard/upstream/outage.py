"""Whether Flowtly is away: what the pages say of it, and how they find out that it is back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from time import time

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dashboard.flowtly import deadline, errors
from dashboard.upstream import connection, offline
from dashboard.web import formatting
from dashboard.web.request import public

LOOK = 2.0  # seconds that a look at whether it answers may take
LATELY = 15.0  # seconds for which an answer counts
ANSWERED = "flowtly-answered"  # in the cache: when a process last found it back

_looking = Lock()


@dataclass(frozen=True)
class Told:
    """What a page says: since when Flowtly is away, and when what it shows had been read. `off`: nothing that is
    typed here can be sent."""

    since: str = ""
    read: str = ""
    age: str = ""
    read_at: datetime | None = None
    off: bool = False


@public
def away(request: HttpRequest) -> HttpResponse:
    """What the banner says now, for pages that are open. Asks Flowtly itself where that has not been done lately.

    Where a session has ended meanwhile it says nothing: to be sent to the sign-in by a look that a page takes by
    itself would be a failure on that page, and nobody asked for it.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    reach = connection.connection().reach
    if reach.missing or not reach.heard_within(LATELY):
        answers()
    return render(request, "_away.html", {"away": _told(request, _moment(request.GET.get("read", "")))})


def told(request: HttpRequest) -> Told:
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return _told(request, offline.oldest()) if known else Told()


def _told(request: HttpRequest, read_at: datetime | None) -> Told:
    since = connection.connection().reach.away_since
    zone = getattr(request.user, "time_zone", "")
    return Told(
        since=_at(since, zone) if since else "",
        read=_at(read_at, zone) if read_at else "",
        age=formatting.span((timezone.now() - read_at).total_seconds()) if read_at else "",
        read_at=read_at,
        # What was posted is answered by what became of it, and may be sent again.
        off=request.method != "POST" and bool(since or read_at),
    )


def _at(moment: datetime, zone: str) -> str:
    """The time of day, of another day with its date."""
    said, now = formatting.when(moment, zone), formatting.when(timezone.now(), zone)
    date, _, clock = said.rpartition(" ")[0].rpartition(" ")
    return said.removeprefix(date).strip() if clock and now.startswith(date) else said


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None


# --- finding out ---


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


@contextmanager
def watched() -> Iterator[None]:
    """Around a request. While it is away: if another process has had an answer since, this one asks again at once;
    and if this one has one, it tells the others."""
    api = connection.connection()
    since = api.reach.away_since
    if since and cache.get(ANSWERED, 0.0) > since.timestamp():
        api.breaker.try_again()
    yield
    if since and api.reach.away_since is None:
        cache.set(ANSWERED, time(), 3600)
