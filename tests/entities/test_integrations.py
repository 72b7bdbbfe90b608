"""The three integrations: what each says of itself, enrolling, and the consent of the bank's customer."""

import re
import string
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.audit.models import Entry, Open, Phase
from dashboard.entities.integrations import connection_state, ids, labels, requirements, status_card
from dashboard.flowtly.resources.integrations import Requirements
from dashboard.upstream import connection
from tests.support.markup import Answer, CheckedClient
from tests.support.sandbox import Sandbox

ALL = "/o/org_1001/integrations/"
GOOGLE, TEAMS, BANK = (f"{ALL}{word}/" for word in ("google-workspace", "microsoft-teams", "kontomatik"))
SETUP, PULL, REVOKE = (f"{BANK}{word}/" for word in ("setup", "pull", "revoke"))
CLIENT_ID = "103945728190475839201"
GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
TYPED = {"tenantId": "kwelgeest.example", "clientId": CLIENT_ID}
NAMED = ("organization", "@id", "id")
AT_ONCE, NEVER = 0.0, 3600.0


def sent(sandbox: Sandbox) -> list[Any]:
    login = sandbox.names["login_path"]
    return [r for r in sandbox.requests() if r["method"] != "GET" and not r["path"].endswith(login)]


def asked(sandbox: Sandbox, end: str) -> list[Any]:
    return [r for r in sandbox.requests() if r["method"] == "GET" and r["path"].endswith(end)]


def wire(sandbox: Sandbox, **fields: str) -> dict[str, str]:
    """The fields of an enrolment under the names that the API goes by."""
    tenant, client = sandbox.names["enroll_fields"].split(",")
    return {{"tenantId": tenant, "clientId": client}[name]: value for name, value in fields.items()}


def text_of(answer: Answer) -> str:
    """The words of a page as they are read."""
    page = re.sub(r"<[^>]*>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", unescape(page))


def part(client: CheckedClient, path: str, name: str) -> str:
    headers = {"HX-Request": "true", "HX-Target": name}
    return client.get(path, headers=headers).content.decode()


def card_of(page: str, kind: str) -> str:
    found = re.search(rf'<section class="panel" id="{kind}-card".*?</section>', page, flags=re.S)
    assert found
    return found[0]


def connect_the_bank(client: CheckedClient, sandbox: Sandbox) -> None:
    sandbox.settings(settle=AT_ONCE)
    assert client.send(SETUP, {}).status_code == 302
    sandbox.clear_requests()


def say_nothing(sandbox: Sandbox) -> None:
    """No record names the organization it is of."""
    for path in ("subscriptions", "organization-addresses"):
        sandbox.faults(f"GET /{path}", {"remove_members": ["organization"]})
        sandbox.faults(f"GET /{path}/[^/]+", {"remove": ["organization"]})
    sandbox.faults("GET /organizations/mail-footer", {"remove": list(NAMED)})


