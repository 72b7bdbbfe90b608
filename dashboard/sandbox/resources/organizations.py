from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, longest, read_only, shaped
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import creates, gets, lists

FACTS = (
    read_only("id"),
    Field("type", rules=(longest(40),)),
    read_only("status"),
    Field("name", required=True, rules=(longest(255),)),
    Field("slug", rules=(shaped(r"[a-z0-9]+(-[a-z0-9]+)*", "This value is not a valid slug."), longest(80))),
    read_only("stripeCustomerId", nullable=True),
    read_only("manualBilling", "bool"),
    read_only("databaseStatus", "array", nullable=True),
    read_only("organizationUsers", "array"),
    read_only("organizationUserInvitations", "array"),
    read_only("organizationModules", "array"),
    read_only("subscriptions", "array"),
    read_only("organizationConfigs", "array"),
    read_only("organizationAddresses", "array"),
    read_only("createdAt", "date"),
    read_only("updatedAt", "date"),
    read_only("demo", "bool"),
    read_only("productionLike", "bool"),
    read_only("currentSubscription", "iri", nullable=True),
)
LISTED = ("id", "type", "status", "name", "slug")


def organizations(names: Names) -> Resource:
    return Resource(
        path="/organizations",
        type="Organization",
        shared=True,
        fields=(*FACTS, read_only(names.tenant_field)),
        listed=(*LISTED, names.tenant_field),
        complete=complete,
        filters=(
            Filter("name", "name", "partial"),
            Filter("type", "type"),
            Filter("status", "status"),
            Filter("demo", "demo", "flag"),
            *orders("name", "createdAt"),
        ),
    )


def routes(names: Names) -> list[Route]:
    resource = organizations(names)
    return [lists(resource, scoped=False), creates(resource, scoped=False), gets(resource, scoped=False)]


def complete(call: Call, records: list[Record], in_list: bool) -> None:
    shown = call.switches.instance in ("both", "list" if in_list else "item")
    for record in records:
        instance = record.pop("instance", None)
        if shown:
            record[call.names.tenant_field] = instance
