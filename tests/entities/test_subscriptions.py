"""Subscriptions, their invoices and the catalog, from the page to what goes over the wire."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.entities.subscriptions import chart, invoices, presentation, references, views
from dashboard.flowtly.resources.subscriptions import Invoice, Product, Subscription
from dashboard.upstream import connection
from dashboard.web.formatting import https_url
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/subscriptions/"
SHOW = f"{LIST}sub_1001/"
ENDED = f"{LIST}sub_1001_old/"
NEW = f"{LIST}new/"
CATALOG = f"{LIST}catalog/"
READ = "GET /subscriptions/sub_1001"
INVOICES = "GET /subscriptions/sub_1001/invoices"
ROLES = ("backoffice", "accounts", "finance", "viewer")


@pytest.fixture
def finance(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("finance")


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def asked(sandbox: Sandbox, end: str) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] == "GET" and r["path"].endswith(end)]


def rows(page: str) -> list[str]:
    """The rows of the page's table, each in one line of text."""
    body = re.search(r"<tbody>(.*?)</tbody>", page, re.S)
    found = re.findall(r"<tr[^>]*>(.*?)</tr>", body[1], re.S) if body else []
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def facts(page: str) -> dict[str, str]:
    found = re.findall(r"<div[^>]*><dt>(.*?)</dt><dd[^>]*>(.*?)</dd></div>", page, re.S)
    return {name: " ".join(re.sub(r"<[^>]+>", " ", value).split()) for name, value in found}


