"""A second person: who may ask, decide and withdraw, what they see, and that of all who decide one does."""

from collections.abc import Callable
from typing import Any

import pytest

from dashboard.acts import drafting
from dashboard.acts.models import Act, State
from dashboard.audit.models import Entry, Phase
from tests.acts.conftest import WHY, outcome, start, typed, words, writes
from tests.markup import CheckedClient
from tests.sandbox.running import Sandbox

SignIn = Callable[[str], CheckedClient]
Asked = Callable[..., Act]
EVERY_KIND = ["apply-coupon", "clear-coupon", "cancel"]


@pytest.fixture(autouse=True)
def two_people(settings: Any) -> None:
    settings.SECOND_PERSON_FOR = EVERY_KIND


@pytest.fixture
def asked(sandbox: Sandbox, signed_in: SignIn) -> Asked:
    """What finance has asked for, through the pages."""

    def ask(kind: str = "apply-coupon", organization: str = "org_1001", code: str = "SPRING-30") -> Act:
        client = signed_in("finance")
        fields = {"code": code} if kind == "apply-coupon" else {}
        page = client.send(start(kind, organization), {**fields, **WHY})["Location"]
        act = Act.objects.latest("made_at")
        answer = client.send(page, typed(kind, organization))
        assert answer["Location"] == drafting.url(act, "proof")
        act.refresh_from_db()
        assert act.state == State.WAITING
        assert writes(sandbox) == []
        return act

    return ask


def decide(client: CheckedClient, act: Act, what: str, decision: str = "", **fields: str) -> Any:
    said = {**typed(act.kind, act.organization), "decision": decision, **fields}
    return client.send(drafting.request_url(act), {**said, "decide": what})


def on_record() -> list[tuple[str, str]]:
    """Who did what, in its order."""
    found = Entry.objects.filter(phase=Phase.INTENT).order_by("number")
    return [(entry.username, entry.kind) for entry in found]


@pytest.mark.parametrize("kind", EVERY_KIND)
def test_one_asks_and_another_agrees(kind: str, asked: Asked, signed_in: SignIn, sandbox: Sandbox) -> None:
    act = asked(kind)
    other = signed_in("finance2")
    listed = words(other.get("/approvals/"))
    for text in ("Kwelgeest Groep", "org_1001", "finance", "Goodwill", WHY["note"]):
        assert text in listed
    page = other.get(drafting.request_url(act))
    assert "nothing has changed since it was asked for" in words(page)
    assert 'class="kind kind-production"' in page.content.decode()
    done = decide(other, act, "approve", "Seen the mail.")
    assert done["Location"] == drafting.url(act, "proof")
    assert len(writes(sandbox)) == 1
    receipt = other.get(done["Location"])
    assert outcome(other, receipt) == ("applied", kind == "cancel")
    assert "finance2" in words(receipt)
    assert "Seen the mail." in words(receipt)
    assert on_record() == [("finance", "request"), ("finance2", "approve"), ("finance2", kind)]
    intent = Entry.objects.get(kind=kind, phase=Phase.INTENT)
    assert (
        intent.reason == f"Goodwill: {WHY['note']} (asked by finance, approved by finance2: Seen the mail.)"
    )
    assert drafting.request_url(act) not in other.get("/approvals/").content.decode()
    assert other.get(drafting.request_url(act))["Location"] == drafting.url(act, "proof")
