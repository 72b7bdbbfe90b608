"""Export of subscriptions, by the filters of their page."""

from dashboard.tables.query import Filter, Plan
from dashboard.web.request import StaffRequest


def plan(_request: StaffRequest) -> Plan:
    return Plan("", (), dict, filters=(Filter("status", "status"), Filter("type", "type")))
