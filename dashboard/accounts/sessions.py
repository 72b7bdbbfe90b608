"""Session limits and the list of sign-ins: a while without use, and never beyond a working day.

allauth keeps a row of each session, so that its owner can see it and end it. Ending takes the session itself away;
whoever holds it is nobody at the next request.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import UpdateError
from django.db import Error as DatabaseError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.accounts.session_store import SessionStore
from dashboard.storage.database import spare
from dashboard.web.request import by_hand

# How often the last use is written down: seldom enough that reading pages writes nothing. allauth's own middleware
# would write at every request.
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
                _leave(request)
            elif now - used > min(WRITTEN_EVERY, settings.SESSION_IDLE_SECONDS / 10) and by_hand(request):
                _used(request, now)
        return self.get_response(request)


def _used(request: HttpRequest, now: float) -> None:
    """Saved here and not at the end, where a page that reads would fail with it."""
    try:
        with spare("The last use of a session"):
            request.session["used_at"] = now
            request.session.save()
            UserSession.objects.create_from_request(request)
        request.session.modified = False
    except UpdateError:  # ended from elsewhere in this very moment
        _be_nobody(request)


def _leave(request: HttpRequest) -> None:
    """A session whose time is over ends, whether or not it can be taken away."""
    try:
        logout(request)
    except DatabaseError:
        _be_nobody(request)


def _be_nobody(request: HttpRequest) -> None:
    request.session, request.user = SessionStore(), AnonymousUser()


def began(sender: object, request: HttpRequest, **_kwargs: object) -> None:
    """Signal: somebody has signed in. allauth takes away only their own old rows."""
    UserSession.objects.filter(created_at__lt=timezone.now() - _longest()).delete()
    request.session["started_at"] = request.session["used_at"] = time.time()


def ended(sender: object, request: HttpRequest, **_kwargs: object) -> None:
    """Signal: somebody has signed out."""
    UserSession.objects.filter(session_key=request.session.session_key or "").delete()


def of(person: Person) -> QuerySet[UserSession]:
    """Where somebody is signed in now, the latest used first."""
    now = timezone.now()
    idle = timedelta(seconds=settings.SESSION_IDLE_SECONDS)
    mine: QuerySet[UserSession] = UserSession.objects.filter(user=person)
    return mine.filter(last_seen_at__gte=now - idle, created_at__gte=now - _longest()).order_by(
        "-last_seen_at"
    )


def others(request: HttpRequest) -> QuerySet[UserSession]:
    """One's own sessions but for the one that asks."""
    mine: QuerySet[UserSession] = UserSession.objects.filter(user=request.user)
    return mine.exclude(session_key=request.session.session_key)


def end(found: QuerySet[UserSession]) -> int:
    """Ends these; how many they were. After the commit of what they are ended for, or a shared cache could be
    filled again from what the database still shows."""
    sessions = list(found)
    for session in sessions:
        session.end()
    return len(sessions)


def end_all(person: Person) -> int:
    return end(UserSession.objects.filter(user=person))


def go_on_with(request: HttpRequest, person: Person) -> None:
    """The password has changed: this session goes on under a new key, every other one is over."""
    before = request.session.session_key
    update_session_auth_hash(request, person)
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)
    end(others(request))


def _longest() -> timedelta:
    return timedelta(seconds=settings.SESSION_ABSOLUTE_SECONDS)
