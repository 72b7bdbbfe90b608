"""An act on money, whatever happens to it: sent once at most, and no false word about what became of it.

Each fault meets each of the three acts, once with a server that acts and once with one that does not. Coupons show
nowhere by default, so a lost answer stays unknown; where discounts are shown it can be told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dashboard.actions import draft
from dashboard.actions.models import Act
from dashboard.audit import outcomes, sentences
from dashboard.audit.models import Entry, Open, Phase
from dashboard.upstream import connection
from tests.support.actions import api, confirm, coupon_on, outcome, typed, writes
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

STATUS = {
    "applied": 302,
    "refused": 422,
    "conflict": 409,
    "not-sent": 503,
    "not-applied": 502,
    "unknown": 502,
}
WAYS = {
    "apply-coupon": ("org_1001", "POST /subscriptions/apply-coupon"),
    "clear-coupon": ("org_1002", "POST /subscriptions/clear-coupon"),
    "cancel": ("org_1004", "POST /subscriptions/sub_1004/cancel"),
}
PROXY = "<html><h1>Bad gateway</h1></html>"
OLD = "EUR-500"  # on the one whose coupon is cleared


@dataclass(frozen=True)
class Case:
    """`said` where the answer says it; otherwise it is lost, and `whole` where the failure is the API's own."""

    fault: dict[str, Any]
    said: str = ""
    whole: bool = False
    times: int | None = None
    calls: int = 1
    acts: tuple[bool, ...] = (True, False)


CASES = {
    "answered": Case({"delay": 0.0}, "applied", acts=(True,)),
    "an empty 200": Case({"status": 200, "body": ""}, "applied"),
    "closed before it acts": Case({"drop": "before"}, acts=(False,)),
    "closed after it acted": Case({"drop": "after"}, acts=(True,)),
    "silent": Case({"hang": 30}),
    "broken off": Case({"truncate": 5}),
    "garbage": Case({"raw": "\x00\x01 garbage\r\n\r\n"}),
    "an HTML 200": Case({"status": 200, "body": PROXY}),
    "500, whole": Case({"status": 500}, whole=True),
    "502": Case({"status": 502, "body": PROXY}),
    "401 once": Case({"status": 401}, "applied", times=1, calls=2, acts=(False,)),
    "401 always": Case({"status": 401}, "refused", calls=2, acts=(False,)),
    "404": Case({"status": 404}, "refused", acts=(False,)),
    "409": Case({"status": 409}, "conflict", acts=(False,)),
    "422": Case({"status": 422, "violations": [{"propertyPath": "x", "message": "No."}]}, "refused", acts=(False,)),
    "422 of another shape": Case({"status": 422, "body": {"code": 422, "message": "No."}}, "refused", acts=(False,)),
    "429": Case({"status": 429, "headers": {"Retry-After": "1"}}, "refused", acts=(False,)),
}  # fmt: skip
EACH = [(name, acts, False) for name, case in CASES.items() for acts in case.acts]
# Where discounts show, what is lost can be found.
SHOWN = [(name, acts, True) for name in ("answered", "silent", "500, whole") for acts in CASES[name].acts]


@pytest.fixture
def clears(finance: CheckedClient) -> CheckedClient:
    """Somebody of finance, where there is a coupon to clear."""
    api("org_1002").subscriptions.apply_coupon(OLD)
    return finance


def expected(case: Case, kind: str, acts: bool, shown: bool) -> str:
    if case.said:
        return case.said
    if acts:
        return "applied" if kind == "cancel" or shown else "unknown"
    could_deny = kind == "cancel" or (shown and kind == "clear-coupon")
    return "not-applied" if case.whole and could_deny else "unknown"


def was_done(sandbox: Sandbox, kind: str) -> bool:
    organization = WAYS[kind][0]
    if kind == "cancel":
        return api(organization).subscriptions.get("sub_1004").status == "cancelled"
    return coupon_on(sandbox, organization) == ("SPRING-30" if kind == "apply-coupon" else "")


@pytest.mark.parametrize(("name", "acts", "shown"), EACH + SHOWN)
def test_sent_once_at_most_and_no_false_word(
    name: str,
    acts: bool,
    shown: bool,
    clears: CheckedClient,
    sandbox: Sandbox,
    make_draft: Callable[..., Act],
    settings: Any,
) -> None:
    case = CASES[name]
    if "hang" in case.fault:
        settings.FLOWTLY_WRITE_TIMEOUT = 0.6
        connection.forget()
    sandbox.settings(discounts="shown" if shown else "hidden")
    for kind, (organization, match) in WAYS.items():
        act = make_draft(kind, organization)
        sandbox.faults(match, {**case.fault, **({} if case.times else {"act": acts})}, times=case.times)
        sandbox.clear_requests()

        answer = confirm(clears, act)
        said, visible = outcome(clears, answer)
        act.refresh_from_db()

        assert said == expected(case, kind, acts, shown), kind
        assert answer.status_code == STATUS[said], kind
        assert 1 <= len(writes(sandbox)) <= case.calls, kind
        done = was_done(sandbox, kind)
        assert done or said not in {"applied"} or not visible, kind
        assert not done or said in {"applied", "unknown"}, kind
        assert visible is (said != "applied" or (done and (kind == "cancel" or shown))), kind
        (entry,) = outcomes.with_outcomes(Entry.objects.filter(phase=Phase.INTENT, operation=act.id))
        assert (entry.outcome, entry.kind, entry.entity) == (said, kind, "subscriptions")
        assert sentences.reason(entry.reason) == "Goodwill: Asked for by phone."
        assert (act.state, act.outcome, act.write) == ("sent", said, entry.write)
        assert Open.objects.filter(pk=entry.write).exists() is (said == "unknown")
        if said in {"unknown", "not-applied"}:
            assert outcome(clears, clears.get(draft.url(act, "proof"))) == (said, visible)


@pytest.mark.parametrize("kind", WAYS)
def test_with_hardly_any_time_left_it_is_not_even_tried(
    kind: str, finance: CheckedClient, sandbox: Sandbox, make_draft: Callable[..., Act], settings: Any
) -> None:
    act = make_draft(kind, WAYS[kind][0])
    settings.FLOWTLY_WRITE_TIMEOUT, settings.PAGE_WRITE_TIMEOUT, settings.PAGE_REREAD_TIMEOUT = 60, 14, 2
    answer = confirm(finance, act)
    assert outcome(finance, answer) == ("not-sent", True)
    assert answer.status_code == 503
    assert writes(sandbox) == []
    act.refresh_from_db()
    assert act.outcome == "not-sent"


@pytest.mark.parametrize("kind", WAYS)
@pytest.mark.parametrize("readable_before", [True, False])
def test_a_failing_read_right_before_it_is_sent_stops_it(
    kind: str,
    readable_before: bool,
    finance: CheckedClient,
    sandbox: Sandbox,
    make_draft: Callable[..., Act],
) -> None:
    """The read of the page, or the one under the lock after it."""
    organization = WAYS[kind][0]
    act = make_draft(kind, organization)
    form = {**finance.hidden(draft.url(act, "confirm")), **typed(kind, organization)}
    read = f"GET /subscriptions/{act.record}"
    if readable_before:
        sandbox.faults(read, {"delay": 0.0}, times=1)
    sandbox.faults(read, {"status": 500})
    answer = finance.post(draft.url(act, "confirm"), form)
    assert writes(sandbox) == []
    assert answer.status_code == 503
    act.refresh_from_db()
    assert (act.state, act.outcome) == (("sent", "not-sent") if readable_before else ("draft", ""))
    assert not Open.objects.exists()
