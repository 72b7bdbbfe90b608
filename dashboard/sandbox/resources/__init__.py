"""Every route there is, gathered from one module per entity."""

from dashboard.sandbox.declarations import Route
from dashboard.sandbox.names import Names
from dashboard.sandbox.resources import (
    addresses,
    clients,
    configs,
    coupons,
    documentation,
    employees,
    integrations,
    kontomatik,
    locations,
    meetings,
    organizations,
    reference,
    signing_in,
    subscriptions,
)

MODULES = (
    signing_in, organizations, addresses, configs, locations, reference, integrations, kontomatik, meetings,
    subscriptions, coupons, clients, employees, documentation,
)  # fmt: skip


def routes(names: Names) -> list[Route]:
    return [route for module in MODULES for route in module.routes(names)]
