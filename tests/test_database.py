"""Our own database busy, full, not to be written or not to be had: pages that read go on, the rest says so."""

import json
from pathlib import Path

import pytest
from django.db import connection

from dashboard.accounts.models import Person
from dashboard.storage.database import Trouble, trouble
from tests.support.markup import CheckedClient
from tests.support.processes import Dashboard
from tests.support.sandbox import Sandbox, settings_for
from tests.support.url_patterns import url_patterns
from tests.web.test_policies import path_of

# Exports are on record before a line of them leaves.
WRITE = {"exports:all", "exports:list", "account_logout"}

PROGRAM = """
import json, sqlite3, sys
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client
from allauth.usersessions.models import UserSession
from dashboard.accounts.demo import make_demo_people
from dashboard.accounts.models import Person

settings.DATABASES["default"]["OPTIONS"]["timeout"] = 0.3
settings.ALLOWED_HOSTS = ["testserver"]
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
call_command("migrate", verbosity=0)
call_command("createcachetable", verbosity=0)
make_demo_people("demo")
vera = Person.objects.get(username="viewer")
client = Client(raise_request_exception=False)
client.force_login(vera)
session = client.session
session["used_at"] -= 300
session.save()
over = Client(raise_request_exception=False)
over.force_login(vera)
session = over.session
session["used_at"] -= 31 * 60
session.save()
other = sqlite3.connect(settings.DATABASES["default"]["NAME"], isolation_level=None)
match sys.argv[1]:
    case "busy":
        other.execute("BEGIN IMMEDIATE")
    case "full":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1")  # which is as many as there are
            for size in (3000, 300, 30):
                row = f"INSERT INTO django_session VALUES (hex(randomblob(16)), hex(randomblob({size})), '2999-01-01')"
                try:
                    while True:
                        cursor.execute(row)
                except OperationalError:
                    pass
    case "read-only":
        connection.cursor().execute("PRAGMA query_only = ON")
    case "gone":
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = "/nowhere/at.all"
said = []
for path in sys.argv[2:]:
    answer = client.get(path)
    said.append([path, answer.status_code, answer.content.decode(), dict(answer.headers)])
answer = over.get("/help/")
said.append(["over", answer.status_code, answer.headers.get("Location", ""), dict(answer.headers)])
answer = Client(raise_request_exception=False).post("/accounts/login/", {"login": "finance", "password": "demo"})
said.append(["sign in", answer.status_code, answer.content.decode(), dict(answer.headers)])
print("SAID", json.dumps(said))
"""

# Path, status, text, headers.
Said = tuple[str, int, str, dict[str, str]]
READING = ["/", "/o/org_1001/", "/o/org_1001/locations/", "/o/org_1001/locations/1/", "/status/", "/audit/", "/help/",
           "/approvals/", "/accounts/me/", "/people/"]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "title"),
    [
        ("busy", "The dashboard is busy"),
        ("full", "The dashboard cannot store anything"),
        ("read-only", "The dashboard&#x27;s database cannot be used"),
        ("redis", "The dashboard&#x27;s cache does not answer"),
    ],
)
def test_pages_that_read_are_drawn_and_signing_in_says_what_is_the_matter(
    state: str, title: str, sandbox: Sandbox, tmp_path: Path
) -> None:
    said = asked(sandbox, tmp_path, state, READING)
    signing_in, over = said.pop(), said.pop()
    assert state == "redis" or over[1:3] == (302, "/accounts/login/?next=/help/")
    assert {path: status for path, status, _, _ in said if status not in {200, 403}} == {}
    assert not [path for path, _, text, _ in said if "own database does not give" in text]
    assert "Locations" in said[2][2]
    assert (signing_in[1], title in signing_in[2]) == (503, True), signing_in[2]
    assert signing_in[3]["Retry-After"] == "5"
    assert 'data-problem="503"' in signing_in[2]


def test_a_database_that_is_gone_is_said_on_every_page(sandbox: Sandbox, tmp_path: Path) -> None:
    for path, status, text, _ in asked(sandbox, tmp_path, "gone", ["/", "/o/org_1001/locations/1/"])[:2]:
        assert (status, "database cannot be used" in text) == (503, True), path


def asked(sandbox: Sandbox, var: Path, state: str, paths: list[str]) -> list[Said]:
    api = {
        name: ",".join(value) if isinstance(value, list) else str(value)
        for name, value in settings_for(sandbox).items()
    }
    if state == "redis":  # nothing listens there
        api["CACHE_URL"] = "redis://127.0.0.1:9/0"
    dashboard = Dashboard(f"sqlite:///{var}/db.sqlite3", var, **api)
    line = dashboard.run(PROGRAM, state, *paths).rpartition("SAID ")[2]
    return [tuple(each) for each in json.loads(line)]


def test_no_page_that_reads_needs_to_write(sandbox: Sandbox, people: dict[str, Person]) -> None:
    """Every URL there is, with a database that takes nothing. A session is due to be written down at each."""
    for name, pattern, _ in url_patterns():
        if name in WRITE:
            continue
        client = CheckedClient()
        client.force_login(people["admin"])
        session = client.session
        session["used_at"] -= 300
        session.save()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA query_only = ON")
            answer = client.get(path_of(pattern, "org_1001"))
            cursor.execute("PRAGMA query_only = OFF")
        assert answer.status_code < 500, name


@pytest.mark.parametrize(
    ("module", "name", "text", "found"),
    [
        ("django.db", "OperationalError", "database is locked", Trouble.BUSY),
        ("django.db", "OperationalError", "canceling statement due to lock timeout", Trouble.BUSY),
        ("django.db", "OperationalError", "deadlock detected", Trouble.BUSY),
        ("django.db", "OperationalError", "sorry, too many clients already", Trouble.BUSY),
        ("django.db", "OperationalError", "database or disk is full", Trouble.FULL),
        ("django.db", "OperationalError", "could not extend file: No space left on device", Trouble.FULL),
        ("django.db", "OperationalError", "attempt to write a readonly database", Trouble.AWAY),
        ("django.db", "InternalError", "cannot execute UPDATE in a read-only transaction", Trouble.AWAY),
        ("django.db", "InterfaceError", "the connection is closed", Trouble.AWAY),
        ("redis.exceptions", "ConnectionError", "Connection refused", Trouble.CACHE),
        ("redis.exceptions", "TimeoutError", "Timeout reading from socket", Trouble.CACHE),
        ("django.db", "IntegrityError", "UNIQUE constraint failed", None),
        ("django.db", "ProgrammingError", "relation does not exist", None),
        ("builtins", "ValueError", "database is locked", None),
    ],
)
def test_what_is_the_matter_is_told_from_mistakes_of_the_code(
    module: str, name: str, text: str, found: Trouble | None
) -> None:
    error = getattr(__import__(module, fromlist=[name]), name)(text)
    assert trouble(error) is found
