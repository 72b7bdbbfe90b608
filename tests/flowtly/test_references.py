"""IRI or code: how the API names another record, field by field."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.flowtly import Connection, Flowtly, errors
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.references import CODE, Spelling, spelling
from tests.support.raw_server import RawServer, Script, says

IRI = Spelling("/api/countries/", known=True)


def in_turn(*answers: tuple[int, Any]) -> Script:
    left = list(answers)
    return lambda asked, wire: says(*left.pop(0))(asked, wire)


@pytest.fixture
def flowtly(server: RawServer, connect: Callable[..., Connection]) -> Flowtly:
    return Flowtly(connect(server.base_url), tenant="acme")


def test_what_the_record_itself_has_comes_first(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": 1, "country": "NL", "tinCountry": "/api/countries/NL"})
    client = flowtly.clients.get("1")
    other = Client.read({"id": 2, "country": {"@id": "/countries/FR"}})
    assert flowtly.clients.spelling("country", client) == Spelling("", known=True)
    assert flowtly.clients.spelling("country", other) == Spelling("/countries/", known=True)


def test_then_what_others_had_in_the_same_field_and_never_in_its_sibling(
    server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, [{"id": 1, "tinCountry": "/api/countries/NL"}])
    flowtly.clients.list()
    assert flowtly.clients.spelling("tinCountry") == IRI
    assert flowtly.clients.spelling("addressCountry") == Spelling("/countries/")
    assert flowtly.clients.spelling("defaultCost") == CODE
    assert flowtly.addresses.spelling("tinCountry") == CODE


def test_then_what_was_published_with_the_prefix_that_was_learnt(server: RawServer, flowtly: Flowtly) -> None:
    assert flowtly.clients.spelling("country") == Spelling("/countries/")
    server.script = says(200, [{"@id": "/api/countries/NL", "id": "NL"}])
    flowtly.countries.list()
    assert flowtly.clients.spelling("country") == Spelling("/api/countries/")


REFUSALS = [
    {"detail": 'Invalid IRI "NL".'},
    {"detail": 'The type of the "tinCountry" attribute must be "array" (nested document) or "string" (IRI).'},
    {"violations": [{"propertyPath": "tinCountry", "message": "This value should be of type Country."}]},
    {"violations": [{"propertyPath": "x", "message": "No.", "hint": 'Invalid IRI "NL".'}]},
]


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("refusal", REFUSALS)
def test_what_is_refused_for_its_spelling_is_sent_once_more_in_the_other(
    server: RawServer, flowtly: Flowtly, refusal: dict[str, Any], status: int
) -> None:
    server.script = in_turn((status, refusal), (201, {"id": 1}))
    sent = {"name": "x", "tinCountry": "NL"}
    flowtly.clients.create(sent)
    assert [asked.json for asked in server.asked] == [sent, {**sent, "tinCountry": "/countries/NL"}]
    assert flowtly.clients.spelling("tinCountry") == Spelling("/countries/", known=True)


def test_an_iri_that_is_refused_is_a_code_from_then_on(server: RawServer, flowtly: Flowtly) -> None:
    wrong = {"violations": [{"propertyPath": "addressCountry", "message": "This is not a valid country."}]}
    server.script = in_turn((422, wrong), (200, {"id": 1}))
    flowtly.clients.update("1", {"addressCountry": "/countries/NL", "tinCountry": "NL"})
    assert server.asked[-1].json == {"addressCountry": "NL", "tinCountry": "NL"}
    assert flowtly.clients.spelling("addressCountry") == Spelling("", known=True)


def test_what_is_refused_in_both_is_told_as_it_was_refused_first(server: RawServer, flowtly: Flowtly) -> None:
    first = {"violations": [{"propertyPath": "country", "message": "The first word."}]}
    second = {"violations": [{"propertyPath": "country", "message": "The second."}]}
    server.script = in_turn((422, first), (422, second))
    with pytest.raises(errors.Invalid) as raised:
        flowtly.clients.create({"country": "/countries/ZZ"})
    assert raised.value.violations[0].message == "The first word."
    assert len(server.asked) == 2
    assert not flowtly.connection.references.spelling(Client, "country").known


def test_what_is_then_refused_for_something_else_was_spelled_right(
    server: RawServer, flowtly: Flowtly
) -> None:
    other = {"violations": [{"propertyPath": "name", "message": "Too long."}]}
    server.script = in_turn((400, REFUSALS[0]), (422, other))
    with pytest.raises(errors.Invalid) as raised:
        flowtly.clients.create({"name": "x", "tinCountry": "NL"})
    assert [each.path for each in raised.value.violations] == ["name"]
    assert flowtly.clients.spelling("tinCountry").before == "/countries/"


@pytest.mark.parametrize(
    ("sent", "refusal"),
    [
        ({"name": "NL"}, REFUSALS[0]),
        ({"tinCountry": "NL"}, {"detail": "Syntax error"}),
        ({"tinCountry": None}, REFUSALS[1]),
        ({"defaultCost": "5"}, {"detail": 'Invalid IRI "5".'}),  # nobody knows which collection it leads to
    ],
)
def test_nothing_else_is_sent_twice(
    server: RawServer, flowtly: Flowtly, sent: dict[str, Any], refusal: dict[str, Any]
) -> None:
    server.script = says(400, refusal)
    with pytest.raises(errors.BadRequest):
        flowtly.clients.create(sent)
    assert len(server.asked) == 1


def test_what_the_record_itself_shows_is_not_tried_otherwise(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(400, {"detail": 'Invalid IRI "ZZ".'})
    record = Client.read({"id": 1, "tinCountry": "NL"})
    with pytest.raises(errors.BadRequest):
        flowtly.clients.update(record, {"tinCountry": "ZZ"})
    assert len(server.asked) == 1


DOCUMENT = {
    "paths": {
        "/api/clients": {
            "post": {
                "requestBody": {
                    "content": {"application/ld+json": {"schema": {"$ref": "#/components/schemas/Client"}}}
                }
            }
        }
    },
    "components": {
        "schemas": {
            "Client": {
                "allOf": [
                    {"properties": {"tinCountry": {"type": "string", "format": "iri-reference"}}},
                    {"properties": {"addressCountry": {"type": ["string", "null"]}}},
                ],
                "properties": {"country": {"anyOf": [{"format": "iri-reference"}, {"type": "null"}]}},
            }
        }
    },
}


def test_the_document_of_the_api_tells_where_no_record_did(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    flowtly = Flowtly(connect(f"{server.base_url}/api"), tenant="acme")
    server.script = says(200, DOCUMENT)
    assert flowtly.clients.spelling("tinCountry") == Spelling("/api/countries/", known=True)
    assert flowtly.clients.spelling("addressCountry") == Spelling("", known=True)
    assert flowtly.clients.spelling("country") == Spelling("/api/countries/", known=True)
    assert len(server.asked) == 1


def test_each_connection_learns_by_itself(server: RawServer, connect: Callable[..., Connection]) -> None:
    server.script = says(200, {"id": 1, "tinCountry": "/api/countries/NL"})
    one, other = (Flowtly(connect(server.base_url), tenant="acme") for _ in range(2))
    one.clients.get("1")
    assert one.clients.spelling("tinCountry").known
    assert not other.clients.spelling("tinCountry").known


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("NL", Spelling("", known=True)),
        ("/api/countries/NL", IRI),
        ({"@id": "/api/countries/NL", "name": "x"}, IRI),
        (None, None),
        ("", None),
        ([], None),
    ],
)
def test_a_value_shows_how_it_is_spelled(value: object, found: Spelling | None) -> None:
    assert spelling(value) == found


def test_an_id_is_quoted_in_an_iri_alone() -> None:
    assert IRI.of("a/b") == "/api/countries/a%2Fb"
    assert CODE.of("a/b") == "a/b"


@given(
    st.one_of(st.text(), st.none(), st.integers(), st.lists(st.text()), st.dictionaries(st.text(), st.text()))
)
def test_no_value_breaks_it(value: Any) -> None:
    assert isinstance(spelling(value), Spelling | None)
