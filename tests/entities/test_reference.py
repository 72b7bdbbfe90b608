"""Languages and countries: by name, found by name, and a language added once and for good."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LANGUAGES = "/o/org_1001/languages/"
NEW = f"{LANGUAGES}new/"
COUNTRIES = "/o/org_1001/countries/"


def writes(sandbox: Sandbox) -> list[Any]:
    return [
        r["body"] for r in sandbox.requests() if r["method"] == "POST" and r["path"].endswith("/languages")
    ]


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)


class TestLanguages:
    def test_are_listed_by_name_with_their_code(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(LANGUAGES))
        assert names(page) == sorted(names(page))
        assert "Dutch" in names(page)
        assert "<code>nl</code>" in page

    def test_the_usual_ones_say_where_they_are_usual(self, backoffice: CheckedClient) -> None:
        assert "usual in Netherlands" in text(backoffice.get(LANGUAGES))

    def test_stand_without_the_addresses(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /organization-addresses", {"status": 503})
        page = text(backoffice.get(LANGUAGES))
        assert "Dutch" in names(page)
        assert "usual in" not in page

    def test_are_found_by_name_or_code(self, backoffice: CheckedClient) -> None:
        assert names(text(backoffice.get(LANGUAGES, {"q": "dut"}))) == ["Dutch"]
        assert names(text(backoffice.get(LANGUAGES, {"q": "nl"}))) == ["Dutch"]
        assert "No language matches" in text(backoffice.get(LANGUAGES, {"q": "klingon"}))

    def test_a_code_nobody_knows_is_shown_as_it_is(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /languages", {"merge_members": {"id": "qq_QQ"}})
        assert ">qq_QQ<" in text(backoffice.get(LANGUAGES))

    @pytest.mark.parametrize("fault", [{"remove_members": ["id"]}, {"merge_members": {"id": {"x": 1}}}])
    def test_rows_of_any_shape_are_shown(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, Any]
    ) -> None:
        sandbox.faults("GET /languages", fault)
        for query in ({}, {"q": "dutch"}):
            assert backoffice.get(LANGUAGES, query).status_code == 200

    def test_one_has_a_page(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(f"{LANGUAGES}nl/"))
        assert '<h1 tabindex="-1">Dutch</h1>' in page
        assert "Netherlands" in page
        assert backoffice.get(f"{LANGUAGES}xx/").status_code == 404


class TestAddingALanguage:
    def test_says_first_that_it_cannot_be_taken_back(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(NEW))
        assert "cannot be taken away again" in page
        assert '<option value="sv">Swedish (sv)</option>' in page
        assert '<option value="nl">' not in page

    def test_is_asked_for_by_its_name_and_sent_once(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = f"{NEW}?id=sv&other="
        page = text(backoffice.get(url))
        assert re.search(r"<button[^>]*>Add Swedish \(sv\)</button>", page)
        assert "Kwelgeest Groep" in page
        signed = {**hidden_of(backoffice.get(url).content.decode()), "id": "sv"}
        first, second = backoffice.post(url, signed), backoffice.post(url, signed)
        assert first.status_code == second.status_code == 302
        assert writes(sandbox) == [{"id": "sv"}]
        page = text(backoffice.get(LANGUAGES))
        assert "Added Swedish (sv)." in page
        assert "Swedish" in names(page)

    def test_another_code_counts_instead_of_the_choice(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        page = text(backoffice.get(NEW, {"id": "sv", "other": " pt_BR "}))
        assert "Add Portuguese (Brazil) (pt_BR)" in page
        assert "No language is known here by the code qx" in text(backoffice.get(NEW, {"other": "qx"}))

    @pytest.mark.parametrize("code", ["d", "<b>", "da-", "danish", "d/k"])
    def test_what_is_no_code_is_said(self, backoffice: CheckedClient, sandbox: Sandbox, code: str) -> None:
        page = text(backoffice.get(NEW, {"other": code}))
        assert "is no code of a language" in page
        signed = hidden_of(backoffice.get(NEW, {"id": "sv"}).content.decode())
        assert backoffice.post(NEW, {**signed, "id": code}).status_code == 422
        assert writes(sandbox) == []

    @pytest.mark.parametrize("code", ["nl", "NL"])
    def test_one_that_is_there_is_said_and_not_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, code: str
    ) -> None:
        page = text(backoffice.get(NEW, {"other": code}))
        assert "already. There is nothing to add." in page
        assert 'data-action="confirm"' not in page
        answer = backoffice.post(NEW, {**hidden_of(page), "id": code})
        assert answer.status_code == 422
        assert "there already" in text(answer)
        assert writes(sandbox) == []

    def test_what_flowtly_refuses_is_said(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.send(f"{NEW}?other=SV", {"id": "SV"})
        assert answer.status_code == 422
        assert 'data-outcome="refused"' in text(answer)
        assert "not a valid locale" in text(answer)

    @pytest.mark.parametrize(
        ("fault", "status", "outcome"),
        [
            ({"drop": "after"}, 302, "applied"),
            ({"drop": "before"}, 502, "unknown"),
            ({"status": 503, "act": False}, 502, "unknown"),
        ],
        ids=str,
    )
    def test_a_lost_answer_is_looked_into(
        self,
        backoffice: CheckedClient,
        sandbox: Sandbox,
        fault: dict[str, Any],
        status: int,
        outcome: str,
    ) -> None:
        sandbox.faults("POST /languages", fault)
        answer = backoffice.send(f"{NEW}?id=sv", {"id": "sv"})
        assert answer.status_code == status
        page = text(backoffice.get(LANGUAGES)) if status == 302 else text(answer)
        assert f'data-outcome="{outcome}"' in page
        assert len(writes(sandbox)) == 1

    def test_who_added_it_stands_on_its_page(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        backoffice.send(f"{NEW}?id=sv", {"id": "sv"})
        page = text(backoffice.get(f"{LANGUAGES}sv/"))
        assert 'title="backoffice"' in page
        trail = text(backoffice.get("/audit/"))
        assert "/o/org_1001/reference/sv/" in trail
        assert backoffice.get("/o/org_1001/reference/sv/")["Location"] == f"{LANGUAGES}sv/"

    def test_others_are_not_offered_it(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        client = signed_in("finance")
        assert "Add a language" not in text(client.get(LANGUAGES))
        assert client.get(NEW).status_code == 403


class TestCountries:
    def test_are_listed_by_name_over_all_pages(self, backoffice: CheckedClient) -> None:
        page, seen = text(backoffice.get(COUNTRIES)), []
        assert "1–30 of 249" in page
        for number in range(1, 10):
            seen += names(text(backoffice.get(COUNTRIES, {"page": str(number)})))
        assert len(seen) == 249
        assert seen[0] == "Afghanistan"
        assert seen.index("Åland Islands") < seen.index("Albania")
        assert seen[-1] == "Zimbabwe"

    def test_are_read_once_for_all_pages(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        for number in ("1", "2", "3"):
            backoffice.get(COUNTRIES, {"page": number})
        asked = [r for r in sandbox.requests() if r["path"].endswith("/countries")]
        assert len(asked) <= 4

    def test_are_found_by_part_of_a_name_or_by_code(self, backoffice: CheckedClient) -> None:
        assert names(text(backoffice.get(COUNTRIES, {"q": "hollande"}))) == []
        assert names(text(backoffice.get(COUNTRIES, {"q": "aland isl"}))) == ["Åland Islands"]
        assert "Denmark" in names(text(backoffice.get(COUNTRIES, {"q": "dk"})))
        assert "No country matches" in text(backoffice.get(COUNTRIES, {"q": "atlantis"}))

    def test_the_menu_marks_the_list_that_is_open(self, backoffice: CheckedClient) -> None:
        page = backoffice.get(COUNTRIES).content.decode()
        current = re.findall(r'<a href="([^"]+)"[^>]* aria-current', page)
        assert COUNTRIES in current
        assert LANGUAGES not in current

    def test_one_has_a_page(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(f"{COUNTRIES}BE/"))
        assert '<h1 tabindex="-1">Belgium</h1>' in page
        assert "Dutch, French, German" in page
        assert backoffice.get(f"{COUNTRIES}XX/").status_code == 404

    def test_a_name_of_the_apis_own_comes_first(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /countries/BE", {"merge": {"name": "Kingdom of Belgium", "region": "Europe"}})
        page = text(backoffice.get(f"{COUNTRIES}BE/"))
        assert "Kingdom of Belgium" in page
        assert "Europe" in page

    def test_a_list_that_cannot_be_read_says_so(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /countries", {"status": 503})
        answer = backoffice.get(COUNTRIES)
        assert answer.status_code == 503
        assert "Try again" in text(answer)
