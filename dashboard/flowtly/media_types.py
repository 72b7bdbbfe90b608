"""Media types: what a kind of call is asked in, and what it is sent as.

API Platform 4 takes `application/ld+json` only, older ones may want `application/json`: a 415 says that nothing was
executed, so the call may be sent once more as the other type. A server that offers nothing but `application/json`
answers every error to our Accept with a page of HTML and 500, whatever was wrong (seen on 3.4 and 4.1): once its reads
come back as that, only that is asked for and sent. What was right is remembered by kind of call.
"""

import httpx

from dashboard.flowtly.calls import ACCEPT, JSON, LD_JSON
from dashboard.flowtly.discovery import Learnt
from dashboard.flowtly.transport import Layer, call_of

_OTHER = {LD_JSON: JSON, JSON: LD_JSON}


class MediaTypes(Layer):
    """A request bears the types to begin with. Uploads and merge patches know but one to be sent as."""

    def __init__(self, inner: httpx.BaseTransport, learnt: Learnt | None = None) -> None:
        super().__init__(inner)
        self._memory = (learnt or Learnt()).memory

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        call = call_of(request)
        if call.accept == ACCEPT and not call.harmless:
            request.headers["Accept"] = self._memory.get(f"asked {call.kind}") or ACCEPT
        response = self._sent_as_taken(request, call.kind)
        if call.accept != ACCEPT or call.writes:
            return response
        if _is_page_of_failure(response) and self._memory.get(f"asked {call.kind}") is None:
            request.headers["Accept"] = JSON
            response = self.inner.handle_request(request)
        if response.is_success or not _is_page_of_failure(response):
            self._learn(call.kind, request, response)
        return response

    def _learn(self, kind: str, request: httpx.Request, response: httpx.Response) -> None:
        media = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if response.is_success and media == LD_JSON:
            self._memory.set(f"asked {kind}", ACCEPT)
        elif request.headers["Accept"] == JSON or (response.is_success and media == JSON):
            self._memory.set(f"asked {kind}", JSON)

    def _sent_as_taken(self, request: httpx.Request, kind: str) -> httpx.Response:
        first = request.headers.get("Content-Type", "")
        if first not in _OTHER:
            return self.inner.handle_request(request)
        if self._memory.get(f"asked {kind}") == JSON:
            first = JSON
        media = self._memory.get(f"sent {kind}") or first
        response = self._sent_as(media, request)
        if response.status_code != 415:
            return response
        # Whatever else may be wrong with the call, an answer other than 415 means that this type is right.
        self._memory.set(f"sent {kind}", _OTHER[media])
        response = self._sent_as(_OTHER[media], request)
        if response.status_code == 415:
            self._memory.set(f"sent {kind}", media)
        return response

    def _sent_as(self, media: str, request: httpx.Request) -> httpx.Response:
        request.headers["Content-Type"] = media
        return self.inner.handle_request(request)


def _is_page_of_failure(response: httpx.Response) -> bool:
    return response.status_code == 500 and response.headers.get("Content-Type", "").startswith("text/html")
