"""The one door to the API.

`Connection` is shared by a process: pool, token, bulkhead and what was learnt about the API. `Flowtly` is
made per request: it knows the tenant and the request id, and hands out the resources.
"""

import re
import time
import uuid
from dataclasses import replace
from functools import cached_property

import httpx

from . import auth, deadline, retries
from .addresses import Addresses
from .auth import Login, Token, Tokens
from .bulkhead import Bulkhead
from .calls import JSON, LD_JSON, MERGE_PATCH, Answer, Call
from .clients import Clients
from .configs import Configs
from .contacts import Contacts
from .deadline import page_deadline, page_reserve
from .employees import Employees
from .errors import (
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
from .exchange import Exchange
from .integrations import Integrations
from .learnt import Learnt
from .locations import Locations
from .meetings import Meetings
from .names import Limits, Names
from .organizations import Organizations
from .reference import Countries, Currencies, Languages
from .subscriptions import Subscriptions
from .writes import OnWrite, Result, Write

__all__ = ["Connection", "Flowtly", "page_deadline", "page_reserve"]

_HEADER_VALUE = re.compile(r"[\x21-\x7e]{1,256}")
_OTHER_TYPE = {LD_JSON: JSON, JSON: LD_JSON}


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
        self._exchange = Exchange(url, limits)
        self._bulkhead = Bulkhead(limits)
        self._tokens = Tokens(credentials, self._sign_in, limits)
        self._media: dict[str, str] = {}

    def close(self) -> None:
        self._exchange.close()

    def send(self, call: Call, tenant: str | None, request_id: str) -> Answer:
        """A 2xx answer or a FlowtlyError, within the total time of its method, waits and retries included."""
        limits = self.limits
        with deadline.within(limits.write_total if call.writes else limits.read_total):
            headers = {"X-Request-Id": request_id}
            if call.scoped and self.names.tenant_header:
                headers[self.names.tenant_header] = self._tenant(tenant, call, request_id)
            return self._persistent(call, headers, signed=True)

    def _persistent(self, call: Call, headers: dict[str, str], *, signed: bool) -> Answer:
        tries = 0
        while True:
            tries += 1
            try:
                return self._signed(call, headers) if signed else self._typed(call, headers)
            except FlowtlyError as failure:
                wait = retries.pause(
                    failure,
                    repeatable=not call.writes or not signed,
                    tries=tries,
                    limits=self.limits,
                    left=deadline.at_most(float("inf")),
                )
                if wait is None:
                    raise self._told(failure, call, headers) from None
            time.sleep(wait)

    def _signed(self, call: Call, headers: dict[str, str]) -> Answer:
        """With a token; once more with a new one if that was refused, for a refused call was not executed."""
        token = self._tokens.current()
        try:
            return self._typed(call, _bearing(headers, token))
        except Unauthorized as refused:
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
            answer = self._placed(call, headers, _OTHER_TYPE[media])
            self._media[call.kind] = _OTHER_TYPE[media]
            return answer

    def _placed(self, call: Call, headers: dict[str, str], media: str) -> Answer:
        with self._bulkhead.place(call.kind):
            return self._exchange.attempt(call, headers, media)

    def _sign_in(self, login: Login) -> str:
        path = self.names.login_path
        call = Call("POST", path, body={"username": login.username, "password": login.password}, scoped=False)
        self._media.setdefault(call.kind, JSON)
        try:
            answer = self._persistent(call, {"X-Request-Id": uuid.uuid4().hex}, signed=False)
        except (BadRequest, Unauthorized, Forbidden) as refused:
            raise NotSignedIn(detail=refused.detail) from None
        except NotSent:
            raise
        except FlowtlyError as failure:
            raise SignInFailed(detail=f"{failure.title} {failure.detail}".strip()) from None
        token = answer.data.get("token") if answer.data else None
        if not auth.usable(token):
            raise SignInFailed("Signing in to Flowtly gave no token.")
        return str(token)

    def _tenant(self, tenant: str | None, call: Call, request_id: str) -> str:
        if tenant is None or not _HEADER_VALUE.fullmatch(tenant):
            raise TenantUnknown(method=call.method, path=call.path, request_id=request_id)
        return tenant

    def _told(self, failure: FlowtlyError, call: Call, headers: dict[str, str]) -> FlowtlyError:
        """Names the call where the failure arose elsewhere, and takes our secrets out of its words."""
        failure.method, failure.path = failure.method or call.method, failure.path or call.path
        failure.request_id = failure.request_id or headers["X-Request-Id"]
        for secret in self._tokens.secrets():
            failure.detail = failure.detail.replace(secret, "…")
        return failure


class Flowtly:
    """The API on behalf of one request of ours. Cheap; not for sharing between requests.

    `tenant` is the value of the tenant header (see `organizations.tenant`), `request_id` goes upstream as
    `X-Request-Id` (made up if empty or unfit for a header), `on_write` hears of each write: see `Write`.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        tenant: str | None = None,
        request_id: str = "",
        on_write: OnWrite | None = None,
    ) -> None:
        self.connection = connection
        self.tenant = tenant
        self.request_id = request_id if _HEADER_VALUE.fullmatch(request_id) else uuid.uuid4().hex
        self._on_write = on_write

    def within(self, tenant: str) -> "Flowtly":
        """The same, on another tenant's data."""
        return Flowtly(self.connection, tenant=tenant, request_id=self.request_id, on_write=self._on_write)

    @property
    def names(self) -> Names:
        return self.connection.names

    def send(self, call: Call) -> Answer:
        """For the resources: sends a call, reporting it if it writes."""
        if call.writes and self._on_write is not None:
            return self._reported(call, self._on_write)
        return self.connection.send(call, self.tenant, self.request_id)

    def _reported(self, call: Call, tell: OnWrite) -> Answer:
        write = Write(
            "intent",
            uuid.uuid4().hex,
            call.method,
            call.path,
            self.tenant if call.scoped else None,
            _described(call),
            self.request_id,
        )
        tell(write)
        write, started = replace(write, phase="outcome"), time.monotonic()
        try:
            answer = self.connection.send(call, self.tenant, self.request_id)
        except BaseException as failure:
            tell(_failed(write, failure, time.monotonic() - started))
            raise
        tell(
            replace(
                write,
                status=answer.status,
                duration=time.monotonic() - started,
                result="applied",
                answer=answer.data,
            )
        )
        return answer

    @cached_property
    def organizations(self) -> Organizations:
        return Organizations(self)

    @cached_property
    def addresses(self) -> Addresses:
        return Addresses(self)

    @cached_property
    def configs(self) -> Configs:
        return Configs(self)

    @cached_property
    def locations(self) -> Locations:
        return Locations(self)

    @cached_property
    def countries(self) -> Countries:
        return Countries(self)

    @cached_property
    def languages(self) -> Languages:
        return Languages(self)

    @cached_property
    def currencies(self) -> Currencies:
        return Currencies(self)

    @cached_property
    def integrations(self) -> Integrations:
        return Integrations(self)

    @cached_property
    def meetings(self) -> Meetings:
        return Meetings(self)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        return Subscriptions(self)

    @cached_property
    def clients(self) -> Clients:
        return Clients(self)

    @cached_property
    def contacts(self) -> Contacts:
        return Contacts(self)

    @cached_property
    def employees(self) -> Employees:
        return Employees(self)


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


def _described(call: Call) -> dict[str, object] | None:
    if call.upload is not None:
        file = call.upload
        return {
            file.field: {"filename": file.filename, "type": file.content_type, "bytes": len(file.content)}
        }
    return None if call.body is None else dict(call.body)


def _failed(write: Write, failure: BaseException, duration: float) -> Write:
    if not isinstance(failure, FlowtlyError):
        return replace(write, duration=duration, error=type(failure).__name__, result="unknown")
    result: Result = "not-sent" if not failure.sent else "unknown" if failure.outcome_unknown else "refused"
    return replace(
        write, status=failure.status, duration=duration, error=type(failure).__name__, result=result
    )
