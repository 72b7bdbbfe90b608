"""Evidence: what the answer of an action and the re-read say of it: which record, which state, from when."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.actions import draft, evidence
from dashboard.actions.models import Act
from dashboard.audit import history
from dashboard.audit.models import Entry, Open
from dashboard.flowtly.resources.subscriptions import Ending
from dashboard.notes.models import FollowUp
from tests.support.actions import api, confirm, outcome, subscription_of, words
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

Draft = Callable[..., Act]


def another(organization: str = "org_1001") -> str:
    """Another subscription of the organization, which is not its current one."""
    found = api(organization).subscriptions.list().items
    return next((each.id for each in found if each.id != subscription_of(organization)), "")


class TestWhichRecord:
    @pytest.mark.parametrize("kind", ["apply-coupon", "clear-coupon"])
    @pytest.mark.parametrize("discounts", ["hidden", "shown"])
    def test_an_answer_about_another_subscription_is_told_as_such(
        self, kind: str, discounts: str, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(coupons_go_to="other", discounts=discounts)
        act, other = make_draft(kind), another()
        answer = confirm(finance, act)
        assert outcome(finance, answer) == ("applied", False)
        receipt = finance.get(answer["Location"])
        assert f"Flowtly accepted it for another subscription: {other}" in words(receipt)
        assert f'href="/o/org_1001/subscriptions/{other}/"' in receipt.content.decode()
        assert "no change is visible" not in words(receipt)
        assert [entry.record for entry in Entry.objects.order_by("number")] == ["sub_1001", other]
        for record in ("sub_1001", other):  # one act, in the history of both
            (entry,) = history.of_record("org_1001", "subscriptions", record)
            assert entry.operation == act.pk

    def test_what_is_promised_is_about_the_one_it_was_done_to(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(coupons_go_to="other")
        proof = confirm(finance, make_draft())["Location"]
        page = finance.get(proof).content.decode()
        finance.post(proof, {**hidden_of(page), "text": "Look.", "due": _due(page)})
        assert FollowUp.objects.get().record == another()

    def test_without_a_current_one_the_answer_names_it(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.faults("GET /organizations/org_1001", {"remove": ["currentSubscription"]})
        sandbox.faults("GET /organizations", {"remove_members": ["currentSubscription"]})
        answer = confirm(finance, make_draft(record=""))
        assert outcome(finance, answer) == ("applied", False)
        assert "sub_1001" in words(finance.get(answer["Location"]))

    def test_nothing_of_it_on_one_of_several_does_not_mean_that_it_was_not_done(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        """A complete failure, and the current subscription is as it was: another may have lost its coupon."""
        two = api("org_1002")
        made = two.subscriptions.create({**_like("org_1002"), "type": "starter"})
        assert made.id
        sandbox.settings(discounts="shown", coupons_go_to="current")
        two.subscriptions.apply_coupon("EUR-500")
        sandbox.settings(coupons_go_to="other")
        sandbox.faults("POST /subscriptions/clear-coupon", {"status": 500, "act": True})
        act = make_draft("clear-coupon", "org_1002")
        assert outcome(finance, confirm(finance, act)) == ("unknown", True)
        assert Open.objects.count() == 1


class TestFromWhen:
    def test_a_cancellation_at_the_end_of_the_period_is_not_told_as_done(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(cancelled="period-end")
        answer = confirm(finance, make_draft("cancel", "org_1004"))
        assert outcome(finance, answer) == ("applied", True)
        receipt = words(finance.get(answer["Location"]))
        assert "cancelled the subscription of Rødgrød Håndværk ApS: it ends on " in receipt
        for page in (
            "/o/org_1004/subscriptions/sub_1004/",
            draft.url(make_draft("cancel", "org_1004"), "confirm"),
        ):
            assert "Ends" in words(finance.get(page))
        assert "already cancelled" in words(finance.get(page))

    def test_a_lost_answer_to_it_is_found_by_what_the_record_came_to_say(
        self, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft
    ) -> None:
        sandbox.settings(cancelled="period-end")
        sandbox.faults("POST /subscriptions/sub_1004/cancel", {"drop": "after"})
        answer = confirm(finance, make_draft("cancel", "org_1004"))
        assert outcome(finance, answer) == ("applied", True)
        assert "it ends on " in words(finance.get(answer["Location"]))


RUNS: dict[str, Any] = {"id": "sub_1001", "status": "active", "active": True}
COUPON = {"coupon": "SPRING-30", "percentOff": 30}
# Kind, answer, the record before and after → where, whether it shows, whether something else changed.
TOLD: list[tuple[str, Any, Any, Any, tuple[str, bool, bool]]] = [
    ("cancel", {}, RUNS, {**RUNS, "status": "cancelled", "active": False}, ("sub_1001", True, False)),
    ("cancel", {}, RUNS, {**RUNS, "active": False}, ("sub_1001", True, False)),
    ("cancel", {}, RUNS, {**RUNS, "cancelAtPeriodEnd": True}, ("sub_1001", True, False)),
    ("cancel", {}, RUNS, {**RUNS, "cancel_at": 1893456000}, ("sub_1001", True, False)),
    ("cancel", {}, RUNS, {**RUNS, "cancelAtPeriodEnd": False}, ("sub_1001", False, True)),
    ("cancel", {}, RUNS, {**RUNS, "seats": 4}, ("sub_1001", False, True)),
    ("cancel", {}, RUNS, {**RUNS, "status": "pending"}, ("sub_1001", False, True)),
    ("cancel", {}, RUNS, {**RUNS, "updatedAt": "2026-01-01T00:00:00Z"}, ("sub_1001", False, False)),
    ("cancel", {"id": "sub_1001", "status": "cancelled"}, RUNS, None, ("sub_1001", True, False)),
    ("cancel", {"id": "sub_3"}, RUNS, RUNS, ("sub_3", False, False)),
    ("apply-coupon", {}, RUNS, {**RUNS, "discount": COUPON}, ("sub_1001", True, False)),
    ("apply-coupon", {}, RUNS, {**RUNS, "discount": {"coupon": "x"}}, ("sub_1001", False, True)),
    ("apply-coupon", {}, RUNS, {**RUNS, "seats": 4}, ("sub_1001", False, True)),
    ("apply-coupon", {"@id": "/subscriptions/sub_3"}, RUNS, RUNS, ("sub_3", False, False)),
    ("apply-coupon", {"id": 3, "discount": COUPON}, RUNS, RUNS, ("3", False, False)),
    ("apply-coupon", {"@id": "/subscriptions/apply-coupon"}, RUNS, RUNS, ("sub_1001", False, False)),
    ("clear-coupon", {}, {**RUNS, "discount": COUPON}, RUNS, ("sub_1001", True, False)),
    ("clear-coupon", {}, RUNS, {**RUNS, "modules": ["crm"]}, ("sub_1001", False, True)),
]


@pytest.mark.parametrize(("kind", "answer", "before", "after", "told"), TOLD)
def test_what_an_answer_and_a_record_say(
    kind: str, answer: Any, before: Any, after: Any, told: tuple[str, bool, bool]
) -> None:
    act = Act(kind=kind, record="sub_1001", code="SPRING-30", answer=answer, before=before, after=after)
    found = evidence.read(act)
    assert (found.record, found.shown, found.changed) == told
    assert found.elsewhere is (found.record != "sub_1001")


@pytest.mark.parametrize(
    ("raw", "is_set", "day"),
    [
        ({}, False, ""),
        ({"cancelAtPeriodEnd": False, "currentPeriodEnd": "2030-01-01T00:00:00Z"}, False, ""),
        ({"cancelAtPeriodEnd": True}, True, ""),
        ({"cancelAtPeriodEnd": True, "currentPeriodEnd": "2030-01-01T00:00:00Z"}, True, "2030-01-01"),
        ({"cancel_at_period_end": True, "current_period_end": 1893456000}, True, "2030-01-01"),
        ({"cancelAt": "2030-02-01T00:00:00+00:00"}, True, "2030-02-01"),
        ({"cancelAtPeriodEnd": "soon"}, False, ""),
    ],
)
def test_when_a_subscription_ends(raw: dict[str, Any], is_set: bool, day: str) -> None:
    found = Ending.read(raw)
    assert (found.is_set, found.day.date().isoformat() if found.day else "") == (is_set, day)


def _due(page: str) -> str:
    return page.split('name="due" value="')[1].split('"')[0]


def _like(organization: str) -> dict[str, Any]:
    found = api(organization).subscriptions.get(subscription_of(organization)).raw
    address = found["organizationAddress"]
    if not isinstance(address, str):
        address = address.get("@id") or api(organization).addresses.iri(address["id"])
    return {"organizationAddress": address, "products": []}
