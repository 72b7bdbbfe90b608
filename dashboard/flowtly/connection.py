"""Connection to the API, one per process: its transport stack, its token, and what was learnt while talking to it."""

import json
import re
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar

import httpx

from dashboard.flowtly import attempt, deadline, errors
from dashboard.flowtly.attempt import Attempt
from dashboard.flowtly.auth import Bearer
from dashboard.flowtly.breaker import Breaker
from dashboard.flowtly.bulkhead import Bulkhead
from dashboard.flowtly.calls import JSON, LD_JSON, MERGE_PATCH, Answer, Call, Upload
from dashboard.flowtly.credentials import Login, Token, usable
from dashboard.flowtly.deadline import Deadline
from dashboard.flowtly.discovery import Learnt, Memory
from dashboard.flowtly.health import Reach
from dashboard.flowtly.listeners import Announced, Listener
from dashboard.flowtly.media_types import MediaTypes
from dashboard.flowtly.names import Limits, Names
from dashboard.flowtly.one_host import OneHost
from dashboard.flowtly.pool import Pool
from dashboard.flowtly.resources.references import References
from dashboard.flowtly.retries import Retries
from dashboard.flowtly.tokens import Tokens

L = TypeVar("L", bound=Listener)

SHORTEST_SECRET = 6

_HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,256}")
_UNFIT_FOR_A_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9.+-]{1,80}")


def fit_for_a_header(value: str) -> bool:
    return _HEADER_VALUE.fullmatch(value) is not None


class Connection:
    """The API this process talks to. Thread-safe; close it when the process ends.

    `base_url` is http(s), may have a path, and has neither user info, query nor fragment (ValueError).
    `credentials` of None sends no Authorization at all. `listeners` hear of every attempt and every record;
    `memory` keeps what was learnt for a time.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Login | Token | None,
        names: Names = Names(),  # noqa: B008 - frozen
        limits: Limits = Limits(),  # noqa: B008 - frozen
        listeners: Sequence[Listener] = (),
        memory: Memory | None = None,
    ) -> None:
        url = _base(base_url)
        self.base_url = str(url).rstrip("/")
        self.names = names
        self.limits = limits
        self.learnt = Learnt(url.path.rstrip("/"), memory)
        self.references = References(self.learnt)
        self.listeners = tuple(listeners)
        self.tokens = Tokens(credentials, self._sign_in, limits)
        one_host = OneHost(Pool(limits, tls=url.scheme == "https"), url)
        timely = Deadline(Attempt(one_host, limits.body), limits)
        self.breaker = Breaker(Announced(timely, self.listeners), limits)
        self._bulkhead = Bulkhead(self.breaker, limits, admit=self.breaker.check)
        self.reach = Reach(self._bulkhead)
        self._client = httpx.Client(
            transport=Retries(MediaTypes(self.reach, self.learnt), limits),
            auth=Bearer(self.tokens),
            follow_redirects=False,
            trust_env=False,
            # A cookie set in answer to one person's call must not ride with another's: none is kept.
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        )

    def close(self) -> None:
        self._client.close()

    def listener(self, kind: type[L]) -> L | None:
        """The one of this kind, if there is one."""
        return next((each for each in self.listeners if isinstance(each, kind)), None)

    def snapshot(self) -> dict[str, object]:
        """How this process fares with the API, ready for JSON: no token, nothing of any record."""
        return {
            "in_flight_most": self.limits.in_flight,
            "busy": dict(self._bulkhead.turned_away),
            "left_alone": self.breaker.open,
            "token": asdict(self.tokens.state()),
        }

    def headers(self, call: Call, tenant: str | None, request_id: str) -> dict[str, str]:
        """What identifies a call, but for the token. TenantUnknown where it needs a tenant and has none."""
        headers = {"X-Request-Id": request_id}
        if call.scoped and self.names.tenant_header:
            if tenant is None or not fit_for_a_header(tenant):
                raise errors.TenantUnknown(method=call.method, path=call.path, request_id=request_id)
            headers[self.names.tenant_header] = tenant
        return headers

    def send(self, call: Call, headers: dict[str, str]) -> Answer:
        """A 2xx answer or a FlowtlyError, within the total time of its method, sign-in, waits and retries included."""
        limits, media = self.limits, MERGE_PATCH if call.method == "PATCH" else LD_JSON
        try:
            request = self._request(call, headers, media)
            with deadline.within(limits.write_total if call.writes else limits.read_total):
                response = self._client.send(request)
            return attempt.answer(call, response, headers["X-Request-Id"])
        except errors.FlowtlyError as failure:
            raise self._told(failure, call, headers) from None

    def _request(self, call: Call, headers: dict[str, str], media: str) -> httpx.Request:
        sent = {
            "Accept": call.accept,
            "Accept-Encoding": "gzip",
            "User-Agent": "flowtly-dashboard",
            **headers,
        }
        content = None
        if call.body is not None:
            sent["Content-Type"] = media
            content = json.dumps(call.body, allow_nan=False).encode()
        try:
            return httpx.Request(
                call.method,
                self.base_url + call.path,
                params=list(call.query) or None,
                headers=sent,
                content=content,
                files={call.upload.field: _part(call.upload)} if call.upload else None,
                extensions={"call": call},
            )
        except (httpx.InvalidURL, UnicodeEncodeError):
            raise errors.BadIdentifier(detail="It is too long, or holds half a character.") from None

    def _sign_in(self, login: Login) -> str:
        """A token. Signing in retries by itself; it is no part of the retries of the call that needs it."""
        body = {"username": login.username, "password": login.password}
        call = Call("POST", self.names.login_path, body=body, scoped=False, harmless=True)
        request = self._request(call, {"X-Request-Id": uuid.uuid4().hex}, JSON)
        try:
            answer = attempt.answer(call, self._client.send(request, auth=None), "")
        except (errors.BadRequest, errors.Unauthorized, errors.Forbidden) as refused:
            raise errors.NotSignedIn(detail=refused.detail) from None
        except errors.NotSent:
            raise
        except errors.FlowtlyError as failure:
            words = f"{failure.title} {failure.detail}".strip()
            raise errors.SignInFailed(detail=words, status=failure.status) from None
        token = answer.data.get("token") if answer.data else None
        if not usable(token):
            raise errors.SignInFailed("Signing in to Flowtly gave no token.")
        return str(token)

    def _told(self, failure: errors.FlowtlyError, call: Call, headers: dict[str, str]) -> errors.FlowtlyError:
        """Names the call, says whether it may have had an effect, and takes our secrets out of the server's words."""
        failure.method, failure.path, failure.request_id = call.method, call.path, headers["X-Request-Id"]
        if isinstance(failure, errors.NoAnswer | errors.Unreadable):
            failure.outcome_unknown = call.writes
        for secret in self.tokens.secrets():
            if len(secret) >= SHORTEST_SECRET:  # a shorter one is part of ordinary words
                failure.detail = failure.detail.replace(secret, "…")
        return failure


def _base(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        raise ValueError("The base URL cannot be read.") from None
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query or url.fragment:
        raise ValueError("The base URL is http or https, with a host, without user, query or fragment.")
    return url


def _part(file: Upload) -> tuple[str, bytes, str]:
    """Name and type stand in headers of the part, so only what is harmless there gets in."""
    name = _UNFIT_FOR_A_NAME.sub("_", file.filename)[-100:] or "file"
    known = _MEDIA_TYPE.fullmatch(file.content_type)
    return name, file.content, file.content_type if known else "application/octet-stream"
