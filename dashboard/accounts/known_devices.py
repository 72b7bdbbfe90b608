"""Known device: a browser from which somebody has signed in before, told by a signed cookie.

Attempts from it count by themselves. So whoever tries a colleague's name over and over, from anywhere, locks out
nobody but strangers.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from dashboard.accounts.models import Person

COOKIE = "__Host-device" if settings.TLS else "device"
SALT = "dashboard.accounts.known_devices"
KEPT = 90 * 24 * 3600  # seconds


def device_of(request: HttpRequest, person: Person | None) -> str:
    """The device's own number, if this person has signed in from it; else ""."""
    try:
        pk, number = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=KEPT)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(number) if person is not None and pk == person.pk else ""


def remember(response: HttpResponse, person: Person) -> None:
    value = signing.dumps([person.pk, secrets.token_hex(8)], salt=SALT)
    response.set_cookie(COOKIE, value, max_age=KEPT, httponly=True, samesite="Lax", secure=settings.TLS)
