"""Who is signed in, from where, and for how long: a while without use, and never beyond a working day.

Each session has a row in `SignedIn`, so that its owner can see it and end it. Ending takes the session itself away;
whoever holds it is nobody at the next request.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from dashboard.accounts.models import Person, SignedIn

# How often the last use is written down: seldom enough that reading pages writes nothing.
WRITTEN_EVERY = 60


class SessionLimits:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            started = request.session.setdefault("started_at", now)
            used = request.session.setdefault("used_at", now)
            if (
                now - used > settings.SESSION_IDLE_SECONDS
                or now - started > settings.SESSION_ABSOLUTE_SECONDS
            ):
                logout(request)
            elif now - used > min(WRITTEN_EVERY, settings.SESSION_IDLE_SECONDS / 10) and by_hand(request):
                request.session["used_at"] = now
                write_down(request, request.user)
        return self.get_response(request)


def by_hand(request: HttpRequest) -> bool:
    """What open pages ask by themselves keeps nobody signed in."""
    return request.path_info != reverse("away")


def write_down(request: HttpRequest, person: Person) -> None:
    """That somebody is here, with this session, now."""
    now = timezone.now()
    if not request.session.session_key:
        request.session.create()
    seen = {"person": person, "used_at": now, "address": _address(request)}
    seen["browser"] = request.META.get("HTTP_USER_AGENT", "")[:400]
    SignedIn.objects.update_or_create(
        session_key=request.session.session_key, defaults=seen, create_defaults={**seen, "since": now}
    )


def began(sender: object, request: HttpRequest, user: Person, **_kwargs: Any) -> None:
    """Signal: somebody has signed in."""
    SignedIn.objects.filter(since__lt=timezone.now() - _longest()).delete()
    request.session["started_at"] = request.session["used_at"] = time.time()
    write_down(request, user)


def ended(sender: object, request: HttpRequest, **_kwargs: Any) -> None:
    """Signal: somebody has signed out."""
    SignedIn.objects.filter(session_key=request.session.session_key or "").delete()


def of(person: Person) -> QuerySet[SignedIn]:
    """Where somebody is signed in now, the latest used first."""
    now = timezone.now()
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    return person.sessions.filter(used_at__gte=now - idle, since__gte=now - _longest()).order_by("-used_at")


def end(rows: QuerySet[SignedIn]) -> int:
    """Ends these; how many they were. After the commit of what they are ended for, or a shared cache could be
    filled again from what the database still shows."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = list(rows)
    for row in found:
        store(row.session_key).delete()
    SignedIn.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


def go_on_with(request: HttpRequest, person: Person) -> None:
    """The password has changed: this session goes on under a new key, every other one is over."""
    before = request.session.session_key
    update_session_auth_hash(request, person)
    SignedIn.objects.filter(session_key=before).update(session_key=request.session.session_key)
    end(person.sessions.exclude(session_key=request.session.session_key))


def _longest() -> timedelta:
    return timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)


def _address(request: HttpRequest) -> str | None:
    try:
        return str(get_adapter().get_client_ip(request))
    except PermissionDenied:  # a request that did not come over the network
        return None
