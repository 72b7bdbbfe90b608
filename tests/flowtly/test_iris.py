"""Which record an IRI names, and which names none."""

from collections.abc import Callable

import pytest

from dashboard.flowtly import Connection, Flowtly, Record, Reference
from dashboard.flowtly.resources.iris import identifier
from tests.support.raw_server import RawServer, says

GENERATED = "/.well-known/genid/3f2a9c"
NAMES = [
    ("/organizations/org_1", "org_1"),
    ("/api/organizations/org_1", "org_1"),
    ("https://api.flowtly.eu/api/organizations/org_1", "org_1"),
    ("/organizations/org_1/", "org_1"),
    ("/configs/mail%2Efooter", "mail.footer"),
    ("/invoices/in_1", "in_1"),
    ("/locations/search", "search"),
    ("/documents/documents", "documents"),
]
NAME_NOBODY = [
    "/organizations/mail-footer",
    "/api/organizations/mail-footer",
    "https://api.flowtly.eu/organizations/logo",
    "/organizations/icon",
    "/organizations/clear",
    "/subscriptions/catalog",
    "/subscriptions/apply-coupon",
    "/subscriptions/clear-coupon",
    "/subscriptions/sub_1/invoices",
    "/api/subscriptions/sub_1/cancel",
    "/clients/search",
    "/clients/7/documents",
    "/employees/search",
    GENERATED,
    f"/api{GENERATED}",
    f"https://api.flowtly.eu{GENERATED}",
    "/",
    "",
    "http://[",
]


@pytest.mark.parametrize(("iri", "named"), NAMES)
def test_an_iri_names_the_record_at_its_end(iri: str, named: str) -> None:
    assert identifier(iri) == named
    reference = Reference.read(iri)
    assert reference is not None
    assert (reference.id, reference.iri) == (named, iri)
    assert Record.read({"@id": iri}).id == named


@pytest.mark.parametrize("iri", NAME_NOBODY)
def test_a_literal_address_and_a_generated_one_name_nobody(iri: str) -> None:
    assert identifier(iri) == ""
    assert Reference.read(iri) is None
    assert (Record.read({"@id": iri}).id, Record.read({"@id": iri}).iri) == ("", None)
    assert (Record.read({"@id": iri, "id": "a"}).id, Record.read({"@id": iri, "id": "a"}).iri) == ("a", None)
    whole = Reference.read({"@id": iri, "name": "One"})
    assert whole is not None
    assert (whole.id, whole.iri, whole.label) == ("", None, "One")


def test_a_name_that_was_made_up_for_one_answer_is_in_no_record(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    """It would be shown, sent, and tell two answers with the same record apart."""
    body = {
        "id": 1,
        "name": f"See {GENERATED}",
        "address": {"@id": GENERATED, "@type": "Address", "city": "Delft"},
        "products": [GENERATED, {"@id": f"/api{GENERATED}", "name": "Team"}, "prod_1"],
    }
    server.script = says(200, body)
    record = Flowtly(connect(server.base_url), tenant="acme", request_id="req-1").locations.get("1")
    assert record.raw["address"] == {"@type": "Address", "city": "Delft"}
    assert record.raw["products"] == [{"name": "Team"}, "prod_1"]
    assert record.raw["name"] == f"See {GENERATED}"


def test_a_record_is_named_in_a_body_by_its_id_where_its_iri_names_nobody(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    api = Flowtly(connect(server.base_url), tenant="acme", request_id="req-1")
    server.script = says(200, {"@id": "/subscriptions/catalog", "id": "sub_1"})
    found = api.subscriptions.get("sub_1")
    assert api.subscriptions.iri(found) == "/subscriptions/sub_1"
    server.script = says(201, {"id": "new"}, Location="/organizations/mail-footer")
    assert api.locations.create({"name": "One"}).id == "new"
