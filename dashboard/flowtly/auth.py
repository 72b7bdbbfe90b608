"""Bearer authentication: every request with a token, and after a 401 once more with a new one.

A token comes from `POST /login` (a public connector). A refused call was not executed, so a write may be sent again.
"""

from collections.abc import Generator

import httpx

from dashboard.flowtly.errors import NotSent
from dashboard.flowtly.tokens import Tokens
from dashboard.flowtly.transport import call_of


class Bearer(httpx.Auth):
    """May sign in, before a request or after its refusal; then whoever comes meanwhile waits for that."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = self._tokens.current()
        response = yield _bearing(token, request)
        if response.status_code != 401 or not call_of(request).renews:
            return
        other = self._instead_of(token)
        if other is None:
            return
        response = yield _bearing(other, request)
        if response.status_code == 401:
            self._tokens.fresh_one_was_refused()

    def _instead_of(self, token: str | None) -> str | None:
        try:
            return self._tokens.instead_of(token)
        except NotSent:
            return None  # the refusal says more than that there was no other token to be had


def _bearing(token: str | None, request: httpx.Request) -> httpx.Request:
    if token is not None:
        request.headers["Authorization"] = f"Bearer {token}"
    return request