class TestTheCards:
    def test_show_the_state_of_each_in_words(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(
            "GET /integrations/google-workspace",
            {"replace": {"status": "active", "connectedAt": "2026-01-15T09:00:00+00:00"}},
        )
        sandbox.faults(
            "GET /integrations/microsoft-teams", {"replace": {"status": "failed", "error": "No consent."}}
        )
        page = backoffice.get(ALL).content.decode()
        google = card_of(page, "google-workspace")
        assert '<span class="pill pill-good">Active</span>' in google
        assert "since" in google
        assert "15 Jan 2026 10:00 CET" in google
        teams = card_of(page, "microsoft-teams")
        assert '<span class="pill pill-danger">Failed</span>' in teams
        assert "No consent." in teams
        assert "Not connected" in card_of(page, "kontomatik")
        assert "hx-trigger" not in page.partition("<main")[2].partition("</main>")[0]

    def test_one_that_cannot_be_read_leaves_the_others_alone(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /integrations/microsoft-teams", {"status": 500})
        answer = backoffice.get(ALL)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Try again" in card_of(page, "microsoft-teams")
        for kind in ("google-workspace", "kontomatik"):
            assert "Not connected" in card_of(page, kind)

    def test_one_alone_is_read_alone(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        backoffice.get(ALL)
        sandbox.clear_requests()
        page = part(backoffice, ALL, "kontomatik-card")
        assert [r["path"].rpartition("/")[2] for r in sandbox.requests()] == ["kontomatik"]
        assert "google-workspace-card" not in page
        assert "<html" not in page

    @pytest.mark.parametrize("said", ["Reticulating", "PENDING_REVIEW_BY_BANK", "42"])
    def test_a_state_that_nobody_knows_is_shown_as_it_came(
        self, backoffice: CheckedClient, sandbox: Sandbox, said: str
    ) -> None:
        sandbox.faults(
            "GET /integrations/kontomatik", {"replace": {"status": said, "quota": {"kept": [1, 2]}}}
        )
        page = card_of(backoffice.get(ALL).content.decode(), "kontomatik")
        assert f">{said}</span>" in page
        assert "pill-good" not in page
        assert "quota.kept" in page
        assert "[1, 2]" in page

    def test_everybody_sees_them_and_only_the_back_office_may_act(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        for role in ("viewer", "accounts", "finance"):
            client = signed_in(role)
            assert "Google Workspace" in text_of(client.get(ALL))
            for path in (GOOGLE, TEAMS):
                page = client.get(path).content.decode()
                assert "googleapis.com" in page or "User.Read.All" in page
                assert 'name="tenantId"' not in page
            assert SETUP not in client.get(BANK).content.decode()
            assert client.post(GOOGLE, TYPED).status_code == 403
            assert client.get(REVOKE).status_code == 403
        assert sent(sandbox) == []


class TestWhatIsNeeded:
    def test_the_form_is_drawn_from_it(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        google = backoffice.get(GOOGLE).content.decode()
        assert "Primary domain or customer id</label>" in google
        assert 'placeholder="example.com"' in google
        assert 'name="clientId"' in google
        teams = backoffice.get(TEAMS).content.decode()
        assert "Directory (tenant) ID</label>" in teams
        assert 'name="clientId"' not in teams

    def test_scopes_can_be_copied_one_a_line_and_all_at_once(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        scopes = [f"https://www.googleapis.com/auth/{name}.readonly" for name in
                  ("admin.directory.user", "admin.directory.group", "calendar")]  # fmt: skip
        google = backoffice.get(GOOGLE).content.decode()
        assert 'data-copy="{}"'.format("\n".join(scopes)) in google
        assert 'data-copy="{}"'.format(",".join(scopes)) in google
        for between in (",", "\n"):
            copied = re.escape(between.join(scopes))
            assert re.search(rf'readonly [^>]*spellcheck="false"[^>]*>{copied}</textarea>', google)
        names = "User.Read.All Calendars.Read OnlineMeetings.Read.All Presence.Read.All"
        assert f'data-copy="{names}"' in backoffice.get(TEAMS).content.decode()

    def test_the_vendors_steps_are_told(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        google = text_of(backoffice.get(GOOGLE))
        assert "Security, then API controls, then Manage domain-wide delegation" in google
        assert "admin consent" in text_of(backoffice.get(TEAMS))

    def test_that_it_cannot_be_read_is_said_and_the_form_is_a_plain_one(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /integrations/google-workspace/requirements", {"status": 500})
        answer = backoffice.get(GOOGLE)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "the form below is a plain one" in page
        assert "Not connected" in card_of(page, "google-workspace")
        assert re.search(r'<label for="id_clientId">[^<]*<span class="optional">', page)
        assert backoffice.send(GOOGLE, TYPED).status_code == 302
        assert [r["body"] for r in sent(sandbox)] == [wire(sandbox, **TYPED)]

    @pytest.mark.parametrize(
        ("fault", "shown"),
        [
            ({"replace": {}}, "says nothing about what is needed"),
            ({"replace": []}, "the form below is a plain one"),
            ({"remove": ["scopes"]}, "names no scopes to grant"),
            ({"merge": {"scopes": "one,two three"}}, "one,two,three"),
            ({"merge": {"scopes": [{"scope": "one"}, {"name": "two"}, None, 3]}}, "one,two,3"),
            ({"merge": {"scopes": {"0": "one", "2": "two"}}}, "one,two"),
            ({"merge": {"scopes": {"deep": {"er": 1}}}}, "names no scopes"),
            ({"merge": {"clientIdRequired": "yes", "tenantIdLabel": 5}}, "does not say whether it is needed"),
            ({"merge": {"tenantIdLabel": "<b>Tenant</b>"}}, "&lt;b&gt;Tenant&lt;/b&gt;</label>"),
            ({"merge": {"consoleUrl": "https://admin.example"}}, "consoleUrl"),
        ],
    )
    def test_odd_ones_are_shown_as_far_as_they_go(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, Any], shown: str
    ) -> None:
        sandbox.faults("GET /integrations/google-workspace/requirements", fault)
        answer = backoffice.get(GOOGLE)
        assert answer.status_code == 200
        assert shown in answer.content.decode()
        assert backoffice.send(GOOGLE, TYPED).status_code == 302


class TestEnrolling:
    def test_sends_the_ids_under_the_apis_names_and_says_so(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(
            GOOGLE, {"tenantId": " kwelgeest.example ", "clientId": CLIENT_ID}, follow=True
        )
        assert [r["body"] for r in sent(sandbox)] == [wire(sandbox, **TYPED)]
        assert sent(sandbox)[0]["headers"][sandbox.names["tenant_header"].lower()] == "kwelgeest_7f3a"
        assert "Flowtly has taken the enrolment of Google Workspace." in text_of(answer)

    def test_leaves_a_client_id_out_where_none_is_needed(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        assert backoffice.send(TEAMS, {"tenantId": GUID, "clientId": "smuggled"}).status_code == 302
        assert [r["body"] for r in sent(sandbox)] == [wire(sandbox, tenantId=GUID)]

    def test_moves_from_pending_to_active(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(settle=NEVER)
        page = backoffice.send(GOOGLE, TYPED, follow=True).content.decode()
        assert ">Pending</span>" in page
        assert "kwelgeest.example" in card_of(page, "google-workspace")
        sandbox.settings(settle=AT_ONCE)
        backoffice.send(GOOGLE, TYPED)
        assert ">Active</span>" in backoffice.get(GOOGLE).content.decode()

    def test_one_that_fails_later_says_why(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(settle=AT_ONCE)
        page = backoffice.send(GOOGLE, TYPED | {"tenantId": "fail.example"}, follow=True).content.decode()
        assert ">Failed</span>" in page
        assert "The grant was not found." in page
        assert 'value="fail.example"' in page

    @pytest.mark.parametrize(
        ("path", "typed", "field"),
        [
            (GOOGLE, {"tenantId": "", "clientId": CLIENT_ID}, "tenantId"),
            (GOOGLE, {"tenantId": "x.example", "clientId": ""}, "clientId"),
            (GOOGLE, {"tenantId": GUID, "clientId": CLIENT_ID}, "tenantId"),
            (GOOGLE, {"tenantId": "https://x.example/", "clientId": CLIENT_ID}, "tenantId"),
            (GOOGLE, {"tenantId": "x.example", "clientId": "1-a.apps.googleusercontent.com"}, "clientId"),
            (TEAMS, {"tenantId": "contoso.example"}, "tenantId"),
            (TEAMS, {"tenantId": GUID[:-1]}, "tenantId"),
            (TEAMS, {}, "tenantId"),
        ],
    )
    def test_what_is_surely_wrong_is_said_at_its_field_and_not_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox, path: str, typed: dict[str, str], field: str
    ) -> None:
        answer = backoffice.send(path, typed)
        assert answer.status_code == 422
        assert f'<a href="#id_{field}">' in answer.content.decode()
        assert sent(sandbox) == []

    def test_what_only_looks_odd_is_sent_and_said(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.send(GOOGLE, {"tenantId": "kwelgeest", "clientId": CLIENT_ID[:19]}, follow=True)
        assert len(sent(sandbox)) == 1
        assert "looks like neither a domain nor a customer id" in text_of(answer)
        assert "19 digits" in text_of(answer)

    def test_a_refusal_under_the_apis_names_finds_its_field(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        answer = backoffice.send(GOOGLE, TYPED | {"clientId": "12"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'data-outcome="refused"' in page
        assert "Not enrolled" in page
        assert '<a href="#id_clientId">' in page
        assert 'value="12"' in page

    def test_is_kept_in_the_trail_with_the_record_it_is_about(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.send(GOOGLE, TYPED)
        intent, outcome = Entry.objects.order_by("number")
        assert (intent.phase, intent.entity, intent.kind) == (Phase.INTENT, "integrations", "enroll")
        assert (intent.record, intent.record_name) == ("google-workspace", "Google Workspace")
        assert outcome.outcome == "applied"
        assert "enrolled" in text_of(backoffice.get(GOOGLE))
        assert f'href="{GOOGLE}"' in backoffice.get("/audit/").content.decode()

    def test_twice_from_one_form_is_one_call(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        hidden = backoffice.hidden(GOOGLE)
        for _ in range(3):
            assert backoffice.post(GOOGLE, {**hidden, **TYPED}).status_code == 302
        assert len(sent(sandbox)) == 1

    def test_without_the_signed_values_nothing_is_sent(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        assert backoffice.post(GOOGLE, TYPED).status_code == 422
        stolen = backoffice.hidden(TEAMS)
        assert backoffice.post(GOOGLE, {**stolen, **TYPED}).status_code == 422
        assert sent(sandbox) == []

    def test_works_although_its_state_cannot_be_read(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /integrations/google-workspace", {"status": 500})
        assert backoffice.send(GOOGLE, TYPED).status_code == 302
        assert len(sent(sandbox)) == 1


class TestAnAnswerThatIsLost:
    ENROLL = "POST /integrations/google-workspace/enroll"

    def test_is_seen_in_the_state_that_has_moved(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults(self.ENROLL, {"drop": "after"})
        answer = backoffice.send(GOOGLE, TYPED)
        assert answer.status_code == 302
        assert len(sent(sandbox)) == 1
        assert Open.objects.count() == 0

    def test_is_in_doubt_where_the_state_is_as_it_was(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(self.ENROLL, {"drop": "before"})
        answer = backoffice.send(GOOGLE, TYPED)
        assert answer.status_code == 502
        assert 'data-outcome="unknown"' in answer.content.decode()
        assert "We do not know whether this was enrolled" in text_of(answer)
        assert 'value="kwelgeest.example"' in answer.content.decode()

    def test_is_in_doubt_where_it_was_active_before(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(settle=AT_ONCE)
        backoffice.send(GOOGLE, TYPED)
        sandbox.faults(self.ENROLL, {"drop": "after"})
        assert backoffice.send(GOOGLE, TYPED).status_code == 502

    def test_blocks_that_integration_alone_until_it_is_settled(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults(self.ENROLL, {"drop": "before"}, times=1)
        backoffice.send(GOOGLE, TYPED)
        sandbox.clear_requests()
        answer = backoffice.send(GOOGLE, TYPED)
        assert 'data-outcome="not-sent"' in answer.content.decode()
        assert sent(sandbox) == []
        assert backoffice.send(TEAMS, {"tenantId": GUID}).status_code == 302
        page = backoffice.get(GOOGLE).content.decode()
        found = re.search(r'action="(/o/org_1001/settle/[^"]+)"', page)
        assert found
        backoffice.post(found[1], {"decision": "not-applied", "next": GOOGLE})
        assert backoffice.send(GOOGLE, TYPED).status_code == 302

    def test_a_complete_failure_with_the_state_as_it_was_is_not_applied(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        problem = {"title": "An error occurred", "detail": "Out of order.", "status": 500}
        fault = {"status": 500, "body": problem, "content_type": "application/problem+json"}
        sandbox.faults(self.ENROLL, fault, times=1)
        answer = backoffice.send(GOOGLE, TYPED)
        assert answer.status_code == 502
        assert 'data-outcome="not-applied"' in answer.content.decode()
        assert "Not enrolled: Flowtly failed" in text_of(answer)
        assert backoffice.send(GOOGLE, TYPED).status_code == 302

    def test_a_pull_is_seen_by_its_time(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        connect_the_bank(backoffice, sandbox)
        sandbox.faults("POST /integrations/kontomatik/pull", {"drop": "after"}, times=1)
        assert backoffice.send(PULL, {}).status_code == 302
        sandbox.faults("POST /integrations/kontomatik/pull", {"drop": "before"}, times=1)
        assert backoffice.send(PULL, {}).status_code == 502

    def test_a_revocation_is_seen_by_the_consent_that_is_gone(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        connect_the_bank(backoffice, sandbox)
        sandbox.faults("POST /integrations/kontomatik/revoke", {"drop": "after"})
        assert backoffice.send(REVOKE, {"slug": "kwelgeest-groep"}).status_code == 302


class TestWhose:
    def test_nothing_goes_to_another_organization(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        field = sandbox.names["tenant_field"]
        connection.forget()
        sandbox.faults("GET /organizations/org_1001", {"merge": {field: "berenice_c41d"}})
        sandbox.faults("GET /organizations", {"merge_members": {field: "berenice_c41d"}})
        for path, typed in ((GOOGLE, TYPED), (SETUP, {}), (PULL, {}), (REVOKE, {"slug": "kwelgeest-groep"})):
            answer = backoffice.send(path, typed)
            assert answer.status_code == 503, path
            assert 'data-outcome="not-sent"' in answer.content.decode()
            assert "org_1002" in answer.content.decode()
        assert sent(sandbox) == []

    def test_the_slug_is_asked_for_where_nothing_names_the_organization(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        say_nothing(sandbox)
        for path, typed in ((GOOGLE, TYPED), (TEAMS, {"tenantId": GUID}), (SETUP, {})):
            for slug in ("", "kwelgeest"):
                answer = backoffice.send(path, typed | {"slug": slug})
                assert answer.status_code == 422, path
                assert '<a href="#id_slug">' in answer.content.decode()
        assert sent(sandbox) == []
        assert backoffice.send(GOOGLE, TYPED | {"slug": "kwelgeest-groep"}).status_code == 302
        assert [r["body"] for r in sent(sandbox)] == [wire(sandbox, **TYPED)]

    def test_it_is_checked_beside_the_other_calls_not_after_them(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        backoffice.get(GOOGLE)
        sandbox.clear_requests()
        backoffice.get(GOOGLE)
        assert len(sandbox.requests()) == 3


class TestLookingAgain:
    def test_begins_while_the_state_is_not_settled(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(settle=NEVER)
        page = backoffice.send(GOOGLE, TYPED, follow=True).content.decode()
        card = card_of(page, "google-workspace")
        assert f'hx-get="{GOOGLE}?look=1"' in card
        assert 'hx-trigger="load delay:2s"' in card
        assert f'<a href="{GOOGLE}"' in card
        assert f'hx-get="{ALL}?look=1"' in card_of(backoffice.get(ALL).content.decode(), "google-workspace")

    def test_takes_longer_each_time_and_ends_after_five_minutes(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(settle=NEVER)
        backoffice.send(GOOGLE, TYPED)
        path, delays, page = GOOGLE, list[int](), ""
        while len(delays) < 40:
            page = part(backoffice, path, "google-workspace-card")
            found = re.search(r'hx-get="([^"]+look=\d+)" hx-trigger="load delay:(\d+)s"', page)
            if found is None:
                break
            path, delays = found[1], [*delays, int(found[2])]
        assert delays[:6] == [2, 4, 8, 16, 30, 30]
        assert max(delays) == 30
        assert 270 <= sum(delays) <= 330
        assert "has stopped looking" in page
        assert f'hx-get="{GOOGLE}"' in page

    def test_ends_when_it_has_settled_and_says_so(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.settings(settle=NEVER)
        backoffice.send(GOOGLE, TYPED)
        assert "data-announce" not in part(backoffice, f"{GOOGLE}?look=1", "google-workspace-card")
        sandbox.settings(settle=AT_ONCE)
        backoffice.send(GOOGLE, TYPED)
        card = part(backoffice, f"{GOOGLE}?look=2", "google-workspace-card")
        assert "hx-trigger" not in card
        assert re.search(r'<p role="status" data-announce>.*Active', card)

    def test_goes_on_over_a_state_that_cannot_be_read(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.faults("GET /integrations/google-workspace", {"status": 500})
        card = part(backoffice, f"{GOOGLE}?look=3", "google-workspace-card")
        assert "look=4" in card
        assert 'role="alert"' not in card
        assert "hx-trigger" not in part(backoffice, f"{GOOGLE}?look=13", "google-workspace-card")

    @pytest.mark.parametrize("look", ["x", "-1", "9999", "", "²", "1e3", "999"])
    def test_takes_any_number(self, backoffice: CheckedClient, sandbox: Sandbox, look: str) -> None:
        sandbox.faults("GET /integrations/.*", {"merge": {"status": "pending"}})
        assert "Pending" in part(backoffice, f"{BANK}?look={look}", "kontomatik-card")

    def test_asks_for_nothing_but_the_state(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        backoffice.get(GOOGLE)
        sandbox.clear_requests()
        part(backoffice, f"{GOOGLE}?look=1", "google-workspace-card")
        assert len(sandbox.requests()) == 1


class TestTheBank:
    def test_a_set_up_hands_over_an_address_and_asks_for_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(settle=NEVER)
        drawn = backoffice.get(SETUP).content.decode()
        assert not re.findall(r'<input(?! type="hidden")[^>]*form-part', drawn)
        assert 'type="password"' not in drawn.partition('id="form-part"')[2].partition("</form>")[0]
        page = backoffice.send(SETUP, {}, follow=True).content.decode()
        assert [r["body"] for r in sent(sandbox)] == [{}]
        assert '<a href="https://signin.kontomatik.example/org_1001"' in page
        assert "Do not sign in for them" in page

    def test_the_address_is_for_those_who_may_act(
        self, backoffice: CheckedClient, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        sandbox.settings(settle=NEVER)
        backoffice.send(SETUP, {})
        for path in (BANK, ALL):
            assert "signin.kontomatik.example" not in signed_in("viewer").get(path).content.decode()

    def test_an_address_that_only_the_answer_names_is_shown_at_once(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(settle=NEVER)
        sandbox.faults("GET /integrations/kontomatik", {"remove": ["signInUrl"]})
        answer = backoffice.send(SETUP, {})
        assert answer.status_code == 200
        assert 'data-outcome="applied"' in answer.content.decode()
        assert '<a href="https://signin.kontomatik.example/org_1001"' in answer.content.decode()

    @pytest.mark.parametrize(
        "address",
        ["http://bank.example/", "javascript:alert(1)", "//bank.example", "https://", "https://a@bank.example/",
         "https://bank.example/ x", "https:bank.example", " https://bank.example/", "https://[bank/"],
    )  # fmt: skip
    def test_no_address_but_an_https_one_becomes_a_link(
        self, backoffice: CheckedClient, sandbox: Sandbox, address: str
    ) -> None:
        sandbox.faults(
            "GET /integrations/kontomatik", {"replace": {"status": "pending", "redirectUrl": address}}
        )
        page = backoffice.get(BANK).content.decode()
        assert 'target="_blank"' not in page
        assert "redirectUrl" in page
        assert f'href="{address}"' not in page

    @pytest.mark.parametrize("status", [200, 202, 204])
    def test_a_pull_is_taken_whatever_the_success_is_called(
        self, backoffice: CheckedClient, sandbox: Sandbox, status: int
    ) -> None:
        connect_the_bank(backoffice, sandbox)
        sandbox.settings(pull_status=status)
        answer = backoffice.send(PULL, {}, follow=True)
        assert [r["body"] for r in sent(sandbox)] == [{}]
        assert "Flowtly has taken the request" in text_of(answer)
        assert "Last pull" in text_of(answer)

    def test_the_fifth_pull_is_refused_and_the_wait_is_told(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        connect_the_bank(backoffice, sandbox)
        for _ in range(4):
            assert backoffice.send(PULL, {}).status_code == 302
        told = text_of(backoffice.get(PULL))
        assert "4 pulls" in told
        assert "The next one may be refused until" in told
        answer = backoffice.send(PULL, {})
        assert answer.status_code == 422
        assert 'data-outcome="refused"' in answer.content.decode()
        told = text_of(answer)
        assert "Nothing was pulled" in told
        assert re.search(r"Try again in (24 hours|1 day), after \d+ \w+ \d{4} \d\d:\d\d CES?T", told)

    def test_a_pause_that_the_state_names_is_told(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        at = (datetime.now(UTC) + timedelta(hours=3)).isoformat()
        sandbox.faults("GET /integrations/kontomatik", {"merge": {"status": "active", "nextPullAt": at}})
        assert "the next pull is possible on" in text_of(backoffice.get(PULL))
        assert "Next pull" in text_of(backoffice.get(BANK))

    def test_without_a_consent_the_refusal_is_told(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.send(PULL, {})
        assert answer.status_code == 409
        assert "There is no active consent." in text_of(answer)

    def test_revoking_wants_the_slug_in_any_case(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        connect_the_bank(backoffice, sandbox)
        page = text_of(backoffice.get(REVOKE))
        assert "Kwelgeest Groep" in page
        assert "Type kwelgeest-groep to say you mean it." in page
        for slug in ("", "Kwelgeest-Groep", "org_1001"):
            answer = backoffice.send(REVOKE, {"slug": slug})
            assert answer.status_code == 422
            assert '<a href="#id_slug">' in answer.content.decode()
        assert sent(sandbox) == []
        answer = backoffice.send(REVOKE, {"slug": "kwelgeest-groep"}, follow=True)
        assert [r["body"] for r in sent(sandbox)] == [{}]
        assert "The consent is revoked" in text_of(answer)
        assert ">Revoked</span>" in answer.content.decode()

    def test_revoking_wants_it_too_where_nothing_names_the_organization(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        connect_the_bank(backoffice, sandbox)
        say_nothing(sandbox)
        assert backoffice.send(REVOKE, {}).status_code == 422
        assert backoffice.send(REVOKE, {"slug": "kwelgeest-groep"}).status_code == 302

    def test_only_what_fits_the_state_is_offered(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        page = backoffice.get(BANK).content.decode()
        assert SETUP in page
        assert PULL not in page
        connect_the_bank(backoffice, sandbox)
        page = backoffice.get(BANK).content.decode()
        assert PULL in page
        assert REVOKE in page

    def test_acts_are_in_the_trail_by_name(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        connect_the_bank(backoffice, sandbox)
        backoffice.send(PULL, {})
        backoffice.send(REVOKE, {"slug": "kwelgeest-groep"})
        kinds = Entry.objects.filter(phase=Phase.INTENT).order_by("number").values_list("kind", "record")
        assert list(kinds) == [(kind, "kontomatik") for kind in ("setup", "pull", "revoke")]
        page = text_of(backoffice.get(BANK))
        for told in ("began to set up", "fetched bank data", "revoked the bank consent"):
            assert told in page

    def test_twice_from_one_form_is_one_call(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        connect_the_bank(backoffice, sandbox)
        hidden = backoffice.hidden(PULL)
        assert [backoffice.post(PULL, hidden).status_code for _ in range(2)] == [302, 302]
        assert len(sent(sandbox)) == 1


NAMES = st.sampled_from(
    ["status", "state", "connected", "active", "error", "errors", "message", "connectedAt", "lastPullAt", "since",
     "nextPullAt", "retryAfter", "signInUrl", "pullsLeft", "@id", "id", "connection", "consentExpiresAt"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    | st.datetimes(timezones=st.just(UTC)).map(lambda at: at.isoformat())
    | st.sampled_from(["active", "PENDING", "inProgress", "https://a.example/", "9999-12-31T23:59:59-23:59"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(), inner, max_size=4),
    max_leaves=6,
)  # fmt: skip


def names_of_json_ld(value: Any) -> bool:
    """Whether one of them stands anywhere inside: they say what a thing is, not how it stands."""
    if isinstance(value, list):
        return any(map(names_of_json_ld, value))
    return isinstance(value, dict) and any(
        name.startswith("@") or names_of_json_ld(inner) for name, inner in value.items()
    )


class TestReading:
    @given(st.dictionaries(NAMES | st.text(), VALUES, max_size=8))
    def test_any_object_is_a_state_and_nothing_of_it_is_lost(self, raw: dict[str, Any]) -> None:
        seen = connection_state.read(raw)
        assert seen.phase in {*connection_state.PHASES, connection_state.UNKNOWN}
        assert labels.state_text(seen)
        assert labels.state_pill(seen)
        assert all(one["label"] and one["value"] for one in labels.facts(seen, "", {}))
        told = labels.other_fields(seen, "Europe/Amsterdam", {}) + labels.facts(seen, "", {})
        if raw and not names_of_json_ld(raw):
            assert told or seen.code or seen.says or seen.link or seen.since

    @given(VALUES)
    def test_any_link_is_https_or_none(self, value: Any) -> None:
        link = connection_state.read({"redirectUrl": value}).link
        assert link == "" or link.startswith("https://")

    @given(st.dictionaries(st.sampled_from([*requirements.KNOWN, "more"]), VALUES))
    def test_any_requirements_can_be_drawn(self, raw: dict[str, Any]) -> None:
        needs = Requirements.read(raw)
        assert all(isinstance(each, str) and each for each in requirements.scopes(needs))

    @pytest.mark.parametrize(
        ("raw", "code", "phase"),
        [
            ({"status": "active"}, "active", connection_state.CONNECTED),
            ({"state": "CONNECTED"}, "connected", connection_state.CONNECTED),
            ({"status": "inProgress"}, "in_progress", connection_state.WAITING),
            ({"status": "pending-consent"}, "pending_consent", connection_state.WAITING),
            ({"connection": {"status": "failed"}}, "failed", connection_state.FAILED),
            ({"status": {"code": "revoked"}}, "revoked", connection_state.OFF),
            ({"status": True}, "connected", connection_state.CONNECTED),
            ({"connected": False}, "not_connected", connection_state.OFF),
            ({"connected": True, "pending": True}, "pending", connection_state.WAITING),
            ({"integration": {"enabled": True}}, "connected", connection_state.CONNECTED),
            ({"status": "constructed"}, "constructed", connection_state.UNKNOWN),
            ({"status": None, "connected": True}, "connected", connection_state.CONNECTED),
            ({"status": ["active"]}, "", connection_state.UNKNOWN),
            ({}, "", connection_state.UNKNOWN),
        ],
    )
    def test_the_state_is_found_wherever_it_stands(self, raw: dict[str, Any], code: str, phase: str) -> None:
        seen = connection_state.read(raw)
        assert (seen.code, seen.phase) == (code, phase)

    def test_since_is_the_moment_of_its_own_state(self) -> None:
        raw = {
            "status": "revoked",
            "connectedAt": "2026-01-01T00:00:00Z",
            "revokedAt": "2026-02-01T00:00:00Z",
        }
        assert connection_state.read(raw).since == datetime(2026, 2, 1, tzinfo=UTC)
        assert connection_state.read(raw | {"status": "active"}).since == datetime(2026, 1, 1, tzinfo=UTC)
        assert connection_state.read({"status": "active", "connectedAt": "2026-01-01"}).since is None

    @pytest.mark.parametrize(
        "raw",
        [
            {"error": "No grant"},
            {"errors": ["No grant"]},
            {"error": {"message": "No grant"}},
            {"lastError": {"code": 5, "message": "No grant"}},
            {"errors": [{"message": "No grant"}]},
        ],
    )
    def test_what_is_wrong_is_said_in_any_shape(self, raw: dict[str, Any]) -> None:
        assert "No grant" in connection_state.read(raw).says

    def test_a_pause_in_seconds_is_a_moment(self) -> None:
        now = datetime(2026, 1, 1, tzinfo=UTC)
        assert connection_state.read({"retryAfter": 3600}, now).next_pull == now + timedelta(hours=1)
        assert connection_state.read({"nextPullAt": "2025-12-31T00:00:00Z"}, now).next_pull is None

    @given(st.text(alphabet=string.printable, max_size=40))
    def test_no_typed_id_breaks_the_checks(self, typed: str) -> None:
        for kind in ("google-workspace", "microsoft-teams"):
            assert isinstance(ids.wrong_tenant(kind, typed), str)
            assert isinstance(ids.wrong_client(kind, typed), str)
            ids.doubts(kind, {"tenantId": typed, "clientId": typed})


def test_looking_again_takes_about_five_minutes() -> None:
    assert sum(min(2**n, status_card.LONGEST) for n in range(1, status_card.LOOKS + 1)) == 300
