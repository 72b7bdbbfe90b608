"""Transport stack: what a request passes on its way to the API, each layer an httpx transport around the next.

    httpx.Client             with `auth.Bearer`: the token, and after a 401 once more with a new one
    retries.Retries          sent again where that does no harm, within the budget
    media_types.MediaTypes   after a 415 once more as the other type
    health.Reach             notes whether anything is heard of the API
    bulkhead.Bulkhead        a place among the calls of its kind, or the wait for one
    breaker.Breaker          refused while the API, or this kind of call, fails over and over
    listeners.Announced      whoever looks on is told
    deadline.Deadline        no more time than is left
    attempt.Attempt          a whole, readable answer, or one of our errors
    one_host.OneHost         the API's own origin and no other
    pool.Pool                connections, each operation on them held to the deadline

A layer hands a refusal (404, 503) up as a response; what was never answered it raises as one of `errors`.
"""

import httpx

from dashboard.flowtly.calls import Call


class Layer(httpx.BaseTransport):
    """A transport around another."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self.inner = inner

    def close(self) -> None:
        self.inner.close()


def call_of(request: httpx.Request) -> Call:
    """The call that a request was made of: it rides along as the extension `call`."""
    call = request.extensions["call"]
    assert isinstance(call, Call)
    return call
