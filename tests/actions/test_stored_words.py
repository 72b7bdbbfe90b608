"""What is stored of an action that fails is codes with values, whichever way it fails: a reader of another language
reads all of it in their own."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from dashboard.accounts.models import Person
from dashboard.actions import draft
from dashboard.actions.bulk.models import Batch, Row
from dashboard.actions.models import Act, State
from dashboard.audit.chain import as_kept
from dashboard.audit.models import Entry, Operation
from dashboard.upstream import connection
from dashboard.web.coded_text import TEXTS, drawn
from tests.actions.test_faults import CASES, WAYS
from tests.support.actions import TENANTS, WHY, api, confirm, subscription_of, typed
from tests.support.catalog import MARK, in_dutch
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

FAILING = [name for name, case in CASES.items() if case.said != "applied"]
PART = {"HX-Request": "true", "HX-Target": "progress-part"}
THEIRS = {"words", "person", "wanted", "found"}  # values that are text of others


@pytest.fixture
def two(
    finance: CheckedClient, signed_in: Callable[[str], CheckedClient]
) -> tuple[CheckedClient, CheckedClient]:
    return finance, signed_in("finance2")


def stored() -> Iterator[str]:
    """Every text that an action has left in our tables, but for what people typed."""
    for act in Act.objects.all():
        yield act.words
    for row in Row.objects.all():
        yield row.words
    for batch in Batch.objects.all():
        yield batch.words
    for entry in Entry.objects.all():
        yield entry.words
    for operation in Operation.objects.exclude(result=None):
        problem = (operation.result or {}).get("problem", {})
        yield from (problem.get("title", ""), problem.get("text", ""))


def sentences_in(data: Any) -> Iterator[str]:
    """Texts of several words that no code stands for."""
    if isinstance(data, dict):
        assert data["code"] in TEXTS
        for name, value in data.items():
            yield from () if name in THEIRS and isinstance(value, str) else sentences_in(value)
    elif isinstance(data, str) and " " in data:
        yield data


def nothing_but_codes() -> int:
    texts = [text for text in stored() if text]
    assert [
        each for text in texts for each in sentences_in(json.loads(text) if text[0] == "{" else text)
    ] == []
    with in_dutch():
        for text in texts:
            assert text not in TEXTS or drawn(text).startswith(MARK)
    return len(texts)


def paste(client: CheckedClient, *organizations: str) -> str:
    """A list that is confirmed, and of which nothing is sent yet."""
    pasted = {"organizations": "\n".join(organizations), "code": "SPRING-30", **WHY}
    url = str(client.send("/coupons/new/", pasted)["Location"])
    every = [str(place) for place, _one in enumerate(organizations, 1)]
    boxes = {**hidden_of(client.get(url).content.decode()), "rows": every}
    page = client.post(
        url, boxes, headers={"HX-Request": "true", "HX-Target": "confirm-part"}
    ).content.decode()
    filled = {**boxes, **hidden_of(page), "confirm": "1"}
    client.post(url, filled, headers={"HX-Request": "true", "HX-Target": "confirm-part"})
    return url


def follow(client: CheckedClient, url: str) -> str:
    hidden = hidden_of(client.get(url).content.decode())
    return unescape(client.post(f"{url}next/", hidden, headers=PART).content.decode())


def ask(people: dict[str, Person], kind: str, organization: str) -> Act:
    now, record = timezone.now(), subscription_of(organization)
    return Act.objects.create(
        id=f"ask-{kind}", kind=kind, state=State.WAITING, person=people["finance"], organization=organization,
        organization_name=TENANTS[organization][0], record=record, code="SPRING-30" if kind == "apply-coupon" else "",
        seen=as_kept(dict(api(organization).subscriptions.get(record).raw)), asked_at=now,
        expires_at=now + timedelta(hours=24), **WHY,
    )  # fmt: skip


def approve(client: CheckedClient, act: Act) -> Any:
    said = {**typed(act.kind, act.organization), "decision": "", "decide": "approve"}
    return client.send(draft.request_url(act), said)


@pytest.mark.parametrize("name", FAILING)
def test_of_each_fault_that_an_action_meets(
    name: str, two: tuple[CheckedClient, CheckedClient], sandbox: Sandbox, make_draft: Callable[..., Act],
    people: dict[str, Person], settings: Any,
) -> None:  # fmt: skip
    case, (finance, other) = CASES[name], two
    if "hang" in case.fault:
        settings.FLOWTLY_WRITE_TIMEOUT = 0.6
        connection.forget()
    api("org_1002").subscriptions.apply_coupon("EUR-500")
    asked = ask(people, "apply-coupon", "org_1003")
    sandbox.faults("POST /subscriptions/.*", {**case.fault, "act": case.acts[0]})
    for kind, (organization, _match) in WAYS.items():
        confirm(finance, make_draft(kind, organization))
    settings.SECOND_PERSON_FOR = ["apply-coupon"]
    approve(other, asked)
    settings.SECOND_PERSON_FOR = []
    url = paste(finance, "org_1006")
    assert "data-outcome" in follow(finance, url)
    assert nothing_but_codes() >= 5
    with in_dutch():
        for act in Act.objects.exclude(words=""):
            told = drawn(act.words)
            assert told.startswith(MARK) or told == "x: No.", told
            assert told in unescape(finance.get(draft.url(act, "proof")).content.decode())


# What keeps a row from being sent, after its list was confirmed: the code that is stored of it.
Hinder = Callable[[Sandbox, Any, dict[str, Person]], object]
KEPT_BACK: dict[str, tuple[Hinder, str]] = {
    "its record cannot be read": (
        lambda sandbox, _settings, _people: sandbox.faults("GET /subscriptions/sub_1001", {"status": 500}),
        "before-writing",
    ),
    "the organization cannot be read": (
        lambda sandbox, _settings, _people: sandbox.faults("GET /organizations/org_1001", {"status": 500}),
        "before-writing",
    ),
    "whose it is cannot be told": (
        lambda sandbox, _settings, _people: sandbox.faults(
            "GET /(subscriptions|organization-addresses|organizations/mail-footer)", {"status": 500}
        ),
        "before-writing-here",
    ),
    "it is another by now": (
        lambda sandbox, _settings, _people: (
            sandbox.settings(discounts="shown"), api().subscriptions.apply_coupon("EUR-500")
        ),
        "list.changed",
    ),
    "somebody has asked for the same": (
        lambda _sandbox, _settings, people: ask(people, "apply-coupon", "org_1001"), "twin.waiting",
    ),
    "that is enough for one hour": (
        lambda _sandbox, settings, _people: setattr(settings, "MONEY_ACTS_PER_HOUR", 0), "list.hour",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT_BACK)
def test_of_each_row_that_is_not_sent(
    name: str, finance: CheckedClient, sandbox: Sandbox, settings: Any, people: dict[str, Person]
) -> None:
    hinder, code = KEPT_BACK[name]
    url = paste(finance, "org_1001")
    hinder(sandbox, settings, people)
    english = follow(finance, url)
    assert nothing_but_codes() >= 1
    row, batch = Row.objects.get(), Batch.objects.get()
    (kept,) = {row.words, batch.words} - {""}
    assert code in (kept, json.loads(kept)["code"] if kept[0] == "{" else "")
    with in_dutch():
        dutch = unescape(finance.get(url).content.decode())
        assert drawn(kept) in dutch and drawn(kept).startswith(MARK)
    assert drawn(kept) in english and MARK not in english


def test_of_a_request_that_could_not_be_sent(
    two: tuple[CheckedClient, CheckedClient], sandbox: Sandbox, settings: Any, people: dict[str, Person]
) -> None:
    asked = ask(people, "apply-coupon", "org_1003")
    settings.SECOND_PERSON_FOR = ["apply-coupon"]
    settings.FLOWTLY_WRITE_TIMEOUT, settings.PAGE_WRITE_TIMEOUT, settings.PAGE_REREAD_TIMEOUT = 60, 14, 2
    approve(two[1], asked)
    asked.refresh_from_db()
    assert (asked.outcome, asked.words) == (
        "not-sent",
        '{"code": "not-sent", "reason": {"code": "unsent.time"}}',
    )
    assert nothing_but_codes() >= 1


def test_what_was_stored_as_a_sentence_is_shown_as_it_was_written(
    finance: CheckedClient, people: dict[str, Person], sandbox: Sandbox
) -> None:
    """Rows of a database of before, of each kind."""
    url, written = paste(finance, "org_1001"), "Flowtly cannot be reached. Try again."
    Row.objects.update(words=written)
    Batch.objects.update(words="Nothing is lost: go on later.", paused=True)
    act = ask(people, "cancel", "org_1004")
    Act.objects.update(state=State.SENT, outcome="refused", sent_at=act.asked_at, words=f"{written}\nTwice.")
    with in_dutch():
        page = unescape(finance.get(url).content.decode())
        receipt = unescape(finance.get(draft.url(act, "proof")).content.decode())
    assert written in page and "Nothing is lost: go on later." in page
    assert f"{written}\nTwice." in receipt
