"""How long a session lives: a while without use, and never beyond a working day."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse

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
            elif now - used > min(WRITTEN_EVERY, settings.SESSION_IDLE_SECONDS / 10):
                request.session["used_at"] = now
        return self.get_response(request)
