"""What each operation sends over the wire."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.flowtly import Connection, Flowtly, Names, errors
from tests.support.raw_server import RawServer, says

Act = Callable[[Flowtly], object]

LD = "application/ld+json"
PATCH = "application/merge-patch+json"

READS: dict[str, tuple[Act, str]] = {
    "organizations": (lambda f: f.organizations.list(), "/organizations?page=1&itemsPerPage=30"),
    "organization": (lambda f: f.organizations.get("org-1"), "/organizations/org-1"),
    "mail footer": (lambda f: f.organizations.mail_footer(), "/organizations/mail-footer"),
    "addresses": (lambda f: f.addresses.list(), "/organization-addresses?page=1&itemsPerPage=30"),
    "address": (lambda f: f.addresses.get("a1"), "/organization-addresses/a1"),
    "configs": (lambda f: f.configs.list(), "/configs?page=1&itemsPerPage=30"),
    "config": (lambda f: f.configs.get("mail.from"), "/configs/mail.from"),
    "locations": (lambda f: f.locations.list(2, 50), "/locations?page=2&itemsPerPage=50"),
    "countries": (lambda f: f.countries.list(), "/countries?page=1&itemsPerPage=30"),
    "country": (lambda f: f.countries.get("NL"), "/countries/NL"),
    "languages": (lambda f: f.languages.list(), "/languages?page=1&itemsPerPage=30"),
    "language": (lambda f: f.languages.get("nl"), "/languages/nl"),
    "currencies": (lambda f: f.currencies.list(), "/currencies?page=1&itemsPerPage=30"),
    "google": (lambda f: f.integrations.status("google-workspace"), "/integrations/google-workspace"),
    "teams": (lambda f: f.integrations.status("microsoft-teams"), "/integrations/microsoft-teams"),
    "kontomatik": (lambda f: f.integrations.status("kontomatik"), "/integrations/kontomatik"),
    "requirements": (
        lambda f: f.integrations.requirements("google-workspace"),
        "/integrations/google-workspace/requirements",
    ),
    "meetings": (
        lambda f: f.meetings.list(filters={"status": "planned"}),
        "/meetings?page=1&itemsPerPage=30&status=planned",
    ),
    "meeting": (lambda f: f.meetings.get("m1"), "/meetings/m1"),
    "subscriptions": (lambda f: f.subscriptions.list(), "/subscriptions?page=1&itemsPerPage=30"),
    "subscription": (lambda f: f.subscriptions.get("s1"), "/subscriptions/s1"),
    "invoices": (
        lambda f: f.subscriptions.invoices("s1"),
        "/subscriptions/s1/invoices?page=1&itemsPerPage=30",
    ),
    "catalog": (lambda f: f.subscriptions.catalog(), "/subscriptions/catalog?page=1&itemsPerPage=30"),
    "clients": (lambda f: f.clients.list(), "/clients?page=1&itemsPerPage=30"),
    "client": (lambda f: f.clients.get("1"), "/clients/1"),
    "client search": (lambda f: f.clients.search("A&B"), "/clients/search?page=1&itemsPerPage=30&q=A%26B"),
    "documents": (lambda f: f.clients.documents("1"), "/clients/1/documents?page=1&itemsPerPage=30"),
    "contacts": (lambda f: f.contacts.list(), "/client-contacts?page=1&itemsPerPage=30"),
    "contact": (lambda f: f.contacts.get("1"), "/client-contacts/1"),
    "employees": (lambda f: f.employees.list(), "/employees?page=1&itemsPerPage=30"),
    "employee": (lambda f: f.employees.get("e1"), "/employees/e1"),
    "employee search": (
        lambda f: f.employees.search("ana"),
        "/employees/search?page=1&itemsPerPage=30&q=ana",
    ),
}

WRITES: dict[str, tuple[Act, str, str, dict[str, Any], str]] = {
    "organization": (
        lambda f: f.organizations.create({"name": "x"}),
        "POST",
        "/organizations",
        {"name": "x"},
        LD,
    ),
    "clear": (lambda f: f.organizations.clear(), "POST", "/organizations/clear", {}, LD),
    "mail footer": (
        lambda f: f.organizations.update_mail_footer({"mailFooter": None}),
        "PATCH",
        "/organizations/mail-footer",
        {"mailFooter": None},
        PATCH,
    ),
    "address": (
        lambda f: f.addresses.create({"city": "Oss"}),
        "POST",
        "/organization-addresses",
        {"city": "Oss"},
        LD,
    ),
    "address changed": (
        lambda f: f.addresses.update("a1", {"tin": None}),
        "PATCH",
        "/organization-addresses/a1",
        {"tin": None},
        PATCH,
    ),
    "config": (
        lambda f: f.configs.update("a.b", {"value": [1]}),
        "PATCH",
        "/configs/a.b",
        {"value": [1]},
        PATCH,
    ),
    "location": (lambda f: f.locations.create({"name": "Ø"}), "POST", "/locations", {"name": "Ø"}, LD),
    "language": (lambda f: f.languages.create({"id": "da"}), "POST", "/languages", {"id": "da"}, LD),
    "enroll": (
        lambda f: f.integrations.enroll("microsoft-teams", "t-1", "c-1"),
        "POST",
        "/integrations/microsoft-teams/enroll",
        {"tenantId": "t-1", "clientId": "c-1"},
        LD,
    ),
    "enroll without a client": (
        lambda f: f.integrations.enroll("google-workspace", "example.com"),
        "POST",
        "/integrations/google-workspace/enroll",
        {"tenantId": "example.com"},
        LD,
    ),
    "setup": (lambda f: f.integrations.setup_kontomatik(), "POST", "/integrations/kontomatik/setup", {}, LD),
    "pull": (lambda f: f.integrations.pull_kontomatik(), "POST", "/integrations/kontomatik/pull", {}, LD),
    "revoke": (
        lambda f: f.integrations.revoke_kontomatik(),
        "POST",
        "/integrations/kontomatik/revoke",
        {},
        LD,
    ),
    "meeting": (lambda f: f.meetings.create({"employee": None}), "POST", "/meetings", {"employee": None}, LD),
    "meeting changed": (
        lambda f: f.meetings.update("m1", {"notes": ""}),
        "PATCH",
        "/meetings/m1",
        {"notes": ""},
        PATCH,
    ),
    "subscription": (
        lambda f: f.subscriptions.create({"seats": 5}),
        "POST",
        "/subscriptions",
        {"seats": 5},
        LD,
    ),
    "cancel": (lambda f: f.subscriptions.cancel("s1"), "POST", "/subscriptions/s1/cancel", {}, LD),
    "coupon": (
        lambda f: f.subscriptions.apply_coupon("Spring-30"),
        "POST",
        "/subscriptions/apply-coupon",
        {"coupon": "Spring-30"},
        LD,
    ),
    "no coupon": (lambda f: f.subscriptions.clear_coupon(), "POST", "/subscriptions/clear-coupon", {}, LD),
    "client": (
        lambda f: f.clients.create({"country": "/api/countries/NL"}),
        "POST",
        "/clients",
        {"country": "/api/countries/NL"},
        LD,
    ),
    "client changed": (
        lambda f: f.clients.update("1", {"tin": "x"}),
        "PATCH",
        "/clients/1",
        {"tin": "x"},
        PATCH,
    ),
    "contact": (
        lambda f: f.contacts.create({"name": "Ana"}),
        "POST",
        "/client-contacts",
        {"name": "Ana"},
        LD,
    ),
    "contact changed": (
        lambda f: f.contacts.update("1", {"title": None}),
        "PATCH",
        "/client-contacts/1",
        {"title": None},
        PATCH,
    ),
}


@pytest.mark.parametrize("what", READS)
def test_a_read_asks_for_exactly_this(what: str, server: RawServer, flowtly: Flowtly) -> None:
    act, target = READS[what]
    server.script = says(200, {"hydra:member": []})
    act(flowtly)
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("GET", target, b"")
    assert "content-type" not in asked.headers
    scoped = not what.startswith("organization")
    assert ("instance" in asked.headers) == scoped


@pytest.mark.parametrize("what", WRITES)
def test_a_write_sends_exactly_this(what: str, server: RawServer, flowtly: Flowtly) -> None:
    act, method, path, body, media = WRITES[what]
    server.script = says(200, {"id": "x"})
    act(flowtly)
    (asked,) = server.asked
    assert (asked.method, asked.target, asked.json) == (method, path, body)
    assert asked.headers["content-type"] == media
    assert ("instance" in asked.headers) == (what != "organization")


@pytest.mark.parametrize("path", ["/organization-addresses/1", "/client-contacts/1"])
def test_a_delete_sends_no_body(path: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = lambda asked, wire: wire.send(b"HTTP/1.1 204 No Content\r\n\r\n")
    (flowtly.addresses if "address" in path else flowtly.contacts).delete("1")
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("DELETE", path, b"")


@pytest.mark.parametrize("what", ["icon", "logo"])
def test_a_picture_goes_up_as_multipart(what: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(201, {"id": "org-1"})
    upload = flowtly.organizations.upload_icon if what == "icon" else flowtly.organizations.upload_logo
    upload(b"\x89PNG", "image/png", 'a"b\r\nX: é.png')
    (asked,) = server.asked
    assert asked.path == f"/organizations/{what}"
    assert asked.headers["content-type"].startswith("multipart/form-data; boundary=")
    assert b'name="file"; filename="a_b_X_.png"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n' in asked.body


def test_the_assumed_names_may_be_others(server: RawServer, connect: Callable[..., Connection]) -> None:
    names = Names(
        tenant_header="x-tenant",
        coupon_field="code",
        upload_field="image",
        search_parameter="query",
        enroll_fields=("externalTenant", "applicationId"),
    )
    server.script = says(200, {"hydra:member": []})
    flowtly = Flowtly(connect(server.base_url, names=names), tenant="acme")
    flowtly.subscriptions.apply_coupon("X")
    flowtly.clients.search("x")
    flowtly.integrations.enroll("google-workspace", "t", "c")
    flowtly.organizations.upload_logo(b"", "image/png", "x")
    coupon, search, enroll, logo = server.asked
    assert (coupon.json, coupon.headers["x-tenant"]) == ({"code": "X"}, "acme")
    assert "instance" not in coupon.headers
    assert search.target.endswith("&query=x")
    assert enroll.json == {"externalTenant": "t", "applicationId": "c"}
    assert b'name="image"' in logo.body


def test_a_post_refused_for_its_type_is_sent_as_json_and_that_is_remembered(
    server: RawServer, flowtly: Flowtly
) -> None:
    def picky(asked: Any, wire: Any) -> None:
        says(*((201, {"id": 1}) if asked.headers["content-type"] == "application/json" else (415, None)))(
            asked, wire
        )

    server.script = picky
    for _ in range(2):
        assert flowtly.locations.create({"name": "x"}).id == "1"
    types = [asked.headers["content-type"] for asked in server.asked]
    assert types == ["application/ld+json", "application/json", "application/json"]


def test_a_type_that_led_to_another_refusal_is_remembered(server: RawServer, flowtly: Flowtly) -> None:
    server.then(says(415), says(422, {"detail": "name: is blank"}), says(201, {"id": 1}))
    with pytest.raises(errors.Invalid):
        flowtly.locations.create({"name": ""})
    flowtly.locations.create({"name": "x"})
    assert [asked.headers["content-type"] for asked in server.asked][1:] == ["application/json"] * 2


@pytest.mark.parametrize("act", ["create", "update"])
def test_a_type_that_is_never_accepted_is_reported(act: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(415)
    with pytest.raises(errors.UnsupportedMediaType):
        _ = flowtly.locations.create({}) if act == "create" else flowtly.locations.update("1", {})
    assert len(server.asked) == (2 if act == "create" else 1)


def test_a_record_is_named_as_the_api_names_it(server: RawServer, flowtly: Flowtly) -> None:
    assert flowtly.countries.iri("NL") == "/countries/NL"
    server.script = says(200, {"@id": "/api/countries/NL", "id": "NL"})
    country = flowtly.countries.get("NL")
    assert flowtly.countries.iri(country) == "/api/countries/NL"
    assert flowtly.countries.iri("PT") == "/api/countries/PT"


def test_a_list_teaches_how_records_are_named(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"member": [{"@id": "/api/countries/NL", "id": "NL"}]})
    flowtly.countries.list()
    assert flowtly.countries.iri("PT") == "/api/countries/PT"


@pytest.mark.parametrize(
    "iri", ["http://[bad", "//evil.example/countries/NL", "/logo", "countries/NL", "", 7]
)
def test_a_name_that_is_none_teaches_nothing(iri: Any, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"@id": iri, "id": "NL"})
    country = flowtly.countries.get("NL")
    assert flowtly.countries.iri(country) == "/countries/NL"
    assert flowtly.countries.iri("PT") == "/countries/PT"


def test_an_update_is_sent_to_the_records_own_address(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"@id": "/api/locations/7", "id": 7})
    location = flowtly.locations.get("7")
    flowtly.locations.update(location, {"name": "x"})
    assert server.paths() == ["GET /locations/7", "PATCH /locations/7"]


class TestTenants:
    def test_the_tenant_is_read_from_the_item(self, server: RawServer, flowtly: Flowtly) -> None:
        server.routes({"GET /organizations/org-1": says(200, {"id": "org-1", "instance": "acme_1"})})
        assert flowtly.organizations.tenant("org-1") == "acme_1"
        assert len(server.asked) == 1

    def test_or_else_from_the_list_page_by_page(self, server: RawServer, flowtly: Flowtly) -> None:
        pages = {
            "1": {"member": [{"id": "a", "instance": "no"}], "view": {"next": "/organizations?page=2"}},
            "2": {"member": [{"id": "org-1", "instance": "yes"}], "view": {"next": "/organizations?page=3"}},
        }
        server.routes(
            {
                "GET /organizations/org-1": says(200, {"id": "org-1"}),
                "GET /organizations": lambda asked, wire: says(
                    200, pages[asked.target.partition("page=")[2].partition("&")[0]]
                )(asked, wire),
            }
        )
        assert flowtly.organizations.tenant("org-1") == "yes"
        assert len(server.asked) == 3

    def test_it_is_remembered(self, server: RawServer, connect: Callable[..., Connection]) -> None:
        server.routes({"GET /organizations/org-1": says(200, {"id": "org-1", "instance": "acme_1"})})
        connection = connect(server.base_url)
        for _ in range(3):
            assert Flowtly(connection).organizations.tenant("org-1") == "acme_1"
        assert len(server.asked) == 1

    def test_but_not_for_ever(self, server: RawServer, connect: Callable[..., Connection]) -> None:
        server.routes({"GET /organizations/org-1": says(200, {"id": "org-1", "instance": "acme_1"})})
        connection = connect(server.base_url, remember=0.0)
        for _ in range(2):
            Flowtly(connection).organizations.tenant("org-1")
        assert len(server.asked) == 2

    @pytest.mark.parametrize(
        "listed", [[], [{"id": "org-1", "slug": "acme"}], [{"id": "x", "instance": "other"}]]
    )
    def test_where_nothing_names_it_the_setting_is_named_and_nothing_guessed(
        self, listed: list[Any], server: RawServer, flowtly: Flowtly
    ) -> None:
        item = {"id": "org-1", "slug": "acme", "name": "Acme"}
        server.routes(
            {
                "GET /organizations/org-1": says(200, item),
                "GET /organizations": says(200, {"member": listed, "totalItems": 1}),
            }
        )
        with pytest.raises(errors.TenantUnknown) as raised:
            flowtly.organizations.tenant("org-1")
        assert "FLOWTLY_TENANT_FIELD" in str(raised.value)


class TestFilters:
    MAPPING = {
        "hydra:search": {
            "hydra:mapping": [{"variable": "name"}, {"variable": "order[name]"}, {"variable": None}]
        }
    }
    OPENAPI = {
        "paths": {
            "/locations": {
                "get": {"parameters": [{"name": name, "in": "query"} for name in ("page", "name")]}
            },
            "/clients": {"get": {"parameters": [{"name": "Accept", "in": "header"}]}},
        }
    }

    def test_they_are_those_a_list_announced(self, server: RawServer, flowtly: Flowtly) -> None:
        server.script = says(200, {"hydra:member": [], **self.MAPPING})
        assert flowtly.locations.list().filters == frozenset({"name", "order[name]"})
        assert flowtly.locations.filters() == frozenset({"name", "order[name]"})
        assert len(server.asked) == 1

    def test_searching_has_its_own(self, server: RawServer, flowtly: Flowtly) -> None:
        server.script = says(200, {"hydra:member": [], **self.MAPPING})
        flowtly.clients.search("ana")
        assert flowtly.clients.search_filters() == frozenset({"name", "order[name]"})

    def test_or_those_of_the_openapi_document_asked_for_once(
        self, server: RawServer, flowtly: Flowtly
    ) -> None:
        server.routes({"GET /docs.json": says(200, self.OPENAPI)})
        for _ in range(2):
            assert flowtly.locations.filters() == frozenset({"name"})
            assert flowtly.clients.filters() == frozenset()
            assert flowtly.meetings.filters() is None
        assert server.paths() == ["GET /docs.jsonopenapi", "GET /docs.json"]
        assert "instance" not in server.asked[0].headers
        assert "application/vnd.openapi+json" in server.asked[0].headers["accept"]

    def test_its_paths_may_bear_the_base(self, server: RawServer, connect: Callable[..., Connection]) -> None:
        document = {"paths": {f"/api{path}": what for path, what in self.OPENAPI["paths"].items()}}
        server.routes({"GET /api/docs.jsonopenapi": says(200, document)})
        assert Flowtly(connect(f"{server.base_url}/api"), tenant="acme").locations.filters() == frozenset(
            {"name"}
        )

    @pytest.mark.parametrize("status", [401, 403, 404, 406, 500])
    def test_its_absence_is_remembered(self, status: int, server: RawServer, flowtly: Flowtly) -> None:
        server.script = says(status)
        for _ in range(3):
            assert flowtly.locations.filters() is None
        assert len(server.asked) == 3

    @pytest.mark.parametrize(
        "document",
        [
            b"<html>",
            [],
            {"paths": []},
            {"paths": {"/locations": []}},
            {"paths": {"/locations": {"get": {"parameters": [7, {"in": "query"}]}}}},
        ],
    )
    def test_a_document_that_makes_no_sense_announces_nothing(
        self, document: Any, server: RawServer, flowtly: Flowtly
    ) -> None:
        server.script = says(200, document)
        assert not flowtly.locations.filters()

    def test_trouble_with_it_is_no_trouble_of_the_page(self, server: RawServer, flowtly: Flowtly) -> None:
        server.script = lambda asked, wire: wire.reset()
        assert flowtly.locations.filters() is None
