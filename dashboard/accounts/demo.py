"""The people of a try-out, and the guard that keeps their password away from a real API."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from dashboard.accounts.access_changes import by_a_page
from dashboard.accounts.models import DEMO_PASSWORD, Person
from dashboard.accounts.roles import ROLES

# User name, first and last name, roles.
DEMO_PEOPLE = (
    ("admin", "Ada", "de Boer", ()),
    ("backoffice", "Bram", "Visser", ("backoffice",)),
    ("backoffice2", "Birgit", "Holm", ("backoffice",)),
    ("accounts", "Anaïs", "Lefèvre", ("accounts",)),
    ("finance", "Filipa", "Conceição", ("finance",)),
    ("finance2", "Frederik", "Sørensen", ("finance",)),
    ("viewer", "Vera", "Kuipers", ("viewer",)),
)


def make_demo_people(password: str) -> None:
    """Makes who is missing. Somebody who is there already keeps name, roles and password."""
    for username, first, last, roles in DEMO_PEOPLE:
        if Person.objects.filter(username=username).exists():
            continue
        person = Person(
            username=username,
            first_name=first,
            last_name=last,
            is_staff=True,
            is_superuser=username == "admin",
        )
        person.set_password(password)
        person.save()
        with by_a_page():  # who is new has nothing yet that could be taken over
            person.groups.set(Group.objects.filter(name__in=roles))


def demo_people() -> list[dict[str, str]]:
    """Whom the sign-in page names while it shows the sandbox."""
    return [
        {"username": username, "role": ", ".join(str(ROLES[role]) for role in roles) or _("Superuser")}
        for username, _first, _last, roles in DEMO_PEOPLE
    ]


def hint(request: HttpRequest) -> dict[str, Any]:
    """Context processor: whom a newcomer in front of the sandbox can sign in as."""
    if not settings.SANDBOX or settings.DEMO_PASSWORD != DEMO_PASSWORD:
        return {}
    return {"demo_people": SimpleLazyObject(demo_people), "demo_password": DEMO_PASSWORD}


def refuse_demo_passwords() -> None:
    """A start against a real API stops while anybody could sign in with the published password."""
    if settings.SANDBOX:
        return
    names = Person.objects.filter(has_demo_password=True, is_active=True).values_list("username", flat=True)
    if names:
        raise ImproperlyConfigured(
            f"These people still have the demo password: {', '.join(names)}. "
            "Give them another (manage.py changepassword NAME) or take them away before using a real API."
        )
