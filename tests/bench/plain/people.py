"""Program: makes the tables and so many people, signs them in, and prints user name → session key as JSON."""

import json
import sys
from importlib import import_module

from tests.bench.plain import site

assert site.application

from django.conf import settings  # noqa: E402 - once Django is set up
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402


def signed_in(username: str) -> str:
    person = User.objects.create(username=username)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    print(json.dumps({name: signed_in(name) for name in (f"backoffice{n}" for n in range(int(sys.argv[1])))}))
