"""Integrations of an organization with other services. No path here has an id: all act on the tenant."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from dashboard.flowtly.calls import Call
from dashboard.flowtly.resources.records import Record, entries, flag, text

if TYPE_CHECKING:
    from dashboard.flowtly.client import Flowtly

Kind = Literal["google-workspace", "microsoft-teams", "kontomatik"]
Enrollable = Literal["google-workspace", "microsoft-teams"]


@dataclass(frozen=True)
class Status(Record):
    """The state of an integration. No field of it is published; `raw` and `other` hold what came."""

    open_ended: ClassVar[bool] = True


@dataclass(frozen=True)
class Requirements(Record):
    """What enrolling needs (published reference): the form is drawn from this."""

    published: ClassVar[bool] = True

    tenant_id_label: str | None = text()
    tenant_id_placeholder: str | None = text()
    client_id_required: bool | None = flag()
    scopes: tuple[Any, ...] | None = entries()


class Integrations:
    path = "/integrations"

    def __init__(self, flowtly: "Flowtly") -> None:
        self._flowtly = flowtly

    def status(self, kind: Kind) -> Status:
        return Status.read(self._flowtly.send(Call("GET", f"{self.path}/{kind}")).data)

    def requirements(self, kind: Enrollable) -> Requirements:
        found = Requirements.read(self._flowtly.send(Call("GET", f"{self.path}/{kind}/requirements")).data)
        for listener in self._flowtly.connection.listeners:
            listener.read(found)
        return found

    def enroll(self, kind: Enrollable, tenant_id: str, client_id: str | None = None) -> Status:
        """The two ids are the other service's; their names here (`Names.enroll_fields`) are assumed."""
        tenant_field, client_field = self._flowtly.names.enroll_fields
        body = {tenant_field: tenant_id} | ({} if client_id is None else {client_field: client_id})
        return self._act(f"{kind}/enroll", body)

    def setup_kontomatik(self) -> Status:
        """Body and answer are assumed: empty, and a status object or nothing."""
        return self._act("kontomatik/setup", {})

    def pull_kontomatik(self) -> Status:
        """Asks for fresh bank data; may be done only later (202) or without a word (204), both assumed."""
        return self._act("kontomatik/pull", {})

    def revoke_kontomatik(self) -> Status:
        """Ends the bank's consent, for good."""
        return self._act("kontomatik/revoke", {})

    def _act(self, path: str, body: dict[str, str]) -> Status:
        call = Call("POST", f"{self.path}/{path}", body=body, expects="anything")
        return Status.read(self._flowtly.send(call).data)
