"""Banner of an outage: what pages say while Flowtly is away, and what open pages ask for by themselves."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dashboard.upstream import offline, outage
from dashboard.web import formatting
from dashboard.web.request import public


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
    """The banner for pages that are open. Asks Flowtly itself where that has not been done lately.

    Where a session has ended meanwhile it says nothing: to be sent to the sign-in by a look that a page takes by
    itself would be a failure on that page, and nobody asked for it.
    """
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    outage.look()
    return render(request, "_away.html", {"away": _told(request, _moment(request.GET.get("read", "")))})


def told(request: HttpRequest) -> Told:
    user = getattr(request, "user", None)
    known = user is not None and user.is_authenticated
    return _told(request, offline.oldest()) if known else Told()


def _told(request: HttpRequest, read_at: datetime | None) -> Told:
    since = outage.since()
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
