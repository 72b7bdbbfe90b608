"""Look, reason, confirm, proof: the pages of an act on money, and what goes over the wire."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from dashboard.actions import draft, warnings
from dashboard.actions.models import Act
from dashboard.audit.models import Entry, Open, Phase
from dashboard.notes.models import FollowUp
from dashboard.upstream import connection
from tests.support.actions import WHY, api, confirm, coupon_on, outcome, start, typed, words, writes
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

Draft = Callable[..., Act]
SignIn = Callable[[str], CheckedClient]
KINDS = ("apply-coupon", "clear-coupon", "cancel")
BODIES = {"apply-coupon": {"coupon": "SPRING-30"}, "clear-coupon": {}, "cancel": {}}


def url(act: Act, step: str) -> str:
    return draft.url(act, step)


class TestTheWholeWay:
    @pytest.mark.parametrize("kind", KINDS)
    def test_from_the_first_page_to_the_receipt(
        self, kind: str, finance: CheckedClient, sandbox: Sandbox
    ) -> None:
        """Each step is an address, and survives being asked for again."""
        code = {"code": "  SPRING-30 "} if kind == "apply-coupon" else {}
        page = start(kind)
        assert "Keizersgracht" in words(finance.get(page))
        first = finance.send(page, {**code, **WHY})
        assert first.status_code == 302
        act = Act.objects.get()
        assert first["Location"] == url(act, "confirm") == f"{page}{act.id}/confirm/"
        assert writes(sandbox) == []
        for _ in range(2):
            asked = words(finance.get(first["Location"]))
            assert "Kwelgeest Groep" in asked
            assert WHY["note"] in asked
        assert finance.get(url(act, "proof"))["Location"] == url(act, "confirm")
        done = finance.send(first["Location"], typed(kind, "org_1001"))
        assert done["Location"] == url(act, "proof")
        (sent,) = writes(sandbox)
        body = {sandbox.names["coupon_field"]: "SPRING-30"} if kind == "apply-coupon" else {}
        assert sent["body"] == body
        assert sent["headers"][sandbox.names["tenant_header"].lower()] == "kwelgeest_7f3a"
        assert finance.get(first["Location"])["Location"] == url(act, "proof")
        for _ in range(2):
            receipt = finance.get(url(act, "proof"))
            assert outcome(finance, receipt) == ("applied", kind == "cancel")
            for text in ("Filipa Conceição", "org_1001", "sub_1001", "Goodwill", WHY["note"]):
                assert text in words(receipt)
        (entry,) = Entry.objects.filter(phase=Phase.INTENT)
        assert (entry.record, entry.record_name, entry.operation) == ("sub_1001", "team", act.id)

    def test_a_receipt_shows_before_and_after_where_discounts_show(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(discounts="shown")
        act = make_draft()
        answer = confirm(finance, act)
        assert outcome(finance, answer) == ("applied", True)
        page = finance.get(answer["Location"]).content.decode()
        assert re.search(r"<li>discount: .*?<del>—</del>.*?<ins>.*?SPRING-30", page, re.S)
        assert re.search(r'data-copy="[^"]*Coupon code: SPRING-30\n[^"]*discount: — → ', page)
        again = confirm(finance, make_draft("clear-coupon"))
        assert outcome(finance, again) == ("applied", True)
        assert coupon_on(sandbox, "org_1001") == ""

    def test_what_is_missing_is_said_on_its_field_and_the_rest_is_kept(self, finance: CheckedClient) -> None:
        answer = finance.send(start("apply-coupon"), {"code": "", "reason": "goodwill", "note": "Kept."})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert re.search(r'id="id_code_error"', page)
        assert ">\nKept.</textarea>" in page
        assert '<option value="goodwill" selected>' in page
        assert not Act.objects.exists()
        assert finance.send(start("cancel"), {"reason": "whim", "note": "x"}).status_code == 422

    def test_the_same_form_twice_is_one_act_and_with_other_words_another(
        self, finance: CheckedClient
    ) -> None:
        page = start("apply-coupon")
        form = {**finance.hidden(page), **WHY, "code": "SPRING-30"}
        first, second = (finance.post(page, form)["Location"] for _ in range(2))
        assert first == second
        third, fourth = (finance.post(page, {**form, "code": "EUR-500"})["Location"] for _ in range(2))
        assert third == fourth != first
        assert sorted(Act.objects.values_list("code", flat=True)) == ["EUR-500", "SPRING-30"]

    def test_a_panel_that_fails_stays_alone(self, finance: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /subscriptions/sub_1001/invoices", {"status": 500})
        page = finance.get(start("apply-coupon"))
        assert page.status_code == 200
        assert "Flowtly could not be read" in words(page)
        assert "Keizersgracht" in words(page)
        assert 'name="code"' in page.content.decode()
        sandbox.clear_faults()
        part = finance.get(
            start("apply-coupon"), headers={"HX-Request": "true", "HX-Target": "invoices-panel"}
        )
        assert "FL-" in part.content.decode()
        assert "<h1" not in part.content.decode()

    def test_a_subscription_that_is_not_there_is_a_404(self, finance: CheckedClient) -> None:
        assert finance.get("/o/org_1001/subscriptions/none/cancel/").status_code == 404
        assert finance.get("/o/org_1001/subscriptions/coupon/cancel/").status_code == 404


class TestWhose:
    @pytest.mark.parametrize("kind", KINDS)
    @pytest.mark.parametrize(
        ("organization", "other"),
        [
            ("org_1001", "berenice_c41d"),
            ("org_1002", "roedgroed_9e57"),
            ("org_1004", "kwelgeest_7f3a"),
        ],
    )
    def test_with_the_tenant_header_crossed_nothing_is_sent(
        self,
        kind: str,
        organization: str,
        other: str,
        finance: CheckedClient,
        sandbox: Sandbox,
        make_draft: Draft,
    ) -> None:
        act = make_draft(kind, organization)
        form = finance.hidden(url(act, "confirm"))
        connection.forget()
        sandbox.faults(
            f"GET /organizations/{organization}", {"merge": {sandbox.names["tenant_field"]: other}}
        )
        answer = finance.post(url(act, "confirm"), {**form, **typed(kind, organization)})
        assert writes(sandbox) == []
        assert answer.status_code in {
            404,
            503,
        }  # its own subscription is not there, or is said to be another's
        act.refresh_from_db()
        assert (act.state, act.outcome) == ("draft", "")

    def test_where_nothing_names_it_the_slug_has_to_be_typed(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        for path in ("subscriptions", "organization-addresses"):
            sandbox.faults(f"GET /{path}", {"remove_members": ["organization"]})
            sandbox.faults(f"GET /{path}/[^/]+", {"remove": ["organization"]})
        sandbox.faults("GET /organizations/mail-footer", {"remove": ["organization", "@id", "id"]})
        act = make_draft()
        assert confirm(finance, act, slug="kwelgeest").status_code == 422
        assert writes(sandbox) == []
        assert confirm(finance, act, slug="kwelgeest-groep").status_code == 302

    @pytest.mark.parametrize("slug", ["", "org_1001", "Kwelgeest-Groep"])
    def test_cancelling_wants_the_slug_always(
        self, slug: str, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        answer = confirm(finance, make_draft("cancel"), slug=slug)
        assert answer.status_code == 422
        assert '<a href="#id_slug">' in answer.content.decode()
        assert writes(sandbox) == []


class TestWho:
    def test_it_is_confirmed_by_who_made_it_and_of_its_organization_alone(
        self, finance: CheckedClient, signed_in: SignIn, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        act = make_draft()
        admin = signed_in("admin")
        form = {**finance.hidden(url(act, "confirm"))}
        assert admin.get(url(act, "confirm")).status_code == 404
        assert admin.post(url(act, "confirm"), form).status_code == 404
        elsewhere = url(act, "confirm").replace("org_1001", "org_1002")
        assert finance.get(elsewhere).status_code == 404
        assert finance.get(url(act, "confirm").replace("apply", "clear")).status_code == 404
        assert admin.get(url(act, "proof")).status_code == 404
        assert writes(sandbox) == []
        confirm(finance, act)
        assert admin.get(url(act, "proof")).status_code == 200
        assert finance.get(url(act, "proof").replace("org_1001", "org_1002")).status_code == 404

    def test_only_who_may_is_led_there(self, sandbox: Sandbox, signed_in: SignIn) -> None:
        for role, offered in (("finance", True), ("viewer", False)):
            client = signed_in(role)
            for page in ("/o/org_1001/subscriptions/", "/o/org_1001/subscriptions/sub_1001/", "/o/org_1001/"):
                assert (start("apply-coupon") in client.get(page).content.decode()) is offered, page
            assert (
                start("cancel") in client.get("/o/org_1001/subscriptions/sub_1001/").content.decode()
            ) is offered


class TestOnce:
    def test_from_two_tabs_and_with_a_double_click(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        act = make_draft()
        tabs = [finance.hidden(url(act, "confirm")) for _ in range(2)]
        answers = [finance.post(url(act, "confirm"), tab) for tab in (*tabs, tabs[0])]
        assert [answer["Location"] for answer in answers] == [url(act, "proof")] * 3
        assert len(writes(sandbox)) == 1

    def test_a_record_that_changed_since_is_shown_again_and_then_sent(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        act = make_draft()
        form = finance.hidden(url(act, "confirm"))
        sandbox.faults("GET /subscriptions/sub_1001", {"merge": {"seats": 99}})
        answer = finance.post(url(act, "confirm"), form)
        assert outcome(finance, answer) == ("conflict", True)
        assert answer.status_code == 409
        assert "Seats 99" in words(answer)
        assert writes(sandbox) == []
        again = finance.post(url(act, "confirm"), hidden_of(answer.content.decode()))
        assert again.status_code == 302
        assert len(writes(sandbox)) == 1

    def test_a_limit_per_person_and_hour_stops_it_before_it_is_sent(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft, settings: Any, time_machine: Any
    ) -> None:
        settings.MONEY_ACTS_PER_HOUR = 2
        for _ in range(2):
            assert confirm(finance, make_draft()).status_code == 302
        act = make_draft()
        answer = confirm(finance, act)
        assert answer.status_code == 429
        assert outcome(finance, answer) == ("not-sent", True)
        assert len(writes(sandbox)) == 2
        Act.objects.exclude(pk=act.pk).update(sent_at=timezone.now() - timedelta(minutes=61))
        assert confirm(finance, act).status_code == 302


class TestAfterwards:
    @pytest.mark.parametrize(
        ("code", "text"), [("nope", "No such coupon: 'nope'"), ("WINTER-EXPIRED", "This coupon has expired.")]
    )
    def test_a_refusal_is_said_on_the_code_and_tried_again_with_all_that_was_typed(
        self, code: str, text: str, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        act = make_draft(code=code)
        answer = confirm(finance, act)
        page = unescape(answer.content.decode())
        assert outcome(finance, answer) == ("refused", True)
        assert answer.status_code == 422
        said = re.search(r'id="id_code_error">(.*?)</div>', page, re.S)
        assert (said and text in said[1]) or "html" in str(sandbox.settings()["errors"])
        (again,) = re.findall(r'class="button" href="([^"]+\?from=[^"]+)"', page)
        page = unescape(finance.get(again).content.decode())
        assert f'value="{code}"' in page
        assert WHY["note"] in page
        assert text in page
        assert finance.send(again, {**WHY, "code": "SPRING-30"}).status_code == 302
        assert Act.objects.count() == 2

    def test_another_persons_act_is_nothing_to_begin_with(
        self, signed_in: SignIn, make_draft: Draft, sandbox: Sandbox
    ) -> None:
        act = make_draft(code="SECRET-ONE")
        assert "SECRET-ONE" not in signed_in("admin").get(draft.again_url(act)).content.decode()

    def test_an_unknown_one_settles_as_soon_as_it_can_be_told(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft, time_machine: Any
    ) -> None:
        act = make_draft("cancel")
        sandbox.faults("POST /subscriptions/sub_1001/cancel", {"drop": "before"})
        assert outcome(finance, confirm(finance, act)) == ("unknown", True)
        page = finance.get(url(act, "proof")).content.decode()
        assert f'hx-get="{url(act, "proof")}?look=1" hx-trigger="load delay:2s"' in page
        assert "data-doubt" in page
        assert confirm(finance, make_draft()).status_code == 503  # nothing more is sent until it is settled
        time_machine.move_to(timezone.now() + timedelta(seconds=75))
        part = {"HX-Request": "true", "HX-Target": "outcome-part"}
        text = finance.get(url(act, "proof"), {"look": "5"}, headers=part).content.decode()
        assert 'data-outcome="not-applied"' in text
        assert "hx-trigger" not in text
        assert not Open.objects.exists()
        act.refresh_from_db()
        assert act.outcome == "not-applied"

    def test_one_that_shows_later_was_applied(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(discounts="shown")
        act = make_draft()
        sandbox.faults("POST /subscriptions/apply-coupon", {"drop": "before"})
        assert outcome(finance, confirm(finance, act)) == ("unknown", True)
        api().subscriptions.clear_coupon()
        sandbox.clear_faults()
        api().subscriptions.apply_coupon("SPRING-30")
        assert outcome(finance, finance.get(url(act, "proof"))) == ("applied", True)

    def test_the_command_settles_it_too_and_the_receipt_says_so(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(discounts="shown")
        api().subscriptions.apply_coupon("EUR-500")
        lost = {
            "clear-coupon": (make_draft("clear-coupon"), "not-applied"),
            "cancel": (make_draft("cancel", "org_1004"), "applied"),
        }
        sandbox.faults("POST /subscriptions/clear-coupon", {"drop": "before"})
        sandbox.faults("POST /subscriptions/sub_1004/cancel", {"act_after": 3600, "drop": "before"})
        for act, _ in lost.values():
            assert outcome(finance, confirm(finance, act)) == ("unknown", True)
        sandbox.act_now()
        Open.objects.update(at=timezone.now() - timedelta(seconds=120))
        call_command("reconcile", stdout=StringIO())
        for act, said in lost.values():
            assert outcome(finance, finance.get(url(act, "proof"))) == (said, True)

    def test_one_that_can_never_be_told_is_settled_by_a_person(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        act = make_draft("clear-coupon")
        sandbox.faults("POST /subscriptions/clear-coupon", {"drop": "after"})
        assert outcome(finance, confirm(finance, act)) == ("unknown", True)
        page = finance.get(url(act, "proof")).content.decode()
        assert "hx-trigger" not in page[page.find('id="outcome-part"') : page.find("data-outcome")]
        assert "say here what you saw" in page
        (settle,) = re.findall(r'action="(/o/org_1001/settle/[^"]+)"', page)
        finance.post(settle, {"decision": "applied", "next": url(act, "proof")})
        assert outcome(finance, finance.get(url(act, "proof"))) == ("applied", True)

    def test_a_date_to_look_at_it_again_is_proposed_and_promised_once(
        self, finance: CheckedClient, make_draft: Draft
    ) -> None:
        act = make_draft()
        proof = confirm(finance, act)["Location"]
        page = finance.get(proof).content.decode()
        (due,) = re.findall(r'name="due" value="([^"]+)"', page)
        assert due > timezone.now().date().isoformat()
        form = {**hidden_of(page), "text": "Check the next invoice", "due": due}
        for _ in range(2):
            assert finance.post(proof, form).status_code == 302
        promise = FollowUp.objects.get()
        assert (promise.entity, promise.record, promise.due.isoformat()) == ("subscriptions", "sub_1001", due)
        assert "Check the next invoice" in words(finance.get(proof))
        assert (
            finance.post(proof, {**finance.hidden(proof), "text": "x", "due": "1999-01-01"}).status_code
            == 422
        )


class TestWarnings:
    def said(self, client: CheckedClient, act: Act) -> str:
        page = client.get(url(act, "confirm")).content.decode()
        return " ".join(re.findall(r'note-warning"[^>]*>.*?<span>(.*?)</span>', unescape(page), re.S))

    def test_what_flowtly_says_and_does_not_say_of_the_organization(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        assert "billed by hand" in self.said(finance, make_draft("cancel", "org_1003"))
        assert self.said(finance, make_draft("apply-coupon", "org_1002")) == ""
        changed = {"merge": {"status": "suspended"}, "remove": ["stripeCustomerId", "manualBilling"]}
        sandbox.faults("GET /organizations/org_1001", changed)
        said = self.said(finance, make_draft())
        for text in ("no Stripe customer", "not active", "does not say: manualBilling"):
            assert text in said

    def test_what_was_done_here_before(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        confirm(finance, make_draft())
        said = self.said(finance, make_draft())
        assert "This code was used here before" in said
        assert "Filipa Conceição tried to apply SPRING-30 to Kwelgeest Groep: Flowtly accepted" in said
        assert "looks like SPRING-30" in self.said(
            finance, make_draft("apply-coupon", "org_1002", code="spring 3O")
        )
        assert "looks like" not in self.said(finance, make_draft("apply-coupon", "org_1002"))
        page = finance.get(start("apply-coupon", "org_1002")).content.decode()
        assert '<option value="SPRING-30">' in page

    def test_an_organization_without_a_subscription(self, finance: CheckedClient, make_draft: Draft) -> None:
        act = make_draft("apply-coupon", "org_1006", record="")
        assert "no current subscription" in self.said(finance, act)
        answer = confirm(finance, act)
        assert outcome(finance, answer) == ("conflict", True)
        assert "has no subscription" in words(answer)

    @pytest.mark.parametrize(
        ("code", "other", "alike"),
        [
            ("SPRING-30", "spring-30", True),
            ("SPRING30", "SPRING-30", True),
            ("SPRING-3O", "SPRING-30", True),
            ("SPR1NG-30", "SPRING-30", True),
            ("SPRlNG 30", "SPRING-30", True),
            ("SPRING-30", "SPRING-30", False),
            ("SPRING-31", "SPRING-30", False),
        ],
    )
    def test_look_alikes(self, code: str, other: str, alike: bool) -> None:
        assert bool(warnings.look_alike(code, [other])) is alike


@pytest.mark.parametrize("kind", KINDS)
def test_where_policy_wants_a_second_person_nothing_is_sent(
    kind: str, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft, settings: Any
) -> None:
    settings.SECOND_PERSON_FOR = [kind]
    act = make_draft(kind)
    assert "Ask a second person" in words(finance.get(url(act, "confirm")))
    answer = confirm(finance, act)
    assert answer["Location"] == url(act, "proof")
    assert writes(sandbox) == []
    act.refresh_from_db()
    assert act.state == "waiting"
    assert act.seen["id"] == "sub_1001"
    assert act.expires_at and act.asked_at and act.expires_at - act.asked_at == timedelta(hours=24)
    assert "it is still waiting for approval" in words(finance.get(answer["Location"]))
