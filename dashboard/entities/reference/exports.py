"""Exports of the reference lists, searched by name or code as their pages are."""

from collections.abc import Callable
from typing import Any

from dashboard.entities.reference.views import country_name, language_name
from dashboard.tables import filtering
from dashboard.tables.query import Plan
from dashboard.web.request import StaffRequest


def languages(_request: StaffRequest) -> Plan:
    return _plan(language_name)


def countries(_request: StaffRequest) -> Plan:
    return _plan(country_name)


def _plan(name: Callable[[Any], str]) -> Plan:
    return Plan(
        "", (), dict, search="id", holds=lambda one, term: filtering.contains(f"{name(one)} {one.id}", term)
    )
