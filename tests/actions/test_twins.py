"""Twins: of requests for the same action one waits or is sent, whoever asks, however often and on whichever way."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions import draft
from dashboard.actions.bulk.models import Row
from dashboard.actions.models import Act, State
from dashboard.audit import chain, open_writes
from dashboard.audit.chain import as_kept
from dashboard.audit.models import Entry, Open, Outcome
from tests.support.actions import (
    TENANTS,
    WHY,
    api,
    confirm,
    outcome,
    start,
    subscription_of,
    typed,
    words,
    writes,
)
from tests.support.catalog import MARK, in_dutch
from tests.support.markup import CheckedClient, hidden_of
from tests.support.processes import Dashboard
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]
Draft = Callable[..., Act]
KINDS = ["apply-coupon", "clear-coupon", "cancel"]


@pytest.fixture
def undecided(people: dict[str, Person]) -> Draft:
    """Somebody's request, as it stands in the table."""

    def make(kind: str = "apply-coupon", **more: Any) -> Act:
        organization = more.get("organization", "org_1001")
        now = timezone.now()
        fields = {
            "id": f"twin-{Act.objects.count()}",
            "kind": kind,
            "state": State.WAITING,
            "person": people["finance2"],
            "organization": organization,
            "organization_name": TENANTS[organization][0],
            "record": subscription_of(organization),
            "code": "SPRING-30" if kind == "apply-coupon" else "",
            "asked_at": now,
            "expires_at": now + timedelta(hours=24),
        }
        return Act.objects.create(**{**fields, **WHY, **more})

    return make


SENT = {"state": State.SENT, "asked_at": None, "expires_at": None}
# What is there already, and whether it stands in the way of applying SPRING-30 to org_1001.
THERE: dict[str, tuple[dict[str, Any], bool]] = {
    "waiting": ({}, True),
    "of oneself": ({"person": "finance"}, True),
    "under way": ({**SENT, "sent_at": "now"}, True),
    "another code": ({"code": "SPRING-31"}, False),
    "a code in other letters": ({"code": "spring-30"}, False),
    "another kind": ({"kind": "cancel"}, False),
    "another organization": ({"organization": "org_1002"}, False),
    "another subscription": ({"record": "sub_9"}, True),
    "declined": ({"state": State.DECLINED}, False),
    "expired by the clock": ({"expires_at": "past"}, False),
    "applied": ({**SENT, "sent_at": "now", "outcome": "applied"}, False),
    "refused": ({**SENT, "sent_at": "now", "outcome": "refused"}, False),
    "begun and ended before it left": ({**SENT, "sent_at": "past"}, False),
}


@pytest.mark.parametrize("asks", [True, False], ids=["asked for", "sent"])
@pytest.mark.parametrize("name", THERE)
def test_a_second_request_for_the_same_is_kept_out(
    name: str, asks: bool, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft, undecided: Draft,
    settings: Any, people: dict[str, Person],
) -> None:  # fmt: skip
    settings.SECOND_PERSON_FOR = ["apply-coupon"] if asks else []
    fields, stands = THERE[name]
    times = {"now": timezone.now(), "past": timezone.now() - timedelta(days=2)}
    kind = fields.get("kind", "apply-coupon")
    given = {
        key: times.get(value, value) if isinstance(value, str) else value for key, value in fields.items()
    }
    given.pop("kind", None)
    if "person" in given:
        given["person"] = people[fields["person"]]
    other, act = undecided(kind, **given), make_draft()
    page = finance.get(draft.url(act, "confirm"))
    shown = page.content.decode()
    assert ('data-notice="twin"' in shown) is stands
    assert ('data-action="confirm"' in shown) is not stands
    answer = finance.post(draft.url(act, "confirm"), hidden_of(shown))
    act.refresh_from_db()
    assert answer.status_code == (409 if stands else 302)
    assert len(writes(sandbox)) == (0 if stands or asks else 1)
    assert (act.state, act.sent_at is None) == (("draft", True) if stands else (act.state, asks))
    if stands:
        assert 'data-outcome="not-sent"' in answer.content.decode()
        assert str(other.person) in words(answer)
        url = draft.request_url(other) or draft.url(other, "proof")
        assert f'href="{url}"' in shown and f'href="{url}"' in answer.content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_itself_holds_one(kind: str, undecided: Draft) -> None:
    undecided(kind)
    with pytest.raises(IntegrityError):
        undecided(kind)


