"""One host: the token goes to the API's own origin and to nothing else, whatever an address in an answer says."""

import httpx

from dashboard.flowtly.errors import ForeignAddress
from dashboard.flowtly.transport import Layer

_PORTS = {"http": 80, "https": 443}


class OneHost(Layer):
    """Refuses any other scheme, host or port than those of `base`."""

    def __init__(self, inner: httpx.BaseTransport, base: httpx.URL) -> None:
        super().__init__(inner)
        self._origin = origin(base)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if origin(request.url) != self._origin:
            raise ForeignAddress(method=request.method)
        return self.inner.handle_request(request)


def origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, url.host, url.port or _PORTS.get(url.scheme, 0)
