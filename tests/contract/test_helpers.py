"""A page that only offers choices from a list stands without it: one missing endpoint is one missing endpoint."""

import re
from typing import Any

import pytest

from dashboard.entity import Entity
from dashboard.upstream.cache import forget_all
from tests.contract.conftest import ORGANIZATION, Pages, every

FAULTS: list[dict[str, Any]] = [{"status": 404}, {"status": 405}, {"status": 403}, {"status": 500}]


def asked_beside(pages: Pages, entity: Entity, url: str) -> list[str]:
    """What the page asks for besides the organization and records of its own."""
    forget_all()
    pages.sandbox.clear_requests()
    pages.text(url)
    paths = {each["path"].removeprefix(pages.sandbox.names["base_path"]) for each in pages.sandbox.requests()}
    own = re.compile(rf"/organizations(/org_\d+)?|{entity.path}/.*|/docs.*|.*/login.*")
    return sorted(path for path in paths if not own.fullmatch(path))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault["status"]))
@every(lambda entity: entity.pages.new)
def test_a_form_for_a_new_one_stands_without_what_it_offers(
    pages: Pages, entity: Entity, fault: dict[str, Any]
) -> None:
    stands(pages, entity, pages.new_url(entity), fault)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: str(fault["status"]))
@every(
    lambda entity: entity.pages.record and entity.name != "client-contacts"
)  # it is a part of its client's
def test_the_page_of_one_stands_without_what_it_offers(
    pages: Pages, entity: Entity, fault: dict[str, Any]
) -> None:
    stands(pages, entity, pages.record_url(entity), fault)


def test_what_cannot_be_chosen_is_typed(pages: Pages) -> None:
    pages.sandbox.faults("GET /organization-addresses", {"status": 404})
    url = f"/o/{ORGANIZATION}/subscriptions/new/"
    iri = pages.api.addresses.iri("addr_1001_2")
    typed = {"type": "team", "seats": "3", "products": "prod_team", "organizationAddress": iri}
    assert pages.client.send(url, typed).status_code == 302
    (body,) = [
        each["body"]
        for each in pages.sandbox.requests()
        if each["path"].endswith("/subscriptions") and each["body"]
    ]
    assert body["organizationAddress"] == iri


def stands(pages: Pages, entity: Entity, url: str, fault: dict[str, Any]) -> None:
    for path in asked_beside(pages, entity, url):
        forget_all()
        pages.sandbox.faults(f"GET {re.escape(path)}", fault)
        answer = pages.client.get(url)
        assert answer.status_code == 200, (path, fault)
        pages.sandbox.clear_faults()
