"""What a process shares of the API: pool, token, bulkhead, and what it has learnt while talking to it."""

import re
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import httpx

from dashboard.flowtly import auth, deadline, retries
from dashboard.flowtly.attempt import Exchange
from dashboard.flowtly.auth import Login, Token, Tokens
from dashboard.flowtly.breaker import Breaker
from dashboard.flowtly.bulkhead import Bulkhead
from dashboard.flowtly.calls import JSON, LD_JSON, MERGE_PATCH, Answer, Call
from dashboard.flowtly.contract.drift import Drift
from dashboard.flowtly.contract.figures import Figures
from dashboard.flowtly.discovery import Learnt
from dashboard.flowtly.errors import (
    Answered,
    BadRequest,
    FlowtlyError,
    Forbidden,
    NotSent,
    NotSignedIn,
    SignInFailed,
    TenantUnknown,
    Unauthorized,
    UnsupportedMediaType,
)
from dashboard.flowtly.health import Reach
from dashboard.flowtly.names import Limits, Names

SHORTEST_SECRET = 6

_HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,256}")
_OTHER_TYPE = {LD_JSON: JSON, JSON: LD_JSON}


def fit_for_a_header(value: str) -> bool:
    return _HEADER_VALUE.fullmatch(value) is not None


class Connection:
    """The API this process talks to. Thread-safe; close it when the process ends.

    `base_url` is http(s), may have a path, and has neither user info, query nor fragment (ValueError).
    `credentials` of None sends no Authorization at all.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Login | Token | None,
        names: Names = Names(),  # noqa: B008 - frozen
        limits: Limits = Limits(),  # noqa: B008 - frozen
    ) -> None:
        url = _base(base_url)
        self.base_url = str(url).rstrip("/")
        self.names = names
        self.limits = limits
        self.learnt = Learnt(url.path.rstrip("/"), limits.remember)
        self.figures = Figures()
        self.drift = Drift(names)
        self._exchange = Exchange(url, limits)
        self._bulkhead = Bulkhead(limits)
        self.breaker = Breaker(limits)
        self.reach = Reach()
        self._budget = retries.Budget(limits)
        self._tokens = Tokens(credentials, self._sign_in, limits)
        self._media: dict[str, str] = {}

    def close(self) -> None:
        self._exchange.close()

    def snapshot(self) -> dict[str, Any]:
        """How this process fares with the API, ready for JSON: no token, nothing of any record."""
        return {
            "since": self.figures.since,
            "kinds": self.figures.snapshot(),
            "in_flight_most": self.limits.in_flight,
            "busy": dict(self._bulkhead.turned_away),
            "left_alone": self.breaker.open,
            "token": asdict(self._tokens.state()),
        }

    def headers(self, call: Call, tenant: str | None, request_id: str) -> dict[str, str]:
        """What identifies a call, but for the token. TenantUnknown where it needs a tenant and has none."""
        headers = {"X-Request-Id": request_id}
        if call.scoped and self.names.tenant_header:
            if tenant is None or not fit_for_a_header(tenant):
                raise TenantUnknown(method=call.method, path=call.path, request_id=request_id)
            headers[self.names.tenant_header] = tenant
        return headers

    def send(self, call: Call, headers: dict[str, str]) -> Answer:
        """A 2xx answer or a FlowtlyError, within the total time of its method, waits and retries included."""
        limits = self.limits
        try:
            with deadline.within(limits.write_total if call.writes else limits.read_total):
                # Signing in retries by itself: within the loop below, a dead API would be asked nine times.
                token = self._tokens.current()
                return self._persistent(lambda: self._signed(call, headers, token), not call.writes)
        except FlowtlyError as failure:
            raise self._told(failure, call, headers) from None

    def _persistent(self, attempt: Callable[[], Answer], repeatable: bool) -> Answer:
        tries = 0
        self._budget.earn()
        while True:
            tries += 1
            try:
                return attempt()
            except FlowtlyError as failure:
                wait = retries.pause(
                    failure,
                    repeatable=repeatable,
                    tries=tries,
                    limits=self.limits,
                    left=deadline.at_most(float("inf")),
                    budget=self._budget,
                )
                if wait is None:
                    raise
            time.sleep(wait)

    def _signed(self, call: Call, headers: dict[str, str], token: str | None) -> Answer:
        """With a token; once more with a new one if that was refused, for a refused call was not executed."""
        try:
            return self._typed(call, _bearing(headers, token))
        except Unauthorized as refused:
            if not call.renews:
                raise
            try:
                other = self._tokens.instead_of(token)
            except NotSent:
                raise refused from None
            if other is None:
                raise
        try:
            return self._typed(call, _bearing(headers, other))
        except Unauthorized:
            self._tokens.fresh_one_was_refused()
            raise

    def _typed(self, call: Call, headers: dict[str, str]) -> Answer:
        """API Platform 4 takes a POST as ld+json only, older ones may want json; a 415 was not executed."""
        if call.body is None or call.method != "POST":
            return self._placed(call, headers, MERGE_PATCH)
        media = self._media.get(call.kind, LD_JSON)
        try:
            return self._placed(call, headers, media)
        except UnsupportedMediaType:
            return self._typed_otherwise(call, headers, media)

    def _typed_otherwise(self, call: Call, headers: dict[str, str], refused: str) -> Answer:
        """Whatever else is wrong with the call, an answer other than 415 means that this type is right."""
        self._media[call.kind] = _OTHER_TYPE[refused]
        try:
            return self._placed(call, headers, _OTHER_TYPE[refused])
        except UnsupportedMediaType:
            self._media[call.kind] = refused
            raise

    def _placed(self, call: Call, headers: dict[str, str], media: str) -> Answer:
        with self.reach.noted():
            self.breaker.check()  # before it waits for a place
            return self._attempted(call, headers, media)

    def _attempted(self, call: Call, headers: dict[str, str], media: str) -> Answer:
        with self._bulkhead.place(call.kind), self.breaker.attempt(), self.figures.timed(call.kind):
            try:
                return self._exchange.attempt(call, headers, media)
            except Answered as refusal:
                self.drift.refused(call, refusal)
                raise

    def _sign_in(self, login: Login) -> str:
        path = self.names.login_path
        call = Call("POST", path, body={"username": login.username, "password": login.password}, scoped=False)
        self._media.setdefault(call.kind, JSON)
        headers = {"X-Request-Id": uuid.uuid4().hex}
        try:
            answer = self._persistent(lambda: self._typed(call, headers), repeatable=True)
        except (BadRequest, Unauthorized, Forbidden) as refused:
            raise NotSignedIn(detail=refused.detail) from None
        except NotSent as failure:
            # The caller's own call is the one to name: the sign-in is ours, and shared.
            failure.method = failure.path = failure.request_id = ""
            raise
        except FlowtlyError as failure:
            raise SignInFailed(detail=f"{failure.title} {failure.detail}".strip()) from None
        token = answer.data.get("token") if answer.data else None
        if not auth.usable(token):
            raise SignInFailed("Signing in to Flowtly gave no token.")
        return str(token)

    def _told(self, failure: FlowtlyError, call: Call, headers: dict[str, str]) -> FlowtlyError:
        """Names the call where the failure arose elsewhere, and takes our secrets out of its words."""
        failure.method, failure.path = failure.method or call.method, failure.path or call.path
        failure.request_id = failure.request_id or headers["X-Request-Id"]
        for secret in filter(_worth_hiding, self._tokens.secrets()):
            failure.detail = failure.detail.replace(secret, "…")
        return failure


def _worth_hiding(secret: str) -> bool:
    return len(secret) >= SHORTEST_SECRET  # a shorter one is part of ordinary words


def _base(base_url: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        raise ValueError("The base URL cannot be read.") from None
    if url.scheme not in ("http", "https") or not url.host or url.userinfo or url.query or url.fragment:
        raise ValueError("The base URL is http or https, with a host, without user, query or fragment.")
    return url


def _bearing(headers: dict[str, str], token: str | None) -> dict[str, str]:
    return headers if token is None else {**headers, "Authorization": f"Bearer {token}"}
