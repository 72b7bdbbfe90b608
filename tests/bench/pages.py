"""Rows about one page, asked by one person: its processor time, and its time over the calls that it makes."""

from collections.abc import Iterator
from typing import Any

from tests.bench.figures import Figure, at_most
from tests.bench.measuring import Caller, Reply, medians, milliseconds, processor_seconds
from tests.bench.stage import CLIENTS, ORGANIZATION, Site, Stage
from tests.support.sandbox import Sandbox

NO_CALL, ACCOUNT = "/help/", "/accounts/me/"
OVERVIEW = f"/o/{ORGANIZATION}/"
FORM = f"{CLIENTS}1/"


def page_that_calls_nothing(stage: Stage) -> Iterator[Figure]:
    """The processor time of the server's processes, over many requests."""
    stage.sandbox()
    site = stage.product()
    times = stage.times(200)
    spent = {path: processor_milliseconds(site, path, times) for path in (NO_CALL, ACCOUNT, CLIENTS)}
    how = f"{NO_CALL}, user and system time of the server's processes over {times} requests; for comparison "
    how += f"{ACCOUNT} {spent[ACCOUNT]:.1f}, list of clients {spent[CLIENTS]:.1f} ms"
    yield at_most("page that calls nothing, CPU", 5, spent[NO_CALL], " ms", how)


def processor_milliseconds(site: Site, path: str, times: int) -> float:
    person = site.caller()
    for _ in range(20):
        good(person, path)
    pids = site.pids
    before = processor_seconds(pids)
    for _ in range(times):
        good(person, path)
    return (processor_seconds(pids) - before) / times * 1000


def list_over_the_call(stage: Stage) -> Iterator[Figure]:
    person, api = stage.product().caller(), stage.api()
    (call,) = [each for each in calls_of(stage.sandbox(), person, CLIENTS) if each["path"] == "/clients"]
    for latency, bound in ((0, 2.6), (20, 1.25), (80, 1.07)):
        stage.sandbox(latency)
        runs = {
            "list": lambda: good(person, CLIENTS).seconds,
            "call": lambda: again(api, call).seconds,
            "nothing": lambda: good(person, NO_CALL).seconds,
        }
        took = medians(runs, stage.times(60 if latency < 80 else 30))
        how = f"list {milliseconds(took['list'])}, its call {milliseconds(took['call'])}"
        if latency:
            yield at_most(
                f"list over its call, API {latency} ms", bound, took["list"] / took["call"], " ×", how
            )
        else:
            own = (took["list"] - took["call"]) / took["nothing"]
            how += f", page that calls nothing {milliseconds(took['nothing'])}"
            yield at_most("list less its call, over a page that calls nothing", bound, own, " ×", how)


def overview_over_its_slowest_call(stage: Stage) -> Iterator[Figure]:
    person, api = stage.product().caller(), stage.api()
    calls = calls_of(stage.sandbox(), person, OVERVIEW)
    for latency, bound in ((20, 1.30), (80, 1.10)):
        stage.sandbox(latency)
        times = stage.times(40 if latency < 80 else 20)
        took = page_and_calls(person, OVERVIEW, api, calls, times)
        page, slowest = took.pop("page"), max(took.values())
        how = f"page {milliseconds(page)}, slowest of its {len(calls)} calls {milliseconds(slowest)}"
        yield at_most(f"overview over its slowest call, API {latency} ms", bound, page / slowest, " ×", how)


def edit_form(stage: Stage) -> Iterator[Figure]:
    """Rounds are what a slower API adds to the page, divided by what it adds to a call."""
    person, api = stage.product().caller(), stage.api()
    calls = calls_of(stage.sandbox(), person, FORM)
    took = {}
    for latency in (20, 80):
        stage.sandbox(latency)
        took[latency] = page_and_calls(person, FORM, api, calls, stage.times(30))
    slowest = {latency: max(v for k, v in each.items() if k != "page") for latency, each in took.items()}
    rounds = round((took[80]["page"] - took[20]["page"]) / 0.06)
    own = took[20]["page"] - rounds * slowest[20]
    how = f"page {milliseconds(took[20]['page'])}, {len(calls)} calls, rounds of {milliseconds(slowest[20])}"
    yield at_most("client's edit form, own time", 20, own * 1000, " ms", how)
    how = f"page {milliseconds(took[20]['page'])} at 20 ms, {milliseconds(took[80]['page'])} at 80 ms"
    yield at_most("client's edit form, rounds of calls in series", 1, rounds, "", how)
    for what, path in (("client's edit form", FORM), ("list of clients", CLIENTS)):
        yield at_most(f"{what}, HTML on the wire", 6, len(good(person, path).body) / 1000, " kB")


def page_and_calls(
    person: Caller, path: str, api: Caller, calls: list[dict[str, Any]], times: int
) -> dict[str, float]:
    """The page under "page", and each of its calls asked directly."""
    runs = {
        f"{number} {call['path']}": lambda call=call: again(api, call).seconds
        for number, call in enumerate(calls)
    }
    return medians({"page": lambda: good(person, path).seconds, **runs}, times)


def good(caller: Caller, path: str) -> Reply:
    reply = caller.get(path)
    assert reply.status == 200, (path, reply.status)
    return reply


def calls_of(sandbox: Sandbox, person: Caller, path: str) -> list[dict[str, Any]]:
    """What a page asks of the API once it is warm."""
    good(person, path)
    good(person, path)
    sandbox.clear_requests()
    good(person, path)
    return sandbox.requests()


def again(api: Caller, call: dict[str, Any]) -> Reply:
    """The same call, directly."""
    target = call["path"] + (f"?{call['raw_query']}" if call["raw_query"] else "")
    asked = {name: call["headers"][name] for name in ("accept", "instance") if name in call["headers"]}
    return api.send(call["method"], target, headers=asked)
