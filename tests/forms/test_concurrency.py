"""The same form many times at once, and two people on one record, against the product in several processes."""

import http.client
import itertools
import json
import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.support.product import Run, started
from tests.support.sandbox import Sandbox

RECORD = "/o/org_1001/locations/1/"
NEW = "/o/org_1001/locations/new/"
TIMES = 20


class Person:
    """Somebody who is signed in, with as many connections as it takes."""

    def __init__(self, run: Run, username: str) -> None:
        self.run = run
        self.led_to = ""  # where the latest answer sent them
        self.cookies: dict[str, str] = {}
        page = self.get("/accounts/login/")[1]
        status, _ = self.post("/accounts/login/", {**hidden(page), "login": username, "password": "demo"})
        assert status == 302

    def get(self, path: str) -> tuple[int, str]:
        return self._ask("GET", path)

    def post(self, path: str, fields: dict[str, str] | list[tuple[str, str]]) -> tuple[int, str]:
        return self._ask("POST", path, urlencode(fields))

    def open(self, path: str, **typed: str) -> dict[str, str]:
        """What the form on a page sends, with this typed into it."""
        return {**hidden(self.get(path)[1]), **typed}

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        server = http.client.HTTPConnection("localhost", self.run.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.run.address}
        try:
            server.request(method, path, body, headers)
            answer = server.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                for name, morsel in SimpleCookie(line).items():
                    if name != "messages":
                        self.cookies[name] = morsel.value
            self.led_to = answer.headers.get("Location") or ""
            return answer.status, answer.read().decode()
        finally:
            server.close()


def hidden(page: str) -> dict[str, str]:
    found = re.findall(
        r'<input type="hidden" name="(csrfmiddlewaretoken|operation|base)" value="([^"]*)">', page
    )
    return {name: unescape(value) for name, value in found}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    settings = {"FLOWTLY_WRITE_TIMEOUT": "4", "PAGE_WRITE_TIMEOUT": "12", "PAGE_REREAD_TIMEOUT": "3"}
    settings["SECOND_PERSON_FOR"] = "cancel"
    var = tmp_path_factory.mktemp("at-once")
    with started(var, WEB_PROCESSES="2", SANDBOX_OPTIONS="--control", **settings) as run:
        run.wait_until_ready()
        yield run


@pytest.fixture(scope="module")
def people(run: Run) -> dict[str, Person]:
    return {name: Person(run, name) for name in ("backoffice", "backoffice2")}


@pytest.fixture
def me(people: dict[str, Person], sandbox: Sandbox) -> Person:
    return people["backoffice"]


@pytest.fixture
def sandbox(run: Run) -> Sandbox:
    run.sandbox.reset()
    return run.sandbox


def writes(sandbox: Sandbox) -> list[dict[str, Any]]:
    return [r for r in sandbox.requests() if r["method"] in {"POST", "PATCH"} and r["path"] != "/login"]


def all_at_once(send: Callable[[], Any]) -> list[Any]:
    ready = threading.Barrier(TIMES)

    def one(_: int) -> Any:
        ready.wait(30)
        return send()

    with ThreadPoolExecutor(TIMES) as pool:
        return list(pool.map(one, range(TIMES)))


def outcome(page: str) -> tuple[list[str], list[str]]:
    """The word, and what the summary says."""
    summary = re.findall(r'<li>\s*<a href="#([^"]+)">([^<]*)</a>', page)
    return re.findall(r'data-outcome="([^"]+)"', page), [unescape("".join(one)) for one in summary]


TOO_PLAIN = [{"propertyPath": "name", "message": "Too plain."}]
FAULTS: dict[str, tuple[dict[str, Any] | None, int, list[str]]] = {
    "at once": (None, 302, []),
    "after a second": ({"delay": 1.0}, 302, []),
    "with a refusal": ({"status": 422, "violations": TOO_PLAIN}, 422, ["refused"]),
    "with no answer": ({"drop": "before"}, 502, ["unknown"]),
}  # fmt: skip


@pytest.mark.parametrize("answers", FAULTS)
@pytest.mark.parametrize(("page", "match"), [(RECORD, "PATCH /locations/1"), (NEW, "POST /locations")])
def test_twenty_submits_of_a_form_are_one_call_with_one_outcome(
    page: str, match: str, answers: str, me: Person, sandbox: Sandbox
) -> None:
    fault, status, said = FAULTS[answers]
    typed = {"name": f"Kade {answers} {page.count('new')}", "officeOpenHour": "9"}
    form = me.open(page, **typed)
    if fault:
        sandbox.faults(match, fault)
    sandbox.clear_requests()
    got = all_at_once(lambda: me.post(page, form))
    assert [answer[0] for answer in got] == [status] * TIMES
    assert len(writes(sandbox)) == 1
    assert {json.dumps(outcome(answer[1])) for answer in got} == {json.dumps(outcome(got[0][1]))}
    if said:
        words, complaints = outcome(got[0][1])
        assert words == said
        assert complaints == (["id_nameName: Too plain."] if "refused" in said else [])
        assert all(f'value="{typed["name"]}"' in answer[1] for answer in got)
    if "unknown" in said:
        settle_all(me, page)


