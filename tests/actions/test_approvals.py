"""A second person: who may ask, decide and withdraw, what they see, and that nothing is sent but by two."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from dashboard.actions import draft
from dashboard.actions.models import Act, State
from dashboard.audit import chain, sentences
from dashboard.audit.chain import as_kept
from dashboard.audit.models import Entry, Phase
from dashboard.upstream import connection
from tests.support.actions import TENANTS, WHY, api, outcome, start, typed, words, writes
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]
Waits = Callable[..., Act]
KINDS = ["apply-coupon", "clear-coupon", "cancel"]


@pytest.fixture(autouse=True)
def two_people(settings: Any) -> None:
    settings.SECOND_PERSON_FOR = KINDS


@pytest.fixture
def waits(sandbox: Sandbox, people: Any) -> Waits:
    """A request that waits, over the subscription as it is."""

    def make(kind: str = "clear-coupon", person: str = "finance", **more: Any) -> Act:
        now = timezone.now()
        fields = {
            "id": f"act-{Act.objects.count()}",
            "kind": kind,
            "state": State.WAITING,
            "person": people[person],
            "organization": "org_1001",
            "organization_name": TENANTS["org_1001"][0],
            "record": "sub_1001",
            "record_name": "team",
            "code": "SPRING-30" if kind == "apply-coupon" else "",
            "seen": as_kept(dict(api().subscriptions.get("sub_1001").raw)),
            "asked_at": now,
            "expires_at": now + timedelta(hours=24),
        }
        act = Act.objects.create(**{**fields, **WHY, **more})
        sandbox.clear_requests()
        return act

    return make


def page(act: Act) -> str:
    return draft.request_url(act)


def decide(client: CheckedClient, act: Act, what: str, decision: str = "", **fields: str) -> Any:
    said = {**typed(act.kind, act.organization), "decision": decision, **fields}
    return client.send(page(act), {**said, "decide": what})


def state(act: Act) -> str:
    act.refresh_from_db()
    return act.state


def on_record() -> list[tuple[str, str]]:
    """Who did what, in its order."""
    found = Entry.objects.filter(phase=Phase.INTENT).order_by("number")
    assert list(chain.faults()) == []
    return [(entry.username, entry.kind) for entry in found]


@pytest.mark.parametrize("kind", KINDS)
def test_one_asks_and_another_agrees(kind: str, signed_in: SignIn, sandbox: Sandbox) -> None:
    finance, other = signed_in("finance"), signed_in("finance2")
    code = {"code": "SPRING-30"} if kind == "apply-coupon" else {}
    confirm = finance.send(start(kind), {**code, **WHY})["Location"]
    assert "Ask a second person to" in words(finance.get(confirm))
    proof = finance.send(confirm, typed(kind, "org_1001"))["Location"]
    act = Act.objects.get()
    assert (state(act), proof) == ("waiting", draft.url(act, "proof"))
    assert page(act) in finance.get(proof).content.decode()
    assert writes(sandbox) == []
    listed = words(other.get("/approvals/"))
    for text in ("Kwelgeest Groep", "org_1001", "Filipa Conceição", "Goodwill", WHY["note"]):
        assert text in listed
    shown = other.get(page(act))
    assert "nothing has changed since it was asked for" in words(shown)
    assert 'class="kind kind-production"' in shown.content.decode()
    assert 'value="approve"' in shown.content.decode()
    assert decide(other, act, "approve", "Seen the mail.")["Location"] == proof
    assert len(writes(sandbox)) == 1
    receipt = other.get(proof)
    seen = kind == "cancel" or sandbox.settings()["discounts"] == "shown"
    assert outcome(other, receipt) == ("applied", seen)
    assert "Seen the mail." in words(receipt)
    assert on_record() == [("finance", "request"), ("finance2", "approve"), ("finance2", kind)]
    intent = Entry.objects.get(kind=kind, phase=Phase.INTENT)
    assert (
        sentences.reason(intent.reason)
        == f"Goodwill: {WHY['note']} (requested by finance, approved by finance2 with the words: Seen the mail.)"
    )
    assert other.get(page(act))["Location"] == proof
    decided = finance.get("/approvals/").content.decode()
    assert f'data-status="{"applied" if seen else "nothing-shows"}"' in decided
    trail = words(finance.get("/audit/"))
    assert " approved a request: " in trail  # what others did with money, whoever acts on money sees


# Who asked, who comes → what they see (a button's value, or a status), and what comes of agreeing.
WHO = [
    ("finance", "finance", "withdraw", 403),
    ("finance", "finance2", "approve", 302),
    ("finance", "admin", "approve", 302),
    ("admin", "admin", "withdraw", 403),
    ("admin", "finance", "approve", 302),
    ("finance", "backoffice", 403, 403),
    ("finance", "accounts", 403, 403),
    ("finance", "viewer", 403, 403),
]


@pytest.mark.parametrize(("asks", "comes", "sees", "gets"), WHO)
def test_nobody_agrees_to_their_own_and_nobody_who_may_not_act(
    asks: str, comes: str, sees: Any, gets: int, waits: Waits, signed_in: SignIn, sandbox: Sandbox
) -> None:
    act, client = waits(person=asks), signed_in(comes)
    shown = client.get(page(act))
    if isinstance(sees, int):
        assert shown.status_code == sees
    else:
        text = shown.content.decode()
        assert [each for each in ("approve", "decline", "withdraw") if f'value="{each}"' in text] == (
            ["approve", "decline"] if sees == "approve" else ["withdraw"]
        )
    if gets == 403:
        assert decide(client, act, "decline", "No.").status_code == 403
        assert state(act) == "waiting"
    assert decide(client, act, "approve").status_code == gets
    assert len(writes(sandbox)) == (gets == 302)
    assert state(act) == ("sent" if gets == 302 else "waiting")


@pytest.mark.parametrize("ended", [State.DECLINED, State.WITHDRAWN, State.EXPIRED, State.VOID])
def test_what_has_ended_stays_ended_and_can_be_asked_for_anew(
    ended: State, waits: Waits, signed_in: SignIn, sandbox: Sandbox
) -> None:
    act = waits(state=ended, decided_at=timezone.now())
    for name in ("finance", "finance2"):
        client = signed_in(name)
        assert f'data-state="{ended}"' in client.get(page(act)).content.decode()
        for what in ("approve", "decline", "withdraw"):
            answer = decide(client, act, what, "Typed too late.")
            assert answer.status_code == 409
            assert "Typed too late." in words(answer)
    assert state(act) == ended
    assert writes(sandbox) == []
    again = signed_in("finance2").get(draft.again_url(act))
    assert WHY["note"] in again.content.decode()


class TestDeclining:
    def test_wants_a_reason_and_keeps_what_was_typed(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        act, other = waits("cancel"), signed_in("finance2")
        answer = decide(other, act, "decline", " ", slug="kwelge")
        assert answer.status_code == 422
        assert "Say why it is declined" in words(answer)
        assert 'value="kwelge"' in answer.content.decode()
        assert decide(other, act, "decline", "Not agreed with sales.", slug="")["Location"] == page(act)
        assert (state(act), act.decided_by.username) == ("declined", "finance2")  # type: ignore[union-attr]
        assert "Not agreed with sales." in words(signed_in("finance").get(page(act)))
        assert on_record() == [("finance2", "decline")]
        assert writes(sandbox) == []

    def test_needs_no_flowtly(self, waits: Waits, signed_in: SignIn, sandbox: Sandbox) -> None:
        act, other = waits(), signed_in("finance2")
        sandbox.faults("GET /subscriptions(/.*)?", {"status": 500})
        shown = other.get(page(act))
        assert "Flowtly could not be read" in words(shown)
        assert decide(other, act, "approve", "Kept.").status_code == 503
        assert decide(other, act, "decline", "No.").status_code == 302
        assert state(act) == "declined"

    def test_a_failing_read_right_before_it_is_sent_stops_it(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        act, other = waits(), signed_in("finance2")
        drawn = other.hidden(page(act))
        sandbox.faults("GET /subscriptions/sub_1001", {"delay": 0.0}, times=1)
        sandbox.faults("GET /subscriptions/sub_1001", {"status": 500})
        answer = other.post(page(act), {**drawn, "decide": "approve"})
        assert (answer.status_code, writes(sandbox)) == (503, [])
        assert (state(act), act.outcome) == ("sent", "not-sent")

    def test_who_asked_withdraws(self, waits: Waits, signed_in: SignIn) -> None:
        act = waits()
        assert "finance2" in words(signed_in("finance").get(page(act)))  # among those who could agree
        assert decide(signed_in("finance2"), act, "withdraw").status_code != 302
        assert decide(signed_in("finance"), act, "withdraw")["Location"] == page(act)
        assert state(act) == "withdrawn"
        assert on_record() == [("finance", "withdraw")]


class TestTheRecordHasChanged:
    def test_nobody_agrees_any_more_and_the_page_says_what_changed(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        first, second, other = waits(), waits("cancel"), signed_in("finance2")
        drawn = other.hidden(page(first))
        api().subscriptions.cancel("sub_1001")
        sandbox.clear_requests()
        answer = other.post(page(first), {**drawn, "decide": "approve", "decision": "Typed."})
        assert answer.status_code == 409
        for text in ("the record has changed", "status", "active", "Typed."):
            assert text in words(answer)
        shown = words(other.get(page(second)))
        assert "Since it was asked for this has changed" in shown
        assert "Ask anew" in shown
        assert (state(first), state(second)) == ("void", "void")
        assert on_record()[-2:] == [("–", "request-void"), ("–", "request-void")]
        assert writes(sandbox) == []
        assert 'data-status="void"' in other.get("/approvals/").content.decode()

    def test_a_time_of_saving_alone_is_no_change(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        act = waits()
        act.seen["updatedAt"] = "2020-01-01T00:00:00+00:00"
        act.save()
        assert decide(signed_in("finance2"), act, "approve").status_code == 302

    def test_another_ones_record_is_no_change_and_nothing_is_sent(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        act, other = waits(), signed_in("finance2")
        drawn = other.hidden(page(act))
        connection.forget()
        crossed = {"merge": {sandbox.names["tenant_field"]: "berenice_c41d"}}
        sandbox.faults("GET /organizations/org_1001", crossed)
        answer = other.post(page(act), {**drawn, "decide": "approve"})
        assert answer.status_code == 503
        assert (state(act), writes(sandbox)) == ("waiting", [])


class TestTime:
    def test_ends_it_for_whoever_looks(self, waits: Waits, signed_in: SignIn, sandbox: Sandbox) -> None:
        act, other = waits(), signed_in("finance2")
        with time_machine.travel(timezone.now() + timedelta(hours=23, minutes=50)):
            assert 'value="approve"' in signed_in("finance2").get(page(act)).content.decode()
        with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
            other = signed_in("finance2")
            assert "Nothing waits for you." in words(other.get("/approvals/"))
            assert state(act) == "expired"
            assert decide(other, act, "approve").status_code == 409
        assert on_record() == [("–", "request-expired")]
        assert writes(sandbox) == []

    def test_ends_it_by_reconcile(self, waits: Waits) -> None:
        act = waits(expires_at=timezone.now() - timedelta(seconds=1))
        call_command("reconcile")
        call_command("reconcile")
        assert (state(act), on_record()) == ("expired", [("–", "request-expired")])


class TestWhatComesOfIt:
    def test_what_flowtly_refuses_is_on_the_page_and_the_receipt(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        act, other = waits("apply-coupon", code="NO-SUCH"), signed_in("finance2")
        answer = decide(other, act, "approve")
        assert (answer.status_code, outcome(other, answer)) == (422, ("refused", True))
        assert (state(act), act.outcome) == ("sent", "refused")
        assert outcome(other, other.get(draft.url(act, "proof"))) == ("refused", True)

    def test_a_lost_answer_is_unknown_to_both(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox
    ) -> None:
        act, other = waits("cancel"), signed_in("finance2")
        sandbox.faults("POST /subscriptions/.*", {"drop": "before"}, times=1)
        assert decide(other, act, "approve").status_code == 502
        for name in ("finance", "finance2"):
            client = signed_in(name)
            assert outcome(client, client.get(draft.url(act, "proof"))) == ("unknown", True)
        assert len(writes(sandbox)) == 1

    def test_the_limit_counts_for_who_asked_and_the_request_goes_on_waiting(
        self, waits: Waits, signed_in: SignIn, sandbox: Sandbox, settings: Any
    ) -> None:
        settings.MONEY_ACTS_PER_HOUR = 1
        waits(state=State.SENT, sent_at=timezone.now(), outcome="applied")
        act, others = waits(), waits("apply-coupon", person="admin")
        answer = decide(signed_in("finance2"), act, "approve")
        assert (answer.status_code, state(act), writes(sandbox)) == (429, "waiting", [])
        assert act.sent_at is None
        assert decide(signed_in("finance2"), others, "approve").status_code == 302


def test_a_request_is_of_its_organization_and_of_nobody_who_has_not_asked(
    waits: Waits, signed_in: SignIn
) -> None:
    act, draft = waits(), waits(asked_at=None, state=State.DRAFT)
    other = signed_in("finance2")
    assert other.get(page(act).replace("org_1001", "org_1002")).status_code == 404
    assert other.get(f"/o/org_1001/approvals/{draft.id}/").status_code == 404
    assert other.get("/o/org_1001/approvals/none/").status_code == 404


def test_the_menu_says_how_many_wait_for_somebody(waits: Waits, signed_in: SignIn) -> None:
    waits()
    waits("cancel", person="finance2")
    waits("apply-coupon", person="admin")
    for name, number in {
        "finance": "2",
        "finance2": "2",
        "admin": "2",
        "backoffice": "",
        "viewer": None,
    }.items():
        text = signed_in(name).get("/help/").content.decode()
        menu = text[text.find('href="/approvals/"') :].split("</li>")[0] if "/approvals/" in text else None
        assert (menu is None) is (number is None), name
        assert number is None or (f'pill-attention">{number}<' in (menu or "")) is bool(number), name
