from datetime import datetime, timedelta

from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import changes, creates, gets, lists
from dashboard.sandbox.refusals import Violation
from dashboard.sandbox.rules import longest

LATER = "778b7ae0-84d3-481a-9dec-35fdb64b1d78"


def begin(call: Call, record: Record) -> Record:
    return {**record, "status": "planned"}


def check(call: Call, record: Record) -> list[Violation]:
    if not record.get("dateFrom") or not record.get("dateTo"):
        return []
    start, end = (datetime.fromisoformat(record[name]) for name in ("dateFrom", "dateTo"))
    if end <= start:
        return [Violation("dateTo", f"This value should be greater than {record['dateFrom']}.", LATER)]
    if end - start > timedelta(days=1):
        return [Violation("", "A meeting cannot last longer than a day.", "")]
    return []


MEETINGS = Resource(
    path="/meetings",
    type="Meeting",
    fields=(
        *read_only("id", "status"),
        Field("employee", "iri", nullable=True, constructed=True, collection="employees"),
        Field("dateFrom", "date", constructed=True),
        Field("dateTo", "date", constructed=True),
        Field("notes", nullable=True, rules=(longest(5000),)),
        Field("time", "date", nullable=True),
    ),
    filters=(
        Filter("employee", "employee", "reference", "employees"),
        Filter("status", "status"),
        Filter("dateFrom[after]", "dateFrom", "after"),
        Filter("dateFrom[before]", "dateFrom", "before"),
        Filter("dateTo[after]", "dateTo", "after"),
        Filter("dateTo[before]", "dateTo", "before"),
        *orders("dateFrom"),
    ),
    begin=begin,
    check=check,
)


def routes(names: Names) -> list[Route]:
    return [lists(MEETINGS), creates(MEETINGS), gets(MEETINGS), changes(MEETINGS)]