class TestList:
    def test_says_each_state_in_words_and_colour_with_seats_and_id(self, finance: CheckedClient) -> None:
        page = text(finance.get(LIST))
        ended, running = sorted(rows(page))
        assert ended.startswith("starter Cancelled 5")
        assert running.startswith("team Active 38")
        assert running.endswith("yes no sub_1001")
        assert '<span class="pill pill-good">Active</span>' in page
        assert f'<a href="{SHOW}">team</a>' in page

    def test_is_filtered_by_the_apis_own_names(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        page = text(finance.get(LIST, {"status": "cancelled"}))
        assert [row.split()[0] for row in rows(page)] == ["starter"]
        assert "cancelled" in asked(sandbox, "/subscriptions")[-1]["raw_query"]

    def test_where_nothing_is_announced_it_is_sifted_here_and_said(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(mappings="hidden", docs="off")
        page = text(finance.get(LIST, {"type": "team"}))
        assert [row.split()[0] for row in rows(page)] == ["team"]
        assert "sifted here" in page

    def test_without_a_match_says_so(self, finance: CheckedClient) -> None:
        assert "No subscription matches" in text(finance.get(LIST, {"status": "past_due"}))

    def test_an_organization_without_any_is_told_what_one_is(self, finance: CheckedClient) -> None:
        assert "De Lege Polder B.V. has no subscription yet" in text(
            finance.get("/o/org_1006/subscriptions/")
        )

    def test_flags_and_fields_left_out_are_not_made_up(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /subscriptions", {"replace": [{"id": "sub_x"}]})
        (row,) = rows(text(finance.get(LIST)))
        assert row == "sub_x — — — Flowtly does not say Flowtly does not say sub_x"

    def test_a_record_that_bears_the_name_of_another_page_is_not_linked(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /subscriptions", {"replace": [{"id": "catalog", "type": "odd"}]})
        page = text(finance.get(LIST))
        assert ">odd</a>" not in page
        assert "this id cannot be opened" in page

    def test_a_failure_says_so_with_a_way_to_try_again(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /subscriptions", {"status": 500})
        answer = finance.get(LIST)
        assert answer.status_code == 502
        assert "Try again" in text(answer)

    @pytest.mark.parametrize("announced", [True, False])
    @pytest.mark.parametrize("spelling", ["canceled", "cancelled"])
    def test_a_state_with_two_spellings_is_offered_once_and_found_in_both(
        self, finance: CheckedClient, sandbox: Sandbox, spelling: str, announced: bool
    ) -> None:
        finance.get(LIST)
        if not announced:
            connection.forget()
            sandbox.settings(mappings="hidden", docs="off")
        found = [{"id": "one", "status": "canceled"}, {"id": "two", "status": "cancelled"}]
        others = [] if announced else [{"id": "three", "status": "active"}]
        sandbox.faults("GET /subscriptions", {"replace": found + others})
        sandbox.clear_requests()
        page = text(finance.get(LIST, {"status": spelling}))
        assert [row.split()[-1] for row in rows(page)] == ["one", "two"]
        assert re.findall(r'<option value="cancell?ed"( selected)?>', page) == [" selected"]
        assert "seems to ignore" not in page
        queries = unquote(str([r["raw_query"] for r in asked(sandbox, "/subscriptions")]))
        assert ("status[]=canceled" in queries and "status[]=cancelled" in queries) is announced
        assert "status=" not in queries


class TestRecord:
    def test_says_all_there_is(self, finance: CheckedClient) -> None:
        page = text(finance.get(SHOW))
        said = facts(page)
        assert said["Type"] in {"team", "Billing", "invoice"}  # of the subscription, of its address
        assert said["Products"] == "Team prod_team Planning module prod_planning"
        assert said["Modules"] == "crm invoicing planning"
        assert said["Payment method"].endswith("/payment-methods/pm_1001")
        assert said["External id"] == "sub_1N1001Stripe"
        assert said["Manual billing"] == "no"
        assert "<b>38</b> seats" in page
        assert '<span class="pill">Current</span>' in page
        assert '<span class="pill pill-good">Active</span>' in page

    def test_shows_where_it_is_billed_to_whether_it_comes_whole_or_by_name(
        self, finance: CheckedClient
    ) -> None:
        page = text(finance.get(SHOW))
        assert {"Street", "City", "Country", "E-mail"} <= set(facts(page))
        assert facts(page)["Country"] == "Netherlands"
        assert 'href="/o/org_1001/addresses/addr_1001_2/"' in page

    def test_an_address_that_cannot_be_read_is_named(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        iri = "/organization-addresses/addr_1001_2"
        sandbox.faults(READ, {"merge": {"organizationAddress": iri}})
        sandbox.faults(f"GET {iri}", {"status": 500})
        answer = finance.get(SHOW)
        assert answer.status_code == 200
        assert iri in text(answer)
        assert "This address could not be read." in text(answer)

    def test_a_discount_the_api_shows_is_said_in_words(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        assert facts(text(finance.get(SHOW)))["Discount"] == "none shown by Flowtly"
        terms = {"coupon": "SPRING-30", "percentOff": 30, "start": "2026-03-01T10:00:00+00:00", "by": "x"}
        sandbox.faults(READ, {"merge": {"discount": terms}})
        said = facts(text(finance.get(SHOW)))["Discount"]
        assert said == "SPRING-30 30% off, since 1 Mar 2026, by: x"

    def test_an_amount_off_is_money_only_with_its_currency(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(READ, {"merge": {"discount": {"amountOff": 500, "currency": "EUR"}}}, times=1)
        sandbox.faults(READ, {"merge": {"discount": {"amountOff": 500}}}, times=1)
        first, second = (facts(text(finance.get(SHOW)))["Discount"] for _ in range(2))
        assert first == "a discount €5.00 off"
        assert second == "a discount 500 off"

    def test_one_billed_by_hand_says_so(self, finance: CheckedClient) -> None:
        page = finance.get("/o/org_1003/subscriptions/sub_1003/").content.decode()
        assert '<dt>Manual billing</dt><dd><span class="pill pill-attention">yes</span>' in page

    def test_one_that_is_not_there_is_a_page_with_the_way_back(self, finance: CheckedClient) -> None:
        answer = finance.get(f"{LIST}none/")
        assert answer.status_code == 404
        assert "/o/org_1001/" in text(answer)

    @pytest.mark.parametrize("role", ROLES)
    def test_nobody_is_offered_to_change_it(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], role: str
    ) -> None:
        page = text(signed_in(role).get(SHOW))
        assert '<form class="form"' not in page
        assert "No changes in the audit log." in page

    @pytest.mark.parametrize(
        ("products", "said"),
        [
            (["/products/prod_team", "odd"], "Team /products/prod_team odd"),
            ([{"id": "prod_team", "quantity": 3}], "Team prod_team quantity: 3"),
            ([{"@id": "/products/7", "name": "Seven"}], "Seven /products/7"),
            ({"0": "prod_team", "2": "prod_planning"}, "Team prod_team Planning module prod_planning"),
            ({"prod_team": 3, "extra": True, "none": False}, "Team prod_team 3 extra none no"),
            ({"a": {"name": "Alpha", "seats": 2}}, "Alpha a seats: 2"),
            ("prod_team", "Team prod_team"),
            (7, "7"),
            ([], "—"),
            (None, "—"),
            ([None, True, 1.5, [["deep"]], {}], 'null true 1.5 [["deep"]] {}'),
            ([{"@id": "/.well-known/genid/a1", "@type": "Line", "seats": 3}], "seats: 3"),
            (["/.well-known/genid/a1", "prod_team"], "Team prod_team"),
        ],
    )
    def test_products_are_named_whatever_their_shape(
        self, finance: CheckedClient, sandbox: Sandbox, products: Any, said: str
    ) -> None:
        sandbox.faults(READ, {"merge": {"products": products}})
        assert facts(text(finance.get(SHOW)))["Products"] == said

    def test_metadata_and_fields_nobody_knows_are_shown(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(READ, {"merge": {"metadata": {"po": "4711"}, "trialEnd": "soon", "seats": "many"}})
        said = facts(text(finance.get(SHOW)))
        assert (said["po"], said["trialEnd"], said["seats"]) == ("4711", "soon", "many")

    def test_codes_stand_for_themselves_where_the_catalog_fails(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /subscriptions/catalog", {"status": 500})
        assert facts(text(finance.get(SHOW)))["Products"] == "prod_team prod_planning"


class TestInvoices:
    def test_each_with_number_state_day_total_and_documents(self, finance: CheckedClient) -> None:
        page = text(finance.get(SHOW))
        found = rows(page)
        assert len(found) == 24
        assert re.match(r"FL-\d{4}-1001-025 Open \d+ \w+ \d{4} €1,862\.00 Open ", found[0])
        assert ' rel="noreferrer noopener"' in page
        assert "<b>€1,862.00</b> latest invoice" in page

    def test_older_ones_follow_as_a_part_without_reading_the_rest(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = text(finance.get(SHOW))
        assert "Show older" in page
        assert "1–24 of" in page
        sandbox.clear_requests()
        part = {"HX-Request": "true", "HX-Target": "invoices-panel"}
        page = text(finance.get(SHOW, {"page": "2"}, headers=part))
        assert page.strip().startswith("<section")
        assert len(rows(page)) == 1
        assert "Show older" not in page
        assert asked(sandbox, "/sub_1001") == []

    def test_older_ones_are_a_page_without_scripts(self, finance: CheckedClient) -> None:
        page = text(finance.get(SHOW, {"page": "2"}))
        assert "<h1" in page
        assert len(rows(page)) == 1
        assert "latest invoice" not in page

    def test_a_subscription_without_any_says_so(self, finance: CheckedClient) -> None:
        assert "Flowtly has no invoices for this subscription." in text(finance.get(ENDED))

    def test_their_failure_stays_theirs(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(INVOICES, {"status": 500}, times=1)
        answer = finance.get(SHOW)
        page = text(answer)
        assert answer.status_code == 200
        assert facts(page)["External id"] == "sub_1N1001Stripe"
        assert "Flowtly could not be read" in page
        assert f'hx-get="{SHOW}?page=1" hx-target="#invoices-panel"' in page

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "http://invoice.example/1",
            "data:text/html,x",
            "//invoice.example/1",
            "/o/org_1001/",
            "https:invoice.example",
            "https://",
            "https:///x",
            "https://stripe.example@evil.example/",
            "https://stripe.example\\@evil.example/",
            "https://stripe.example/\nx",
            " https://stripe.example/",
            "java\tscript:alert(1)",
            "https://[::1/x",
            "https://stripe.example:port/",
        ],
    )
    def test_an_address_that_is_not_plainly_https_is_never_a_link(
        self, finance: CheckedClient, sandbox: Sandbox, url: str
    ) -> None:
        invoice = {"id": "in_1", "number": "F1", "hosted_invoice_url": url, "invoicePdf": url}
        sandbox.faults(INVOICES, {"replace": [invoice]})
        page = finance.get(SHOW).content.decode()
        assert "_blank" not in page
        assert " ".join(url.split()) in unescape(page)

    def test_dates_periods_quantities_and_what_nobody_knows_are_shown_where_they_come(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        invoice = {
            "number": "F1",
            "status": "weird",
            "total": 1000,
            "currency": "jpy",
            "created": 1767225600,
            "due_date": "2026-02-01T00:00:00+00:00",
            "periodStart": "2026-01-01T12:00:00Z",
            "periodEnd": "2026-01-31T12:00:00Z",
            "quantity": 3,
            "tax": {"rate": 21},
        }
        sandbox.faults(INVOICES, {"replace": [invoice, {"number": "F2"}]})
        first, second = rows(text(finance.get(SHOW)))
        assert first == (
            'F1 Other fields tax {"rate": 21} weird 1 Jan 2026 1 Feb 2026 1 Jan 2026 – 31 Jan 2026 3 ¥1,000'
        )
        assert second == "F2 — — —"

    def test_a_total_without_a_currency_is_not_taken_for_money(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(INVOICES, {"replace": [{"number": "F1", "total": 4900}]})
        (row,) = rows(text(finance.get(SHOW)))
        assert "4,900 in minor units, of a currency that is not given" in row
        assert "€" not in row

    def test_the_picture_has_a_bar_for_each_and_words_beside_it(self, finance: CheckedClient) -> None:
        page = text(finance.get(SHOW))
        (picture,) = re.findall(r'<svg role="img".*?</svg>', page, re.S)
        assert picture.count("<rect") == 24
        assert "Void" in picture
        assert 'aria-labelledby="invoices-picture"' in picture
        assert "Each of these invoices is for €1,862.00." in page

    def test_two_currencies_make_no_picture(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        both = [{"total": 1, "currency": each, "created": 1767225600} for each in ("EUR", "USD")]
        sandbox.faults(INVOICES, {"replace": both})
        assert '<svg role="img"' not in text(finance.get(SHOW))

    def test_those_of_another_shape_are_shown_as_they_came(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        odd = {"invoiceNumber": "F-1", "gross": {"value": "12.50", "currency": "EUR"}, "issued": "2031-05-06"}
        usual = {"id": "in_1", "number": "F-0", "total": 100, "currency": "EUR", "created": 1700000000}
        sandbox.faults(INVOICES, {"replace": [odd, usual]})
        strange, known = rows(text(finance.get(SHOW)).partition('id="invoices-panel"')[2])
        for told in ("invoiceNumber F-1", '"value": "12.50"', "issued 2031-05-06"):
            assert told in strange
        assert strange.count("—") == 1  # its name
        assert "€1.00" in known


class TestCatalog:
    def test_lists_what_can_be_bought_with_its_price(self, finance: CheckedClient) -> None:
        found = rows(text(finance.get(CATALOG)))
        assert found[1] == "Team €49.00 per month EUR prod_team"
        assert "per year" in found[2]

    def test_whatever_shape_it_has(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        odd = ["prod_x", {"title": "Y", "price": {"amount": 5}}, {"id": 3, "billingInterval": "fortnight"}]
        sandbox.faults("GET /subscriptions/catalog", {"replace": odd})
        assert rows(text(finance.get(CATALOG))) == [
            "prod_x — — — prod_x",
            'Y — — — — price: {"amount": 5}',
            "3 — fortnight — 3",
        ]

    def test_an_empty_one_says_so(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /subscriptions/catalog", {"replace": []})
        assert "Flowtly lists nothing to buy" in text(finance.get(CATALOG))

    def test_a_failure_says_so(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /subscriptions/catalog", {"status": 503})
        assert finance.get(CATALOG).status_code == 503


@pytest.fixture
def address(sandbox: Sandbox) -> str:
    """The IRI of an address of this organization, as this API spells it."""
    return f"{'/api' if sandbox.names['iris'] == 'prefixed' else ''}/organization-addresses/addr_1001_2"


@pytest.fixture
def filled(address: str) -> dict[str, Any]:
    return {
        "type": "team",
        "seats": "3",
        "organizationAddress": address,
        "products": ["prod_team"],
        "modules": ["crm", ""],
        "paymentMethod": "",
    }


def created(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in sandbox.requests() if r["method"] == "POST" and "/subscriptions" in r["path"]]


def choices(page: str, name: str) -> list[str]:
    return re.findall(rf'<input type="checkbox" name="{name}" value="([^"]*)"', page)


class TestNew:
    def test_offers_what_flowtly_has(self, finance: CheckedClient, address: str) -> None:
        page = text(finance.get(NEW))
        assert "prod_enterprise" in choices(page, "products")
        assert "Team, €49.00 per month" in page
        assert choices(page, "modules") == ["crm", "invoicing", "planning"]
        assert re.search(rf'<option value="{address}">[^<]+Keizersgracht', page)
        assert '<option value="starter">' in page

    def test_sends_what_was_chosen_and_goes_to_the_new_record(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any], address: str
    ) -> None:
        products = ["prod_team", "prod_planning"]
        answer = finance.send(NEW, {**filled, "products": products, "modules": ["planning", "new one, x ,x"]})
        assert created(sandbox) == [
            {
                "type": "team",
                "seats": 3,
                "organizationAddress": address,
                "products": products,
                "modules": ["planning", "new one", "x"],
            }
        ]
        assert answer.status_code == 302
        page = text(finance.get(answer["Location"]))
        assert "Created a subscription for Kwelgeest Groep." in page
        assert "Awaiting payment" in page
        assert "<b>3</b> seats" in page
        assert "added" in page

    def test_no_modules_are_sent_as_none_of_them(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        finance.send(NEW, {**filled, "modules": "", "paymentMethod": "/payment-methods/pm_1001"})
        (sent,) = created(sandbox)
        assert (sent["modules"], sent["paymentMethod"]) == ([], "/payment-methods/pm_1001")

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("type", ""),
            ("seats", "0"),
            ("seats", "many"),
            ("seats", ""),
            ("organizationAddress", ""),
            ("organizationAddress", "/organization-addresses/addr_1002_1"),
            ("products", []),
            ("products", ["prod_of_somebody_else"]),
        ],
    )
    def test_what_cannot_be_is_told_at_its_field_and_nothing_is_sent(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any], name: str, value: Any
    ) -> None:
        answer = finance.send(
            NEW, {**filled, "modules": ["crm", "mine"], f"{name}.present": "1", name: value}
        )
        page = text(answer)
        assert answer.status_code == 422
        assert f'id="id_{name}_error"' in page
        assert re.search(rf'<a href="#id_{name}[^"]*">', page)
        assert created(sandbox) == []
        assert 'name="modules" value="crm" id="id_modules_0" checked' in page
        assert 'value="mine"' in page

    def test_a_refusal_of_the_api_lands_on_its_field(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        violations = [
            {"propertyPath": "products[0]", "message": "Sold out."},
            {"propertyPath": "paymentMethod", "message": "Unknown card."},
        ]
        sandbox.faults("POST /subscriptions", {"status": 422, "body": {"violations": violations}})
        page = text(finance.send(NEW, filled))
        assert re.search(r'id="id_products_error"[^>]*>.*?Sold out\.', page, re.S)
        assert re.search(r'id="id_paymentMethod_error"[^>]*>.*?Unknown card\.', page, re.S)
        assert re.search(r'value="prod_team"[^>]* id="id_products_1" checked', page)

    def test_one_submitted_twice_is_created_once(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        sent = {**finance.hidden(NEW), **filled}
        first, second = finance.post(NEW, sent), finance.post(NEW, sent)
        assert len(created(sandbox)) == 1
        assert first["Location"] == second["Location"]

    def test_a_lost_answer_is_found_on_a_second_look(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        sandbox.faults("POST /subscriptions", {"drop": "after"})
        answer = finance.send(NEW, {**filled, "seats": "77"})
        assert answer.status_code == 302, text(answer)
        assert "<b>77</b> seats" in text(finance.get(answer["Location"]))
        assert len(created(sandbox)) == 1

    def test_products_are_named_as_other_subscriptions_name_theirs(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        sandbox.faults(
            "GET /subscriptions", {"merge_members": {"products": [{"@id": "/x/products/prod_team"}]}}
        )
        assert "/x/products/prod_enterprise" in choices(text(finance.get(NEW)), "products")

    def test_without_a_catalog_the_codes_are_typed(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        sandbox.faults("GET /subscriptions/catalog", {"status": 500})
        assert "could not be read" in text(finance.get(NEW))
        finance.send(NEW, {**filled, "products": "prod_team, prod_x"})
        assert [sent["products"] for sent in created(sandbox)] == [["prod_team", "prod_x"]]

    def test_without_addresses_nothing_can_be_chosen_and_one_is_typed_where_they_cannot_be_read(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        hidden = finance.hidden(NEW)
        sandbox.faults("GET /organization-addresses", {"replace": []}, times=2)
        assert "no address to bill to" in text(finance.get(NEW))
        sandbox.clear_faults()
        sandbox.faults("GET /organization-addresses", {"status": 500})
        assert finance.get(NEW).status_code == 200
        assert 'type="text" name="organizationAddress"' in text(finance.get(NEW))
        answer = finance.post(NEW, {**hidden, **filled, "seats": "41"})
        assert answer.status_code == 302
        assert [sent["seats"] for sent in created(sandbox)] == [41]

    def test_an_active_one_is_pointed_out_before_a_second_is_made(self, finance: CheckedClient) -> None:
        assert "There is an active subscription already: team (sub_1001)." in text(finance.get(NEW))
        assert "billed by hand" in text(finance.get("/o/org_1003/subscriptions/new/"))

    def test_nothing_is_sent_where_flowtly_answers_for_somebody_else(
        self, finance: CheckedClient, sandbox: Sandbox, filled: dict[str, Any]
    ) -> None:
        hidden = finance.hidden(NEW)
        sandbox.faults("GET /subscriptions", {"merge_members": {"organization": "/organizations/org_1002"}})
        answer = finance.post(NEW, {**hidden, **filled})
        assert answer.status_code == 503
        assert "answers for another organization" in text(answer)
        assert created(sandbox) == []

    @pytest.mark.parametrize("role", ["backoffice", "accounts", "viewer"])
    def test_only_finance_may(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], role: str, filled: dict[str, Any]
    ) -> None:
        client = signed_in(role)
        assert NEW not in text(client.get(LIST))
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, filled).status_code == 403
        assert created(sandbox) == []

    def test_finance_is_offered_it(self, finance: CheckedClient) -> None:
        assert f'href="{NEW}"' in text(finance.get(LIST))
        assert "Create the first subscription" in text(finance.get("/o/org_1006/subscriptions/"))

    def test_its_history_stands_on_its_page(self, finance: CheckedClient, filled: dict[str, Any]) -> None:
        url = finance.send(NEW, filled)["Location"]
        page = text(finance.get(url))
        assert 'title="finance"' in page
        assert " added " in page
        assert "Take this back" not in page

    def test_with_htmx_it_is_sent_on(self, finance: CheckedClient, filled: dict[str, Any]) -> None:
        hidden = hidden_of(finance.get(NEW).content.decode())
        part = {"HX-Request": "true", "HX-Target": "form-part"}
        assert LIST in finance.post(NEW, {**hidden, **filled}, headers=part)["HX-Location"]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.sampled_from(["/products/prod_team", "EUR", "2026-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["id", "@id", "name", "title", "0", "x"]) | st.text(max_size=4), inner
        )
    ),
    max_leaves=6,
)
drifting = settings(
    max_examples=40,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
FIELDS = st.sampled_from(
    [*Invoice.api_names().values(), "totalAmount", "createdAt", "hostedInvoiceUrl", "dueDate", "lines"]
)


class TestWhateverComes:
    """No answer of the API's, however it drifts, breaks a page."""

    @drifting
    @given(JSON)
    def test_things_are_told_in_any_shape(self, value: Any) -> None:
        for thing in references.read(value, {"prod_team": "Team"}):
            assert isinstance(thing.name + thing.code + thing.detail, str)
        assert all(isinstance(code, str) and code for code in references.codes(value))

    @drifting
    @given(st.dictionaries(st.sampled_from(["metadata", "discount", "discounts", "coupon"]), JSON))
    def test_metadata_and_discounts_are_told_in_any_shape(self, raw: dict[str, Any]) -> None:
        record = Subscription.read({"id": "s", **raw})
        assert presentation.discounts(record, "Europe/Lisbon")
        assert isinstance(presentation.metadata(record), list)
        assert presentation.others(record) == []

    @drifting
    @given(
        st.fixed_dictionaries(
            {"discount": st.dictionaries(st.sampled_from(sorted(presentation.TERMS)), JSON)}
        )
    )
    def test_terms_of_a_discount_are_told_in_any_shape(self, raw: dict[str, Any]) -> None:
        assert presentation.discounts(Subscription.read(raw), "")

    @drifting
    @given(st.lists(st.dictionaries(FIELDS, JSON), max_size=5))
    def test_invoices_and_their_picture_are_told_in_any_shape(self, found: list[dict[str, Any]]) -> None:
        rows = [invoices.row(Invoice.read(each), "Asia/Tokyo") for each in found]
        chart.draw([row["bar"] for row in rows if row["bar"]])
        for row in rows:
            assert all(link["url"].startswith("https://") for link in row["links"])

    @drifting
    @given(
        st.lists(
            st.tuples(st.datetimes(timezones=st.just(None)), st.integers(-(10**40), 10**40)),
            min_size=2,
            max_size=9,
        )
    )
    def test_a_picture_stays_within_its_frame(self, points: list[tuple[Any, int]]) -> None:
        drawn = chart.draw([chart.Bar(at, total, "EUR", "", "") for at, total in points])
        for bar in drawn["bars"] if drawn else []:
            x, y, width, height = (float(bar[each]) for each in ("x", "y", "width", "height"))
            assert -0.01 <= x <= x + width <= chart.WIDTH + 0.02
            assert -0.01 <= y <= y + height <= chart.HEIGHT + 0.02

    @drifting
    @given(
        st.dictionaries(st.sampled_from(["id", "name", "title", "price", "currency", "interval", "x"]), JSON)
    )
    def test_the_catalog_is_told_in_any_shape(self, raw: dict[str, Any]) -> None:
        assert views.product_row(Product.read(raw))["name"]

    @drifting
    @given(st.text(max_size=20) | st.sampled_from(["https://", "https://x", "HTTPS://x/y"]))
    def test_a_link_is_https_or_none(self, url: str) -> None:
        found = https_url(url)
        assert found in ("", url)
        assert not found or found.lower().startswith("https://")

    @pytest.mark.parametrize(
        "drift",
        [
            {"products": {"a": {"b": [1]}}, "modules": "crm", "metadata": [1, {"x": None}], "status": 7},
            {"organizationAddress": {"name": "Only a name"}, "type": {"deep": True}, "seats": -1.5},
            {
                "organizationAddress": "https://elsewhere.example/../..",
                "createdAt": "yesterday",
                "discount": True,
            },
            {"organizationAddress": 5, "paymentMethod": [[]], "products": [{"@id": 3}], "metadata": "text"},
            {
                "organizationAddress": ["list"],
                "active": "yes",
                "awaiting": 1,
                "externalId": {},
                "@type": None,
            },
        ],
    )
    def test_a_drifted_record_is_still_a_page(
        self, finance: CheckedClient, sandbox: Sandbox, drift: dict[str, Any]
    ) -> None:
        sandbox.faults(READ, {"merge": drift})
        sandbox.faults("GET /subscriptions", {"merge_members": drift})
        sandbox.faults(INVOICES, {"replace": [drift, "in_1", 5, None, [], {"total": True, "number": {}}]})
        for url in (SHOW, LIST, NEW):
            assert finance.get(url).status_code == 200
