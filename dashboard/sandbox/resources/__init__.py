"""Every route there is, gathered from one module per entity."""

from dashboard.sandbox.declarations import Route
from dashboard.sandbox.names import Names
from dashboard.sandbox.resources import locations, organizations, signing_in


def routes(names: Names) -> list[Route]:
    modules = (signing_in, organizations, locations)
    return [route for module in modules for route in module.routes(names)]
