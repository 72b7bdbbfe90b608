"""A sandbox per worker, reset for each test that uses it, and somebody to be signed in as.

Nothing here stands in for anything: the dashboard is asked over Django's client and asks the sandbox over HTTP.
"""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.apps import apps
from django.db.models.signals import post_migrate
from django.template import Template
from django.test import utils as test_utils
from pytest_django import DjangoDbBlocker

from dashboard.accounts.demo import make_demo_people
from dashboard.accounts.models import Person
from dashboard.audit import triggers
from dashboard.upstream import connection, list_cache
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox, running_sandbox, settings_for

# How long an example takes to make or to try depends on the machine and says nothing about what is tested.
hypothesis.settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("any machine")

# Tests empty tables and alter lines of the audit log. What its triggers refuse has tests of its own.
post_migrate.disconnect(triggers.lay, sender=apps.get_app_config("audit"))

# Where to leave what was asked of the sandbox; "" nowhere.
ASKED_FOLDER = os.environ.get("REQUESTS_ASKED", "")
_asked: set[str] = set()

# What the sandbox is told to be. The dashboard's settings follow from the names it then prints.
FLAVOURS = {
    "default": (),
    "flipped": ("--flipped", "--envelope", "plain", "--errors", "merged", "--instance", "item"),
    "bare": ("--envelope", "array", "--errors", "lexik"),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--flavour", choices=FLAVOURS, default="default", help="how the sandbox speaks")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests are spread one by one. What a module starts once, such as a server, keeps its tests on one worker."""
    for item in items:
        if not isinstance(item, pytest.Function):
            continue
        if "flavour" in item.fixturenames and item.get_closest_marker("any_flavour") is None:
            item.add_marker("api")
        used = item._fixtureinfo.name2fixturedefs.values()
        if any(fixtures[-1].scope == "module" for fixtures in used):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))


@pytest.fixture(scope="session")
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.config.getoption("--flavour"))


@pytest.fixture(scope="session")
def _sandbox(flavour: str) -> Iterator[Sandbox]:
    with running_sandbox(*FLAVOURS[flavour]) as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(_sandbox: Sandbox, settings: object) -> Iterator[Sandbox]:
    """The API, as new, with the dashboard talking to it."""
    _sandbox.reset()
    for name, value in settings_for(_sandbox).items():
        setattr(settings, name, value)
    connection.forget()
    list_cache.forget_all()
    yield _sandbox
    connection.forget()
    if ASKED_FOLDER:
        _asked.update(f"{r['method']} {r['path']}" for r in _sandbox.requests() if r["status"])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Leaves what was asked of the sandbox, for `tests.endpoint_coverage.py`."""
    if ASKED_FOLDER and _asked:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
        (Path(ASKED_FOLDER) / f"{worker}.txt").write_text("\n".join(sorted(_asked)))


@pytest.fixture
def client() -> CheckedClient:
    """Nobody in particular."""
    return CheckedClient()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The people of a try-out are made once per database: to make them takes as long as to draw a page."""
    with django_db_blocker.unblock():
        make_demo_people("demo")


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    """Somebody of each role; the password is "demo"."""
    if not Person.objects.exists():  # a test that commits leaves empty tables
        make_demo_people("demo")
    return {person.username: person for person in Person.objects.all()}


@pytest.fixture
def signed_in(people: dict[str, Person]) -> Callable[[str], CheckedClient]:
    def sign_in(username: str) -> CheckedClient:
        client = CheckedClient()
        client.force_login(people[username])
        return client

    return sign_in


@pytest.fixture
def backoffice(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    """Somebody of the back office, in front of the sandbox."""
    return signed_in("backoffice")


@pytest.fixture
def an_organization() -> str:
    """Kwelgeest Groep: a production organization with more locations than fit on a page."""
    return "org_1001"


@pytest.fixture(scope="session", autouse=True)
def _templates_drawn_as_ever(django_test_environment: None) -> None:
    """Django's test environment copies every context for `response.context`, a tenth of a page's time, and no
    test here looks behind the page."""
    Template._render = test_utils._TestState.saved_data.template_render  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another host is wrong."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test reached for {address[0]}")
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
