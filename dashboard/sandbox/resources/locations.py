from dashboard.sandbox.declarations import Filter, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import changes, creates, gets, lists
from dashboard.sandbox.rules import HOUR, longest

LOCATIONS = Resource(
    path="/locations",
    type="Location",
    numbered=True,
    fields=(
        *read_only("id", kind="int"),
        Field("name", required=True, rules=(longest(255),)),
        Field("officeOpenHour", "int", nullable=True, rules=(HOUR,)),
        Field("officeCloseHour", "int", nullable=True, rules=(HOUR,)),
    ),
    filters=(Filter("name", "name", "partial"), *orders("name")),
)


def routes(names: Names) -> list[Route]:
    return [lists(LOCATIONS), creates(LOCATIONS), gets(LOCATIONS), changes(LOCATIONS)]
