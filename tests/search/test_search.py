"""Finding things by words, and by what was pasted: where it leads, and what is said of where it was looked for."""

import re
import string
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission

from dashboard.accounts.models import Person
from dashboard.search.parse import read
from dashboard.upstream import connection
from dashboard.web.navigation import items
from tests.support.api_caller import Caller
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

HERE = "/o/org_1001/"
FIND = f"{HERE}find/"
PALETTE = {"HX-Request": "true", "HX-Target": "find-results"}


def words_of(page: str) -> str:
    main = page[page.find("<main") : page.find("</main>")] if "<main" in page else page
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def leads(page: str) -> list[str]:
    """Where what was found leads to."""
    found = page[page.find("<main") : page.find("</main>")] if "<main" in page else page
    return [unescape(url) for url in re.findall(r'<li[^>]*><a href="([^"]+)"', found)]


def found(client: CheckedClient, term: str, path: str = FIND, **headers: str) -> str:
    answer = client.get(path, {"q": term}, headers=headers)
    assert answer.status_code == 200, answer.get("Location")
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("text", "kind", "collection", "identifier", "elsewhere"),
    [
        ("/api/locations/7", "record", "locations", "7", ""),
        (" “/locations/7”,", "record", "locations", "7", ""),
        ("organization-addresses/addr_1", "record", "organization-addresses", "addr_1", ""),
        ("https://API.example/clients/12?x=1#y", "record", "clients", "12", ""),
        ("https://api.example/a/b/subscriptions/sub%5F1/invoices", "record", "subscriptions", "sub_1", ""),
        ("https://user:pw@evil.example/clients/12", "record", "clients", "12", "evil.example"),
        ("//evil.example/clients/12", "record", "clients", "12", "evil.example"),
        ("https://our.example/o/org_1/clients/12/", "page", "", "", ""),
        ("https://elsewhere.example/", "page", "", "", "elsewhere.example"),
        ("http://[broken/clients/1", "words", "", "", ""),
        ("javascript:alert(1)", "words", "", "", ""),
        ("mailto:a.b%2Bc@d.example?subject=x", "email", "", "", ""),
        ("<jan@kwelgeest.example>", "email", "", "", ""),
        ("Jan de Vries <jan@kwelgeest.example>", "email", "", "", ""),
        ('"Vries, Jan de" <jan@kwelgeest.example>; ', "email", "", "", ""),
        ("Jan <jan@kwelgeest.example>.", "email", "", "", ""),
        ("jan@kwelgeest.example.", "email", "", "", ""),
        ("jan@kwelgeest.example...", "email", "", "", ""),
        ("Jan <not an address>", "words", "", "", ""),
        ("/locations/7.", "record", "locations", "7", ""),
        ("sub_1001.", "id", "", "sub_1001", ""),
        ("NL764086625B03.", "number", "", "NL764086625B03", ""),
        ("Twin Works B.V.", "words", "", "", ""),
        ("NL 7640.86.625.B03", "number", "", "", ""),
        ("12/345/67890", "number", "", "", ""),
        ("NL764086625B03", "number", "", "NL764086625B03", ""),
        ("148a2941-db8a-43c7-8105-df58f2559e7b", "id", "", "148a2941-db8a-43c7-8105-df58f2559e7b", ""),
        ("session.timeout", "id", "", "session.timeout", ""),
        ("..", "words", "", "", ""),
        ("in/out trays", "words", "", "", ""),
        ("x" * 4000, "words", "", "", ""),
        ("", "words", "", "", ""),
    ],
)
def test_what_was_pasted_is_read_and_never_followed(
    text: str, kind: str, collection: str, identifier: str, elsewhere: str
) -> None:
    places = {"locations", "clients", "subscriptions", "organization-addresses"}
    pasted = read(text, places, {"our.example", "api.example"})
    assert (pasted.kind, pasted.collection, pasted.identifier, pasted.elsewhere) == (
        kind, collection, identifier, elsewhere,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("term", "url"),
    [
        ("/locations/7", f"{HERE}locations/7/"),
        ("/api/v2/clients/12/documents", f"{HERE}clients/12/"),
        ("{api}/client-contacts/1", f"{HERE}client-contacts/1/"),
        ("{api}/configs/session.timeout", f"{HERE}configs/session.timeout/"),
        ("/employees/emp_001", f"{HERE}meetings/?employee=emp_001"),
        ("/organizations/org_1004", "/o/org_1004/"),
        ("http://testserver/o/org_1001/locations/?q=zwolle", f"{HERE}locations/?q=zwolle"),
        ("sub_1001", f"{HERE}subscriptions/sub_1001/"),  # though another holds these letters
        ("addr_1001_1", f"{HERE}addresses/addr_1001_1/"),
        ("org_1004", "/o/org_1004/"),
        ("NL 7640.86.625.B03", f"{HERE}clients/1/"),
        ("764086625b03", f"{HERE}clients/1/"),
        ("300159651B06", f"{HERE}addresses/addr_1001_1/"),
        ("CONTACT0@client1.example", f"{HERE}client-contacts/1/"),
        ("Noor <contact0@client1.example>", f"{HERE}client-contacts/1/"),
        ("contact0@client1.example.", f"{HERE}client-contacts/1/"),
        ("sub_1001.", f"{HERE}subscriptions/sub_1001/"),
        ("medewerker2@kwelgeest-groep.example", f"{HERE}meetings/?employee=emp_002"),
    ],
)
def test_what_is_unmistakable_is_opened_at_once(
    backoffice: CheckedClient, sandbox: Sandbox, term: str, url: str
) -> None:
    answer = backoffice.get(FIND, {"q": term.format(api=sandbox.base_url)})
    assert (answer.status_code, answer.get("Location")) == (302, url)


