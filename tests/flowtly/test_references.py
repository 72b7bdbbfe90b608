"""IRI or code: how the API names another record, field by field."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.flowtly import Connection, Flowtly, errors
from dashboard.flowtly.resources.clients import Client
from dashboard.flowtly.resources.references import CODE, Spelling, spelling
from tests.support.raw_server import RawServer, says

IRI = Spelling("/api/countries/", known=True)


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
    assert flowtly.clients.spelling("addressCountry") == CODE
    assert flowtly.addresses.spelling("tinCountry") == CODE


def test_then_what_was_published_with_the_prefix_that_was_learnt(server: RawServer, flowtly: Flowtly) -> None:
    assert flowtly.clients.spelling("country") == Spelling("/countries/")
    server.script = says(200, [{"@id": "/api/countries/NL", "id": "NL"}])
    flowtly.countries.list()
    assert flowtly.clients.spelling("country") == Spelling("/api/countries/")


def test_a_code_that_is_refused_is_an_iri_from_then_on(flowtly: Flowtly) -> None:
    clients = flowtly.clients
    fields = ["country", "tinCountry", "addressCountry"]
    known = Client.read({"id": 1, "addressCountry": "NL"})
    refusal = errors.BadRequest(detail='Invalid IRI "NL".')
    assert clients.expect_iris(errors.BadRequest(detail="Syntax error"), fields) == []
    assert clients.expect_iris(errors.Invalid(detail='Invalid IRI "NL".'), fields) == []
    assert clients.expect_iris(refusal, fields, known) == ["tinCountry"], (
        "the others are known, or IRIs already"
    )
    assert clients.spelling("tinCountry") == Spelling("/countries/", known=True)
    assert clients.expect_iris(refusal, fields, known) == []


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
