"""The table of outcomes: whatever an action has come to, every page tells it with one sentence and one colour."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions import draft, sentence
from dashboard.actions.bulk.models import Batch, Row, RowState
from dashboard.actions.kinds import KINDS
from dashboard.actions.models import Act, KindName, State
from dashboard.audit import chain, sentences
from dashboard.audit.models import Entry, Outcome
from tests.support.actions import TENANTS, WHY, confirm
from tests.support.audit import on_record
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]
SUB: dict[str, Any] = {"id": "sub_1001", "status": "active"}
SHOWN = {**SUB, "discount": {"coupon": "SPRING-30"}}
APPLIED = {"outcome": "applied", "before": SUB}
DID = "Filipa Conceição applied SPRING-30 to Kwelgeest Groep"
TRIED = "Filipa Conceição tried to apply SPRING-30 to Kwelgeest Groep"
# What is known of an action → its row of the table, its colour, and its sentence.
CASES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "shown": ({**APPLIED, "after": SHOWN}, "applied", "good", DID),
    "settled by a person": ({"outcome": "applied", "words": "said-by-person"}, "applied", "good", DID),
    "nothing shows": (
        {**APPLIED, "after": SUB},
        "nothing-shows", "attention", f"{TRIED}: Flowtly accepted the request, but no change is visible",
    ),
    "something else shows": (
        {**APPLIED, "after": {**SUB, "seats": 3}},
        "shows-otherwise", "attention", f"{TRIED}: Flowtly accepted the request, but the record does not show it",
    ),
    "not read again": (
        APPLIED,
        "not-read", "attention", f"{TRIED}: Flowtly accepted the request, but the record could not be read again",
    ),
    "refused": ({"outcome": "refused", "words": "No such coupon"}, "refused", "danger", f"{TRIED}: Flowtly refused it"),
    "conflict": (
        {"outcome": "conflict"}, "conflict", "danger", f"{TRIED}: Flowtly does not allow it in the current state",
    ),
    "conflict of our own": (
        {"outcome": "conflict", "write": ""}, "changed", "danger", f"{TRIED}: someone else had changed the record",
    ),
    "unknown": ({"outcome": "unknown"}, "unknown", "doubt", f"{TRIED}: the outcome is not known"),
    "not sent": ({"outcome": "not-sent"}, "not-sent", "neutral", f"{TRIED}: nothing was sent"),
    "failed": (
        {"outcome": "not-applied"}, "not-applied", "neutral", f"{TRIED}: Flowtly failed and changed nothing"
    ),
    "under way": ({"sent_at": "now"}, "sending", "attention", f"{TRIED}: it is being sent"),
    "waiting": ({"state": State.WAITING}, "waiting", "attention", f"{TRIED}: it is still waiting for approval"),
    "declined": ({"state": State.DECLINED}, "declined", "neutral", f"{TRIED}: Ada de Boer declined it"),
    "withdrawn": ({"state": State.WITHDRAWN}, "withdrawn", "neutral", f"{TRIED}: the request was withdrawn"),
    "expired": ({"state": State.EXPIRED}, "expired", "neutral", f"{TRIED}: the request expired"),
    "void": (
        {"state": State.VOID}, "void", "neutral", f"{TRIED}: the request expired: the record changed since",
    ),
    "void as an older twin": (
        {"state": State.VOID, "words": "same-request"},
        "repeated", "neutral", f"{TRIED}: the same request was made again later",
    ),
}  # fmt: skip


@pytest.fixture
def known(people: dict[str, Person]) -> Callable[..., Act]:
    """An action as the table keeps it, with its line in the trail and its row in a list."""

    def make(**fields: Any) -> Act:
        now = timezone.now()
        fields = {name: now if value == "now" else value for name, value in fields.items()}
        sent = fields.get("state", State.SENT) == State.SENT
        about = {
            "organization": "org_1001",
            "organization_name": TENANTS["org_1001"][0],
            "record": "sub_1001",
        }
        write = ""
        if sent and "write" not in fields:
            line: dict[str, Any] = {
                "entity": "subscriptions",
                "kind": "apply-coupon",
                "operation": "known",
                "method": "POST",
            }
            line |= {**about, "record_name": "team", "changes": {"coupon": [None, "SPRING-30"]}}
            write = on_record(people["finance"], outcome=fields.get("outcome", ""), **line)
        act = Act.objects.create(**{
            "id": "known", "kind": "apply-coupon", "state": State.SENT, "person": people["finance"], **about,
            "code": "SPRING-30", "asked_at": now, "expires_at": now + timedelta(hours=20), "decided_at": now,
            "decided_by": people["admin"], "write": write, "sent_at": now - timedelta(hours=1) if sent else None,
            **WHY, **fields,
        })  # fmt: skip
        batch = Batch.objects.create(
            id="b", person=people["finance"], code="SPRING-30", confirmed_at=now, **WHY
        )
        Row.objects.create(
            batch=batch, place=1, typed="org_1001", organization="org_1001", state=RowState.DONE, act=act
        )
        return act

    return make


@pytest.mark.parametrize("name", CASES)
def test_every_page_tells_it_with_the_same_sentence_and_colour(
    name: str, known: Callable[..., Act], signed_in: SignIn, sandbox: Sandbox
) -> None:
    fields, status, tone, text = CASES[name]
    act, client = known(**fields), signed_in("finance")
    told = sentence.of_act(act, "")
    assert (told.status, told.tone, told.text) == (status, tone, text)
    pages = {"receipt": draft.url(act, "proof")}
    pill = f'pill-{tone}" data-[a-z-]*="[a-z-]*"( data-status="{status}")?'
    if act.write:
        pages |= {"trail": "/audit/", "write": f"/audit/{act.write}/", "overview": "/o/org_1001/"}
        pages |= {"history": "/o/org_1001/subscriptions/sub_1001/"}
    for where, url in pages.items():
        page = unescape(client.get(url).content.decode())
        assert text in page, where
        assert where == "receipt" or re.search(pill, page), where
    shown = client.get("/coupons/b/").content.decode()
    assert re.search(rf'class="pill pill-{tone}"\s+data-outcome="{status}"', shown)
    decided = client.get("/approvals/").content.decode()
    assert act.state == State.WAITING or re.search(rf'pill-{tone}" data-status="{status}"', decided)


def test_the_table_has_a_row_for_every_outcome_and_state() -> None:
    assert {each.value for each in Outcome} <= sentences.STATUSES.keys()
    assert {each.value for each in State} - {"sent"} <= sentences.STATUSES.keys()
    assert {each.value for each in KindName} == KINDS.keys() <= sentences.KINDS.keys()
    assert sentences.REQUESTS.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", sentences.KINDS)
@pytest.mark.parametrize("status", sentences.STATUSES)
def test_a_past_tense_never_stands_without_its_outcome(kind: str, status: str) -> None:
    values = dict.fromkeys(
        ("person", "record", "records", "organization", "code", "request", "day", "other", "decider"), "X"
    )
    told = sentences.sentence(kind, status, values)
    done = str(sentences.KINDS[kind].done) % values
    assert told.text.startswith(done) is (told.tone == "good" or told.status == "recorded")
    assert "%(" not in told.text


class TestStored:
    def test_what_is_stored_is_a_code_with_its_values(
        self, finance: CheckedClient, signed_in: SignIn, make_draft: Callable[..., Act], settings: Any
    ) -> None:
        settings.SECOND_PERSON_FOR = ["apply-coupon"]
        act = make_draft()
        confirm(finance, act)
        (asked, kept) = Entry.objects.order_by("number")
        assert (asked.words, asked.operation, asked.changes) == (
            "apply-coupon", act.pk, {"code": ["", "SPRING-30"]},
        )  # fmt: skip
        assert (kept.kind, kept.outcome) == ("request", "applied")
        assert "Goodwill" not in asked.reason and "goodwill" in asked.reason
        page = unescape(finance.get("/audit/").content.decode())
        assert "Filipa Conceição requested approval: apply SPRING-30 to Kwelgeest Groep" in page
        assert "Goodwill: Asked for by phone." in page
        assert 'data-status="recorded"' in page
        act.refresh_from_db()
        assert f'href="{draft.request_url(act)}"' in page

    def test_lines_that_were_sealed_as_sentences_stay_as_they_were_written(
        self, people: dict[str, Person], signed_in: SignIn
    ) -> None:
        told = "Coupon SPRING-30 will be applied to the subscription of Kwelgeest Groep."
        reason = "Goodwill: Asked for. (asked by finance, approved by finance2)"
        write = on_record(
            people["finance"],
            entity="subscriptions",
            kind="request",
            words=told,
            reason=reason,
            record="sub_1001",
        )
        client = signed_in("finance")
        for url in ("/audit/", f"/audit/{write}/"):
            page = unescape(client.get(url).content.decode())
            assert f"Filipa Conceição requested approval: {told}" in page
            assert reason in page
        assert list(chain.faults()) == []

    @pytest.mark.parametrize("text", ["", "Note.", "{", "[1]", "3", '{"reason": "whim"}', '{"note": "x"}'])
    def test_a_reason_that_is_no_code_is_shown_as_it_is(self, text: str) -> None:
        assert sentences.reason(text) == text


@pytest.mark.parametrize("status", ["applied", "refused", "unknown"])
def test_the_kind_of_record_and_the_full_name_are_in_it(
    status: str, people: dict[str, Person], signed_in: SignIn
) -> None:
    admin = people["admin"]
    on_record(admin, outcome=status, entity="addresses", kind="create", record_name="Nieuwe Klant B.V.")
    page = unescape(signed_in("admin").get("/audit/").content.decode())
    done = "added" if status == "applied" else "tried to add"
    assert f"{admin} {done} Nieuwe Klant B.V. (Address)" in page
    assert f'title="{admin.username}"' in page


def test_the_overview_of_an_organization_that_was_added_here_tells_of_that(
    people: dict[str, Person], signed_in: SignIn, sandbox: Sandbox
) -> None:
    line: dict[str, Any] = {
        "organization": "",
        "organization_name": "",
        "entity": "organizations",
        "kind": "create",
        "record": "",
    }
    write = on_record(people["admin"], outcome="", **{**line, "record_name": "Kwelgeest Groep"})
    entry = Entry.objects.get(write=write)
    said = {name: getattr(entry, name) for name in ("person", "username", "method", "path", "request_id")}
    chain.add(**{**line, **said, "write": write, "record": "org_1001"}, phase="outcome", outcome="applied")
    page = unescape(signed_in("admin").get("/o/org_1001/").content.decode())
    assert "added Kwelgeest Groep (Organization)" in page


NOT_ALLOWED = "Flowtly does not allow it in the current state"
# Who says that it conflicts: the fault, whether a line is on record, and the end of the sentence.
CONFLICTS: dict[str, tuple[str, dict[str, Any], bool, str]] = {
    "Flowtly": ("POST /subscriptions/apply-coupon", {"status": 409}, True, NOT_ALLOWED),
    "we": ("GET /subscriptions/sub_1001", {"merge": {"seats": 99}}, False, "someone else had changed the record"),
}  # fmt: skip


@pytest.mark.parametrize("whose", CONFLICTS)
def test_a_conflict_is_told_as_what_it_was(
    whose: str, finance: CheckedClient, make_draft: Callable[..., Act], sandbox: Sandbox
) -> None:
    match, fault, on_the_log, told = CONFLICTS[whose]
    act = make_draft()
    form = finance.hidden(draft.url(act, "confirm"))
    if not on_the_log:  # the page still shows it as it was; it is another when it is read under the lock
        sandbox.faults(match, {"delay": 0.0}, times=1)
    sandbox.faults(match, fault)
    assert finance.post(draft.url(act, "confirm"), form).status_code == 409
    act.refresh_from_db()
    assert (act.outcome, bool(act.write), Entry.objects.exists()) == ("conflict", on_the_log, on_the_log)
    sentence_ = f"{TRIED}: {told}"
    for url in (draft.url(act, "proof"), *(["/audit/"] if on_the_log else [])):
        assert sentence_ in unescape(finance.get(url).content.decode())
    other = CONFLICTS["we" if whose == "Flowtly" else "Flowtly"][3]
    assert other not in unescape(finance.get(draft.url(act, "proof")).content.decode())


@pytest.mark.parametrize("whose", CONFLICTS)
def test_a_conflict_of_a_save_is_on_record_only_where_flowtly_said_it(
    whose: str, signed_in: SignIn, sandbox: Sandbox
) -> None:
    client, url = signed_in("admin"), "/o/org_1001/locations/1/"
    form = {**client.hidden(url), "name": "Depot West"}
    if whose == "we":
        sandbox.faults("GET /locations/1", {"merge": {"name": "Depot Noord"}})
    else:
        sandbox.faults("PATCH /locations/1", {"status": 409})
    assert client.post(url, form).status_code == 409
    page = unescape(client.get("/audit/").content.decode())
    assert (CONFLICTS["Flowtly"][3] in page, "tried to change" in page) == (whose == "Flowtly",) * 2
    assert CONFLICTS["we"][3] not in page
