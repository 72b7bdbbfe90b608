import re
import secrets

from dashboard.sandbox.call import NOBODY, Call, now
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import changed_record, creates, gets, lists
from dashboard.sandbox.refusals import Violation
from dashboard.sandbox.resources.addresses import ADDRESSES
from dashboard.sandbox.resources.clients import CLIENTS, CONTACTS, DOCUMENT
from dashboard.sandbox.resources.locations import LOCATIONS
from dashboard.sandbox.resources.meetings import MEETINGS
from dashboard.sandbox.resources.subscriptions import SUBSCRIPTIONS
from dashboard.sandbox.resources.uploads import upload_routes
from dashboard.sandbox.rules import longest, shaped
from dashboard.sandbox.settling import settled

FACTS = (
    *read_only("id"),
    Field("type", rules=(longest(40),)),
    *read_only("status"),
    Field("name", required=True, rules=(longest(255),)),
    Field("slug", rules=(shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "This value is not a valid slug."), longest(80))),
    *read_only("stripeCustomerId", nullable=True),
    *read_only("manualBilling", kind="bool"),
    *read_only("databaseStatus", kind="array", nullable=True),
    *read_only(
        "organizationUsers",
        "organizationUserInvitations",
        "organizationModules",
        "subscriptions",
        "organizationConfigs",
        "organizationAddresses",
        kind="array",
    ),
    *read_only("createdAt", "updatedAt", kind="date"),
    *read_only("demo", "productionLike", kind="bool"),
    *read_only("currentSubscription", kind="iri", nullable=True),
)
PICTURES = read_only("logoUrl", "iconUrl", nullable=True)
LISTED = ("id", "type", "status", "name", "slug")

# What clearing takes away; addresses, subscriptions, settings and the organization itself stay.
CLEARED = (
    *(resource.kind for resource in (CLIENTS, CONTACTS, DOCUMENT, LOCATIONS, MEETINGS)),
    *("employees", "integrations"),
)


def organizations(names: Names) -> Resource:
    return Resource(
        path="/organizations",
        type="Organization",
        shared=True,
        fields=(*FACTS, *PICTURES, *read_only(names.tenant_field)),
        listed=(*LISTED, names.tenant_field),
        filters=(
            Filter("name", "name", "partial"),
            Filter("type", "type"),
            Filter("status", "status"),
            Filter("demo", "demo", "flag"),
            *orders("name"),
        ),
        begin=begin,
        check=check,
        complete=complete,
    )


def mail_footer(names: Names) -> Resource:
    return Resource(
        path="/organizations/mail-footer",
        type="Organization",
        shared=True,
        fields=(
            *read_only(*LISTED),
            Field(names.footer_field, nullable=True, rules=(longest(20_000),)),
        ),
    )


def routes(names: Names) -> list[Route]:
    resource, footer = organizations(names), mail_footer(names)
    return [
        lists(resource, scoped=False),
        creates(resource, scoped=False),
        Route("POST", "/organizations/clear", clear, status=204, body=(), refusals=(400, 415)),
        *upload_routes(names, resource),
        Route("GET", footer.path, lambda call: _footer(call, footer), returns=footer),
        Route(
            "PATCH", footer.path, lambda call: _change_footer(call, footer), returns=footer,
            body=footer.fields, refusals=(400, 415, 422),
        ),
        gets(resource, scoped=False),
    ]  # fmt: skip


def check(call: Call, record: Record) -> list[Violation]:
    slug = record.get("slug")
    if slug and call.store.find(NOBODY, "organizations", "slug", slug):
        return [Violation("slug", "This value is already used.", "23bd9dbf-6b9b-41cd-a99e-4844bcf3077f")]
    return []


def begin(call: Call, record: Record) -> Record:
    slug = record.get("slug") or _free_slug(call, record["name"])
    fresh = {
        "type": "production",
        "status": "active",
        "slug": slug,
        "instance": f"{slug.replace('-', '_')}_{secrets.token_hex(2)}",
        "manualBilling": False,
        "demo": record.get("type") == "demo",
        "productionLike": record.get("type", "production") == "production",
        "createdAt": now(),
        "updatedAt": now(),
    }
    call.store.insert(record["id"], "languages", {"id": "en"})
    return {**fresh, **record}


def _free_slug(call: Call, name: str) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60].strip("-") or "organization"
    taken = call.store.find(NOBODY, "organizations", "slug", slug)
    return f"{slug}-{secrets.token_hex(3)}" if taken else slug


def complete(call: Call, records: list[Record], in_list: bool) -> None:
    shown = call.switches.instance in ("both", "list" if in_list else "item")
    for record in records:
        instance = record.pop("instance", None)
        if not in_list:
            _link(call, record)
        if shown:
            record[call.names.tenant_field] = instance


def _link(call: Call, record: Record) -> None:
    tenant = str(record["id"])
    for name, resource in (("organizationAddresses", ADDRESSES), ("subscriptions", SUBSCRIPTIONS)):
        found = call.store.all(tenant, resource.kind)
        record[name] = [_element(call, resource, each) for each in found]
    record["organizationConfigs"] = [
        call.iri(f"/configs/{each['id']}") for each in call.store.all(tenant, "configs")
    ]
    for name in ("organizationUsers", "organizationUserInvitations", "organizationModules"):
        record[name] = [call.iri(iri) for iri in record.get(name, [])]
    if call.switches.pictures == "hidden":
        for field in PICTURES:
            record.pop(field.name, None)


def _element(call: Call, resource: Resource, record: Record) -> Record | str:
    if call.names.elements == "mixed":
        return call.iri(f"{resource.path}/{record['id']}")
    record.pop("discount", None)
    return call.embedded(resource, settled(record, call.switches.settle))


def clear(call: Call) -> Answer:
    call.data()
    for kind in CLEARED:
        call.store.clear(call.tenant, kind)
    call.store.drop_files(call.tenant)
    organization = call.store.get(NOBODY, "organizations", call.tenant) or {}
    gone = (call.names.footer_field, "logoUrl", "iconUrl")
    kept = {name: value for name, value in organization.items() if name not in gone}
    call.store.replace(NOBODY, "organizations", {**kept, "updatedAt": now()})
    return Answer(204)


def _footer(call: Call, footer: Resource) -> Answer:
    return call.item(footer, {**call.organization, "_iri": f"/organizations/{call.tenant}"})


def _change_footer(call: Call, footer: Resource) -> Answer:
    record = changed_record(call, footer, dict(call.organization))
    call.store.replace(NOBODY, "organizations", record)
    return call.item(footer, {**record, "_iri": f"/organizations/{call.tenant}"})