def test_twenty_confirmations_of_a_coupon_are_one_call_with_one_receipt(run: Run, sandbox: Sandbox) -> None:
    me = Person(run, "finance")
    page = "/o/org_1001/subscriptions/coupon/apply/"
    me.post(page, me.open(page, code="SPRING-30", reason="goodwill", note="Once."))
    confirm = me.led_to
    sandbox.faults("POST /subscriptions/apply-coupon", {"delay": 1.0})
    form = me.open(confirm)
    sandbox.clear_requests()
    got = all_at_once(lambda: me.post(confirm, form))
    assert [answer[0] for answer in got] == [302] * TIMES
    assert len(writes(sandbox)) == 1
    assert outcome(me.get(me.led_to)[1])[0] == ["applied"]


@pytest.mark.parametrize(
    ("page", "typed"),
    [
        ("/o/org_1001/subscriptions/coupon/apply/", {"code": "SPRING-30", "once_more": "on"}),
        ("/o/org_1004/subscriptions/sub_1004/cancel/", {"slug": "roedgroed-haandvaerk"}),
    ],
    ids=["sent", "asked for"],
)
def test_twenty_requests_for_the_same_by_two_people_are_one(
    page: str, typed: dict[str, str], run: Run, sandbox: Sandbox
) -> None:
    """Each with a form of its own. One is sent, or waits; the others are told of it."""
    attempts = []
    for n, person in enumerate([Person(run, "finance"), Person(run, "finance2")] * (TIMES // 2)):
        person.post(page, person.open(page, **typed, reason="goodwill", note=f"Number {n}."))
        attempts.append((person, person.led_to, person.open(person.led_to, **typed)))
    sandbox.faults("POST /subscriptions/apply-coupon", {"delay": 2.0})
    sandbox.clear_requests()
    turns = iter(attempts)

    def confirm() -> tuple[int, str]:
        person, url, form = next(turns)
        return person.post(url, form)

    got = all_at_once(confirm)
    assert sorted(answer[0] for answer in got) == [302] + [409] * (TIMES - 1)
    assert len(writes(sandbox)) == (1 if "coupon" in page else 0)
    assert all('data-notice="twin"' in said for status, said in got if status == 409)
    if "cancel" in page:
        finance = attempts[0][0]
        assert finance.get("/approvals/")[1].count("Number ") == 1


@pytest.mark.parametrize("decline", [False, True])
def test_of_all_who_decide_at_once_one_does(decline: bool, run: Run, sandbox: Sandbox) -> None:
    """All agree: one call, and each is led to its receipt. Half of them decline: either the call or their word."""
    finance, *others = (Person(run, name) for name in ("finance", "finance2", "admin"))
    slug, page = {"slug": "kwelgeest-groep"}, "/o/org_1001/subscriptions/sub_1001/cancel/"
    finance.post(page, finance.open(page, reason="contract", note="Asked for in writing."))
    confirm = finance.led_to
    assert finance.post(confirm, finance.open(confirm, **slug))[0] == 302
    request = re.sub(r".*/cancel/(.*)/proof/", r"/o/org_1001/approvals/\1/", finance.led_to)
    forms = [other.open(request, **slug, decision="Mine.", decide="approve") for other in others]
    if decline:
        forms[1]["decide"] = "decline"
    sandbox.faults("POST /subscriptions/.*", {"delay": 0.5})
    sandbox.clear_requests()
    turns = itertools.cycle(zip(others, forms, strict=True))

    def decide() -> tuple[str, int]:
        who, form = next(turns)
        return form["decide"], who.post(request, form)[0]

    got = all_at_once(decide)
    sent = len(writes(sandbox))
    assert sent in ({0, 1} if decline else {1})
    won = "approve" if sent else "decline"
    assert {status for what, status in got if what != won} <= {409}
    winners = [status for what, status in got if what == won]
    assert winners.count(302) == (len(winners) if sent else 1)
    assert ("declined" in finance.get("/approvals/")[1]) is (not sent)


def test_a_list_of_organizations_is_sent_one_by_one_however_many_ask_for_the_next(
    run: Run, sandbox: Sandbox
) -> None:
    """From five windows, four clicks each."""
    me, new = Person(run, "finance"), "/coupons/new/"
    pasted = "org_1001 org_1002 org_1004 org_1007"
    me.post(new, me.open(new, organizations=pasted, code="Loyal-10", reason="campaign", note="Once each."))
    batch = me.led_to
    me.post(f"{batch}pause/", me.open(batch))
    me.post(batch, [*me.open(batch, confirm="1").items(), *(("rows", str(n)) for n in (1, 2, 3, 4))])
    sandbox.faults("POST /subscriptions/apply-coupon", {"delay": 0.2})
    forms = [me.open(batch) for _ in range(5)]
    sandbox.clear_requests()
    numbers = iter(range(TIMES))
    all_at_once(lambda: me.post(f"{batch}resume/", forms[next(numbers) % 5]))
    assert len({r["headers"]["instance"] for r in writes(sandbox)}) == len(writes(sandbox)) == 4
    assert outcome(me.get(batch)[1])[0] == ["nothing-shows"] * 4


def settle_all(me: Person, page: str) -> None:
    shown = me.get(page)[1]
    for url in re.findall(r'action="([^"]+/settle/[^"]*)"', shown):
        assert me.post(url, {**hidden(shown), "decision": "not-applied", "next": page})[0] == 302


def test_two_people_on_one_record_go_one_after_the_other_whatever_process_they_meet(
    people: dict[str, Person], sandbox: Sandbox
) -> None:
    """The second one waits, reads what the first has saved by then, and undoes none of it."""
    typed = {"backoffice": {"name": "Depot Noord"}, "backoffice2": {"officeCloseHour": "21"}}
    forms = {name: person.open(RECORD, **typed[name]) for name, person in people.items()}
    sandbox.faults("PATCH /locations/1", {"delay": 1.0})
    sandbox.clear_requests()
    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(lambda name: people[name].post(RECORD, forms[name])[0], people))
    assert got == [302, 302]
    methods = [r["method"] for r in sandbox.requests() if r["path"] == "/locations/1"]
    # Each page reads the record once by itself; under the lock it is read, changed, then read and changed again.
    assert methods.count("PATCH") == 2
    assert methods[-2:] == ["GET", "PATCH"]
    assert methods.index("PATCH") < len(methods) - 2
    shown = people["backoffice"].get(RECORD)[1]
    assert 'value="Depot Noord"' in shown
    assert '<option value="21" selected>' in shown


def test_two_people_who_type_into_the_same_field_at_once_do_not_overwrite_each_other(
    people: dict[str, Person], sandbox: Sandbox
) -> None:
    forms = {name: person.open(RECORD, name=f"Depot van {name}") for name, person in people.items()}
    sandbox.faults("PATCH /locations/1", {"delay": 1.0})
    sandbox.clear_requests()
    with ThreadPoolExecutor(2) as pool:
        got = list(pool.map(lambda name: people[name].post(RECORD, forms[name])[0], people))
    assert sorted(got) == [302, 409]
    assert len(writes(sandbox)) == 1


def test_a_worker_that_is_killed_leaves_the_write_open_and_nobody_hanging(
    people: dict[str, Person], sandbox: Sandbox, run: Run
) -> None:
    me, colleague = people["backoffice"], people["backoffice2"]
    form = me.open(RECORD, name="Halverwege")
    sandbox.faults("PATCH /locations/1", {"act_after": 3600, "hang": 120})
    sandbox.clear_requests()
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(lambda: me.post(RECORD, form))
        ends = time.monotonic() + 60
        while not writes(sandbox) and time.monotonic() < ends:
            time.sleep(0.02)
        kill_the_workers(run)
        with pytest.raises((OSError, http.client.HTTPException)):
            lost.result()
    sandbox.act_now()
    sandbox.clear_faults()
    began = time.monotonic()
    status, page = again(lambda: me.post(RECORD, form))
    assert status == 502
    assert outcome(page)[0] == ["unknown"]
    assert time.monotonic() - began < 120 / 2
    assert "data-doubt" in again(lambda: colleague.get(RECORD))[1]
    assert len(writes(sandbox)) == 1


def again(ask: Callable[[], tuple[int, str]]) -> tuple[int, str]:
    """Until the server has new workers."""
    ends = time.monotonic() + 60
    while True:
        try:
            return ask()
        except (OSError, http.client.HTTPException):
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def kill_the_workers(run: Run) -> None:
    """Those of this server alone: the children of the gunicorn that this run has started."""
    server = [pid for pid in children(run.process.pid) if b"gunicorn" in command(pid)]
    workers = [worker for pid in server for worker in children(pid)]
    assert workers
    for worker in workers:
        os.kill(worker, signal.SIGKILL)


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
