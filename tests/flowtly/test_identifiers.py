"""An id leads to a record or nowhere."""

from collections.abc import Callable
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.flowtly import Flowtly, errors
from tests.support.raw_server import RawServer, says

TRICKY = st.sampled_from(
    ["..", ".", "/", "%2e%2e", "%2F", "\\", "?", "#", ";", "@", ":", "catalog", "search", "a", "7"]
)
IDS = st.one_of(st.text(max_size=140), st.lists(TRICKY, max_size=6).map("".join))


@settings(
    max_examples=500,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(identifier=IDS)
def test_no_id_leads_off_the_template_of_its_address(
    identifier: str, server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(200, {"name": "One"})
    before = len(server.asked)
    try:
        flowtly.subscriptions.get(identifier)
    except errors.BadIdentifier:
        assert len(server.asked) == before
        return
    asked = server.asked[-1]
    assert asked.target == asked.path
    collection, _, last = asked.path.rpartition("/")
    assert (collection, unquote(last)) == ("/subscriptions", identifier)
    assert identifier not in ("apply-coupon", "clear-coupon", "catalog")


@pytest.mark.parametrize(
    "identifier",
    ["", ".", "..", "a/b", "a b", "a?b", "a#b", "a%b", "-a", "~a", "a\n", "é", "x" * 129, "a\x00"],
)
@pytest.mark.parametrize("act", ["get", "update", "delete", "documents"])
def test_an_id_that_is_none_is_refused_everywhere(
    act: str, identifier: str, server: RawServer, flowtly: Flowtly
) -> None:
    acts: dict[str, Callable[[], object]] = {
        "get": lambda: flowtly.configs.get(identifier),
        "update": lambda: flowtly.configs.update(identifier, {"value": 1}),
        "delete": lambda: flowtly.addresses.delete(identifier),
        "documents": lambda: flowtly.clients.documents(identifier),
    }
    with pytest.raises(errors.BadIdentifier) as raised:
        acts[act]()
    assert not raised.value.sent
    assert server.asked == []


@pytest.mark.parametrize("identifier", ["mail.footer", "ui:language", "a@b.nl", "x" * 128, "_x", "0~1"])
def test_an_unusual_id_arrives_as_it_is(identifier: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": identifier})
    flowtly.configs.get(identifier)
    assert unquote(server.asked[0].path) == f"/configs/{identifier}"


@pytest.mark.parametrize(
    ("resource", "literal"),
    [
        ("organizations", "clear"),
        ("organizations", "icon"),
        ("organizations", "logo"),
        ("organizations", "mail-footer"),
        ("subscriptions", "catalog"),
        ("subscriptions", "apply-coupon"),
        ("subscriptions", "clear-coupon"),
        ("clients", "search"),
        ("employees", "search"),
    ],
)
def test_the_name_of_another_address_is_no_id(
    resource: str, literal: str, server: RawServer, flowtly: Flowtly
) -> None:
    with pytest.raises(errors.BadIdentifier):
        getattr(flowtly, resource).get(literal)
    assert server.asked == []


@pytest.mark.parametrize("term", ["x" * 70_000, "\ud800"])
def test_a_search_that_fits_no_address_is_not_sent(term: str, server: RawServer, flowtly: Flowtly) -> None:
    with pytest.raises(errors.NotSent):
        flowtly.clients.search(term)
    assert server.asked == []
