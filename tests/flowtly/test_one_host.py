"""The token goes to one host and to no other."""

from collections.abc import Callable

import httpx
import pytest

from dashboard.flowtly import Connection, Flowtly, Limits, Login, Token, errors
from dashboard.flowtly.one_host import OneHost
from dashboard.flowtly.pool import Pool
from tests.support.raw_server import RawServer, raw_server, says


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_reported_and_not_followed(status: int, server: RawServer, flowtly: Flowtly) -> None:
    with raw_server() as other:
        server.script = says(status, Location=f"{other.base_url}/locations/1")
        with pytest.raises(errors.Unexpected) as raised:
            flowtly.locations.get("1")
        assert raised.value.status == status
        assert other.connections == 0


def test_a_redirect_after_a_write_leaves_its_outcome_unknown(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(302, Location="/elsewhere")
    with pytest.raises(errors.Unexpected) as raised:
        flowtly.locations.create({"name": "x"})
    assert raised.value.outcome_unknown


def test_hostile_links_and_ids_open_no_connection(server: RawServer, flowtly: Flowtly) -> None:
    with raw_server() as other:
        item = {"@id": f"{other.base_url}/locations/1", "id": 1, "name": "x"}
        server.script = says(
            200,
            {
                "hydra:member": [item],
                "hydra:totalItems": 1,
                "hydra:view": {"hydra:next": f"{other.base_url}/locations?page=2"},
            },
            Location=f"{other.base_url}/",
        )
        page = flowtly.locations.list()
        assert page.next_page is None
        assert flowtly.locations.every().items[0].id == "1"
        assert flowtly.locations.iri(page.items[0]) == "/locations/1"
        server.script = says(200, item)
        flowtly.locations.update(page.items[0], {"name": "y"})
        assert other.connections == 0
        assert server.asked[-1].path == "/locations/1"


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/x", "https://127.0.0.1/x", "http://evil.example/x", "http://localhost/x"],
)
def test_the_transport_refuses_any_other_origin(address: str, server: RawServer) -> None:
    transport = OneHost(Pool(Limits(), tls=False), httpx.URL(server.base_url))
    with (
        httpx.Client(transport=transport, trust_env=False) as client,
        pytest.raises(errors.ForeignAddress),
    ):
        client.get(address)
    assert server.connections == 0


def test_proxies_of_the_environment_are_not_used(
    server: RawServer, connect: Callable[..., Connection], monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = says(200, {"id": 1})
    with raw_server() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        monkeypatch.setenv("ALL_PROXY", proxy.base_url)
        Flowtly(connect(server.base_url), tenant="acme").locations.get("1")
        assert proxy.connections == 0


def test_a_cookie_is_not_kept(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": 1}, Set_Cookie="PHPSESSID=abc; Path=/")
    flowtly.locations.get("1")
    flowtly.locations.get("1")
    assert "cookie" not in server.asked[-1].headers


@pytest.mark.parametrize(
    "address",
    ["", "api.flowtly.eu", "ftp://api.flowtly.eu", "https://user:pw@api.flowtly.eu", "https://x/?a=1"],
)
def test_a_base_url_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="base URL"):
        Connection(address, None)


def test_a_base_url_may_have_a_path(server: RawServer, connect: Callable[..., Connection]) -> None:
    server.script = says(200, {"id": 1})
    flowtly = Flowtly(connect(f"{server.base_url}/api/"), tenant="acme")
    flowtly.locations.get("1")
    assert server.asked[-1].path == "/api/locations/1"
    assert flowtly.locations.iri("1") == "/api/locations/1"


def test_every_call_carries_the_request_id_and_the_tenant(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": 1})
    flowtly.locations.get("1")
    flowtly.within("other").locations.update("1", {"name": "x"})
    first, second = server.asked
    assert (first.headers["x-request-id"], first.headers["instance"]) == ("req-1", "acme")
    assert (second.headers["x-request-id"], second.headers["instance"]) == ("req-1", "other")
    assert first.headers["accept"] == "application/ld+json, application/json;q=0.8"


@pytest.mark.parametrize("unfit", ["", "a b", "a\r\nX-Evil: 1", "é", "x" * 300])
def test_a_request_id_unfit_for_a_header_is_replaced(
    unfit: str, server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = says(200, {"id": 1})
    Flowtly(connect(server.base_url), tenant="acme", request_id=unfit).locations.get("1")
    assert server.asked[0].headers["x-request-id"].isalnum()
    assert "x-evil" not in server.asked[0].headers


@pytest.mark.parametrize("tenant", [None, "", "a b", "a\r\nX-Evil: 1"])
def test_without_a_usable_tenant_nothing_of_a_tenant_is_asked(
    tenant: str | None, server: RawServer, connect: Callable[..., Connection]
) -> None:
    heard: list[object] = []
    flowtly = Flowtly(connect(server.base_url), tenant=tenant, on_write=heard.append)
    with pytest.raises(errors.TenantUnknown):
        flowtly.subscriptions.apply_coupon("SPRING-30")
    with pytest.raises(errors.TenantUnknown):
        flowtly.locations.list()
    assert server.asked == []
    assert heard == []


def test_secrets_are_in_no_text(server: RawServer, connect: Callable[..., Connection]) -> None:
    server.script = says(403, {"detail": "The token canary-1 and the password are not enough."})
    with pytest.raises(errors.Forbidden) as raised:
        Flowtly(connect(server.base_url, Token("canary-1")), tenant="acme").locations.get("1")
    texts = [repr(Token("canary-1")), repr(Login("robot", "canary-1")), str(raised.value), repr(raised.value)]
    assert all("canary-1" not in text for text in [*texts, raised.value.detail])


def test_a_token_unfit_for_a_header_is_refused_without_naming_it() -> None:
    with pytest.raises(ValueError, match="cannot be sent") as raised:
        Token("canary\r\n2")
    assert "canary" not in str(raised.value)
