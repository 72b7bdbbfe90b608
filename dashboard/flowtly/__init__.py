"""The Flowtly API for Python code: one `Connection` per process, one `Flowtly` per request.

    connection = Connection("https://api.flowtly.eu", Login("robot@example.com", "…"))
    flowtly = Flowtly(connection, request_id="…", on_write=record_in_the_trail)
    tenant = flowtly.organizations.tenant("org-1")
    page = flowtly.within(tenant).locations.list()

Knows nothing of the pages that use it. What can go wrong is drawn in `errors`.
"""

from . import errors
from .auth import Login, Token
from .client import Flowtly
from .connection import Connection
from .names import Limits, Names
from .pages import Every, Page
from .records import Record, Reference
from .writes import Write

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
