"""Organizations, and which tenant each of them is.

Published reference: list, create, read; and, without an id in the path and so on the current tenant: clear,
icon, logo, mail footer. An organization itself can be neither patched nor deleted.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import parse_qsl, unquote, urlsplit

from dashboard.flowtly.calls import Call, Upload
from dashboard.flowtly.errors import ForeignAddress, TenantUnknown
from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.base import NO_FILTERS, Creates, Gets, Lists
from dashboard.flowtly.resources.iris import LITERALS
from dashboard.flowtly.resources.records import (
    Record,
    Reference,
    entries,
    flag,
    moment,
    reference,
    references,
    text,
)
from dashboard.flowtly.resources.walk import Step

if TYPE_CHECKING:
    from dashboard.flowtly.client import Flowtly

MOST_ORGANIZATIONS = 2000
PICTURES = "image/png, image/jpeg, */*;q=0.1"

_PLAIN_PATH = re.compile(r"(/[A-Za-z0-9_.~%@:+-]+)+")


@dataclass(frozen=True)
class Organization(Record):
    """A list item may hold no more than id, type, status, name and slug (seen live)."""

    codes: ClassVar[Mapping[str, frozenset[str]]] = {
        "type": frozenset({"production", "demo"}),
        "status": frozenset({"active", "inactive", "suspended", "trial"}),
    }

    published: ClassVar[bool] = True

    type: str | None = text()
    status: str | None = text()
    name: str | None = text()
    slug: str | None = text()
    instance: str | None = text()
    stripe_customer_id: str | None = text()
    manual_billing: bool | None = flag()
    database_status: tuple[Any, ...] | None = entries()
    organization_users: tuple[Reference, ...] | None = references()
    organization_user_invitations: tuple[Reference, ...] | None = references()
    organization_modules: tuple[Reference, ...] | None = references()
    subscriptions: tuple[Reference, ...] | None = references()
    organization_configs: tuple[Reference, ...] | None = references()
    organization_addresses: tuple[Reference, ...] | None = references()
    created_at: datetime | None = moment()
    updated_at: datetime | None = moment()
    demo: bool | None = flag()
    production_like: bool | None = flag()
    current_subscription: Reference | None = reference()

    def tenant(self, names: Names) -> str | None:
        """The value of the tenant header for this organization; None where this answer does not hold it."""
        value = self.raw.get(names.tenant_field)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) and value else None


@dataclass(frozen=True)
class MailFooter(Record):
    """The footer of an organization's mails. No field of it is published; `raw` holds what came."""

    open_ended: ClassVar[bool] = True


class MailFooters:
    """The one mail footer of the tenant, asked as other resources are. Its path has no id: it goes by a name of
    ours, whatever id its answer bears."""

    path = "/organizations/mail-footer"
    name = "mail-footer"
    record = MailFooter

    def __init__(self, flowtly: "Flowtly") -> None:
        self._organizations = flowtly.organizations

    def get(self, _identifier: str = name) -> MailFooter:
        return replace(self._organizations.mail_footer(), id=self.name)

    def update(self, _record: MailFooter | str, changes: Mapping[str, object]) -> MailFooter:
        return replace(self._organizations.update_mail_footer(changes), id=self.name)


class Organizations(Lists[Organization], Gets[Organization], Creates[Organization]):
    path = "/organizations"
    literals = LITERALS["organizations"]
    creates = ("name", "slug", "type")
    # Who asks for organizations need not be within one.
    open_to_all = frozenset({"list", "get", "create"})
    record = Organization

    def tenant(self, identifier: str) -> str:
        """The tenant header's value for an organization: from its item, else from the list. Kept ten minutes.

        TenantUnknown where neither names it: another field is never guessed at, for it would be another
        customer's data.
        """
        learnt = self._flowtly.connection.learnt
        tenant = learnt.tenant(identifier)
        if tenant is None:
            tenant = self.get(identifier).tenant(self._flowtly.names) or self._tenant_in_list(identifier)
            if not self._flowtly.stale:
                learnt.learn_tenant(identifier, tenant)
        return tenant

    def _tenant_in_list(self, identifier: str) -> str:
        names = self._flowtly.names
        looked_at = 0
        steps: Iterator[Step[Organization]] = self._walk(
            self.path, Organization, NO_FILTERS, MOST_ORGANIZATIONS
        )
        for step in steps:
            looked_at += len(step.items)
            for each in step.items:
                if each.id == identifier and (tenant := each.tenant(names)):
                    return tenant
            if looked_at >= MOST_ORGANIZATIONS:
                break
        field = names.tenant_field
        raise TenantUnknown(
            f"Flowtly names no tenant for organization {identifier}: it has no field “{field}”."
            " The setting FLOWTLY_TENANT_FIELD says which field holds it.",
            method="GET",
            path=self.path,
        )

    def clear(self) -> Organization:
        """Destroys the tenant's data. The path has no id."""
        return self._record(self._flowtly.send(Call("POST", f"{self.path}/clear", body={})))

    def upload_icon(self, content: bytes, content_type: str, filename: str) -> Organization:
        """Multipart; the part's name is assumed (`Names.upload_field`)."""
        return self._upload("icon", content, content_type, filename)

    def upload_logo(self, content: bytes, content_type: str, filename: str) -> Organization:
        """Multipart; the part's name is assumed (`Names.upload_field`)."""
        return self._upload("logo", content, content_type, filename)

    def mail_footer(self) -> MailFooter:
        return MailFooter.read(self._flowtly.send(Call("GET", f"{self.path}/mail-footer")).data)

    def update_mail_footer(self, changes: Mapping[str, object]) -> MailFooter:
        """The footer after a merge patch; empty where the API answers without a body."""
        call = Call("PATCH", f"{self.path}/mail-footer", body=dict(changes))
        return MailFooter.read(self._flowtly.send(call).data)

    def picture(self, url: str) -> bytes:
        """What is at an address that a record names, unchecked. ForeignAddress, and nothing sent, where that is
        not below our own base URL; whatever the address says, it is asked for there."""
        path, query = _below(self._flowtly.connection.base_url, url)
        return bytes(self._flowtly.send(Call("GET", path, query, expects="bytes", accept=PICTURES)).data)

    def _upload(self, what: str, content: bytes, content_type: str, filename: str) -> Organization:
        file = Upload(self._flowtly.names.upload_field, content, content_type, filename)
        return self._record(self._flowtly.send(Call("POST", f"{self.path}/{what}", upload=file)))


def _below(base_url: str, url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    try:
        base, asked = urlsplit(base_url), urlsplit(url)
        same = not (asked.scheme or asked.netloc) or (asked.hostname, asked.port or base.port) == (
            base.hostname,
            base.port,
        )
    except ValueError:
        raise ForeignAddress(method="GET") from None
    path = asked.path.removeprefix(base.path.rstrip("/"))
    inside = path != asked.path or not base.path.rstrip("/") or not asked.netloc
    plain_scheme = asked.scheme in {"", "http", "https"}
    steps = {unquote(step) for step in path.split("/")[1:]}
    plain = _PLAIN_PATH.fullmatch(path) and not any(step in {".", ".."} or "/" in step for step in steps)
    if not (same and inside and plain and plain_scheme and "@" not in asked.netloc):
        raise ForeignAddress(method="GET")
    return path, tuple(parse_qsl(asked.query))
