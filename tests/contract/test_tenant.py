"""An API that answers every tenant with one organization's records: every page says so, and nothing is sent to it."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from dashboard.audit.models import Open
from dashboard.entity import Entity, get
from dashboard.upstream.cache import forget_all
from tests.contract import examples
from tests.contract.conftest import ORGANIZATION, Pages, every
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

OTHER = "org_1002"
NAMING = r"GET /(subscriptions|organization-addresses|organizations/mail-footer)(/[^/]+)?"


def written(sandbox: Sandbox) -> list[Any]:
    """What was sent to change something."""
    login = sandbox.names["login_path"]
    asked = [each for each in sandbox.requests() if each["method"] != "GET"]
    return [each for each in asked if not each["path"].endswith(login)]


def proofs(sandbox: Sandbox) -> int:
    return len([each for each in sandbox.requests() if each["query"].get("itemsPerPage") == "5"])


@pytest.fixture
def elsewhere(pages: Pages) -> Pages:
    """The header has no effect, and nothing was proved before."""
    pages.sandbox.settings(tenant=OTHER)
    return pages


def refused(pages: Pages, answer: Any, typed: dict[str, str]) -> None:
    page = answer.content.decode()
    assert answer.status_code == 503, page
    assert 'data-outcome="not-sent"' in page
    assert OTHER in page
    assert "FLOWTLY_TENANT_HEADER" in page
    assert all(value in page for value in typed.values())
    assert written(pages.sandbox) == []


@every(lambda entity: entity.pages.new and entity.of_organization)
def test_a_new_one_is_not_sent_to_another_organization(elsewhere: Pages, entity: Entity) -> None:
    typed = examples.new(entity.name, elsewhere.text(elsewhere.new_url(entity)))
    refused(elsewhere, elsewhere.client.send(elsewhere.new_url(entity), typed), typed)


@every(lambda entity: entity.pages.edit and entity.of_organization)
def test_a_change_is_not_sent_to_another_organization(elsewhere: Pages, entity: Entity) -> None:
    url = elsewhere.record_url(entity)
    typed = {examples.changed(entity.name, elsewhere.text(url)).name: "Typed here"}
    elsewhere.sandbox.clear_requests()
    refused(elsewhere, elsewhere.client.send(url, typed), typed)


@every(lambda entity: entity.pages.delete and entity.of_organization)
def test_nothing_of_another_organization_is_deleted(elsewhere: Pages, entity: Entity) -> None:
    url = elsewhere.url(entity, entity.pages.delete, elsewhere.first(entity).id)
    refused(elsewhere, elsewhere.client.send(url, {}), {})


@every(lambda entity: entity.pages.edit and entity.of_organization)
def test_a_header_that_loses_its_effect_is_noticed_once_the_proof_is_old(
    pages: Pages, entity: Entity
) -> None:
    url = pages.record_url(entity)
    hidden = pages.client.hidden(url)
    pages.sandbox.settings(tenant=OTHER)
    forget_all()
    answer = pages.client.post(url, {**hidden, "name": "Typed here"})
    assert answer.status_code == 503
    assert OTHER in answer.content.decode()
    assert written(pages.sandbox) == []


@every(lambda entity: entity.pages.list and entity.of_organization)
def test_a_page_with_the_records_of_another_says_so(elsewhere: Pages, entity: Entity) -> None:
    url = elsewhere.url(entity, entity.pages.list)
    assert f'data-another="{OTHER}"' in elsewhere.text(url)
    elsewhere.sandbox.settings(tenant="")
    forget_all()
    assert "data-another" not in elsewhere.text(url)


@every(lambda entity: entity.pages.edit and entity.of_organization)
def test_a_lost_answer_is_not_settled_by_the_records_of_another(pages: Pages, entity: Entity) -> None:
    url = pages.record_url(entity)
    field = examples.changed(entity.name, pages.text(url))
    pages.sandbox.faults(f"PATCH {entity.path}/.*", {"drop": "before"}, times=1)
    pages.client.send(url, {field.name: field.example(other=True)})
    Open.objects.update(at=timezone.now() - timedelta(seconds=75))
    pages.sandbox.settings(tenant=OTHER)
    forget_all()
    said = StringIO()
    call_command("reconcile", stdout=said)
    assert OTHER in said.getvalue()
    assert Open.objects.count() == 1


def test_it_is_proved_once_and_holds(pages: Pages) -> None:
    forget_all()
    overview = reverse("locations:index", kwargs={"org": ORGANIZATION})
    for _ in range(3):
        pages.text(overview)
    assert pages.create(_named("locations")).status_code == 302
    assert proofs(pages.sandbox) == 1


def test_a_record_that_is_read_anyway_proves_it(pages: Pages) -> None:
    forget_all()
    pages.text(pages.record_url(_named("addresses")))
    pages.text(reverse("locations:index", kwargs={"org": ORGANIZATION}))
    assert proofs(pages.sandbox) == 0


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 503}, {"drop": "before"}])
def test_where_nothing_can_be_read_nothing_is_sent(pages: Pages, fault: dict[str, Any]) -> None:
    pages.sandbox.faults(NAMING, fault)
    forget_all()
    assert "data-another" not in pages.text(reverse("locations:index", kwargs={"org": ORGANIZATION}))
    answer = pages.create(_named("locations"))
    assert answer.status_code == 503
    assert 'data-outcome="not-sent"' in answer.content.decode()
    assert written(pages.sandbox) == []


def test_where_no_record_names_any_a_change_goes_out(pages: Pages) -> None:
    pages.sandbox.faults(NAMING, {"status": 403})
    forget_all()
    assert pages.create(_named("locations")).status_code == 302
    assert len(written(pages.sandbox)) == 1


def test_an_organization_may_be_named_as_its_iri_names_it(
    pages: Pages, signed_in: Callable[[str], CheckedClient]
) -> None:
    pages.sandbox.faults(f"GET /organizations/{ORGANIZATION}", {"merge": {"@id": "/organizations/17"}})
    pages.sandbox.faults(
        r"GET /subscriptions", {"replace": [{"id": "s", "organization": "/organizations/17"}]}
    )
    forget_all()
    assert pages.create(_named("locations")).status_code == 302


def _named(name: str) -> Entity:
    found = get(name)
    assert found is not None
    return found
