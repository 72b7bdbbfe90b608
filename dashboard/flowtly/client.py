"""Client of the API, made per request: it knows tenant and request id, and hands out resources."""

import time
import uuid
from collections.abc import Mapping, Sequence
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
from dashboard.flowtly.resources.records import Record
from dashboard.flowtly.resources.reference import Countries, Currencies, Languages
from dashboard.flowtly.resources.subscriptions import Subscriptions
from dashboard.flowtly.tenants import TenantCheck
from dashboard.flowtly.writes import OnWrite, Result, Write

__all__ = ["Connection", "Flowtly", "page_deadline", "page_reserve"]


class Flowtly:
    """The API on behalf of one request of ours. Cheap; not for sharing between requests.

    `tenant` is the value of the tenant header (see `organizations.tenant`), `request_id` goes upstream as
    `X-Request-Id` (made up if empty or unfit for a header), `on_write` hears of each write: see `Write`; `last_read`
    stands in for an API that is away: see `LastRead`. `tenant_check` is asked before each write to that tenant.
    """

    def __init__(
        self,
        connection: Connection,
        *,
        tenant: str | None = None,
        request_id: str = "",
        on_write: OnWrite | None = None,
        last_read: LastRead | None = None,
        tenant_check: TenantCheck | None = None,
    ) -> None:
        self.connection = connection
        self.tenant = tenant
        self.tenant_check = tenant_check
        self.request_id = request_id if fit_for_a_header(request_id) else uuid.uuid4().hex
        self._on_write = on_write
        self._last_read = last_read

    def within(self, tenant: str, tenant_check: TenantCheck | None = None) -> "Flowtly":
        """The same, on another tenant's data."""
        return self._with(tenant, self._last_read, tenant_check)

    def live(self) -> "Flowtly":
        """The same, from the API itself and from nowhere else."""
        return self._with(self.tenant, None, self.tenant_check)

    def _with(
        self, tenant: str | None, last_read: LastRead | None, tenant_check: TenantCheck | None
    ) -> "Flowtly":
        return Flowtly(
            self.connection,
            tenant=tenant,
            request_id=self.request_id,
            on_write=self._on_write,
            last_read=last_read,
            tenant_check=tenant_check,
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
        if call.writes and call.scoped:
            self.prove()
        if call.writes and self._on_write is not None:
            return self._reported(call, headers, self._on_write)
        if not call.writes and self._last_read is not None:
            return self._last_read.read(call, self.tenant, lambda: self.connection.send(call, headers))
        return self.connection.send(call, headers)

    def prove(self) -> None:
        """What comes before each write to a tenant: AnotherTenant or TenantUnproved where nothing may be sent."""
        if self.tenant_check is not None:
            self.tenant_check.before_write(self)

    def saw(self, records: Sequence[Record]) -> None:
        """For the resources: what they have read."""
        self.connection.references.learn(records)
        if self.tenant_check is not None and not self.stale:
            self.tenant_check.saw(records)

    def _reported(self, call: Call, headers: dict[str, str], tell: OnWrite) -> Answer:
        tenant, body = self.tenant if call.scoped else None, _described(call)
        write = Write("intent", uuid.uuid4().hex, call.method, call.path, tenant, body, self.request_id)
        tell(write)
        write, started = replace(write, phase="outcome"), time.monotonic()
        try:
            answer = self.connection.send(call, headers)
        except BaseException as failure:
            tell(replace(_failed(write, failure), duration=time.monotonic() - started))
            raise
        applied = replace(write, status=answer.status, result="applied", answer=answer.data)
        tell(replace(applied, duration=time.monotonic() - started))
        return answer

    organizations = cached_property(Organizations)
    mail_footers = cached_property(MailFooters)
    addresses = cached_property(Addresses)
    configs = cached_property(Configs)
    locations = cached_property(Locations)
    countries = cached_property(Countries)
    languages = cached_property(Languages)
    currencies = cached_property(Currencies)
    integrations = cached_property(Integrations)
    meetings = cached_property(Meetings)
    subscriptions = cached_property(Subscriptions)
    clients = cached_property(Clients)
    contacts = cached_property(Contacts)
    employees = cached_property(Employees)


def _described(call: Call) -> Mapping[str, object] | None:
    """The body as it is sent; of a file what it is, and not its content."""
    if call.upload is None:
        return call.body
    file = call.upload
    return {file.field: {"filename": file.filename, "type": file.content_type, "bytes": len(file.content)}}


def _failed(write: Write, failure: BaseException) -> Write:
    error = type(failure).__name__
    if not isinstance(failure, FlowtlyError):
        return replace(write, error=error, result="unknown")
    result: Result = "not-sent" if not failure.sent else "unknown" if failure.outcome_unknown else "refused"
    return replace(write, status=failure.status, error=error, result=result)
