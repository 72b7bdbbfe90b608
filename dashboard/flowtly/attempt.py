"""One attempt at one call: a request out, a complete and readable answer in, or one of our errors."""

import json
import re
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx

from dashboard.flowtly import deadline, problems, retries, strict_json
from dashboard.flowtly.calls import Answer, Call, Upload
from dashboard.flowtly.errors import (
    BadIdentifier,
    Busy,
    CannotConnect,
    ConnectionLost,
    FlowtlyError,
    Garbled,
    NoAnswer,
    OutOfTime,
    Timeout,
    Truncated,
    Unavailable,
    Unreadable,
    by_status,
)
from dashboard.flowtly.names import Limits
from dashboard.flowtly.transport import OneHost

_UNFIT_FOR_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")


class Exchange:
    """Sends single attempts through one pool."""

    def __init__(self, base: httpx.URL, limits: Limits) -> None:
        self._base = str(base).rstrip("/")
        self._limits = limits
        # A cookie set in answer to one person's call must not ride with another's: none is kept.
        cookies = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        self._client = httpx.Client(
            transport=OneHost(base, limits), follow_redirects=False, trust_env=False, cookies=cookies
        )

    def close(self) -> None:
        self._client.close()

    def attempt(self, call: Call, headers: Mapping[str, str], media: str = "") -> Answer:
        """The answer, if it is 2xx and what the call expects. `media` is the type of a JSON body."""
        attempt = _Attempt(call, headers.get("X-Request-Id", ""))
        if deadline.at_most(1.0) <= 0:
            raise OutOfTime(method=call.method, path=call.path, request_id=attempt.request_id)
        try:
            request = self._request(call, headers, media, attempt)
        except (httpx.InvalidURL, UnicodeEncodeError):
            raise attempt.unfit() from None
        try:
            response = self._client.send(request, stream=True)
        except httpx.TransportError as error:
            raise attempt.before_an_answer(error) from None
        try:
            return attempt.answer(response, self._limits.body)
        finally:
            response.close()

    def _request(
        self, call: Call, headers: Mapping[str, str], media: str, attempt: "_Attempt"
    ) -> httpx.Request:
        limits = self._limits
        timeouts = {
            "connect": limits.connect,
            "read": limits.read,
            "write": limits.write,
            "pool": deadline.at_most(limits.pool),
        }
        sent = {
            "Accept": call.accept,
            "Accept-Encoding": "gzip",
            "User-Agent": "flowtly-dashboard",
            **headers,
        }
        body: dict[str, Any] = {}
        if call.upload is not None:
            body = {"files": {call.upload.field: _part(call.upload)}}
        elif call.body is not None:
            sent["Content-Type"] = media
            body = {"content": json.dumps(call.body, allow_nan=False).encode()}
        return httpx.Request(
            call.method,
            self._base + call.path,
            params=list(call.query) or None,
            headers=sent,
            extensions={"timeout": timeouts, "trace": attempt.traced},
            **body,
        )


