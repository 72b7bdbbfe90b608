"""A coupon for several organizations: what was pasted, the rehearsal, one call per row whatever happens, and what came
of each."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory

from dashboard.actions.bulk.models import Batch, Row, RowState
from dashboard.actions.bulk.run import RowForm
from dashboard.actions.bulk.run import _conclude as conclude
from dashboard.actions.models import Act, State
from dashboard.audit.models import Open
from dashboard.forms.tenant_check import Whose
from dashboard.upstream import connection
from dashboard.web.error_messages import Problem
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

NEW = "/coupons/new/"
WHY = {"code": "SPRING-30", "reason": "campaign", "note": "Spring campaign, agreed with sales."}
THREE = ("org_1001", "org_1002", "org_1004")
TENANTS = {"org_1001": "kwelgeest_7f3a", "org_1002": "berenice_c41d", "org_1004": "roedgroed_9e57"}
PART = {"HX-Request": "true", "HX-Target": "progress-part"}
APPLY = "POST /subscriptions/apply-coupon"


@pytest.fixture
def finance(sandbox: Sandbox, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("finance")


def pasted(client: CheckedClient, *organizations: str, **typed: str) -> str:
    """The address of the rehearsal of these."""
    answer = client.send(NEW, {**WHY, "organizations": "\n".join(organizations), **typed})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def confirm(client: CheckedClient, url: str, *, scripts: bool = True, **more: Any) -> HttpResponse:
    """Presses the button of the rehearsal with what is ticked there. With scripts nothing is sent by that yet."""
    page = client.get(url).content.decode()
    ticked = re.findall(r'name="rows" value="(\d+)" checked', page)
    headers = {"HX-Request": "true", "HX-Target": "confirm-part"} if scripts else {}
    typed = {**hidden_of(page), "rows": ticked, "confirm": "1", **more}
    return client.post(url, typed, headers=headers)  # type: ignore[return-value]


def confirmed(client: CheckedClient, *organizations: str, **typed: str) -> str:
    url = pasted(client, *organizations, **typed)
    assert confirm(client, url)["HX-Location"]
    return url


def following(client: CheckedClient, url: str, **more: str) -> str:
    """Asks for the next as the page's script does, and gives what is shown then."""
    answer = client.post(f"{url}next/", hidden_of(client.get(url).content.decode()), headers={**PART, **more})
    return answer.content.decode()


def text(html: str) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", html).split()))


def rows(page: str) -> list[str]:
    return [
        text(row) for row in re.findall(r"<tr\b[^>]*>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    ]


def outcomes(page: str) -> list[str]:
    return re.findall(r'data-outcome="([^"]+)"', page.partition("<tbody>")[2])


def sent(sandbox: Sandbox) -> list[str]:
    """To which tenants, in their order."""
    header = sandbox.names["tenant_header"].lower()
    asked = [r for r in sandbox.requests() if r["method"] == "POST" and r["path"].endswith("/apply-coupon")]
    return [str(r["headers"][header]) for r in asked]


# --- what was pasted ---

NOT_FOUND = "no organization with this id or slug"
FORMS = {
    "org_1001": "Kwelgeest Groep org_1001",
    "maison-berenice": "Maison Bérénice & Fils org_1002 maison-berenice",
    '"org_1003"': "Conceição & Irmãos, Lda. org_1003",
    "/organizations/org_1004": "Rødgrød Håndværk ApS org_1004",
    "{api}/organizations/org_1005": "Zażółć Logistyka sp. z o.o. org_1005",
    "http://testserver/o/org_1007/subscriptions/coupon/apply/": "Kwelgeest Proeftuin org_1007",
    "kwelgeest-groep": "stands in the list already",
    "org_1006": "Flowtly names no current subscription",
    "https://elsewhere.example/o/org_1001/": "neither this dashboard nor its Flowtly",
    "http://testserver/audit/": NOT_FOUND,
    "{api}/clients/1": NOT_FOUND,
    "nobody": NOT_FOUND,
    "somebody@kwelgeest.example": NOT_FOUND,
    "Zażółć": NOT_FOUND,
    "new": NOT_FOUND,
}


def test_ids_slugs_and_addresses_are_told_apart(finance: CheckedClient, sandbox: Sandbox) -> None:
    typed = [one.format(api=sandbox.base_url) for one in FORMS]
    between = ["\n", "\r\n", "  \r\n", "\n\n"]
    whole = "".join(one + between[at % len(between)] for at, one in enumerate(typed))
    page = finance.get(pasted(finance, organizations=whole)).content.decode()
    shown = rows(page)
    assert len(shown) == len(FORMS)
    for row, (one, expected) in zip(shown, FORMS.items(), strict=True):
        assert expected in row, (one, row)
    ready = [row for row in shown if "Send: " in row]
    assert len(ready) == 6
    assert f"Apply SPRING-30 to {page.count(' checked')} organizations" in page
    for warning in ("billed by hand", "not active: Flowtly says “Suspended”"):
        assert any(warning in row for row in shown)
    assert sent(sandbox) == []


def test_what_cannot_be_told_is_left_out_with_the_reason(
    finance: CheckedClient, sandbox: Sandbox, people: Any
) -> None:
    tenant = sandbox.names["tenant_field"]
    listed = [{"id": one, "slug": "twins", tenant: TENANTS.get(one)} for one in ("org_1", "org_2", *THREE)]
    sandbox.faults("GET /organizations", {"replace": {"member": listed, "totalItems": len(listed)}})
    sandbox.faults("GET /subscriptions/sub_1002", {"status": 500})
    Open.objects.create(
        write="w", at=datetime.now(UTC), person=people["finance"], organization="org_1004", entity="subscriptions",
        kind="apply-coupon", record="sub_1004",
    )  # fmt: skip
    shown = rows(finance.get(pasted(finance, "twins", "org_1002", "org_1004", "org_1001")).content.decode())
    reasons = ["more than one organization goes by this", "could not be read", "settle that first"]
    for row, reason in zip(shown, reasons, strict=False):
        assert reason in row
    assert "Send: Kwelgeest Groep (org_1001)" in shown[3]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"organizations": " , ;\n"}, "names an organization"),
        ({"organizations": "a\nb\nc\nd"}, "at most 3 at once"),
        ({"code": "", "organizations": "org_1001"}, "This field is required"),
    ],
)
def test_a_list_that_will_not_do_is_kept_as_it_was_typed(
    typed: dict[str, str], said: str, finance: CheckedClient, settings: Any
) -> None:
    settings.COUPONS_AT_ONCE = 3
    answer = finance.send(NEW, {**WHY, **typed})
    page = answer.content.decode()
    assert (answer.status_code, said in text(page), WHY["note"] in page) == (422, True, True)
    assert not Batch.objects.exists()


