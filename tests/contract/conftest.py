"""One suite over every registered entity: what it declares of itself is held against what its pages do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.urls import reverse

from dashboard.entity import Collection, Entity, entities
from dashboard.flowtly import Flowtly
from dashboard.flowtly.resources.records import Record
from dashboard.upstream import connection
from tests.contract import examples
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

ORGANIZATION = "org_1001"


def every(has: Callable[[Entity], object]) -> pytest.MarkDecorator:
    """Runs a test for each entity that has something."""
    found = [each for each in entities() if has(each)]
    return pytest.mark.parametrize("entity", found, ids=lambda each: each.name)


@dataclass
class Pages:
    """The pages of entities, as somebody who may do everything uses them, and the API behind them."""

    client: CheckedClient
    sandbox: Sandbox
    api: Flowtly

    def records(self, entity: Entity) -> Collection[Record]:
        return entity.of(self.api)

    def first(self, entity: Entity) -> Record:
        """A record of it; a new one, where the sandbox has none yet."""
        if not (found := self.records(entity).list(items=1).items):
            self.create(entity)
            found = self.records(entity).list(items=1).items
            self.sandbox.clear_requests()
        return found[0]

    def url(self, entity: Entity, page: str, record: str = "") -> str:
        """The address of one of its pages."""
        where = {"org": ORGANIZATION} if entity.of_organization else {}
        return reverse(page, kwargs={**where, entity.pages.argument: record} if record else where)

    def new_url(self, entity: Entity) -> str:
        return self.url(entity, entity.pages.new) + examples.QUERY.get(entity.name, "")

    def record_url(self, entity: Entity) -> str:
        return self.url(entity, entity.pages.record, self.first(entity).id)

    def text(self, url: str) -> str:
        answer = self.client.get(url)
        assert answer.status_code == 200, (url, answer.status_code)
        return answer.content.decode()

    def create(self, entity: Entity) -> Any:
        url = self.new_url(entity)
        return self.client.send(url, examples.new(entity.name, self.text(url)))

    def sent(self, method: str, entity: Entity) -> list[Any]:
        """The bodies of what was written to its collection."""
        asked = [request for request in self.sandbox.requests() if request["method"] == method]
        return [request["body"] for request in asked if entity.path in request["path"]]


@pytest.fixture
def pages(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> Pages:
    api = connection.flowtly("contract")
    return Pages(signed_in("admin"), sandbox, api.within(api.organizations.tenant(ORGANIZATION)))