class _Attempt:
    """What is known of one attempt while it goes on, and how its failures are told."""

    def __init__(self, call: Call, request_id: str) -> None:
        self.request_id = request_id
        self._call = call
        self._sent = False

    def traced(self, event: str, info: Mapping[str, Any]) -> None:
        """httpcore's trace hook: from the first byte of the request on, something may have arrived."""
        if event == "http11.send_request_headers.started":
            self._sent = True

    def unfit(self) -> FlowtlyError:
        return self._error(BadIdentifier, detail="It is too long, or holds half a character.")

    def before_an_answer(self, error: httpx.TransportError) -> FlowtlyError:
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return self._error(CannotConnect, detail=problems.plain(str(error), 200))
        if isinstance(error, httpx.PoolTimeout):
            return self._error(Busy)
        if isinstance(error, httpx.TimeoutException):
            return self._error(Timeout if self._sent else OutOfTime)
        if not self._sent:
            return self._error(CannotConnect)
        closed = "disconnected" in str(error) or not isinstance(error, httpx.RemoteProtocolError)
        return self._error(ConnectionLost if closed else Garbled)

    def answer(self, response: httpx.Response, most: int) -> Answer:
        if not response.is_success:
            raise self._refusal(response, most)
        body = self._body(response, most)
        try:
            data = _shaped(self._call, body)
        except strict_json.BadBody as bad:
            raise self._error(Unreadable, response.status_code, detail=f"{bad}.".capitalize()) from None
        return Answer(response.status_code, data, response.headers.get("Location"), self.request_id)

    def _body(self, response: httpx.Response, most: int) -> bytes:
        status = response.status_code
        try:
            return _read(response, most)
        except httpx.TimeoutException:
            raise self._error(Timeout, status) from None
        except (httpx.TransportError, strict_json.BrokenOff):
            raise self._error(Truncated, status) from None
        except strict_json.BadBody as bad:
            raise self._error(Unreadable, status, detail=f"{bad}.".capitalize()) from None

    def _refusal(self, response: httpx.Response, most: int) -> FlowtlyError:
        """Only the status counts; a body that cannot be had takes nothing away from it but its words."""
        try:
            body, complete = self._body(response, most), True
        except FlowtlyError:
            body, complete = b"", False
        problem = problems.read(_json_or_none(body), body.decode("utf-8", "replace"))
        status = response.status_code
        kind = by_status(status)
        return kind(
            method=self._call.method,
            path=self._call.path,
            status=status,
            request_id=self.request_id,
            detail=problem.detail,
            violations=problem.violations,
            outcome_unknown=self._call.writes
            and _says_nothing_of_the_outcome(status, complete and problem.own),
            retry_after=retries.retry_after(response.headers.get("Retry-After")),
        )

    def _error(self, kind: type[FlowtlyError], status: int | None = None, detail: str = "") -> FlowtlyError:
        call, request_id = self._call, self.request_id
        if issubclass(kind, NoAnswer | Unreadable):
            unknown = call.writes
            return kind(
                method=call.method,
                path=call.path,
                status=status,
                request_id=request_id,
                detail=detail,
                outcome_unknown=unknown,
            )
        return kind(method=call.method, path=call.path, request_id=request_id, detail=detail)


def _part(file: Upload) -> tuple[str, bytes, str]:
    """Name and type stand in headers of the part, so only what is harmless there gets in."""
    name = _UNFIT_FOR_A_NAME.sub("_", file.filename)[-100:] or "file"
    known = _MEDIA_TYPE.fullmatch(file.content_type)
    return name, file.content, file.content_type if known else "application/octet-stream"


def _says_nothing_of_the_outcome(status: int, own: bool) -> bool:
    """A proxy's 5xx may hide a success; the API's own 500, complete, does not. A redirect may follow one."""
    if by_status(status) is Unavailable:
        return True
    return not own if status >= 500 else status < 400


def _read(response: httpx.Response, most: int) -> bytes:
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    body = strict_json.Bounded(encoding, most)
    for piece in response.iter_raw():
        body.add(piece)
    return body.finish()


def _json_or_none(body: bytes) -> Any:
    try:
        return strict_json.parse(body)
    except strict_json.BadBody:
        return None


def _shaped(call: Call, body: bytes) -> Any:
    """The JSON of a 2xx body in the shape the call expects; None for an empty one where that may be."""
    if call.expects == "bytes":
        return body
    if not body.strip():
        if call.writes:
            return None
        raise strict_json.BadBody("it is empty")
    data = strict_json.parse(body)
    if call.expects in ("object", "maybe object"):
        data = strict_json.mapped(data)
    elif call.expects == "list" and not isinstance(data, dict | list):
        data = None
    if data is None and call.expects != "anything":
        raise strict_json.BadBody("it does not have the expected shape")
    return data