@pytest.mark.parametrize(
    ("term", "urls", "said"),
    [
        ("7", [f"{HERE}clients/7/", f"{HERE}locations/7/"], ["With this id"]),
        ("facturen@kwelgeest-groep.example", [f"{HERE}addresses/addr_1001_2/", f"{HERE}addresses/addr_1001_3/"], []),
        (
            "https://staging.example/api/clients/12",
            [f"{HERE}clients/12/"],
            ["staging.example is neither", "Only the path"],
        ),
        ("/o/org_1004/locations/1/", ["/o/org_1004/locations/1/"], ["another organization: org_1004"]),
        ("/locations/999999", [], ["Nothing found", "within Kwelgeest Groep alone: Locations."]),
        ("https://staging.example//evil.example/", [], ["leads to no record"]),
        ("/accounts/logout/", [], ["leads to no record"]),
        ("/people/", [], ["may not open"]),
        ("NL999999999B99", [], ["as a tax number", "Kwelgeest Groep alone: Clients,", "Addresses", "read 0 s ago"]),
        ("nobody@nowhere.example", [], ["as an e-mail address", "Contacts", "Employees"]),
    ],
)  # fmt: skip
def test_what_is_not_is_offered_or_it_is_said_where_it_was_looked_for(
    backoffice: CheckedClient, term: str, urls: list[str], said: list[str]
) -> None:
    page = found(backoffice, term)
    assert leads(page)[: len(urls) or None] == urls
    for each in said:
        assert each in words_of(page)


