"""Records read whatever came, and lose nothing of it."""

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.flowtly import Names, Record, Reference
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.clients import Client, Document
from dashboard.flowtly.resources.configs import Config
from dashboard.flowtly.resources.contacts import Contact
from dashboard.flowtly.resources.employees import Employee
from dashboard.flowtly.resources.integrations import Requirements, Status
from dashboard.flowtly.resources.locations import Location
from dashboard.flowtly.resources.meetings import Meeting
from dashboard.flowtly.resources.organizations import MailFooter, Organization
from dashboard.flowtly.resources.reference import Country, Currency, Language
from dashboard.flowtly.resources.subscriptions import Invoice, Product, Subscription

ALL: list[type[Record]] = [
    Address, Client, Config, Contact, Country, Currency, Document, Employee, Invoice, Language,
    Location, MailFooter, Meeting, Organization, Product, Requirements, Status, Subscription,
]  # fmt: skip

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@pytest.mark.parametrize("kind", ALL)
@settings(max_examples=20, derandomize=True, database=None)
@given(data=st.data())
def test_no_payload_makes_a_record_raise_and_every_field_stays_visible(
    kind: type[Record], data: st.DataObject
) -> None:
    names = [*kind.api_names().values(), "id", "@id", "somethingNew"]
    raw = data.draw(st.dictionaries(st.sampled_from(names), JSON))
    record = kind.read(raw)
    known = {api_name: getattr(record, name) for name, api_name in kind.api_names().items()}
    for api_name, value in raw.items():
        shown = known.get(api_name) is not None or api_name in record.other
        assert record.said(api_name)
        assert shown or value is None or api_name == "@id" or str(value) == record.id
    assert isinstance(record.id, str)


@pytest.mark.parametrize("kind", ALL)
@pytest.mark.parametrize("payload", [None, 7, True, "x", "/things/7", [], [1], {}, {"id": None}, {"@id": 7}])
def test_what_is_no_object_is_still_a_record(kind: type[Record], payload: object) -> None:
    record = kind.read(payload)
    assert isinstance(record.id, str)
    assert isinstance(record.raw, dict)


def test_a_record_shows_what_came() -> None:
    location = Location.read(
        {
            "@id": "/locations/7",
            "@type": "Location",
            "id": 7,
            "name": "Zuidas",
            "officeOpenHour": 8,
            "floors": 3,
        }
    )
    assert (location.id, location.iri, location.name, location.office_open_hour) == (
        "7",
        "/locations/7",
        "Zuidas",
        8,
    )
    assert location.office_close_hour is None
    assert location.said("officeOpenHour")
    assert not location.said("officeCloseHour")
    assert location.other == {"floors": 3}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("officeOpenHour", "8"),
        ("officeOpenHour", True),
        ("officeOpenHour", 8.5),
        ("name", 7),
        ("name", ["x"]),
    ],
)
def test_a_value_of_another_type_is_not_read_but_stays_visible(field: str, value: object) -> None:
    location = Location.read({"id": 7, field: value})
    assert (location.name, location.office_open_hour) == (None, None)
    assert location.other == {field: value}


def test_a_null_is_absent_but_was_said() -> None:
    location = Location.read({"id": 7, "officeOpenHour": None})
    assert location.office_open_hour is None
    assert location.said("officeOpenHour")
    assert location.other == {}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"id": "a.b:c"}, "a.b:c"),
        ({"id": 12}, "12"),
        ({"@id": "/api/locations/9"}, "9"),
        ({"@id": "/configs/mail%2Efooter"}, "mail.footer"),
        ({"id": True}, ""),
        ({"id": 1.5}, ""),
        ({"id": "", "@id": "http://[bad"}, ""),
        ({}, ""),
    ],
)
def test_an_id_is_text(raw: dict[str, Any], expected: str) -> None:
    assert Location.read(raw).id == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("/countries/NL", Reference("/countries/NL", "NL", "")),
        ("https://api.flowtly.eu/countries/NL", Reference("https://api.flowtly.eu/countries/NL", "NL", "")),
        ("NL", Reference(None, "NL", "")),
        ({"@id": "/countries/NL", "name": "Nederland"}, Reference("/countries/NL", "NL", "Nederland")),
        ({"id": 5, "firstName": "Søren", "lastName": "Holm"}, Reference(None, "5", "Søren Holm")),
        (5, Reference(None, "5", "")),
    ],
)
def test_a_reference_is_read_in_each_of_its_forms(value: Any, expected: Reference) -> None:
    found = Client.read({"country": value}).country
    assert found is not None
    assert (found.iri, found.id, found.label) == (expected.iri, expected.id, expected.label)
    assert found.raw == value


