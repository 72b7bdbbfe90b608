"""Queries of a page: what every request reads of our own database, and how often."""

from collections.abc import Callable

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboard.accounts.models import Person
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]


def asked(client: CheckedClient, url: str) -> list[str]:
    """The statements of the second time somebody opens a page: the first learns and writes down."""
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    # What a process says of itself every few seconds goes to the database after the answer.
    return [each["sql"] for each in queries.captured_queries if '"status_' not in each["sql"]]


def about(statements: list[str], table: str) -> int:
    return sum(f'FROM "{table}"' in each for each in statements)


@pytest.mark.parametrize("username", ["admin", "backoffice", "finance", "viewer"])
@pytest.mark.parametrize("url", ["/help/", "/find/", "/", "/o/org_1001/locations/", "/o/org_1001/clients/"])
def test_a_page_reads_who_asks_and_what_waits_in_one_query_each(
    sandbox: Sandbox, signed_in: SignIn, username: str, url: str
) -> None:
    statements = [each for each in asked(signed_in(username), url) if each.startswith("SELECT")]
    # Session, person, what they may, what was learnt of Flowtly, what was opened lately, what waits.
    assert len(statements) <= 6, statements
    for table in ("django_session", "accounts_person", "accounts_openedorganization", "dashboard_cache"):
        assert about(statements, table) <= 1, statements


def test_a_page_that_only_reads_writes_nothing(sandbox: Sandbox, signed_in: SignIn) -> None:
    statements = asked(signed_in("backoffice"), "/o/org_1001/locations/")
    assert [each for each in statements if each.startswith(("INSERT", "UPDATE", "DELETE"))] == []


def test_permissions_are_those_of_all_groups_and_ones_own(people: dict[str, Person]) -> None:
    person = people["viewer"]
    person.groups.add(*people["finance"].groups.all())
    person.user_permissions.add(Permission.objects.get(codename="manage_people"))
    asks, plain = Person.objects.get(pk=person.pk), Person.objects.get(pk=person.pk)
    assert asks.get_all_permissions() == ModelBackend().get_all_permissions(plain)
    assert asks.has_perm("accounts.manage_people") and asks.has_perm("accounts.act_money")


@pytest.mark.parametrize("change", ["inactive", "nobody's groups"])
def test_permissions_end_with_what_gave_them(people: dict[str, Person], change: str) -> None:
    person = people["finance"]
    if change == "inactive":
        person.is_active = False
    else:
        person.groups.clear()
    person.save()
    assert Person.objects.get(pk=person.pk).get_all_permissions() == set()
