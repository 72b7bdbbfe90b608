"""The one door to the API, made per request: it knows tenant and request id, and hands out resources."""

import time
import uuid
from dataclasses import replace
from functools import cached_property

from dashboard.flowtly.calls import Answer, Call
from dashboard.flowtly.connection import Connection, fit_for_a_header
from dashboard.flowtly.deadline import page_deadline, page_reserve
from dashboard.flowtly.errors import FlowtlyError
from dashboard.flowtly.names import Names
from dashboard.flowtly.reads import LastRead
from dashboard.flowtly.resources.addresses import Addresses
from dashboard.flowtly.resources.clients import Clients
from dashboard.flowtly.resources.configs import Configs
from dashboard.flowtly.resources.contacts import Contacts
from dashboard.flowtly.resources.employees import Employees
from dashboard.flowtly.resources.integrations import Integrations
from dashboard.flowtly.resources.locations import Locations
from dashboard.flowtly.resources.meetings import Meetings
from dashboard.flowtly.resources.organizations import MailFooters, Organizations
from dashboard.flowtly.resources.reference import Countries, Currencies, Languages
from dashboard.flowtly.resources.subscriptions import Subscriptions
from dashboard.flowtly.writes import OnWrite, Result, Write

__all__ = ["Connection", "Flowtly", "page_deadline", "page_reserve"]


class Flowtly:
    """The API on behalf of one request of ours. Cheap; not for sharing between requests.

    `tenant` is the value of the tenant header (see `organizations.tenant`), `request_id` goes upstream as
    `X-Request-Id` (made up if empty or unfit for a header), `on_write` hears of each write: see `Write`; `last_read`
    stands in for an API that is away: see `LastRead`.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        tenant: str | None = None,
        request_id: str = "",
        on_write: OnWrite | None = None,
        last_read: LastRead | None = None,
    ) -> None:
        self.connection = connection
        self.tenant = tenant
        self.request_id = request_id if fit_for_a_header(request_id) else uuid.uuid4().hex
        self._on_write = on_write
        self._last_read = last_read

    def within(self, tenant: str) -> "Flowtly":
        """The same, on another tenant's data."""
        return self._with(tenant, self._last_read)

    def live(self) -> "Flowtly":
        """The same, from the API itself and from nowhere else."""
        return self._with(self.tenant, None)

    def _with(self, tenant: str | None, last_read: LastRead | None) -> "Flowtly":
        return Flowtly(
            self.connection,
            tenant=tenant,
            request_id=self.request_id,
            on_write=self._on_write,
            last_read=last_read,
        )

    @property
    def stale(self) -> bool:
        """Whether anything it has answered with was read before."""
        return self._last_read is not None and self._last_read.oldest is not None

    @property
    def names(self) -> Names:
        return self.connection.names

    def send(self, call: Call) -> Answer:
        """For the resources: sends a call, reporting it if it writes."""
        headers = self.connection.headers(call, self.tenant, self.request_id)
        if call.writes and self._on_write is not None:
            return self._reported(call, headers, self._on_write)
        if not call.writes and self._last_read is not None:
            return self._last_read.read(call, self.tenant, lambda: self.connection.send(call, headers))
        return self.connection.send(call, headers)

    def _reported(self, call: Call, headers: dict[str, str], tell: OnWrite) -> Answer:
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
            answer = self.connection.send(call, headers)
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
    def mail_footers(self) -> MailFooters:
        return MailFooters(self)

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
