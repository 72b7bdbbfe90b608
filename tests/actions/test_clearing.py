"""Clearing an organization: looked at, asked for, agreed to by somebody else, and proved by what is left."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from dashboard.actions import draft
from dashboard.actions.models import Act, State
from dashboard.audit import sentences
from dashboard.audit.models import Entry, Phase
from tests.support.actions import WHY, api, outcome, words, writes
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

CLEAR = "/o/org_1001/profile/clear/"
SLUG = {"slug": "kwelgeest-groep"}
SignIn = Callable[[str], CheckedClient]


@pytest.fixture(autouse=True)
def allowed(settings: Any) -> None:
    settings.ALLOW_ORGANIZATION_CLEAR = True


@pytest.fixture
def asked(backoffice: CheckedClient) -> Act:
    page = backoffice.send(CLEAR, WHY)["Location"]
    backoffice.send(page, SLUG)
    return Act.objects.get(state=State.WAITING)


def left() -> list[int]:
    resources = api()
    return [len(each.list().items) for each in (resources.locations, resources.clients, resources.addresses)]


def agree(client: CheckedClient, act: Act, **fields: str) -> Any:
    return client.send(draft.request_url(act), {"decide": "approve", **SLUG, **fields})


def test_it_is_hidden_unless_it_is_allowed(backoffice: CheckedClient, asked: Act, settings: Any) -> None:
    where = (CLEAR, draft.url(asked, "confirm"), draft.url(asked, "proof"), draft.request_url(asked))
    assert CLEAR in backoffice.get("/o/org_1001/profile/").content.decode()
    settings.ALLOW_ORGANIZATION_CLEAR = False
    assert CLEAR not in backoffice.get("/o/org_1001/profile/").content.decode()
    for path in where:
        assert backoffice.get(path).status_code == 404, path
        assert backoffice.post(path, SLUG).status_code == 404, path


@pytest.mark.parametrize("status", ["active", "trial", "suspended", "frozen"])
@pytest.mark.parametrize(
    ("told", "demo"), [({"demo": True}, True), ({"type": "demo"}, True), ({"demo": False}, False)]
)
def test_a_demo_is_one_whatever_its_status(
    backoffice: CheckedClient, sandbox: Sandbox, told: dict[str, Any], demo: bool, status: str
) -> None:
    sandbox.faults("GET /organizations/org_1001", {"merge": {**told, "status": status}})
    assert ("This is not a demo organization" in words(backoffice.get(CLEAR))) is not demo


def test_from_the_look_to_the_proof_takes_two_people(
    backoffice: CheckedClient, signed_in: SignIn, sandbox: Sandbox
) -> None:
    before = left()
    assert all(before)
    look = words(backoffice.get(CLEAR))
    for text in (
        "This is not a demo organization",
        "Nothing brings it back",
        "It takes two people",
        "Clients",
        "Locations",
    ):
        assert text in look
    confirm = backoffice.send(CLEAR, WHY)["Location"]
    act = Act.objects.get()
    assert confirm == draft.url(act, "confirm") == f"{CLEAR}{act.id}/confirm/"
    page = words(backoffice.get(confirm))
    assert "Ask a second person to clear Kwelgeest Groep" in page
    assert "This cannot be taken back. Type kwelgeest-groep" in page
    assert backoffice.send(confirm, {"slug": "kwelgeest"}).status_code == 422
    assert backoffice.send(confirm, SLUG)["Location"] == draft.url(act, "proof")
    assert "it is still waiting for approval" in words(backoffice.get(draft.url(act, "proof")))
    act.refresh_from_db()
    assert backoffice.send(draft.request_url(act), {"decide": "approve", **SLUG}).status_code == 403
    assert signed_in("finance").get(draft.request_url(act)).status_code == 403
    other = signed_in("backoffice2")
    assert agree(other, act, slug="").status_code == 422
    assert writes(sandbox) == []
    assert left() == before
    done = agree(other, act)
    (sent,) = writes(sandbox)
    assert sent["path"].endswith("/organizations/clear")
    assert sent["body"] == {}
    assert sent["headers"][sandbox.names["tenant_header"].lower()] == "kwelgeest_7f3a"
    assert done["Location"] == draft.url(act, "proof")
    assert left() == [0, 0, before[2]]
    proof = other.get(done["Location"])
    assert outcome(other, proof) == ("applied", True)
    assert re.search(r"<li>clients: .*?<del>[^<]*\d+</del>.*?<ins>0</ins>", proof.content.decode(), re.S)
    assert "Locations 0, Clients 0, Meetings 0, Addresses" in words(proof)
    intent = Entry.objects.get(kind="clear", phase=Phase.INTENT)
    assert (intent.entity, intent.record, intent.record_name) == (
        "organizations",
        "org_1001",
        "Kwelgeest Groep",
    )
    assert "requested by backoffice, approved by backoffice2" in sentences.reason(intent.reason)


def test_what_came_to_it_since_it_was_asked_for_makes_it_void(
    asked: Act, signed_in: SignIn, sandbox: Sandbox
) -> None:
    addresses = api().addresses
    addresses.delete(addresses.list().items[-1])
    sandbox.clear_requests()
    page = signed_in("backoffice2").get(draft.request_url(asked))
    assert "addresses: from" in words(page)
    asked.refresh_from_db()
    assert asked.state == State.VOID
    assert agree(signed_in("backoffice2"), asked).status_code == 409
    assert writes(sandbox) == []


def test_what_cannot_be_counted_is_not_taken_for_nothing(backoffice: CheckedClient, sandbox: Sandbox) -> None:
    sandbox.faults("GET /clients", {"status": 500})
    assert backoffice.get(CLEAR).status_code == 502
    sandbox.clear_faults()
    sandbox.faults("GET /meetings", {"status": 404})
    assert "Meetings —" in words(backoffice.get(CLEAR))


@pytest.mark.parametrize("acted", [True, False])
def test_a_lost_answer_is_told_from_what_is_left(
    acted: bool, asked: Act, signed_in: SignIn, sandbox: Sandbox
) -> None:
    sandbox.faults("POST /organizations/clear", {"drop": "after" if acted else "before"}, times=1)
    other = signed_in("backoffice2")
    answer = agree(other, asked)
    assert outcome(other, answer) == (("applied", True) if acted else ("unknown", True))
    assert len(writes(sandbox)) == 1
    assert (left()[1] == 0) is acted