@pytest.mark.parametrize("kind", KINDS)
def test_one_whose_outcome_is_not_known_stands_in_the_way_until_it_is(
    kind: str, finance: CheckedClient, sandbox: Sandbox, make_draft: Draft, settings: Any
) -> None:
    if kind == "clear-coupon":
        api().subscriptions.apply_coupon("EUR-500")
    lost = make_draft(kind)
    sandbox.faults("POST /subscriptions/.*", {"drop": "before"})
    assert outcome(finance, confirm(finance, lost)) == ("unknown", True)
    sandbox.clear_faults()
    settings.SECOND_PERSON_FOR = [kind]
    act = make_draft(kind)
    assert confirm(finance, act).status_code == 409
    open_writes.settle(Open.objects.get().pk, Outcome.NOT_APPLIED, "")
    assert confirm(finance, act).status_code == 302
    act.refresh_from_db()
    assert act.state == "waiting"


@pytest.mark.parametrize("kind", ["clear-coupon", "cancel"])
def test_the_first_page_says_it_where_no_code_is_typed(
    kind: str, finance: CheckedClient, undecided: Draft, sandbox: Sandbox
) -> None:
    undecided(kind)
    page = finance.get(start(kind)).content.decode()
    assert 'data-notice="twin"' in page
    assert 'name="reason"' not in page
    assert 'data-notice="twin"' not in finance.get(start(kind, "org_1002")).content.decode()


def test_a_list_leaves_it_out_and_says_why(
    finance: CheckedClient, undecided: Draft, sandbox: Sandbox
) -> None:
    other = undecided()
    pasted = {"organizations": "org_1001\norg_1002", "code": "SPRING-30", **WHY}
    url = finance.send("/coupons/new/", pasted)["Location"]
    page = finance.get(url).content.decode()
    assert f'href="{draft.request_url(other)}"' in page
    ticked = {**hidden_of(page), "confirm": "1", "rows": ["2"]}
    finance.post(url, ticked)
    assert [(row.skipped, row.state) for row in Row.objects.order_by("place")] == [
        ("twin", "skipped"),
        ("", "done"),
    ]
    assert len(writes(sandbox)) == 1


def test_one_that_came_after_the_rehearsal_stops_its_row(
    finance: CheckedClient, undecided: Draft, sandbox: Sandbox
) -> None:
    pasted = {"organizations": "org_1001\norg_1002", "code": "SPRING-30", **WHY}
    url = finance.send("/coupons/new/", pasted)["Location"]
    ticked = {**hidden_of(finance.get(url).content.decode()), "confirm": "1", "rows": ["1", "2"]}
    other = undecided()
    finance.post(url, ticked)
    first, second = Row.objects.order_by("place")
    assert (first.state, second.state) == ("stopped", "done")
    assert str(other.person) in first.words
    assert len(writes(sandbox)) == 1


def test_deciding_reads_for_it_again(
    signed_in: SignIn, undecided: Draft, sandbox: Sandbox, settings: Any, people: dict[str, Person]
) -> None:
    """One of a database of before, whose outcome is not known, beside one that waits."""
    settings.SECOND_PERSON_FOR = KINDS
    seen = as_kept(dict(api().subscriptions.get("sub_1001").raw))
    act = undecided(person=people["finance"], seen=seen)
    undecided(**SENT, sent_at=timezone.now() - timedelta(days=1), outcome="unknown", write="w")
    client = signed_in("finance2")
    said = {**typed(act.kind, "org_1001"), "decision": "", "decide": "approve"}
    assert client.send(draft.request_url(act), said).status_code == 409
    act.refresh_from_db()
    assert (act.state, writes(sandbox)) == ("waiting", [])