# --- confirming ---


class TestTheRehearsal:
    def test_the_button_acts_only_on_what_it_counts(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        url = pasted(finance, *THREE)
        left_out = confirm(finance, url, scripts=False, rows=["1", "3"])
        page = left_out.content.decode()
        assert "Apply SPRING-30 to 2 organizations" in page
        assert re.findall(r'name="rows" value="(\d+)" checked', page) == ["1", "3"]
        finance.post(url, {**hidden_of(page), "rows": ["1", "3"]})  # a tick that went back and forth
        finance.post(url, {**hidden_of(page), "rows": ["1", "3", "99"], "confirm": "1", "base": "forged"})
        assert (sent(sandbox), Batch.objects.get().confirmed_at) == ([], None)
        finance.post(url, {**hidden_of(page), "rows": ["1", "3"], "confirm": "1"})
        assert sent(sandbox) == [TENANTS["org_1001"], TENANTS["org_1004"]]
        assert outcomes(finance.get(url).content.decode()) == ["nothing-shows", "skipped", "nothing-shows"]

    def test_who_had_this_code_before_is_not_ticked(self, finance: CheckedClient) -> None:
        url = confirmed(finance, "org_1001")
        following(finance, url)
        page = finance.get(pasted(finance, *THREE)).content.decode()
        assert "Apply SPRING-30 to 2 organizations" in page
        assert "This code was used here before" in rows(page)[0]

    @pytest.mark.parametrize("operation", ["", "forged"])
    def test_with_a_form_that_is_too_old_it_goes_no_further(
        self, operation: str, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = pasted(finance, *THREE)
        refused = confirm(finance, url, scripts=False, operation=operation)
        assert refused.status_code == 422
        assert "Apply SPRING-30 to 3 organizations" in refused.content.decode()
        assert (sent(sandbox), Batch.objects.get().confirmed_at) == ([], None)

    def test_nobody_else_sees_it_and_what_was_typed_can_be_changed(
        self, finance: CheckedClient, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        url = pasted(finance, *THREE)
        assert signed_in("finance2").get(url).status_code == 404
        again = finance.get(f"{NEW}?from={url.split('/')[2]}").content.decode()
        assert "org_1001\norg_1002\norg_1004" in again
        assert WHY["code"] in again


# --- sending ---


class TestOneAfterTheOther:
    def test_each_is_an_act_of_its_own(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        url = confirmed(finance, *THREE)
        assert sent(sandbox) == []
        page = following(finance, url)
        assert (sent(sandbox), "1 of 3" in page) == ([TENANTS["org_1001"]], True)
        form = hidden_of(finance.get(url).content.decode())
        for _ in range(3):  # the same form again, as after a reload
            finance.post(f"{url}next/", form, headers=PART)
        assert sent(sandbox) == list(TENANTS.values())[:2]
        page = following(finance, url)
        following(finance, url)
        assert sent(sandbox) == list(TENANTS.values())
        assert outcomes(page) == ["nothing-shows"] * 3
        for act in Act.objects.order_by("organization"):
            assert (act.code, act.reason, act.note, act.record) == (
                *WHY.values(),
                f"sub_{act.organization[4:]}",
            )
            receipt = f"/o/{act.organization}/subscriptions/coupon/apply/{act.pk}/proof/"
            assert receipt in page
        assert "Rødgrød Håndværk ApS" in finance.get(receipt).content.decode()
        whole = finance.get(url).content.decode()
        assert "Rødgrød Håndværk ApS\torg_1004\tNot visible" in unescape(whole)
        assert (
            '<span class="pill pill-attention">Accepted</span>' in finance.get("/coupons/").content.decode()
        )

    def test_a_lost_answer_is_unknown_and_the_others_go_on(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, *THREE)
        following(finance, url)
        sandbox.faults(APPLY, {"drop": "after"}, times=1)
        following(finance, url)
        page = following(finance, url)
        assert outcomes(page) == ["nothing-shows", "unknown", "nothing-shows"]
        following(finance, url)
        assert sent(sandbox) == list(TENANTS.values())

    def test_a_refusal_leads_to_the_ordinary_way(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        url = confirmed(finance, *THREE, code="ONCE-ONLY")
        pages = [following(finance, url) for _ in THREE]
        assert outcomes(pages[-1]) == ["nothing-shows", "refused", "refused"]
        again = re.findall(r'href="([^"]+/coupon/apply/\?from=[^"]+)"', pages[-1])
        assert len(again) == 2
        assert "ONCE-ONLY" in finance.get(again[0]).content.decode()

    def test_with_the_tenants_crossed_nothing_is_sent_for_those(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, *THREE)
        connection.forget()
        crossed = {sandbox.names["tenant_field"]: TENANTS["org_1001"]}
        sandbox.faults("GET /organizations/org_1002", {"merge": crossed})
        page = [following(finance, url) for _ in THREE][-1]
        assert outcomes(page) == ["nothing-shows", "not-sent", "nothing-shows"]
        assert "Flowtly gives records of org_1001" in rows(page)[1]
        assert sent(sandbox) == [TENANTS["org_1001"], TENANTS["org_1004"]]

    @pytest.mark.parametrize(
        ("where", "change"),
        [("subscriptions/sub_1001", {"seats": 99}), ("organizations/org_1001", {"manualBilling": True})],
    )
    def test_what_is_not_as_it_was_rehearsed_is_not_sent(
        self, where: str, change: dict[str, Any], finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, "org_1001", "org_1004")
        sandbox.faults(f"GET /{where}", {"merge": change})
        page = [following(finance, url) for _ in range(2)][-1]
        assert outcomes(page) == ["not-sent", "nothing-shows"]
        assert "not any more what the rehearsal showed" in rows(page)[0]
        assert sent(sandbox) == [TENANTS["org_1004"]]

    def test_where_policy_wants_a_second_person_each_waits(
        self, finance: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        settings.SECOND_PERSON_FOR = ["apply-coupon"]
        url = pasted(finance, *THREE)
        assert (
            "Ask a second person to apply SPRING-30 to 3 organizations" in finance.get(url).content.decode()
        )
        confirm(finance, url, scripts=False)
        assert outcomes(finance.get(url).content.decode()) == ["waiting"] * 3
        assert sent(sandbox) == []
        assert {act.state for act in Act.objects.all()} == {State.WAITING}


class TestStoppingAndGoingOn:
    def test_no_more_than_one_person_may_in_an_hour(
        self, finance: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        settings.MONEY_ACTS_PER_HOUR = 2
        url = pasted(finance, *THREE)
        assert "You may send 2 more in this hour" in finance.get(url).content.decode()
        confirm(finance, url, scripts=False)
        page = finance.get(url).content.decode()
        assert "Stopped: 1 is not sent" in page
        assert outcomes(page) == ["nothing-shows", "nothing-shows", "not-sent"]
        go_on(finance, url)
        assert len(sent(sandbox)) == 2
        with time_machine.travel(datetime.now(UTC) + timedelta(minutes=61)):
            finance.force_login(Batch.objects.get().person)
            go_on(finance, url)
        assert sent(sandbox) == list(TENANTS.values())

    def test_paused_it_sends_nothing_until_somebody_goes_on(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, *THREE)
        following(finance, url)
        finance.post(f"{url}pause/")
        following(finance, url)
        assert len(sent(sandbox)) == 1
        go_on(finance, url)
        assert sent(sandbox) == list(TENANTS.values())

    @pytest.mark.parametrize("scripts", [True, False])
    def test_with_a_form_that_is_too_old_nothing_more_is_sent(
        self, scripts: bool, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, *THREE)
        headers = PART if scripts else {}
        for operation in ("", "forged"):
            finance.post(f"{url}next/", {"operation": operation}, headers=headers)
        finance.post(f"{url}pause/")
        finance.post(f"{url}resume/", {"operation": "forged"}, headers=headers)
        assert (sent(sandbox), Batch.objects.get().paused) == ([], True)

    def test_a_form_with_a_problem_stops_the_list(self, finance: CheckedClient, people: Any) -> None:
        """What keeps one from leaving mostly keeps the next; what is wrong with one alone stops that one."""
        for status, state in ((429, RowState.READY), (409, RowState.STOPPED)):
            confirmed(finance, "org_1001", "org_1004", note=f"{status}")
            batch = Batch.objects.get(note=f"{status}")
            row = batch.rows.get(organization="org_1001")
            row.state = RowState.SENDING
            row.save()
            act = Act.objects.create(id=f"act-{status}", kind="apply-coupon", person=people["finance"])
            request: Any = RequestFactory().get("/")
            request.user = people["finance"]
            form = RowForm(request, None, asked=act, whose=Whose())
            form.stop(Problem("Not this one", "It has a problem.", status))
            conclude(batch, row, act, form)
            row.refresh_from_db()
            batch.refresh_from_db()
            assert (row.state, row.words, batch.paused) == (state, "It has a problem.", status == 429)

    @pytest.mark.parametrize(
        ("failing", "readable_before"),
        [
            ("organizations/org_1001", False),
            ("subscriptions/sub_1001", False),
            ("subscriptions/sub_1001", True),
        ],
    )
    def test_a_failing_read_right_before_it_is_sent_stops_it(
        self, failing: str, readable_before: bool, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, "org_1001", "org_1004")
        if readable_before:
            sandbox.faults(f"GET /{failing}", {"delay": 0.0}, times=1)
        sandbox.faults(f"GET /{failing}", {"status": 500})
        page = following(finance, url)
        assert (sent(sandbox), outcomes(page)) == ([], ["not-sent", "not-sent"])
        assert Batch.objects.get().paused
        sandbox.clear_faults()
        go_on(finance, url)
        assert sent(sandbox) == [TENANTS["org_1004"], TENANTS["org_1001"]]

    def test_where_it_cannot_be_told_whose_it_is_nothing_is_sent(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, "org_1001", "org_1004")
        for path in ("subscriptions", "organization-addresses", "organizations/mail-footer"):
            sandbox.faults(f"GET /{path}", {"status": 500})
        page = following(finance, url)
        assert (sent(sandbox), outcomes(page)) == ([], ["not-sent", "not-sent"])
        assert Batch.objects.get().paused

    def test_what_never_left_stops_it_and_is_sent_later(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, *THREE)
        sandbox.faults("GET /subscriptions/sub_1001", {"status": 500})
        page = following(finance, url)
        assert "Stopped: 3 are not sent" in page
        assert outcomes(page) == ["not-sent"] * 3
        go_on(finance, url)  # the others first
        assert sent(sandbox) == [TENANTS["org_1002"], TENANTS["org_1004"]]
        sandbox.clear_faults()
        go_on(finance, url)
        assert sent(sandbox)[2:] == [TENANTS["org_1001"]]

    def test_a_row_whose_process_died_is_left_to_people(
        self, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        url = confirmed(finance, *THREE)
        long_ago = datetime.now(UTC) - timedelta(minutes=1)
        Row.objects.filter(place=2).update(state=RowState.SENDING, claimed_at=long_ago)
        page = [following(finance, url) for _ in THREE][-1]
        assert sent(sandbox) == [TENANTS["org_1001"], TENANTS["org_1004"]]
        assert outcomes(page) == ["nothing-shows", "not-sent", "nothing-shows"]
        assert "ended before anything was sent" in rows(page)[1]

    def test_opened_days_later_it_waits_to_be_told(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        url = confirmed(finance, *THREE)
        assert 'hx-trigger="load' in finance.get(url).content.decode()
        Batch.objects.update(confirmed_at=datetime.now(UTC) - timedelta(days=2))
        page = finance.get(url).content.decode()
        assert 'hx-trigger="load' not in page
        assert "Go on: apply SPRING-30 to 3 more" in page


def go_on(client: CheckedClient, url: str) -> None:
    page = client.get(url).content.decode()
    assert f'action="{url}resume/"' in page
    client.post(f"{url}resume/", hidden_of(page))
