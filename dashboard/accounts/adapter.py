"""How allauth signs people in here: who may, how often somebody may try, and what is put on record."""

from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from dashboard.accounts import security_events
from dashboard.accounts.known_devices import device_of
from dashboard.accounts.models import Person, folded
from dashboard.accounts.passwords import has_run_out
from dashboard.web.client_address import client_address

LOCKED_FOR = 300  # seconds, as ACCOUNT_RATE_LIMITS has it


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """People are added by a superuser; nobody signs up. Signing in and out says nothing: the page shows it."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("That user name and password do not belong together."),
        "too_many_login_attempts": _("Too many failed sign-ins. Wait five minutes, then try again."),
        "one_time_password_expired": _("This one-time password has expired. Ask a superuser for a new one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: object, **kwargs: object) -> None:
        return None

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: str) -> None:
        """Counts the attempt: of an account from an address, of an address, and of an account from anywhere. From a
        known device it counts for that device alone, so that strangers lock out strangers."""
        name = folded(credentials["username"])
        person = Person.objects.named(name)
        if device := device_of(request, person):
            limits = {"login_device": device}
        else:
            limits = {"login_failed": f"{name} {client_address(request)}", "login_account": name}
        self._used: list[Any] = []
        for action, key in limits.items():
            used = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if not used:
                if cache.add(f"sign-in-locked:{action}:{sha256(key.encode()).hexdigest()}", True, LOCKED_FOR):
                    security_events.record(request, security_events.LOCKED, person)
                raise self.validation_error("too_many_login_attempts")
            self._used.append(used)

    def _rollback_login_failed_rl_usage(self) -> None:
        for used in self._used:
            used.rollback()

    def authenticate(self, request: HttpRequest, **credentials: str) -> Person | None:
        person: Person | None = super().authenticate(request, **credentials)
        if person is not None and has_run_out(person):
            security_events.record(request, security_events.FAILED, person)
            raise self.validation_error("one_time_password_expired")
        return person

    def authentication_failed(self, request: HttpRequest, **credentials: str) -> None:
        person = Person.objects.named(credentials["username"])
        security_events.record(request, security_events.FAILED, person)

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        security_events.record(request, security_events.SIGN_IN, user)

    def logout(self, request: HttpRequest) -> None:
        person = request.user if isinstance(request.user, Person) else None
        security_events.record(request, security_events.SIGN_OUT, person)
        super().logout(request)
