"""The Flowtly API for Python code: one `Connection` per process, one `Flowtly` per request.

    connection = Connection("https://api.flowtly.eu", Login("robot@example.com", "…"))
    flowtly = Flowtly(connection, request_id="…", on_write=record_in_the_trail)
    tenant = flowtly.organizations.tenant("org-1")
    page = flowtly.within(tenant).locations.list()

Knows nothing of the pages that use it. What can go wrong is drawn in `errors`.
"""

from dashboard.flowtly import errors
from dashboard.flowtly.client import Flowtly
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.credentials import Login, Token
from dashboard.flowtly.names import Limits, Names
from dashboard.flowtly.resources.pagination import Every, Page
from dashboard.flowtly.resources.records import Record, Reference
from dashboard.flowtly.writes import Write

__all__ = [
    "Connection",
    "Every",
    "Flowtly",
    "Limits",
    "Login",
    "Names",
    "Page",
    "Record",
    "Reference",
    "Token",
    "Write",
    "errors",
]
