"""Media types of a POST: API Platform 4 takes `application/ld+json` only, older ones may want `application/json`.

A 415 says that nothing was executed, so the call may be sent once more as the other type; what was right is
remembered by kind of call.
"""

import httpx

from dashboard.flowtly.calls import JSON, LD_JSON
from dashboard.flowtly.transport import Layer, call_of

_OTHER = {LD_JSON: JSON, JSON: LD_JSON}


class MediaTypes(Layer):
    """A request bears the type to begin with. Uploads and merge patches know but one."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        super().__init__(inner)
        self._right: dict[str, str] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        kind, first = call_of(request).kind, request.headers.get("Content-Type", "")
        if first not in _OTHER:
            return self.inner.handle_request(request)
        media = self._right.get(kind, first)
        response = self._sent_as(media, request)
        if response.status_code != 415:
            return response
        # Whatever else may be wrong with the call, an answer other than 415 means that this type is right.
        self._right[kind] = _OTHER[media]
        response = self._sent_as(_OTHER[media], request)
        if response.status_code == 415:
            self._right[kind] = media
        return response

    def _sent_as(self, media: str, request: httpx.Request) -> httpx.Response:
        request.headers["Content-Type"] = media
        return self.inner.handle_request(request)
