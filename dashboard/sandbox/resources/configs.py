from collections.abc import Callable
from dataclasses import replace

from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Filter, Record, Resource, Route
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import changes, gets, lists
from dashboard.sandbox.refusals import Refusal


def configs(names: Names) -> Resource:
    return Resource(
        path="/configs",
        type="Config",
        fields=(*read_only("id"), Field(names.config_value_field, "any", nullable=True)),
        filters=(Filter("keys", "id"),),
    )


def routes(names: Names) -> list[Route]:
    resource = configs(names)
    return [replace(lists(resource), act=_listing(resource)), gets(resource), changes(resource)]


def _listing(resource: Resource) -> Callable[[Call], Answer]:
    def act(call: Call) -> Answer:
        keyed = any(name in ("keys", "keys[]") for name, _ in call.request.query)
        if call.switches.config_listing == "keyed" and not keyed:
            raise Refusal(400, 'The parameter "keys[]" must be provided.')
        return call.page(resource)

    return act


def config(names: Names, key: str, value: object) -> Record:
    return {"id": key, names.config_value_field: value}