def test_a_number_is_found_in_the_spelling_that_flowtly_has(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    """An API that compares texts finds each spelling only if it is asked for it."""
    caller = Caller(sandbox).signed_in().of("org_1001")
    caller.patch("/clients/7", {"tin": "NL 8205.46.588.B01", "tinCountry": sandbox.country("NL")})
    sandbox.settings(texts="parts")
    for number in ("NL820546588B01", "820546588B01"):
        assert backoffice.get(FIND, {"q": number})["Location"] == f"{HERE}clients/7/"


def test_where_nothing_is_found_the_spellings_are_said(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    page = words_of(found(backoffice, "NL820546588B01"))
    assert "“NL 8205.46.588.B01”" in page
    assert "“zzzz”" in words_of(found(backoffice, "zzzz"))


def test_words_find_pages_organizations_and_records(backoffice: CheckedClient) -> None:
    assert f"{HERE}meetings/" in leads(found(backoffice, "meet"))
    assert leads(found(backoffice, "kwelgeest pr")) == ["/o/org_1007/"]
    page = found(backoffice, "zwolle")
    assert {f"{HERE}clients/4/", f"{HERE}locations/1/", f"{HERE}clients/?q=zwolle"} <= set(
        leads(page) + re.findall(r'<p><a href="([^"]+)"', page)
    )
    assert f"{HERE}subscriptions/sub_1001/" in leads(found(backoffice, "team"))
    assert leads(found(backoffice, "zzzz")) == []


@pytest.mark.parametrize("slug", ["KWELGEEST-GROEP", "Kwelgeest-Groep", "kwelgeest-groep"])
def test_a_slug_is_found_in_capitals_too(slug: str, backoffice: CheckedClient) -> None:
    assert "/o/org_1001/" in leads(found(backoffice, slug))
    assert "is the slug of Kwelgeest Groep" in words_of(backoffice.get("/", {"q": slug}).content.decode())


@pytest.mark.parametrize("texts", ["folded", "parts"])
@pytest.mark.parametrize("blank", ["\u00a0", " ", "  ", "\u2009"], ids=ascii)
@pytest.mark.parametrize("held", ["Noord\u00a0Kade", "Noord Kade"], ids=ascii)
@pytest.mark.parametrize("place", ["locations", "clients"])
def test_the_kind_of_blank_in_a_name_makes_no_difference(
    place: str, held: str, blank: str, texts: str, backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    getattr(connection.flowtly("set-up").within("kwelgeest_7f3a"), place).update("1", {"name": held})
    sandbox.settings(texts=texts)
    assert f"{HERE}{place}/1/" in leads(found(backoffice, f"Noord{blank}Kade"))


def test_without_an_organization_it_says_where_to_go_on_and_guesses_none(backoffice: CheckedClient) -> None:
    backoffice.get(HERE)
    page = found(backoffice, "/locations/7", "/find/")
    assert "All else belongs to an organization" in words_of(page)
    (url,) = leads(page)
    assert (urlsplit(url).path, parse_qs(urlsplit(url).query)) == (FIND, {"q": ["/locations/7"]})
    assert backoffice.get(url)["Location"] == f"{HERE}locations/7/"


def test_a_place_that_fails_says_so_and_the_others_stand(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    sandbox.faults("GET /clients.*", {"status": 500})
    page = found(backoffice, "zwolle")
    assert "Clients could not be searched" in words_of(page)
    assert f"{HERE}locations/1/" in leads(page)
    page = found(backoffice, "addr_1001_1")  # it may be a client too
    assert leads(page) == [f"{HERE}addresses/addr_1001_1/"]


def test_a_search_that_is_not_heeded_is_seen_through(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    rows = [{"id": 1, "name": "Quite another"}, {"id": 2, "name": "Smedje"}]
    sandbox.faults("GET /clients/search", {"replace": rows})
    page = found(backoffice, "smedje")
    assert f"{HERE}clients/1/" not in leads(page)
    assert f"{HERE}clients/2/" in leads(page)
    assert "gave what does not match" in words_of(page)


def test_what_one_may_not_see_is_neither_asked_for_nor_offered(
    sandbox: Sandbox, people: dict[str, Person], signed_in: Callable[[str], CheckedClient]
) -> None:
    people["viewer"].groups.clear()
    people["viewer"].user_permissions.set(Permission.objects.filter(codename="view_organizations"))
    page = found(signed_in("viewer"), "/clients/1")
    assert leads(page) == []
    assert "You may not see: Clients." in words_of(page)
    found(signed_in("viewer"), "smedje@client1.example")
    assert [
        r["path"] for r in sandbox.requests() if not r["path"].startswith(("/login", "/organizations"))
    ] == []


def test_typing_asks_for_no_ids_before_there_can_be_one(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    page = found(backoffice, "zwolle", **PALETTE)
    assert page.count('role="option"') == 10
    assert "<h1" not in page
    assert not [r for r in sandbox.requests() if r["path"].endswith("/zwolle")]
    assert leads(found(backoffice, "sub_1001", **PALETTE))[0] == f"{HERE}subscriptions/sub_1001/"


def test_the_calls_stay_below_their_collections_whatever_is_pasted(
    backoffice: CheckedClient, sandbox: Sandbox
) -> None:
    backoffice.get(HERE)
    sandbox.clear_requests()
    for hostile in (
        "/clients/..%2Forganizations%2Fclear",
        "/subscriptions/catalog",
        "clients/%2e%2e",
        "a%00b",
        "/clients/;",
    ):
        found(backoffice, hostile)
    assert {r["method"] for r in sandbox.requests()} <= {"GET"}
    assert not [r for r in sandbox.requests() if re.search(r"clear|catalog|\.\.", r["path"])]


class TestKeys:
    def test_each_letter_goes_to_one_place_and_the_help_lists_it(
        self, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        letters = [item.key for item in items() if item.key]
        assert len(set(letters)) == len(letters)
        assert set(letters) <= set(string.ascii_lowercase) - {"g"}
        page = signed_in("admin").get("/help/").content.decode()
        for letter in letters:
            assert f"<kbd>{letter}</kbd>" in page
        assert "<kbd>e</kbd>" not in signed_in("viewer").get("/help/").content.decode()

    def test_one_switch_turns_them_off_for_oneself(
        self, backoffice: CheckedClient, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        assert "data-keys" in backoffice.get("/help/").content.decode()
        backoffice.post("/accounts/me/keys/", {"keys": "off"})
        assert "data-keys" not in backoffice.get("/help/").content.decode()
        assert "<kbd>" not in backoffice.get(FIND).content.decode()
        assert "data-keys" in signed_in("viewer").get("/help/").content.decode()
        backoffice.post("/accounts/me/keys/", {"keys": "on"})
        assert "data-keys" in backoffice.get("/help/").content.decode()
