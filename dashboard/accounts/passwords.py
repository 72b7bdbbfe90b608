"""One-time passwords: made, handed over once, and good for nothing but choosing another."""

import secrets
from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django_htmx.http import HttpResponseClientRedirect

from dashboard.accounts.models import Person
from dashboard.web.request import StaffRequest, rule_of

# Without letters and digits that are taken for each other when read aloud. 20 of them are 99 bits.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, SIZE = 4, 5
OWN = "me:password"
ONE_TIME_LASTS = timedelta(hours=72)


def one_time() -> str:
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(SIZE)) for _ in range(GROUPS))


def give(person: Person, password: str, *, one_time: bool) -> None:
    hold(person, password, one_time=one_time)
    person.save(update_fields=["password", "has_demo_password", "must_change_password", "one_time_until"])


def hold(person: Person, password: str, *, one_time: bool) -> None:
    """Gives somebody a password without saving them."""
    person.set_password(password)
    person.must_change_password = one_time
    person.one_time_until = timezone.now() + ONE_TIME_LASTS if one_time else None


def has_run_out(person: Person) -> bool:
    until = person.one_time_until
    return person.must_change_password and until is not None and until <= timezone.now()


class OwnPasswordFirst:
    """Whoever signed in with a one-time password gets to the page where they choose their own, and no further."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: StaffRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        here = request.resolver_match.view_name if request.resolver_match else ""
        if not getattr(request.user, "must_change_password", False) or here == OWN:
            return None
        rule = rule_of(view)
        if rule is not None and rule.public:
            return None
        answer = redirect_to_login(request.get_full_path(), reverse(OWN))
        return HttpResponseClientRedirect(answer["Location"]) if request.htmx else answer