def test_twins_of_a_database_of_before_are_void_but_for_the_latest(tmp_path: Path) -> None:
    site = Dashboard(f"sqlite:///{tmp_path}/acts.sqlite3", tmp_path)
    said = site.run(
        """
from datetime import timedelta
from io import StringIO
from django.core.management import call_command
from django.utils import timezone
call_command("migrate", "acts", "0002", verbosity=0)
from dashboard.accounts.models import Person
from dashboard.actions.models import Act
call_command("migrate", "accounts", verbosity=0)
vera, now = Person.objects.create(username="vera"), timezone.now()
rows = [("a", "apply-coupon", "X", "waiting"), ("b", "apply-coupon", "X", "waiting"),
        ("c", "apply-coupon", "Y", "waiting"), ("d", "cancel", "", "waiting"), ("e", "cancel", "", "waiting"),
        ("f", "apply-coupon", "X", "sent"), ("g", "apply-coupon", "X", "sent"), ("h", "cancel", "", "declined")]
for n, (pk, kind, code, state) in enumerate(rows):
    Act.objects.create(id=pk, kind=kind, code=code, state=state, person=vera, organization="o", record="s",
                       organization_name="O", reason="other", note="n", asked_at=now + timedelta(minutes=n))
call_command("migrate", verbosity=0)
for _twice in range(2):
    call_command("reconcile", stdout=StringIO())
from dashboard.audit import chain
from dashboard.audit.models import Entry
print([f"{line.operation} {line.kind} {line.username} {line.reason}".split() for line in
       Entry.objects.filter(phase="intent").order_by("operation")], list(chain.faults()))
print([f"{act.id} {act.state} {act.outcome} {act.words}".split() for act in Act.objects.order_by("id")])
call_command("migrate", "acts", "0002", verbosity=0)
"""
    )
    assert (
        said.split("\n")[-3]
        == str([[each, "request-expired", "–", "same-request"] for each in ("a", "d")]) + " []"
    )
    assert said.split("\n")[-2] == str([
        ["a", "void", "same-request"], ["b", "waiting"], ["c", "waiting"], ["d", "void", "same-request"],
        ["e", "waiting"], ["f", "sent", "unknown"], ["g", "sent", "unknown"], ["h", "declined"],
    ])  # fmt: skip


def test_the_audit_log_tells_of_them_in_the_readers_language(
    finance: CheckedClient, undecided: Draft, sandbox: Sandbox
) -> None:
    undecided(state=State.VOID, words="same-request")
    undecided("cancel", state=State.VOID)  # its record had changed, which is on record already
    for _twice in range(2):
        call_command("reconcile", stdout=StringIO())
    (line,) = Entry.objects.filter(phase="intent")
    assert (line.kind, line.words, line.person) == ("request-expired", "apply-coupon", None)
    page = unescape(finance.get("/audit/").content.decode())
    assert "A request expired: apply SPRING-30 to Kwelgeest Groep" in page
    assert "The same request was made again later." in page
    with in_dutch():
        assert f"{MARK}The same request was made again later." in unescape(
            finance.get("/audit/").content.decode()
        )
    assert list(chain.faults()) == []


@pytest.mark.parametrize(
    ("days", "outcome_", "asked"),
    [
        (34, Outcome.APPLIED, True),
        (0, Outcome.APPLIED, True),
        (36, Outcome.APPLIED, False),
        (1, Outcome.REFUSED, False),
        (1, Outcome.NOT_SENT, False),
    ],
)
@pytest.mark.parametrize("organization", ["org_1001", "org_1002"])
def test_what_was_given_lately_has_to_be_meant_once_more(
    organization: str,
    days: int,
    outcome_: Outcome,
    asked: bool,
    undecided: Draft,
    signed_in: SignIn,
    sandbox: Sandbox,
) -> None:
    undecided(state=State.SENT, outcome=outcome_, sent_at=timezone.now() - timedelta(days=days))
    finance, path = signed_in("finance"), start("apply-coupon", organization)
    asked = asked and organization == "org_1001"
    filled = {**WHY, "code": "SPRING-30"}
    answer = finance.send(path, filled)
    assert answer.status_code == (422 if asked else 302)
    if asked:
        assert 'data-field="once_more"' in answer.content.decode()
        assert finance.send(path, {**filled, "code": "SPRING-31"}).status_code == 302
        answer = finance.send(path, {**filled, "once_more": "on"})
    page = finance.get(answer["Location"]).content.decode()
    assert ('data-notice="once-more"' in page) is asked
