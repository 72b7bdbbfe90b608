"""Program: makes people in the product's database and signs them in; prints user name → session key as JSON.

By the form it would take a minute for two hundred of them.
"""

# ruff: noqa: E402 - models can be imported once Django is set up

import json
import sys
import time

import django

django.setup()

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group

from dashboard.accounts.access_changes import by_a_page
from dashboard.accounts.models import Person
from dashboard.accounts.session_store import SessionStore

ROLES = {"admin": "", "finance": "finance", "accounts": "accounts", "viewer": "viewer"}


def signed_in(username: str, role: str) -> str:
    person, new = Person.objects.get_or_create(
        username=username, defaults={"is_staff": True, "is_superuser": not role}
    )
    if new:
        with by_a_page():
            person.set_unusable_password()
            person.save()
            person.groups.set(Group.objects.filter(name=role))
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session["started_at"] = session["used_at"] = time.time()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    crowd = {f"backoffice{number}": "backoffice" for number in range(1, int(sys.argv[1]) + 1)}
    print(json.dumps({name: signed_in(name, role) for name, role in {**ROLES, **crowd}.items()}))
