"""Google Workspace and Microsoft Teams, and the state of any integration: it moves with time."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dashboard.sandbox.call import Call, now
from dashboard.sandbox.declarations import Record, Resource, Route
from dashboard.sandbox.fields import Field, read_only, violations, written
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.refusals import Violation, invalid
from dashboard.sandbox.rules import longest
from dashboard.sandbox.settling import pending, settled

GUID = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"


@dataclass(frozen=True)
class Provider:
    word: str
    type: str
    requirements: Record
    tenant: str  # what its tenant and client ids look like
    client: str


GOOGLE = Provider(
    "google-workspace",
    "GoogleWorkspaceIntegrationStatusOutput",
    {
        "tenantIdLabel": "Primary domain or customer id",
        "tenantIdPlaceholder": "example.com",
        "clientIdRequired": True,
        "scopes": [
            "https://www.googleapis.com/auth/admin.directory.user.readonly",
            "https://www.googleapis.com/auth/admin.directory.group.readonly",
            "https://www.googleapis.com/auth/calendar.readonly",
        ],
    },
    r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?",
    r"\d{18,24}",
)
TEAMS = Provider(
    "microsoft-teams",
    "MicrosoftTeamsIntegrationStatusOutput",
    {
        "tenantIdLabel": "Directory (tenant) ID",
        "clientIdRequired": False,
        "scopes": ["User.Read.All", "Calendars.Read", "OnlineMeetings.Read.All", "Presence.Read.All"],
    },
    GUID,
    GUID,
)

REQUIREMENTS = Resource(
    "/requirements",
    "IntegrationRequirementsOutput",
    (
        *read_only("tenantIdLabel"),
        *read_only("tenantIdPlaceholder", nullable=True),
        *read_only("clientIdRequired", kind="bool"),
        *read_only("scopes", kind="array"),
    ),
)


def routes(names: Names) -> list[Route]:
    return [*_provider_routes(names, GOOGLE), *_provider_routes(names, TEAMS)]


def _provider_routes(names: Names, provider: Provider) -> list[Route]:
    tenant_name, client_name = names.enroll_fields.split(",")
    path = f"/integrations/{provider.word}"
    status = Resource(
        path,
        provider.type,
        (
            *read_only("status"),
            *read_only(tenant_name, client_name, nullable=True),
            *read_only("connectedAt", kind="date", nullable=True),
            *read_only("error", nullable=True),
        ),
    )
    needs_client = bool(provider.requirements["clientIdRequired"])
    body = (
        Field(tenant_name, required=True, rules=(longest(120),)),
        Field(client_name, nullable=not needs_client, required=needs_client, rules=(longest(120),)),
    )
    return [
        Route("GET", path, shows(status), returns=status),
        Route("GET", f"{path}/requirements", _requires(provider), returns=REQUIREMENTS),
        Route(
            "POST", f"{path}/enroll", _enrolls(provider, status, body), status=201, returns=status, body=body,
            refusals=(400, 415, 422),
        ),
    ]  # fmt: skip


def shows(resource: Resource) -> Callable[[Call], Answer]:
    def act(call: Call) -> Answer:
        return call.item(resource, state_of(call, resource))

    return act


def _requires(provider: Provider) -> Callable[[Call], Answer]:
    def act(call: Call) -> Answer:
        iri = f"/integrations/{provider.word}/requirements"
        return call.item(REQUIREMENTS, {"_iri": iri, **provider.requirements})

    return act


def _enrolls(provider: Provider, resource: Resource, body: tuple[Field, ...]) -> Callable[[Call], Answer]:
    def act(call: Call) -> Answer:
        sent = written(body, call.data(), call.reading())
        found = violations(body, sent) or _misshapen(provider, body, sent)
        if found:
            raise invalid(found)
        fails = str(sent[body[0].name]).startswith("fail")
        failed = {"status": "failed", "error": "The grant was not found."}
        then = failed if fails else {"status": "active", "connectedAt": now()}
        return keep(call, resource, {**sent, "status": "pending", **pending(then)})

    return act


def _misshapen(provider: Provider, body: tuple[Field, ...], sent: Record) -> list[Violation]:
    patterns = zip(body, (provider.tenant, provider.client), strict=True)
    return [
        Violation(field.name, "This value is not valid.", "de1e3db3-5ed4-4941-aae4-59f3667cc3a3")
        for field, pattern in patterns
        if sent.get(field.name) is not None and not re.fullmatch(pattern, sent[field.name])
    ]


def state_of(call: Call, resource: Resource) -> Record:
    kept = call.store.get(call.tenant, "integrations", resource.path)
    if kept:
        return settled(kept, call.switches.settle)
    return {"id": resource.path, "_iri": resource.path, "status": "not_connected"}


def keep(call: Call, resource: Resource, state: Record) -> Answer:
    record = {**state, "id": resource.path, "_iri": resource.path}
    if call.store.get(call.tenant, "integrations", resource.path) is None:
        call.store.insert(call.tenant, "integrations", record)
    else:
        call.store.replace(call.tenant, "integrations", record)
    return call.item(resource, settled(record, call.switches.settle))
