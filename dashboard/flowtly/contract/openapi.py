"""Where the backend's own OpenAPI document is.

API Platform may serve it under one of three addresses, may want the token for it, and may have it switched off (its
source). It may put a path before its own in `servers`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from dashboard.flowtly import deadline, errors
from dashboard.flowtly.calls import Call
from dashboard.flowtly.connection import Connection
from dashboard.flowtly.contract.document import Described, items, paths
from dashboard.flowtly.credentials import Login, Token
from dashboard.flowtly.names import Limits, Names
from dashboard.flowtly.resources.search_filters import ADDRESSES, OPENAPI

MOST = 16 * 1024 * 1024  # a document of a large API is larger than any answer of it
SECONDS = 15.0
SURE = "/organizations"  # what any such document has a path for


@dataclass(frozen=True)
class NotServed:
    """No document. `failures` tells of each address what came of it: (address, words). `answered`: somebody did."""

    failures: tuple[tuple[str, str], ...]
    answered: bool = True


def fetch(
    base_url: str, credentials: Login | Token | None, names: Names, limits: Limits
) -> Described | NotServed:
    """The document of the API at `base_url`. Asked for openly first, so that a wrong sign-in does not hide it, and
    then with the token; should the address have the wrong path, openly where it has none, or `/api`."""
    limits = replace(limits, body=MOST, read_total=min(limits.read_total, SECONDS / 2), attempts=1)
    failures: dict[str, str] = {}
    with deadline.within(SECONDS):
        for address in _bases(base_url):
            for who in (None, credentials) if credentials and address == base_url else (None,):
                try:
                    found = _asked(Connection(address, who, names, limits), failures)
                except (errors.CannotConnect, errors.NoAnswer, errors.OutOfTime):
                    return NotServed(tuple(failures.items()), answered=False)
                if found is not None:
                    return found
    return NotServed(tuple(failures.items()))


def _bases(base_url: str) -> list[str]:
    parts = urlsplit(base_url)
    other = "" if parts.path.strip("/") else "/api"
    return [base_url, urlunsplit((parts.scheme, parts.netloc, other, "", ""))]


def _asked(connection: Connection, failures: dict[str, str]) -> Described | None:
    """None where there is no document. What says that nothing answers at all is raised."""
    try:
        for place in ADDRESSES:
            address = connection.base_url + place
            call = Call("GET", place, scoped=False, expects="anything", accept=OPENAPI, renews=False)
            try:
                document = connection.send(call, {"X-Request-Id": "check-api"}).data
            except errors.NotFound as failure:
                failures.setdefault(address, str(failure))
                continue
            except errors.FlowtlyError as failure:
                failures[address] = str(failure)
                if isinstance(failure, errors.CannotConnect | errors.NoAnswer | errors.OutOfTime):
                    raise
                continue
            if isinstance(document, dict) and paths(document):
                return _read(document, address, urlsplit(connection.base_url).path.rstrip("/"))
            failures[address] = "It is no OpenAPI document."
    finally:
        connection.close()
    return None


def _read(document: Mapping[str, Any], address: str, found_at: str) -> Described:
    before = {path.removesuffix(SURE) for path in paths(document) if path.endswith(SURE)}
    prefix = min(before, key=len, default="")
    served = items(document.get("servers"))
    url = served[0].get("url") if served and isinstance(served[0], Mapping) else None
    place = urlsplit(url).path.rstrip("/") if isinstance(url, str) else ""
    # Paths without anything before them do not say where the API is: that is where the document was found.
    return Described(address, prefix, f"{place}{prefix}" or found_at, document)
