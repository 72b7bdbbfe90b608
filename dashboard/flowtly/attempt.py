"""Attempt: a request out, and in a complete and readable answer, or one of our errors.

What can be known of what became of a request is found out here: whether a byte of it has left, whether the answer
is whole, and whether a refusal is the API's own word.
"""

import re
from collections.abc import Mapping

import httpx

from dashboard.flowtly import errors, problems, retries, strict_json
from dashboard.flowtly.calls import Answer, Call
from dashboard.flowtly.resources.iris import MARK, without_generated
from dashboard.flowtly.transport import Layer, call_of

# The body is handed on decoded, and where a redirect leads is nobody's business.
_NOT_HANDED_ON = re.compile(rb"content-encoding|transfer-encoding|content-length", re.IGNORECASE)


class Attempt(Layer):
    """Reads bodies of at most `most` decoded bytes. The JSON of a success is its extension `data`; of a refusal the
    extension `complete` says whether its body was."""

    def __init__(self, inner: httpx.BaseTransport, most: int) -> None:
        super().__init__(inner)
        self._most = most

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        trace = request.extensions["trace"] = _Trace()
        try:
            response = self.inner.handle_request(request)
        except httpx.TransportError as error:
            raise _without_an_answer(error, trace.sent) from None
        try:
            return self._whole(call_of(request), response)
        finally:
            response.close()

    def _whole(self, call: Call, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            body = self._body(response)
            return _handed_on(response, body, {"data": _data(call, response, body)})
        try:
            return _handed_on(response, self._body(response), {"complete": True})
        except errors.FlowtlyError:
            # Only the status counts; a body that cannot be had takes nothing away from it but its words.
            return _handed_on(response, b"", {"complete": False})

    def _body(self, response: httpx.Response) -> bytes:
        status = response.status_code
        try:
            body = strict_json.Bounded(response.headers.get("Content-Encoding", ""), self._most)
            for piece in response.iter_raw():
                body.add(piece)
            return body.finish()
        except httpx.TimeoutException:
            raise errors.Timeout(status=status) from None
        except (httpx.TransportError, strict_json.BrokenOff):
            raise errors.Truncated(status=status) from None
        except strict_json.BadBody as bad:
            raise errors.Unreadable(status=status, detail=bad.sentence) from None


class _Trace:
    """httpcore's trace hook: from the first byte of the request on, something may have arrived."""

    sent = False

    def __call__(self, event: str, _info: Mapping[str, object]) -> None:
        self.sent = self.sent or event == "http11.send_request_headers.started"


def _without_an_answer(error: httpx.TransportError, sent: bool) -> errors.FlowtlyError:
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return errors.CannotConnect(detail=problems.plain(str(error), 200))
    if isinstance(error, httpx.PoolTimeout):
        return errors.Busy()
    if isinstance(error, httpx.TimeoutException):
        return errors.Timeout() if sent else errors.OutOfTime()
    if not sent:
        return errors.CannotConnect()
    closed = "disconnected" in str(error) or not isinstance(error, httpx.RemoteProtocolError)
    return errors.ConnectionLost() if closed else errors.Garbled()


def _handed_on(response: httpx.Response, body: bytes, extensions: Mapping[str, object]) -> httpx.Response:
    headers = [(name, value) for name, value in response.headers.raw if not _NOT_HANDED_ON.fullmatch(name)]
    if response.is_redirect:
        headers = [(name, value) for name, value in headers if name.lower() != b"location"]
    return httpx.Response(response.status_code, headers=headers, content=body, extensions={**extensions})


def _data(call: Call, response: httpx.Response, body: bytes) -> object:
    """The JSON of a 2xx body in the shape the call expects; None for an empty one where that may be."""
    if call.expects == "bytes":
        return body
    if call.writes and not body.strip():
        return None
    try:
        return _shaped(call, body)
    except strict_json.BadBody as bad:
        raise errors.Unreadable(status=response.status_code, detail=bad.sentence) from None


def _shaped(call: Call, body: bytes) -> object:
    if not body.strip():
        raise strict_json.BadBody("it is empty")
    data = strict_json.parse(body)
    if MARK in body:
        data = without_generated(data)
    if call.expects in ("object", "maybe object"):
        data = strict_json.mapped(data)
    elif call.expects == "list" and not isinstance(data, dict | list):
        data = None
    if data is None and call.expects != "anything":
        raise strict_json.BadBody("it does not have the expected shape")
    return data


def answer(call: Call, response: httpx.Response, request_id: str) -> Answer:
    """What came of a call: its answer, or the refusal as an error."""
    if not response.is_success:
        raise _refusal(call, response)
    data = response.extensions["data"]
    return Answer(response.status_code, data, response.headers.get("Location"), request_id)


def _refusal(call: Call, response: httpx.Response) -> errors.Answered:
    body, status = response.content, response.status_code
    problem = problems.read(strict_json.parse_or_none(body), body.decode("utf-8", "replace"))
    own = problem.own and bool(response.extensions["complete"])
    return errors.by_status(status)(
        status=status,
        detail=problem.detail,
        violations=problem.violations,
        outcome_unknown=call.writes and _says_nothing_of_the_outcome(status, own),
        retry_after=retries.retry_after(response.headers.get("Retry-After")),
    )


def _says_nothing_of_the_outcome(status: int, own: bool) -> bool:
    """A proxy's 5xx may hide a success; the API's own 500, complete, does not. A redirect may follow one."""
    if errors.by_status(status) is errors.Unavailable:
        return True
    return not own if status >= 500 else status < 400