@pytest.mark.parametrize("value", ["", True, [], 1.5])
def test_what_is_no_reference_stays_visible(value: object) -> None:
    client = Client.read({"country": value})
    assert client.country is None
    assert client.other == {"country": value}


@pytest.mark.parametrize(
    "value",
    [
        ["/client-contacts/1", {"id": 2, "name": "Ana"}],
        {"0": "/client-contacts/1", "2": {"id": 2, "name": "Ana"}},
    ],
)
def test_a_list_of_references_may_come_as_an_object_with_numbers_for_keys(value: Any) -> None:
    contacts = Client.read({"clientContacts": value}).client_contacts
    assert contacts is not None
    assert [(contact.id, contact.label) for contact in contacts] == [("1", ""), ("2", "Ana")]


def test_an_element_that_is_no_reference_is_not_dropped() -> None:
    contacts = Client.read({"clientContacts": [None, ["x"], "/client-contacts/3"]}).client_contacts
    assert contacts is not None
    assert [contact.raw for contact in contacts] == [None, ["x"], "/client-contacts/3"]


@pytest.mark.parametrize(("value", "expected"), [([], {}), ({"plan": "pro"}, {"plan": "pro"})])
def test_an_empty_map_may_come_as_a_list(value: object, expected: object) -> None:
    assert Subscription.read({"metadata": value}).metadata == expected


def test_a_moment_is_aware() -> None:
    meeting = Meeting.read({"dateFrom": "2026-11-20T09:30:00+01:00", "dateTo": "2026-11-20T09:00:00Z"})
    assert meeting.date_from == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert meeting.date_to == datetime(2026, 11, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", ["2026-11-20", "2026-11-20T09:30:00", "soon", "", 1795168800, "9999999-01-01"]
)
def test_what_is_no_moment_stays_visible(value: object) -> None:
    meeting = Meeting.read({"dateFrom": value})
    assert meeting.date_from is None
    assert meeting.other == {"dateFrom": value}


@pytest.mark.parametrize(
    ("raw", "label"),
    [
        ({"id": 1, "fullName": "Ana Sousa", "email": "a@x.pt"}, "Ana Sousa"),
        ({"id": 1, "firstName": "Ana", "lastName": " "}, "Ana"),
        ({"id": 1, "name": "", "email": "a@x.pt"}, "a@x.pt"),
        ({"id": 1, "name": 7}, "1"),
    ],
)
def test_an_employee_is_called_by_the_best_name_there_is(raw: dict[str, Any], label: str) -> None:
    assert Employee.read(raw).label == label


@pytest.mark.parametrize(
    ("raw", "tenant"),
    [
        ({"instance": "kwelgeest_1"}, "kwelgeest_1"),
        ({"instance": 7}, "7"),
        ({"instance": ""}, None),
        ({"slug": "x"}, None),
    ],
)
def test_an_organizations_tenant_is_read_from_its_own_field_only(
    raw: dict[str, Any], tenant: str | None
) -> None:
    assert Organization.read({"id": "org-1", **raw}).tenant(Names()) == tenant


def test_the_field_of_the_tenant_may_be_another() -> None:
    organization = Organization.read({"id": "1", "databaseName": "db-1", "instance": "wrong"})
    assert organization.tenant(Names(tenant_field="databaseName")) == "db-1"


def test_a_config_holds_its_value_under_the_name_that_is_set() -> None:
    config = Config.read({"id": "locale", "value": 1, "content": "nl"})
    assert (config.value, config.held(Names()), config.held(Names(config_value_field="content"))) == (
        1,
        1,
        "nl",
    )


def test_a_record_cannot_be_changed() -> None:
    location = Location.read({"id": 1, "name": "x"})
    with pytest.raises(FrozenInstanceError):
        location.name = "y"  # type: ignore[misc]


def test_every_attribute_bears_the_apis_name_in_snake_case() -> None:
    assert Client.api_names()["external_payment_customer_id"] == "externalPaymentCustomerId"
    assert Client.api_names()["vat_number"] == "vatNumber"
    for kind in ALL:
        own = {each.name for each in fields(kind)} - {"id", "iri", "raw", "other"}
        assert own == set(kind.api_names())
