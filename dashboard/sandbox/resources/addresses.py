from dataclasses import replace

from dashboard.sandbox.call import Call
from dashboard.sandbox.declarations import Filter, Record, Resource, Route, orders
from dashboard.sandbox.fields import Field, read_only
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.operations import changes, creates, deletes, gets, lists
from dashboard.sandbox.refusals import Refusal, Violation
from dashboard.sandbox.rules import COUNTRY, EMAIL, longest


def check_tax_country(call: Call, record: Record) -> list[Violation]:
    if record.get("tin") and not record.get("tinCountry"):
        return [Violation("", "A tax number needs its country.", "")]
    return []


def begin(call: Call, record: Record) -> Record:
    return {**record, "organization": f"/organizations/{call.tenant}"}


ADDRESSES = Resource(
    path="/organization-addresses",
    type="OrganizationAddress",
    fields=(
        *read_only("id"),
        *read_only("organization", kind="iri", nullable=True),
        Field("type", required=True, rules=(longest(40),)),
        Field("name", required=True, rules=(longest(255),)),
        Field("street", required=True, rules=(longest(255),)),
        Field("city", required=True, rules=(longest(120),)),
        Field("postCode", required=True, rules=(longest(20),)),
        Field("country", "country", required=True, rules=(COUNTRY,)),
        Field("email", nullable=True, rules=(EMAIL,)),
        Field("tin", nullable=True, rules=(longest(20),)),
        Field("tinCountry", "country", nullable=True, rules=(COUNTRY,)),
    ),
    filters=(Filter("type", "type"), Filter("name", "name", "partial"), *orders("name")),
    begin=begin,
    check=check_tax_country,
)
_DELETES = deletes(ADDRESSES, refusals=(409,))


def remove(call: Call) -> Answer:
    """An address that a subscription is billed to has to stay."""
    address = call.record(ADDRESSES)
    used = call.store.all(call.tenant, "subscriptions")
    if any(each["organizationAddress"] == f"{ADDRESSES.path}/{address['id']}" for each in used):
        raise Refusal(409, "The address is used by a subscription.")
    return _DELETES.act(call)


def routes(names: Names) -> list[Route]:
    return [
        lists(ADDRESSES),
        creates(ADDRESSES),
        gets(ADDRESSES),
        changes(ADDRESSES),
        replace(_DELETES, act=remove),
    ]
